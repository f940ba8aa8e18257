//! One program for each profile: starting it again brings its window to the front.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Manager, Wry};

/// Ends this program if one runs on the same data folder already, which then shows itself. On a
/// system without a session bus each start is a program of its own; the history takes several.
pub(crate) fn one_for(data: &Path) -> TauriPlugin<Wry> {
    tauri_plugin_single_instance::Builder::new()
        .callback(|app, _, _| come_forward(app))
        .dbus_id(name(data))
        .build()
}

/// A name on the session bus, which takes letters, digits and dots, for this data folder.
fn name(data: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    data.hash(&mut hasher);
    format!("org.bureau.Bureau.p{:016x}", hasher.finish())
}

fn come_forward(app: &AppHandle) {
    if let Some(window) = app.webview_windows().into_values().next() {
        // What the platform refuses leaves the window where it is.
        let _ = window.unminimize();
        let _ = window.show();
        let _ = window.set_focus();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_profile_has_a_name_of_its_own() {
        let [one, other] = ["/home/a/.local/share/bureau", "/tmp/bureau"].map(Path::new);
        assert_eq!(name(one), name(one));
        assert_ne!(name(one), name(other));
        assert!(name(one).split('.').all(|part| part.starts_with(|c: char| c.is_alphabetic())));
    }
}
