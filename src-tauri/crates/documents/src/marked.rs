//! Text with the ranges of it that a person does not see.

use std::ops::Range;

/// Text, and which ranges of its bytes are hidden.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked {
    /// The text.
    pub text: String,
    /// In order, and apart from each other.
    pub hidden: Vec<Range<usize>>,
}

impl Marked {
    /// Appends text.
    pub fn push(&mut self, text: &str, hidden: bool) {
        let start = self.text.len();
        self.text.push_str(text);
        if hidden {
            add(&mut self.hidden, start..self.text.len());
        }
    }

    /// Appends another one.
    pub fn append(&mut self, other: &Self) {
        let start = self.text.len();
        self.text.push_str(&other.text);
        for range in &other.hidden {
            add(&mut self.hidden, start + range.start..start + range.end);
        }
    }
}

/// Adds a range behind all others, or makes the last one longer where they touch.
pub fn add(ranges: &mut Vec<Range<usize>>, range: Range<usize>) {
    match ranges.last_mut() {
        _ if range.is_empty() => {}
        Some(last) if last.end == range.start => last.end = range.end,
        _ => ranges.push(range),
    }
}

/// All of these ranges, in order and apart from each other.
pub fn union(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| range.start);
    let mut united: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match united.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => united.push(range),
        }
    }
    united
}
