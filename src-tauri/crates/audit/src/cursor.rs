//! How far a destination was served: the number and hash of the last record that it has taken.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::head::replace;
use crate::{AuditError, Head};

/// The folder of the cursors, beside the records.
const FOLDER: &str = "delivered";

/// The turn to serve a destination, among all processes, and how far it was served.
pub(crate) struct Cursor {
    path: PathBuf,
    /// Held for its lock.
    _turn: File,
}

impl Cursor {
    /// Takes the turn; none while another process has it.
    pub(crate) fn take(folder: &Path, destination: &str) -> Result<Option<Self>, AuditError> {
        let path = file(folder, destination);
        let failed = |error| AuditError::disk(&path, &error);
        fs::create_dir_all(folder.join(FOLDER)).map_err(failed)?;
        let lock = path.with_extension("lock");
        let turn = OpenOptions::new().write(true).create(true).truncate(false).open(lock);
        let turn = turn.map_err(failed)?;
        match turn.try_lock() {
            Ok(()) => Ok(Some(Self { path, _turn: turn })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// The last record that was taken; none where there is none, or it is of another log.
    pub(crate) fn read(&self, log: &str) -> Result<u64, AuditError> {
        Ok(read(&self.path)?.filter(|head| head.log == log).map_or(0, |head| head.sequence))
    }

    /// Remembers that all up to this record was taken.
    pub(crate) fn write(&self, head: &Head) -> Result<(), AuditError> {
        let bytes = serde_json::to_vec(head).map_err(|error| AuditError::Disk {
            path: self.path.clone(),
            problem: error.to_string(),
            advice: "this is a defect of Bureau",
        })?;
        replace(&self.path, &bytes, true)
    }
}

/// The last record that a destination has taken.
pub(crate) fn delivered(folder: &Path, destination: &str) -> Result<Option<Head>, AuditError> {
    read(&file(folder, destination))
}

fn file(folder: &Path, destination: &str) -> PathBuf {
    folder.join(FOLDER).join(format!("{destination}.json"))
}

/// One that is damaged counts as none: records that a destination has already it can tell by their
/// hashes.
fn read(path: &Path) -> Result<Option<Head>, AuditError> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(AuditError::disk(path, &error)),
    }
}
