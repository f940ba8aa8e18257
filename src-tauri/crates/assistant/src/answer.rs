//! One answer, from the question to its last word: asks the model, keeps what arrives in the
//! history at least once a second, and tells the caller as it happens.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use conversation::{
    Conversation, ConversationId, Failure, FailureCode, FinishReason, Message, MessageId,
    MessageState, Role, Usage, thread,
};
use endpoint::{ChatRequest, Event, Prompt};
use futures::StreamExt;
use history::{AnswerEnd, History, NewMessage};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use crate::models::Chosen;
use crate::{Assistant, AttachedFile, prompt};

/// What has arrived is written at least this often; a crash loses no more than that.
const CHECKPOINT: Duration = Duration::from_millis(900);
/// A title made from the first question has at most this many characters.
const TITLE_LENGTH: usize = 60;

/// A question to ask.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The conversation to go on with; none begins a new one.
    pub conversation: Option<ConversationId>,
    /// What to ask.
    pub text: String,
    /// The model to ask; none means the conversation's, then the default one.
    pub model: Option<String>,
    /// Instructions for the model, kept as the first message of a new conversation.
    pub system: Option<String>,
    /// Files to send along.
    pub files: Vec<AttachedFile>,
}

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
    /// Asks a question, in a new conversation if it names none.
    ///
    /// # Errors
    /// Before anything is stored or sent: no such conversation or model, nothing to ask, an
    /// answer already arriving there, a locked history. Later failures end the answer instead.
    pub async fn send(self: &Arc<Self>, question: Question) -> Result<Updates, Failure> {
        if question.text.trim().is_empty() && question.files.is_empty() {
            return Err(Failure::new(
                FailureCode::Invalid,
                "there is nothing to ask: the text is empty",
            ));
        }
        let history = self.history()?;
        let existing = question.conversation.map(|id| history.conversation(id)).transpose()?;
        let wanted =
            question.model.as_deref().or(existing.as_ref().and_then(|c| c.model.as_deref()));
        let chosen = self.choose(wanted).await?;
        let (conversation, parent) = match existing {
            Some(conversation) => {
                let messages = history.messages(conversation.id)?;
                let end = thread(&messages, conversation.leaf).messages.last().map(|m| m.id);
                (conversation, end)
            }
            None => {
                let title = title_of(&question);
                let conversation =
                    history.create_conversation(&title, question.model.as_deref())?;
                let system = question.system.as_deref().filter(|s| !s.trim().is_empty());
                let system = system
                    .map(|text| {
                        history.add_message(new_message(conversation.id, None, Role::System, text))
                    })
                    .transpose()?;
                (conversation, system.map(|m| m.id))
            }
        };
        let slot = self.reserve(conversation.id)?;
        if question.model.is_some() && question.model != conversation.model {
            history.set_model(conversation.id, question.model.as_deref())?;
        }
        let files: Vec<_> = question.files.iter().map(AttachedFile::as_new).collect();
        let stored = history.add_message(NewMessage {
            attachments: &files,
            ..new_message(conversation.id, parent, Role::User, &question.text)
        })?;
        self.answer(history, chosen, stored, true, slot)
    }

    /// Asks a stored question again in other words, as a branch beside it.
    ///
    /// # Errors
    /// As [`send`](Self::send), and where the message is not a question.
    pub async fn edit(
        self: &Arc<Self>,
        message: MessageId,
        text: &str,
        model: Option<&str>,
    ) -> Result<Updates, Failure> {
        let history = self.history()?;
        let original = history.message(message)?;
        if original.role != Role::User || text.trim().is_empty() {
            let message = "only a question can be edited, and not to nothing";
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        let chosen = self.choose_for(&history, original.conversation, model).await?;
        let slot = self.reserve(original.conversation)?;
        let mut files = Vec::new();
        for attachment in &original.attachments {
            files.push(AttachedFile {
                name: attachment.name.clone(),
                media_type: attachment.media_type.clone(),
                data: history.attachment_data(attachment.id)?,
            });
        }
        let files: Vec<_> = files.iter().map(AttachedFile::as_new).collect();
        let question = history.add_message(NewMessage {
            attachments: &files,
            ..new_message(original.conversation, original.parent, Role::User, text)
        })?;
        self.answer(history, chosen, question, true, slot)
    }

    /// Answers again, as a branch beside the answer; `model` may name another model.
    ///
    /// # Errors
    /// As [`send`](Self::send), and where the message is not an answer.
    pub async fn regenerate(
        self: &Arc<Self>,
        message: MessageId,
        model: Option<&str>,
    ) -> Result<Updates, Failure> {
        let history = self.history()?;
        let original = history.message(message)?;
        let question = match (original.role, original.parent) {
            (Role::Assistant, Some(parent)) => history.message(parent)?,
            // A question whose answer was never begun is answered now.
            (Role::User, _) => original,
            _ => {
                return Err(Failure::new(
                    FailureCode::Invalid,
                    "only an answer can be regenerated",
                ));
            }
        };
        let chosen = self.choose_for(&history, question.conversation, model).await?;
        let slot = self.reserve(question.conversation)?;
        self.answer(history, chosen, question, false, slot)
    }

    /// Goes on with an answer that was stopped, interrupted or failed, in the same message.
    ///
    /// # Errors
    /// As [`send`](Self::send), and where the message is not such an answer.
    pub async fn continue_answer(self: &Arc<Self>, message: MessageId) -> Result<Updates, Failure> {
        let history = self.history()?;
        let partial = history.message(message)?;
        let whole =
            partial.state == MessageState::Complete && partial.finish != Some(FinishReason::Length);
        if partial.role != Role::Assistant || whole {
            let message = "only an answer that ended before its end can be continued";
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        let chosen =
            self.choose_for(&history, partial.conversation, partial.model.as_deref()).await?;
        let slot = self.reserve(partial.conversation)?;
        let prompts = branch_to(&history, &partial, prompt::continuing)?;
        let answer = history.resume_answer(message)?;
        self.start(history, chosen, prompts, None, answer, slot)
    }

    async fn choose_for(
        &self,
        history: &History,
        conversation: ConversationId,
        model: Option<&str>,
    ) -> Result<Chosen, Failure> {
        let conversation = history.conversation(conversation)?;
        self.choose(model.or(conversation.model.as_deref())).await
    }

    fn answer(
        self: &Arc<Self>,
        history: History,
        chosen: Chosen,
        question: Message,
        new: bool,
        slot: Slot,
    ) -> Result<Updates, Failure> {
        let prompts = branch_to(&history, &question, prompt::prompts)?;
        let answer = history.add_message(NewMessage {
            model: Some(&chosen.name),
            state: MessageState::Streaming,
            ..new_message(question.conversation, Some(question.id), Role::Assistant, "")
        })?;
        let question = new.then(|| Box::new(question));
        self.start(history, chosen, prompts, question, answer, slot)
    }

    fn start(
        self: &Arc<Self>,
        history: History,
        chosen: Chosen,
        messages: Vec<Prompt>,
        question: Option<Box<Message>>,
        answer: Message,
        slot: Slot,
    ) -> Result<Updates, Failure> {
        let (updates, receiver) = mpsc::unbounded_channel();
        let conversation = history.conversation(answer.conversation)?;
        let started =
            AnswerUpdate::Started { conversation, question, answer: Box::new(answer.clone()) };
        let _ = updates.send(started);
        let request = ChatRequest { model: chosen.name, messages, parameters: chosen.parameters };
        let events = chosen.model.stream(request);
        let progress = Progress {
            text: answer.text.clone(),
            reasoning: answer.reasoning.clone(),
            ..Progress::default()
        };
        tokio::spawn(async move {
            let progress = receive(&history, &answer, events, progress, &updates, &slot.stop).await;
            let (answer, conversation) = end(history, answer, progress).await;
            // Whoever hears of the end may ask the next question at once.
            drop(slot);
            let _ = updates.send(AnswerUpdate::Ended { answer: Box::new(answer), conversation });
        });
        Ok(receiver)
    }

    /// Makes this the conversation's one answer in flight in this process.
    fn reserve(&self, conversation: ConversationId) -> Result<Slot, Failure> {
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

/// A conversation's place among the answers in flight; dropping it frees the place.
struct Slot {
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

/// Ends the answer in the history; gives it and its conversation as they are now.
async fn end(history: History, answer: Message, progress: Progress) -> (Message, Conversation) {
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

fn branch_to(
    history: &History,
    last: &Message,
    build: impl FnOnce(&History, &[&Message]) -> Result<Vec<Prompt>, history::HistoryError>,
) -> Result<Vec<Prompt>, Failure> {
    let messages = history.messages(last.conversation)?;
    let branch = thread(&messages, Some(last.id)).messages;
    let end = branch.iter().position(|m| m.id == last.id).map_or(branch.len(), |i| i + 1);
    Ok(build(history, &branch[..end])?)
}

fn new_message(
    conversation: ConversationId,
    parent: Option<MessageId>,
    role: Role,
    text: &str,
) -> NewMessage<'_> {
    let state = MessageState::Complete;
    NewMessage { conversation, parent, role, text, model: None, state, attachments: &[] }
}

/// The first line of the question, cut at a word; the first file's name where there is no text.
fn title_of(question: &Question) -> String {
    let line = question.text.lines().map(str::trim).find(|line| !line.is_empty());
    let line = line.or(question.files.first().map(|f| f.name.as_str())).unwrap_or_default();
    if line.chars().count() <= TITLE_LENGTH {
        return line.to_owned();
    }
    let cut: String = line.chars().take(TITLE_LENGTH).collect();
    let whole_words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{}…", whole_words.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_first_line_cut_at_a_word() {
        let title =
            |text: &str| title_of(&Question { text: text.to_owned(), ..Question::default() });
        assert_eq!(title("\n  Bonjour \nmonde"), "Bonjour");
        let long = title(&"mot ".repeat(40));
        assert!(long.ends_with("mot…") && long.chars().count() <= TITLE_LENGTH + 1, "{long}");
        assert_eq!(title(&"é".repeat(80)).chars().count(), TITLE_LENGTH + 1);
    }
}
