//! A text that is translated as a whole.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::inline::{self, Chunk, Level, Node, Told};
use crate::lay::{Layer, Meaning, Meanings, meanings};
use crate::{marks, numbers};

/// What is wrong with a translation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// There is none; the text stays in its own language.
    Missing,
    /// Marks are missing, or stand where they cannot: formats, links or placeholders may have moved.
    Marks,
    /// Its numbers are others.
    Numbers,
}

/// A text that is translated as a whole: a paragraph, a cell, a heading.
#[derive(Debug)]
pub struct Segment {
    /// The part of the file that it stands in.
    pub(crate) part: usize,
    /// Where it stands there.
    pub(crate) range: Range<usize>,
    level: Level,
    fixed: Vec<(u32, String)>,
    escape: fn(&str) -> String,
    source: String,
    /// The spaces around it.
    lead: String,
    trail: String,
}

impl Segment {
    /// The segment of what stands there; none where it holds no words.
    pub(crate) fn new(
        part: usize,
        range: Range<usize>,
        nodes: Vec<Node>,
        escape: fn(&str) -> String,
    ) -> Option<Self> {
        let mut told = Told::default();
        let level = inline::paragraph(nodes, escape, &mut told);
        let text = told.text.as_str();
        let start = text.len() - text.trim_start().len();
        let source = text.trim();
        let (lead, trail) = (&text[..start], &text[start + source.len()..]);
        if !marks::without(source).contains(char::is_alphabetic) {
            return None;
        }
        let (lead, trail) = (lead.to_owned(), trail.to_owned());
        let source = source.to_owned();
        Some(Self { part, range, level, fixed: told.fixed, escape, source, lead, trail })
    }

    /// The text as a model is told it: one line, with marks.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// A text with these marks as a person reads it: without them, what is fixed in its place.
    pub fn plain(&self, marked: &str) -> String {
        let meanings = self.meanings();
        let answer = marks::read(marked, |mark| is_single(&meanings, mark));
        let mut plain = String::new();
        write_plain(&answer.parts, &meanings, &mut plain);
        plain
    }

    /// The text as a model is told it without its formats: what is fixed keeps its mark, spaces,
    /// pictures and notes' numbers are spaces. Words that marks part are whole in it.
    pub fn words(&self) -> String {
        let meanings = self.meanings();
        let source = marks::read(&self.source, |mark| is_single(&meanings, mark));
        let mut words = String::new();
        write_words(&source.parts, &meanings, &mut words);
        words
    }

    /// What is wrong with a translation of it.
    pub fn check(&self, answer: &str) -> Vec<Problem> {
        let words = marks::without(answer);
        if !words.contains(char::is_alphanumeric) {
            return vec![Problem::Missing];
        }
        let mut problems = Vec::new();
        let meanings = self.meanings();
        let read = marks::read(answer, |mark| is_single(&meanings, mark));
        let is_right = |(mark, (meaning, within)): (&u32, &(Meaning<'_>, Option<u32>))| {
            let found = read.found.get(mark);
            // What stands alone may go wherever the words around it go.
            found.is_some_and(|(count, parent)| {
                *count == 1 && (meaning.is_single() || parent == within)
            })
        };
        if !read.whole || !meanings.iter().all(is_right) {
            problems.push(Problem::Marks);
        }
        if !numbers::same(&marks::without(&self.source), &words) {
            problems.push(Problem::Numbers);
        }
        problems
    }

    /// What stands in the place of the text once it is translated so; none where nothing changes.
    pub(crate) fn laid(&self, answer: &str) -> Option<Vec<Chunk>> {
        let answer = answer.trim();
        if answer == self.source || answer.is_empty() {
            return None;
        }
        let meanings = self.meanings();
        let answer = format!("{}{answer}{}", self.lead, self.trail);
        let read = marks::read(&answer, |mark| is_single(&meanings, mark));
        Some(Layer::lay(&self.level, &read.parts, &meanings, self.escape))
    }

    fn meanings(&self) -> Meanings<'_> {
        let mut all = Meanings::new();
        meanings(&self.level, None, &mut all);
        let fixed = self.fixed.iter();
        all.extend(fixed.map(|(mark, text)| (*mark, (Meaning::Fixed(text), None))));
        all
    }
}

fn is_single(meanings: &Meanings<'_>, mark: u32) -> Option<bool> {
    meanings.get(&mark).map(|(meaning, _)| meaning.is_single())
}

fn write_words(parts: &[marks::Part], meanings: &Meanings<'_>, words: &mut String) {
    for part in parts {
        match part {
            marks::Part::Text(text) => words.push_str(text),
            marks::Part::Pair(_, inner) => write_words(inner, meanings, words),
            marks::Part::Single(mark) => match meanings.get(mark) {
                Some((Meaning::Fixed(text), _)) if !text.trim().is_empty() => {
                    words.push_str(&marks::single(*mark));
                }
                _ if !words.ends_with(char::is_whitespace) => words.push(' '),
                _ => {}
            },
        }
    }
}

fn write_plain(parts: &[marks::Part], meanings: &Meanings<'_>, plain: &mut String) {
    for part in parts {
        match part {
            marks::Part::Text(text) => plain.push_str(text),
            marks::Part::Pair(_, inner) => write_plain(inner, meanings, plain),
            marks::Part::Single(mark) => match meanings.get(mark) {
                Some((Meaning::Fixed(text), _)) => plain.push_str(text),
                // A tabulator, a picture or a note's number: words do not run together there.
                _ if !plain.ends_with(char::is_whitespace) => plain.push(' '),
                _ => {}
            },
        }
    }
}
