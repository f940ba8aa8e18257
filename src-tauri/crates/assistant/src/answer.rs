//! One answer, from the question to its last word: asks the model, keeps what arrives in the
//! history at least once a second, and tells the caller as it happens.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use conversation::{
    Conversation, ConversationId, Failure, FailureCode, FinishReason, Message, MessageState, Usage,
};
use endpoint::{ChatModel, ChatRequest, Event};
use futures::StreamExt;
use futures::stream::BoxStream;
use history::{AnswerEnd, History, HistoryError};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use crate::Assistant;
use crate::auditing::Noted;
use crate::summary::{SummaryProgress, Underway};
use crate::whole_answer::sum_of;

/// What has arrived is written at least this often; a crash loses no more than that.
const CHECKPOINT: Duration = Duration::from_millis(900);

/// How long to wait before an end that the history refused is stored again.
const STORE_AGAIN: Duration = Duration::from_secs(2);

/// What happens to an answer, as it happens.
#[derive(Debug, Clone, PartialEq)]
pub enum AnswerUpdate {
    /// The question is stored and the answer has begun, empty. Comes first.
    Started {
        /// The conversation as it is now.
        conversation: Conversation,
        /// The question, where it is new.
        question: Option<Box<Message>>,
        /// The answer, which may hold text already if it is continued.
        answer: Box<Message>,
    },
    /// This many of the oldest messages did not fit the model's context.
    Dropped(usize),
    /// How far a summary has come.
    Progress(SummaryProgress),
    /// More text.
    Delta(String),
    /// More reasoning.
    Reasoning(String),
    /// The answer has ended, for any reason; its state says which. Comes last.
    Ended {
        /// The answer as it is stored.
        answer: Box<Message>,
        /// The conversation as it is now.
        conversation: Conversation,
    },
}

/// Takes the updates of one answer. The answer goes on when it is dropped.
pub type Updates = mpsc::UnboundedReceiver<AnswerUpdate>;

impl Assistant {
    /// Asks the model, and lets the answer arrive.
    pub(crate) fn start(self: &Arc<Self>, begun: Begun) -> Updates {
        let Begun { history, model, request, conversation, question, answer, slot, summary, noted } =
            begun;
        let (updates, receiver) = mpsc::unbounded_channel();
        let conversation = self.tell_of(answer.conversation).unwrap_or(conversation);
        let _ = updates.send(AnswerUpdate::Started {
            conversation: conversation.clone(),
            question,
            answer: Box::new(answer.clone()),
        });
        let events = model.stream(request);
        let progress = Progress {
            text: answer.text.clone(),
            reasoning: answer.reasoning.clone(),
            ..Progress::default()
        };
        let assistant = self.clone();
        tokio::spawn(async move {
            let begun = Instant::now();
            let progress =
                receive(&history, &answer, events, progress, summary, &updates, &slot.stop).await;
            let asked = progress.usage;
            let ended = progress.end(answer, begun.elapsed());
            let (stored, now) = assistant.store(&history, &ended).await;
            let answer = stored.unwrap_or_else(|failure| {
                tokio::spawn(assistant.clone().store_later(history, ended.clone()));
                let state = MessageState::Failed;
                Message { state, failure: Some(failure), finish: None, ..ended }
            });
            let conversation = now.unwrap_or(conversation);
            note_end(noted, &answer, asked);
            // Whoever hears of the end may ask the next question at once.
            drop(slot);
            let _ = updates.send(AnswerUpdate::Ended { answer: Box::new(answer), conversation });
        });
        receiver
    }

    /// Stores an answer that the history refused when it ended, as soon as it takes it: when the
    /// disk has room again, or another process has let go.
    async fn store_later(self: Arc<Self>, history: History, ended: Message) {
        loop {
            tokio::time::sleep(STORE_AGAIN).await;
            // An answer that is being continued meanwhile is not ended under its writer.
            let Ok(_slot) = self.reserve(ended.conversation) else { continue };
            match self.store(&history, &ended).await.0 {
                Ok(_) => return,
                // Deleted, or continued and ended since.
                Err(failure) if failure.code == FailureCode::Invalid => return,
                Err(_) => {}
            }
        }
    }

