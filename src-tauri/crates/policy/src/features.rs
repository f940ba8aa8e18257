//! What a person can do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What conversations can be taken out as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Markdown; a text, an answer or a piece of code that is saved by itself as well.
    Markdown,
    /// A web page.
    Html,
    /// PDF.
    Pdf,
    /// Word.
    Docx,
    /// JSON that holds everything.
    Json,
}

impl ExportFormat {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Markdown, Self::Html, Self::Pdf, Self::Docx, Self::Json];

    /// As a policy has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Json => "json",
        }
    }
}

/// What the clipboard can be used for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Clipboard {
    /// To copy and to paste.
    #[default]
    On,
    /// To paste into Bureau; nothing is copied out of it.
    Paste,
    /// For neither.
    Off,
}

/// What a person can do. All of it, unless a policy says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Features {
    /// Why, and whom to ask.
    pub reason: Option<String>,
    /// Whether the model on this machine answers.
    pub built_in_model: bool,
    /// What conversations can be taken out as; an empty list forbids it.
    pub export: Vec<ExportFormat>,
    /// What the clipboard can be used for.
    pub clipboard: Clipboard,
    /// Whether answers can be dragged out of a window as files.
    pub drag_out: bool,
    /// Whether a history can be shared with other machines of the same person.
    pub sync: bool,
    /// Whether conversations can be held that are never written.
    pub temporary: bool,
    /// Whether conversations of other programs can be brought in.
    pub import: bool,
    /// Whether links of answers can be opened.
    pub links: bool,
    /// Whether backups can be made, by hand or by themselves.
    pub backup: bool,
    /// Whether changes that an answer proposes can be written into the files that were given to it.
    pub file_changes: bool,
    /// Whether texts can be read aloud, by voices of the operating system.
    pub read_aloud: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self {
            reason: None,
            built_in_model: true,
            export: ExportFormat::ALL.to_vec(),
            clipboard: Clipboard::On,
            drag_out: true,
            sync: true,
            temporary: true,
            import: true,
            links: true,
            backup: true,
            file_changes: true,
            read_aloud: true,
        }
    }
}
