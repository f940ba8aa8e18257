//! Bytes of a text, in whatever encoding it was saved.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_8859_15, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How much of a text tells how it is encoded.
const SAMPLE: usize = 64 << 10;

/// The text of these bytes: as its byte order mark says, else UTF-8, else UTF-16 by its zeroes, else
/// what its letters look most like.
pub fn decode(data: Vec<u8>) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(&data) {
        let rest = data.get(mark..).unwrap_or_default();
        return encoding.decode_without_bom_handling(rest).0.into_owned();
    }
    let data = match String::from_utf8(data) {
        Ok(text) if !text.contains('\0') => return text,
        Ok(text) => text.into_bytes(),
        Err(error) => error.into_bytes(),
    };
    let encoding = utf_16(&data).unwrap_or_else(|| guess(&data));
    encoding.decode_without_bom_handling(&data).0.into_owned()
}

/// Whether these bytes are text at all, rather than a program, a picture or noise.
pub fn is_text(data: &[u8]) -> bool {
    let sample = data.get(..SAMPLE).unwrap_or(data);
    if Encoding::for_bom(sample).is_some() || utf_16(sample).is_some() {
        return true;
    }
    let odd = sample.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127));
    !sample.contains(&0) && odd.count() * 100 <= sample.len()
}

/// UTF-16 without its mark: every other byte of most letters of Europe is zero.
fn utf_16(data: &[u8]) -> Option<&'static Encoding> {
    let sample = data.get(..SAMPLE).unwrap_or(data);
    let pairs = sample.len() / 2;
    if pairs == 0 || !data.len().is_multiple_of(2) {
        return None;
    }
    let zeroes = |from| sample.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (first, second) = (zeroes(0), zeroes(1));
    let encoding = if second * 2 > pairs && first * 20 < pairs {
        UTF_16LE
    } else if first * 2 > pairs && second * 20 < pairs {
        UTF_16BE
    } else {
        return None;
    };
    // Numbers of two bytes are mostly zeroes as well, and make no letters.
    let text = encoding.decode_without_bom_handling(sample).0;
    let odd = |character: char| character.is_control() && !character.is_whitespace();
    (!text.contains(odd)).then_some(encoding)
}

fn guess(data: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(data, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    if encoding == WINDOWS_1252 && is_latin_9(data) { ISO_8859_15 } else { encoding }
}

/// ISO-8859-15 differs from Windows-1252 in that it has no letters between 0x80 and 0x9F, and has
/// € and œ where the other has ¤ and ½, which stand in few texts, and not between letters.
fn is_latin_9(data: &[u8]) -> bool {
    let letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte >= 0xc0;
    let ligature = |window: &[u8]| match window {
        [before, 0xbc | 0xbd, after] => letter(after) && (letter(before) || *before == b' '),
        _ => false,
    };
    !data.iter().any(|byte| (0x80..0xa0).contains(byte))
        && (data.contains(&0xa4) || data.windows(3).any(ligature))
}
