//! Commands that bring conversations in and take them out. The page never names a path: the
//! system's dialogs do.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use assistant::{Assistant, ImportProgress, ImportReport};
use conversation::{ConversationId, Failure, FailureCode};
use export::{Format, Words};
use history::View;
use policy::Action;
use tauri::ipc::Channel;
use tauri::{State, WebviewWindow};

use super::blocking;
use crate::{Profile, dialogs, text};

/// Between two reports of an import's progress.
const PAUSE: Duration = Duration::from_millis(100);

/// The import under way; one at a time.
#[derive(Default)]
pub(crate) struct Importing(Mutex<Option<Arc<AtomicBool>>>);

/// Writes conversations where the person says; whether they said where.
#[tauri::command]
#[specta::specta]
pub async fn export_conversations(
    profile: State<'_, Profile>,
    window: WebviewWindow,
    conversations: Vec<ConversationId>,
    format: Format,
) -> Result<bool, Failure> {
    blocking(profile, move |assistant| {
        assistant.permit_export(format)?;
        let one = match conversations[..] {
            [id] => Some(assistant.conversation(id)?.title),
            _ => None,
        };
        let Some(file) = ask_where(&window, one.as_deref(), format) else { return Ok(false) };
        assistant.export(&conversations, format, &words(assistant), &file).map(|()| true)
    })
    .await
}

/// Writes all conversations of a list where the person says; whether they said where.
#[tauri::command]
#[specta::specta]
pub async fn export_view(
    profile: State<'_, Profile>,
    window: WebviewWindow,
    view: View,
    format: Format,
) -> Result<bool, Failure> {
    blocking(profile, move |assistant| {
        assistant.permit_export(format)?;
        let Some(file) = ask_where(&window, None, format) else { return Ok(false) };
        assistant.export_list(&view, format, &words(assistant), &file).map(|()| true)
    })
    .await
}

/// Brings in the export that the person chooses; nothing if they choose none.
#[tauri::command]
#[specta::specta]
pub async fn import_conversations(
    profile: State<'_, Profile>,
    importing: State<'_, Importing>,
    window: WebviewWindow,
    progress: Channel<ImportProgress>,
) -> Result<Option<ImportReport>, Failure> {
    let stop = importing.begin()?;
    let report = blocking(profile, move |assistant| {
        assistant.permit(Action::Import)?;
        let Some(file) = dialogs::pick_file(&window) else { return Ok(None) };
        let mut told = Instant::now();
        let report = assistant.import(&file, |now| {
            if told.elapsed() > PAUSE {
                // A window that was closed meanwhile needs none.
                let _ = progress.send(now);
                told = Instant::now();
            }
            if stop.load(Ordering::Relaxed) {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        });
        report.map(Some)
    })
    .await;
    importing.end();
    report
}

/// Stops the import; what was brought in stays.
#[tauri::command]
#[specta::specta]
pub async fn stop_import(importing: State<'_, Importing>) -> Result<(), Failure> {
    importing.stop();
    Ok(())
}

impl Importing {
    /// The wish to stop it, which is not there yet.
    fn begin(&self) -> Result<Arc<AtomicBool>, Failure> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if running.is_some() {
            return Err(Failure::new(FailureCode::Busy, "another import is under way"));
        }
        Ok(running.insert(Arc::default()).clone())
    }

    fn stop(&self) {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = &*running {
            running.store(true, Ordering::Relaxed);
        }
    }

    fn end(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Where the person wants the file, named after the one conversation that it holds.
fn ask_where(window: &WebviewWindow, one: Option<&str>, format: Format) -> Option<PathBuf> {
    let archive = one.is_none() && format != Format::Json;
    let extension = if archive { "zip" } else { format.extension() };
    dialogs::save_file(window, &format!("{}.{extension}", one.unwrap_or("Bureau")))
}

/// The words that documents add, in the person's language.
fn words(assistant: &Assistant) -> Words {
    let language = assistant.settings().language;
    let text = |key| text::of(language.as_deref(), key);
    Words {
        language: text("export_language"),
        untitled: text("conversation_untitled"),
        user: text("role_user"),
        system: text("role_system"),
        assistant: text("role_assistant"),
        built_in: text("model_built_in"),
        built_in_model: assistant::BUILT_IN_MODEL.to_owned(),
        files: text("export_files"),
        other_versions: text("export_versions"),
        stopped: text("message_stopped"),
        interrupted: text("message_interrupted"),
        failed: text("announce_failed"),
    }
}
