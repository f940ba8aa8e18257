//! The system's own dialogs for files, over the window that asks. They wait for the person, so they
//! are called on a thread that may wait.

use std::path::PathBuf;

use conversation::plain_file_name;
use tauri::{WebviewWindow, Wry};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};

/// Where the person wants a file, for which this name is proposed.
pub(crate) fn save_file(window: &WebviewWindow, name: &str) -> Option<PathBuf> {
    let dialog = over(window).set_file_name(plain_file_name(name));
    path(dialog.blocking_save_file())
}

/// The file that the person chooses.
pub(crate) fn pick_file(window: &WebviewWindow) -> Option<PathBuf> {
    path(over(window).blocking_pick_file())
}

/// The files that the person chooses; none if they choose none.
pub(crate) fn pick_files(window: &WebviewWindow) -> Vec<PathBuf> {
    let chosen = over(window).blocking_pick_files().unwrap_or_default();
    chosen.into_iter().filter_map(|file| path(Some(file))).collect()
}

/// The folder that the person chooses.
pub(crate) fn pick_folder(window: &WebviewWindow) -> Option<PathBuf> {
    path(over(window).blocking_pick_folder())
}

fn over(window: &WebviewWindow) -> FileDialogBuilder<Wry> {
    window.dialog().file().set_parent(window)
}

fn path(chosen: Option<FilePath>) -> Option<PathBuf> {
    chosen?.into_path().ok()
}
