//! Where things lie in the checkout.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The checkout's folder.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The newest time of change among files and everything in folders; `None` if there is nothing.
pub fn newest(paths: &[PathBuf]) -> Option<SystemTime> {
    paths.iter().filter_map(|path| newest_of(path)).max()
}

fn newest_of(path: &Path) -> Option<SystemTime> {
    let metadata = path.metadata().ok()?;
    if !metadata.is_dir() {
        return metadata.modified().ok();
    }
    path.read_dir().ok()?.flatten().filter_map(|entry| newest_of(&entry.path())).max()
}
