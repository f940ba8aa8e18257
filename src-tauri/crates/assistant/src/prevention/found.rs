//! What was found in what is to be sent, for a person to see.

use ::prevention::{Action, Finding, Kind};
use serde::{Deserialize, Serialize};

/// The most characters that are shown of what was found.
const SHOWN: usize = 60;

/// In what of a request something was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FoundIn {
    /// The text of the question.
    Question,
    /// A file that goes with it.
    File {
        /// Its name.
        name: String,
    },
    /// What goes beside it: instructions, files of the folder, what was said before.
    Context,
}

/// Something that was found in what is to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Found {
    /// What it is.
    pub kind: Kind,
    /// What the organisation calls the list or pattern that it comes from.
    pub rule: Option<String>,
    /// What is done about it.
    pub action: Action,
    /// Where it is.
    pub place: FoundIn,
    /// Where it begins there, in UTF-16 code units.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// The words, or their beginning.
    pub words: String,
}

impl Found {
    /// What was found in a text, in order.
    pub(crate) fn all(text: &str, findings: Vec<Finding>, place: &FoundIn) -> Vec<Self> {
        let (mut at, mut units) = (0, 0);
        let mut place_of = |byte: usize| {
            units += text.get(at..byte).unwrap_or_default().encode_utf16().count();
            at = byte;
            u32::try_from(units).unwrap_or(u32::MAX)
        };
        let mut all = Vec::with_capacity(findings.len());
        for finding in findings {
            let words = text.get(finding.range.clone()).unwrap_or_default();
            let mut shown: String = words.chars().take(SHOWN).collect();
            if shown.len() < words.len() {
                shown.push('…');
            }
            all.push(Self {
                kind: finding.kind,
                rule: finding.rule.as_deref().map(str::to_owned),
                action: finding.action,
                place: place.clone(),
                start: place_of(finding.range.start),
                end: place_of(finding.range.end),
                words: shown,
            });
        }
        all
    }
}
