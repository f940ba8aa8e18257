//! Leaving: locking the history or ending the program, as a person asks for it. Where something ends
//! with that which was never written, they are asked first.

use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager};

use crate::events::Happening;
use crate::{Profile, lock, window};

/// What a person leaves by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Leaving {
    /// The history is locked.
    Lock,
    /// The program ends.
    Quit,
}

/// Leaves, on a thread that may wait; whoever asks from outside a window is asked back in one.
pub(crate) fn begin(app: &AppHandle, leaving: Leaving) {
    let app = app.clone();
    tauri::async_runtime::spawn_blocking(move || {
        // Where no window can be had, nobody could say so: it goes as the person has asked.
        let asking = Some(Happening::Leaving { leaving });
        let asked = loses(&app) && window::come_forward(&app, asking).is_ok();
        if !asked {
            go(&app, leaving);
        }
    });
}

/// Whether something was said that was never written, and ends with it.
pub(crate) fn loses(app: &AppHandle) -> bool {
    app.state::<Profile>().assistant().is_ok_and(|assistant| assistant.holds_temporary())
}

/// Leaves, whatever ends with it. It waits until the windows have handed over what is written.
pub(crate) fn go(app: &AppHandle, leaving: Leaving) {
    match leaving {
        Leaving::Lock => lock::now(app),
        Leaving::Quit => {
            lock::hand_over(app);
            app.exit(0);
        }
    }
}
