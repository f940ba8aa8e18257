//! What stands in the place of real words, for one conversation.

use std::collections::HashMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::{Deserialize, Serialize};

use crate::fold::{self, Folded};
use crate::{Action, Finding, Kind, lists};

/// Real words, and the placeholder that goes out for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What the words are.
    pub kind: Kind,
    /// The placeholder's number among those of its kind; the first is 1.
    pub number: u32,
    /// The words, as they stood where they were first found.
    pub words: String,
}

impl Entry {
    /// What goes out: `[PERSON_1]`.
    pub fn placeholder(&self) -> String {
        format!("[{}_{}]", self.kind.label(), self.number)
    }
}

/// Which placeholder stands for which words in a conversation. The same words, however they are
/// spaced, accented or capitalised, always have the same one.
#[derive(Debug, Clone, Default)]
pub struct Replacements {
    entries: Vec<Entry>,
    /// The entry of each words, folded.
    by_words: HashMap<(Kind, String), usize>,
    by_number: HashMap<(Kind, u32), usize>,
    /// All words, to find them again; made anew when one is added.
    finder: std::sync::OnceLock<Option<AhoCorasick>>,
}

impl Replacements {
    /// Those of a conversation, as they were kept.
    pub fn new(entries: Vec<Entry>) -> Self {
        let mut replacements = Self::default();
        entries.into_iter().for_each(|entry| replacements.add(entry));
        replacements
    }

    /// All of them, in the order in which they were made.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The words that a placeholder of this kind and number stands for.
    pub fn words(&self, kind: Kind, number: u32) -> Option<&str> {
        self.by_number.get(&(kind, number)).map(|place| self.entries[*place].words.as_str())
    }

    /// These words as they stood where they were first found; none where they have no placeholder.
    pub fn first(&self, kind: Kind, words: &str) -> Option<&str> {
        let place = self.by_words.get(&(kind, key(kind, words)))?;
        Some(self.entries[*place].words.as_str())
    }

    /// The placeholder for these words; a new one where they have none. No new placeholder is one
    /// that `taken` holds: what a person wrote themselves must not become another's name.
    pub fn placeholder(&mut self, kind: Kind, words: &str, taken: impl Fn(&str) -> bool) -> String {
        let key = (kind, key(kind, words));
        if let Some(place) = self.by_words.get(&key) {
            return self.entries[*place].placeholder();
        }
        let last = self.entries.iter().filter(|entry| entry.kind == kind).map(|entry| entry.number);
        let mut number = last.max().unwrap_or(0) + 1;
        while taken(&format!("[{}_{number}]", kind.label())) {
            number += 1;
        }
        let entry = Entry { kind, number, words: words.to_owned() };
        let placeholder = entry.placeholder();
        self.add(entry);
        placeholder
    }

    /// A text with placeholders for what of it is to be replaced, and where each stands for what:
    /// the bytes of the text, and the placeholder.
    pub fn replace(
        &mut self,
        text: &str,
        findings: &[Finding],
        taken: impl Fn(&str) -> bool,
    ) -> Vec<(Range<usize>, String)> {
        let replaced = findings.iter().filter(|finding| finding.action == Action::Replace);
        replaced
            .map(|finding| {
                let words = &text[finding.range.clone()];
                (finding.range.clone(), self.placeholder(finding.kind, words, &taken))
            })
            .collect()
    }

    /// Where what was replaced before stands in a text.
    pub(crate) fn find(&self, text: &str) -> impl Iterator<Item = (Kind, Range<usize>)> {
        let finder = self.finder.get_or_init(|| {
            let words = self.entries.iter().map(|entry| fold::folded(&entry.words));
            let builder =
                |words| AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words);
            (!self.entries.is_empty()).then(|| builder(words).ok()).flatten()
        });
        let found: Vec<_> = match finder {
            Some(finder) => {
                let folded = Folded::new(text);
                let found = lists::words_in(finder, text, &folded);
                found.map(|(place, range)| (self.entries[place].kind, range)).collect()
            }
            None => Vec::new(),
        };
        found.into_iter()
    }

    fn add(&mut self, entry: Entry) {
        let place = self.entries.len();
        self.by_words.insert((entry.kind, key(entry.kind, &entry.words)), place);
        self.by_number.insert((entry.kind, entry.number), place);
        self.entries.push(entry);
        self.finder = std::sync::OnceLock::new();
    }
}

/// What words have in common however they are written: of numbers their characters, of names and
/// words those without case and accents, of the rest everything.
fn key(kind: Kind, words: &str) -> String {
    match kind {
        Kind::PrivateKey | Kind::Secret | Kind::Pattern => words.to_owned(),
        Kind::Name | Kind::Word | Kind::Marking | Kind::Email | Kind::IpAddress => {
            fold::folded(words)
        }
        Kind::Card
        | Kind::Iban
        | Kind::Nir
        | Kind::Siret
        | Kind::Ssn
        | Kind::Ein
        | Kind::Passport
        | Kind::DrivingLicence
        | Kind::Telephone => {
            let kept = words.chars().filter(|c| c.is_alphanumeric() || *c == '+' || *c == '<');
            kept.flat_map(char::to_uppercase).collect()
        }
    }
}