    /// Ends the answer in the history. Gives it as it is stored, and tells and gives how its
    /// conversation is now, unless that was deleted.
    async fn store(
        self: &Arc<Self>,
        history: &History,
        ended: &Message,
    ) -> (Result<Message, Failure>, Option<Conversation>) {
        let (assistant, history, ended) = (self.clone(), history.clone(), ended.clone());
        let stored = tokio::task::spawn_blocking(move || {
            let end = AnswerEnd {
                text: &ended.text,
                reasoning: &ended.reasoning,
                state: ended.state,
                failure: ended.failure.as_ref(),
                finish: ended.finish,
                usage: ended.usage,
                milliseconds: ended.milliseconds,
            };
            let answer = history.end_answer(ended.id, end).map_err(Failure::from);
            (answer, assistant.tell_of(ended.conversation).ok())
        });
        stored.await.unwrap_or_else(|_| {
            let message = "writing to the history was broken off";
            (Err(Failure::new(FailureCode::Internal, message)), None)
        })
    }

    /// Makes this the conversation's one answer in flight in this process.
    pub(crate) fn reserve(&self, conversation: ConversationId) -> Result<Slot, Failure> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if running.contains_key(&conversation) {
            let message =
                "an answer is still arriving in this conversation; stop it or wait for its end";
            return Err(Failure::new(FailureCode::Busy, message));
        }
        let stop = CancellationToken::new();
        running.insert(conversation, stop.clone());
        Ok(Slot { conversation, stop, running: self.running.clone() })
    }
}

/// An answer that is stored, empty or to be continued, and about to arrive.
pub(crate) struct Begun {
    pub(crate) history: History,
    pub(crate) model: Arc<dyn ChatModel>,
    pub(crate) request: ChatRequest,
    /// The conversation before.
    pub(crate) conversation: Conversation,
    /// The question, where it is new.
    pub(crate) question: Option<Box<Message>>,
    pub(crate) answer: Message,
    pub(crate) slot: Slot,
    /// What there is to know of a summary beside its words.
    pub(crate) summary: Option<Underway>,
    /// The record of the question.
    pub(crate) noted: Noted,
}

/// Records how an answer ended, and what this request for it has cost.
fn note_end(mut noted: Noted, answer: &Message, asked: Option<Usage>) {
    let event = &mut noted.event;
    event.tokens_in = asked.map(|usage| usage.input_tokens.into());
    event.tokens_out = asked.map(|usage| usage.output_tokens.into());
    event.bytes = Some(answer.text.len() as u64);
    if answer.state == MessageState::Stopped {
        event.detail.insert("stopped".to_owned(), "by the person".to_owned());
    }
    noted.say(&answer.text);
    noted.end(&answer.failure.clone().map_or(Ok(()), Err));
}

/// A conversation's place among the answers in flight; dropping it frees the place.
pub(crate) struct Slot {
    conversation: ConversationId,
    stop: CancellationToken,
    running: Arc<Mutex<std::collections::HashMap<ConversationId, CancellationToken>>>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.remove(&self.conversation);
    }
}

/// What has arrived of an answer, and how it ended.
#[derive(Default)]
struct Progress {
    text: String,
    reasoning: String,
    usage: Option<Usage>,
    finish: Option<FinishReason>,
    failure: Option<Failure>,
    stopped: bool,
}

impl Progress {
    /// The answer as it has ended, after this time; one that went on took the time and the tokens
    /// of all its parts.
    fn end(self, answer: Message, time: Duration) -> Message {
        let (state, finish) = if self.stopped {
            (MessageState::Stopped, Some(FinishReason::Cancelled))
        } else if self.failure.is_some() {
            (MessageState::Failed, None)
        } else {
            (MessageState::Complete, self.finish)
        };
        Message {
            text: self.text,
            reasoning: self.reasoning,
            state,
            finish,
            failure: self.failure,
            usage: tokens(&answer, self.usage),
            milliseconds: u32::try_from(time.as_millis())
                .ok()
                .map(|time| time.saturating_add(answer.milliseconds.unwrap_or(0))),
            ..answer
        }
    }
}

