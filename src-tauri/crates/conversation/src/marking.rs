//! The classification that something is marked with.

use serde::{Deserialize, Serialize};

/// What a window, an export or a print is marked with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(deny_unknown_fields)]
pub struct Marking {
    /// What names it among the organisation's markings.
    pub id: String,
    /// What is shown: one line.
    pub text: String,
    /// Its colour, as `#rrggbb`.
    pub colour: String,
    /// What is read well upon that colour, as `#rrggbb`.
    pub ink: String,
}
