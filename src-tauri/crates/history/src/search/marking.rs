//! Where the words of a query stand in a text, and the part of it that shows them.

use std::ops::Range;

use super::query::Word;
use super::{MATCH_END, MATCH_START, plain};
use words::Token;

/// A snippet holds so many words, or single characters where words are not told apart.
const WORDS: usize = 24;
/// So many of them before the first match.
const WORDS_BEFORE: usize = 4;
/// A better place than the first match is looked for in so many words after it.
const WORDS_READ: usize = 1000;
/// What is no word is shown to so many bytes before and after the matches.
const BYTES_AROUND: usize = 300;

/// What a query looks for, as it stands in texts.
pub(crate) struct Marker {
    phrases: Vec<Phrase>,
}

struct Phrase {
    tokens: Vec<String>,
    is_beginning: bool,
}

/// A match: from one token to another, both included, and of which phrase.
struct Place {
    first: usize,
    last: usize,
    phrase: usize,
}

impl Marker {
    /// Of these words.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a Word>) -> Self {
        let phrase = |word: &Word| {
            let sought = words::sought(&word.text).into_owned();
            let tokens = sought.split_whitespace().flat_map(|part| {
                // A pair is already one token; the rest may hold what divides words.
                let whole = words::is_pair(part).then(|| part.to_owned());
                match whole {
                    Some(pair) => vec![pair],
                    None => words::tokens(part).map(|token| token.folded).collect(),
                }
            });
            Phrase { tokens: tokens.collect(), is_beginning: word.is_beginning }
        };
        let phrases = words.into_iter().map(phrase).filter(|phrase| !phrase.tokens.is_empty());
        Self { phrases: phrases.collect() }
    }

    /// Whether the text holds all of them.
    pub fn all_stand_in(&self, text: &str) -> bool {
        let text = words::composed(text);
        let tokens: Vec<_> = words::tokens(&text).collect();
        self.phrases.iter().all(|p| (1..=tokens.len()).any(|end| p.ends_at(&tokens[..end])))
    }

    /// All of the text on one line, the matches marked.
    pub fn whole(&self, text: &str) -> String {
        let text = words::composed(text);
        let (tokens, places) = self.places(&text, usize::MAX);
        marked(&text, 0..text.len(), &tokens, &places).replace('\n', " ")
    }

    /// The part of a Markdown text that holds the most of them, as plain text on one line, the
    /// matches marked; the beginning where none is found.
    pub fn snippet(&self, text: &str) -> String {
        let text = words::composed(text);
        let (tokens, places) = self.places(&text, WORDS_READ);
        let within = |place: &Place| place.first..place.first + WORDS - WORDS_BEFORE;
        let worth = |place: &&Place| {
            let mut phrases: Vec<_> = places
                .iter()
                .skip_while(|other| other.first < place.first)
                .take_while(|other| within(place).contains(&other.last))
                .map(|other| other.phrase)
                .collect();
            phrases.sort_unstable();
            phrases.dedup();
            phrases.len()
        };
        // The first of the best ones.
        let best = places.iter().rev().max_by_key(worth);
        let first = best.map_or(0, |place| place.first.saturating_sub(WORDS_BEFORE));
        let last = (first + WORDS).min(tokens.len());
        let byte_of = |token: Option<&Token>| token.map_or(0, |token| token.range.start);
        let matched = byte_of(tokens.get(best.map_or(0, |place| place.first)));
        let earliest = text.floor_char_boundary(matched.saturating_sub(BYTES_AROUND));
        let start = if first == 0 { 0 } else { byte_of(tokens.get(first)) }.max(earliest);
        let whole_end = if last == tokens.len() { text.len() } else { tokens[last - 1].range.end };
        let end = whole_end.min(text.floor_char_boundary(matched + BYTES_AROUND));
        let mut snippet = plain::of_markdown(&marked(&text, start..end, &tokens, &places));
        if start > 0 {
            snippet.insert(0, '…');
        }
        if end < text.len() {
            snippet.push('…');
        }
        snippet
    }

    /// The tokens of a text to so many after the first match, and the matches.
    fn places(&self, text: &str, after_first: usize) -> (Vec<Token>, Vec<Place>) {
        let mut tokens = Vec::new();
        let mut places: Vec<Place> = Vec::new();
        for token in words::tokens(text) {
            tokens.push(token);
            let last = tokens.len() - 1;
            for (phrase, sought) in self.phrases.iter().enumerate() {
                if sought.ends_at(&tokens) {
                    places.push(Place { first: tokens.len() - sought.tokens.len(), last, phrase });
                }
            }
            let enough = match places.first() {
                Some(place) => last - place.last >= after_first,
                None => self.phrases.is_empty() && last >= WORDS,
            };
            if enough {
                break;
            }
        }
        places.sort_by_key(|place| (place.first, place.last));
        (tokens, places)
    }
}

