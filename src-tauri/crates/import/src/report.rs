//! What is said about an import: what was left out of a conversation, and why one was refused.

use std::collections::BTreeMap;
use std::fmt;

use conversation::plain_file_name;
use serde::Serialize;

/// The most characters of a name out of a file that is repeated in a report.
const LONGEST_NAME: usize = 64;

/// Something that a conversation had and that was left out of it, and how many times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
pub struct LeftOut {
    /// What was left out, and why.
    pub what: Omission,
    /// How many times.
    pub count: u32,
}

/// What is left out of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Omission {
    /// A message that the other program did not show either.
    HiddenMessage,
    /// What a tool answered to the model, such as the text of web pages.
    ToolMessage,
    /// A message without text and files.
    EmptyMessage,
    /// A message with the name of another one of its conversation.
    RepeatedMessage,
    /// Nothing of a message, but its place: what it answers is not there, so it begins a branch.
    MissingParent,
    /// Sound or video.
    Recording,
    /// A file that the export names and does not hold.
    MissingFile {
        /// Its name.
        name: String,
    },
    /// A file that is too large for a message, or one too many for its conversation.
    FileTooLarge {
        /// Its name.
        name: String,
    },
    /// A file that is neither an image that models take nor text.
    OtherFile {
        /// Its name.
        name: String,
    },
    /// A part of a message of a kind that is not known here.
    UnknownPart {
        /// What the other program calls that kind.
        part: String,
    },
    /// The name of the folder it lies in, which the export does not tell; a part of the folder's
    /// id stands for it.
    FolderName,
    /// The instructions of the custom assistant it was held with, which the export does not hold.
    CustomAssistant,
    /// Text of a Markdown file before anyone speaks.
    Preamble,
}

impl fmt::Display for Omission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HiddenMessage => f.write_str("hidden messages"),
            Self::ToolMessage => f.write_str("what tools answered"),
            Self::EmptyMessage => f.write_str("empty messages"),
            Self::RepeatedMessage => f.write_str("messages that are there twice"),
            Self::MissingParent => f.write_str("the place of messages whose parent is missing"),
            Self::Recording => f.write_str("recordings"),
            Self::MissingFile { name } => write!(f, "the file {name}, which is missing"),
            Self::FileTooLarge { name } => write!(f, "the file {name}, which is too large"),
            Self::OtherFile { name } => write!(f, "the file {name}, no image and no text"),
            Self::UnknownPart { part } => write!(f, "parts of the unknown kind {part}"),
            Self::FolderName => f.write_str("the name of its folder"),
            Self::CustomAssistant => f.write_str("the instructions of a custom assistant"),
            Self::Preamble => f.write_str("text before anyone speaks"),
        }
    }
}

/// Counts what is left out of one conversation.
#[derive(Debug, Default)]
pub(crate) struct LeftOuts(BTreeMap<Omission, u32>);

impl LeftOuts {
    pub(crate) fn add(&mut self, what: Omission) {
        let count = self.0.entry(what).or_default();
        *count = count.saturating_add(1);
    }

    pub(crate) fn missing_file(&mut self, name: &str) {
        self.add(Omission::MissingFile { name: plain_file_name(name) });
    }

    pub(crate) fn unknown_part(&mut self, part: &str) {
        self.add(Omission::UnknownPart { part: part.chars().take(LONGEST_NAME).collect() });
    }

    pub(crate) fn into_list(self) -> Vec<LeftOut> {
        self.0.into_iter().map(|(what, count)| LeftOut { what, count }).collect()
    }
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename = "FilePlace")]
pub struct Place {
    /// The line, the first one being 1.
    #[specta(type = u32)]
    pub line: u64,
    /// How many bytes of the file come before.
    #[specta(type = u32)]
    pub byte: u64,
}

impl Place {
    /// The beginning of a file.
    pub(crate) const START: Self = Self { line: 1, byte: 0 };
}

/// Why a conversation, or the rest of a file, is not brought in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Refusal {
    /// It is not JSON.
    #[error("it is not JSON from line {} (byte {}) on", place.line, place.byte)]
    NotJson {
        /// Where it stops being so.
        place: Place,
    },
    /// The file ends within it, or cannot be read on. Nothing after that is brought in.
    #[error("the file cannot be read on from line {} (byte {}): it is cut off or damaged", place.line, place.byte)]
    CutOff {
        /// Where what cannot be read begins.
        place: Place,
    },
    /// It has not the shape that its format asks for.
    #[error("what stands before line {} (byte {}) is not what the format asks for", place.line, place.byte)]
    WrongShape {
        /// Where that is noticed.
        place: Place,
    },
    /// It is larger than any conversation that is brought in.
    #[error("it is larger than any conversation that can be imported")]
    TooLarge,
    /// Its values lie in each other deeper than those of any conversation.
    #[error("its values are nested too deeply")]
    TooDeep,
    /// Its messages answer each other in a circle.
    #[error("its messages answer each other in a circle")]
    Cycle,
    /// It has no message that anyone could read.
    #[error("it holds no message")]
    Empty,
    /// Its messages form no tree.
    #[error("its messages form no tree")]
    NotATree,
    /// It has no name of its own, so it could be brought in twice.
    #[error("it has no id")]
    NoId,
    /// It was in this import already.
    #[error("it is there twice")]
    Repeated,
    /// A Markdown file in which nobody speaks: no heading and no bold name tells a question from
    /// an answer.
    #[error(
        "no heading or bold name (such as “## User” or “**Assistant:**”) tells who speaks in it"
    )]
    NoSpeakers,
    /// It is not text in UTF-8.
    #[error("it is not text in UTF-8")]
    NotText,
}
