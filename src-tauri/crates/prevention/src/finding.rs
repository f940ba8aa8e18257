//! What a check gives.

use std::ops::Range;
use std::sync::Arc;

use crate::{Action, Kind};

/// Something that was found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// What the organisation calls the list or pattern that it comes from.
    pub rule: Option<Arc<str>>,
    /// What is done about it.
    pub action: Action,
    /// Its bytes in the text.
    pub range: Range<usize>,
}
