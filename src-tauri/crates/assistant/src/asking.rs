//! Asking: what each way to ask stores, before its answer begins.

use std::collections::BTreeMap;
use std::sync::Arc;

use audit::{Action as Asked, Event};
use conversation::{
    Attachment, Conversation, ConversationId, Failure, FailureCode, FolderId, Message, MessageId,
    MessageState, Role, thread,
};
use endpoint::{ChatModel, ChatRequest};
use history::{History, HistoryError, NewMessage};
use policy::Action;
use tokio::sync::watch;

use crate::answer::{Begun, Slot, Updates};
use crate::attachment::is_image;
use crate::auditing::Noted;
use crate::code::GivenFile;
use crate::exchange::Sent;
use crate::grounding::{self, Citer, Citing, Grounding, Wording};
use crate::models::Chosen;
use crate::prevention::{Draft, Guard, said};
use crate::prompt::Files;
use crate::summary::{Keep, Kept, Summary, SummaryChoices, SummaryProgress, Underway};
use crate::{Assistant, AttachedFile, originals, title};

/// A question to ask.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// The conversation to go on with; none begins a new one.
    pub conversation: Option<ConversationId>,
    /// What to ask.
    pub text: String,
    /// The model to ask; none means the conversation's, or the default one for a new one.
    pub model: Option<String>,
    /// Instructions for the model, kept as the first message of a new conversation.
    pub system: Option<String>,
    /// Files to send along.
    pub files: Vec<AttachedFile>,
    /// Whether a new conversation is never written to the disk.
    pub temporary: bool,
    /// The folder that a new conversation is put into.
    pub folder: Option<FolderId>,
    /// How the files are to be summarised, where that is what is asked.
    pub summary: Option<SummaryChoices>,
    /// Where files and folders among them lie, which an answer may propose to change.
    pub given: Vec<GivenFile>,
    /// Whether the person has said that what is asked about before it leaves may go.
    pub confirmed: bool,
}

impl Assistant {
    /// Asks a question, in a new conversation if it names none.
    ///
    /// # Errors
    /// Before anything is stored or sent: no such conversation or model, nothing to ask, an
    /// answer already arriving there, a locked history;
    /// [`FailureCode::Prevented`] and [`FailureCode::ConfirmationNeeded`] for what must not leave.
    /// Later failures end the answer instead.
    pub async fn send(self: &Arc<Self>, question: Question) -> Result<Updates, Failure> {
        self.note_refusal(Asked::MessageSend, self.ask(question).await)
    }

