//! The windows: opening one, and what happens to it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use assistant::Theme;
use conversation::plain_file_name;
#[cfg(target_os = "linux")]
use gdkx11::{X11Window, functions::x11_get_server_time};
use policy::Action;
use tauri::plugin::TauriPlugin;
use tauri::webview::NewWindowResponse;
use tauri::{
    AppHandle, DragDropEvent, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    Window, WindowEvent, Wry,
};
use tauri_plugin_window_state::StateFlags;

use crate::commands::Translations;
use crate::events::{Happening, Listeners};
use crate::lock::HandingOver;
use crate::{Profile, quick, tray};

/// Opens a window, on a new conversation or with what it is told at once.
///
/// # Errors
/// Where the platform opens none.
pub(crate) fn open(app: &AppHandle, told: Option<Happening>) -> tauri::Result<()> {
    static OPENED: AtomicUsize = AtomicUsize::new(0);
    // The capability is for labels of this form.
    let label = format!("window-{}", OPENED.fetch_add(1, Ordering::Relaxed));
    if let Some(told) = told {
        app.state::<Listeners>().tell_soon(&label, told);
    }
    with_own_page(app, &label, WebviewUrl::default())
        .inner_size(1100.0, 760.0)
        .min_inner_size(360.0, 480.0)
        .build()?;
    Ok(())
}

/// Draws what is the platform's own, as the lists of choices, in the person's theme. Under Linux
/// there is no way back to the system's, which a start finds by itself.
pub(crate) fn wear(app: &AppHandle, theme: Theme) {
    match theme {
        Theme::Light => app.set_theme(Some(tauri::Theme::Light)),
        Theme::Dark => app.set_theme(Some(tauri::Theme::Dark)),
        Theme::System if cfg!(target_os = "linux") => {}
        Theme::System => app.set_theme(None),
    }
}

/// A window to be, whose page can go nowhere else and open nothing: links are opened by a command,
/// after the person has seen the whole address.
pub(crate) fn with_own_page<'a>(
    app: &'a AppHandle,
    label: &str,
    page: WebviewUrl,
) -> WebviewWindowBuilder<'a, Wry, AppHandle> {
    let builder = WebviewWindowBuilder::new(app, label, page);
    // Before any script of the page's own.
    let builder = match guards(app) {
        Some(guards) => builder.initialization_script(guards),
        None => builder,
    };
    builder
        .title("Bureau")
        .on_document_title_changed(|window, title| {
            let _ = window.set_title(&title);
        })
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
}

/// What keeps a page from copying, and from dragging out, where the organisation forbids it: the
/// web view does both by itself, without asking for a command.
fn guards(app: &AppHandle) -> Option<String> {
    let assistant = app.state::<Profile>().assistant().ok()?;
    let mut scripts = Vec::new();
    if assistant.permit(Action::Copy).is_err() {
        scripts.push(NO_COPY);
    }
    if assistant.permit(Action::DragOut).is_err() {
        scripts.push(NO_DRAG);
    }
    (!scripts.is_empty()).then(|| scripts.concat())
}

/// Lets a policy that is stricter than before hold in the windows that are open.
pub(crate) fn guard_again(app: &AppHandle) {
    let Some(guards) = guards(app) else { return };
    for window in app.webview_windows().into_values() {
        // One that is closed meanwhile copies nothing.
        let _ = window.eval(&guards);
    }
}

const NO_COPY: &str = "for (const kind of ['copy', 'cut']) \
    window.addEventListener(kind, (event) => { event.preventDefault(); event.stopImmediatePropagation() }, true); \
    for (const name of ['write', 'writeText']) Object.defineProperty(Clipboard.prototype, name, \
    { value: () => Promise.reject(new DOMException('forbidden by policy', 'NotAllowedError')), configurable: true }); \
    Document.prototype.execCommand = () => false;";
const NO_DRAG: &str = "window.addEventListener('dragstart', (event) => { event.preventDefault(); event.stopImmediatePropagation() }, true);";

/// The windows of conversations.
fn conversation_windows(app: &AppHandle) -> impl Iterator<Item = WebviewWindow> {
    app.webview_windows().into_values().filter(|window| window.label() != quick::LABEL)
}

/// Brings a window to the front, the one that has the focus if one has, and tells it something;
/// opens one where there is none.
///
/// # Errors
/// Where the platform opens no window.
pub(crate) fn come_forward(app: &AppHandle, told: Option<Happening>) -> tauri::Result<()> {
    let focused = |window: &WebviewWindow| window.is_focused().unwrap_or(false);
    let Some(window) = conversation_windows(app).max_by_key(focused) else {
        return open(app, told);
    };
    if let Some(told) = told {
        app.state::<Listeners>().tell_soon(window.label(), told);
    }
    window.unminimize()?;
    bring_up(&window)
}

