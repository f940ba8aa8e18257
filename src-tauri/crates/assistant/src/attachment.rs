//! Files that a person attaches to a question.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use conversation::{Failure, FailureCode, MAX_ATTACHMENT, attachable_type, plain_file_name};
use history::{NewAttachment, Original};

/// A file in memory, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedFile {
    /// Its name, without its folder.
    pub name: String,
    /// `text/…` or `image/…`.
    pub media_type: String,
    /// Its bytes.
    pub data: Vec<u8>,
    /// Where it was read, where that is a file on the disk.
    pub place: Option<Original>,
    /// The file that a document was read of, where that is to be kept with it.
    pub original: Option<Vec<u8>>,
}

/// Whether a model must be able to see for a file of this media type.
pub(crate) fn is_image(media_type: &str) -> bool {
    media_type.starts_with("image/")
}

impl AttachedFile {
    /// A file of this name with these bytes: an image that models take (PNG, JPEG, WebP, GIF), or
    /// UTF-8 text of any kind.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where it is too large or neither an image nor text.
    pub fn new(name: &str, data: Vec<u8>) -> Result<Self, Failure> {
        let name = plain_file_name(name);
        if data.len() > MAX_ATTACHMENT {
            let message =
                format!("{name} has more than the {MAX_ATTACHMENT} bytes that can be attached");
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        let media_type = attachable_type(&name, &data).ok_or_else(|| {
            Failure::new(
                FailureCode::Invalid,
                format!("{name} is neither an image (PNG, JPEG, WebP, GIF) nor UTF-8 text"),
            )
        })?;
        Ok(Self { name, media_type: media_type.to_owned(), data, place: None, original: None })
    }

    /// Whether it is the text that was read of another file.
    pub(crate) fn is_document(&self) -> bool {
        self.media_type == documents::MEDIA_TYPE
    }

    pub(crate) fn as_new(&self) -> NewAttachment<'_> {
        NewAttachment { name: &self.name, media_type: &self.media_type, data: &self.data }
    }
}

/// Reads a file to attach: an image that models take (PNG, JPEG, WebP, GIF), or UTF-8 text of
/// any kind.
///
/// # Errors
/// [`FailureCode::NotFound`] where it cannot be read, [`FailureCode::Invalid`] where it is too
/// large or neither an image nor text.
pub fn read_attachment(file: &Path) -> Result<AttachedFile, Failure> {
    AttachedFile::new(&name_of(file), read_at_most(file, MAX_ATTACHMENT)?)
}

/// A file's name, without its folder.
pub(crate) fn name_of(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Reads a file, but no more than one byte above `most`, which tells that it is too large.
pub(crate) fn read_at_most(file: &Path, most: usize) -> Result<Vec<u8>, Failure> {
    // What is no ordinary file, or grows meanwhile, holds more than it says.
    let mut data = Vec::new();
    File::open(file).and_then(|file| file.take(most as u64 + 1).read_to_end(&mut data)).map_err(
        |error| {
            let message = format!("{} cannot be read: {error}", file.display());
            Failure::new(FailureCode::NotFound, message)
        },
    )?;
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_without_end_is_not_read_to_it() {
        let failure = read_attachment(Path::new("/dev/zero")).unwrap_err();
        assert_eq!(failure.code, FailureCode::Invalid);
    }
}