    async fn ask(self: &Arc<Self>, mut question: Question) -> Result<Updates, Failure> {
        self.permit_files(&question.files)?;
        let summary = question.summary.take().map(SummaryChoices::checked).transpose()?;
        if summary.is_some() {
            question.files = self.to_summarise(question.files).await?;
        }
        if question.text.trim().is_empty() && question.files.is_empty() {
            return Err(Failure::new(
                FailureCode::Invalid,
                "there is nothing to ask: the text is empty",
            ));
        }
        let place = || self.history_for(&question);
        let history = place()?;
        let existing = question.conversation.map(|id| history.conversation(id)).transpose()?;
        if existing.as_ref().map_or(question.temporary, |conversation| conversation.temporary) {
            self.permit(Action::ConverseTemporarily)?;
        }
        let kept = existing.as_ref().map(|c| model_of(&history, c)).transpose()?.flatten();
        let wanted = question.model.clone().or(kept);
        // Before the model is chosen, which may ask the network: Stop is heard from now on.
        let slot = existing.as_ref().map(|c| self.reserve(c.id)).transpose()?;
        let draft = |end| Draft {
            conversation: existing.as_ref(),
            parent: end,
            text: &question.text,
            system: question.system.as_deref(),
            files: &question.files,
            folder: question.folder.filter(|_| !question.temporary),
            summary: summary.clone(),
        };
        let end = |history| {
            let end = existing.as_ref().map(|c| end_of(history, c)).transpose();
            end.map(Option::flatten)
        };
        let chosen = match self.choose(wanted.as_deref()).await {
            Ok(chosen) => chosen,
            Err(failure) => {
                // What is never sent is told first, whether or not anybody answers.
                if wanted.is_none()
                    && let Ok(Some(nameless)) = self.default_without_name()
                {
                    let history = place()?;
                    let draft = draft(end(&history)?);
                    self.let_go(&history, &nameless, &draft, question.confirmed)?;
                }
                return Err(failure);
            }
        };
        if chosen.endpoint.is_none() && question.files.iter().any(|f| is_image(&f.media_type)) {
            let message = "the built-in model cannot see images; remove them or choose another";
            return Err(Failure::new(FailureCode::NoImages, message));
        }
        // It may have been taken away meanwhile.
        let history = place()?;
        let end = end(&history)?;
        self.let_go(&history, &chosen, &draft(end), question.confirmed)?;
        let files = originals::to_store(&question.files);
        // All of it or nothing: a crash leaves no conversation without its question.
        let stored = history.transaction(|t| {
            let (conversation, parent) = match &existing {
                Some(conversation) => (conversation.id, end),
                None => {
                    let title = title::of_question(&question);
                    // It stays with the model that it began with, whatever is set up later: what was
                    // said to one is not for another's ears.
                    let id = t.create_conversation(&title, Some(&chosen.lasting_id()))?.id;
                    if !question.temporary && question.folder.is_some() {
                        t.set_folder(&[id], question.folder)?;
                    }
                    let system = question.system.as_deref().filter(|s| !s.trim().is_empty());
                    let system = system
                        .map(|text| t.add_message(new_message(id, None, Role::System, text)))
                        .transpose()?;
                    (id, system.map(|m| m.id))
                }
            };
            let stored = t.add_message(NewMessage {
                attachments: &files,
                ..new_message(conversation, parent, Role::User, &question.text)
            })?;
            originals::note_places(t, &stored, &question.files)?;
            Ok(stored)
        })?;
        self.given.add(stored.conversation, std::mem::take(&mut question.given));
        let slot = match slot {
            Some(slot) => slot,
            None => self.reserve(stored.conversation)?,
        };
        if let Some(conversation) = existing
            && conversation.model.as_ref() != Some(&chosen.lasting_id())
        {
            history.set_model(conversation.id, Some(&chosen.lasting_id()))?;
        }
        let confirmed = question.confirmed;
        let wish = Wish { asked: Asked::MessageSend, summary, confirmed };
        self.answer(history, chosen, stored, slot, wish)
    }

    /// The history that a question goes into.
    fn history_for(&self, question: &Question) -> Result<History, Failure> {
        match question.conversation {
            Some(id) => self.history_of(id),
            None if question.temporary => self.temporary_history(),
            None => self.history(),
        }
    }

    /// The history that a question goes into, its conversation if there is one, and the message
    /// that it follows.
    pub(crate) fn place_of(
        &self,
        question: &Question,
    ) -> Result<(History, Option<Conversation>, Option<MessageId>), Failure> {
        let history = self.history_for(question)?;
        let existing = question.conversation.map(|id| history.conversation(id)).transpose()?;
        let end = existing.as_ref().map(|c| end_of(&history, c)).transpose()?.flatten();
        Ok((history, existing, end))
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
        confirmed: bool,
    ) -> Result<Updates, Failure> {
        let asked = self.ask_otherwise(message, text, model, confirmed).await;
        self.note_refusal(Asked::MessageEdit, asked)
    }

