//! What a window shows: messages with their rendered blocks, and how an answer changes them.

use conversation::{
    Attachment, Conversation, Failure, FinishReason, Message, MessageId, MessageState, Role,
    Timestamp, Usage, thread,
};
use markdown::Block;
use serde::{Deserialize, Serialize};

use crate::{Access, BUILT_IN_MODEL, Desk, Organisation, Settings, SummaryProgress};

/// What the first screen needs to know.
#[derive(Debug, Clone, Serialize, Deserialize, specta::Type)]
pub struct Status {
    /// How the history stands.
    pub access: Access,
    /// Whether the operating system's keychain can lock or unlock it.
    pub keychain: bool,
    /// The host of the default endpoint; none means that only the built-in model answers.
    pub endpoint: Option<String>,
    /// What a person calls the default endpoint; none where the environment names it.
    pub endpoint_name: Option<String>,
    /// The settings in force.
    pub settings: Settings,
    /// The locale of the system's dates and numbers, such as `en-GB`; none where it has none.
    pub locale: Option<String>,
    /// Whether the system has voices to read aloud.
    pub voices: bool,
    /// Bureau's version.
    pub version: String,
    /// The organisation and what it decides; none where there is none.
    pub organisation: Option<Organisation>,
    /// What holds at this desk.
    pub desk: Desk,
}

/// A message as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct MessageView {
    /// Names the message.
    pub id: MessageId,
    /// The message before it.
    pub parent: Option<MessageId>,
    /// Who speaks.
    pub role: Role,
    /// The Markdown source, for copying and editing.
    pub text: String,
    /// The text as sanitised HTML, block by block.
    pub blocks: Vec<Block>,
    /// The model's reasoning, as plain text.
    pub reasoning: String,
    /// How far it has come.
    pub state: MessageState,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// Why it ended.
    pub finish: Option<FinishReason>,
    /// The model that wrote it.
    pub model: Option<String>,
    /// Whether that is the built-in model.
    pub built_in: bool,
    /// Its token counts.
    pub usage: Option<Usage>,
    /// From sending the question to the end of the answer.
    pub milliseconds: Option<u32>,
    /// How many placeholders stood in what was sent for it, in the place of what must not leave.
    pub replaced: u32,
    /// Whether it is a summary that its program did not live to finish, with which the shown branch
    /// ends: it goes on once somebody looks at it.
    pub resumes: bool,
    /// Files that travel with it.
    pub attachments: Vec<Attachment>,
    /// It and its siblings, in the order they were made.
    pub siblings: Vec<MessageId>,
    /// When it was made.
    pub created: Timestamp,
}

impl MessageView {
    pub(crate) fn new(message: &Message, siblings: Vec<MessageId>) -> Self {
        let blocks = markdown::render(&message.text);
        Self::with_blocks(message, siblings, blocks)
    }

    /// The message without its text and blocks, where the window has them already.
    pub(crate) fn with_blocks(
        message: &Message,
        siblings: Vec<MessageId>,
        blocks: Vec<Block>,
    ) -> Self {
        Self {
            id: message.id,
            parent: message.parent,
            role: message.role,
            text: message.text.clone(),
            blocks,
            reasoning: message.reasoning.clone(),
            state: message.state,
            failure: message.failure.clone(),
            finish: message.finish,
            model: message.model.clone(),
            built_in: message.model.as_deref() == Some(BUILT_IN_MODEL),
            usage: message.usage,
            milliseconds: message.milliseconds,
            replaced: message.replaced,
            resumes: false,
            // An original is seen through its document.
            attachments: message.attachments.iter().filter(|a| !a.is_original()).cloned().collect(),
            siblings,
            created: message.created,
        }
    }
}

/// A conversation's shown branch, or a part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct ThreadView {
    /// The conversation.
    pub conversation: Conversation,
    /// The branch, the first message first.
    pub messages: Vec<MessageView>,
    /// Whether the branch begins with the first of them.
    pub from_start: bool,
}