/// Shows a window over all others and gives it the keyboard, as the person has just asked.
///
/// # Errors
/// Where the platform refuses.
pub(crate) fn bring_up(window: &WebviewWindow) -> tauri::Result<()> {
    window.show()?;
    #[cfg(target_os = "linux")]
    {
        let shown = window.clone();
        window.run_on_main_thread(move || present(&shown))
    }
    #[cfg(not(target_os = "linux"))]
    window.set_focus()
}

/// Shows it and gives it the keyboard by GTK itself, since `set_focus` does nothing for a window that
/// is only about to be shown, and else names the last key that the program had: what another program
/// had after that is kept by the window manager from a window that nobody seems to have asked for.
#[cfg(target_os = "linux")]
fn present(window: &WebviewWindow) {
    use gtk::prelude::{Cast, GtkWindowExt, WidgetExt};
    let Ok(window) = window.gtk_window() else { return };
    window.realize();
    let surface = window.window().and_then(|surface| surface.downcast::<X11Window>().ok());
    // Elsewhere than under X11 the system goes by no time: 0 is none.
    let now = surface.map_or(0, |surface| x11_get_server_time(&surface));
    // A window that is hidden is only shown by this, and has the keyboard once it is there.
    window.present_with_time(now);
    window.show_all();
    window.present_with_time(now);
}

/// Whether a window that is hidden would be all there is, so that nobody could reach the program.
pub(crate) fn is_needless(app: &AppHandle) -> bool {
    conversation_windows(app).next().is_none() && !stays(app)
}

/// Whether the program goes on without a window: where that is set, and the tray leads back to it.
pub(crate) fn stays(app: &AppHandle) -> bool {
    let wanted = app.state::<Profile>().assistant().is_ok_and(|a| a.settings().background);
    wanted && tray::is_there(app)
}

/// Keeps where a window stood and how large it was, for the next one.
pub(crate) fn remembered() -> TauriPlugin<Wry> {
    tauri_plugin_window_state::Builder::new()
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        // Labels are counted anew at each start; all windows share one place.
        .map_label(|label| if label == quick::LABEL { label } else { "window" })
        .with_denylist(&[quick::LABEL])
        .build()
}

/// What happens to a window, from the system.
pub(crate) fn happened(window: &Window, event: &WindowEvent) {
    let listeners = window.state::<Listeners>();
    match event {
        WindowEvent::DragDrop(DragDropEvent::Enter { .. }) => {
            listeners.tell(window.label(), Happening::Dragging { over: true });
        }
        WindowEvent::DragDrop(DragDropEvent::Leave) => {
            listeners.tell(window.label(), Happening::Dragging { over: false });
        }
        WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) => {
            let (window, paths) = (window.clone(), paths.clone());
            tauri::async_runtime::spawn_blocking(move || {
                let Ok(assistant) = window.state::<Profile>().assistant() else { return };
                let listeners = window.state::<Listeners>();
                let name = |path: &PathBuf| {
                    plain_file_name(&path.file_name().unwrap_or_default().to_string_lossy())
                };
                let names = paths.iter().map(name).collect();
                listeners.tell(window.label(), Happening::Dropped { names });
                for path in &paths {
                    let staged = assistant.stage_file(window.label(), path);
                    let (file, failure) =
                        staged.map_or_else(|f| (None, Some(f)), |f| (Some(f), None));
                    let staged = Happening::Staged { name: name(path), file, failure };
                    listeners.tell(window.label(), staged);
                }
            });
        }
        WindowEvent::Destroyed => {
            listeners.forget(window.label());
            window.state::<HandingOver>().done(window.label());
            window.state::<Translations>().forget(window.label());
            if let Ok(assistant) = window.state::<Profile>().assistant() {
                assistant.unstage_all(window.label());
                assistant.stop_reading_aloud_to(window.label());
            }
            let app = window.app_handle();
            // A quick question that is still seen keeps the program until it is put away.
            if is_needless(app)
                && let Some(quick) = app.get_webview_window(quick::LABEL)
                && !quick.is_visible().unwrap_or(false)
            {
                // The program ends with it, or is ended already.
                let _ = quick.destroy();
            }
        }
        _ => {}
    }
}

/// Whether the address is one of the pages that come with the program: `tauri://localhost` on
/// Linux and macOS, `http://tauri.localhost` on Windows.
fn is_own_page(address: &Url) -> bool {
    match address.scheme() {
        "tauri" => address.host_str() == Some("localhost"),
        "http" => cfg!(windows) && address.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_stays_where_it_is() {
        let own = |address: &str| is_own_page(&Url::parse(address).unwrap());
        assert!(own("tauri://localhost/index.html"));
        for elsewhere in [
            "https://evil.example/",
            "tauri://evil.example/",
            "data:text/html,x",
            "about:blank",
            "file:///etc/passwd",
        ] {
            assert!(!own(elsewhere), "{elsewhere}");
        }
    }
}
