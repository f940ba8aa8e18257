//! One translation, from its document to what became of its texts.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use conversation::{Failure, FailureCode};
use futures::stream::{self, StreamExt};
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use translation::{Document, Glossary, Problem, Term};

use super::ask::{Outcome, Text, Translator};
use super::batches::{batches, different};
use super::{TextTranslation, TranslatedText, TranslationProgress, TranslationReport};
use crate::attachment::name_of;
use crate::reading::read_whole;
use crate::{Assistant, language};

/// How many bytes of a document's texts tell its language.
const SAMPLE: usize = 8_000;

/// How a text is to be translated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct TranslationChoices {
    /// The language to translate into, as a BCP 47 tag.
    pub to: String,
    /// The language that it is in; none to find that out.
    pub from: Option<String>,
    /// The model to ask; none means the default one.
    pub model: Option<String>,
}

/// What a translation that is under way tells, and what ends it.
#[derive(Debug, Clone)]
pub struct Translating {
    /// How far it has come.
    pub progress: watch::Sender<TranslationProgress>,
    /// Stops it; what is done is kept.
    pub stop: CancellationToken,
}

impl Default for Translating {
    fn default() -> Self {
        Self {
            progress: watch::Sender::new(TranslationProgress::default()),
            stop: CancellationToken::new(),
        }
    }
}

/// A document, and what became of its texts.
#[derive(Debug)]
pub struct Translation {
    document: Arc<Document>,
    outcomes: Vec<Outcome>,
    report: TranslationReport,
}

impl Assistant {
    /// The document in a file, with the texts in it that can be translated. It blocks.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] where there is no such file; else as
    /// [`translatable`](Self::translatable).
    pub fn translatable_file(&self, file: &Path) -> Result<Arc<Document>, Failure> {
        self.translatable(&name_of(file), read_whole(file)?)
    }

    /// A document with the texts in it that can be translated. It blocks while it is read.
    ///
    /// # Errors
    /// [`FailureCode::EmptyFile`], [`FailureCode::UnsupportedFile`], [`FailureCode::DamagedFile`] or
    /// [`FailureCode::FileTooLarge`].
    pub fn translatable(&self, name: &str, data: Vec<u8>) -> Result<Arc<Document>, Failure> {
        let told = |failure: Failure| Failure {
            message: if name.is_empty() {
                failure.message
            } else {
                format!("{name}: {}", failure.message)
            },
            code: failure.code,
            retry_after: None,
        };
        Document::read(name, data).map(Arc::new).map_err(|error| told(error.into()))
    }

    /// Translates a text that is in no file, which is Markdown.
    ///
    /// # Errors
    /// As [`translate`](Self::translate).
    pub async fn translate_text(
        &self,
        text: &str,
        choices: &TranslationChoices,
        glossary: Glossary,
        under_way: &Translating,
    ) -> Result<TextTranslation, Failure> {
        let document = Arc::new(Document::of_text(text));
        let translation = self.translate(document, choices, glossary, under_way).await?;
        Ok(TextTranslation {
            text: String::from_utf8_lossy(&translation.file()?).into_owned(),
            texts: translation.texts().collect(),
            report: translation.report().clone(),
        })
    }

