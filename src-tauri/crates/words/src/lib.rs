//! Text as the index holds it: words, and pairs of characters where words are not told apart.
//!
//! FTS5's tokenizer `unicode61` cuts text at what is neither letter, digit nor mark. A run of
//! characters of a script that puts no spaces between words, or puts articles and particles into
//! them, would be one word to it, found by its beginning alone. Such a run is indexed as its pairs
//! of neighbours, each a word, and its last character (bigrams, as Lucene's `CJKBigramFilter`
//! makes them): any part of it is then a phrase of pairs, and a single character is the beginning
//! of one. All other text is indexed as it is.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// One entry of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Where it stands in the text.
    pub range: Range<usize>,
    /// Without case and accents.
    pub folded: String,
}

/// A stretch of text between characters that are not indexed, all of one kind.
enum Stretch {
    /// What `unicode61` makes one word of.
    Word(Range<usize>),
    /// What is indexed by pairs.
    Run(Range<usize>),
}

/// The text with the pairs of its runs in their place, for the index.
pub fn indexed(text: &str) -> Cow<'_, str> {
    paired(text, false)
}

/// The same for what is looked for, which may go on in the text: the last character of a run at
/// its end is not looked for by itself, unless it is all of the run.
pub fn sought(text: &str) -> Cow<'_, str> {
    paired(text, true)
}

/// Whether there is anything in it that the index holds.
pub fn is_searchable(text: &str) -> bool {
    stretches(text).next().is_some()
}

/// Whether its last word is to be looked for as the beginning of one: if it `may_go_on`, or is one
/// character of a run, which pairs begin with. A longer run is found anywhere as it is.
pub fn begins_words(text: &str, may_go_on: bool) -> bool {
    let text = composed(text);
    match stretches(&text).last() {
        Some(Stretch::Run(range)) => characters(&text, range).len() == 1,
        Some(Stretch::Word(range)) => may_go_on && range.end == text.len(),
        None => false,
    }
}

/// The text as [`tokens`] reads it: the same, but for letters that were written in parts.
pub fn composed(text: &str) -> Cow<'_, str> {
    if may_hold_runs(text) && is_nfc_quick(text.chars()) != IsNormalized::Yes {
        return Cow::Owned(text.nfc().collect());
    }
    Cow::Borrowed(text)
}

/// What the index holds of a text, in order. Case and accents are taken away as `unicode61` does,
/// but for letters so rare that a mark is missing where they match.
pub fn tokens(text: &str) -> impl Iterator<Item = Token> {
    stretches(text).flat_map(|stretch| match stretch {
        Stretch::Word(range) => {
            vec![Token { folded: folded(&text[range.clone()]), range }]
        }
        Stretch::Run(range) => {
            let characters = characters(text, range);
            let pair = |place: usize| {
                let (at, first) = &characters[place];
                let mut token = Token { range: at.clone(), folded: first.to_string() };
                if let Some((next, second)) = characters.get(place + 1) {
                    token.range.end = next.end;
                    token.folded.push(*second);
                }
                token
            };
            (0..characters.len()).map(pair).collect()
        }
    })
}

/// Whether it is a pair, and so one token as it stands.
pub fn is_pair(token: &str) -> bool {
    token.chars().count() == 2 && token.chars().all(|c| is_indexed(c) && is_of_a_run(c))
}

/// Without case and accents.
pub fn folded(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    word.nfd().filter(|c| !is_accent(*c)).flat_map(char::to_lowercase).nfc().collect()
}

/// What `unicode61` takes away as an accent.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{331}')
}

fn paired(text: &str, may_go_on: bool) -> Cow<'_, str> {
    if !may_hold_runs(text) {
        return Cow::Borrowed(text);
    }
    let text = composed(text);
    let mut result = String::new();
    let mut copied = 0;
    let mut stretches = stretches(&text).peekable();
    while let Some(stretch) = stretches.next() {
        let Stretch::Run(range) = stretch else { continue };
        result.push_str(&text[copied..range.start]);
        copied = range.end;
        let characters = characters(&text, range);
        for pair in characters.windows(2) {
            result.extend([' ', pair[0].1, pair[1].1]);
        }
        if let Some((_, last)) = characters.last()
            && (characters.len() == 1 || !may_go_on || stretches.peek().is_some())
        {
            result.extend([' ', *last]);
        }
        result.push(' ');
    }
    drop(stretches);
    if copied == 0 {
        return text;
    }
    result.push_str(&text[copied..]);
    Cow::Owned(result)
}

