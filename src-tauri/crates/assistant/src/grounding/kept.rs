//! How an answer rests on documents, as it is kept with what was sent for it.

use serde::{Deserialize, Serialize};

use super::Room;
use crate::summary::{Kept, SummaryChoices};

/// How an answer rests on documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Grounding {
    /// How much of them goes into a request.
    pub room: Room,
    /// How they are to be summarised, where that is what was asked for.
    pub summary: Option<SummaryChoices>,
    /// What of the summary is done.
    #[serde(default)]
    pub kept: Kept,
}
