//! What an organisation decides for all who use Bureau: one file, TOML or JSON, at a place that only
//! an administrator can write.
//!
//! Each section is a file of its own, and everything that a section leaves out is allowed: the
//! default policy is that of a machine without an organisation. This crate reads and checks; what
//! a policy forbids is forbidden by `assistant`.

mod desk;
mod error;
mod marking;
mod place;
mod text;

use conversation::{Failure, FailureCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use desk::{Acceptance, Banner, Lock, Recovery};
pub use error::PolicyError;
pub use marking::{Colour, Level, Marking};
pub use place::{POLICY_FILE_VARIABLE, managed_files};
pub use text::Format;

/// What an organisation decides. The default decides nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// Rises with every change. Where a policy is fetched, one with a smaller number than the last
    /// good one is refused.
    pub version: u64,
    /// What the organisation is called where its rules are shown.
    pub organisation: Option<String>,
    /// Why there are rules, and whom to ask, in the organisation's own words: shown wherever a
    /// section gives no reason of its own.
    pub reason: Option<String>,
    /// When the history is locked, and how wrong passphrases are slowed down.
    pub lock: Lock,
    /// The notice that is to be accepted before anything else.
    pub banner: Option<Banner>,
    /// The classification that windows, exports and prints are marked with.
    pub marking: Option<Marking>,
    /// The organisation's way into a history.
    pub recovery: Recovery,
}

impl Policy {
    /// The failure of something that this policy forbids. `what` says what is forbidden, as a
    /// sentence without its full stop; `reason` is that of the section, the general one stands in
    /// for it.
    pub fn forbidden(&self, what: &str, reason: Option<&str>) -> Failure {
        let mut message = format!("forbidden by policy: {what}");
        if let Some(reason) = reason.or(self.reason.as_deref()) {
            message.push('\n');
            message.push_str(reason);
        }
        Failure::new(FailureCode::Forbidden, message)
    }
}
