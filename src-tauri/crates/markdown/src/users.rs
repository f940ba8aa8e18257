//! Which closed segments mean something else when a definition changes.

use std::collections::{BTreeSet, HashMap};

use crate::definitions::{footnote_candidates, normalised};

/// The closed segments by what they look up.
#[derive(Debug, Default)]
pub struct Users {
    links: HashMap<String, BTreeSet<usize>>,
    footnotes: HashMap<String, BTreeSet<usize>>,
    referring: BTreeSet<usize>,
}

impl Users {
    /// Keeps what a segment with this source looked up: the labels of links, and of footnotes,
    /// some of which it found if it `refers`.
    pub fn add(&mut self, segment: usize, source: &str, links: Vec<String>, refers: bool) {
        for label in links {
            self.links.entry(label).or_default().insert(segment);
        }
        for label in footnote_candidates(source) {
            self.footnotes.entry(normalised(label)).or_default().insert(segment);
        }
        if refers {
            self.referring.insert(segment);
        }
    }

    /// The segments that looked up the label of a link.
    pub fn of_link(&self, label: &str) -> impl Iterator<Item = usize> {
        self.links.get(label).into_iter().flatten().copied()
    }

    /// The segments that may refer to a footnote.
    pub fn of_footnote(&self, label: &str) -> impl Iterator<Item = usize> {
        self.footnotes.get(label).into_iter().flatten().copied()
    }

    /// The segments from `first` on that refer to footnotes, whose numbers depend on those before.
    pub fn referring_from(&self, first: usize) -> impl Iterator<Item = usize> {
        self.referring.range(first..).copied()
    }
}
