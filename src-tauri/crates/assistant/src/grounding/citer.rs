//! Turns the quotes in a model's words into links to the passages they stand in, as the words
//! arrive. A quote stands in double square brackets behind the statement that rests on it; `#` and
//! a number in their place mean a passage that is known already. A statement for which no passage
//! is found is marked.

use std::ops::Range;
use std::sync::Arc;

use conversation::Passage;
use passages::Likeness;

use super::{Source, Wording, place};

const OPEN: &str = "[[";
const CLOSE: &str = "]]";
/// What is longer is not meant as a quote.
const LONGEST_QUOTE: usize = 2000;
/// What has fewer words says nothing that could be checked.
const SHORTEST_STATEMENT: usize = 5;

/// Where a statement stands: which document, and where in its text.
pub(crate) type Spot = (usize, Range<usize>);

/// What has arrived of an answer and not been given out yet.
pub(crate) struct Citer {
    sources: Arc<Vec<Source>>,
    wording: &'static Wording,
    /// The passages that `#` and a number mean; the first has the number 1.
    known: Vec<Spot>,
    pending: String,
    in_code: bool,
}

impl Citer {
    pub fn new(sources: Arc<Vec<Source>>, wording: &'static Wording, known: Vec<Spot>) -> Self {
        Self { sources, wording, known, pending: String::new(), in_code: false }
    }

    /// Takes more of the model's words; gives what is ready to be shown.
    pub fn push(&mut self, text: &str) -> String {
        self.pending.push_str(text);
        self.take(false)
    }

    /// Gives the rest, once no more comes.
    pub fn finish(&mut self) -> String {
        self.take(true)
    }

    fn take(&mut self, all: bool) -> String {
        let mut ready = String::new();
        while let Some(end) = statement_end(&self.pending, all) {
            let rest = self.pending.split_off(end);
            let statement = std::mem::replace(&mut self.pending, rest);
            ready.push_str(&self.cited(&statement));
        }
        ready
    }

    /// A statement with its links.
    fn cited(&mut self, statement: &str) -> String {
        let statement = &without_links(statement);
        if statement.trim_start().starts_with("```") || statement.trim_start().starts_with("~~~") {
            self.in_code = !self.in_code;
        }
        if self.in_code {
            return statement.clone();
        }
        let mut cited = String::with_capacity(statement.len());
        let mut links = Vec::new();
        let mut rest = statement.as_str();
        while let Some((before, quote, after)) = first_quote(rest) {
            cited.push_str(before.trim_end_matches(' '));
            for link in self.links_of(quote) {
                if !links.contains(&link) {
                    cited.push(' ');
                    cited.push_str(&link);
                    links.push(link);
                }
            }
            rest = after;
        }
        cited.push_str(rest);
        if links.is_empty() && is_statement(&cited) {
            let spot = find(&self.sources, &plain(&cited), Likeness::Similar, &(0, 0..0));
            let end = cited.trim_end_matches(['\n', ' ']).len();
            cited.insert_str(end, &format!(" {}", self.link(spot.as_ref())));
        }
        cited
    }

    /// The links of what stands between double brackets; one that says so where nothing was found.
    fn links_of(&self, inner: &str) -> Vec<String> {
        let spots = spots(inner, &self.sources, &(0, 0..0), &self.known);
        if spots.is_empty() {
            return vec![self.link(None)];
        }
        spots.iter().map(|spot| self.link(Some(spot))).collect()
    }

    /// The links of passages, each with a space before it; one that says so where there are none.
    pub fn links(&self, spots: &[Spot]) -> String {
        let links: Vec<_> = spots.iter().map(|spot| self.link(Some(spot))).collect();
        if links.is_empty() {
            format!(" {}", self.link(None))
        } else {
            format!(" {}", links.join(" "))
        }
    }

    fn link(&self, spot: Option<&Spot>) -> String {
        let source = spot.and_then(|(which, range)| Some((self.sources.get(*which)?, range)));
        let Some((source, range)) = source else {
            return format!("[{}]({})", self.wording.unverified, Passage::NotFound);
        };
        let mut label = place::label(source, range, self.wording);
        if self.sources.len() > 1 {
            label = format!("{}, {label}", source.name);
        }
        let passage = Passage::Of { document: source.name.clone(), range: range.clone() };
        format!("[{}]({passage})", escaped(&label))
    }
}

