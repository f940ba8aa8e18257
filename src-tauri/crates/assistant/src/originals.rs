//! The files that documents were read of: to draw a page beside its text, so that a person sees what
//! was there to be read.
//!
//! An original is kept only where a person has set that, and is then a file of the message like its
//! document. Otherwise its path and SHA-256 are kept in the encrypted history, and it is read again
//! while it is there unchanged.

use std::path::Path;
use std::sync::PoisonError;

use conversation::{AttachmentId, Failure, FailureCode, MAX_ATTACHMENT, Message, original_type};
use documents::Reading;
use history::{History, HistoryError, NewAttachment, Original, Transaction};
use sha2::{Digest, Sha256};

use crate::reading::read_whole;
use crate::{Assistant, AttachedFile};

/// How wide a page is drawn, in pixels.
const WIDTHS: std::ops::RangeInclusive<u32> = 100..=2_000;
/// The most bytes of a drawn page that are handed to a window.
const MOST: usize = 32 << 20;

impl AttachedFile {
    /// The same, read from this file; one whose path is no text is not found again.
    pub(crate) fn read_from(self, file: &Path, data: &[u8]) -> Self {
        let path = std::path::absolute(file)
            .ok()
            .and_then(|file| file.into_os_string().into_string().ok());
        let place = path.map(|path| Original { path, sha256: Sha256::digest(data).into() });
        Self { place, ..self }
    }
}

/// Files to be stored with a message: first they themselves, then the originals that are kept.
pub(crate) fn to_store(files: &[AttachedFile]) -> Vec<NewAttachment<'_>> {
    let originals = files.iter().filter_map(|file| {
        let data = file.original.as_deref()?;
        Some(NewAttachment { name: &file.name, media_type: original_type(&file.name), data })
    });
    files.iter().map(AttachedFile::as_new).chain(originals).collect()
}

/// Keeps where the documents among these files were read, which were [stored](to_store) with this
/// message.
pub(crate) fn note_places(
    t: &Transaction<'_>,
    message: &Message,
    files: &[AttachedFile],
) -> Result<(), HistoryError> {
    for (stored, file) in message.attachments.iter().zip(files) {
        if let Some(place) = file.place.as_ref().filter(|_| file.is_document()) {
            t.set_original(stored.id, place)?;
        }
    }
    Ok(())
}

/// The files of a stored message, to be stored again with another.
pub(crate) fn stored(
    history: &History,
    message: &Message,
) -> Result<Vec<AttachedFile>, HistoryError> {
    let own = message.attachments.iter().filter(|attachment| !attachment.is_original());
    own.map(|attachment| {
        Ok(AttachedFile {
            name: attachment.name.clone(),
            media_type: attachment.media_type.clone(),
            data: history.attachment_data(attachment.id)?,
            place: history.original(attachment.id)?,
            original: history.kept_original(attachment.id)?,
        })
    })
    .collect()
}

impl Assistant {
    /// The original of a document, where it is to be kept with it and is not too large for that.
    pub(crate) fn original_to_keep(&self, data: &[u8]) -> Option<Vec<u8>> {
        let keeps = self.settings().keep_originals && data.len() <= MAX_ATTACHMENT;
        keeps.then(|| data.to_vec())
    }

    /// The picture of a page of a document (the first is 0), about so many pixels wide, as an
    /// address that holds all of it (RFC 2397); none where the original was not kept and is no
    /// longer where it was read, or has changed. It blocks while the page is drawn.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] if there is no such document; [`FailureCode::PasswordNeeded`]
    /// where it opens with one, which is not kept; else as it cannot be drawn.
    pub fn page_picture(
        &self,
        id: AttachmentId,
        page: u32,
        width: u32,
    ) -> Result<Option<String>, Failure> {
        let history = self.history_where(|history| history.attachment(id).is_ok())?;
        let file = history.attachment(id)?;
        if file.media_type != documents::MEDIA_TYPE {
            return Err(Failure::new(FailureCode::NotFound, "this file is no document"));
        }
        let Some(data) = original_of(&history, id)? else { return Ok(None) };
        let reading = Reading { name: &file.name, data: &data, password: None };
        let width = width.clamp(*WIDTHS.start(), *WIDTHS.end());
        // Each takes up to a gigabyte while it is drawn.
        let _turn = self.drawing.lock().unwrap_or_else(PoisonError::into_inner);
        let picture = self.reader.draw_page(&reading, page as usize, width, &|| false)?;
        if picture.len() > MOST {
            let message = format!("the picture of this page has more than {MOST} bytes");
            return Err(Failure::new(FailureCode::FileTooLarge, message));
        }
        Ok(Some(endpoint::data_url("image/png", &picture)))
    }
}

/// The bytes that a document was read of, as far as they are still to be had.
fn original_of(history: &History, id: AttachmentId) -> Result<Option<Vec<u8>>, HistoryError> {
    if let Some(kept) = history.kept_original(id)? {
        return Ok(Some(kept));
    }
    let Some(Original { path, sha256 }) = history.original(id)? else { return Ok(None) };
    let file = Path::new(&path);
    // What is no ordinary file by now may never end, or never begin.
    let data = file.is_file().then(|| read_whole(file).ok()).flatten();
    Ok(data.filter(|data| Sha256::digest(data).as_slice() == sha256))
}
