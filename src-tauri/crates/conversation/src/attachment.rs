//! Files that travel with a message, or with every question of a folder, and which ones can.

use serde::{Deserialize, Serialize};

use crate::AttachmentId;

/// A file attached to a message or a folder: its description, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Attachment {
    /// Names the attachment.
    pub id: AttachmentId,
    /// The file's name, without its folder.
    pub name: String,
    /// Its media type, such as `image/png` or `text/plain`.
    pub media_type: String,
    /// Its length in bytes.
    pub size: u32,
}

impl Attachment {
    /// Whether it is an original that a document was read of, kept for a person to look at. Models
    /// are sent text and images alone.
    pub fn is_original(&self) -> bool {
        !["text/", "image/"].iter().any(|kind| self.media_type.starts_with(kind))
    }
}

/// The media type under which the original of a document is kept: by its name, and never one of
/// what models are sent.
pub fn original_type(name: &str) -> &'static str {
    let guess = mime_guess::from_path(name).first_raw();
    guess.filter(|guess| guess.starts_with("application/")).unwrap_or("application/octet-stream")
}

/// The most bytes of a file that can be attached.
pub const MAX_ATTACHMENT: usize = 20 << 20;

/// The media type of a file that can be attached: an image that models take (PNG, JPEG, WebP, GIF),
/// or UTF-8 text of any kind; none for another file. Its content says so first, by the images'
/// signatures; the name tells what kind of text it is.
pub fn attachable_type(name: &str, data: &[u8]) -> Option<&'static str> {
    match data {
        [0x89, b'P', b'N', b'G', ..] => return Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => return Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => return Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
            return Some("image/webp");
        }
        _ => {}
    }
    let text = std::str::from_utf8(data).ok()?;
    (!text.contains('\0')).then(|| text_type(name).unwrap_or("text/plain"))
}

/// The kind of text that a file of this name holds; none for a name of anything else.
pub fn text_type(name: &str) -> Option<&'static str> {
    mime_guess::from_path(name).first_raw().filter(|guess| guess.starts_with("text/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_decides() {
        assert_eq!(attachable_type("a.txt", b"\x89PNG\r\n"), Some("image/png"));
        assert_eq!(attachable_type("a.png", b"text"), Some("text/plain"));
        assert_eq!(attachable_type("a.csv", b"a,b"), Some("text/csv"));
        assert_eq!(attachable_type("a.txt", b"\xff\xfe\x00"), None);
    }

    #[test]
    fn an_original_is_never_of_a_kind_that_models_are_sent() {
        assert_eq!(original_type("lease.pdf"), "application/pdf");
        for name in ["scan.png", "notes.txt", "page.html", "song.mp3", "lease", ""] {
            assert_eq!(original_type(name), "application/octet-stream", "{name}");
        }
    }
}
