//! Which files may be sent.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a file is, told by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Plain text, Markdown, source, CSV, HTML.
    Text,
    /// A picture.
    Image,
    /// PDF.
    Pdf,
    /// Word, Excel, PowerPoint, OpenDocument, RTF.
    Office,
    /// A letter.
    Mail,
    /// EPUB.
    Book,
}

impl FileKind {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Text, Self::Image, Self::Pdf, Self::Office, Self::Mail, Self::Book];

    /// As a policy has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Image => "image",
            Self::Pdf => "pdf",
            Self::Office => "office",
            Self::Mail => "mail",
            Self::Book => "book",
        }
    }
}

/// Which files may be sent. All that Bureau can read, unless a policy says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Attachments {
    /// Why, and whom to ask.
    pub reason: Option<String>,
    /// The kinds of files that may be sent; an empty list forbids all.
    pub kinds: Vec<FileKind>,
    /// The most bytes that a file may have.
    pub max_bytes: Option<u64>,
}

impl Default for Attachments {
    fn default() -> Self {
        Self { reason: None, kinds: FileKind::ALL.to_vec(), max_bytes: None }
    }
}
