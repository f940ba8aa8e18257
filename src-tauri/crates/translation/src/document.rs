//! A file whose texts are translated.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::encoding::Saved;
use crate::format::{self, Part};
use crate::package::Package;
use crate::splice::{Splice, spliced};
use crate::{Segment, TranslationError};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A document of Word.
    Docx,
    /// A presentation of PowerPoint.
    Pptx,
    /// A workbook of Excel.
    Xlsx,
    /// OpenDocument: a text, a presentation, a table.
    Odf,
    /// A web page.
    Html,
    /// Markdown.
    Markdown,
    /// Subtitles, as SubRip or WebVTT.
    Subtitles,
    /// Plain text.
    Text,
}

/// Whether a file is of a kind that can be translated, as far as can be told without reading it.
pub fn is_translatable(name: &str, data: &[u8]) -> bool {
    format::kind(name, data).is_ok()
}

/// A file, and the texts in it.
#[derive(Debug)]
pub struct Document {
    kind: Kind,
    body: Body,
    segments: Vec<Segment>,
}

/// What the texts stand in.
#[derive(Debug)]
enum Body {
    /// The parts of an archive that hold texts.
    Package { data: Vec<u8>, parts: Vec<Part> },
    /// All of the file.
    Text { text: String, saved: Saved },
}

impl Document {
    /// Reads a file. What it is, is told by its content, and among texts by its name.
    ///
    /// # Errors
    /// [`TranslationError`].
    pub fn read(name: &str, data: Vec<u8>) -> Result<Self, TranslationError> {
        let kind = format::kind(name, &data)?;
        if matches!(kind, Kind::Docx | Kind::Pptx | Kind::Xlsx | Kind::Odf) {
            let (parts, segments) = format::parts(kind, &mut Package::open(&data)?)?;
            return Ok(Self { kind, body: Body::Package { data, parts }, segments });
        }
        let (text, saved) = Saved::read(&data);
        let segments = format::segments(kind, &text);
        Ok(Self { kind, body: Body::Text { text, saved }, segments })
    }

    /// A text that is in no file: Markdown, as it is written in a conversation.
    pub fn of_text(text: &str) -> Self {
        let kind = Kind::Markdown;
        let (text, saved) = Saved::read(text.as_bytes());
        Self { kind, segments: format::segments(kind, &text), body: Body::Text { text, saved } }
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether it is text, which a terminal can show.
    pub fn is_text(&self) -> bool {
        matches!(self.body, Body::Text { .. })
    }

    /// The texts in it, in their order.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The file with these translations in it, each in the place of its segment's text. Where there
    /// is none the text stays.
    ///
    /// # Errors
    /// [`TranslationError::Damaged`] where its parts cannot be copied.
    pub fn write(&self, translations: &[Option<String>]) -> Result<Vec<u8>, TranslationError> {
        let mut splices: HashMap<usize, Vec<Splice>> = HashMap::new();
        for (segment, translation) in self.segments.iter().zip(translations) {
            let laid = translation.as_deref().and_then(|answer| segment.laid(answer));
            if let Some(chunks) = laid {
                let splice = Splice { range: segment.range.clone(), chunks };
                splices.entry(segment.part).or_default().push(splice);
            }
        }
        match &self.body {
            Body::Text { text, saved } => {
                let text = spliced(text, splices.remove(&0).unwrap_or_default());
                Ok(saved.write(&text, self.kind == Kind::Html))
            }
            Body::Package { data, parts } => {
                let mut texts = HashMap::new();
                for (part, splices) in splices {
                    if let Some(part) = parts.get(part) {
                        texts.insert(part.name.clone(), spliced(&part.text, splices));
                    }
                }
                Package::open(data)?.with(&texts)
            }
        }
    }
}
