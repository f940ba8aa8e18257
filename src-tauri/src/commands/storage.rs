//! Commands of what lies on this machine, and of what a person takes away from it.

use assistant::Storage;
use conversation::{Failure, FailureCode};
use policy::{Action, ExportFormat};
use tauri::{AppHandle, Manager, State, WebviewWindow};

use super::blocking;
use crate::{Profile, dialogs, quick};

/// How much the history holds, and where.
#[tauri::command]
#[specta::specta]
pub async fn storage(profile: State<'_, Profile>) -> Result<Storage, Failure> {
    blocking(profile, |assistant| assistant.storage()).await
}

/// What is wrong with the history; nothing if all is well.
#[tauri::command]
#[specta::specta]
pub async fn verify(profile: State<'_, Profile>) -> Result<Vec<String>, Failure> {
    blocking(profile, |assistant| Ok(assistant.history()?.verify()?.problems)).await
}

/// Takes the history away for good.
#[tauri::command]
#[specta::specta]
pub async fn delete_all(app: AppHandle, profile: State<'_, Profile>) -> Result<(), Failure> {
    blocking(profile, |assistant| assistant.delete_all()).await?;
    // What it shows is deleted; the next one begins anew.
    if let Some(window) = app.get_webview_window(quick::LABEL) {
        let _ = window.destroy();
    }
    Ok(())
}

/// What a person can send to those who help them, with nothing private in it.
#[tauri::command]
#[specta::specta]
pub async fn diagnostics(profile: State<'_, Profile>) -> Result<String, Failure> {
    blocking(profile, |assistant| assistant.diagnostics()).await
}

/// Saves a text where the person says; whether they said where.
#[tauri::command]
#[specta::specta]
pub async fn save_text(
    profile: State<'_, Profile>,
    window: WebviewWindow,
    name: String,
    text: String,
) -> Result<bool, Failure> {
    blocking(profile, move |assistant| {
        assistant.permit(Action::Export(ExportFormat::Markdown))?;
        let Some(path) = dialogs::save_file(&window, &name) else { return Ok(false) };
        assistant.take_out("text file", &text, || {
            std::fs::write(&path, &text).map(|()| true).map_err(|error| {
                let message = format!("{} cannot be written: {error}", path.display());
                Failure::new(FailureCode::Storage, message)
            })
        })
    })
    .await
}
