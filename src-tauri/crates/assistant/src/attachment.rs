//! Files that a person attaches to a question.

use std::path::Path;

use conversation::{Failure, FailureCode};
use history::NewAttachment;

/// The largest file that can be attached, in bytes.
const MAX_SIZE: u64 = 20 * 1024 * 1024;

/// A file in memory, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedFile {
    /// Its name, without its folder.
    pub name: String,
    /// `text/…` or `image/…`.
    pub media_type: String,
    /// Its bytes.
    pub data: Vec<u8>,
}

impl AttachedFile {
    /// A file of this name with these bytes: an image that models take (PNG, JPEG, WebP, GIF), or
    /// UTF-8 text of any kind.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where it is too large or neither an image nor text.
    pub fn new(name: &str, data: Vec<u8>) -> Result<Self, Failure> {
        let size = data.len();
        if size as u64 > MAX_SIZE {
            return Err(too_large(name, size as u64));
        }
        let media_type = media_type(Path::new(name), &data).ok_or_else(|| {
            Failure::new(
                FailureCode::Invalid,
                format!("{name} is neither an image (PNG, JPEG, WebP, GIF) nor UTF-8 text"),
            )
        })?;
        Ok(Self { name: name.to_owned(), media_type, data })
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
    let shown = file.display();
    let unreadable = |error: std::io::Error| {
        Failure::new(FailureCode::NotFound, format!("{shown} cannot be read: {error}"))
    };
    let size = std::fs::metadata(file).map_err(unreadable)?.len();
    if size > MAX_SIZE {
        return Err(too_large(&shown.to_string(), size));
    }
    let data = std::fs::read(file).map_err(unreadable)?;
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    AttachedFile::new(&name, data)
}

fn too_large(name: &str, size: u64) -> Failure {
    let message = format!("{name} has {size} bytes; at most {MAX_SIZE} can be attached");
    Failure::new(FailureCode::Invalid, message)
}

/// By content first: the image formats by their signatures, everything else must be UTF-8.
fn media_type(file: &Path, data: &[u8]) -> Option<String> {
    let image = match data {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        _ => "",
    };
    if !image.is_empty() {
        return Some(image.to_owned());
    }
    let text = std::str::from_utf8(data).ok()?;
    if text.contains('\0') {
        return None;
    }
    let guessed = mime_guess::from_path(file).first_raw().filter(|t| t.starts_with("text/"));
    Some(guessed.unwrap_or("text/plain").to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_decides() {
        assert_eq!(media_type(Path::new("a.txt"), b"\x89PNG\r\n").as_deref(), Some("image/png"));
        assert_eq!(media_type(Path::new("a.png"), b"text").as_deref(), Some("text/plain"));
        assert_eq!(media_type(Path::new("a.csv"), b"a,b").as_deref(), Some("text/csv"));
        assert_eq!(media_type(Path::new("a.txt"), b"\xff\xfe\x00"), None);
    }
}
