//! What a translation has come to: the document, its texts beside their translations, its file.

use std::path::Path;
use std::sync::Arc;

use conversation::Failure;
use translation::{Document, Problem, Term};

use super::ask::Outcome;
use super::{TranslatedText, TranslationReport, count};
use crate::Assistant;
use crate::whole_file;

/// A document, and what became of its texts.
#[derive(Debug)]
pub struct Translation {
    document: Arc<Document>,
    outcomes: Vec<Outcome>,
    report: TranslationReport,
}

impl Assistant {
    /// Writes the translated document into a file. One that is there is replaced only where `replace`
    /// says so, once the new one is whole.
    ///
    /// # Errors
    /// [`conversation::FailureCode::Forbidden`] where the organisation lets nothing be saved,
    /// [`conversation::FailureCode::Invalid`] where there is a file and it is not to be replaced;
    /// [`conversation::FailureCode::Storage`] where it cannot be written.
    pub fn save_translation(
        &self,
        translation: &Translation,
        file: &Path,
        replace: bool,
    ) -> Result<(), Failure> {
        let content = translation.file()?;
        let event = audit::Event {
            bytes: Some(content.len() as u64),
            ..audit::Event::new(audit::Action::ConversationExport).with("how", "translation")
        };
        self.audited(event, || {
            self.permit(policy::Action::SaveTranslation)?;
            whole_file::write(&content, file, replace)
        })
    }
}

impl Translation {
    /// The translation of a document, whose report says all but what becomes of its texts.
    pub(super) fn new(
        document: Arc<Document>,
        outcomes: Vec<Option<Outcome>>,
        report: TranslationReport,
    ) -> Self {
        let missing = || Outcome { problems: vec![Problem::Missing], ..Outcome::default() };
        let outcomes: Vec<_> =
            outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(missing)).collect();
        let translated = outcomes.iter().filter(|outcome| outcome.answer.is_some()).count();
        let report = TranslationReport {
            texts: count(outcomes.len()),
            translated: count(translated),
            ..report
        };
        let mut translation = Self { document, outcomes, report };
        let is_bad = |text: &TranslatedText| !text.problems.is_empty() || !text.missed.is_empty();
        translation.report.issues = translation.texts().filter(is_bad).collect();
        translation
    }

    /// What became of the texts.
    pub fn report(&self) -> &TranslationReport {
        &self.report
    }

    /// Each text beside its translation, in their order.
    pub fn texts(&self) -> impl Iterator<Item = TranslatedText> + '_ {
        let all = self.document.segments().iter().zip(&self.outcomes).enumerate();
        all.map(|(place, (segment, outcome))| {
            let source = segment.plain(segment.source());
            let missed: Vec<Term> = outcome.missed.clone();
            let answer = outcome.answer.as_deref().map(|answer| segment.plain(answer));
            TranslatedText {
                number: count(place + 1),
                target: answer.unwrap_or_else(|| source.clone()),
                source,
                problems: outcome.problems.clone(),
                missed,
            }
        })
    }

    /// The document with its translations in it. It blocks while it is written.
    ///
    /// # Errors
    /// [`conversation::FailureCode::DamagedFile`] where its parts cannot be copied.
    pub fn file(&self) -> Result<Vec<u8>, Failure> {
        let answers: Vec<_> = self.outcomes.iter().map(|outcome| outcome.answer.clone()).collect();
        Ok(self.document.write(&answers)?)
    }

    /// A name for the translated file: `note.docx` becomes `note.fr.docx`.
    pub fn file_name(&self, name: &str) -> String {
        let to = &self.report.to;
        match name.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => format!("{stem}.{to}.{extension}"),
            _ => format!("{name}.{to}"),
        }
    }
}
