//! Commands of the windows themselves.

use conversation::{ConversationId, Failure, FailureCode};
use tauri::ipc::Channel;
use tauri::{AppHandle, State, WebviewWindow};

use crate::events::{Listeners, ShellEvent};
use crate::{Profile, window};

/// Lets the window hear what changes and what happens to it.
#[tauri::command]
#[specta::specta]
pub async fn subscribe(
    profile: State<'_, Profile>,
    window: WebviewWindow,
    listeners: State<'_, Listeners>,
    events: Channel<ShellEvent>,
) -> Result<(), Failure> {
    // The page that waited with files before it was loaded anew does not know of them any more.
    if let Ok(assistant) = profile.assistant() {
        assistant.unstage_all(window.label());
    }
    listeners.listen(window.label(), events);
    Ok(())
}

/// Opens another window, on a conversation or on a new one.
#[tauri::command]
#[specta::specta]
pub async fn open_window(
    app: AppHandle,
    conversation: Option<ConversationId>,
) -> Result<(), Failure> {
    window::open(&app, conversation).map_err(|error| {
        Failure::new(FailureCode::Internal, format!("no window can be opened: {error}"))
    })
}
