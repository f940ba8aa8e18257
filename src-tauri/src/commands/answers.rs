//! Commands that bring answers. Each resolves when its answer has ended; what happens in
//! between goes through the channel. An answer outlives the window that asked for it.

use std::sync::Arc;

use assistant::{AnswerEvent, Assistant, Question, SummaryChoices, Updates};
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
    let Asked { conversation, text, model, files, temporary, folder, summary } = question;
    let question = Question {
        conversation,
        text,
        model,
        files: assistant.staged(&files)?,
        temporary,
        folder,
        summary,
        system: None,
        given: assistant.staged_places(&files),
    };
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
    events: Channel<AnswerEvent>,
) -> Result<(), Failure> {
    let assistant = profile.assistant()?;
    let updates = assistant.edit(message, &text, model.as_deref()).await?;
    show(assistant, updates, events).await
}

/// Answers again, as a branch beside the answer.
#[tauri::command]
#[specta::specta]
pub async fn regenerate(
    profile: State<'_, Profile>,
    message: MessageId,
    model: Option<String>,
    events: Channel<AnswerEvent>,
) -> Result<(), Failure> {
    let assistant = profile.assistant()?;
    let updates = assistant.regenerate(message, model.as_deref()).await?;
    show(assistant, updates, events).await
}

/// Goes on with an answer that ended early.
#[tauri::command]
#[specta::specta]
pub async fn continue_answer(
    profile: State<'_, Profile>,
    message: MessageId,
    events: Channel<AnswerEvent>,
) -> Result<(), Failure> {
    let assistant = profile.assistant()?;
    let updates = assistant.continue_answer(message).await?;
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
