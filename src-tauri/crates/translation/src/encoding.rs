//! A file of text, in whatever encoding it was saved, and back into the same.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How far into a page its own word on its encoding is looked for (HTML, section 13.2.3.2).
const HEAD: usize = 1024;

/// How a text is saved.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Saved {
    encoding: &'static Encoding,
    /// Whether its byte order mark stands before it.
    mark: bool,
}

impl Saved {
    /// The text of these bytes, and how they are saved.
    pub fn read(data: &[u8]) -> (String, Self) {
        if let Some((encoding, length)) = Encoding::for_bom(data) {
            let rest = data.get(length..).unwrap_or_default();
            let text = encoding.decode_without_bom_handling(rest).0.into_owned();
            return (text, Self { encoding, mark: true });
        }
        if let Ok(text) = std::str::from_utf8(data) {
            return (text.to_owned(), Self { encoding: UTF_8, mark: false });
        }
        let encoding = declared(data).unwrap_or_else(|| {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
            detector.feed(data, true);
            detector.guess(None, Utf8Detection::Deny)
        });
        let text = encoding.decode_without_bom_handling(data).0.into_owned();
        (text, Self { encoding, mark: false })
    }

    /// The bytes of a text. What the encoding has no sign for is written in HTML as the reference
    /// to its character; another text is saved as UTF-8 then.
    pub fn write(self, text: &str, is_html: bool) -> Vec<u8> {
        let mut bytes = Vec::new();
        if self.encoding == UTF_16LE || self.encoding == UTF_16BE {
            let units = std::iter::once(0xfeff).chain(text.encode_utf16());
            for unit in units {
                let pair =
                    if self.encoding == UTF_16LE { unit.to_le_bytes() } else { unit.to_be_bytes() };
                bytes.extend_from_slice(&pair);
            }
            return bytes;
        }
        if self.mark {
            bytes.extend_from_slice("\u{feff}".as_bytes());
        }
        let (encoded, _, unknown) = self.encoding.encode(text);
        bytes.extend_from_slice(if unknown && !is_html { text.as_bytes() } else { &encoded });
        bytes
    }
}

/// The encoding that a page says it is in.
fn declared(data: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(data.get(..HEAD).unwrap_or(data)).to_ascii_lowercase();
    let after = head.split_once("charset=")?.1.trim_start_matches(['"', '\'']);
    let name = after.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':')));
    Encoding::for_label(name.into_iter().next()?.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_saved_as_it_was() {
        let utf_16: Vec<u8> = "\u{feff}é€".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let page = b"<meta charset='iso-8859-15'>\xa4 \xe9t\xe9".to_vec();
        for data in ["été".as_bytes().to_vec(), "\u{feff}été".as_bytes().to_vec(), utf_16, page]
        {
            let (text, saved) = Saved::read(&data);
            assert!(text.contains('é'), "{text}");
            assert_eq!(saved.write(&text, true), data, "{text}");
        }
    }

    #[test]
    fn what_an_encoding_has_no_sign_for_is_not_lost() {
        let (_, saved) = Saved::read(b"\xe9t\xe9 l'ann\xe9e");
        assert_eq!(saved.write("été 東", true), b"\xe9t\xe9 &#26481;");
        assert_eq!(saved.write("été 東", false), "été 東".as_bytes());
    }
}
