//! France's numbers of people (NIR) and of companies (SIREN, SIRET).

use super::context;
use super::{Digits, ahead, checksum, ends, once};
use crate::candidate::Certainty;

/// A social security number (NIR) of 13 characters and its key: 97 less the rest of the number
/// divided by 97, where Corsica's 2A and 2B count as 19 and 18
/// (<https://www.insee.fr/fr/metadonnees/definition/c1409>). Without its key it is told where
/// words say what it is.
pub(super) fn nir(text: &str, at: usize) -> Option<(usize, Certainty)> {
    let shape = once!(concat!(
        r"^[1-478][ .\-\u{a0}\u{202f}]?\d{2}[ .\-\u{a0}\u{202f}]?(?:0[1-9]|1[0-2]|20|3\d|4[0-2]|[5-9]\d)",
        r"[ .\-\u{a0}\u{202f}]?(?:\d{2}|2[ABab])[ .\-\u{a0}\u{202f}]?\d{3}[ .\-\u{a0}\u{202f}]?\d{3}",
        r"(?P<key>(?:[ .\-/|\u{a0}\u{202f}]{0,3}|,? ?\(?cl[ée] ?:? ?)(?P<digits>\d{2}))?"
    ));
    let window = ahead(text, at, 64);
    // What has the shape at all is told much sooner than its parts.
    let found = shape.is_match(window).then(|| shape.captures(window)).flatten()?;
    let whole = found.get(0)?;
    let key = found.name("key");
    let number = window.get(..key.map_or(whole.end(), |key| key.start()))?;
    let number = number_of(number)?;
    if let Some(digits) = found.name("digits")
        && digits.as_str().parse() == Ok(97 - number % 97)
        && ends(text, at + whole.end())
    {
        return Some((at + whole.end(), Certainty::Checksum));
    }
    let end = at + key.map_or(whole.end(), |key| key.start());
    let alone = key.is_none_or(|key| key.as_str().starts_with([' ', '.', ',', '/']));
    (alone && ends(text, end) && context::is_nir(text, at)).then_some((end, Certainty::Context))
}

/// The number of 13 characters, with Corsica's letters as the digits that they count as.
fn number_of(text: &str) -> Option<u64> {
    let characters = text.chars().filter(char::is_ascii_alphanumeric);
    let digits: String = characters.collect::<String>().to_ascii_uppercase();
    digits.replace("2A", "19").replace("2B", "18").parse().ok()
}

/// An establishment's number (SIRET) of 14 digits, or a company's (SIREN) of 9 where words say so:
/// Luhn's sum is right for both, but for La Poste's establishments, whose digits add up to a
/// multiple of 5 (<https://www.insee.fr/fr/metadonnees/definition/c1841>).
pub(super) fn siret(text: &str, at: usize) -> Option<(usize, Certainty)> {
    if !text.as_bytes()[at].is_ascii_digit() {
        return None;
    }
    let read = Digits::read(text, at, 14);
    if read.digits.len() == 14
        && let Some(groups) = read.groups(14)
        && let Some(end) = read.end(text, 14)
        && matches!(
            groups.as_slice(),
            [14] | [9, 5] | [3, 3, 3, 5] | [3, 3, 3, 3, 2] | [3, 3, 3, 2, 3]
        )
        && is_siret(&read.digits)
        && read.digits[..9] != [0; 9]
    {
        let named = context::is_company(text, at);
        let other = is_moment(&read.digits) || context::is_reference(text, at);
        if named || !other {
            return Some((end, Certainty::Checksum));
        }
    }
    let groups = read.groups(9)?;
    let end = read.end(text, 9)?;
    let shaped = matches!(groups.as_slice(), [9] | [3, 3, 3]) && checksum::luhn(&read.digits[..9]);
    (shaped && context::is_company(text, at)).then_some((end, Certainty::Checksum))
}

fn is_siret(digits: &[u8]) -> bool {
    const LA_POSTE: [u8; 9] = [3, 5, 6, 0, 0, 0, 0, 0, 0];
    let sum: u32 = digits.iter().map(|digit| u32::from(*digit)).sum();
    let (company, la_poste) = (&digits[..9], digits[..9] == LA_POSTE);
    checksum::luhn(company) && (checksum::luhn(digits) || la_poste && sum.is_multiple_of(5))
}

/// Whether 14 digits are a date and a time, as names of files have them.
fn is_moment(digits: &[u8]) -> bool {
    let two = |at: usize| digits[at] * 10 + digits[at + 1];
    matches!(two(0), 19 | 20)
        && (1..=12).contains(&two(4))
        && (1..=31).contains(&two(6))
        && two(8) < 24
        && two(10) < 60
        && two(12) < 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_tells_a_social_security_number() {
        let nir = |text: &str| nir(text, 0).map(|found| found.0);
        // 2 55 08 14 168 025, key 38: the specimen of the Carte Vitale.
        assert_eq!(nir("2 55 08 14 168 025 38"), Some(21));
        assert_eq!(nir("255081416802538"), Some(15));
        assert_eq!(nir("255081416802539"), None);
        for (number, counts_as) in [
            ("1 84 12 2A 451 089", 1_841_219_451_089_u64),
            ("1 84 12 2B 451 089", 1_841_218_451_089),
        ] {
            let key = 97 - counts_as % 97;
            assert!(nir(&format!("{number} {key:02}")).is_some());
            assert!(nir(&format!("{number} {:02}", key % 97 + 1)).is_none());
        }
    }

    #[test]
    fn companies_are_told_by_luhn_and_la_poste_by_its_own_rule() {
        let siret = |text: &str| {
            let at = text.find(|c: char| c.is_ascii_digit()).unwrap();
            siret(text, at).map(|found| text[at..found.0].to_owned())
        };
        assert_eq!(siret("732 829 320 00074"), Some("732 829 320 00074".to_owned()));
        assert_eq!(siret("732 829 320 00075"), None);
        assert_eq!(siret("35600000049837"), Some("35600000049837".to_owned()), "La Poste");
        assert_eq!(siret("35600000049838"), None);
        assert_eq!(siret("RCS Paris 732 829 320"), Some("732 829 320".to_owned()));
        assert_eq!(siret("732 829 320"), None);
    }
}
