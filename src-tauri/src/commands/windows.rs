//! Commands of the windows themselves.

use conversation::{ConversationId, Failure, FailureCode};
use policy::Action;
use tauri::ipc::Channel;
use tauri::{AppHandle, State, WebviewWindow};
use tauri_plugin_notification::NotificationExt;

use crate::events::{Happening, Listeners, ShellEvent};
use crate::quick::QuickKeys;
use crate::{Profile, drag, quick, window};

/// The most characters of a notification.
const MAX_NOTIFICATION: usize = 200;

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
    let assistant = profile.assistant();
    if let Ok(assistant) = &assistant {
        assistant.unstage_all(window.label());
    }
    listeners.listen(window.label(), events);
    // Where it is, unlocking tells it (`events::pass_on`).
    if !assistant.is_ok_and(|assistant| assistant.is_locked()) {
        listeners.tell_waiting();
    }
    Ok(())
}

/// Opens another window, on a conversation or on a new one.
#[tauri::command]
#[specta::specta]
pub async fn open_window(
    app: AppHandle,
    conversation: Option<ConversationId>,
) -> Result<(), Failure> {
    window::open(&app, conversation.map(Happening::open)).map_err(refused)
}

/// Closes the window, as its own button does.
#[tauri::command]
#[specta::specta]
pub async fn close_window(window: WebviewWindow) -> Result<(), Failure> {
    window.close().map_err(refused)
}

/// Starts to drag a text out of the window as a file, while the button of the mouse is held.
#[tauri::command]
#[specta::specta]
pub async fn drag_out(
    profile: State<'_, Profile>,
    window: WebviewWindow,
    name: String,
    text: String,
) -> Result<(), Failure> {
    let assistant = profile.assistant()?;
    assistant.take_out("drag", &text, || {
        assistant.permit(Action::DragOut)?;
        drag::out(&window, &name, &text)
    })
}

/// Brings up the window for a quick question, as its keys and the tray do. While the history is
/// locked, no window may call it.
#[tauri::command]
#[specta::specta]
pub async fn show_quick(app: AppHandle) -> Result<(), Failure> {
    quick::show(&app).map_err(refused)
}

/// Puts the window for a quick question away.
#[tauri::command]
#[specta::specta]
pub async fn hide_quick(window: WebviewWindow) -> Result<(), Failure> {
    quick::put_away(only_quick(&window)?).map_err(refused)
}

/// Gives the window for a quick question the height that its page needs, in pixels of the page.
#[tauri::command]
#[specta::specta]
pub async fn resize_quick(window: WebviewWindow, height: u16) -> Result<(), Failure> {
    quick::resize(only_quick(&window)?, height.into()).map_err(refused)
}

/// The keys that bring up the window for a quick question, and whether they are heard.
#[tauri::command]
#[specta::specta]
pub async fn quick_keys(app: AppHandle) -> Result<QuickKeys, Failure> {
    Ok(quick::state(&app))
}

fn only_quick(window: &WebviewWindow) -> Result<&WebviewWindow, Failure> {
    if window.label() == quick::LABEL {
        return Ok(window);
    }
    Err(Failure::new(FailureCode::Invalid, "this is not the window for a quick question"))
}

fn refused(error: tauri::Error) -> Failure {
    Failure::new(FailureCode::Internal, format!("the system's windows refuse: {error}"))
}

/// Tells the person by the system that something has happened here, if they want that and look
/// elsewhere. What is told is seen by the system: it must be nothing of a conversation.
#[tauri::command]
#[specta::specta]
pub async fn notify(
    profile: State<'_, Profile>,
    window: WebviewWindow,
    text: String,
) -> Result<(), Failure> {
    let wanted = profile.assistant()?.settings().notify;
    if !wanted || window.is_focused().unwrap_or(false) {
        return Ok(());
    }
    let text: String = text.chars().take(MAX_NOTIFICATION).collect();
    // A system that shows no notifications is no failure of the answer.
    let _ = window.notification().builder().title("Bureau").body(text).show();
    Ok(())
}
