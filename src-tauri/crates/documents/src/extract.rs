//! What was read of a file, with what only its pictures say still missing.

use crate::{Document, Note};

/// A document, and which of its pages are pictures.
#[derive(Debug)]
pub struct Extract {
    /// What was read.
    pub document: Document,
    /// The places of pages (the first is 0) that are pictures, whose text is to be recognised.
    pub pictured: Vec<usize>,
}

impl From<Document> for Extract {
    fn from(document: Document) -> Self {
        Self { document, pictured: Vec::new() }
    }
}

impl Extract {
    /// Appends the pages of a file that is attached to this one.
    pub fn attach(&mut self, name: &str, inner: Self) {
        let first = self.document.pages.len();
        self.pictured.extend(inner.pictured.into_iter().map(|page| first + page));
        for mut page in inner.document.pages {
            page.name = Some(match page.name {
                Some(inner) => format!("{name}: {inner}"),
                None => name.to_owned(),
            });
            self.document.pages.push(page);
        }
        self.document.notes.extend(inner.document.notes.into_iter().map(|note| match note {
            Note::LeftOut { what } => Note::LeftOut { what: format!("{name}: {what}") },
            other => other,
        }));
    }

    /// The document, which says that its pictures were not read.
    pub fn without_pictures(mut self) -> Document {
        if !self.pictured.is_empty() {
            let pages = page_numbers(&self.pictured);
            self.document.notes.push(Note::NotRecognised { pages });
        }
        self.document
    }
}

/// The numbers of pages, for people, of their places.
pub fn page_numbers(places: &[usize]) -> Vec<u32> {
    places.iter().map(|place| u32::try_from(place + 1).unwrap_or(u32::MAX)).collect()
}
