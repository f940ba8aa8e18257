//! A file that is there whole or not at all: what is written stands beside it until it is complete.

use std::io::Write;
use std::path::Path;

use conversation::{Failure, FailureCode};
use tempfile::NamedTempFile;

/// Writes a file; one that is there is replaced where that is allowed.
///
/// # Errors
/// [`FailureCode::Invalid`] where there is one that must stay; [`FailureCode::Storage`] as the disk
/// refuses. What was there before is then as it was.
pub(crate) fn write(content: &[u8], file: &Path, replace: bool) -> Result<(), Failure> {
    let unwritable = |error: &std::io::Error| {
        let message = format!("{} cannot be written: {error}", file.display());
        Failure::new(FailureCode::Storage, message)
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut whole =
        NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(|e| unwritable(&e))?;
    whole.write_all(content).map_err(|error| unwritable(&error))?;
    whole.as_file().sync_all().map_err(|error| unwritable(&error))?;
    if replace {
        return whole.persist(file).map(drop).map_err(|error| unwritable(&error.error));
    }
    whole.persist_noclobber(file).map(drop).map_err(|error| match error.error.kind() {
        std::io::ErrorKind::AlreadyExists => exists(file),
        _ => unwritable(&error.error),
    })
}

fn exists(file: &Path) -> Failure {
    let message = format!("{} is there already, and stays as it is", file.display());
    Failure::new(FailureCode::Invalid, message)
}
