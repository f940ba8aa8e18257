//! Texts that a person works on: rewritten, corrected, summarised, or written from notes. Nothing
//! of it is kept: the text goes to the model, and what comes back to the person.

mod clean;
mod instructions;

use std::sync::PoisonError;
use std::time::Duration;

use audit::{Action, Event as Recorded};
use conversation::{Failure, FailureCode, FinishReason, Role, Usage};
use endpoint::{ChatRequest, Event, Prompt};
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use crate::Assistant;
use crate::revising::{Piece, revise};

/// The most characters of a text that is worked on at once: about twenty pages.
pub const MAX_TEXT: usize = 60_000;
/// A model that says nothing for so long is given up.
const PATIENCE: Duration = Duration::from_secs(180);

/// What is to be done with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum WritingAction {
    /// Say the same in other words.
    Rewrite,
    /// Put spelling, grammar and punctuation right, and nothing else.
    Correct,
    /// Say what matters in few words.
    Summarise,
    /// Make a text of notes.
    FromNotes,
}

/// How the text that is written is to sound.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// As the text does.
    #[default]
    AsIs,
    /// As to someone who is not known.
    Formal,
    /// As to a colleague.
    Friendly,
    /// Without a word too many.
    Direct,
    /// As it can be understood by everyone: short sentences, usual words.
    Plain,
    /// As French administrations write.
    Administrative,
}

/// How long it is to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum TextLength {
    /// About as long as the text.
    #[default]
    AsIs,
    /// About half as long.
    Shorter,
    /// About half as long again.
    Longer,
}

/// A text, and what is to be done with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct WritingRequest {
    /// What is to be done.
    pub action: WritingAction,
    /// How it is to sound; nothing to a correction.
    pub tone: Tone,
    /// How long it is to be; nothing to a correction.
    pub length: TextLength,
    /// The text or the notes.
    pub text: String,
    /// What else is wanted, in the person's words; may be empty.
    pub wish: String,
    /// The model to ask; none means the default one.
    pub model: Option<String>,
    /// Whether the person has said that what is asked about before it leaves may go.
    pub confirmed: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Written {
    /// The new text alone.
    pub text: String,
    /// How it differs from the one before; empty where that is not to be compared.
    pub pieces: Vec<Piece>,
    /// Whether it was stopped, or reached its greatest length, before its end.
    pub cut_short: bool,
}

impl Assistant {
    /// Works on a text. `on` is told of what has come so far, whole, as it comes. `number` names
    /// the work, for [`stop_writing`](Self::stop_writing).
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where there is no text, or too much of it;
    /// [`FailureCode::Prevented`] and [`FailureCode::ConfirmationNeeded`] for what must not leave;
    /// else as the model fails.
    pub async fn write_text(
        &self,
        number: u32,
        request: WritingRequest,
        on: impl FnMut(&str),
    ) -> Result<Written, Failure> {
        let stop = CancellationToken::new();
        // Before the model is chosen, which may ask the network: Stop is heard from now on.
        self.writings.lock().unwrap_or_else(PoisonError::into_inner).insert(number, stop.clone());
        let written = self.work_on(request, &stop, on).await;
        self.writings.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
        self.note_refusal(Action::TextWrite, written)
    }

    async fn work_on(
        &self,
        request: WritingRequest,
        stop: &CancellationToken,
        mut on: impl FnMut(&str),
    ) -> Result<Written, Failure> {
        let request = checked(request)?;
        let chosen = self.choose(request.model.as_deref()).await?;
        let asked = ChatRequest {
            model: chosen.name.clone(),
            messages: vec![
                Prompt::text(Role::System, instructions::of(&request)),
                Prompt::text(Role::User, instructions::fenced(&request)),
            ],
            parameters: chosen.parameters.clone(),
        };
        // It belongs to no conversation: its placeholders are known for as long as it takes.
        let guard = self.guard(&chosen, &self.history()?, None, request.confirmed)?;
        let looked = guard.as_deref().filter(|_| self.is_audited());
        let event = Recorded::new(Action::TextWrite);
        let event = self.event_of_request(event, &chosen, looked, &asked);
        let noted =
            self.note_beginning(Recorded { content: Some(request.text.clone()), ..event })?;
        let (mut noted, model) = noted.go_on(chosen.guarded(guard))?;
        let said = collect(model.stream(asked), stop, &mut on).await;
        if let Ok(said) = &said {
            noted.event.tokens_in = said.usage.map(|usage| usage.input_tokens.into());
            noted.event.tokens_out = said.usage.map(|usage| usage.output_tokens.into());
            noted.event.bytes = Some(said.text.len() as u64);
            noted.say(&said.text);
        }
        noted.end(&said);
        let Said { text: said, cut_short, .. } = said?;
        let text = clean::text_in(&said, &request.text);
        if text.trim().is_empty() && !cut_short {
            let message = "the model gave no text; try again, or ask another model";
            return Err(Failure::new(FailureCode::ServerFault, message));
        }
        let compared =
            matches!(request.action, WritingAction::Rewrite | WritingAction::Correct) && !cut_short;
        let pieces = if compared { revise(&request.text, &text) } else { Vec::new() };
        Ok(Written { text, pieces, cut_short })
    }

    /// Stops work on a text; what has come of it is given back.
    pub fn stop_writing(&self, number: u32) {
        let writings = self.writings.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(stop) = writings.get(&number) {
            stop.cancel();
        }
    }

    /// Stops work on every text.
    pub(crate) fn stop_all_writing(&self) {
        let writings = self.writings.lock().unwrap_or_else(PoisonError::into_inner);
        writings.values().for_each(CancellationToken::cancel);
    }
}

fn checked(request: WritingRequest) -> Result<WritingRequest, Failure> {
    let invalid = |message: String| Err(Failure::new(FailureCode::Invalid, message));
    if request.text.trim().is_empty() {
        return invalid("there is no text to work on".to_owned());
    }
    if request.text.chars().count() > MAX_TEXT || request.wish.chars().count() > 2000 {
        return invalid(format!(
            "a text of more than {MAX_TEXT} characters is worked on part by part; choose a part"
        ));
    }
    Ok(request)
}

/// All that a model says.
#[derive(Default)]
struct Said {
    text: String,
    /// Whether it was stopped, or reached its greatest length.
    cut_short: bool,
    usage: Option<Usage>,
}

async fn collect(
    mut events: futures::stream::BoxStream<'static, Event>,
    stop: &CancellationToken,
    on: &mut impl FnMut(&str),
) -> Result<Said, Failure> {
    let mut said = Said::default();
    loop {
        let event = tokio::select! {
            biased;
            () = stop.cancelled() => return Ok(Said { cut_short: true, ..said }),
            event = tokio::time::timeout(PATIENCE, events.next()) => event,
        };
        let Ok(event) = event else {
            let message = "the model has said nothing for three minutes";
            return Err(Failure::new(FailureCode::TimedOut, message));
        };
        match event {
            Some(Event::Delta(delta)) => {
                said.text.push_str(&delta);
                on(&said.text);
            }
            Some(Event::Finished(reason)) => {
                return Ok(Said { cut_short: reason == FinishReason::Length, ..said });
            }
            Some(Event::Usage(usage)) => said.usage = Some(usage),
            Some(Event::Failed(failure)) => return Err(failure),
            Some(Event::Dropped(_) | Event::Reasoning(_)) => {}
            None => return Err(Failure::new(FailureCode::CutOff, "the answer was cut off")),
        }
    }
}
