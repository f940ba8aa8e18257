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
    // An absolute path replaces the checkout's, a relative one is below it, as for cargo.
    root().join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// Where the built-in model lies: in the checkout, or where programs are built outside of it, for
/// they look for it in the folders above their own.
pub fn models() -> PathBuf {
    models_of(root(), &target())
}

fn models_of(root: &Path, target: &Path) -> PathBuf {
    if target.starts_with(root) { root.join("models") } else { target.join("models") }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_lies_above_the_programs() {
        let models = |target| models_of(Path::new("/code/bureau"), Path::new(target));
        assert_eq!(models("/code/bureau/target"), Path::new("/code/bureau/models"));
        assert_eq!(models("/cache/builds"), Path::new("/cache/builds/models"));
    }
}
