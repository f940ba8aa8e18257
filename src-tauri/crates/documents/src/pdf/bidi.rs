//! From the order in which letters stand to the order in which they are read.
//!
//! A file says where letters stand, and what is written from right to left stands the other way
//! round than it is read. This is the way back of the reordering of the Unicode bidirectional
//! algorithm (UAX #9, rule L2) for the two levels that occur in practice: text of one direction
//! with words and numbers of the other in it.

use unicode_bidi::{BidiClass, bidi_class};

use super::lines::Line;
use super::word::Word;

/// Whether a character is written from right to left.
pub(super) fn is_rtl(c: char) -> bool {
    c >= '\u{590}' && matches!(bidi_class(c), BidiClass::R | BidiClass::AL)
}

/// Whether a word is.
pub(super) fn is_rtl_word(word: &Word) -> bool {
    word.text.chars().any(is_rtl)
}

/// The letters of a word and where they begin.
fn letters(word: &Word) -> impl Iterator<Item = (f64, &str)> {
    let letters = word.letters.iter().enumerate();
    letters.map(|(index, letter)| (letter.x0, word.letter(index)))
}

/// Which way something runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Left,
    Right,
    /// As what is around it.
    Either,
}

fn way(text: &str) -> Way {
    let mut found = Way::Either;
    for c in text.chars() {
        match bidi_class(c) {
            BidiClass::R | BidiClass::AL => return Way::Left,
            BidiClass::L | BidiClass::EN | BidiClass::AN => found = Way::Right,
            _ => {}
        }
    }
    found
}

fn word_way(word: &Word) -> Way {
    letters(word).map(|(_, letter)| way(letter)).fold(Way::Either, |found, way| {
        match (found, way) {
            (Way::Left, _) | (_, Way::Left) => Way::Left,
            (Way::Right, _) | (_, Way::Right) => Way::Right,
            _ => Way::Either,
        }
    })
}

/// The words of a line in the order in which they are read, with what stands before each: whether
/// a space does.
pub(super) fn in_reading_order(line: &Line) -> Vec<(bool, &Word)> {
    let space = line.space();
    let mut words: Vec<&Word> = line.words.iter().collect();
    if line.words.iter().any(is_rtl_word) {
        let ways = if is_rtl_line(line) {
            words.reverse();
            Way::Right
        } else {
            Way::Left
        };
        turn_runs(&mut words, ways, |word| word_way(word));
    }
    let mut ordered = Vec::with_capacity(words.len());
    let mut last: Option<&Word> = None;
    for word in words {
        let spaced = last.is_some_and(|last| {
            let (left, right) = if last.x0 <= word.x0 { (last, word) } else { (word, last) };
            line.parts(left, right, space)
        });
        ordered.push((spaced, word));
        last = Some(word);
    }
    ordered
}

/// Whether most of these letters are written from right to left, if any is.
fn mostly_rtl<'w>(words: impl Iterator<Item = &'w Word>) -> bool {
    let (mut left, mut right) = (0, 0);
    for (_, letter) in words.flat_map(letters) {
        match way(letter) {
            Way::Left => left += 1,
            Way::Right => right += 1,
            Way::Either => {}
        }
    }
    // A line may hold more of a foreign name than of its own words.
    left > 0 && left * 2 >= right
}

/// Whether a line is written from right to left, with words of the other way in it at most.
pub(super) fn is_rtl_line(line: &Line) -> bool {
    line.words.iter().any(is_rtl_word) && mostly_rtl(line.words.iter())
}

/// The text of a word of a line that is written from right to left, or is not.
pub(super) fn text(word: &Word, rtl: bool) -> String {
    if !rtl && !is_rtl_word(word) {
        return super::unicode::written(&word.text);
    }
    let mut letters: Vec<(f64, &str)> = letters(word).collect();
    letters.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let ways = if rtl || mostly_rtl(std::iter::once(word)) {
        letters.reverse();
        Way::Right
    } else {
        Way::Left
    };
    turn_runs(&mut letters, ways, |(_, letter)| way(letter));
    let text: String = letters.into_iter().map(|(_, letter)| letter).collect();
    super::unicode::written(&text)
}

/// Reverses every run of what runs this way, with what is between its parts.
fn turn_runs<T>(items: &mut [T], which: Way, way: impl Fn(&T) -> Way) {
    let mut start = 0;
    while start < items.len() {
        let run = items.get_mut(start..).unwrap_or_default();
        if run.first().is_none_or(|item| way(item) != which) {
            start += 1;
            continue;
        }
        let other = run.iter().position(|item| way(item) != which && way(item) != Way::Either);
        let reach = other.unwrap_or(run.len());
        let run = run.get_mut(..reach).unwrap_or_default();
        let end = run.iter().rposition(|item| way(item) == which).map_or(1, |last| last + 1);
        if let Some(run) = run.get_mut(..end) {
            run.reverse();
        }
        start += end;
    }
}
