//! What a person can see of what is recorded about them: their own records, to be read alone, where
//! they go, and whether that is behind.

use audit::{Action, Delivery, Head, Outcome, PublicKey, Records, Verification};
use conversation::{Failure, FailureCode, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Assistant;

/// How many records are shown at once.
const PAGE: u64 = 100;

/// How the audit log is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct AuditState {
    /// Why, in the organisation's own words.
    pub reason: Option<String>,
    /// Whether what cannot be recorded is not done.
    pub required: bool,
    /// Whether questions and answers themselves are recorded.
    pub content: bool,
    /// The folder of the log.
    pub folder: String,
    /// How many days records are kept on this machine; none for good.
    pub keep_days: Option<u32>,
    /// Where records go.
    pub deliveries: Vec<Delivery>,
}

/// A record, as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct AuditEntry {
    /// Its number, which stays far below the 2⁵³ that the page can count.
    #[specta(type = u32)]
    pub sequence: u64,
    /// When it was written.
    pub time: Timestamp,
    /// What was done.
    pub action: Action,
    /// How it came out.
    pub outcome: Outcome,
    /// What there is to say of it besides: names of members of the record, and their values.
    pub details: Vec<(String, String)>,
}

impl Assistant {
    /// How the log is kept; none where none is.
    pub fn audit_state(&self) -> Option<AuditState> {
        let (rules, deliveries) = self.audit_rules()?;
        let policy = self.policy();
        Some(AuditState {
            reason: policy.reason_or(rules.reason.as_deref()).map(str::to_owned),
            required: rules.required,
            content: rules.content,
            folder: self.audit_folder().display().to_string(),
            keep_days: rules.keep_days,
            deliveries,
        })
    }

    /// The last records before the one with this number, or the last of all, the newest first: a
    /// hundred at most. What was said is not among what is told of them.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn audit_entries(&self, before: Option<u64>) -> Result<Vec<AuditEntry>, Failure> {
        let folder = self.audit_folder();
        let end = match before {
            Some(before) => before,
            None => audit::last(&folder)?.map_or(1, |head| head.sequence.saturating_add(1)),
        };
        let mut entries = Vec::new();
        for written in Records::after(&folder, end.saturating_sub(PAGE + 1))? {
            let record = written?.record;
            if record.sequence >= end {
                break;
            }
            let time: Option<jiff::Timestamp> = record.time.parse().ok();
            let mut details = details(&record.event);
            details.retain(|(name, _)| name != "content");
            entries.push(AuditEntry {
                sequence: record.sequence,
                time: Timestamp::from_millis(time.map_or(0, |time| time.as_millisecond())),
                action: record.event.action,
                outcome: record.event.outcome,
                details,
            });
        }
        entries.reverse();
        Ok(entries)
    }

    /// Verifies this profile's log with the key and the end of it that its open history knows, and
    /// with these besides.
    ///
    /// # Errors
    /// While the history is locked; [`FailureCode::NotFound`] where there is no log; else as the
    /// disk refuses.
    pub fn verify_audit(
        &self,
        mut keys: Vec<PublicKey>,
        mut known: Vec<Head>,
    ) -> Result<Verification, Failure> {
        match self.audit_key() {
            Ok(key) => keys.push(key),
            Err(failure) if failure.code == FailureCode::NotFound => {}
            Err(failure) => return Err(failure),
        }
        known.extend(self.audit_head()?);
        Ok(audit::verify(&self.audit_folder(), &keys, &known)?)
    }
}

/// What there is to say of an event besides what was done and how it came out.
fn details(event: &audit::Event) -> Vec<(String, String)> {
    let mut details: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        details.extend(value.map(|value| (name.to_owned(), value)));
    };
    let number = |value: Option<u64>| value.map(|value| value.to_string());
    add("model", event.model.clone());
    add("endpoint", event.endpoint.clone());
    add("tokens_in", number(event.tokens_in));
    add("tokens_out", number(event.tokens_out));
    add("bytes", number(event.bytes));
    add("count", number(event.count));
    for (kind, count) in &event.findings {
        add(kind, Some(count.to_string()));
    }
    for (name, value) in &event.detail {
        add(name, Some(value.clone()));
    }
    add("failure", event.failure.map(|code| code.as_str().to_owned()));
    details
}
