//! Where a quote stands in a text: letter for letter, else word for word, else where most of its
//! words stand close together.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// How a quote was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// Letter for letter.
    Exact,
    /// The same words in the same order; case, accents, spaces and punctuation may differ.
    SameWords,
    /// Most of its words, close together.
    Similar,
}

/// Where a quote was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its place in the text.
    pub range: Range<usize>,
    /// How it was found.
    pub likeness: Likeness,
}

/// A text in which quotes are looked for.
pub struct Quotes {
    text: Arc<str>,
    /// Where each word stands, and its number in `postings`.
    words: Vec<(Range<usize>, u32)>,
    numbers: HashMap<String, u32>,
    /// The places in `words` of each word.
    postings: Vec<Vec<u32>>,
}

/// A part of a quote with fewer words than this stands anywhere by chance.
const FEWEST: usize = 3;
/// Words that stand in the text more often than this are not looked at for what is similar.
const COMMON: usize = 2000;
/// The share of the weight of a quote's words that must stand together to be similar.
const SIMILAR: f64 = 0.6;
/// Parts of a quote with something left out between them stand no further apart than so many words.
const LEFT_OUT: usize = 200;

impl Quotes {
    /// Reads the text, once for all quotes.
    pub fn new(text: Arc<str>) -> Self {
        let mut quotes = Self {
            text: text.clone(),
            words: Vec::new(),
            numbers: HashMap::new(),
            postings: Vec::new(),
        };
        for token in words::tokens(&text) {
            let next = quotes.postings.len() as u32;
            let number = *quotes.numbers.entry(token.folded).or_insert(next);
            if number == next {
                quotes.postings.push(Vec::new());
            }
            quotes.postings[number as usize].push(quotes.words.len() as u32);
            quotes.words.push((token.range, number));
        }
        quotes
    }

    /// Where the quote stands; of several places the first in `near`, else the first. A quote with
    /// “…” or “[…]” in it is looked for in parts. None where it does not stand in the text, or is
    /// too short to tell.
    pub fn find(&self, quote: &str, near: &Range<usize>) -> Option<Found> {
        let quote = quote.trim();
        let tokens: Vec<_> = words::tokens(quote).map(|token| token.folded).collect();
        if tokens.len() < FEWEST && quote.chars().count() < 12 {
            return None;
        }
        let exact = self.exact(quote, near).map(|start| start..start + quote.len());
        if let Some(range) = exact {
            return Some(Found { range, likeness: Likeness::Exact });
        }
        let parts = quote.split(['…']).flat_map(|part| part.split("..."));
        let parts: Vec<Vec<_>> =
            parts.map(|part| words::tokens(part).map(|token| token.folded).collect()).collect();
        let parts: Vec<_> =
            parts.into_iter().filter(|part: &Vec<_>| part.len() >= FEWEST).collect();
        if let Some(range) = self.same_words(&parts, near) {
            return Some(Found { range, likeness: Likeness::SameWords });
        }
        self.similar(tokens, near).map(|range| Found { range, likeness: Likeness::Similar })
    }

    fn exact(&self, quote: &str, near: &Range<usize>) -> Option<usize> {
        let within = self.text.get(near.clone()).unwrap_or_default();
        let first = within.find(quote).map(|place| near.start + place);
        first.or_else(|| self.text.find(quote))
    }

    /// The place of all parts, one after another.
    fn same_words(&self, parts: &[Vec<String>], near: &Range<usize>) -> Option<Range<usize>> {
        let (first, others) = parts.split_first()?;
        let all_after = |start: usize| {
            let mut end = start + first.len();
            for part in others {
                let next = self.occurrences(part).find(|place| *place >= end)?;
                if next - end > LEFT_OUT {
                    return None;
                }
                end = next + part.len();
            }
            Some(self.words[start].0.start..self.words[end - 1].0.end)
        };
        let mut found = self.occurrences(first).filter_map(all_after).peekable();
        let any = found.peek().cloned();
        found.find(|range| near.start <= range.start && range.end <= near.end).or(any)
    }

    /// The places in `words` at which these stand in this order.
    fn occurrences(&self, words: &[String]) -> impl Iterator<Item = usize> {
        let numbers: Option<Vec<u32>> =
            words.iter().map(|word| self.numbers.get(word).copied()).collect();
        let numbers = numbers.unwrap_or_default();
        let first = numbers.first().map(|first| self.postings[*first as usize].as_slice());
        first.unwrap_or_default().iter().map(|place| *place as usize).filter(move |place| {
            let stands = self.words.get(*place..place + numbers.len());
            stands.is_some_and(|stands| stands.iter().map(|(_, n)| n).eq(&numbers))
        })
    }

