//! What was written and not yet sent.

use serde::{Deserialize, Serialize};

use crate::ConversationId;

/// A draft of a conversation's next question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Draft {
    /// The conversation; none stands for the one to be.
    pub conversation: Option<ConversationId>,
    /// What was written.
    pub text: String,
}
