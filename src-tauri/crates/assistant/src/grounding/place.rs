//! What the place of a passage is called.

use std::ops::Range;

use documents::Kind;

use super::Source;
use super::wording::{Wording, numbered};

/// The place of a passage, as short as a person can look it up by: “p. 12”, “slide 3”.
pub(crate) fn label(source: &Source, range: &Range<usize>, wording: &Wording) -> String {
    let page = source.page_at(range.start);
    let named = source.names.get(page).cloned().flatten();
    match source.kind {
        Kind::Page => numbered(wording.page, page + 1),
        Kind::Slide => numbered(wording.slide, page + 1),
        Kind::Sheet | Kind::Section | Kind::Mail => {
            named.map_or_else(|| numbered(wording.part, page + 1), |name| shortened(&name))
        }
        Kind::Text => {
            let before = source.text().get(..range.start).unwrap_or_default();
            let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
            numbered(wording.line, line)
        }
    }
}

/// What a page is called for the model.
pub(super) fn heading(source: &Source, page: usize) -> String {
    let kind = match source.kind {
        Kind::Page => "page",
        Kind::Slide => "slide",
        Kind::Sheet => "sheet",
        Kind::Section => "section",
        Kind::Mail | Kind::Text => "part",
    };
    match source.names.get(page).and_then(Option::as_deref) {
        Some(name) => format!("{kind} {}: {}", page + 1, shortened(name)),
        None => format!("{kind} {}", page + 1),
    }
}

/// A name in one short line.
fn shortened(name: &str) -> String {
    const MOST: usize = 40;
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() <= MOST {
        return name;
    }
    let start: String = name.chars().take(MOST - 1).collect();
    start.trim_end().to_owned() + "…"
}
