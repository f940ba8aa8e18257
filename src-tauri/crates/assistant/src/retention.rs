//! How long conversations are kept, and what is held against every deletion.

use audit::Event;
use std::num::NonZeroU32;

use conversation::{Failure, FailureCode, Timestamp};
use history::{History, HistoryError};
use policy::Action;
use serde::{Deserialize, Serialize};

use crate::{Assistant, Change};

/// What is kept, of all that lies in no folder that says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Retention {
    /// So many days after its last change is a conversation erased; none where it is kept.
    pub days: Option<u32>,
    /// Whether nothing at all may be deleted.
    pub hold: bool,
}

impl Assistant {
    /// What is kept.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn retention(&self) -> Result<Retention, Failure> {
        let history = self.history()?;
        let prescribed = self.policy().retention.max_days;
        let days = history.retention()?.into_iter().chain(prescribed).min().map(NonZeroU32::get);
        Ok(Retention { days, hold: history.holds_everything()? })
    }

    /// Sets what is kept, and erases at once what is not any more.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] with no day to keep anything; [`FailureCode::Forbidden`] where the
    /// organisation lets nothing be kept for so long, or holds everything; else as the history
    /// fails.
    pub fn set_retention(&self, retention: Retention) -> Result<Retention, Failure> {
        self.audited(
            Event::new(audit::Action::RetentionChange)
                .with("days", told_days(retention.days))
                .with("hold", retention.hold),
            || {
                let days = days(retention.days)?;
                self.permit_retention(days)?;
                let prescribed = self.policy().retention.hold;
                if prescribed && !retention.hold {
                    return self.permit(Action::Delete).and_then(|()| self.retention());
                }
                self.history()?.transaction(|t| {
                    t.set_retention(None, days)?;
                    // What a person holds is as it was, once the organisation holds nothing any more.
                    if prescribed { Ok(()) } else { t.hold_everything(retention.hold) }
                })?;
                self.erase_what_is_due()?;
                self.retention()
            },
        )
    }

    /// Erases what was to be kept no longer than until now; to be called once a day.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn erase_what_is_due(&self) -> Result<(), Failure> {
        let most = self.policy().retention.max_days;
        let erased = self.history()?.apply_retention_within(Timestamp::now(), most)?;
        if erased > 0 {
            self.note(Event::new(audit::Action::RetentionErase).with_count(erased));
            self.changes.tell(|| Change::Conversations);
        }
        Ok(())
    }

    /// Refuses to keep anything for longer than the organisation lets it be; no days mean for good,
    /// or as is set for all.
    pub(crate) fn permit_retention(&self, days: Option<NonZeroU32>) -> Result<(), Failure> {
        let policy = self.policy();
        match policy.retention.max_days.filter(|most| days.is_none_or(|days| days > *most)) {
            Some(most) => {
                let what = format!("conversations are kept for {most} days at most");
                Err(policy.forbidden(&what, policy.retention.reason.as_deref()))
            }
            None => Ok(()),
        }
    }

    /// Lets a history hold what the organisation holds, below everything that could delete it.
    pub(crate) fn prescribe(&self, history: &History) -> Result<(), HistoryError> {
        if history.is_damaged() {
            return Ok(());
        }
        history.prescribe_hold(self.policy().retention.hold)
    }
}

/// A number of days, as the audit log tells it.
pub(crate) fn told_days(days: Option<u32>) -> String {
    days.map_or_else(|| "for good".to_owned(), |days| days.to_string())
}

/// A number of days, refused where it is none.
pub(crate) fn days(days: Option<u32>) -> Result<Option<NonZeroU32>, Failure> {
    let refused =
        || Failure::new(FailureCode::Invalid, "conversations are kept for a day at least");
    days.map(|days| NonZeroU32::new(days).ok_or_else(refused)).transpose()
}
