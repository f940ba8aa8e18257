//! Folders: conversations that belong together, and what the model is told of them.

use serde::{Deserialize, Serialize};

use crate::{Attachment, FolderId};

/// A folder of conversations. A conversation lies in one or in none; folders lie in no folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Folder {
    /// Names the folder.
    pub id: FolderId,
    /// What a person calls it.
    pub name: String,
    /// Instructions for the model that go with every question of its conversations.
    pub instructions: String,
    /// What terms are to be called in translations, as lines of a term and its translation (RFC 4180).
    pub glossary: String,
    /// Files that go with every question of its conversations, sorted by name.
    pub files: Vec<Attachment>,
    /// So many days after it was last changed is a conversation in it erased; none where what is
    /// set for all holds.
    pub retention: Option<u32>,
    /// Whether nothing in it may be deleted.
    pub held: bool,
}
