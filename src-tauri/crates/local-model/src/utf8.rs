//! Bytes into text, where a character may come in pieces.

/// Holds back the beginning of a character until its end has come.
#[derive(Debug, Default)]
pub(crate) struct Utf8 {
    pending: Vec<u8>,
}

impl Utf8 {
    /// The text that is whole by now. What can never become a character is replaced by U+FFFD.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.pending.extend_from_slice(bytes);
        let mut text = String::new();
        loop {
            match std::str::from_utf8(&self.pending) {
                Ok(whole) => {
                    text.push_str(whole);
                    self.pending.clear();
                    return text;
                }
                Err(error) => {
                    let (whole, rest) = self.pending.split_at(error.valid_up_to());
                    text.push_str(&String::from_utf8_lossy(whole));
                    let Some(broken) = error.error_len() else {
                        self.pending = rest.to_vec();
                        return text;
                    };
                    text.push(char::REPLACEMENT_CHARACTER);
                    self.pending = rest[broken..].to_vec();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_in_any_pieces_is_the_text(text in any::<String>(), size in 1_usize..5) {
            let mut utf8 = Utf8::default();
            let joined: String = text.as_bytes().chunks(size).map(|piece| utf8.push(piece)).collect();
            prop_assert_eq!(joined, text);
        }

        #[test]
        fn any_bytes_are_read_as_the_standard_library_reads_them(bytes: Vec<u8>, size in 1_usize..5) {
            let mut utf8 = Utf8::default();
            let joined: String = bytes.chunks(size).map(|piece| utf8.push(piece)).collect();
            let whole = String::from_utf8_lossy(&bytes);
            prop_assert!(whole.starts_with(&joined), "{} {}", whole, joined);
        }
    }
}
