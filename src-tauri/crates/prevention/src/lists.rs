//! The organisation's lists of names and words, and its patterns.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::{Regex, RegexBuilder};

use crate::candidate::{Candidate, Certainty};
use crate::fold::{self, Folded};
use crate::rules::{MAX_WORD, MAX_WORDS};
use crate::{Action, Kind, Rules, RulesError, WordList};

/// Bytes that a compiled pattern may take.
const PATTERN_SIZE: usize = 1 << 20;

/// What the organisation looks for beside what everyone does.
pub(crate) struct Lists {
    /// All entries of all lists; none where there are none.
    entries: Option<AhoCorasick>,
    /// The list of each entry.
    of: Vec<usize>,
    patterns: Vec<(usize, Regex)>,
    /// The lists and patterns: kind, name, action.
    pub rules: Vec<(Kind, String, Action)>,
}

impl Lists {
    pub fn new(rules: &Rules) -> Result<Self, RulesError> {
        let mut all: BTreeMap<String, usize> = BTreeMap::new();
        let mut described = Vec::new();
        let lists = rules.names.iter().map(|list| (Kind::Name, list));
        for (kind, list) in lists.chain(rules.words.iter().map(|list| (Kind::Word, list))) {
            let place = described.len();
            described.push((kind, list.name.clone(), list.action));
            if list.action == Action::Off {
                continue;
            }
            for entry in entries(list)? {
                let turned = if kind == Kind::Name { turned(&entry) } else { Vec::new() };
                for form in std::iter::once(entry).chain(turned) {
                    // What stands in several lists is of the strictest.
                    let known = all.entry(form).or_insert(place);
                    if described[*known].2 < list.action {
                        *known = place;
                    }
                }
            }
        }
        let action = rules.action(Kind::Marking);
        if action != Action::Off && !rules.markings.is_empty() {
            let name = Kind::Marking.as_str().to_owned();
            let list = WordList {
                name: name.clone(),
                action,
                entries: rules.markings.clone(),
                file: None,
            };
            let place = described.len();
            described.push((Kind::Marking, name, action));
            for entry in entries(&list)? {
                all.insert(entry, place);
            }
        }
        if all.len() > MAX_WORDS {
            return Err(RulesError::TooMuch { what: format!("more than {MAX_WORDS} words") });
        }
        let mut patterns = Vec::new();
        for own in rules.patterns.iter().filter(|own| own.action != Action::Off) {
            let pattern = RegexBuilder::new(&own.pattern)
                .size_limit(PATTERN_SIZE)
                .dfa_size_limit(2 * PATTERN_SIZE)
                .build()
                .map_err(|error| RulesError::Pattern {
                    name: own.name.clone(),
                    problem: error.to_string(),
                })?;
            patterns.push((described.len(), pattern));
            described.push((Kind::Pattern, own.name.clone(), own.action));
        }
        let entries = (!all.is_empty())
            .then(|| {
                AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(all.keys())
            })
            .transpose()
            .map_err(|error| RulesError::TooMuch { what: error.to_string() })?;
        Ok(Self { entries, of: all.into_values().collect(), patterns, rules: described })
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.entries.is_none() && self.patterns.is_empty()
    }

    pub fn find(&self, text: &str, found: &mut Vec<Candidate>) {
        if let Some(entries) = &self.entries {
            let folded = Folded::new(text);
            found.extend(words_in(entries, text, &folded).map(|(entry, range)| {
                let rule = self.of[entry];
                let rule_of = Some(rule);
                Candidate {
                    rule: rule_of,
                    ..Candidate::new(self.rules[rule].0, range, Certainty::Listed)
                }
            }));
        }
        for (rule, pattern) in &self.patterns {
            let matches = pattern.find_iter(text).filter(|found| !found.is_empty());
            found.extend(matches.map(|matched| Candidate {
                rule: Some(*rule),
                ..Candidate::new(Kind::Pattern, matched.range(), Certainty::Listed)
            }));
        }
    }
}

/// Where entries stand as whole words: each with the bytes that it takes of the text. One that
/// begins within a word hides none that begins with the next.
pub(crate) fn words_in<'a>(
    entries: &'a AhoCorasick,
    text: &'a str,
    folded: &'a Folded,
) -> impl Iterator<Item = (usize, std::ops::Range<usize>)> + 'a {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let input = aho_corasick::Input::new(&folded.text).span(from..folded.text.len());
            let matched = entries.find(input)?;
            match folded.whole_words(text, matched.range()) {
                Some(range) => {
                    from = matched.end();
                    return Some((matched.pattern().as_usize(), range));
                }
                None => from = matched.start() + 1,
            }
        }
    })
}

/// The entries of a list, folded.
fn entries(list: &WordList) -> Result<Vec<String>, RulesError> {
    let mut all = list.entries.clone();
    if let Some(file) = &list.file {
        let text = std::fs::read_to_string(file).map_err(|source| RulesError::File {
            name: list.name.clone(),
            file: file.clone(),
            source,
        })?;
        let lines = text.lines().map(str::trim);
        all.extend(lines.filter(|l| !l.is_empty() && !l.starts_with('#')).map(str::to_owned));
    }
    let checked = all.iter().enumerate().map(|(place, entry)| {
        let folded = fold::folded(entry);
        if !folded.chars().any(char::is_alphanumeric) {
            return Err(RulesError::NoWord { name: list.name.clone(), entry: place + 1 });
        }
        if folded.len() > MAX_WORD {
            let what = format!("an entry of more than {MAX_WORD} bytes in “{}”", list.name);
            return Err(RulesError::TooMuch { what });
        }
        Ok(folded)
    });
    checked.collect()
}

/// A name with its last words first, as registers write it: “Moreau Jeanne”, “d'Aubigné Éléonore”.
fn turned(name: &str) -> Vec<String> {
    let splits = name.match_indices(' ').take(4);
    splits.map(|(at, _)| format!("{} {}", &name[at + 1..], &name[..at])).collect()
}
