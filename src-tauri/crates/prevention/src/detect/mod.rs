//! What everyone looks for, one file a family.

mod bank;
mod checksum;
mod contact;
mod context;
mod french;
mod identity;
mod marking;
mod network;
mod secret;
mod telephone;
mod united_states;

use crate::Kind;
use crate::candidate::{Candidate, Certainty};

/// Everything of the wanted kinds that may be in a text.
pub(crate) fn candidates(text: &str, wanted: &dyn Fn(Kind) -> bool) -> Vec<Candidate> {
    let mut found = Vec::new();
    let scan = Scan {
        text,
        contact: wanted(Kind::Email),
        network: wanted(Kind::IpAddress),
        iban: wanted(Kind::Iban),
        zone: wanted(Kind::Passport),
        numbers: NUMBERS.iter().filter(|(kind, _)| wanted(*kind)).copied().collect(),
    };
    scan.run(&mut found);
    if wanted(Kind::Secret) || wanted(Kind::PrivateKey) {
        secret::find(text, &mut found);
    }
    if wanted(Kind::Passport) || wanted(Kind::DrivingLicence) {
        identity::find(text, &mut found);
    }
    if wanted(Kind::Marking) {
        marking::find(text, &mut found);
    }
    found.retain(|candidate| wanted(candidate.kind));
    found
}

/// Where a number that begins at a place ends, and how sure that is.
type Number = fn(&str, usize) -> Option<(usize, Certainty)>;

/// The kinds that begin with a digit, `+` or `(`.
const NUMBERS: [(Kind, Number); 7] = [
    (Kind::Card, bank::card),
    (Kind::Nir, french::nir),
    (Kind::Siret, french::siret),
    (Kind::Ssn, united_states::ssn),
    (Kind::Ein, united_states::ein),
    (Kind::Telephone, telephone::telephone),
    (Kind::IpAddress, network::version_4),
];

/// One pass over the bytes of a text, which asks the detectors where something of theirs can begin.
struct Scan<'a> {
    text: &'a str,
    contact: bool,
    network: bool,
    iban: bool,
    zone: bool,
    numbers: Vec<(Kind, Number)>,
}

impl Scan<'_> {
    fn run(&self, found: &mut Vec<Candidate>) {
        let bytes = self.text.as_bytes();
        let mut zone_until = 0;
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'0'..=b'9' | b'+' | b'(' if begins(bytes, at) => {
                    for (kind, number) in &self.numbers {
                        let ended = number(self.text, at);
                        found.extend(ended.map(|(end, sure)| Candidate::new(*kind, at..end, sure)));
                    }
                }
                b'@' if self.contact => {
                    let range = contact::email(self.text, at);
                    found.extend(range.map(|r| Candidate::new(Kind::Email, r, Certainty::Listed)));
                }
                b':' if self.network => {
                    let range = network::version_6(self.text, at);
                    found.extend(
                        range.map(|r| Candidate::new(Kind::IpAddress, r, Certainty::Listed)),
                    );
                }
                b'<' if self.zone && at >= zone_until => {
                    let (range, is_zone) = identity::zone(self.text, at);
                    zone_until = range.end;
                    if is_zone {
                        found.push(Candidate::new(Kind::Passport, range, Certainty::Checksum));
                    }
                }
                b'A'..=b'Z' | b'a'..=b'z' if self.iban && starts_word(bytes, at) => {
                    let end = bank::iban(self.text, at);
                    found.extend(
                        end.map(|end| Candidate::new(Kind::Iban, at..end, Certainty::Checksum)),
                    );
                }
                _ => {}
            }
        }
        // Each colon of an address gives it.
        found.dedup();
    }
}

/// Whether no word or number goes on at a place.
fn starts_word(bytes: &[u8], at: usize) -> bool {
    at == 0
        || !(bytes[at - 1].is_ascii_alphanumeric()
            || bytes[at - 1] >= 0x80 && is_letter_before(bytes, at))
}

/// Whether the character before a place, of several bytes, is a letter or digit.
fn is_letter_before(bytes: &[u8], at: usize) -> bool {
    let start = (at.saturating_sub(4)..at).rev().find(|i| bytes[*i] & 0xc0 != 0x80).unwrap_or(at);
    std::str::from_utf8(&bytes[start..at])
        .is_ok_and(|text| text.chars().next().is_some_and(char::is_alphanumeric))
}

