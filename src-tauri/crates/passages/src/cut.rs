//! Cutting a text into parts no longer than a model reads at once, where its structure allows.

use std::ops::Range;

/// Where a text may be cut, the best places first.
const LEVELS: &[fn(&str) -> Vec<usize>] = &[pages, headings, paragraphs, lines, sentences, words];

/// Cuts a text into parts of at most so many bytes (four, if fewer are asked for: a character may
/// need as many). Every byte is in exactly one part. A part ends where a page does, where that
/// does not leave it shorter than need be; else before a heading, after a paragraph, a line, a
/// sentence, a word.
pub fn cut(text: &str, most: usize) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    cut_at(text, 0..text.len(), most.max(4), LEVELS, &mut parts);
    parts
}

fn cut_at(
    text: &str,
    range: Range<usize>,
    most: usize,
    levels: &[fn(&str) -> Vec<usize>],
    parts: &mut Vec<Range<usize>>,
) {
    let mut start = range.start;
    if range.len() <= most {
        if !range.is_empty() {
            parts.push(range);
        }
        return;
    }
    let Some((level, finer)) = levels.split_first() else {
        // One word without end: between any two characters.
        while start < range.end {
            let end = text.floor_char_boundary((start + most).min(range.end));
            parts.push(start..end);
            start = end;
        }
        return;
    };
    let places = level(&text[range.clone()]).into_iter().map(|place| range.start + place);
    let mut end = start;
    for place in places.chain([range.end]) {
        if place - start > most && end > start {
            parts.push(start..end);
            start = end;
        }
        if place - start > most {
            cut_at(text, start..place, most, finer, parts);
            // What is left over at the end of it goes with what follows, where both fit.
            start = match parts.last() {
                Some(last) if place - last.start < most => parts.pop().map_or(place, |p| p.start),
                _ => place,
            };
        }
        end = place;
    }
    if end > start {
        parts.push(start..end);
    }
}

fn pages(text: &str) -> Vec<usize> {
    text.match_indices('\u{c}').map(|(place, _)| place + 1).collect()
}

fn headings(text: &str) -> Vec<usize> {
    text.match_indices("\n#").map(|(place, _)| place + 1).collect()
}

fn paragraphs(text: &str) -> Vec<usize> {
    let breaks = text.match_indices("\n\n");
    breaks.map(|(place, both)| place + both.len()).collect()
}

fn lines(text: &str) -> Vec<usize> {
    text.match_indices('\n').map(|(place, _)| place + 1).collect()
}

fn sentences(text: &str) -> Vec<usize> {
    crate::quote::sentence_ends(text)
}

fn words(text: &str) -> Vec<usize> {
    let spaces = text.match_indices(char::is_whitespace);
    spaces.map(|(place, space)| place + space.len()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_byte_is_in_exactly_one_part(
            text in "[a-c é東\u{c}\n#.\u{1f600}]{0,300}",
            most in 0..80usize,
        ) {
            let parts = cut(&text, most);
            let mut end = 0;
            for part in &parts {
                prop_assert_eq!(part.start, end);
                prop_assert!(!part.is_empty() && part.len() <= most.max(4));
                prop_assert!(text.is_char_boundary(part.end));
                end = part.end;
            }
            prop_assert_eq!(end, text.len());
        }
    }

    #[test]
    fn a_part_ends_with_a_page_or_before_a_heading() {
        let text = "one one\u{c}two\u{c}# A\nthree three\n# B\nfour";
        let parts: Vec<_> = cut(text, 18).into_iter().map(|part| &text[part]).collect();
        assert_eq!(parts, ["one one\u{c}two\u{c}", "# A\nthree three\n", "# B\nfour"]);
    }

    #[test]
    fn a_long_page_leaves_no_small_rest() {
        let text = "aa aa aa aa aa\u{c}bb\u{c}";
        let parts: Vec<_> = cut(text, 10).into_iter().map(|part| &text[part]).collect();
        assert_eq!(parts, ["aa aa aa ", "aa aa\u{c}bb\u{c}"]);
    }
}
