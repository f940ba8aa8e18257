//! Files that travel with messages: which ones can, and how many of them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use conversation::{PortableFile, attachable_type, plain_file_name, text_type};

use crate::limits;
use crate::report::{LeftOuts, Omission};

/// Takes files for one conversation, until it has too many.
#[derive(Debug, Default)]
pub(crate) struct Files {
    bytes: usize,
}

impl Files {
    /// Whether a file of this length could be taken; one that cannot is counted.
    pub(crate) fn has_room(&self, name: &str, size: u64, left_out: &mut LeftOuts) -> bool {
        let fits =
            size <= limits::FILE as u64 && size <= limits::FILES.saturating_sub(self.bytes) as u64;
        if !fits {
            left_out.add(Omission::FileTooLarge { name: plain_file_name(name) });
        }
        fits
    }

    /// The file of this name with these bytes: an image that models take, or text.
    pub(crate) fn take(
        &mut self,
        name: &str,
        data: Vec<u8>,
        left_out: &mut LeftOuts,
    ) -> Option<PortableFile> {
        let name = plain_file_name(name);
        if !self.has_room(&name, data.len() as u64, left_out) {
            return None;
        }
        let Some(media_type) = attachable_type(&name, &data) else {
            left_out.add(Omission::OtherFile { name });
            return None;
        };
        self.bytes += data.len();
        Some(PortableFile { name, media_type: media_type.to_owned(), data })
    }

    /// The text that a program took out of a file, in the place of the file.
    pub(crate) fn take_text(
        &mut self,
        name: &str,
        text: String,
        left_out: &mut LeftOuts,
    ) -> Option<PortableFile> {
        let name = plain_file_name(name);
        let is_text = text_type(&name).is_some();
        let name = if is_text { name } else { format!("{name}.txt") };
        self.take(&name, text.into_bytes(), left_out)
    }

    /// The file in a `data:` URL (RFC 2397) with base64; none if it is another URL.
    pub(crate) fn take_url(
        &mut self,
        name: &str,
        url: &str,
        left_out: &mut LeftOuts,
    ) -> Option<PortableFile> {
        let data = url.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,"));
        let Some(data) = data.and_then(|(_, data)| STANDARD.decode(data.trim_end()).ok()) else {
            left_out.missing_file(name);
            return None;
        };
        self.take(name, data, left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_and_text_are_taken_and_others_counted() {
        let mut files = Files::default();
        let mut left_out = LeftOuts::default();
        let png = files.take("../a.dat", b"\x89PNG\r\n".to_vec(), &mut left_out).unwrap();
        assert_eq!((png.name.as_str(), png.media_type.as_str()), ("a.dat", "image/png"));
        let text = files.take_text("a.pdf", "été".into(), &mut left_out).unwrap();
        assert_eq!((text.name.as_str(), text.media_type.as_str()), ("a.pdf.txt", "text/plain"));
        assert!(files.take("b.pdf", b"%PDF\xff\x00".to_vec(), &mut left_out).is_none());
        assert!(files.take_url("c", "https://example.org/x.png", &mut left_out).is_none());
        let url = "data:image/png;base64,iVBORw0KGgo=";
        assert_eq!(files.take_url("d.png", url, &mut left_out).unwrap().media_type, "image/png");
        assert!(!files.has_room("e", limits::FILE as u64 + 1, &mut left_out));
        let kinds: Vec<_> = left_out.into_list().into_iter().map(|out| out.what).collect();
        assert_eq!(
            kinds,
            [
                Omission::MissingFile { name: "c".into() },
                Omission::FileTooLarge { name: "e".into() },
                Omission::OtherFile { name: "b.pdf".into() },
            ]
        );
    }

    #[test]
    fn a_conversation_holds_so_many_files() {
        let mut files = Files::default();
        let mut left_out = LeftOuts::default();
        let taken = (0..5)
            .filter(|_| files.take("a.txt", vec![b'a'; limits::FILE], &mut left_out).is_some())
            .count();
        assert_eq!(taken, limits::FILES / limits::FILE);
        assert_eq!(left_out.into_list()[0].count, 2);
    }
}