/// Whether a number can begin at a place: not within another that goes on there.
fn begins(bytes: &[u8], at: usize) -> bool {
    if !starts_word(bytes, at) {
        return false;
    }
    let Some(before) = at.checked_sub(1).map(|i| bytes[i]) else { return true };
    let digit_before = at.checked_sub(2).is_some_and(|i| bytes[i].is_ascii_alphanumeric());
    match before {
        b'+' => false,
        b'.' | b'-' | b'/' | b',' | b'_' => !digit_before,
        b'$' => false,
        _ => true,
    }
}

/// Whether a number ends at a place: nothing that is part of it follows.
fn ends(text: &str, at: usize) -> bool {
    let mut rest = text.get(at..).unwrap_or_default().chars();
    match rest.next() {
        Some(c) if c.is_alphanumeric() || c == '_' => false,
        Some('.' | '-' | ',' | '/' | '\u{2011}') => {
            !rest.next().is_some_and(|c| c.is_ascii_digit())
        }
        _ => true,
    }
}

/// What sets the groups of a number apart: one space of any width, a dot or a hyphen.
fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '.' | '-' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2011}' | '\u{2010}')
}

/// A number read from a text: its digits, and how they are grouped.
#[derive(Default)]
struct Digits {
    digits: Vec<u8>,
    /// Where each digit ends in the text.
    ends: Vec<usize>,
    /// How many digits stand before each separator.
    breaks: Vec<usize>,
    /// The separators.
    separators: Vec<char>,
}

impl Digits {
    /// Reads at most so many digits, each pair set apart by no more than one separator.
    fn read(text: &str, at: usize, most: usize) -> Self {
        let mut read = Self::default();
        let mut waiting = None;
        for (offset, c) in text.get(at..).unwrap_or_default().char_indices() {
            match c {
                '0'..='9' if read.digits.len() < most => {
                    if let Some(separator) = waiting.take() {
                        read.breaks.push(read.digits.len());
                        read.separators.push(separator);
                    }
                    read.digits.push(c as u8 - b'0');
                    read.ends.push(at + offset + 1);
                }
                c if is_separator(c) && waiting.is_none() && !read.digits.is_empty() => {
                    waiting = Some(c);
                }
                _ => break,
            }
        }
        read
    }

    /// The sizes of the groups of the first digits, if a group ends there and all separators
    /// between them are the same.
    fn groups(&self, count: usize) -> Option<Vec<usize>> {
        let inside = self.breaks.iter().take_while(|place| **place < count).count();
        let separators = self.separators.get(..inside)?;
        if separators.windows(2).any(|pair| pair[0] != pair[1]) {
            return None;
        }
        let bounds: Vec<_> = std::iter::once(0)
            .chain(self.breaks.iter().copied().take(inside))
            .chain([count])
            .collect();
        Some(bounds.windows(2).map(|pair| pair[1] - pair[0]).collect())
    }

    /// Where the first digits end, if the number can end there.
    fn end(&self, text: &str, count: usize) -> Option<usize> {
        let end = *self.ends.get(count.checked_sub(1)?)?;
        ends(text, end).then_some(end)
    }
}

/// The part of a text from a place on, of so many bytes about, at the bounds of characters.
fn ahead(text: &str, at: usize, bytes: usize) -> &str {
    let end = text.floor_char_boundary((at + bytes).min(text.len()));
    text.get(at..end).unwrap_or_default()
}

/// The part of a text before a place, of so many bytes about.
fn behind(text: &str, at: usize, bytes: usize) -> &str {
    text.get(text.ceil_char_boundary(at.saturating_sub(bytes))..at).unwrap_or_default()
}

/// A pattern of this crate's own, which a test compiles; one that could not be would match nothing.
fn pattern(pattern: &str) -> regex::Regex {
    regex::Regex::new(pattern).unwrap_or_else(|error| {
        debug_assert!(false, "{error}");
        #[allow(clippy::unwrap_used, reason = "a literal")]
        regex::Regex::new(r"[^\s\S]").unwrap()
    })
}

/// A pattern that is compiled once.
macro_rules! once {
    ($pattern:expr) => {{
        static PATTERN: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| $crate::detect::pattern($pattern));
        &*PATTERN
    }};
}
use once;
