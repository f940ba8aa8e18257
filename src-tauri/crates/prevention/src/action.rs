//! What is done about something that was found.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is done about something that was found, the mildest first.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    specta::Type,
)]
#[serde(rename_all = "snake_case", rename = "PreventionAction")]
pub enum Action {
    /// It is not looked for.
    Off,
    /// The person is told; it goes as it is.
    Note,
    /// It goes only after the person has said so.
    Ask,
    /// A placeholder goes in its place, and the real words come back with the answer.
    Replace,
    /// Nothing goes.
    Block,
}
