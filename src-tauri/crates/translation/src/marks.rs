//! Marks in a text that came back from a model.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

/// How deep pairs may lie in each other.
const DEPTH: usize = 64;

/// A part of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// Text.
    Text(String),
    /// A mark that stands alone.
    Single(u32),
    /// What lies between the two marks of a pair.
    Pair(u32, Vec<Part>),
}

/// An answer, with its marks told from its text.
#[derive(Debug)]
pub(crate) struct Answer {
    pub parts: Vec<Part>,
    /// How often each mark stands in it, and the pair that it stands in first.
    pub found: HashMap<u32, (u32, Option<u32>)>,
    /// Whether every pair has both its marks, and none crosses another.
    pub whole: bool,
}

#[allow(clippy::expect_used, reason = "a test compiles it")]
static MARK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"<\s*(/?)\s*[xX]?\s*(\d{1,6})\s*(/?)\s*>").expect("a regular expression")
});

/// Reads an answer. `is_single` says whether a mark stands alone; none for one that was never given.
/// What is no mark is text; a mark that makes no sense is left out.
pub(crate) fn read(answer: &str, is_single: impl Fn(u32) -> Option<bool>) -> Answer {
    let mut open: Vec<(u32, Vec<Part>)> = Vec::new();
    let mut parts: Vec<Part> = Vec::new();
    let mut found: HashMap<u32, (u32, Option<u32>)> = HashMap::new();
    let mut whole = true;
    let mut last = 0;
    for mark in MARK.captures_iter(answer) {
        let Some(all) = mark.get(0) else { continue };
        push(&mut parts, Part::Text(answer[last..all.start()].to_owned()));
        last = all.end();
        let number = mark.get(2).and_then(|number| number.as_str().parse().ok()).unwrap_or(0);
        let is = |group| mark.get(group).is_some_and(|slash| !slash.as_str().is_empty());
        let (closes, alone) = (is(1), is(3));
        let mut count = |parent: Option<u32>| {
            let entry = found.entry(number).or_insert((0, parent));
            entry.0 += 1;
        };
        let parent = open.last().map(|(number, _)| *number);
        match is_single(number) {
            None => whole = false,
            Some(true) if closes => whole = false,
            Some(true) => {
                count(parent);
                parts.push(Part::Single(number));
            }
            Some(false) if closes => match open.iter().rposition(|(begun, _)| *begun == number) {
                Some(place) => {
                    // Those that cross it are undone.
                    whole &= place + 1 == open.len();
                    while open.len() > place + 1 {
                        undo(&mut open, &mut parts);
                    }
                    if let Some((number, before)) = open.pop() {
                        let inner = std::mem::replace(&mut parts, before);
                        parts.push(Part::Pair(number, inner));
                    }
                }
                None => whole = false,
            },
            Some(false) if alone => {
                count(parent);
                parts.push(Part::Pair(number, Vec::new()));
            }
            Some(false) => {
                let nested = open.iter().any(|(begun, _)| *begun == number);
                if nested || open.len() >= DEPTH {
                    whole = false;
                } else {
                    count(parent);
                    open.push((number, std::mem::take(&mut parts)));
                }
            }
        }
    }
    push(&mut parts, Part::Text(answer[last..].to_owned()));
    while !open.is_empty() {
        whole = false;
        undo(&mut open, &mut parts);
    }
    Answer { parts, found, whole }
}

/// Lets what lies in a pair that was never closed lie beside what came before it.
fn undo(open: &mut Vec<(u32, Vec<Part>)>, parts: &mut Vec<Part>) {
    if let Some((_, before)) = open.pop() {
        let inner = std::mem::replace(parts, before);
        inner.into_iter().for_each(|part| push(parts, part));
    }
}

fn push(parts: &mut Vec<Part>, part: Part) {
    match (parts.last_mut(), part) {
        (_, Part::Text(text)) if text.is_empty() => {}
        (Some(Part::Text(before)), Part::Text(text)) => before.push_str(&text),
        (_, part) => parts.push(part),
    }
}

/// A mark that stands alone.
pub(crate) fn single(mark: u32) -> String {
    format!("<x{mark}/>")
}

/// The text without its marks.
pub(crate) fn without(text: &str) -> String {
    MARK.replace_all(text, "").into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Answer {
        read(text, |mark| (mark <= 9).then_some(mark >= 5))
    }

    fn text(text: &str) -> Part {
        Part::Text(text.to_owned())
    }

    #[test]
    fn marks_are_told_from_text() {
        let read = answer("a < b <1>c <x5/><2>d</2></1> e");
        let inner = vec![text("c "), Part::Single(5), Part::Pair(2, vec![text("d")])];
        assert_eq!(read.parts, [text("a < b "), Part::Pair(1, inner), text(" e")]);
        assert!(read.whole);
        assert_eq!(read.found[&2], (1, Some(1)));
    }

    #[test]
    fn what_makes_no_sense_is_left_out_and_no_text_is_lost() {
        for (given, parts) in [
            ("a <1>b", vec![text("a b")]),
            ("a</1> b", vec![text("a b")]),
            ("<1>a <2>b</1> c</2>", vec![Part::Pair(1, vec![text("a b")]), text(" c")]),
            ("a <77>b</77>", vec![text("a b")]),
            ("<1>a <1>b</1></1>", vec![Part::Pair(1, vec![text("a b")])]),
        ] {
            let read = answer(given);
            assert_eq!(read.parts, parts, "{given}");
            assert!(!read.whole, "{given}");
        }
    }

    #[test]
    fn marks_are_known_however_they_are_spelt() {
        let read = answer("< X5 /> <1 >a</ 1> <2/>");
        assert!(read.whole);
        assert_eq!(read.found.len(), 3);
        assert_eq!(without("a <x5/>b</1>"), "a b");
    }
}
