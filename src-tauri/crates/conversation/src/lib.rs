//! The words of the domain, shared by every other crate: what a conversation is, how its
//! messages form a tree, how things are named, when they happened, and how a failure is told.
//!
//! This crate does no input or output. It depends on no other crate of Bureau.

mod attachment;
mod draft;
mod failure;
mod file_name;
mod folder;
mod id;
mod marking;
mod message;
mod passage;
mod portable;
mod time;
mod tree;

pub use attachment::{Attachment, MAX_ATTACHMENT, attachable_type, original_type, text_type};
pub use draft::Draft;
pub use failure::{Failure, FailureCode};
pub use file_name::{disturbs, plain_file_name};
pub use folder::Folder;
pub use id::{AttachmentId, ConversationId, FolderId, MessageId, ParseIdError};
pub use marking::Marking;
pub use message::{Conversation, FinishReason, Message, MessageState, Role, Usage};
pub use passage::{NotAPassage, Passage, passages_as_labels, replace_passages, without_passages};
pub use portable::{NotPortable, PortableConversation, PortableFile, PortableMessage};
pub use time::Timestamp;
pub use tree::{Thread, thread};
