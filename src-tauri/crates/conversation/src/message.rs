//! Conversations and messages.

use serde::{Deserialize, Serialize};

use crate::{Attachment, ConversationId, Failure, FolderId, MessageId, Timestamp};

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Instructions given to the model.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// How far a message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// Whole.
    Complete,
    /// An answer that is arriving, in this process or another.
    Streaming,
    /// The person stopped it.
    Stopped,
    /// It ended before its end: the process died, the machine slept. It can be continued.
    Interrupted,
    /// The endpoint failed; [`Message::failure`] says how.
    Failed,
}

/// Why an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// The model was done.
    Stop,
    /// The answer reached its maximum length.
    Length,
    /// The endpoint's filter ended it.
    ContentFilter,
    /// The person stopped it.
    Cancelled,
    /// Another reason of the endpoint's.
    Other,
}

/// Tokens read and written for one answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Usage {
    /// Tokens of the request.
    pub input_tokens: u32,
    /// Tokens of the answer, reasoning included.
    pub output_tokens: u32,
}

/// One message. Messages form a tree through [`parent`](Self::parent): editing a question or
/// regenerating an answer adds a sibling, and removes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Message {
    /// Names the message.
    pub id: MessageId,
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// The message it answers or follows; none for the first.
    pub parent: Option<MessageId>,
    /// Who speaks.
    pub role: Role,
    /// What is said, in Markdown.
    pub text: String,
    /// What the model thought first, where it tells; not sent back to it.
    pub reasoning: String,
    /// How far it has come.
    pub state: MessageState,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
    /// Why it ended, for a complete answer.
    pub finish: Option<FinishReason>,
    /// The model that wrote it, for an answer.
    pub model: Option<String>,
    /// Its token counts, where the endpoint tells.
    pub usage: Option<Usage>,
    /// From sending the question to the end of the answer, for an answer that was timed.
    pub milliseconds: Option<u32>,
    /// How many placeholders stood in what was sent for it in the place of words that must not
    /// leave, for an answer.
    pub replaced: u32,
    /// Files that travel with it.
    pub attachments: Vec<Attachment>,
    /// When it was made.
    pub created: Timestamp,
}

impl Message {
    /// Whether it came to an end of its own; one that did not can be continued.
    pub fn is_whole(&self) -> bool {
        self.state == MessageState::Complete && self.finish != Some(FinishReason::Length)
    }
}

/// A conversation, without its messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Conversation {
    /// Names the conversation.
    pub id: ConversationId,
    /// Its title; empty until the first message gives one.
    pub title: String,
    /// The last message of the branch that is shown; none while it is empty.
    pub leaf: Option<MessageId>,
    /// The model chosen for it; none means the default one.
    pub model: Option<String>,
    /// Whether it stands above the others.
    pub pinned: bool,
    /// Instructions for the model that go with every question of it.
    pub instructions: String,
    /// The folder it lies in.
    pub folder: Option<FolderId>,
    /// Its tags, in order.
    pub tags: Vec<String>,
    /// Whether it was put away: it is not listed with the others, and still found.
    pub archived: bool,
    /// Whether it may not be deleted, by itself; its folder or everything may be held beside.
    pub held: bool,
    /// Whether it is never written to the disk, and ends with the program.
    pub temporary: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When a message was last added or changed.
    pub updated: Timestamp,
}
