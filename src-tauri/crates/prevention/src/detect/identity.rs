//! Passports, identity cards and driving licences: numbers that words announce, and zones that
//! machines read.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{ahead, checksum, ends, once, starts_word};
use crate::Kind;
use crate::candidate::{Candidate, Certainty};

/// Bytes behind an announcing word in which its number stands.
const REACH: usize = 72;

/// What announces a number, as far as it is the same in all its forms.
const WORDS: [(&str, Kind); 12] = [
    ("passport", Kind::Passport),
    ("passeport", Kind::Passport),
    ("carte d'identité", Kind::Passport),
    ("carte d’identité", Kind::Passport),
    ("identity card", Kind::Passport),
    ("permis", Kind::DrivingLicence),
    ("driver", Kind::DrivingLicence),
    ("driving licen", Kind::DrivingLicence),
    ("licence no", Kind::DrivingLicence),
    ("license no", Kind::DrivingLicence),
    ("dl#", Kind::DrivingLicence),
    ("dl no", Kind::DrivingLicence),
];

pub(super) fn find(text: &str, found: &mut Vec<Candidate>) {
    static ANNOUNCED: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let words = WORDS.map(|(word, _)| word);
        AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok()
    });
    let Some(announced) = &*ANNOUNCED else { return };
    for word in announced.find_iter(text) {
        if !starts_word(text.as_bytes(), word.start()) {
            continue;
        }
        let kind = WORDS[word.pattern().as_usize()].1;
        let beyond = ahead(text, word.end(), REACH);
        // What another sentence or paragraph says is not announced by this one.
        let window = once!(r"\p{Ll}{4,}[.!?]\s+\p{Lu}|;|\n\s*\n")
            .find(beyond)
            .map_or(beyond, |end| &beyond[..end.end()]);
        let number = match kind {
            Kind::Passport => passport(window).or_else(|| french_passport(beyond)),
            _ => licence(window),
        };
        if let Some(range) = number
            && ends(text, word.end() + range.end)
        {
            let range = word.end() + range.start..word.end() + range.end;
            found.push(Candidate::new(kind, range, Certainty::Context));
        }
    }
}

/// A number of a passport: France's (two digits, two letters, five digits), or one or two letters
/// and six to eight digits, or nine digits, as most states have them (ICAO 9303-4: at most nine
/// characters).
fn passport(window: &str) -> Option<Range<usize>> {
    let shape = once!(
        r"(?:^|[\s:#(«“\x22=°\u{a0}])(?P<number>\d{2} ?[A-Z]{2} ?\d{5}|[A-Z]{1,2} ?\d{6,8}|\d{3} ?\d{3} ?\d{3}|[A-Z]\d{2}[A-Z0-9]{6}|[A-Z]{3}\d{6}|[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}|\d{12})\b"
    );
    let found = shape.captures_iter(window).filter_map(|found| found.name("number"));
    // Nine characters without a digit are a word.
    found
        .map(|number| number.range())
        .find(|range| window[range.clone()].bytes().filter(u8::is_ascii_digit).count() >= 4)
}

/// France's form is so much its own that the next sentence may tell it too.
fn french_passport(window: &str) -> Option<Range<usize>> {
    once!(r"\b\d{2}[A-Z]{2}\d{5}\b").find(window).map(|number| number.range())
}

/// A number of a driving licence: France's (twelve digits, or two digits, two letters, five
/// digits), and the forms of the states of the United States
/// (<https://ntsi.com/drivers-license-format>) and of the United Kingdom.
fn licence(window: &str) -> Option<Range<usize>> {
    let shape = once!(
        r"(?:^|[\s:#(«“\x22=°\u{a0}])(?P<number>\d{2} ?[A-Z]{2} ?\d{5}|\d{12}|[A-Z]\d{3}-?\d{4}-?\d{4}|[A-Z]\d{3}-\d{3}-\d{2}-\d{3}-\d|[A-Z]\d{12,14}|[A-Z]{1,2}[ -]?\d{5,8}|\d{7,10}|\d{2}[ -]\d{3}[ -]\d{3,4}|\d{3}[ -]\d{3}[ -]\d{3}|[A-Z]{5}\d{6}[A-Z0-9]{5}|WDL[A-Z0-9]{9}|[A-Z]\d{4}-?\d{5}-?\d{5})\b"
    );
    shape.captures(window)?.name("number").map(|number| number.range())
}

/// The run of letters, digits and fillers around a `<`, and whether it is a line of a
/// machine-readable zone: of 44 characters (TD3), 36 (TD2) or 30 (TD1), whose check digits are
/// right, or that begins as the first line does (ICAO 9303-3 to 9303-6).
pub(super) fn zone(text: &str, at: usize) -> (Range<usize>, bool) {
    let bytes = text.as_bytes();
    let is_part = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'<';
    let before = bytes[at.saturating_sub(44)..at].iter().rev().take_while(|b| is_part(b)).count();
    let after = bytes[at..].iter().take(90).take_while(|b| is_part(b)).count();
    let range = at - before..at + after;
    let line = &bytes[range.clone()];
    let right = |field: Range<usize>, digit: usize| {
        checksum::zone(&line[field]).is_some_and(|sum| line[digit] == b'0' + sum)
    };
    // An optional field that is empty may have a filler for its digit.
    let is_zone = match line.len() {
        // Their first lines: the document, the state, the name.
        44 | 36
            if matches!(line[0], b'P' | b'I' | b'A' | b'C' | b'V')
                && !line[5..].iter().any(u8::is_ascii_digit) =>
        {
            line[2..].windows(2).any(|pair| pair == b"<<")
        }
        44 | 36 => right(0..9, 9) && right(13..19, 19) && right(21..27, 27),
        // Three lines of 30: document, dates, name.
        30 if matches!(line[0], b'I' | b'A' | b'C')
            && line[2..5].iter().all(|b| !b.is_ascii_digit())
            && line[5..14].iter().any(u8::is_ascii_digit) =>
        {
            right(5..14, 14)
        }
        30 if line[0].is_ascii_digit() => right(0..6, 6) && right(8..14, 14),
        30 => !line.iter().any(u8::is_ascii_digit) && line.windows(2).any(|pair| pair == b"<<"),
        _ => false,
    };
    (range, is_zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(Kind, &str)> {
        let mut found = Vec::new();
        find(text, &mut found);
        found.into_iter().map(|found| (found.kind, &text[found.range])).collect()
    }

    #[test]
    fn a_number_is_told_by_what_announces_it() {
        assert_eq!(found("Passeport n° 12AB34567, délivré"), [(Kind::Passport, "12AB34567")]);
        assert_eq!(found("US passport 483920174."), [(Kind::Passport, "483920174")]);
        assert_eq!(found("Driver's license: D1234567"), [(Kind::DrivingLicence, "D1234567")]);
        assert_eq!(found("permis de conduire 13AA00002"), [(Kind::DrivingLicence, "13AA00002")]);
        assert!(found("Réf. 483920174. Passeport perdu.").is_empty());
        assert!(found("The passport office is open. Order 483920174").is_empty());
    }

    #[test]
    fn zones_are_those_of_the_specimens() {
        let zones = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
        let zone = |line: &str| zone(line, line.find('<').unwrap()).1;
        assert!(zones.lines().all(zone));
        assert!(!zone("L898902C37UTO7408122F1204159ZE184226B<<<<<10"), "a wrong check digit");
        assert!(!zone("<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"));
        assert!(!zone("a << b"));
    }
}
