//! What was read of a file.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What the parts of a document are, for a person who looks one up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Pages of paper, by their number.
    Page,
    /// Slides of a presentation, by their number.
    Slide,
    /// Sheets of a table, by their name.
    Sheet,
    /// Chapters or sections, by their title.
    Section,
    /// A letter and what was attached to it, by their name.
    Mail,
    /// One text that has no parts.
    Text,
}

/// A file's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What its pages are.
    pub kind: Kind,
    /// Its pages, in order. One that holds no text is there all the same, so that the place of a
    /// page is its number.
    pub pages: Vec<Page>,
    /// What a person should know about how it was read.
    pub notes: Vec<Note>,
}

/// A page, slide, sheet or chapter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// What it is called beside its number, where it has a name: a sheet's, a chapter's title.
    pub name: Option<String>,
    /// Its text as Markdown: headings, paragraphs, lists, tables. It holds no form feed (U+000C).
    pub text: String,
    /// Ranges of bytes of `text` that a person who looks at the file does not see: white on white,
    /// outside the page, marked as hidden. In order, and apart from each other.
    pub hidden: Vec<Range<usize>>,
}

/// What a person should know about how a file was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum Note {
    /// These pages (the first is 1) are pictures of text, and no program that could read them is
    /// installed.
    NotRecognised {
        /// Their numbers.
        pages: Vec<u32>,
    },
    /// These pages (the first is 1) are pictures, and their text was recognised, with the mistakes
    /// that this makes.
    Recognised {
        /// Their numbers.
        pages: Vec<u32>,
    },
    /// The file goes on, but no more than this was read of it.
    CutShort {
        /// How many pages (or rows of a sheet) were read.
        read: u32,
    },
    /// Something in it could not be read, and was left out.
    LeftOut {
        /// What: a name of a part of the file, or of a file within it.
        what: String,
    },
}

impl Document {
    /// What stands between two pages in [`text`](Self::text).
    pub const PAGE_BREAK: char = '\u{c}';

    /// The text of all pages, one after another, with a form feed between two. Places in it are
    /// those that citations are kept by.
    pub fn text(&self) -> String {
        let mut text =
            String::with_capacity(self.pages.iter().map(|page| page.text.len() + 1).sum());
        for (index, page) in self.pages.iter().enumerate() {
            if index > 0 {
                text.push(Self::PAGE_BREAK);
            }
            text.push_str(&page.text);
        }
        text
    }

    /// Whether there is nothing to read in it.
    pub fn is_blank(&self) -> bool {
        self.pages.iter().all(|page| page.text.trim().is_empty())
    }
}
