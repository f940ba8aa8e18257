//! Files that were chosen, dropped or pasted, and wait for their question. The page never names a
//! path: it gets an id, and sends that.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use conversation::{AttachmentId, Failure, FailureCode};
use serde::{Deserialize, Serialize};

use crate::{Assistant, AttachedFile};

/// Files that may wait at once, and their bytes together.
const MAX_FILES: usize = 50;
const MAX_BYTES: usize = 200 * 1024 * 1024;

/// A waiting file, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct StagedFile {
    /// What it is sent by.
    pub id: AttachmentId,
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its length in bytes.
    pub size: u32,
}

/// A file, and the window in which it waits.
struct Waiting {
    window: String,
    file: AttachedFile,
}

/// The waiting files of all windows.
#[derive(Default)]
pub(crate) struct Staging(Mutex<BTreeMap<AttachmentId, Waiting>>);

impl Assistant {
    /// Lets a file wait in a window for its question.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where too many, or too large ones, wait already.
    pub fn stage(&self, window: &str, file: AttachedFile) -> Result<StagedFile, Failure> {
        let mut files = self.staging.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: usize = files.values().map(|waiting| waiting.file.data.len()).sum();
        if files.len() >= MAX_FILES || bytes + file.data.len() > MAX_BYTES {
            let message = "too many files wait to be sent; send or remove some first";
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        let id = AttachmentId::new();
        let staged = StagedFile {
            id,
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            size: u32::try_from(file.data.len()).unwrap_or(u32::MAX),
        };
        files.insert(id, Waiting { window: window.to_owned(), file });
        Ok(staged)
    }

    /// Forgets a waiting file.
    pub fn unstage(&self, id: AttachmentId) {
        self.staging.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// Forgets every file that waits in a window, which was closed or loaded anew: nobody could
    /// send or remove them any more.
    pub fn unstage_all(&self, window: &str) {
        let mut files = self.staging.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.retain(|_, waiting| waiting.window != window);
    }

    /// The waiting files with these ids, each once; they stay until they are
    /// [unstaged](Self::unstage).
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] where one does not wait any more.
    pub fn staged(&self, ids: &[AttachmentId]) -> Result<Vec<AttachedFile>, Failure> {
        // One file named over and over would take the memory of as many.
        let mut seen = BTreeSet::new();
        let files = self.staging.0.lock().unwrap_or_else(PoisonError::into_inner);
        let file = |id| {
            files.get(id).map(|waiting| waiting.file.clone()).ok_or_else(|| {
                Failure::new(FailureCode::NotFound, "a file is not there any more; add it again")
            })
        };
        ids.iter().filter(|id| seen.insert(**id)).map(file).collect()
    }
}
