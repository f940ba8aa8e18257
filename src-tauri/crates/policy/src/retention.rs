//! How long conversations are kept.

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How long conversations are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Why, and whom to ask.
    pub reason: Option<String>,
    /// So many days after its last change is a conversation erased at the latest; people may choose
    /// fewer.
    pub max_days: Option<NonZeroU32>,
    /// Whether nothing may be deleted, by anyone and for any reason, [`max_days`](Self::max_days)
    /// included (legal hold).
    pub hold: bool,
}
