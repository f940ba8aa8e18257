//! What the program tells its windows unasked, through the one channel that each opens.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use assistant::{Change, StagedFile};
use conversation::{ConversationId, Failure};
use serde::Serialize;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager};
use tokio::sync::broadcast::error::RecvError;

use crate::{Profile, tray};

/// What a window is told.
#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(untagged)]
pub enum ShellEvent {
    /// Something has changed, in this window or elsewhere.
    Changed(Change),
    /// Something happened to this window.
    Happened(Happening),
}

/// What happens to a window.
#[derive(Debug, Clone, Serialize, specta::Type)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Happening {
    /// Files hang over the window, or no longer do.
    Dragging {
        /// Whether they do.
        over: bool,
    },
    /// Files were dropped on the window.
    Staged {
        /// Those that wait to be sent now.
        files: Vec<StagedFile>,
        /// Why others do not.
        failures: Vec<Failure>,
    },
    /// The window should show a conversation, or a new one.
    Open {
        /// Which one.
        conversation: Option<ConversationId>,
    },
}

/// The channels of the open windows, by their labels, and what waits for a window to listen.
#[derive(Default)]
pub(crate) struct Listeners {
    channels: Mutex<HashMap<String, Channel<ShellEvent>>>,
    waiting: Mutex<HashMap<String, Happening>>,
}

impl Listeners {
    /// Takes a window's channel, in place of the one it had before it was loaded anew.
    pub(crate) fn listen(&self, window: &str, channel: Channel<ShellEvent>) {
        let waiting = lock(&self.waiting).remove(window);
        if let Some(happening) = waiting {
            // A window that is gone already needs nothing.
            let _ = channel.send(ShellEvent::Happened(happening));
        }
        lock(&self.channels).insert(window.to_owned(), channel);
    }

    /// Tells a window once it listens.
    pub(crate) fn tell_later(&self, window: &str, happening: Happening) {
        lock(&self.waiting).insert(window.to_owned(), happening);
    }

    /// Tells one window.
    pub(crate) fn tell(&self, window: &str, happening: Happening) {
        if let Some(channel) = lock(&self.channels).get(window) {
            let _ = channel.send(ShellEvent::Happened(happening));
        }
    }

    /// Forgets a window that was closed.
    pub(crate) fn forget(&self, window: &str) {
        lock(&self.channels).remove(window);
        lock(&self.waiting).remove(window);
    }

    fn tell_all(&self, change: &Change) {
        for channel in lock(&self.channels).values() {
            let _ = channel.send(ShellEvent::Changed(change.clone()));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Passes every change on to all windows, until the program ends.
pub(crate) async fn pass_on(app: AppHandle) {
    let Ok(assistant) = app.state::<Profile>().assistant() else { return };
    let mut changes = assistant.changes();
    loop {
        match changes.recv().await {
            Ok(change) => {
                if !matches!(change, Change::Drafted { .. } | Change::Endpoints) {
                    tray::refresh(&app);
                }
                app.state::<Listeners>().tell_all(&change);
            }
            // What was missed is read again when it is next opened.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}
