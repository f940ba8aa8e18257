//! Conversations out of other programs' files, and out of Bureau's own.
//!
//! [`import`] reads a file, a zip archive or the folder it was unpacked into, tells by the content
//! what it is, and gives out one conversation after the other as a
//! [`PortableConversation`](conversation::PortableConversation). However large the export is, no
//! more than one conversation of it is in memory.
//!
//! This crate knows neither the history nor the screen, and writes nothing.

mod assets;
mod bureau;
mod chatgpt;
mod claude;
mod conversion;
mod elements;
mod files;
mod librechat;
mod limits;
mod line;
mod markdown;
mod markup;
mod nested;
mod open_webui;
mod report;
mod session;
mod sniff;
mod source;
mod surrogates;
#[cfg(feature = "synthetic")]
pub mod synthetic;
mod tree;
mod values;

use std::ops::ControlFlow;
use std::path::Path;

use conversation::{Failure, FailureCode, PortableConversation};
use serde::Serialize;

pub use report::{LeftOut, Omission, Place, Refusal};

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, specta::Type)]
#[serde(rename = "ImportFormat", rename_all = "snake_case")]
pub enum Format {
    /// ChatGPT's data export.
    ChatGpt,
    /// Claude's data export.
    Claude,
    /// Chats that Open WebUI exported.
    OpenWebUi,
    /// A conversation that LibreChat exported.
    LibreChat,
    /// Markdown, Bureau's or another one's.
    Markdown,
    /// Bureau's own JSON.
    Bureau,
}

/// What is heard during an import.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A conversation. It passes [`PortableConversation::check`].
    Found {
        /// The conversation.
        conversation: Box<PortableConversation>,
        /// What of it was left out.
        left_out: Vec<LeftOut>,
    },
    /// A conversation, or the rest of a file, that is not brought in.
    Refused {
        /// Its title, else its id, else the name of its file; it may be empty.
        title: String,
        /// Why.
        reason: Refusal,
    },
    /// How far it has come.
    Progress {
        /// Bytes of conversations that were read.
        read: u64,
        /// Bytes of conversations that there are.
        of: u64,
    },
}

/// Why nothing, or nothing more, is imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The callback asked for it. What it was given before stands.
    #[error("the import was stopped")]
    Stopped,
    /// The file cannot be opened or read.
    #[error("the file cannot be read: {0}")]
    Unreadable(#[source] std::io::Error),
    /// It begins like a zip archive and is none.
    #[error("the archive is damaged or was not downloaded to its end; fetch it again: {0}")]
    DamagedArchive(#[source] std::io::Error),
    /// It holds more files than any export.
    #[error("it holds more files than any export does")]
    TooManyFiles,
    /// It claims to hold more than any export.
    #[error("it would unpack to more than any export does")]
    TooLarge,
    /// There is no conversation of a known format in it.
    #[error(
        "it is no export of ChatGPT, Claude, Open WebUI, LibreChat or Bureau, and no Markdown with \
         headings such as “## User”"
    )]
    Unknown,
    /// A newer version of Bureau wrote it.
    #[error("a newer version of Bureau wrote it (form {version}); update Bureau")]
    NewerVersion {
        /// The version of its form.
        version: u64,
    },
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        let code = match error {
            ImportError::Unreadable(_) => FailureCode::Storage,
            ImportError::NewerVersion { .. } => FailureCode::NewerVersion,
            ImportError::Stopped => FailureCode::Busy,
            _ => FailureCode::Invalid,
        };
        Self::new(code, error.to_string())
    }
}

/// Gives out every conversation of the export at `path`: a file, or the folder that an archive was
/// unpacked into. `on` hears each of them, and each that is refused; if it breaks, the import ends
/// at once.
///
/// A conversation's key names it in every export of its program, so bringing in the same export
/// twice, or a later one, can be noticed by it. A file that breaks off in the middle is heard of as
/// [`Refusal::CutOff`]; what came before it stands.
///
/// # Errors
/// [`ImportError`]; conversations that were given out before it stand.
pub fn import(
    path: &Path,
    on: &mut dyn FnMut(Event) -> ControlFlow<()>,
) -> Result<Format, ImportError> {
    session::run(path, on)
}
