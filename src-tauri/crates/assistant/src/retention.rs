//! How long conversations are kept, and what is held against every deletion.

use std::num::NonZeroU32;

use conversation::{Failure, FailureCode, Timestamp};
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
        let days = history.retention()?.map(NonZeroU32::get);
        Ok(Retention { days, hold: history.holds_everything()? })
    }

    /// Sets what is kept, and erases at once what is not any more.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] with no day to keep anything; else as the history fails.
    pub fn set_retention(&self, retention: Retention) -> Result<Retention, Failure> {
        let days = days(retention.days)?;
        self.history()?.transaction(|t| {
            t.set_retention(None, days)?;
            t.hold_everything(retention.hold)
        })?;
        self.erase_what_is_due()?;
        self.retention()
    }

    /// Erases what was to be kept no longer than until now; to be called once a day.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn erase_what_is_due(&self) -> Result<(), Failure> {
        if self.history()?.apply_retention(Timestamp::now())? > 0 {
            self.changes.tell(|| Change::Conversations);
        }
        Ok(())
    }
}

/// A number of days, refused where it is none.
pub(crate) fn days(days: Option<u32>) -> Result<Option<NonZeroU32>, Failure> {
    let refused =
        || Failure::new(FailureCode::Invalid, "conversations are kept for a day at least");
    days.map(|days| NonZeroU32::new(days).ok_or_else(refused)).transpose()
}
