//! The passages that a question is about, by Okapi BM25 (Robertson and Zaragoza, “The
//! Probabilistic Relevance Framework: BM25 and Beyond”, 2009, section 3.4.1).

use std::collections::HashMap;
use std::ops::Range;

use crate::cut;

/// How soon another occurrence of a word says nothing new.
const K1: f64 = 1.2;
/// How much a long passage is made to count for less.
const B: f64 = 0.75;
/// Of about so many bytes is a passage: a paragraph or two.
const PASSAGE: usize = 1200;

/// The passages of a text that a question is about, of at most so many bytes together, in the
/// order of the text; neighbours are one. Where the question shares no word with the text, its
/// beginning.
pub fn relevant(text: &str, question: &str, most: usize) -> Vec<Range<usize>> {
    let passages = cut(text, PASSAGE.min(most));
    let scores = scores(text, &passages, question);
    let mut order: Vec<_> = (0..passages.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
    let none = order.first().is_none_or(|best| scores[*best] == 0.0);
    let mut room = most;
    let mut chosen = Vec::new();
    for place in order {
        if (scores[place] == 0.0 && !none) || passages[place].len() > room {
            break;
        }
        room -= passages[place].len();
        chosen.push(place);
    }
    chosen.sort_unstable();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for place in chosen {
        let passage = passages[place].clone();
        match ranges.last_mut() {
            Some(last) if last.end == passage.start => last.end = passage.end,
            _ => ranges.push(passage),
        }
    }
    ranges
}

fn scores(text: &str, passages: &[Range<usize>], question: &str) -> Vec<f64> {
    let mut sought: Vec<_> = words::tokens(question).map(|token| token.folded).collect();
    sought.sort_unstable();
    sought.dedup();
    let mut counts = vec![HashMap::<&str, u32>::new(); passages.len()];
    let mut lengths = vec![0u32; passages.len()];
    for (place, passage) in passages.iter().enumerate() {
        for token in words::tokens(&text[passage.clone()]) {
            lengths[place] += 1;
            if let Ok(found) = sought.binary_search(&token.folded) {
                *counts[place].entry(&sought[found]).or_default() += 1;
            }
        }
    }
    let total = passages.len() as f64;
    let average = (lengths.iter().map(|length| f64::from(*length)).sum::<f64>() / total).max(1.0);
    let mut scores = vec![0.0; passages.len()];
    for word in &sought {
        let holding = counts.iter().filter(|counts| counts.contains_key(word.as_str())).count();
        let holding = holding as f64;
        let weight = ((total - holding + 0.5) / (holding + 0.5) + 1.0).ln();
        for (place, score) in scores.iter_mut().enumerate() {
            let count = f64::from(counts[place].get(word.as_str()).copied().unwrap_or(0));
            let length = K1 * (1.0 - B + B * f64::from(lengths[place]) / average);
            *score += weight * count * (K1 + 1.0) / (count + length);
        }
    }
    scores
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_the_question_names_comes_first() {
        let filler =
            "Nothing of note happened on this day, and the office closed early. ".repeat(30);
        let text = format!("{filler}\n\nLe délai de résiliation est de trois mois.\n\n{filler}");
        let found = relevant(&text, "quel délai pour la RESILIATION ?", 1300);
        assert!(found.iter().any(|range| text[range.clone()].contains("trois mois")), "{found:?}");
    }

    #[test]
    fn a_question_about_nothing_in_it_gets_its_beginning() {
        let text = "Alpha. ".repeat(1000);
        assert_eq!(relevant(&text, "zzz", 1500).first().map(|range| range.start), Some(0));
    }

    proptest! {
        #[test]
        fn no_more_is_given_than_there_is_room_for(
            text in "[a-d \n.é]{0,400}", question in "[a-d é]{0,20}", most in 0..300usize,
        ) {
            let found = relevant(&text, &question, most);
            prop_assert!(found.iter().map(Range::len).sum::<usize>() <= most.max(4));
            prop_assert!(found.windows(2).all(|pair| pair[0].end < pair[1].start));
            prop_assert!(found.iter().all(|range| text.get(range.clone()).is_some()));
        }
    }
}
