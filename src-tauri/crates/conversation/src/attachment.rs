//! Files that travel with a message, or with every question of a folder.

use serde::{Deserialize, Serialize};

use crate::AttachmentId;

/// A file attached to a message or a folder: its description, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Attachment {
    /// Names the attachment.
    pub id: AttachmentId,
    /// The file's name, without its folder.
    pub name: String,
    /// Its media type, such as `image/png` or `text/plain`.
    pub media_type: String,
    /// Its length in bytes.
    pub size: u32,
}
