//! Which process an answer streams into. Each one holds a lock on a file of its own beside the
//! database; the operating system frees it when the process ends, however it ends. An answer
//! whose lease is free was interrupted.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::HistoryError;

/// This process's lease; its file goes when it is dropped.
#[derive(Debug)]
pub(crate) struct Lease {
    name: String,
    file: PathBuf,
    /// Held for its lock.
    lock: Option<File>,
}

impl Lease {
    /// Takes a lease in this folder.
    pub fn take(folder: &Path) -> Result<Self, HistoryError> {
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::StorageFull => HistoryError::Full,
            _ => HistoryError::Disk(format!("{}: {error}", folder.display())),
        };
        fs::create_dir_all(folder).map_err(failed)?;
        loop {
            let number = getrandom::u64().map_err(|error| HistoryError::Disk(error.to_string()))?;
            let name = format!("{number:016x}");
            let file = folder.join(&name);
            let lock =
                OpenOptions::new().write(true).create_new(true).open(&file).map_err(failed)?;
            lock.lock().map_err(failed)?;
            // Before it was locked, another process may have taken it for a dead one's.
            if file.try_exists().map_err(failed)? {
                return Ok(Self { name, file, lock: Some(lock) });
            }
        }
    }

    /// The lease of a history that no other process can see.
    pub fn unshared() -> Self {
        Self { name: "memory".to_owned(), file: PathBuf::new(), lock: None }
    }

    /// What is written beside the answer.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.lock.is_some() {
            // A file left behind is free, and removed when it is next found so.
            let _ = fs::remove_file(&self.file);
        }
    }
}

/// Removes the files of processes that have died; their answers are marked already.
pub(crate) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if let Some(name) = entry.file_name().to_str() {
            is_held(folder, name);
        }
    }
}

/// Whether the process with this lease lives. The file of one that does not is removed.
pub(crate) fn is_held(folder: &Path, name: &str) -> bool {
    let file = folder.join(name);
    let Ok(lock) = OpenOptions::new().write(true).open(&file) else { return false };
    match lock.try_lock() {
        Ok(()) => {
            let _ = fs::remove_file(&file);
            false
        }
        Err(TryLockError::WouldBlock) => true,
        // Where it cannot be known, an answer is not declared dead under its writer.
        Err(TryLockError::Error(_)) => true,
    }
}
