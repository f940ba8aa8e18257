//! The formats.

use serde::{Deserialize, Serialize};

/// A format to export to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename = "ExportFormat", rename_all = "snake_case")]
pub enum Format {
    /// The shown branch as it was written.
    Markdown,
    /// The shown branch as one page that needs nothing else.
    Html,
    /// Everything, to be imported again.
    Json,
    /// The shown branch as pages.
    Pdf,
    /// The shown branch for a word processor (Office Open XML, ECMA-376).
    Docx,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Markdown, Self::Html, Self::Json, Self::Pdf, Self::Docx];

    /// How the names of its files end, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Json => "json",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
        }
    }

    /// Its media type, as registered with IANA.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Markdown => "text/markdown",
            Self::Html => "text/html",
            Self::Json => "application/json",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }
}