fn stretches(text: &str) -> impl Iterator<Item = Stretch> {
    let mut characters = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, in_run) = loop {
            let (place, c) = characters.next()?;
            if is_indexed(c) {
                break (place, is_of_a_run(c));
            }
        };
        let same = |c: char| is_indexed(c) && is_of_a_run(c) == in_run;
        while characters.next_if(|(_, c)| same(*c)).is_some() {}
        let end = characters.peek().map_or(text.len(), |(place, _)| *place);
        Some(if in_run { Stretch::Run(start..end) } else { Stretch::Word(start..end) })
    })
}

/// The characters of a run as they are indexed: of one width, without what is left out in
/// writing (vowel marks and lengthening of Arabic and Hebrew).
fn characters(text: &str, run: Range<usize>) -> Vec<(Range<usize>, char)> {
    let mut characters = Vec::new();
    for (place, c) in text[run.clone()].char_indices() {
        let start = run.start + place;
        let plain = c.nfkd().filter(|c| !is_left_out(*c)).nfc();
        characters.extend(plain.map(|plain| (start..start + c.len_utf8(), plain)));
    }
    characters
}

fn is_left_out(c: char) -> bool {
    c == '\u{640}'
        || (is_combining_mark(c) && matches!(c, '\u{590}'..='\u{6ff}' | '\u{8d0}'..='\u{8ff}'))
}

/// What the tokenizer is told to index: letters, numbers, marks, and characters of private use.
fn is_indexed(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '\u{e000}'..='\u{f8ff}')
}

/// Whether a run could hold one of the bytes: none of the scripts below starts before U+0590.
fn may_hold_runs(text: &str) -> bool {
    text.bytes().any(|byte| byte >= 0xd6)
}

/// The scripts whose words are not told apart by spaces, or not by spaces alone: Hebrew, Arabic,
/// Thai, Lao, Burmese, Khmer, Korean, Japanese and Chinese (<https://www.unicode.org/charts/>).
fn is_of_a_run(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}'
        | '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{31bf}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{ff66}'..='\u{ffdc}' | '\u{1b000}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded_tokens(text: &str) -> Vec<String> {
        tokens(text).map(|token| token.folded).collect()
    }

    #[test]
    fn text_with_spaces_is_indexed_as_it_is() {
        for text in ["L'été à Paris…", "Προς Москву", "e\u{301}te\u{301}"] {
            assert!(matches!(indexed(text), Cow::Borrowed(same) if same == text), "{text}");
        }
        assert_eq!(folded_tokens("L'Été, e\u{301}t 2x"), ["l", "ete", "et", "2x"]);
    }

    #[test]
    fn text_without_spaces_is_indexed_by_pairs() {
        assert_eq!(indexed("a東京都b 京"), "a 東京 京都 都 b  京 ");
        assert_eq!(sought("東京都"), " 東京 京都 ");
        assert_eq!(sought("京"), " 京 ");
        assert_eq!(sought("東京 tokyo"), " 東京 京  tokyo");
        assert_eq!(folded_tokens("x 東京都"), ["x", "東京", "京都", "都"]);
        let at: Vec<_> = tokens("é東京").map(|token| token.range).collect();
        assert_eq!(at, [0..2, 2..8, 5..8]);
    }

    #[test]
    fn widths_vowels_and_letters_in_parts_are_one() {
        assert_eq!(indexed("ｱｲ"), indexed("アイ"));
        assert_eq!(indexed("كِتَاب"), indexed("كتاب"));
        assert_eq!(indexed("أحمد"), indexed("احمد"));
        assert_eq!(indexed("か\u{3099}く"), indexed("がく"));
        assert!(begins_words("a 京", false) && !begins_words("a 東京", true));
        assert!(begins_words("京 a", true) && !begins_words("a.", true));
    }

    proptest! {
        #[test]
        fn what_is_indexed_has_the_same_tokens(text in "[a-eé東京都ไทยكتاب ,゙]{0,20}") {
            let composed = composed(&text);
            let of_the_index: Vec<_> = indexed(&text)
                .split(|c: char| !is_indexed(c))
                .filter(|word| !word.is_empty())
                .map(folded)
                .collect();
            prop_assert_eq!(folded_tokens(&composed), of_the_index);
        }
    }
}
