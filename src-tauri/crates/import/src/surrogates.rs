//! Halves of characters: programs that count text in UTF-16 cut it between the two halves of an
//! emoji, and write the half as `\ud83d`. No JSON parser takes that.

/// What stands for a half whose other half is gone: U+FFFD.
const REPLACEMENT: &[u8; 6] = b"\\ufffd";

/// Replaces every escaped half of a character without its other half; whether there was one.
pub(crate) fn mend(json: &mut [u8]) -> bool {
    let mut mended = false;
    let mut at = 0;
    while let Some(found) = json.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        at += found;
        match half_at(json, at) {
            Some(0xd800..=0xdbff) if matches!(half_at(json, at + 6), Some(0xdc00..=0xdfff)) => {
                at += 12
            }
            Some(0xd800..=0xdfff) => {
                json[at..at + 6].copy_from_slice(REPLACEMENT);
                mended = true;
                at += 6;
            }
            _ => at += 2,
        }
    }
    mended
}

/// The number of the `\uXXXX` that begins here.
fn half_at(json: &[u8], at: usize) -> Option<u16> {
    let digits = json.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let digits =
        std::str::from_utf8(digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_halves_are_replaced() {
        let mended = |text: &str| {
            let mut json = text.as_bytes().to_vec();
            let changed = mend(&mut json);
            (changed, String::from_utf8(json).unwrap())
        };
        for whole in [r#""\ud83d\ude00 \\ud83d \u00e9""#, "\"\\", r#""\ud83"#, ""] {
            assert_eq!(mended(whole), (false, whole.to_owned()), "{whole}");
        }
        assert_eq!(mended(r#""a\ud83d""#), (true, r#""a\ufffd""#.to_owned()));
        assert_eq!(
            mended(r#""\ude00\ud83d\ud83d\ude00""#),
            (true, r#""\ufffd\ufffd\ud83d\ude00""#.to_owned())
        );
    }
}
