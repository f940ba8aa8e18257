//! What is to be known of a translation.

use conversation::Failure;
use serde::{Deserialize, Serialize};
use translation::{Problem, Term};

use crate::Found;

/// How far a translation has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct TranslationProgress {
    /// Texts that are translated.
    pub done: u32,
    /// Texts in all.
    pub total: u32,
}

/// A text beside its translation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct TranslatedText {
    /// Which of the document's texts it is; the first is 1.
    pub number: u32,
    /// The text, without its marks.
    pub source: String,
    /// Its translation; the text itself where there is none.
    pub target: String,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// The terms of the glossary that it does not use.
    pub missed: Vec<Term>,
}

/// What became of a document's texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct TranslationReport {
    /// The language that it was translated from, as a BCP 47 tag; none where it could not be told.
    pub from: Option<String>,
    /// The language that it was translated into.
    pub to: String,
    /// How many texts it has.
    pub texts: u32,
    /// How many of them are translated.
    pub translated: u32,
    /// Those that are to be looked at.
    pub issues: Vec<TranslatedText>,
    /// What the rules of prevention found in what was sent, each once.
    pub found: Vec<Found>,
    /// Whether it was stopped before its end.
    pub stopped: bool,
    /// Why some texts are not translated, where the model failed.
    pub failure: Option<Failure>,
}

/// A text that is in no file, translated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct TextTranslation {
    /// The whole translation, as Markdown.
    pub text: String,
    /// Its paragraphs, each beside its translation.
    pub texts: Vec<TranslatedText>,
    /// What became of them.
    pub report: TranslationReport,
}