impl ThreadView {
    /// How many messages its end has: more than a screen shows.
    pub(crate) const END: usize = 64;
    /// How many messages a part before it has: so many that a window takes in without a pause.
    const PART: usize = 512;

    pub(crate) fn new(conversation: Conversation, messages: &[Message]) -> Self {
        let messages = rendered(&shown(&conversation, messages));
        Self { conversation, messages, from_start: true }
    }

    /// The end of the branch, of its last messages and of all that was made after the first of
    /// them. That one is left out if something comes before it: its siblings are not known.
    pub(crate) fn end(conversation: Conversation, latest: &[Message]) -> Self {
        let shown = shown(&conversation, latest);
        let from_start = shown.first().is_none_or(|(message, _)| message.parent.is_none());
        let messages = rendered(&shown[usize::from(!from_start)..]);
        Self { conversation, messages, from_start }
    }

    /// Tells of what comes before the `first` message of the branch that ends with this one, part
    /// by part, the last first.
    pub(crate) fn before(
        first: MessageId,
        leaf: MessageId,
        conversation: &Conversation,
        messages: &[Message],
        mut on: impl FnMut(Self),
    ) {
        let branch = Conversation { leaf: Some(leaf), ..conversation.clone() };
        let shown = shown(&branch, messages);
        let mut until = shown.iter().position(|(message, _)| message.id == first).unwrap_or(0);
        loop {
            let start = until.saturating_sub(Self::PART);
            on(Self {
                conversation: conversation.clone(),
                messages: rendered(&shown[start..until]),
                from_start: start == 0,
            });
            if start == 0 {
                break;
            }
            until = start;
        }
    }
}

/// The messages of the shown branch, each with its siblings.
fn shown<'a>(
    conversation: &Conversation,
    messages: &'a [Message],
) -> Vec<(&'a Message, Vec<MessageId>)> {
    let branch = thread(messages, conversation.leaf);
    branch.messages.into_iter().zip(branch.siblings).collect()
}

/// Renders messages on all processors: a person waits for it, and a conversation can be long.
fn rendered(shown: &[(&Message, Vec<MessageId>)]) -> Vec<MessageView> {
    /// So few are not worth another thread.
    const FEW: usize = 64;
    let render = |part: &[(&Message, Vec<MessageId>)]| -> Vec<MessageView> {
        part.iter().map(|(message, siblings)| MessageView::new(message, siblings.clone())).collect()
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let parts = shown.chunks(shown.len().div_ceil(processors).max(FEW));
    std::thread::scope(|scope| {
        let threads: Vec<_> = parts.map(|part| scope.spawn(move || render(part))).collect();
        let joined = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|defect| std::panic::resume_unwind(defect)));
        joined.flatten().collect()
    })
}

/// What happens to an answer on the way to its window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AnswerEvent {
    /// The answer has begun.
    Started {
        /// The conversation as it is now.
        conversation: Conversation,
        /// The question, where it is new.
        question: Option<Box<MessageView>>,
        /// The answer so far.
        answer: Box<MessageView>,
    },
    /// Replace every block of the message from `first_block` on by `blocks`.
    Patch {
        /// The answer.
        message: MessageId,
        /// The first block that changes.
        first_block: u32,
        /// What stands there from now on.
        blocks: Vec<Block>,
    },
    /// More reasoning, to append.
    Reasoning {
        /// The answer.
        message: MessageId,
        /// The text to append.
        text: String,
    },
    /// The oldest messages did not fit the model's context.
    Dropped {
        /// The answer.
        message: MessageId,
        /// How many were left out.
        count: u32,
    },
    /// How far a summary has come.
    Progress {
        /// The answer.
        message: MessageId,
        /// How far.
        progress: SummaryProgress,
    },
    /// The answer has ended. Its `blocks` are empty: the patches brought them.
    Ended {
        /// The answer as it is stored.
        message: Box<MessageView>,
        /// The conversation as it is now.
        conversation: Conversation,
    },
}