/// The passages that are meant by what stands between double brackets: a quote, or numbers of
/// `known` passages, the first of which is 1. None where nothing is found.
pub(crate) fn spots(inner: &str, sources: &[Source], near: &Spot, known: &[Spot]) -> Vec<Spot> {
    let numbers: Option<Vec<usize>> = inner
        .split([',', ';', ' '])
        .filter(|part| !part.is_empty())
        .map(|part| part.strip_prefix('#')?.parse().ok())
        .collect();
    match numbers.filter(|numbers| !numbers.is_empty()) {
        Some(numbers) => {
            numbers.iter().filter_map(|n| known.get(n.checked_sub(1)?)).cloned().collect()
        }
        None => {
            let marks = ['"', '“', '”', '«', '»', '\u{a0}', '\u{202f}'];
            let quote = inner.trim().trim_matches(marks);
            find(sources, quote, Likeness::Similar, near).into_iter().collect()
        }
    }
}

/// The best place of these words in the documents, of equals the one nearby.
pub(crate) fn find(
    sources: &[Source],
    words: &str,
    at_least: Likeness,
    near: &Spot,
) -> Option<Spot> {
    let found = sources.iter().enumerate().filter_map(|(which, source)| {
        let near = if near.0 == which { near.1.clone() } else { 0..0 };
        let found = source.quotes().find(words, &near)?;
        Some((found.likeness, which, found.range))
    });
    let best = found.min_by_key(|(likeness, which, _)| (*likeness, *which != near.0));
    best.filter(|(likeness, _, _)| *likeness <= at_least).map(|(_, which, range)| (which, range))
}

/// The end of the first statement with its quotes: a line, or a sentence within one. None while
/// more has to come before that can be told.
fn statement_end(text: &str, all: bool) -> Option<usize> {
    if text.is_empty() {
        return None;
    }
    let whole = all.then_some(text.len());
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with(OPEN) {
            match rest.find(CLOSE) {
                Some(close) => at += close + CLOSE.len(),
                None if rest.len() > LONGEST_QUOTE => at += OPEN.len(),
                None => return whole,
            }
            // A quote behind the sentence's end belongs to it; one before its end does not end it.
            let ended = text[..at].rfind(OPEN).is_some_and(|open| {
                text[..open].trim_end().ends_with(['.', '!', '?', '…', '。', '！', '？', ']'])
            });
            let after = text[at..].trim_start_matches(' ');
            if ended && !after.is_empty() && after != "[" && !after.starts_with(OPEN) {
                let stop = after.strip_prefix(['.', '!', '?', ',']).map_or(0, |_| 1);
                return Some(if after.len() < text[at..].len() { at } else { at + stop });
            }
            continue;
        }
        if rest.starts_with('\n') {
            return Some(at + 1);
        }
        let ends = passages::sentence_ends(&text[at..]);
        let line = rest.find('\n');
        let open = rest.find(OPEN);
        let end = ends.first().copied().filter(|end| *end < rest.len() || all);
        let nearest = [
            line.map(|place| (place, false)),
            open.map(|place| (place, false)),
            end.map(|end| (end, true)),
        ];
        match nearest.into_iter().flatten().min() {
            Some((end, true)) => {
                let behind = at + end;
                let spaces = rest[..end].len() - rest[..end].trim_end_matches(' ').len();
                let after = &text[behind..];
                if after.starts_with(OPEN) {
                    at = behind;
                } else if (after.is_empty() || after == "[") && !all {
                    return None;
                } else if after.starts_with(char::is_lowercase) {
                    // An abbreviation.
                    at = behind;
                } else {
                    return Some(behind - spaces);
                }
            }
            Some((place, false)) if place > 0 => at += place,
            Some(_) => {}
            None => return whole,
        }
    }
    whole
}

/// What stands before the first quote, the quote, and what stands after.
pub(crate) fn first_quote(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(OPEN)?;
    let (quote, after) = rest.split_once(CLOSE)?;
    Some((before, quote, after))
}

/// Whether it says something that could be checked: no heading, no row of a table, no
/// introduction to what follows.
fn is_statement(text: &str) -> bool {
    let text = text.trim();
    let other = text.starts_with(['#', '|', '>']) || text.ends_with(':') || text.ends_with(": **");
    !other && words::tokens(text).take(SHORTEST_STATEMENT).count() == SHORTEST_STATEMENT
}

/// The words of a line without the marks of Markdown.
fn plain(text: &str) -> String {
    text.replace(['*', '_', '`', '#', '>'], " ")
}

/// The text without links of the model's own to passages: only what was found is led to.
fn without_links(text: &str) -> String {
    text.replace("passage:", "passage\u{2060}:")
}

