//! What the program tells its windows unasked, through the one channel that each opens.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use assistant::{Change, StagedFile};
use conversation::{ConversationId, Failure};
use serde::Serialize;
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager};
use tokio::sync::broadcast::error::RecvError;

use crate::leaving::Leaving;
use crate::{Profile, menu, tray, window};

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
    /// Files were dropped on the window, and are read now, one after another.
    Dropped {
        /// Their names.
        names: Vec<String>,
    },
    /// One of the dropped files was read.
    Staged {
        /// Its name, as it was told when it was dropped.
        name: String,
        /// The file, if it waits to be sent now.
        file: Option<StagedFile>,
        /// Why it does not.
        failure: Option<Failure>,
    },
    /// The history is about to be locked: what is being written is to be handed over.
    Locking,
    /// Something ends with what the person has asked for elsewhere, and the window is to ask first.
    Leaving {
        /// What they have asked for.
        leaving: Leaving,
    },
    /// The window should show a conversation, or a new one.
    Open {
        /// Which one.
        conversation: Option<ConversationId>,
        /// The model that was chosen in it for what comes next.
        model: Option<String>,
    },
}

/// The open windows, by their labels.
#[derive(Default)]
pub(crate) struct Listeners(Mutex<HashMap<String, Listener>>);

#[derive(Default)]
struct Listener {
    /// Once the window's page listens.
    channel: Option<Channel<ShellEvent>>,
    /// What the page is told once it does, and the history is not locked.
    waiting: Option<Happening>,
}

impl Happening {
    /// The window should show this conversation.
    pub(crate) fn open(conversation: ConversationId) -> Self {
        Self::Open { conversation: Some(conversation), model: None }
    }
}

impl Listener {
    fn tell(&self, event: ShellEvent) {
        if let Some(channel) = &self.channel {
            // A window that is gone already needs nothing.
            let _ = channel.send(event);
        }
    }
}

impl Listeners {
    /// Takes a window's channel, in place of the one it had before it was loaded anew.
    pub(crate) fn listen(&self, window: &str, channel: Channel<ShellEvent>) {
        self.windows().entry(window.to_owned()).or_default().channel = Some(channel);
    }

    /// Tells the windows that listen what waits for them. Not while the history is locked: what a
    /// page handed over before is not told to one that can be used without the passphrase.
    pub(crate) fn tell_waiting(&self) {
        for listener in self.windows().values_mut().filter(|one| one.channel.is_some()) {
            if let Some(happening) = listener.waiting.take() {
                listener.tell(ShellEvent::Happened(happening));
            }
        }
    }

    /// Tells a window, at once or as soon as it listens.
    pub(crate) fn tell_soon(&self, window: &str, happening: Happening) {
        let mut windows = self.windows();
        let listener = windows.entry(window.to_owned()).or_default();
        match &listener.channel {
            Some(_) => listener.tell(ShellEvent::Happened(happening)),
            None => listener.waiting = Some(happening),
        }
    }

    /// Has a window show a conversation, with the model that was chosen in it, once its page is
    /// loaded anew.
    pub(crate) fn come_back(
        &self,
        window: &str,
        conversation: Option<ConversationId>,
        model: Option<String>,
    ) {
        let shown = conversation.is_some() || model.is_some();
        if let Some(listener) = self.windows().get_mut(window) {
            listener.waiting = shown.then_some(Happening::Open { conversation, model });
        }
    }

    /// Tells one window, if it listens.
    pub(crate) fn tell(&self, window: &str, happening: Happening) {
        if let Some(listener) = self.windows().get(window) {
            listener.tell(ShellEvent::Happened(happening));
        }
    }

    /// Forgets a window that was closed.
    pub(crate) fn forget(&self, window: &str) {
        self.windows().remove(window);
    }

    /// The windows whose pages listen.
    pub(crate) fn all(&self) -> Vec<String> {
        let windows = self.windows();
        let listening = windows.iter().filter(|(_, listener)| listener.channel.is_some());
        listening.map(|(label, _)| label.clone()).collect()
    }

    fn tell_all(&self, change: &Change) {
        for listener in self.windows().values() {
            listener.tell(ShellEvent::Changed(change.clone()));
        }
    }

    fn windows(&self) -> MutexGuard<'_, HashMap<String, Listener>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Passes every change on to all windows, until the program ends.
pub(crate) async fn pass_on(app: AppHandle) {
    let Ok(assistant) = app.state::<Profile>().assistant() else { return };
    let mut changes = assistant.changes();
    loop {
        match changes.recv().await {
            Ok(change) => {
                if !matches!(change, Change::Drafted { .. } | Change::Endpoints | Change::Organised)
                {
                    tray::refresh(&app);
                }
                if matches!(change, Change::Settings { .. }) {
                    menu::refresh(&app);
                }
                if matches!(change, Change::Policy) {
                    window::guard_again(&app);
                }
                let listeners = app.state::<Listeners>();
                listeners.tell_all(&change);
                if matches!(change, Change::Access) && !assistant.is_locked() {
                    listeners.tell_waiting();
                }
            }
            // What was missed is read again when it is next opened.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}