    /// The stretch of about the quote's length in which words of most weight stand. A word weighs
    /// the more, the rarer it is in the text; one that the text does not have weighs the most.
    fn similar(&self, mut tokens: Vec<String>, near: &Range<usize>) -> Option<Range<usize>> {
        let length = tokens.len() + tokens.len() / 2;
        tokens.sort_unstable();
        tokens.dedup();
        if tokens.len() < FEWEST + 1 {
            return None;
        }
        let total = self.words.len() as f64 + 1.0;
        let mut whole = 0.0;
        let mut hits = Vec::new();
        for (which, token) in tokens.iter().enumerate() {
            let places = self.numbers.get(token).map(|n| self.postings[*n as usize].as_slice());
            let places = places.unwrap_or_default();
            let weight = (total / (places.len() as f64 + 1.0)).ln();
            if places.len() > COMMON {
                continue;
            }
            whole += weight;
            hits.extend(places.iter().map(|place| (*place as usize, which, weight)));
        }
        hits.sort_unstable_by_key(|(place, which, _)| (*place, *which));
        let mut counts = vec![0u32; tokens.len()];
        let (mut first, mut weight) = (0, 0.0);
        let mut best: Option<(f64, Range<usize>)> = None;
        for last in 0..hits.len() {
            let (place, which, of_it) = hits[last];
            counts[which] += 1;
            weight += if counts[which] == 1 { of_it } else { 0.0 };
            while place - hits[first].0 >= length {
                let (_, left, of_it) = hits[first];
                counts[left] -= 1;
                weight -= if counts[left] == 0 { of_it } else { 0.0 };
                first += 1;
            }
            let range = self.words[hits[first].0].0.start..self.words[place].0.end;
            let is_near = near.start <= range.start && range.end <= near.end;
            let score = if is_near { weight } else { weight - 0.01 };
            if best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, range));
            }
        }
        best.filter(|(most, _)| *most >= SIMILAR * whole && whole > 0.0).map(|(_, range)| range)
    }
}

/// Where sentences end, each with the spaces behind it: after a full stop, a question or an
/// exclamation mark of any script that a space follows, and after those that none follows.
pub fn sentence_ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((_, c)) = characters.next() {
        let wide = matches!(c, '。' | '！' | '？' | '।' | '؟');
        if !wide && !matches!(c, '.' | '!' | '?' | '…') {
            continue;
        }
        loop {
            while characters.next_if(|(_, c)| is_closing(*c)).is_some() {}
            // French puts a space before the mark that closes a quote.
            let mut ahead = characters.clone();
            let space = ahead.next_if(|(_, c)| matches!(c, ' ' | '\u{a0}' | '\u{202f}'));
            if space.is_none() || ahead.next_if(|(_, c)| *c == '»').is_none() {
                break;
            }
            characters = ahead;
        }
        let spaces = std::iter::from_fn(|| characters.next_if(|(_, c)| c.is_whitespace())).count();
        if spaces > 0 || wide {
            ends.push(characters.peek().map_or(text.len(), |(place, _)| *place));
        }
    }
    ends
}

/// Whether it closes what a sentence stands in.
fn is_closing(c: char) -> bool {
    matches!(c, '"' | '\'' | ')' | ']' | '»' | '”' | '’' | '」' | '』' | '）' | '*' | '_')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "The lease ends on 31 March. Either party may give notice of three months, \
        in writing.\u{c}Le loyer est révisé chaque année, selon l’indice. The deposit is two \
        months’ rent. Either party may give notice of three months, in writing.";

    fn find(quote: &str) -> Option<(&'static str, Likeness)> {
        let found = Quotes::new(TEXT.into()).find(quote, &(0..TEXT.len()));
        found.map(|found| (&TEXT[found.range], found.likeness))
    }

    #[test]
    fn quotes_are_found_as_they_are_and_in_other_letters() {
        assert_eq!(find("ends on 31 March"), Some(("ends on 31 March", Likeness::Exact)));
        assert_eq!(
            find("LE LOYER EST REVISE\nchaque annee selon l'indice"),
            Some(("Le loyer est révisé chaque année, selon l’indice", Likeness::SameWords))
        );
        assert_eq!(
            find("The lease ends on […] notice of three months"),
            Some((
                "The lease ends on 31 March. Either party may give notice of three months",
                Likeness::SameWords
            ))
        );
    }

    #[test]
    fn what_says_nearly_the_same_is_similar_and_what_does_not_is_not_found() {
        let (passage, likeness) = find("the deposit amounts to two months rent").unwrap();
        assert_eq!((passage, likeness), ("The deposit is two months’ rent", Likeness::Similar));
        assert_eq!(find("The tenant pays all repairs and the insurance"), None);
        assert_eq!(find("notice of six weeks by telephone"), None);
        assert_eq!(find("lease"), None);
    }

    #[test]
    fn of_several_places_the_one_nearby_is_meant() {
        let quotes = Quotes::new(TEXT.into());
        let second = TEXT.find('\u{c}').unwrap()..TEXT.len();
        for quote in ["notice of three months, in writing", "Notice of three months in writing"] {
            let found = quotes.find(quote, &second).unwrap();
            assert!(second.contains(&found.range.start), "{quote}");
        }
    }

    #[test]
    fn sentences_end_where_they_do() {
        let text = "It costs 3.5 euros. (Really?) « Oui ! » Yes! 東京。京都";
        let mut start = 0;
        let mut sentences = Vec::new();
        for end in sentence_ends(text) {
            sentences.push(&text[start..end]);
            start = end;
        }
        assert_eq!(
            sentences,
            ["It costs 3.5 euros. ", "(Really?) ", "« Oui ! » ", "Yes! ", "東京。"]
        );
    }

    proptest! {
        #[test]
        fn what_stands_in_a_text_is_found(text in "[a-f é東.,]{40,200}", at in 0..20usize) {
            let characters: Vec<_> = text.chars().collect();
            let quote: String = characters[at..at + 15].iter().collect();
            let found = Quotes::new(text.as_str().into()).find(&quote, &(0..text.len()));
            if quote.trim().chars().count() >= 12 {
                let found = found.unwrap();
                prop_assert_eq!((&text[found.range], found.likeness), (quote.trim(), Likeness::Exact));
            }
        }

        #[test]
        fn any_quote_of_any_text_is_looked_for(text in ".{0,200}", quote in ".{0,60}") {
            if let Some(found) = Quotes::new(text.as_str().into()).find(&quote, &(0..0)) {
                prop_assert!(text.get(found.range).is_some());
            }
        }
    }
}
