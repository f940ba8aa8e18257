//! Locking the history: when the person asks, when nobody has stirred for long, and when the
//! operating system locks its session or sleeps (`session`).

use std::collections::HashSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use assistant::Access;
use tauri::{AppHandle, Manager};

use crate::commands::Translations;
use crate::events::{Happening, Listeners};
use crate::{Profile, quick};

/// The longest that the windows may take to hand over what is being written. They are not trusted
/// to let the history be locked at all.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is looked whether somebody has stirred.
const LOOK: Duration = Duration::from_secs(20);

/// The windows that were asked for what is being written in them, and have not handed it over.
#[derive(Default)]
pub(crate) struct HandingOver {
    waiting: Mutex<HashSet<String>>,
    changed: Condvar,
}

impl HandingOver {
    /// A window has handed over what it had, or is gone.
    pub(crate) fn done(&self, window: &str) {
        self.waiting().remove(window);
        self.changed.notify_all();
    }

    /// Whether a window was asked and has not handed over yet.
    pub(crate) fn waits_for(&self, window: &str) -> bool {
        self.waiting().contains(window)
    }

    fn expect(&self, windows: &[String]) {
        *self.waiting() = windows.iter().cloned().collect();
    }

    fn wait(&self) {
        let waiting = self.waiting();
        drop(self.changed.wait_timeout_while(waiting, PATIENCE, |waiting| !waiting.is_empty()));
    }

    fn waiting(&self) -> MutexGuard<'_, HashSet<String>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Locks the history, after the windows have handed over what is being written in them. It waits
/// for that, and for answers to end.
pub(crate) fn now(app: &AppHandle) {
    let Ok(assistant) = app.state::<Profile>().assistant() else { return };
    if matches!(assistant.access(), Ok(Access::New | Access::Locked)) {
        return;
    }
    hand_over(app);
    assistant.lock();
    app.state::<Translations>().forget_all();
    if let Some(quick) = app.get_webview_window(quick::LABEL) {
        // What the system will not put away shows nothing any more.
        let _ = quick::put_away(&quick);
    }
}

/// Has all windows hand over what is being written in them.
pub(crate) fn hand_over(app: &AppHandle) {
    let listening = app.state::<Listeners>().all();
    let handing_over = app.state::<HandingOver>();
    // Expected first, told then: what is handed over can come at once.
    handing_over.expect(&listening);
    for window in &listening {
        app.state::<Listeners>().tell(window, Happening::Locking);
    }
    handing_over.wait();
}

/// Locks the history with the operating system's session, where that is wanted.
pub(crate) fn with_system(app: &AppHandle) {
    if app.state::<Profile>().assistant().is_ok_and(|assistant| assistant.locks_with_system()) {
        now(app);
    }
}

/// Locks the history whenever nobody has stirred for long enough, until the program ends.
pub(crate) async fn when_idle(app: AppHandle) {
    let Ok(assistant) = app.state::<Profile>().assistant() else { return };
    loop {
        let left = assistant.until_idle();
        if left == Some(Duration::ZERO) {
            let app = app.clone();
            let _ = tauri::async_runtime::spawn_blocking(move || now(&app)).await;
        }
        let soon = left.filter(|left| !left.is_zero()).unwrap_or(LOOK);
        tokio::time::sleep(soon.min(LOOK)).await;
    }
}
