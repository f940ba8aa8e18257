//! The sentences that say most of what a text is about: those whose words weigh most in it. This
//! is extractive summarisation by the centroid of a document (Radev et al., “Centroid-based
//! summarization of multiple documents”, 2004), with words weighed by how often they stand in
//! the text and in how few of its sentences.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::quote::sentence_ends;

/// What has fewer or more words is no sentence to show.
const WORDS: std::ops::RangeInclusive<usize> = 6..=60;
/// Words of fewer characters are in every sentence.
const SHORTEST_WORD: usize = 4;
/// What share of a sentence's weight others that are shown may have said already.
const SAID: f64 = 0.7;

/// At most so many sentences, in the order of the text. None says what another one does.
pub fn central(text: &str, most: usize) -> Vec<Range<usize>> {
    let sentences = sentences(text);
    let words: Vec<HashSet<String>> = sentences.iter().map(|s| weighty(&text[s.clone()])).collect();
    let mut counts: HashMap<&str, f64> = HashMap::new();
    for word in words.iter().flatten() {
        *counts.entry(word).or_default() += 1.0;
    }
    let total = sentences.len() as f64;
    // What stands in one sentence alone is not what the text is about.
    let weight = |word: &String| {
        let count = counts.get(word.as_str()).copied().unwrap_or(0.0);
        if count < 2.0 { 0.0 } else { count.sqrt() * (total / count).ln().max(0.1) }
    };
    let score = |place: usize| {
        let sum: f64 = words[place].iter().map(weight).sum();
        // The first sentences of a text often say what it is.
        let early = if place < 3 { 1.2 } else { 1.0 };
        early * sum / (words[place].len() as f64 + 4.0)
    };
    let mut order: Vec<_> = (0..sentences.len()).map(|place| (score(place), place)).collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut chosen: Vec<usize> = Vec::new();
    let mut said: HashSet<&String> = HashSet::new();
    // A text whose sentences share no words has nothing that it is about; its first ones do then.
    let about = order.first().is_some_and(|(score, _)| *score > 0.0);
    for (score, place) in order {
        if chosen.len() == most || (about && score == 0.0) {
            break;
        }
        let all: f64 = words[place].iter().map(|word| weight(word).max(0.1)).sum();
        let known: f64 = words[place]
            .iter()
            .filter(|w| said.contains(w))
            .map(|word| weight(word).max(0.1))
            .sum();
        if known <= SAID * all {
            said.extend(&words[place]);
            chosen.push(place);
        }
    }
    chosen.sort_unstable();
    chosen.into_iter().map(|place| sentences[place].clone()).collect()
}

/// The sentences of the paragraphs: no headings, tables, lists of code.
fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\u{c}']) {
        let whole = start..start + line.len();
        start = whole.end;
        if line.trim_start().starts_with(['#', '|', '`', '>']) {
            continue;
        }
        let mut from = 0;
        for end in sentence_ends(line).into_iter().chain([line.len()]) {
            let sentence = &line[from..end];
            let begin = sentence.len() - sentence.trim_start_matches([' ', '-', '*']).len();
            let range = whole.start + from + begin..whole.start + from + sentence.trim_end().len();
            from = end;
            if range.start < range.end
                && WORDS.contains(&words::tokens(&text[range.clone()]).count())
            {
                sentences.push(range);
            }
        }
    }
    sentences
}

fn weighty(sentence: &str) -> HashSet<String> {
    let tokens = words::tokens(sentence).map(|token| token.folded);
    tokens.filter(|word| word.chars().count() >= SHORTEST_WORD || words::is_pair(word)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_text_is_about_is_chosen_in_its_order() {
        let text = "# Lease of the flat\n\nThe tenant pays the rent of the flat on the first day. \
            It rained a lot during that particular autumn in town. \
            The rent of the flat is reviewed by the landlord every year. \
            The tenant returns the flat to the landlord at the end.\n\n\
            | rent | flat | tenant | landlord | every | year |\n";
        let chosen: Vec<_> = central(text, 2).into_iter().map(|range| &text[range]).collect();
        assert_eq!(chosen.len(), 2);
        assert!(
            chosen.iter().all(|s| s.contains("the flat") && !s.contains("rained")),
            "{chosen:?}"
        );
    }

    proptest! {
        #[test]
        fn sentences_stand_in_the_text(text in "([a-d]{4,6}[ .\n|é]{1,2}){0,80}", most in 0..5usize) {
            let chosen = central(&text, most);
            prop_assert!(chosen.len() <= most);
            prop_assert!(chosen.windows(2).all(|pair| pair[0].end <= pair[1].start));
            prop_assert!(chosen.iter().all(|range| !text[range.clone()].trim().is_empty()));
        }
    }
}
