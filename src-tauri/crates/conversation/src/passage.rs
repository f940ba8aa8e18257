//! Passages of documents, as the links in an answer name them.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::plain_file_name;

/// What a statement of an answer rests on, as the address of a link: `passage:120-240/lease.pdf`,
/// or `passage:not-found`. The document is named, and not meant by its id, since copies and what is
/// brought in from elsewhere have ids of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Passage {
    /// A passage of a document that travels with the conversation.
    Of {
        /// The name of the document's file.
        document: String,
        /// The bytes of the document's text.
        range: Range<usize>,
    },
    /// No passage was found on which it could rest.
    NotFound,
}

const SCHEME: &str = "passage:";
const NOT_FOUND: &str = "not-found";

/// The text is no address of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the address of a passage")]
pub struct NotAPassage;

impl fmt::Display for Passage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SCHEME)?;
        let (document, range) = match self {
            Self::Of { document, range } => (document, range),
            Self::NotFound => return f.write_str(NOT_FOUND),
        };
        write!(f, "{}-{}/", range.start, range.end)?;
        for byte in document.bytes() {
            // Unreserved characters (RFC 3986, section 2.3).
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
                write!(f, "{}", char::from(byte))?;
            } else {
                write!(f, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for Passage {
    type Err = NotAPassage;

    fn from_str(text: &str) -> Result<Self, NotAPassage> {
        let place = text.strip_prefix(SCHEME).ok_or(NotAPassage)?;
        if place == NOT_FOUND {
            return Ok(Self::NotFound);
        }
        let (range, name) = place.split_once('/').ok_or(NotAPassage)?;
        let (start, end) = range.split_once('-').ok_or(NotAPassage)?;
        let range = number(start)?..number(end)?;
        let document = decoded(name).ok_or(NotAPassage)?;
        if range.is_empty() || document.is_empty() || plain_file_name(&document) != document {
            return Err(NotAPassage);
        }
        Ok(Self::Of { document, range })
    }
}

fn number(text: &str) -> Result<usize, NotAPassage> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or(NotAPassage)
}

/// Undoes percent-encoding (RFC 3986, section 2.1).
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// A text with something else in place of each of its links to passages: `replace` is given the
/// space before a link, its label and its address.
pub fn replace_passages(
    text: &str,
    mut replace: impl FnMut(&str, &str, &Passage) -> String,
) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("](passage:") {
        let Some(end) = rest[at..].find(')').map(|end| at + end) else { break };
        let passage = rest[at + 2..end].parse::<Passage>();
        let (Some(open), Ok(passage)) = (opening(&rest[..at]), passage) else {
            replaced.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        };
        let before = rest[..open].trim_end_matches(' ');
        replaced.push_str(before);
        replaced.push_str(&replace(&rest[before.len()..open], &rest[open + 1..at], &passage));
        rest = &rest[end + 1..];
    }
    replaced + rest
}

/// Where the label begins that ends the text: at the last bracket that is not escaped.
fn opening(text: &str) -> Option<usize> {
    let brackets = text.match_indices('[').map(|(place, _)| place);
    let escaped =
        |place: usize| text[..place].bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1;
    brackets.rev().find(|place| !escaped(*place))
}

/// An answer without its links to passages, for whom they lead nowhere.
pub fn without_passages(text: &str) -> String {
    replace_passages(text, |_, _, _| String::new())
}

/// An answer in which the labels of its links to passages stand alone, for whom they lead nowhere.
pub fn passages_as_labels(text: &str) -> String {
    replace_passages(text, |space, label, _| format!("{space}[{label}]"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_is_read_strictly() {
        let of = |document: &str, range| Ok(Passage::Of { document: document.to_owned(), range });
        assert_eq!("passage:1-20/Bail%20%C3%A9t%C3%A9.pdf".parse(), of("Bail été.pdf", 1..20));
        assert_eq!("passage:not-found".parse(), Ok(Passage::NotFound));
        for wrong in [
            "passage:",
            "passage:1-2",
            "passage:2-1/a",
            "passage:+1-2/a",
            "passage:1-2/",
            "passage:1-2/%4",
            "passage:1-2/%FF",
            "passage:1-2/a%2Fb",
            "Passage:1-2/a",
            "https://a.example",
            "passage:1-2/%+1",
        ] {
            assert_eq!(wrong.parse::<Passage>(), Err(NotAPassage), "{wrong}");
        }
    }

    #[test]
    fn an_answer_is_read_without_its_links() {
        let text = "It ends in March. [p. 3](passage:1-2/a.pdf) [p. 4](passage:5-6/a.pdf)\n[x](https://a.example)";
        assert_eq!(without_passages(text), "It ends in March.\n[x](https://a.example)");
        let labels = "It ends in March. [p. 3] [p. 4]\n[x](https://a.example)";
        assert_eq!(passages_as_labels(text), labels);
        for other in ["](passage:", "[a](passage:x)", "x](passage:1-2/a)", "[a](passage:1-2/a"] {
            assert_eq!(without_passages(other), other);
        }
    }

    proptest! {
        #[test]
        fn any_text_has_its_links_replaced(text in "[\\[\\]a (\\\\]{0,9}(passage:1-2/a)?[\\[\\])]{0,4}(\\]\\(passage:1-2/a\\))?") {
            let _ = (without_passages(&text), passages_as_labels(&text));
        }

        #[test]
        fn every_passage_has_an_address(name in "[a-zé %()/\\[\\]]{1,12}", start in 0..99usize, length in 1..99usize) {
            let document = plain_file_name(&name);
            let passage = Passage::Of { document, range: start..start + length };
            let address = passage.to_string();
            prop_assert!(!address.contains(['(', ')', ' ', '[', ']']));
            prop_assert_eq!(address.parse(), Ok(passage));
        }
    }
}