impl Phrase {
    /// Whether the last of these tokens are this phrase.
    fn ends_at(&self, tokens: &[Token]) -> bool {
        let Some(start) = tokens.len().checked_sub(self.tokens.len()) else { return false };
        let Some((last, before)) = self.tokens.split_last() else { return false };
        let end = &tokens[tokens.len() - 1].folded;
        (end == last || (self.is_beginning && end.starts_with(last)))
            && tokens[start..].iter().zip(before).all(|(token, word)| token.folded == *word)
    }
}

/// A part of the text with the marks in it, and no others.
fn marked(text: &str, part: Range<usize>, tokens: &[Token], places: &[Place]) -> String {
    let mut result = String::new();
    let mut copy = |text: &str, mark: Option<char>| {
        result.extend(text.chars().filter(|c| !matches!(*c, MATCH_START | MATCH_END)));
        result.extend(mark);
    };
    let mut copied = part.start;
    let mut places = places.iter().peekable();
    while let Some(place) = places.next() {
        let start = tokens[place.first].range.start;
        let mut end = tokens[place.last].range.end;
        // Matches that overlap are one.
        while let Some(next) = places.next_if(|next| tokens[next.first].range.start < end) {
            end = end.max(tokens[next.last].range.end);
        }
        if start >= copied && end <= part.end {
            copy(&text[copied..start], Some(MATCH_START));
            copy(&text[start..end], Some(MATCH_END));
            copied = end;
        }
    }
    copy(&text[copied..part.end], None);
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::query::Query;

    fn snippet(query: &str, text: &str) -> String {
        let shown = Marker::new(Query::parse(query).sought()).snippet(text);
        shown.replace(MATCH_START, "<").replace(MATCH_END, ">")
    }

    #[test]
    fn words_are_marked_where_they_stand() {
        assert_eq!(snippet("ete mai", "L'Été, en maison."), "L'<Été>, en <maison>.");
        assert_eq!(snippet("\"en mai\" ", "mai en mai"), "mai <en mai>");
        assert_eq!(snippet("京都", "東京都 京都"), "東<京都> <京都>");
        assert_eq!(snippet("京", "東京都"), "東<京都>");
        assert_eq!(snippet("東京都 x", "東京都x"), "<東京都><x>");
        assert_eq!(snippet("كتاب", "الكِتَاب"), "ال<كِتَاب>");
        assert_eq!(snippet("from:me", "a b\u{2}c"), "a bc");
    }

    #[test]
    fn the_part_with_most_of_the_words_is_shown() {
        let text = format!("un {} un deux {}", "x ".repeat(60), "y ".repeat(60));
        let shown = snippet("un deux ", &text);
        assert!(shown.starts_with("…x x x x <un> <deux> y"), "{shown}");
        assert!(shown.ends_with('…'), "{shown}");
        assert!(snippet("deux ", &format!("{} deux", "#".repeat(5000))).len() < 400);
    }
}
