//! Commands of texts and code: diagrams, texts that are worked on, prompts, and changes of files.

use assistant::{FileChange, KeptPrompt, PromptLibrary, WritingRequest, Written};
use conversation::{Failure, MessageId};
use policy::{Action, ExportFormat};
use tauri::ipc::Channel;
use tauri::{State, WebviewWindow};

use super::blocking;
use crate::{Profile, dialogs};

/// Draws a diagram of a fence of this language as SVG, which only shows.
#[tauri::command]
#[specta::specta]
pub async fn draw_diagram(
    profile: State<'_, Profile>,
    language: String,
    source: String,
    dark: bool,
) -> Result<String, Failure> {
    blocking(profile, move |_| assistant::draw_diagram(&language, &source, dark)).await
}

/// The languages that shown texts are in, where that is sure.
#[tauri::command]
#[specta::specta]
pub async fn text_languages(
    profile: State<'_, Profile>,
    texts: Vec<String>,
) -> Result<Vec<Option<String>>, Failure> {
    let owned = |tag: Option<&'static str>| tag.map(str::to_owned);
    let told = move |_: &_| Ok(assistant::text_languages(&texts).into_iter().map(owned).collect());
    blocking(profile, told).await
}

/// Works on a text; the channel is told of what has come so far.
#[tauri::command]
#[specta::specta]
pub async fn write_text(
    profile: State<'_, Profile>,
    number: u32,
    request: WritingRequest,
    so_far: Channel<String>,
) -> Result<Written, Failure> {
    let assistant = profile.assistant()?;
    let mut told = std::time::Instant::now();
    let on = |text: &str| {
        if told.elapsed().as_millis() >= 100 {
            told = std::time::Instant::now();
            // A window that is gone no longer listens.
            let _ = so_far.send(text.to_owned());
        }
    };
    assistant.write_text(number, request, on).await
}

/// Stops work on a text.
#[tauri::command]
#[specta::specta]
pub async fn stop_writing(profile: State<'_, Profile>, number: u32) -> Result<(), Failure> {
    profile.assistant()?.stop_writing(number);
    Ok(())
}

/// The library of prompts.
#[tauri::command]
#[specta::specta]
pub async fn prompts(
    profile: State<'_, Profile>,
    locale: String,
) -> Result<PromptLibrary, Failure> {
    blocking(profile, move |assistant| assistant.prompts(&locale)).await
}

/// Keeps the person's prompts as they are now.
#[tauri::command]
#[specta::specta]
pub async fn set_prompts(
    profile: State<'_, Profile>,
    prompts: Vec<KeptPrompt>,
) -> Result<PromptLibrary, Failure> {
    blocking(profile, move |assistant| assistant.set_prompts(prompts)).await
}

/// Adds the prompts of a file that the person chooses; the library as it is where they choose none.
#[tauri::command]
#[specta::specta]
pub async fn import_prompts(
    profile: State<'_, Profile>,
    window: WebviewWindow,
    locale: String,
) -> Result<PromptLibrary, Failure> {
    blocking(profile, move |assistant| {
        assistant.permit(Action::Import)?;
        match dialogs::pick_file(&window) {
            Some(file) => assistant.import_prompts(&file, &locale),
            None => assistant.prompts(&locale),
        }
    })
    .await
}

/// Writes the person's prompts where they say; whether they said where.
#[tauri::command]
#[specta::specta]
pub async fn export_prompts(
    profile: State<'_, Profile>,
    window: WebviewWindow,
    locale: String,
) -> Result<bool, Failure> {
    blocking(profile, move |assistant| {
        assistant.permit(Action::Export(ExportFormat::Json))?;
        match dialogs::save_file(&window, "prompts.json") {
            Some(file) => assistant.export_prompts(&file, &locale).map(|()| true),
            None => Ok(false),
        }
    })
    .await
}

/// The changes of given files that an answer proposes.
#[tauri::command]
#[specta::specta]
pub async fn code_changes(
    profile: State<'_, Profile>,
    message: MessageId,
) -> Result<Vec<FileChange>, Failure> {
    blocking(profile, move |assistant| assistant.code_changes(message)).await
}

/// Writes a change that the person accepted into its file.
#[tauri::command]
#[specta::specta]
pub async fn apply_change(
    profile: State<'_, Profile>,
    message: MessageId,
    name: String,
    version: String,
) -> Result<Vec<FileChange>, Failure> {
    blocking(profile, move |assistant| assistant.apply_change(message, &name, &version)).await
}

/// Gives a file back what a change took from it.
#[tauri::command]
#[specta::specta]
pub async fn undo_change(
    profile: State<'_, Profile>,
    message: MessageId,
    name: String,
) -> Result<Vec<FileChange>, Failure> {
    blocking(profile, move |assistant| assistant.undo_change(message, &name)).await
}
