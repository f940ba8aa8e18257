//! What terms are to be called in another language.

use conversation::{Failure, FailureCode};
use serde::{Deserialize, Serialize};

/// How many terms a glossary may have.
const TERMS: usize = 5_000;
/// How many characters a term may have.
const LENGTH: usize = 200;

/// A term, and what it is to be called.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// What it is called in the text.
    pub source: String,
    /// What it is to be called in the translation.
    pub target: String,
}

/// Terms that a translation has to use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glossary {
    terms: Vec<Term>,
}

/// A glossary that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GlossaryError {
    /// A line is no term and its translation.
    #[error(
        "line {line} of the glossary: {problem}; each line is a term and its translation, such as “convention,agreement”"
    )]
    Line {
        /// Which; the first is 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// It is too long.
    #[error("a glossary has at most {TERMS} terms")]
    TooLong,
}

impl From<GlossaryError> for Failure {
    fn from(error: GlossaryError) -> Self {
        Self::new(FailureCode::Invalid, error.to_string())
    }
}

impl Glossary {
    /// A glossary of these terms, those that are empty left out. Of two for one term the last holds.
    ///
    /// # Errors
    /// [`GlossaryError`].
    pub fn new(terms: impl IntoIterator<Item = Term>) -> Result<Self, GlossaryError> {
        let mut glossary = Self::default();
        for (place, term) in terms.into_iter().enumerate() {
            let tidy = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let (source, target) = (tidy(&term.source), tidy(&term.target));
            let problem = |problem: &str| GlossaryError::Line {
                line: place + 1,
                problem: problem.to_owned(),
            };
            match (source.is_empty(), target.is_empty()) {
                (true, true) => continue,
                (true, false) => return Err(problem("the term is missing")),
                (false, true) => return Err(problem("the translation is missing")),
                (false, false) => {}
            }
            if source.chars().count().max(target.chars().count()) > LENGTH {
                return Err(problem("the term is too long"));
            }
            let folded = source.to_lowercase();
            glossary.terms.retain(|known| known.source.to_lowercase() != folded);
            glossary.terms.push(Term { source, target });
            if glossary.terms.len() > TERMS {
                return Err(GlossaryError::TooLong);
            }
        }
        Ok(glossary)
    }

    /// Reads a table (RFC 4180) of a term and its translation a line, separated by commas,
    /// semicolons or tabulators. A first line that says `source` or `term` is a heading.
    ///
    /// # Errors
    /// [`GlossaryError`].
    pub fn from_csv(text: &str) -> Result<Self, GlossaryError> {
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let separators = [b'\t', b';', b','];
        let separator = separators.into_iter().find(|s| first.contains(char::from(*s)));
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator.unwrap_or(b','))
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut terms = Vec::new();
        for (place, record) in reader.records().enumerate() {
            let line = place + 1;
            let record =
                record.map_err(|error| GlossaryError::Line { line, problem: error.to_string() })?;
            let cell = |place: usize| record.get(place).unwrap_or_default().trim().to_owned();
            let is_heading = matches!(cell(0).to_lowercase().as_str(), "source" | "term" | "terme");
            if place == 0 && is_heading && record.len() > 1 {
                continue;
            }
            if record.len() < 2 && !cell(0).is_empty() {
                let problem = "the translation is missing".to_owned();
                return Err(GlossaryError::Line { line, problem });
            }
            terms.push(Term { source: cell(0), target: cell(1) });
        }
        Self::new(terms)
    }

    /// All terms.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The terms that stand in a text, as whole words, in whatever case.
    pub fn within<'a>(&'a self, text: &str) -> Vec<&'a Term> {
        let folded = text.to_lowercase();
        self.terms.iter().filter(|term| stands_in(&folded, &term.source.to_lowercase())).collect()
    }

    /// The terms of a text that its translation does not call what they are to be called. A
    /// translation may bend the end of a word.
    pub fn missed<'a>(&'a self, text: &str, translation: &str) -> Vec<&'a Term> {
        let translation = translation.to_lowercase();
        let is_missed = |term: &&Term| !begins_in(&translation, &term.target.to_lowercase());
        self.within(text).into_iter().filter(is_missed).collect()
    }
}

/// Whether these words stand in a text, neither within others.
fn stands_in(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(place, _)| {
        is_edge(text, place, words) && {
            let end = place + words.len();
            let after = text[end..].chars().next();
            !(after.is_some_and(is_letter) && words.ends_with(is_letter))
        }
    })
}

/// Whether a word of a text begins with these.
fn begins_in(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(place, _)| is_edge(text, place, words))
}

fn is_edge(text: &str, place: usize, words: &str) -> bool {
    let before = text[..place].chars().next_back();
    !(before.is_some_and(is_letter) && words.starts_with(is_letter))
}

/// A letter of a script that parts its words.
fn is_letter(character: char) -> bool {
    character.is_alphanumeric()
        && !matches!(character, '\u{e00}'..='\u{eff}' | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glossary(csv: &str) -> Glossary {
        Glossary::from_csv(csv).unwrap()
    }

    #[test]
    fn a_table_is_read_with_any_separator() {
        let one = Term { source: "bail".into(), target: "lease".into() };
        for csv in [
            "bail,lease",
            "\u{feff}source;target\nbail;lease\n",
            "bail\tlease",
            "x,y\n\"bail\",\" lease\"\nx,y",
        ] {
            assert!(glossary(csv).terms().contains(&one), "{csv}");
        }
        assert_eq!(glossary("a,b\nA,c").terms(), [Term { source: "A".into(), target: "c".into() }]);
    }

    #[test]
    fn a_line_that_is_no_term_is_refused_with_its_number() {
        let error = Glossary::from_csv("a,b\nc\n").unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("translation"), "{error}");
        assert!(Glossary::from_csv(",b").is_err());
        assert!(Glossary::from_csv(&format!("{},b", "a".repeat(201))).is_err());
    }

    #[test]
    fn terms_are_whole_words_and_may_be_bent() {
        let glossary = glossary("bail,lease\nÉtat,State\n契約,contract");
        assert!(glossary.within("Le baillage").is_empty());
        assert_eq!(glossary.within("Le BAIL de l’état").len(), 2);
        assert_eq!(glossary.within("この契約書").len(), 1);
        assert!(glossary.missed("Le bail", "Both leases").is_empty());
        assert_eq!(glossary.missed("Le bail", "The release"), [&glossary.terms()[0]]);
    }
}