    async fn ask_otherwise(
        self: &Arc<Self>,
        message: MessageId,
        text: &str,
        model: Option<&str>,
        confirmed: bool,
    ) -> Result<Updates, Failure> {
        let history = self.history_with(message)?;
        let original = history.message(message)?;
        if original.role != Role::User || text.trim().is_empty() {
            let message = "only a question can be edited, and not to nothing";
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        let slot = self.reserve(original.conversation)?;
        let chosen = self.choose_for(&history, original.conversation, model).await?;
        let files = originals::stored(&history, &original)?;
        let conversation = history.conversation(original.conversation)?;
        let draft = Draft {
            conversation: Some(&conversation),
            parent: original.parent,
            text,
            system: None,
            files: &files,
            folder: None,
            summary: None,
        };
        self.let_go(&history, &chosen, &draft, confirmed)?;
        let question = history.transaction(|t| {
            let question = t.add_message(NewMessage {
                attachments: &originals::to_store(&files),
                ..new_message(original.conversation, original.parent, Role::User, text)
            })?;
            originals::note_places(t, &question, &files)?;
            Ok(question)
        })?;
        let wish = Wish { asked: Asked::MessageEdit, summary: None, confirmed };
        self.answer(history, chosen, question, slot, wish)
    }

    /// Answers again, as a branch beside the answer; `model` may name another model. One that failed
    /// without a word is tried again in its place, by the same model.
    ///
    /// # Errors
    /// As [`send`](Self::send), and where the message is not an answer.
    pub async fn regenerate(
        self: &Arc<Self>,
        message: MessageId,
        model: Option<&str>,
        confirmed: bool,
    ) -> Result<Updates, Failure> {
        let asked = self.ask_again(message, model, confirmed).await;
        self.note_refusal(Asked::MessageRegenerate, asked)
    }

    async fn ask_again(
        self: &Arc<Self>,
        message: MessageId,
        model: Option<&str>,
        confirmed: bool,
    ) -> Result<Updates, Failure> {
        let history = self.history_with(message)?;
        let original = history.message(message)?;
        let question = match (original.role, original.parent) {
            (Role::Assistant, Some(parent)) => history.message(parent)?,
            // A question whose answer was never begun is answered now.
            (Role::User, _) => original.clone(),
            _ => {
                return Err(Failure::new(
                    FailureCode::Invalid,
                    "only an answer can be regenerated",
                ));
            }
        };
        let sent = sent_for(&history, message)?;
        let before = sent.as_ref().map(Sent::lasting_id);
        let summary = sent.and_then(|sent| sent.grounding?.summary);
        let slot = self.reserve(question.conversation)?;
        let chosen = self.choose_for(&history, question.conversation, model).await?;
        let wish = Wish { asked: Asked::MessageRegenerate, summary, confirmed };
        // Nobody wants a version to choose that never said a word: it is tried again in its place.
        if said_nothing(&original) && before == Some(chosen.lasting_id()) {
            let conversation = history.conversation(question.conversation)?;
            let summary = wish.summary.clone();
            let sent = self.to_answer(&history, &chosen, &conversation, &question, summary)?;
            return self.resume(history, chosen, (question, original), sent, slot, wish);
        }
        self.answer(history, chosen, question, slot, wish)
    }

    /// Goes on with an answer that was stopped, interrupted or failed, in the same message.
    ///
    /// # Errors
    /// As [`send`](Self::send), and where the message is not such an answer.
    pub async fn continue_answer(
        self: &Arc<Self>,
        message: MessageId,
        confirmed: bool,
    ) -> Result<Updates, Failure> {
        let asked = self.ask_for_the_rest(message, confirmed).await;
        self.note_refusal(Asked::MessageContinue, asked)
    }

    async fn ask_for_the_rest(
        self: &Arc<Self>,
        message: MessageId,
        confirmed: bool,
    ) -> Result<Updates, Failure> {
        let history = self.history_with(message)?;
        let partial = history.message(message)?;
        let can_go_on = partial.role == Role::Assistant && !partial.is_whole();
        let question = partial.parent.filter(|_| can_go_on);
        let Some(question) = question.map(|id| history.message(id)).transpose()? else {
            let message = "only an answer that ended before its end can be continued";
            return Err(Failure::new(FailureCode::Invalid, message));
        };
        let slot = self.reserve(partial.conversation)?;
        let before = sent_for(&history, message)?;
        let kept = before.as_ref().map(Sent::lasting_id);
        let model = kept.or_else(|| partial.model.clone());
        let chosen = self.choose_for(&history, partial.conversation, model.as_deref()).await?;
        let conversation = history.conversation(partial.conversation)?;
        let grounding = before.and_then(|sent| sent.grounding);
        let sent = self.to_send(&chosen, &conversation, grounding, Some(&partial))?;
        let wish = Wish { asked: Asked::MessageContinue, summary: None, confirmed };
        self.resume(history, chosen, (question, partial), sent, slot, wish)
    }

    /// Lets an answer to a question go on in its message, as `sent`.
    fn resume(
        self: &Arc<Self>,
        history: History,
        chosen: Chosen,
        (question, partial): (Message, Message),
        mut sent: Sent,
        slot: Slot,
        Wish { asked, confirmed, .. }: Wish,
    ) -> Result<Updates, Failure> {
        let conversation = history.conversation(partial.conversation)?;
        let request = sent.request(&history, &question, Some(&partial))?;
        let noted = self.note_asking(asked, &chosen, &history, &question, &request)?;
        let (noted, (model, replaced)) = noted
            .go_on(self.checked(&history, &chosen, &question, &request, &mut sent, confirmed))?;
        let mut answer = history.resume_answer(partial.id, partial.state, &sent.to_text()?)?;
        history.transaction(|t| t.set_replaced(partial.id, replaced))?;
        answer.replaced = replaced;
        if said_nothing(&partial) {
            // What comes now is all of it, and takes all of the time.
            (answer.usage, answer.milliseconds) = (None, None);
        }
        if sent.grounding.as_ref().is_some_and(|grounding| grounding.summary.is_some()) {
            // What is done of it is kept beside its text, which is written anew.
            answer.text.clear();
        }
        let (model, summary) = self.grounded(&history, model, &sent, &question, &answer)?;
        let question = None;
        Ok(self.start(Begun {
            history,
            model,
            request,
            conversation,
            question,
            answer,
            slot,
            summary,
            noted,
        }))
    }

    /// What goes with the next question of a conversation, or with the rest of this answer.
    fn to_send(
        &self,
        chosen: &Chosen,
        conversation: &Conversation,
        grounding: Option<Grounding>,
        continued: Option<&Message>,
    ) -> Result<Sent, Failure> {
        let folder = self.folder_of(conversation)?;
        let instructions = self.instructions_for(conversation, folder.as_ref())?;
        Ok(Sent::new(chosen, instructions, folder.as_ref(), grounding, continued))
    }

    /// What goes with a question that is to be answered from the beginning.
    fn to_answer(
        &self,
        history: &History,
        chosen: &Chosen,
        conversation: &Conversation,
        question: &Message,
        summary: Option<SummaryChoices>,
    ) -> Result<Sent, Failure> {
        let messages = history.messages(question.conversation)?;
        let branch = thread(&messages, Some(question.id)).messages;
        let grounding = self.grounding(chosen, &branch, summary);
        self.to_send(chosen, conversation, grounding, None)
    }

    async fn choose_for(
        &self,
        history: &History,
        conversation: ConversationId,
        model: Option<&str>,
    ) -> Result<Chosen, Failure> {
        let kept = model_of(history, &history.conversation(conversation)?)?;
        self.choose(model.or(kept.as_deref())).await
    }

    fn answer(
        self: &Arc<Self>,
        history: History,
        chosen: Chosen,
        question: Message,
        slot: Slot,
        Wish { asked, summary, confirmed }: Wish,
    ) -> Result<Updates, Failure> {
        let conversation = history.conversation(question.conversation)?;
        let mut sent = self.to_answer(&history, &chosen, &conversation, &question, summary)?;
        let request = sent.request(&history, &question, None)?;
        let noted = self.note_asking(asked, &chosen, &history, &question, &request)?;
        let (noted, (model, replaced)) = noted
            .go_on(self.checked(&history, &chosen, &question, &request, &mut sent, confirmed))?;
        let text = sent.to_text()?;
        let answer = history.transaction(|t| {
            let answer = t.add_message(NewMessage {
                model: Some(&chosen.id),
                state: MessageState::Streaming,
                ..new_message(question.conversation, Some(question.id), Role::Assistant, "")
            })?;
            t.set_request(answer.id, &text)?;
            t.set_replaced(answer.id, replaced)?;
            Ok(Message { replaced, ..answer })
        })?;
        let (model, summary) = self.grounded(&history, model, &sent, &question, &answer)?;
        let is_new = asked != Asked::MessageRegenerate;
        let question = is_new.then(|| Box::new(question));
        Ok(self.start(Begun {
            history,
            model,
            request,
            conversation,
            question,
            answer,
            slot,
            summary,
            noted,
        }))
    }

    /// Records that a question is about to be sent, with what the rules of prevention find in it and
    /// what goes with it.
    fn note_asking(
        &self,
        asked: Asked,
        chosen: &Chosen,
        history: &History,
        question: &Message,
        request: &ChatRequest,
    ) -> Result<Noted, Failure> {
        let guard = match self.is_audited() {
            true => self.guard(chosen, history, Some(question.conversation), false)?,
            false => None,
        };
        let event = Event::new(asked)
            .with_conversations(&[question.conversation])
            .with("attachments", question.attachments.len());
        self.note_beginning(Event {
            content: Some(question.text.clone()),
            ..self.event_of_request(event, chosen, guard.as_deref(), request)
        })
    }

    /// An event with what there is to record of a request to a model.
    pub(crate) fn event_of_request(
        &self,
        event: Event,
        chosen: &Chosen,
        guard: Option<&Guard>,
        request: &ChatRequest,
    ) -> Event {
        let config = self.config();
        let name = chosen.endpoint.as_deref();
        let origin = name.and_then(|name| config.endpoints.get(name)).and_then(|e| e.origin());
        let mut findings = BTreeMap::new();
        if let Some(guard) = guard {
            for finding in said(request).into_iter().flat_map(|text| guard.check(text)) {
                *findings.entry(finding.kind.as_str().to_owned()).or_default() += 1;
            }
        }
        Event {
            model: Some(chosen.name.clone()),
            endpoint: origin.or_else(|| chosen.endpoint.clone()),
            bytes: Some(request.to_string().len() as u64),
            findings,
            ..event
        }
    }

    /// The files as documents: their text is led back to, not the bytes of the files.
    async fn to_summarise(
        self: &Arc<Self>,
        files: Vec<AttachedFile>,
    ) -> Result<Vec<AttachedFile>, Failure> {
        if files.is_empty() {
            return Err(Failure::new(FailureCode::Invalid, "there is no file to summarise"));
        }
        let assistant = self.clone();
        let read = tokio::task::spawn_blocking(move || {
            files.into_iter().map(|file| assistant.as_document(file)).collect()
        });
        read.await.map_err(crate::defect::unexpected)?
    }

    /// The model to ask, once what goes to it was decided on; notes what of it is replaced, and
    /// gives how much that is.
    fn checked(
        &self,
        history: &History,
        chosen: &Chosen,
        question: &Message,
        request: &ChatRequest,
        sent: &mut Sent,
        confirmed: bool,
    ) -> Result<(Arc<dyn ChatModel>, u32), Failure> {
        let guard = self.guard(chosen, history, Some(question.conversation), confirmed)?;
        let mut replaced = 0;
        if let Some(guard) = &guard {
            let documents = match &sent.grounding {
                Some(_) => {
                    let messages = history.messages(question.conversation)?;
                    let branch = thread(&messages, Some(question.id)).messages;
                    grounding::sources(&Files::kept(history), &branch)?
                }
                None => Vec::new(),
            };
            let prepared = guard.prepare(request, &documents)?;
            replaced = prepared.replaced();
            sent.edits = prepared.edits;
        }
        Ok((chosen.guarded(guard)?, replaced))
    }

    /// How the answer to the last question of a branch rests on documents; none where there are
    /// none.
    pub(crate) fn grounding(
        &self,
        chosen: &Chosen,
        branch: &[&Message],
        summary: Option<SummaryChoices>,
    ) -> Option<Grounding> {
        let is_document = |file: &Attachment| file.media_type == documents::MEDIA_TYPE;
        let any = branch.iter().any(|message| message.attachments.iter().any(is_document));
        any.then(|| Grounding { room: self.room(chosen), summary, kept: Kept::default() })
    }

    /// The model, and around it what leads its words back to the documents.
    fn grounded(
        &self,
        history: &History,
        model: Arc<dyn ChatModel>,
        sent: &Sent,
        question: &Message,
        answer: &Message,
    ) -> Result<(Arc<dyn ChatModel>, Option<Underway>), Failure> {
        let Some(grounding) = sent.grounding.clone() else { return Ok((model, None)) };
        let Some(choices) = grounding.summary else {
            let messages = history.messages(question.conversation)?;
            let branch = thread(&messages, Some(question.id)).messages;
            let sources = Arc::new(grounding::sources(&Files::kept(history), &branch)?);
            let citer = Citer::new(sources, Wording::of_text(&question.text), Vec::new());
            return Ok((Arc::new(Citing::new(model, citer)), None));
        };
        let sources = Arc::new(grounding::sources(&Files::kept(history), &[question])?);
        let (progress, heard) = watch::channel(SummaryProgress::default());
        let partial = Arc::default();
        let summary = Summary {
            model,
            sources,
            choices,
            room: grounding.room,
            kept: grounding.kept,
            keep: keep(history.clone(), answer.id, sent.clone()),
            progress,
            partial: Arc::clone(&partial),
        };
        Ok((Arc::new(summary), Some(Underway { progress: heard, partial })))
    }
}

/// How an answer is wanted.
struct Wish {
    /// By which way of asking.
    asked: Asked,
    /// As a summary, where these are its choices.
    summary: Option<SummaryChoices>,
    /// Whether the person has said that what is asked about may go.
    confirmed: bool,
}

/// Whether an answer failed before there was anything of it.
fn said_nothing(answer: &Message) -> bool {
    answer.role == Role::Assistant
        && answer.state == MessageState::Failed
        && answer.text.is_empty()
        && answer.reasoning.is_empty()
}

/// The model that a conversation stays with; where none was kept, the one that answered last.
fn model_of(
    history: &History,
    conversation: &Conversation,
) -> Result<Option<String>, HistoryError> {
    if conversation.model.is_some() {
        return Ok(conversation.model.clone());
    }
    let messages = history.messages(conversation.id)?;
    let branch = thread(&messages, conversation.leaf).messages;
    let answer = branch.iter().rfind(|message| message.role == Role::Assistant);
    let sent = answer.map(|answer| sent_for(history, answer.id)).transpose()?.flatten();
    Ok(sent.map(|sent| sent.lasting_id()))
}

/// Keeps what is done of a summary with its answer.
fn keep(history: History, answer: MessageId, sent: Sent) -> Keep {
    Arc::new(move |kept| {
        let mut sent = sent.clone();
        if let Some(grounding) = &mut sent.grounding {
            grounding.kept = kept.clone();
        }
        // Where it cannot be written now, the next part writes all of it.
        if let Ok(text) = sent.to_text() {
            let _ = history.transaction(|t| t.set_request(answer, &text));
        }
    })
}

/// What was sent for an answer, where that was kept.
pub(crate) fn sent_for(history: &History, answer: MessageId) -> Result<Option<Sent>, HistoryError> {
    let kept = history.request(answer)?;
    Ok(kept.and_then(|text| serde_json::from_str(&text).ok()))
}

/// The last message of the branch that a conversation shows.
fn end_of(
    history: &History,
    conversation: &Conversation,
) -> Result<Option<MessageId>, HistoryError> {
    let messages = history.messages(conversation.id)?;
    Ok(thread(&messages, conversation.leaf).messages.last().map(|m| m.id))
}

pub(crate) fn new_message(
    conversation: ConversationId,
    parent: Option<MessageId>,
    role: Role,
    text: &str,
) -> NewMessage<'_> {
    let state = MessageState::Complete;
    NewMessage { conversation, parent, role, text, model: None, state, attachments: &[] }
}
