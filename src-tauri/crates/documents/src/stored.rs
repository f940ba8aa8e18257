//! A document as it is kept: one text, of which the first line is JSON that says what the pages
//! are, and the rest the pages with a form feed between two. It is text so that it is searched,
//! copied and taken out as every attached text is.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{Document, Kind, Note, Page};

/// The media type of a kept document.
pub const MEDIA_TYPE: &str = "text/vnd.bureau.document";

/// A text that is not a kept document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a document as Bureau keeps it")]
pub struct NotStored;

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    kind: Kind,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    names: Vec<Option<String>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    hidden: Vec<(usize, Range<usize>)>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    notes: Vec<Note>,
}

impl Document {
    /// The document as it is kept.
    pub fn to_stored(&self) -> String {
        let named = self.pages.iter().any(|page| page.name.is_some());
        let names = self.pages.iter().filter(|_| named).map(|page| page.name.clone()).collect();
        let hidden = self.pages.iter().enumerate();
        let hidden = hidden.flat_map(|(at, page)| page.hidden.iter().map(move |r| (at, r.clone())));
        let head =
            Head { kind: self.kind, names, hidden: hidden.collect(), notes: self.notes.clone() };
        // Of plain strings and numbers, which JSON always takes.
        let head = serde_json::to_string(&head).unwrap_or_default();
        format!("{head}\n{}", self.text())
    }

    /// A document that was kept.
    ///
    /// # Errors
    /// [`NotStored`] where the text is not such a one.
    pub fn from_stored(stored: &str) -> Result<Self, NotStored> {
        let (head, text) = stored.split_once('\n').ok_or(NotStored)?;
        let head: Head = serde_json::from_str(head).map_err(|_| NotStored)?;
        let mut names = head.names.into_iter();
        let pages = text.split(Self::PAGE_BREAK).map(|text| Page {
            name: names.next().flatten(),
            text: text.to_owned(),
            hidden: Vec::new(),
        });
        let mut pages: Vec<_> = pages.collect();
        for (page, range) in head.hidden {
            let page = pages.get_mut(page).ok_or(NotStored)?;
            page.text.get(range.clone()).ok_or(NotStored)?;
            page.hidden.push(range);
        }
        Ok(Self { kind: head.kind, pages, notes: head.notes })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn page() -> impl Strategy<Value = Page> {
        let text = "[a-zé\u{4e00}\n ]{0,20}";
        (proptest::option::of("[A-Z\n]{0,3}"), text, any::<bool>()).prop_map(
            |(name, text, hidden)| {
                let hidden =
                    if hidden && !text.is_empty() { vec![0..text.len()] } else { Vec::new() };
                Page { name, text, hidden }
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_kept_is_what_was_read(pages in proptest::collection::vec(page(), 1..5)) {
            let notes = vec![Note::CutShort { read: 3 }];
            let document = Document { kind: Kind::Slide, pages, notes };
            prop_assert_eq!(Document::from_stored(&document.to_stored()), Ok(document));
        }

        #[test]
        fn any_text_is_refused_or_taken(text in ".{0,200}") {
            let _ = Document::from_stored(&text);
        }
    }

    #[test]
    fn a_range_that_cuts_a_letter_is_refused() {
        let stored = "{\"kind\":\"page\",\"hidden\":[[0,{\"start\":1,\"end\":2}]]}\né";
        assert_eq!(Document::from_stored(stored), Err(NotStored));
    }
}
