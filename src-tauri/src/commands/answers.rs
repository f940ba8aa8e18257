//! Commands that bring answers. Each resolves when its answer has ended; what happens in
//! between goes through the channel. An answer outlives the window that asked for it.

use std::sync::Arc;

use assistant::{
    AnswerEvent, Assistant, ContextUse, Found, Outgoing, Question, SummaryChoices, Unasked, Updates,
};
use conversation::{AttachmentId, ConversationId, Failure, FailureCode, FolderId, MessageId};
use serde::Deserialize;
use tauri::State;
use tauri::ipc::Channel;

use crate::Profile;

/// A question as a window asks it.
#[derive(Deserialize, specta::Type)]
pub struct Asked {
    /// None begins a new conversation.
    conversation: Option<ConversationId>,
    /// What to ask.
    text: String,
    /// None leaves it to the conversation.
    model: Option<String>,
    /// Staged files.
    files: Vec<AttachmentId>,
    /// Whether a new conversation is never written to disk.
    temporary: bool,
    /// The folder that a new conversation is put into.
    folder: Option<FolderId>,
    /// How the files are to be summarised, where that is what is asked.
    summary: Option<SummaryChoices>,
    /// Whether the person has said that what is asked about may go.
    confirmed: bool,
}

impl Asked {
    /// The question with the files that wait for it.
    fn with_files(self, assistant: &Assistant) -> Result<Question, Failure> {
        let Self { conversation, text, model, files, temporary, folder, summary, confirmed } = self;
        let given = assistant.staged_places(&files);
        let files = assistant.staged(&files)?;
        let system = None;
        Ok(Question {
            conversation,
            text,
            model,
            files,
            temporary,
            folder,
            summary,
            given,
            confirmed,
            system,
        })
    }
}

/// How much of the model's context a question would fill as it stands.
#[tauri::command]
#[specta::specta]
pub async fn context_use(
    profile: State<'_, Profile>,
    question: Asked,
) -> Result<ContextUse, Failure> {
    let Asked { conversation, text, model, files, folder, .. } = question;
    let question = Unasked { conversation, text, model, files, folder };
    super::blocking(profile, move |assistant| assistant.context_use(&question)).await
}

/// Asks a question, in a new conversation if it names none.
#[tauri::command]
#[specta::specta]
pub async fn send(
    profile: State<'_, Profile>,
    question: Asked,
    events: Channel<AnswerEvent>,
) -> Result<(), Failure> {
    let assistant = profile.assistant()?;
    let files = question.files.clone();
    let question = question.with_files(&assistant)?;
    let updates = assistant.send(question).await?;
    files.into_iter().for_each(|id| assistant.unstage(id));
    show(assistant, updates, events).await
}

/// Asks a stored question again in other words, as a branch beside it.
#[tauri::command]
#[specta::specta]
pub async fn edit(
    profile: State<'_, Profile>,
    message: MessageId,
    text: String,
    model: Option<String>,
    confirmed: bool,
    events: Channel<AnswerEvent>,
) -> Result<(), Failure> {
    let assistant = profile.assistant()?;
    let updates = assistant.edit(message, &text, model.as_deref(), confirmed).await?;
    show(assistant, updates, events).await
}

/// Answers again, as a branch beside the answer.
#[tauri::command]
#[specta::specta]
pub async fn regenerate(
    profile: State<'_, Profile>,
    message: MessageId,
    model: Option<String>,
    confirmed: bool,
    events: Channel<AnswerEvent>,
) -> Result<(), Failure> {
    let assistant = profile.assistant()?;
    let updates = assistant.regenerate(message, model.as_deref(), confirmed).await?;
    show(assistant, updates, events).await
}

/// Goes on with an answer that ended early.
#[tauri::command]
#[specta::specta]
pub async fn continue_answer(
    profile: State<'_, Profile>,
    message: MessageId,
    confirmed: bool,
    events: Channel<AnswerEvent>,
) -> Result<(), Failure> {
    let assistant = profile.assistant()?;
    let updates = assistant.continue_answer(message, confirmed).await?;
    show(assistant, updates, events).await
}

/// Stops the conversation's answer; what has arrived is kept.
#[tauri::command]
#[specta::specta]
pub async fn stop(
    profile: State<'_, Profile>,
    conversation: ConversationId,
) -> Result<(), Failure> {
    profile.assistant()?.stop(conversation);
    Ok(())
}

/// What is found in a text while it is written, if it went to this model.
#[tauri::command]
#[specta::specta]
pub async fn check_text(
    profile: State<'_, Profile>,
    conversation: Option<ConversationId>,
    text: String,
    model: Option<String>,
) -> Result<Vec<Found>, Failure> {
    super::blocking(profile, move |assistant| {
        assistant.check_text(conversation, &text, model.as_deref())
    })
    .await
}

/// What would be sent for a question; nothing is stored or sent.
#[tauri::command]
#[specta::specta]
pub async fn preview(profile: State<'_, Profile>, question: Asked) -> Result<Outgoing, Failure> {
    let assistant = profile.assistant()?;
    let question = question.with_files(&assistant)?;
    assistant.preview(&question).await
}

/// Renders on a thread that may compute, and that the renderer need never leave.
async fn show(
    assistant: Arc<Assistant>,
    updates: Updates,
    events: Channel<AnswerEvent>,
) -> Result<(), Failure> {
    let present = move || {
        let sink = |event| {
            // A window that is gone no longer listens; the history has the answer.
            let _ = events.send(event);
        };
        let conversation =
            tauri::async_runtime::block_on(assistant::present(&assistant, updates, sink));
        if let Some(conversation) = conversation {
            tauri::async_runtime::spawn(async move { assistant.improve_title(conversation).await });
        }
    };
    tauri::async_runtime::spawn_blocking(present)
        .await
        .map_err(|_| Failure::new(FailureCode::Internal, "the answer could not be shown"))
}
