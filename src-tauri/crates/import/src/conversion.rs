//! What the formats share when they turn their JSON into a conversation.

use std::collections::HashMap;

use conversation::{PortableConversation, Timestamp};

use crate::assets::Assets;
use crate::line::plain_line;
use crate::report::{LeftOuts, Omission, Refusal};

/// Characters of a folder's id that stand for its name.
const SHORT_ID: usize = 8;

/// What surrounds a conversation in its export.
pub(crate) struct Context<'a> {
    /// The files beside it.
    pub(crate) assets: &'a mut Assets,
    /// Projects that are described beside it, by their ids.
    pub(crate) projects: &'a HashMap<String, Project>,
    /// When the export was made, for what bears no date of its own.
    pub(crate) made: Timestamp,
}

/// A project of Claude's.
#[derive(Debug, Clone, Default)]
pub(crate) struct Project {
    pub(crate) name: String,
    pub(crate) instructions: String,
}

/// A conversation, and what was left out of it.
#[derive(Debug)]
pub(crate) struct Converted {
    pub(crate) conversation: PortableConversation,
    pub(crate) left_out: LeftOuts,
}

/// Why one was not converted.
#[derive(Debug)]
pub(crate) enum Failed {
    /// An error with its place in the conversation's JSON.
    Json(serde_json::Error),
    /// An error in a part of it, whose place is not known.
    Part(serde_json::Error),
    Refused(Refusal),
}

impl From<serde_json::Error> for Failed {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

impl From<Refusal> for Failed {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A conversation with nothing but what every one has.
pub(crate) fn begin(key: String, title: Option<&str>, created: Timestamp) -> PortableConversation {
    PortableConversation {
        key,
        title: plain_line(title.unwrap_or_default()),
        model: None,
        instructions: String::new(),
        folder: None,
        tags: Vec::new(),
        pinned: false,
        archived: false,
        marking: None,
        created,
        updated: created,
        leaf: None,
        messages: Vec::new(),
    }
}

/// When it was last changed: when its export says, else when its last message was made.
pub(crate) fn last_change(
    said: Option<Timestamp>,
    conversation: &PortableConversation,
) -> Timestamp {
    let newest = conversation.messages.iter().map(|message| message.created).max();
    said.unwrap_or_else(|| newest.unwrap_or(conversation.created).max(conversation.created))
}

/// A folder whose name the export does not tell: a part of its id keeps together what lies in it.
pub(crate) fn folder_by_id(id: &str, left_out: &mut LeftOuts) -> String {
    left_out.add(Omission::FolderName);
    plain_line(&id.chars().take(SHORT_ID).collect::<String>())
}
