//! One translation, from its document to what has come of it.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use conversation::{ConversationId, Failure, FailureCode, FolderId};
use endpoint::ChatRequest;
use futures::stream::{self, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use translation::{Document, Glossary, Segment};

use super::ask::{Outcome, Text, Translator};
use super::batches::batches;
use super::outgoing::{Line, found_in, let_go, lines};
use super::{TextTranslation, Translation, TranslationProgress, TranslationReport, count};
use crate::attachment::name_of;
use crate::reading::{about, read_whole};
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
    /// The conversation that it belongs to, whose words are replaced as they are there.
    pub conversation: Option<ConversationId>,
    /// The folder of a conversation that is not begun yet.
    pub folder: Option<FolderId>,
    /// Whether a person has said that what is asked about before it leaves may go.
    pub confirmed: bool,
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
    /// [`FailureCode::FileTooLarge`]; [`FailureCode::Forbidden`] where the organisation lets no such
    /// file be sent.
    pub fn translatable(&self, name: &str, data: Vec<u8>) -> Result<Arc<Document>, Failure> {
        // Text without a name was written or piped, and is no file.
        if !name.is_empty() || std::str::from_utf8(&data).is_err() {
            self.note_refusal(audit::Action::MessageSend, self.permit_file(name, &data))?;
        }
        let told = |failure| if name.is_empty() { failure } else { about(name, failure) };
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
    /// there is no text; [`FailureCode::Prevented`] and [`FailureCode::ConfirmationNeeded`] where it
    /// holds what must not leave: nothing of it was sent then; else why nothing was translated.
    pub async fn translate(
        &self,
        document: Arc<Document>,
        choices: &TranslationChoices,
        glossary: Glossary,
        under_way: &Translating,
    ) -> Result<Translation, Failure> {
        let translation = self.run(document, choices, glossary, under_way).await;
        self.note_refusal(audit::Action::MessageSend, translation)
    }

    async fn run(
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
        let history = match choices.conversation {
            Some(id) => self.history_of(id)?,
            None => self.history()?,
        };
        let guard = self.guard(&chosen, &history, choices.conversation, choices.confirmed)?;
        let translator = Translator {
            model: chosen.guarded(guard.clone())?,
            guard: guard.clone(),
            room: self.room(&chosen),
            name: chosen.name.clone(),
            parameters: chosen.parameters.clone(),
            from: from.clone(),
            to: to.clone(),
            glossary,
            usage: Mutex::default(),
        };
        let lines = lines(&document, guard.as_deref());
        let lengths: Vec<_> = lines.iter().map(|line| line.told.len()).collect();
        let batches = batches(&lengths, translator.room.bytes, translator.room.small);
        let texts = |batch: &[usize]| texts(batch, &lines, segments);
        let translator = &translator;
        // All of it is decided on before any of it goes.
        let messages = batches.iter().flat_map(|b| translator.request(&texts(b), false).messages);
        let whole = ChatRequest {
            model: translator.name.clone(),
            messages: messages.collect(),
            parameters: translator.parameters.clone(),
        };
        let event = audit::Event::new(audit::Action::MessageSend).with("for", "a translation");
        let event = match choices.conversation {
            Some(id) => event.with_conversations(&[id]),
            None => event,
        };
        let event = self.event_of_request(event, &chosen, guard.as_deref(), &whole);
        let noted = self.note_beginning(event)?;
        let (mut noted, ()) = noted.go_on(let_go(guard.clone(), whole).await)?;
        let found = guard.map(|guard| found_in(&lines, &guard)).unwrap_or_default();

        let mut outcomes = vec![None; segments.len()];
        let mut failure = None;
        let total = count(segments.len());
        under_way.progress.send_replace(TranslationProgress { done: 0, total });
        let asked = batches.into_iter().map(|batch| {
            let texts = texts(&batch);
            async move { (batch, translator.translate(&texts).await) }
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
                        for place in &lines[which].places {
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
        let stopped = under_way.stop.is_cancelled();
        let usage = *translator.usage.lock().unwrap_or_else(PoisonError::into_inner);
        noted.event.tokens_in = usage.map(|usage| usage.input_tokens.into());
        noted.event.tokens_out = usage.map(|usage| usage.output_tokens.into());
        if stopped {
            noted.event.detail.insert("stopped".to_owned(), "by the person".to_owned());
        }
        noted.end(&failure.clone().map_or(Ok(()), Err));
        let any = outcomes.iter().flatten().any(|outcome: &Outcome| outcome.answer.is_some());
        match failure {
            Some(failure) if !any => Err(failure),
            failure => {
                let report =
                    TranslationReport { from, to, found, stopped, failure, ..Default::default() };
                Ok(Translation::new(document.clone(), outcomes, report))
            }
        }
    }
}

/// The texts of one request.
fn texts<'a>(batch: &[usize], lines: &'a [Line], segments: &'a [Segment]) -> Vec<Text<'a>> {
    let lines = batch.iter().map(|which| &lines[*which]);
    lines.map(|line| Text { line: &line.told, segment: &segments[line.places[0]] }).collect()
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
