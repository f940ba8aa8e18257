//! Where the log ends. It is kept apart from the records, so that one that is cut off is missed.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{AuditError, Hash};

/// The file beside the records.
pub(crate) const HEAD_FILE: &str = "head.json";

/// The last record of a log, as somebody knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Which log it is of.
    pub log: String,
    /// The record's number.
    pub sequence: u64,
    /// The record's hash.
    pub hash: Hash,
}

/// What the file says.
pub(crate) enum Kept {
    Head(Head),
    /// There is no file.
    Missing,
    /// The file is not as it was written.
    Damaged,
}

impl Head {
    pub(crate) fn read(folder: &Path) -> Result<Kept, AuditError> {
        let path = folder.join(HEAD_FILE);
        let written = match fs::read(&path) {
            Ok(written) => written,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Kept::Missing),
            Err(error) => return Err(AuditError::disk(&path, &error)),
        };
        let head = serde_json::from_slice::<Self>(&written).ok();
        // It has one spelling.
        let head = head.filter(|head| head.to_bytes().is_ok_and(|bytes| bytes == written));
        Ok(head.map_or(Kept::Damaged, Kept::Head))
    }

    pub(crate) fn write(&self, folder: &Path, sync: bool) -> Result<(), AuditError> {
        let bytes = self.to_bytes().map_err(|error| AuditError::Disk {
            path: folder.join(HEAD_FILE),
            problem: error.to_string(),
            advice: "this is a defect of Bureau",
        })?;
        replace(&folder.join(HEAD_FILE), &bytes, sync)
    }

    fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// Where the log in this folder ends; none where that is not known.
///
/// # Errors
/// As the disk refuses.
pub fn last(folder: &Path) -> Result<Option<Head>, AuditError> {
    Ok(match Head::read(folder)? {
        Kept::Head(head) => Some(head),
        Kept::Missing | Kept::Damaged => None,
    })
}

/// Puts these bytes into the file's place at once: a crash leaves the old ones or the new.
pub(crate) fn replace(path: &Path, bytes: &[u8], sync: bool) -> Result<(), AuditError> {
    let new = path.with_extension("new");
    let write = || {
        let mut file = File::create(&new)?;
        file.write_all(bytes)?;
        if sync {
            file.sync_data()?;
        }
        fs::rename(&new, path)
    };
    write().map_err(|error| AuditError::disk(path, &error))
}
