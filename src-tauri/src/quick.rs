//! The window for a quick question, which keys bring up over other programs.

use std::sync::{Mutex, MutexGuard, PoisonError};

use conversation::{Failure, FailureCode};
use serde::Serialize;
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, LogicalSize, Manager, PhysicalPosition, WebviewUrl, WebviewWindow, Wry};
use tauri_plugin_global_shortcut::{GlobalShortcutExt, Modifiers, Shortcut, ShortcutState};

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
    /// Why those that were last asked for are not heard.
    pub problem: Option<KeysProblem>,
}

/// Why keys are not heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum KeysProblem {
    /// They are no keys, or would be taken from what is typed: one needs Ctrl, Alt or the like.
    Unsuitable,
    /// The keyboard has no such key, or another program has them.
    Taken,
    /// Wayland lets no program hear keys for itself.
    Wayland,
}

impl From<KeysProblem> for Failure {
    fn from(problem: KeysProblem) -> Self {
        let message = match problem {
            KeysProblem::Unsuitable => "these are no keys for the whole system",
            KeysProblem::Taken => "another program has these keys, or the keyboard has not",
            KeysProblem::Wayland => {
                "the system lets no program hear keys for itself; in its keyboard settings, give \
                 keys to the command `bureau-desktop --quick`"
            }
        };
        Self::new(FailureCode::Invalid, message)
    }
}

/// What is listened for.
#[derive(Default)]
pub(crate) struct Listening {
    /// Held while the settings change, so that what is kept and what is heard stay the same.
    pub(crate) change: tokio::sync::Mutex<()>,
    heard: Mutex<Heard>,
}

#[derive(Default)]
struct Heard {
    now: QuickKeys,
    /// What is registered with the system.
    shortcut: Option<Shortcut>,
}

impl Listening {
    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hears keys while other programs have the focus.
pub(crate) fn keys() -> TauriPlugin<Wry> {
    tauri_plugin_global_shortcut::Builder::new()
        .with_handler(|app, _, event| {
            if event.state() == ShortcutState::Pressed {
                // Elsewhere, since the thread that hears keys must not wait for windows.
                let app = app.clone();
                tauri::async_runtime::spawn_blocking(move || toggle(&app));
            }
        })
        .build()
}

/// The keys, and whether they are heard.
pub(crate) fn state(app: &AppHandle) -> QuickKeys {
    app.state::<Listening>().heard().now.clone()
}

/// Listens for these keys from now on, in place of those before, which are kept where these cannot
/// be heard.
///
/// # Errors
/// Why they cannot; it is told by [`state`] as well.
pub(crate) fn listen(app: &AppHandle, keys: &str) -> Result<(), KeysProblem> {
    let listening = app.state::<Listening>();
    let mut heard = listening.heard();
    let replaced = replace(app, &mut heard.shortcut, keys);
    heard.now.problem = replaced.err();
    replaced.map(|()| keys.clone_into(&mut heard.now.keys))
}

/// Listens for the keys of the settings as the program begins; what is wrong with them is told
/// beside the setting.
pub(crate) fn begin(app: &AppHandle, keys: &str) {
    if listen(app, keys).is_err() {
        keys.clone_into(&mut app.state::<Listening>().heard().now.keys);
    }
}

fn replace(app: &AppHandle, heard: &mut Option<Shortcut>, keys: &str) -> Result<(), KeysProblem> {
    let wanted = suitable(keys)?;
    if wanted == *heard {
        return Ok(());
    }
    if let Some(shortcut) = wanted {
        hear(app, shortcut)?;
    }
    if let Some(shortcut) = std::mem::replace(heard, wanted) {
        // Keys that cannot be given back are heard until the program ends.
        let _ = app.global_shortcut().unregister(shortcut);
    }
    Ok(())
}

/// The keys as they are heard; `None` for none. A key alone, or with Shift, is typed in other
/// programs and belongs to them.
fn suitable(keys: &str) -> Result<Option<Shortcut>, KeysProblem> {
    if keys.is_empty() {
        return Ok(None);
    }
    let shortcut: Shortcut = keys.parse().map_err(|_| KeysProblem::Unsuitable)?;
    let held = Modifiers::CONTROL | Modifiers::ALT | Modifiers::SUPER;
    let name = shortcut.key.to_string();
    let function = name.strip_prefix('F').is_some_and(|number| number.parse::<u8>().is_ok());
    if shortcut.mods.intersects(held) || function {
        return Ok(Some(shortcut));
    }
    Err(KeysProblem::Unsuitable)
}

fn hear(app: &AppHandle, shortcut: Shortcut) -> Result<(), KeysProblem> {
    if on_wayland() {
        return Err(KeysProblem::Wayland);
    }
    app.global_shortcut().register(shortcut).map_err(|_| KeysProblem::Taken)
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
        Some(window) if window.is_visible()? && window.is_focused()? => put_away(&window),
        _ => show(app),
    }
}

/// Puts the window away. Where nothing else keeps the program, it ends: a window that is hidden
/// could not be reached any more.
///
/// # Errors
/// Where the platform refuses.
pub(crate) fn put_away(window: &WebviewWindow) -> tauri::Result<()> {
    if window::is_needless(window.app_handle()) { window.destroy() } else { window.hide() }
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
    // Where the platform does not tell of its screens, it chooses the place.
    if let Ok(Some(place)) = place(app) {
        window.set_position(place)?;
    }
    window::bring_up(&window)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_elsewhere_is_not_heard() {
        for keys in ["E", "Space", "Shift+E", "Enter", "Shift+Shift", "no keys", "Control+"] {
            assert_eq!(suitable(keys), Err(KeysProblem::Unsuitable), "{keys}");
        }
        for keys in ["CommandOrControl+Shift+Space", "Alt+1", "Super+K", "F9", "Shift+F12"] {
            assert!(matches!(suitable(keys), Ok(Some(_))), "{keys}");
        }
        assert_eq!(suitable(""), Ok(None));
    }
}