/// A label as Markdown shows it.
pub(crate) fn escaped(label: &str) -> String {
    let mut escaped = String::with_capacity(label.len());
    for c in label.chars() {
        if matches!(c, '\\' | '[' | ']' | '*' | '_' | '`' | '<' | '>' | '&' | '|' | '$' | '~') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use documents::{Document, Kind, Page};
    use proptest::prelude::*;

    use super::*;

    fn sources() -> Arc<Vec<Source>> {
        let page = |text: &str| Page { text: text.to_owned(), ..Page::default() };
        let pages = vec![
            page("The lease ends on 31 March of every year."),
            page("Either party may give notice of three months, in writing."),
        ];
        let document = Document { kind: Kind::Page, pages, notes: Vec::new() };
        Arc::new(vec![Source::new("a b.pdf", &document)])
    }

    fn cite(text: &str) -> String {
        let mut citer = Citer::new(sources(), Wording::of(None), vec![(0, 0..9)]);
        citer.push(text) + &citer.finish()
    }

    const NOTICE: &str = "[p. 2](passage:42-99/a%20b.pdf)";

    #[test]
    fn a_quote_becomes_a_link_to_its_page() {
        let end = "[p. 1](passage:4-26/a%20b.pdf)";
        assert_eq!(
            cite("It ends in March. [[lease ends on 31 March]]\n"),
            format!("It ends in March. {end}\n")
        );
        assert_eq!(
            cite("It ends in March [[lease ends on 31 March]]."),
            format!("It ends in March {end}.")
        );
        assert_eq!(
            cite("It ends in March. [[lease ends on 31 March]] Then nothing."),
            format!("It ends in March. {end} Then nothing.")
        );
    }

    #[test]
    fn what_was_not_quoted_is_found_or_marked() {
        let line = "- Either party may give notice of three months in writing.\n";
        let cited = cite(line);
        assert!(
            cited.starts_with(
                "- Either party may give notice of three months in writing. [p. 2](passage:"
            ),
            "{cited}"
        );
        assert_eq!(
            cite("The tenant has to pay for all repairs."),
            "The tenant has to pay for all repairs. [unverified](passage:not-found)"
        );
        assert_eq!(
            cite("The tenant pays. [[the tenant shall pay for all repairs]]"),
            "The tenant pays. [unverified](passage:not-found)"
        );
    }

    #[test]
    fn known_passages_are_meant_by_their_numbers() {
        assert_eq!(cite("So it is [[#1]]."), "So it is [p. 1](passage:0-9/a%20b.pdf).");
        assert_eq!(cite("So it is [[#7]]."), "So it is [unverified](passage:not-found).");
    }

    #[test]
    fn what_says_nothing_to_check_is_left_alone() {
        for text in [
            "# What the lease says about its end\n\n",
            "Here is the summary that you asked for:\n",
            "```\nlet notice = three months of writing;\n```\n",
            "| Clause | What it says about the end of it |\n|---|---|\n",
            "Yes.",
        ] {
            assert_eq!(cite(text), text);
        }
    }

    #[test]
    fn a_model_makes_no_links_to_passages_itself() {
        let cited = cite("See [p. 1](passage:1-2/a) for all of what it says.");
        assert!(!cited.contains("(passage:1"), "{cited}");
    }

    proptest! {
        #[test]
        fn how_the_words_arrive_changes_nothing(
            pieces in proptest::collection::vec("(It ends\\. |[a-c]{1,3}[.!]? |\\[\\[|\\]\\]|31 March|\n|\\[|#1|```)", 0..14),
            cuts in proptest::collection::vec(0..6usize, 0..40),
        ) {
            let text = pieces.concat();
            let mut citer = Citer::new(sources(), Wording::of(Some("fr")), vec![(0, 0..9)]);
            let mut cited = String::new();
            let mut characters = text.chars();
            for cut in cuts {
                let part: String = characters.by_ref().take(cut).collect();
                cited.push_str(&citer.push(&part));
            }
            cited.push_str(&citer.push(&characters.collect::<String>()));
            cited.push_str(&citer.finish());
            let mut whole = Citer::new(sources(), Wording::of(Some("fr")), vec![(0, 0..9)]);
            prop_assert_eq!(cited, whole.push(&text) + &whole.finish());
        }
    }

    #[test]
    fn a_link_is_made_as_it_is_read() {
        assert!(
            NOTICE.contains(
                &Passage::Of { document: "a b.pdf".to_owned(), range: 42..99 }.to_string()
            )
        );
    }
}
