//! A set of labelled sentences, French and English, to measure what the check finds and what it
//! takes for something that it is not.
//!
//! `set.txt` is the set: a sentence a line, what is to be found in it between `⟦kind|` and `⟧`, and
//! the escapes `\n` and `\\`. It is made by this module, from published formats, with a fixed seed;
//! check digits are computed here from the standards' own descriptions and not by the detectors'
//! code. Nothing in it is anyone's: numbers are drawn, names are made of common parts.

mod numbers;
mod random;
mod secrets;
mod sentences;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use crate::{Action, Checker, Kind, Pattern, Rules, RulesError, WordList};
use random::Random;

/// The set as it is kept.
pub const SET: &str = include_str!("set.txt");

/// A sentence, and what is to be found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The text.
    pub text: String,
    /// What is to be found: its kind and bytes, in order.
    pub labels: Vec<(Kind, Range<usize>)>,
}

/// How well a kind is found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// How many there are to find.
    pub labelled: usize,
    /// How many of those were found whole.
    pub found: usize,
    /// How many findings there were.
    pub told: usize,
    /// How many of those are right.
    pub right: usize,
}

impl Score {
    /// The share of what there is that was found whole.
    pub fn recall(&self) -> f64 {
        self.found as f64 / self.labelled.max(1) as f64
    }

    /// The share of what was told that is right.
    pub fn precision(&self) -> f64 {
        if self.told == 0 { 1.0 } else { self.right as f64 / self.told as f64 }
    }
}

/// The rules that the set is measured with: everything noted, and the lists that it draws on.
pub fn rules() -> Rules {
    let list = |name: &str, entries: &[&str]| WordList {
        name: name.to_owned(),
        action: Action::Note,
        entries: entries.iter().map(|entry| (*entry).to_owned()).collect(),
        file: None,
    };
    let by_list = [Kind::Name, Kind::Word, Kind::Pattern];
    Rules {
        reason: None,
        kinds: Kind::all().filter(|k| !by_list.contains(k)).map(|k| (k, Action::Note)).collect(),
        names: vec![list("People", &sentences::PEOPLE)],
        words: vec![list("Projects", &sentences::PROJECTS)],
        patterns: vec![Pattern {
            name: "File number".to_owned(),
            action: Action::Note,
            pattern: r"\bDOS-20\d{2}-\d{5}\b".to_owned(),
        }],
        markings: Vec::new(),
    }
}

/// Measures a checker with [`rules`] on sentences: what is labelled counts as found where one
/// finding of its kind covers it, and a finding as right where it touches a label of its kind.
///
/// # Errors
/// [`RulesError`], which the rules of the set do not give.
pub fn measure(set: &[Sentence]) -> Result<BTreeMap<Kind, Score>, RulesError> {
    let checker = Checker::new(&rules())?;
    let mut scores: BTreeMap<Kind, Score> = BTreeMap::new();
    for Sentence { text, labels } in set {
        let findings = checker.check(text);
        for (kind, range) in labels {
            let score = scores.entry(*kind).or_default();
            score.labelled += 1;
            score.found += usize::from(findings.iter().any(|finding| {
                finding.kind == *kind
                    && finding.range.start <= range.start
                    && range.end <= finding.range.end
            }));
        }
        for finding in &findings {
            let score = scores.entry(finding.kind).or_default();
            score.told += 1;
            score.right += usize::from(labels.iter().any(|(kind, range)| {
                finding.kind == *kind
                    && finding.range.start < range.end
                    && range.start < finding.range.end
            }));
        }
    }
    Ok(scores)
}

/// The sentences where something is missed or taken for what it is not, each with what was told.
///
/// # Errors
/// As [`measure`].
pub fn mistakes(set: &[Sentence]) -> Result<Vec<String>, RulesError> {
    let checker = Checker::new(&rules())?;
    let mut mistakes = Vec::new();
    for sentence in set {
        let told: Vec<_> =
            checker.check(&sentence.text).into_iter().map(|f| (f.kind, f.range)).collect();
        if told != sentence.labels {
            let told = Sentence { labels: told, ..sentence.clone() };
            let (right, told) = (written(std::slice::from_ref(sentence)), written(&[told]));
            mistakes.push(format!("{right}{told}"));
        }
    }
    Ok(mistakes)
}

/// Makes the set.
pub fn generated() -> Vec<Sentence> {
    let mut random = Random::new(2026);
    let mut set = Vec::new();
    for marked in sentences::all(&mut random) {
        set.extend(parsed(&marked));
    }
    set
}

/// Reads sentences as `set.txt` has them.
pub fn read(set: &str) -> Vec<Sentence> {
    set.lines().filter_map(|line| parsed(&unescaped(line))).collect()
}

/// Writes sentences as `set.txt` has them.
pub fn written(set: &[Sentence]) -> String {
    let mut written = String::new();
    for Sentence { text, labels } in set {
        let mut from = 0;
        let mut line = String::new();
        for (kind, range) in labels {
            let before = text.get(from..range.start).unwrap_or_default();
            let value = text.get(range.clone()).unwrap_or_default();
            let _ = write!(line, "{before}⟦{}|{value}⟧", kind.as_str());
            from = range.end;
        }
        line.push_str(text.get(from..).unwrap_or_default());
        written.push_str(&line.replace('\\', r"\\").replace('\n', r"\n"));
        written.push('\n');
    }
    written
}

fn unescaped(line: &str) -> String {
    let mut text = String::new();
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' if characters.as_str().starts_with('n') => {
                characters.next();
                text.push('\n');
            }
            '\\' => text.extend(characters.next()),
            c => text.push(c),
        }
    }
    text
}

/// A sentence from its marked form; none where a mark names no kind.
fn parsed(marked: &str) -> Option<Sentence> {
    let (mut text, mut labels) = (String::new(), Vec::new());
    let mut rest = marked;
    while let Some((before, after)) = rest.split_once('⟦') {
        text.push_str(before);
        let (label, after) = after.split_once('⟧')?;
        let (kind, value) = label.split_once('|')?;
        let kind = Kind::all().find(|known| known.as_str() == kind)?;
        labels.push((kind, text.len()..text.len() + value.len()));
        text.push_str(value);
        rest = after;
    }
    text.push_str(rest);
    Some(Sentence { text, labels })
}
