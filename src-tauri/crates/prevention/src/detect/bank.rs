//! Payment cards and accounts.

use super::checksum;
use super::{Digits, ends};
use crate::candidate::Certainty;

/// A payment card's number: a range that networks use, its length, and Luhn's sum (ISO/IEC 7812-1).
pub(super) fn card(text: &str, at: usize) -> Option<(usize, Certainty)> {
    let read = Digits::read(text, at, 19);
    (14..=19.min(read.digits.len())).rev().find_map(|count| {
        let digits = &read.digits[..count];
        let grouped = match read.groups(count)?.as_slice() {
            [_] => true,
            [4, 4, 4, last] => *last <= 4,
            [4, 4, 4, 4, _] => true,
            [4, 6, last] => matches!(last, 4 | 5),
            [6, 13] => true,
            _ => false,
        };
        let end = read.end(text, count)?;
        (grouped && is_issued(digits) && checksum::luhn(digits))
            .then_some((end, Certainty::Checksum))
    })
}

/// Whether a network issues cards of this length that begin so
/// (<https://en.wikipedia.org/wiki/Payment_card_number> lists what the networks publish).
fn is_issued(digits: &[u8]) -> bool {
    let head = digits.iter().take(6).fold(0, |head, digit| head * 10 + u32::from(*digit));
    let (two, three, four) = (head / 10_000, head / 1_000, head / 100);
    let length = digits.len();
    match two {
        34 | 37 => length == 15,
        40..=49 => matches!(length, 16 | 19),
        51..=55 => length == 16,
        22..=27 => length == 16 && (2221..=2720).contains(&four),
        30 | 36 | 38 | 39 => {
            (14..=19).contains(&length) && (two != 30 || three <= 305 || three == 309)
        }
        35 => length >= 16 && (3528..=3589).contains(&four),
        50 | 56..=58 | 60..=69 | 81 => length >= 16,
        _ => false,
    }
}

/// Where the account number ends that begins at a letter (ISO 13616-1: two letters, two check
/// digits, as many characters as the country has, 1 modulo 97).
pub(super) fn iban(text: &str, at: usize) -> Option<usize> {
    let head = text.as_bytes().get(at..at + 4)?;
    if !head[1].is_ascii_alphabetic() || !head[2..].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let country = [head[0].to_ascii_uppercase(), head[1].to_ascii_uppercase()];
    let length = usize::from(LENGTHS.iter().find(|(code, _)| *code == &country)?.1);
    let mut characters = Vec::with_capacity(length);
    let mut separated = false;
    for (offset, c) in text.get(at..)?.char_indices() {
        if c.is_ascii_alphanumeric() {
            characters.push(c.to_ascii_uppercase() as u8);
            separated = false;
            if characters.len() == length {
                let end = at + offset + 1;
                let right = checksum::iban(&characters) && ends(text, end);
                return right.then_some(end);
            }
        } else if super::is_separator(c) && !separated {
            separated = true;
        } else {
            return None;
        }
    }
    None
}

/// The length of each country's numbers (the registry of ISO 13616, release 99).
const LENGTHS: [(&[u8; 2], u8); 89] = [
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HN", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MN", 20),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
    (b"YE", 30),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn of(find: impl Fn(&str, usize) -> Option<usize>, text: &str) -> Option<&str> {
        find(text, 0).map(|end| &text[..end])
    }

    #[test]
    fn cards_are_found_as_they_are_written() {
        let card = |text| of(|text, at| card(text, at).map(|found| found.0), text);
        assert_eq!(card("4111 1111 1111 1111 12/28"), Some("4111 1111 1111 1111"));
        assert_eq!(card("3782-822463-10005."), Some("3782-822463-10005"));
        assert_eq!(card("5555555555554444"), Some("5555555555554444"));
        for other in [
            "4111111111111112",
            "4111 1111-1111 1111",
            "41 11111111111111",
            "9999999999999995",
            "4111111111111111a",
        ] {
            assert_eq!(card(other), None, "{other}");
        }
    }

    #[test]
    fn accounts_are_found_as_they_are_written() {
        let iban = |text| of(iban, text);
        let account = "FR14 2004 1010 0505 0001 3M02 606";
        assert_eq!(iban("FR14 2004 1010 0505 0001 3M02 606 BIC"), Some(account));
        assert_eq!(iban("de89370400440532013000"), Some("de89370400440532013000"));
        for other in [
            "FR14 2004 1010 0505 0001 3M02 607",
            "ZZ14 2004 1010 0505 0001 3M02 606",
            "DE893704004405320130001",
        ] {
            assert_eq!(iban(other), None, "{other}");
        }
    }
}
