//! One program for each profile: starting it again passes on what is asked to the one that runs.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use tauri::Wry;
use tauri::plugin::TauriPlugin;

use crate::request::Request;

/// Ends this program if one runs on the same data folder already, which then does what this one was
/// asked. On a system without a session bus each start is a program of its own; the history takes
/// several.
pub(crate) fn one_for(data: &Path) -> TauriPlugin<Wry> {
    tauri_plugin_single_instance::Builder::new()
        .callback(|app, arguments, _| {
            Request::of_arguments(arguments.into_iter().skip(1)).serve(app);
        })
        .dbus_id(name(data))
        .build()
}

/// A name on the session bus, which takes letters, digits and dots, for this data folder.
fn name(data: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    data.hash(&mut hasher);
    format!("org.bureau.Bureau.p{:016x}", hasher.finish())
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
