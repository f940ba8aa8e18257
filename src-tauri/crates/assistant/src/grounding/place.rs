//! What the place of a passage is called.

use std::ops::Range;

use documents::Kind;

use super::Source;

/// The few words of Bureau's own that stand in an answer, in the answer's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wording {
    English,
    French,
}

impl Wording {
    /// For an answer in this language (a BCP 47 tag); English where there are no other words.
    pub fn of(language: Option<&str>) -> Self {
        let french = |tag: &str| tag.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("fr"));
        if language.is_some_and(french) { Self::French } else { Self::English }
    }

    /// For an answer to this question, or about this text: the language of which more small words
    /// stand at its beginning.
    pub fn of_text(text: &str) -> Self {
        const ENGLISH: &[&str] = &["the", "of", "and", "is", "what", "to", "in", "which", "this"];
        const FRENCH: &[&str] =
            &["le", "la", "les", "des", "et", "est", "que", "du", "une", "quel"];
        let (mut english, mut french) = (0, 0);
        for word in words::tokens(text).take(500) {
            english += usize::from(ENGLISH.contains(&word.folded.as_str()));
            french += usize::from(FRENCH.contains(&word.folded.as_str()));
        }
        if french > english { Self::French } else { Self::English }
    }

    pub fn pick<'a>(self, english: &'a str, french: &'a str) -> &'a str {
        match self {
            Self::English => english,
            Self::French => french,
        }
    }
}

/// The place of a passage, as short as a person can look it up by: “p. 12”, “slide 3”.
pub(crate) fn label(source: &Source, range: &Range<usize>, wording: Wording) -> String {
    let page = source.page_at(range.start);
    let named = source.names.get(page).cloned().flatten();
    match source.kind {
        Kind::Page => format!("p. {}", page + 1),
        Kind::Slide => format!("{} {}", wording.pick("slide", "diapo"), page + 1),
        Kind::Sheet | Kind::Section | Kind::Mail => named.map_or_else(
            || format!("{} {}", wording.pick("part", "partie"), page + 1),
            |name| shortened(&name),
        ),
        Kind::Text => {
            let before = source.text().get(..range.start).unwrap_or_default();
            let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
            format!("{} {line}", wording.pick("line", "ligne"))
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
