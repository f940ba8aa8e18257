//! The window for a quick question, which keys bring up over other programs.

use std::sync::{Mutex, PoisonError};

use conversation::{Failure, FailureCode};
use serde::Serialize;
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, LogicalSize, Manager, PhysicalPosition, WebviewUrl, WebviewWindow, Wry};
use tauri_plugin_global_shortcut::{GlobalShortcutExt, Shortcut, ShortcutState};

use crate::{Profile, window};

/// The window's label; the capability names it.
pub(crate) const LABEL: &str = "quick";
const WIDTH: f64 = 680.0;
/// The heights that its page may ask for; WebKitGTK shows no page lower than the least.
const HEIGHTS: std::ops::RangeInclusive<f64> = 200.0..=600.0;

/// The keys that bring the window up, and why they do not where they do not.
#[derive(Debug, Clone, Default, Serialize, specta::Type)]
pub struct QuickKeys {
    /// As in the settings, such as `CommandOrControl+Shift+Space`; empty means none.
    pub keys: String,
    /// Why they cannot be heard.
    pub problem: Option<Failure>,
}

/// What is listened for.
#[derive(Default)]
pub(crate) struct Listening(Mutex<QuickKeys>);

/// Hears keys while other programs have the focus.
pub(crate) fn keys() -> TauriPlugin<Wry> {
    tauri_plugin_global_shortcut::Builder::new()
        .with_handler(|app, _, event| {
            if event.state() == ShortcutState::Pressed {
                // The platform opens no window; whoever pressed the keys sees as much.
                let _ = toggle(app);
            }
        })
        .build()
}

/// The keys, and whether they are heard.
pub(crate) fn state(app: &AppHandle) -> QuickKeys {
    app.state::<Listening>().0.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Listens for these keys from now on, in place of those before.
///
/// # Errors
/// [`FailureCode::Invalid`] where they are none, belong to another program, or cannot be heard on
/// this system; those before are kept then.
pub(crate) fn listen(app: &AppHandle, keys: &str) -> Result<(), Failure> {
    let state = app.state::<Listening>();
    let mut listening = state.0.lock().unwrap_or_else(PoisonError::into_inner);
    if !keys.is_empty() {
        hear(app, keys)?;
    }
    if listening.problem.is_none() && !listening.keys.is_empty() && listening.keys != keys {
        // Keys that cannot be given back are heard until the program ends.
        let _ = app.global_shortcut().unregister(listening.keys.as_str());
    }
    *listening = QuickKeys { keys: keys.to_owned(), problem: None };
    Ok(())
}

/// Listens for the keys of the settings as the program begins; what is wrong with them is kept, to
/// be told beside the setting.
pub(crate) fn begin(app: &AppHandle, keys: &str) {
    if let Err(problem) = listen(app, keys) {
        let state = app.state::<Listening>();
        *state.0.lock().unwrap_or_else(PoisonError::into_inner) =
            QuickKeys { keys: keys.to_owned(), problem: Some(problem) };
    }
}

fn hear(app: &AppHandle, keys: &str) -> Result<(), Failure> {
    let refused = |message: String| Failure::new(FailureCode::Invalid, message);
    let shortcut: Shortcut =
        keys.parse().map_err(|error| refused(format!("“{keys}” are no keys: {error}")))?;
    if on_wayland() {
        return Err(refused(
            "this system lets no program hear keys for itself; in its keyboard settings, give \
             keys to the command `bureau-desktop --quick`"
                .to_owned(),
        ));
    }
    app.global_shortcut()
        .register(shortcut)
        .map_err(|error| refused(format!("another program has the keys “{keys}”: {error}")))
}

/// Under Wayland keys are heard through X11 only while a window of X11 has the focus, and nothing
/// says so.
fn on_wayland() -> bool {
    cfg!(target_os = "linux")
        && std::env::var_os("WAYLAND_DISPLAY").is_some_and(|display| !display.is_empty())
}

/// Brings the window up, or puts it away where it has the focus.
fn toggle(app: &AppHandle) -> tauri::Result<()> {
    match app.get_webview_window(LABEL) {
        Some(window) if window.is_visible()? && window.is_focused()? => window.hide(),
        _ => show(app),
    }
}

/// Brings the window up. While the history is locked there is nothing to ask yet: then the program
/// comes forward instead.
///
/// # Errors
/// Where the platform opens no window.
pub(crate) fn show(app: &AppHandle) -> tauri::Result<()> {
    if !app.state::<Profile>().assistant().is_ok_and(|assistant| assistant.history().is_ok()) {
        return window::come_forward(app, None);
    }
    let window = match app.get_webview_window(LABEL) {
        Some(window) => window,
        None => window::with_own_page(app, LABEL, WebviewUrl::App("index.html#quick".into()))
            .inner_size(WIDTH, *HEIGHTS.start())
            .resizable(false)
            .decorations(false)
            .always_on_top(true)
            .skip_taskbar(true)
            .visible(false)
            .build()?,
    };
    if let Some(place) = place(app)? {
        window.set_position(place)?;
    }
    window.show()?;
    window.set_focus()
}

/// In the middle of the screen where the person points, with room below for an answer.
fn place(app: &AppHandle) -> tauri::Result<Option<PhysicalPosition<f64>>> {
    let pointer = app.cursor_position()?;
    let screen = match app.monitor_from_point(pointer.x, pointer.y)? {
        Some(screen) => Some(screen),
        None => app.primary_monitor()?,
    };
    Ok(screen.map(|screen| {
        let (position, size, scale) = (screen.position(), screen.size(), screen.scale_factor());
        let middle = |room: u32, needed: f64| ((f64::from(room) - needed * scale) / 2.0).max(0.0);
        PhysicalPosition::new(
            f64::from(position.x) + middle(size.width, WIDTH),
            f64::from(position.y) + middle(size.height, *HEIGHTS.end()),
        )
    }))
}

/// Gives the window the height that its page needs, within bounds.
///
/// # Errors
/// Where the platform refuses.
pub(crate) fn resize(window: &WebviewWindow, height: f64) -> tauri::Result<()> {
    let height = height.clamp(*HEIGHTS.start(), *HEIGHTS.end());
    window.set_size(LogicalSize::new(WIDTH, height))
}
