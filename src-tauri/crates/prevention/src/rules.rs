//! What an organisation or a person wants looked for, and what is done about it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Action, Kind};

/// The most entries of all lists together.
pub(crate) const MAX_WORDS: usize = 500_000;
/// The most bytes that an entry has.
pub(crate) const MAX_WORD: usize = 500;
/// The most patterns.
pub(crate) const MAX_PATTERNS: usize = 200;

/// What is looked for before anything is sent to an endpoint, and what is done about it. The model
/// on this machine is sent nothing, so none of it applies there.
///
/// A kind that no rule names is noted where it does most harm (private keys, secrets, cards, IBAN,
/// social security numbers, markings), and not looked for otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// Why, in the organisation's own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What is done about each kind.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub kinds: BTreeMap<Kind, Action>,
    /// Lists of names, of people above all; they are found in either order of their words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<WordList>,
    /// Lists of words and phrases.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<WordList>,
    /// Patterns, such as those of file numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<Pattern>,
    /// Classification markings beside those that are known (`DIFFUSION RESTREINTE`, `CUI`,
    /// `SECRET` and their like), found wherever they stand as they are written here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub markings: Vec<String>,
}

/// A list of names or words. Case, accents, and what stands between words do not matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WordList {
    /// What the list is called where something of it is found.
    pub name: String,
    /// What is done about what it holds.
    pub action: Action,
    /// Its entries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<String>,
    /// A file with further entries, one a line, as UTF-8. Lines that begin with `#` are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
}

/// A pattern of the organisation's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// What it is called where something matches.
    pub name: String,
    /// What is done about what it matches.
    pub action: Action,
    /// A regular expression in the syntax of <https://docs.rs/regex>, which takes time in
    /// proportion to the text whatever it is.
    pub pattern: String,
}

/// Rules that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// A pattern is no regular expression, or too large a one.
    #[error("the pattern “{name}” of the prevention rules cannot be used: {problem}")]
    Pattern {
        /// What it is called.
        name: String,
        /// Why not.
        problem: String,
    },
    /// A list's file cannot be read.
    #[error("the list “{name}” of the prevention rules cannot be read from {file}: {source}")]
    File {
        /// What the list is called.
        name: String,
        /// The file.
        file: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// An entry is empty, or holds nothing but signs: it would be found everywhere or nowhere.
    #[error("entry {entry} of the list “{name}” of the prevention rules holds no letter or digit")]
    NoWord {
        /// What the list is called.
        name: String,
        /// The entry's place; the first is 1.
        entry: usize,
    },
    /// There is more than can be held.
    #[error("the prevention rules hold {what}; shorten them")]
    TooMuch {
        /// What there is too much of.
        what: String,
    },
    /// A kind that is made of lists cannot be set by itself.
    #[error(
        "the prevention rules set “{0}” under `kinds`; what is done about it is set with each list or pattern"
    )]
    ByList(&'static str),
}

impl Rules {
    /// What is done about a kind.
    pub fn action(&self, kind: Kind) -> Action {
        self.kinds.get(&kind).copied().unwrap_or_else(|| kind.by_default())
    }

    /// These rules made stricter by others: of what both name the stricter action holds, and the
    /// lists of both are looked for. What these say is never weakened.
    #[must_use]
    pub fn stricter(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for (kind, action) in &other.kinds {
            let strictest = both.kinds.entry(*kind).or_insert(*action);
            *strictest = (*strictest).max(*action);
        }
        both.names.extend(other.names.iter().cloned());
        both.words.extend(other.words.iter().cloned());
        both.patterns.extend(other.patterns.iter().cloned());
        both.markings.extend(other.markings.iter().cloned());
        both
    }

    /// Whether they can be used, as far as that can be told without the files of their lists.
    ///
    /// # Errors
    /// [`RulesError`].
    pub fn validate(&self) -> Result<(), RulesError> {
        let without_files = |lists: &[WordList]| {
            lists.iter().map(|list| WordList { file: None, ..list.clone() }).collect()
        };
        let (names, words) = (without_files(&self.names), without_files(&self.words));
        crate::Checker::new(&Self { names, words, ..self.clone() }).map(|_| ())
    }

    /// What is wrong with what they say by themselves.
    pub(crate) fn check(&self) -> Result<(), RulesError> {
        if let Some(kind) = self.kinds.keys().find(|kind| kind.is_listed()) {
            return Err(RulesError::ByList(kind.as_str()));
        }
        if self.patterns.len() > MAX_PATTERNS {
            let what = format!("more than {MAX_PATTERNS} patterns");
            return Err(RulesError::TooMuch { what });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_as_they_are_documented() {
        let rules: Rules = toml::from_str(
            r#"
            markings = ["INTERNE GROUPE"]
            [kinds]
            card = "block"
            email = "off"
            [[names]]
            name = "Patients"
            action = "replace"
            entries = ["Jeanne Moreau"]
            [[patterns]]
            name = "Dossier"
            action = "ask"
            pattern = 'D-\d{6}'
            "#,
        )
        .unwrap();
        assert_eq!(rules.action(Kind::Card), Action::Block);
        assert_eq!(rules.action(Kind::Secret), Action::Note);
        assert_eq!(rules.action(Kind::Telephone), Action::Off);
        assert_eq!(rules.names[0].entries, ["Jeanne Moreau"]);
        assert!(toml::from_str::<Rules>("[kinds]\ncart = \"block\"").is_err());
        assert!(toml::from_str::<Rules>("surprise = 1").is_err());
    }

    #[test]
    fn what_a_person_adds_is_never_milder() {
        let of = |pairs: &[(Kind, Action)]| Rules {
            kinds: pairs.iter().copied().collect(),
            ..Rules::default()
        };
        let policy = of(&[(Kind::Card, Action::Block), (Kind::Email, Action::Note)]);
        let own = of(&[(Kind::Card, Action::Off), (Kind::Email, Action::Replace)]);
        let both = policy.stricter(&own);
        assert_eq!(both.action(Kind::Card), Action::Block);
        assert_eq!(both.action(Kind::Email), Action::Replace);
        // What the policy leaves open is the person's own.
        assert_eq!(
            policy.stricter(&of(&[(Kind::Secret, Action::Off)])).action(Kind::Secret),
            Action::Off
        );
    }
}