    /// Translates the texts of a document. It stops when it is told to; what is translated by then
    /// stays so, also where the model fails in the midst.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] for what is no tag of a language, [`FailureCode::EmptyFile`] where
    /// there is no text; else why nothing was translated.
    pub async fn translate(
        &self,
        document: Arc<Document>,
        choices: &TranslationChoices,
        glossary: Glossary,
        under_way: &Translating,
    ) -> Result<Translation, Failure> {
        let to = language::checked(&choices.to)?.to_owned();
        let from = choices.from.as_deref().filter(|tag| !tag.is_empty());
        let from = from.map(language::checked).transpose()?;
        let segments = document.segments();
        if segments.is_empty() {
            let message = "there is no text to translate in it";
            return Err(Failure::new(FailureCode::EmptyFile, message));
        }
        let from = from.map(str::to_owned).or_else(|| detected(&document));
        let chosen = self.choose(choices.model.as_deref()).await?;
        let translator = Translator {
            room: self.room(&chosen),
            model: chosen.model,
            name: chosen.name,
            parameters: chosen.parameters,
            from: from.clone(),
            to: to.clone(),
            glossary,
        };
        let different = different(segments.iter().map(translation::Segment::source));
        let lengths: Vec<_> = different.iter().map(|(line, _)| line.len()).collect();
        let batches = batches(&lengths, translator.room.bytes, translator.room.small);
        let mut outcomes = vec![None; segments.len()];
        let mut failure = None;
        let total = count(segments.len());
        under_way.progress.send_replace(TranslationProgress { done: 0, total });
        let text = |place: &usize| {
            let (line, places) = &different[*place];
            Text { line, segment: &segments[places[0]] }
        };
        let translator = &translator;
        let asked = batches.into_iter().map(|batch| async move {
            let texts: Vec<_> = batch.iter().map(text).collect();
            let outcomes = translator.translate(&texts).await;
            (batch, outcomes)
        });
        let mut answered = stream::iter(asked).buffer_unordered(translator.room.at_once.max(1));
        loop {
            let next = tokio::select! {
                biased;
                () = under_way.stop.cancelled() => break,
                next = answered.next() => next,
            };
            let Some((batch, result)) = next else { break };
            match result {
                Ok(translated) => {
                    for (which, outcome) in batch.into_iter().zip(translated) {
                        failure = failure.or_else(|| outcome.failure.clone());
                        for place in &different[which].1 {
                            outcomes[*place] = Some(outcome.clone());
                        }
                    }
                    let done = count(outcomes.iter().flatten().count());
                    under_way.progress.send_replace(TranslationProgress { done, total });
                }
                Err(reason) => {
                    failure = Some(reason);
                    break;
                }
            }
        }
        drop(answered);
        let any = outcomes.iter().flatten().any(|outcome| outcome.answer.is_some());
        match failure {
            Some(failure) if !any => Err(failure),
            failure => {
                let stopped = under_way.stop.is_cancelled();
                Ok(Translation::of(document.clone(), outcomes, from, to, stopped, failure))
            }
        }
    }
}

impl Translation {
    fn of(
        document: Arc<Document>,
        outcomes: Vec<Option<Outcome>>,
        from: Option<String>,
        to: String,
        stopped: bool,
        failure: Option<Failure>,
    ) -> Self {
        let missing = || Outcome { problems: vec![Problem::Missing], ..Outcome::default() };
        let outcomes: Vec<_> =
            outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(missing)).collect();
        let mut translation = Self {
            report: TranslationReport {
                from,
                to,
                texts: count(outcomes.len()),
                translated: count(outcomes.iter().filter(|o| o.answer.is_some()).count()),
                issues: Vec::new(),
                stopped,
                failure,
            },
            document,
            outcomes,
        };
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
    /// [`FailureCode::DamagedFile`] where its parts cannot be copied.
    pub fn file(&self) -> Result<Vec<u8>, Failure> {
        let answers: Vec<_> = self.outcomes.iter().map(|outcome| outcome.answer.clone()).collect();
        Ok(self.document.write(&answers)?)
    }

    /// Writes that document into a file. One that is there is replaced only where `replace` says so,
    /// once the new one is whole.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where there is one and it does not; [`FailureCode::Storage`] where it
    /// cannot be written.
    pub fn save(&self, file: &Path, replace: bool) -> Result<(), Failure> {
        let unwritable = |error: &std::io::Error| {
            let message = format!("{} cannot be written: {error}", file.display());
            Failure::new(FailureCode::Storage, message)
        };
        let content = self.file()?;
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut whole =
            NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(|e| unwritable(&e))?;
        whole.write_all(&content).map_err(|error| unwritable(&error))?;
        whole.as_file().sync_all().map_err(|error| unwritable(&error))?;
        if replace {
            return whole.persist(file).map(drop).map_err(|error| unwritable(&error.error));
        }
        whole.persist_noclobber(file).map(drop).map_err(|error| match error.error.kind() {
            std::io::ErrorKind::AlreadyExists => exists(file),
            _ => unwritable(&error.error),
        })
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

fn exists(file: &Path) -> Failure {
    let message = format!("{} is there already, and stays as it is", file.display());
    Failure::new(FailureCode::Invalid, message)
}

fn detected(document: &Document) -> Option<String> {
    let mut sample = String::new();
    for segment in document.segments() {
        sample.push_str(&segment.plain(segment.source()));
        sample.push('\n');
        if sample.len() > SAMPLE {
            break;
        }
    }
    language::detected(&sample).map(str::to_owned)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
