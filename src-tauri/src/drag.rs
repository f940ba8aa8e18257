//! Dragging a text out of a window as a file. A file must be there before it is dropped: it lies
//! in a private folder, in memory where the system has such a place, until it was taken.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use conversation::{Failure, FailureCode, plain_file_name};
use drag::{DragItem, DragResult, Image, Options};
use tauri::{Manager, Url, WebviewWindow};
use tempfile::TempDir;

/// So long whoever took the file has for reading it.
const KEPT: Duration = Duration::from_secs(60);
const PREFIX: &str = "bureau-drag-";

/// The folders of files that are being dragged, or were just dropped.
#[derive(Default)]
pub(crate) struct Dragged(Mutex<Vec<TempDir>>);

impl Dragged {
    fn folders(&self) -> MutexGuard<'_, Vec<TempDir>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, folder: TempDir) {
        self.folders().push(folder);
    }

    fn remove(&self, folder: &Path) {
        self.folders().retain(|kept| kept.path() != folder);
    }

    /// Removes all of them, as the program ends.
    pub(crate) fn clear(&self) {
        self.folders().clear();
    }
}

/// Starts to drag a text as a file of this name, while the button of the mouse is held.
///
/// # Errors
/// [`FailureCode::Storage`] if the file cannot be written, [`FailureCode::Internal`] if the system
/// starts no drag.
pub(crate) fn out(window: &WebviewWindow, name: &str, text: &str) -> Result<(), Failure> {
    let unwritten = |error: std::io::Error| {
        Failure::new(FailureCode::Storage, format!("the file to drag cannot be written: {error}"))
    };
    let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(place()).map_err(unwritten)?;
    let path = folder.path().join(file_name(name));
    std::fs::write(&path, text).map_err(unwritten)?;
    let own = folder.path().to_owned();
    window.state::<Dragged>().keep(folder);

    let dragged = window.clone();
    let started = window.run_on_main_thread(move || {
        if let Err(error) = start(&dragged, path, own.clone()) {
            eprintln!("bureau: {error}");
            dragged.state::<Dragged>().remove(&own);
        }
    });
    started.map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))
}

fn start(window: &WebviewWindow, path: PathBuf, folder: PathBuf) -> Result<(), String> {
    let app = window.app_handle().clone();
    let ended = move |result, _| {
        let (app, folder) = (app.clone(), folder.clone());
        tauri::async_runtime::spawn(async move {
            if matches!(result, DragResult::Dropped) {
                tokio::time::sleep(KEPT).await;
            }
            app.state::<Dragged>().remove(&folder);
        });
    };
    let icon = Image::Raw(include_bytes!("../../icons/32x32.png").to_vec());
    #[cfg(target_os = "linux")]
    let source = &window.gtk_window().map_err(|error| error.to_string())?;
    // Only a person starts a drag, and one that was let go meanwhile would hang at the pointer.
    #[cfg(target_os = "linux")]
    if !holds_button(source) {
        return Err("nothing is dragged: the mouse was let go".to_owned());
    }
    #[cfg(not(target_os = "linux"))]
    let source = window;
    drag::start_drag(
        source,
        DragItem::Files(vec![handed_over(path)]),
        icon,
        ended,
        Options::default(),
    )
    .map_err(|error| format!("the system starts no drag: {error}"))
}

#[cfg(target_os = "linux")]
fn holds_button(window: &gtk::ApplicationWindow) -> bool {
    use gtk::prelude::{SeatExt, WidgetExt};
    let pointer = window.display().default_seat().and_then(|seat| seat.pointer());
    let (Some(pointer), Some(surface)) = (pointer, window.window()) else { return false };
    surface.device_position(&pointer).3.contains(gtk::gdk::ModifierType::BUTTON1_MASK)
}

/// A folder of the person's own in memory (XDG Base Directory Specification), or the usual one for
/// what is temporary.
fn place() -> PathBuf {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    runtime.filter(|folder| folder.is_dir()).unwrap_or_else(std::env::temp_dir)
}

/// A name that no system reads as more than that, for a Markdown file whatever the page says.
fn file_name(name: &str) -> String {
    let plain = plain_file_name(name).replace(['<', '>', ':', '"', '/', '\\', '|', '?', '*'], " ");
    let stem = plain.trim_end_matches(".md").trim_matches([' ', '.']);
    format!("{}.md", if stem.is_empty() { "Bureau" } else { stem })
}

/// The path as the drag's own crate wants it: under GTK it puts it into an address as it is.
fn handed_over(path: PathBuf) -> PathBuf {
    let address = cfg!(target_os = "linux").then(|| Url::from_file_path(&path).ok()).flatten();
    address.map_or(path, |address| address.path().into())
}

/// Removes what a program that was ended at once has left behind.
pub(crate) fn sweep() {
    let fresh = |folder: &Path| {
        let modified = folder.metadata().and_then(|told| told.modified());
        modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age < KEPT))
    };
    for entry in std::fs::read_dir(place()).into_iter().flatten().flatten() {
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if ours && !fresh(&entry.path()) {
            // Somebody else's stays where it is.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use super::*;

    #[test]
    fn a_name_stays_one_in_its_folder() {
        for (name, is) in [
            ("Météo à Paris.md", "Météo à Paris.md"),
            ("a.cmd", "a.cmd.md"),
            ("C:evil.md", "C evil.md"),
            ("x.md:stream", "x.md stream.md"),
            ("../../x", "x.md"),
            ("", "file.md"),
        ] {
            let own = file_name(name);
            assert_eq!(own, is, "{name}");
            let parts: Vec<_> = Path::new(&own).components().collect();
            assert!(matches!(parts[..], [Component::Normal(_)]), "{own}");
        }
    }
}
