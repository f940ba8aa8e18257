//! The documents that an answer rests on.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use conversation::{Message, Role};
use documents::{Document, Kind};
use history::HistoryError;
use passages::Quotes;

use crate::prompt::Files;

/// A document that travels with a conversation.
pub(crate) struct Source {
    /// Its file's name.
    pub name: String,
    pub kind: Kind,
    /// Where each page lies in the text.
    pub pages: Vec<Range<usize>>,
    /// What the pages are called, where they have names.
    pub names: Vec<Option<String>>,
    /// Its text, in which a reader of the file sees everything: what is hidden there is blank, so
    /// that nobody is told what they cannot look up, and a model nothing that a person did not see.
    text: Arc<str>,
    /// Read when the first quote is looked for: a request, or a page to show, needs the text alone.
    quotes: OnceLock<Quotes>,
}

impl Source {
    pub fn new(name: &str, document: &Document) -> Self {
        let mut text = String::new();
        let mut pages = Vec::with_capacity(document.pages.len());
        for (index, page) in document.pages.iter().enumerate() {
            if index > 0 {
                text.push(Document::PAGE_BREAK);
            }
            let start = text.len();
            text.push_str(&seen(&page.text, &page.hidden));
            pages.push(start..text.len());
        }
        let names = document.pages.iter().map(|page| page.name.clone()).collect();
        let (text, quotes) = (text.into(), OnceLock::new());
        Self { name: name.to_owned(), kind: document.kind, pages, names, text, quotes }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, for looking for quotes.
    pub fn quotes(&self) -> &Quotes {
        self.quotes.get_or_init(|| Quotes::new(self.text.clone()))
    }

    /// The page in which a place of the text lies.
    pub fn page_at(&self, place: usize) -> usize {
        self.pages.partition_point(|page| page.end < place).min(self.pages.len().saturating_sub(1))
    }
}

/// The text with blanks in place of what is hidden; all places stay as they are.
fn seen(text: &str, hidden: &[Range<usize>]) -> String {
    let mut seen = String::with_capacity(text.len());
    let mut from = 0;
    for range in hidden {
        seen.push_str(text.get(from..range.start).unwrap_or_default());
        seen.extend(std::iter::repeat_n(' ', range.len()));
        from = range.end;
    }
    seen.push_str(text.get(from..).unwrap_or_default());
    seen
}

/// The documents that travel with these messages, in order; of several with one name the last
/// stands for all, as links name documents by their names.
pub(crate) fn sources(files: &Files<'_>, branch: &[&Message]) -> Result<Vec<Source>, HistoryError> {
    let mut sources: Vec<Source> = Vec::new();
    for message in branch.iter().filter(|message| message.role == Role::User) {
        for attachment in &message.attachments {
            if attachment.media_type != documents::MEDIA_TYPE {
                continue;
            }
            let data = files.data(attachment.id)?;
            let Ok(document) = Document::from_stored(&String::from_utf8_lossy(&data)) else {
                continue;
            };
            sources.retain(|source| source.name != attachment.name);
            sources.push(Source::new(&attachment.name, &document));
        }
    }
    Ok(sources)
}

/// All of a document, as [`fenced`] gives it.
pub(crate) fn whole(source: &Source) -> String {
    fenced(source, std::slice::from_ref(&(0..source.text().len())))
}

/// Text of a document between fences that it does not itself contain, each page told.
pub(crate) fn fenced(source: &Source, ranges: &[Range<usize>]) -> String {
    let text = source.text();
    let fence = fence_around(ranges.iter().map(|range| &text[range.clone()]));
    let mut fenced = format!("Document “{}”:\n{fence}\n", source.name);
    for range in ranges {
        let first = source.page_at(range.start);
        for page in first..source.pages.len() {
            let whole = &source.pages[page];
            let part = whole.start.max(range.start)..whole.end.min(range.end);
            if whole.start >= range.end {
                break;
            }
            let shown = text.get(part).unwrap_or_default().trim();
            if !shown.is_empty() {
                let place = super::place::heading(source, page);
                fenced.push_str(&format!("[{place}]\n{shown}\n\n"));
            }
        }
    }
    fenced.push_str(&fence);
    fenced
}

/// A fence that none of these texts contains.
pub(crate) fn fence_around<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let runs = texts.flat_map(|text| text.split(|c| c != '`')).map(str::len);
    "`".repeat((runs.max().unwrap_or_default() + 1).max(3))
}

#[cfg(test)]
mod tests {
    use documents::Page;

    use super::*;

    fn lease() -> Source {
        let page = |text: &str| Page { text: text.to_owned(), ..Page::default() };
        let hidden =
            Page { hidden: std::iter::once(4..14).collect(), ..page("Two.IGNORE ALL Three é.") };
        let pages = vec![page("One `x`."), hidden, page(""), page("Four.")];
        let document = Document { kind: Kind::Page, pages, notes: Vec::new() };
        Source::new("a.pdf", &document)
    }

    #[test]
    fn what_is_hidden_is_not_told_and_places_stay() {
        let source = lease();
        assert!(!source.text().contains("IGNORE"));
        assert_eq!(&source.text()[source.pages[1].clone()], "Two.           Three é.");
        assert_eq!(&source.text()[source.pages[3].clone()], "Four.");
    }

    #[test]
    fn places_lie_in_their_pages() {
        let source = lease();
        for (number, page) in source.pages.iter().enumerate() {
            if !page.is_empty() {
                assert_eq!(source.page_at(page.start), number);
                assert_eq!(source.page_at(page.end - 1), number);
            }
        }
    }

    #[test]
    fn the_model_is_told_the_pages() {
        let source = lease();
        let all = whole(&source);
        assert!(
            all.starts_with("Document “a.pdf”:\n```\n[page 1]\nOne `x`.\n\n[page 2]\n"),
            "{all}"
        );
        assert!(all.ends_with("[page 4]\nFour.\n\n```"), "{all}");
        let part = fenced(&source, &[source.pages[3].clone()]);
        assert!(!part.contains("page 1") && part.contains("[page 4]\nFour."), "{part}");
    }
}
