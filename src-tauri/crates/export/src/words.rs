//! The words that a document adds to a conversation's own.

use serde::{Deserialize, Serialize};

/// What a document says in its reader's language. The caller gives them, since the page's
/// catalogues are the one place where they are translated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Words {
    /// The language of these words, as a BCP 47 tag: `en`, `fr`.
    pub language: String,
    /// The title of a conversation without one.
    pub untitled: String,
    /// The person.
    pub user: String,
    /// Who gives instructions.
    pub system: String,
    /// A model without a name.
    pub assistant: String,
    /// What the model named [`built_in_model`](Self::built_in_model) is called.
    pub built_in: String,
    /// The name of the built-in model in a message.
    pub built_in_model: String,
    /// Stands above the list of a message's files.
    pub files: String,
    /// Stands at a message with siblings; `{count}` is replaced by their number.
    pub other_versions: String,
    /// Stands below an answer that the person stopped.
    pub stopped: String,
    /// Stands below an answer that ended before its end.
    pub interrupted: String,
    /// Stands below an answer that failed.
    pub failed: String,
}

impl Words {
    /// The words of the terminal program; `built_in_model` is the built-in model's name.
    #[must_use]
    pub fn english(built_in_model: &str) -> Self {
        Self {
            language: "en".into(),
            untitled: "Untitled".into(),
            user: "You".into(),
            system: "Instructions".into(),
            assistant: "Answer".into(),
            built_in: "Built-in model".into(),
            built_in_model: built_in_model.into(),
            files: "Attached files".into(),
            other_versions: "Other versions: {count}".into(),
            stopped: "Stopped by you.".into(),
            interrupted: "Interrupted before its end.".into(),
            failed: "The answer failed.".into(),
        }
    }
}
