//! Telephone numbers: France's, North America's, and those with a country's code (ITU-T E.164).

use super::context;
use super::{ahead, ends, once};
use crate::candidate::Certainty;

pub(super) fn telephone(text: &str, at: usize) -> Option<(usize, Certainty)> {
    french(text, at).or_else(|| international(text, at)).or_else(|| north_american(text, at))
}

/// Ten digits that begin with 0 and one of 1 to 9, in pairs or together, or nine behind +33
/// (<https://www.arcep.fr/la-regulation/grands-dossiers-thematiques-transverses/la-numerotation.html>).
fn french(text: &str, at: usize) -> Option<(usize, Certainty)> {
    let shape = once!(concat!(
        r"^(?:(?:\+|00) ?33[ .\-\u{a0}\u{202f}]?(?:\(0\)[ .\-\u{a0}\u{202f}]?)?|0)[1-9]",
        r"(?:(?:\d{2}){4}|(?:[ .\-/\u{a0}\u{202f}\u{2011}]\d{2}){4}|(?:[ .\u{a0}]\d{3}){2} ?\d{2}|[ .\u{a0}\u{202f}]\d{2}[ .\u{a0}\u{202f}]\d{3}[ .\u{a0}\u{202f}]\d{3})"
    ));
    let found = shape.find(ahead(text, at, 40))?.as_str();
    let end = at + found.len();
    if !ends(text, end) || is_among_pairs(text, at, end) {
        return None;
    }
    let bare = found.bytes().all(|byte| byte.is_ascii_digit());
    if bare && context::is_reference(text, at) && !context::is_telephone(text, at) {
        return None;
    }
    Some((end, Certainty::Listed))
}

/// Whether a number in pairs stands in a longer row of pairs, which is none.
fn is_among_pairs(text: &str, at: usize, end: usize) -> bool {
    once!(r"^[ \u{a0}]\d{2}(?:[ \u{a0}]\d{2})*\b").find(ahead(text, end, 64)).is_some_and(|found| {
        let pairs = found.as_str().split([' ', '\u{a0}']).count() - 1;
        let another = found.as_str().trim_start().starts_with('0') && pairs.is_multiple_of(5);
        !another
    }) || once!(r"(?:^|\D)\d{2}[ \u{a0}]$").is_match(super::behind(text, at, 6))
        && !pairs_before(text, at).is_multiple_of(5)
}

fn pairs_before(text: &str, at: usize) -> usize {
    once!(r"(?:\b\d{2}[ \u{a0}])+$")
        .find(super::behind(text, at, 64))
        .map_or(0, |found| found.as_str().split([' ', '\u{a0}']).count() - 1)
}

/// Ten digits of the North American plan: area and exchange begin with 2 to 9, and an exchange is
/// no service (N11). Without what sets them apart they are told where words say so.
fn north_american(text: &str, at: usize) -> Option<(usize, Certainty)> {
    let shape = once!(
        r"^(?:\+?1[ .\-]?)?(?:\((?P<a>[2-9]\d{2})\) ?-?|(?P<b>[2-9]\d{2})(?P<s>[ .\-\u{2011}]?))(?P<c>[2-9]\d{2})(?P<t>[ .\-\u{2011}]?)\d{4}"
    );
    let window = ahead(text, at, 32);
    let found = shape.is_match(window).then(|| shape.captures(window)).flatten()?;
    let whole = found.get(0)?;
    let part = |name: &str| found.name(name).map(|part| part.as_str());
    let (area, exchange) = (part("a").or(part("b"))?, part("c")?);
    let end = at + whole.end();
    if area.ends_with("11") || exchange.ends_with("11") || !ends(text, end) {
        return None;
    }
    let apart =
        part("a").is_some() || part("s").is_some_and(|s| !s.is_empty() && part("t") == Some(s));
    let evenly = part("t").is_some_and(|t| !t.is_empty());
    let spaces = part("s") == Some(" ") && !whole.as_str().starts_with(['+', '1']);
    let named = context::is_telephone(text, at);
    let clear = apart && evenly && !spaces && !context::is_reference(text, at);
    (clear || named).then_some((end, Certainty::Listed))
}

/// A plus or 00, a country's code, and 8 to 15 digits with it.
fn international(text: &str, at: usize) -> Option<(usize, Certainty)> {
    let shape = once!(concat!(
        r"^(?P<plus>\+|00)(?P<code>1|7|2[07]|2[1-689]\d|3[0-469]|3[578]\d|4[013-9]|42\d|5[1-8]|5[09]\d|6[0-6]|6[7-9]\d|8[1246]|8[05789]\d|9[0-58]|9[679]\d)",
        r"(?P<rest>(?:[ .\-/\u{a0}\u{202f}\u{2011}]?(?:\(\d{1,5}\)|\d)){6,13})"
    ));
    let window = ahead(text, at, 48);
    let found = shape.is_match(window).then(|| shape.captures(window)).flatten()?;
    let mut end = found.get(0)?.end();
    // What follows a number in a row of numbers is none of it.
    while !ends(text, at + end) {
        let cut = window[..end].rfind([' ', '\u{a0}'])?;
        end = cut;
    }
    let digits = window[..end].bytes().filter(u8::is_ascii_digit).count();
    let digits = digits - if found.name("plus")?.as_str() == "00" { 2 } else { 0 };
    if !(8..=15).contains(&digits) {
        return None;
    }
    let plus = found.name("plus")?.as_str() == "+";
    (plus || context::is_telephone(text, at)).then_some((at + end, Certainty::Listed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        let at = text.find(|c: char| c.is_ascii_digit() || "+(".contains(c)).unwrap();
        telephone(text, at).map(|(end, _)| &text[at..end])
    }

    #[test]
    fn numbers_are_found_as_they_are_written() {
        for number in [
            "06 12 34 56 78",
            "01.23.45.67.89",
            "0612345678",
            "+33 6 12 34 56 78",
            "+33 (0)6 12 34 56 78",
            "0033612345678",
            "(212) 555-0123",
            "212-555-0123",
            "+1 212 555 0123",
            "1-800-555-0199",
            "+44 20 7946 0958",
            "+49 (0)30 901820",
            "+81-3-1234-5678",
            "04\u{a0}91\u{a0}00\u{a0}00\u{a0}00",
        ] {
            assert_eq!(found(&format!("{number}.")), Some(number), "{number}");
        }
        assert_eq!(found("call 2125550123 now"), Some("2125550123"));
    }

    #[test]
    fn other_numbers_are_none() {
        for other in [
            "2125550123",
            "2024-06-01",
            "06 12 34 56 78 90 12",
            "12 06 12 34 56 78",
            "0.12345678",
            "011-555-0123",
            "commande 0612345678",
            "1234567890123",
            "06 12 34 56 7",
        ] {
            assert_eq!(found(other), None, "{other}");
        }
    }
}
