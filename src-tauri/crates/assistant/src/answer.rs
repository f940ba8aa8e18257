//! One answer, from the question to its last word: asks the model, keeps what arrives in the
//! history at least once a second, and tells the caller as it happens.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use conversation::{
    Conversation, ConversationId, Failure, FailureCode, FinishReason, Message, MessageId,
    MessageState, Usage,
};
use endpoint::{ChatRequest, Event, Prompt};
use futures::StreamExt;
use history::{AnswerEnd, History};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use crate::models::Chosen;
use crate::{Assistant, Change};

/// What has arrived is written at least this often; a crash loses no more than that.
const CHECKPOINT: Duration = Duration::from_millis(900);

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
    pub(crate) fn start(self: &Arc<Self>, begun: Begun) -> Result<Updates, Failure> {
        let Begun { history, chosen, prompts, question, answer, slot } = begun;
        let (updates, receiver) = mpsc::unbounded_channel();
        let conversation = history.conversation(answer.conversation)?;
        self.changes.tell(Change::Conversation { conversation: conversation.clone() });
        let started =
            AnswerUpdate::Started { conversation, question, answer: Box::new(answer.clone()) };
        let _ = updates.send(started);
        let request =
            ChatRequest { model: chosen.name, messages: prompts, parameters: chosen.parameters };
        let events = chosen.model.stream(request);
        let progress = Progress {
            text: answer.text.clone(),
            reasoning: answer.reasoning.clone(),
            ..Progress::default()
        };
        let assistant = self.clone();
        tokio::spawn(async move {
            let begun = Instant::now();
            let progress = receive(&history, &answer, events, progress, &updates, &slot.stop).await;
            let (answer, conversation) = end(history, answer, progress, begun.elapsed()).await;
            assistant.changes.tell(Change::Conversation { conversation: conversation.clone() });
            // Before the last update, after which the next question may come.
            drop(slot);
            let _ = updates.send(AnswerUpdate::Ended { answer: Box::new(answer), conversation });
        });
        Ok(receiver)
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
    pub(crate) chosen: Chosen,
    pub(crate) prompts: Vec<Prompt>,
    /// The question, where it is new.
    pub(crate) question: Option<Box<Message>>,
    pub(crate) answer: Message,
    pub(crate) slot: Slot,
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

async fn receive(
    history: &History,
    answer: &Message,
    mut events: futures::stream::BoxStream<'static, Event>,
    mut progress: Progress,
    updates: &mpsc::UnboundedSender<AnswerUpdate>,
    stop: &CancellationToken,
) -> Progress {
    let mut checkpoints = tokio::time::interval_at(Instant::now() + CHECKPOINT, CHECKPOINT);
    checkpoints.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut dirty = false;
    loop {
        let event = tokio::select! {
            biased;
            () = stop.cancelled() => {
                progress.stopped = true;
                return progress;
            }
            _ = checkpoints.tick(), if dirty => {
                dirty = false;
                let (history, id) = (history.clone(), answer.id);
                let (text, reasoning) = (progress.text.clone(), progress.reasoning.clone());
                if let Err(failure) = blocking(move || history.checkpoint(id, &text, &reasoning)).await {
                    progress.failure = Some(failure);
                    return progress;
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
                return progress;
            }
            Some(Event::Failed(failure)) => {
                progress.failure = Some(failure);
                return progress;
            }
            None => {
                let message = "the answer stopped without saying that it was complete";
                progress.failure = Some(Failure::new(FailureCode::CutOff, message));
                return progress;
            }
        }
    }
}

async fn end(
    history: History,
    answer: Message,
    progress: Progress,
    time: Duration,
) -> (Message, Conversation) {
    let milliseconds = u32::try_from(time.as_millis()).ok();
    let (state, finish) = if progress.stopped {
        (MessageState::Stopped, Some(FinishReason::Cancelled))
    } else if progress.failure.is_some() {
        (MessageState::Failed, None)
    } else {
        (MessageState::Complete, progress.finish)
    };
    // What to show if the history refuses: what arrived, and why it was not kept.
    let unsaved = Message {
        text: progress.text.clone(),
        reasoning: progress.reasoning.clone(),
        state,
        finish,
        failure: progress.failure.clone(),
        usage: progress.usage,
        milliseconds,
        ..answer.clone()
    };
    let stored = blocking(move || {
        let answer = history.end_answer(
            answer.id,
            AnswerEnd {
                text: &progress.text,
                reasoning: &progress.reasoning,
                state,
                failure: progress.failure.as_ref(),
                finish,
                usage: progress.usage,
                milliseconds,
            },
        )?;
        let conversation = history.conversation(answer.conversation)?;
        Ok((answer, conversation))
    })
    .await;
    stored.unwrap_or_else(|failure| {
        let conversation = Conversation {
            id: unsaved.conversation,
            title: String::new(),
            leaf: Some(unsaved.id),
            model: None,
            pinned: false,
            instructions: String::new(),
            temporary: false,
            created: unsaved.created,
            updated: unsaved.created,
        };
        let state = MessageState::Failed;
        (Message { state, failure: Some(failure), finish: None, ..unsaved }, conversation)
    })
}

/// Runs a call to the history away from the threads that answers arrive on.
async fn blocking<T: Send + 'static>(
    call: impl FnOnce() -> Result<T, history::HistoryError> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(call).await {
        Ok(result) => result.map_err(Failure::from),
        Err(_) => Err(Failure::new(FailureCode::Internal, "writing to the history was broken off")),
    }
}