/// What all parts of an answer have cost, the last of them this much. Not known where an earlier one
/// never told: a part is not shown for the whole.
fn tokens(before: &Message, last: Option<Usage>) -> Option<Usage> {
    match before.usage {
        None if before.milliseconds.is_none() && before.text.is_empty() => last,
        before => Some(sum_of(before?, last?)),
    }
}

/// A write to the history that is on its way.
type Write = tokio::task::JoinHandle<Result<(), HistoryError>>;

async fn receive(
    history: &History,
    answer: &Message,
    mut events: BoxStream<'static, Event>,
    mut progress: Progress,
    mut summary: Option<Underway>,
    updates: &mpsc::UnboundedSender<AnswerUpdate>,
    stop: &CancellationToken,
) -> Progress {
    let mut checkpoints = tokio::time::interval_at(Instant::now() + CHECKPOINT, CHECKPOINT);
    checkpoints.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut dirty = false;
    let partial = summary.as_ref().map(|underway| underway.partial.clone());
    // Text goes on arriving, and Stop is heard, however long the disk takes.
    let mut write: Option<Write> = None;
    loop {
        let event = tokio::select! {
            biased;
            () = stop.cancelled() => {
                progress.stopped = true;
                break;
            }
            written = async { write.as_mut()?.await.ok() }, if write.is_some() => {
                write = None;
                match written.unwrap_or(Ok(())) {
                    Ok(()) => {}
                    // Another process is writing: the next checkpoint has all of it.
                    Err(HistoryError::Busy) => dirty = true,
                    Err(error) => {
                        progress.failure = Some(error.into());
                        break;
                    }
                }
                continue;
            }
            _ = checkpoints.tick(), if dirty && write.is_none() => {
                dirty = false;
                let (history, id) = (history.clone(), answer.id);
                let (text, reasoning) = (progress.text.clone(), progress.reasoning.clone());
                write = Some(tokio::task::spawn_blocking(move || {
                    history.checkpoint(id, &text, &reasoning)
                }));
                continue;
            }
            changed = async { summary.as_mut()?.progress.changed().await.ok() }, if summary.is_some() => {
                match (&mut summary, changed) {
                    (Some(underway), Some(())) => {
                        let progress = underway.progress.borrow_and_update().clone();
                        let _ = updates.send(AnswerUpdate::Progress(progress));
                    }
                    // The summary is over; its last events are on their way.
                    _ => summary = None,
                }
                continue;
            }
            event = events.next() => event,
        };
        match event {
            Some(Event::Delta(text)) => {
                progress.text.push_str(&text);
                dirty = true;
                let _ = updates.send(AnswerUpdate::Delta(text));
            }
            Some(Event::Reasoning(text)) => {
                progress.reasoning.push_str(&text);
                dirty = true;
                let _ = updates.send(AnswerUpdate::Reasoning(text));
            }
            Some(Event::Dropped(count)) => {
                let _ = updates.send(AnswerUpdate::Dropped(count));
            }
            Some(Event::Usage(usage)) => progress.usage = Some(usage),
            Some(Event::Finished(reason)) => {
                progress.finish = Some(reason);
                break;
            }
            Some(Event::Failed(failure)) => {
                progress.failure = Some(failure);
                break;
            }
            None => {
                let message = "the answer stopped without saying that it was complete";
                progress.failure = Some(Failure::new(FailureCode::CutOff, message));
                break;
            }
        }
    }
    if let Some(text) = partial.filter(|_| progress.text.is_empty() && progress.finish.is_none()) {
        let text = text.lock().unwrap_or_else(PoisonError::into_inner).clone();
        progress.text.push_str(&text);
        let _ = updates.send(AnswerUpdate::Delta(text));
    }
    // The connection is closed now; the last write need not be waited for to do that.
    drop(events);
    if let Some(write) = write {
        // What it could not write is written with the end.
        let _ = write.await;
    }
    progress
}
