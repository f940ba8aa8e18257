//! What a person chooses about a summary.

use conversation::{Failure, FailureCode};
use serde::{Deserialize, Serialize};

use crate::language;

/// How a summary is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct SummaryChoices {
    /// How long.
    pub length: SummaryLength,
    /// In what form.
    pub form: SummaryForm,
    /// In which language, as a BCP 47 tag; none for the document's own.
    pub language: Option<String>,
    /// What it is to be about above all; empty for everything.
    pub focus: String,
}

/// How long a summary is to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum SummaryLength {
    /// A few sentences.
    Short,
    /// Half a page.
    #[default]
    Medium,
    /// A page or two.
    Long,
}

/// The form of a summary.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum SummaryForm {
    /// Paragraphs.
    Paragraph,
    /// A list.
    #[default]
    Bullets,
    /// A table.
    Table,
    /// What is to be decided, the facts, the choices, and what follows from each.
    DecisionNote,
    /// The French administration's *note de synthèse*: subject, summary, analysis, conclusion.
    NoteDeSynthese,
    /// What several documents have in common, and where they differ.
    Comparison,
}

/// The most characters of a focus.
const LONGEST_FOCUS: usize = 1000;

impl SummaryChoices {
    /// The choices, if they can be meant.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] for a focus of a thousand characters or more, or what is no tag of
    /// a language.
    pub(crate) fn checked(mut self) -> Result<Self, Failure> {
        self.focus = self.focus.trim().to_owned();
        if self.focus.chars().count() > LONGEST_FOCUS {
            let message = format!("a focus has at most {LONGEST_FOCUS} characters");
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        self.language = self.language.filter(|tag| !tag.is_empty());
        self.language.as_deref().map(language::checked).transpose()?;
        Ok(self)
    }
}
