//! Numbers of the United States: social security (SSN) and employers (EIN).

use super::context;
use super::{Digits, ends};
use crate::candidate::Certainty;

/// A social security number: no area 000, 666 or from 900 on, no group 00, no serial 0000
/// (<https://www.ssa.gov/employer/randomization.html>), and none of those that were printed in
/// advertisements. Without hyphens it is told where words say what it is.
pub(super) fn ssn(text: &str, at: usize) -> Option<(usize, Certainty)> {
    if !text.as_bytes()[at].is_ascii_digit() {
        return None;
    }
    let read = Digits::read(text, at, 9);
    let end = read.end(text, 9)?;
    let groups = read.groups(9)?;
    let number = read.digits.iter().fold(0_u32, |number, digit| number * 10 + u32::from(*digit));
    let (area, group, serial) = (number / 1_000_000, number / 10_000 % 100, number % 10_000);
    let issued = !matches!(area, 0 | 666 | 900..) && group != 0 && serial != 0;
    if !issued || matches!(number, 78_051_120 | 219_099_999) {
        return None;
    }
    let hyphens = read.separators.first().is_some_and(|c| matches!(c, '-' | '\u{2011}'));
    match groups.as_slice() {
        [3, 2, 4] if hyphens && !context::is_reference(text, at) => Some((end, Certainty::Listed)),
        [3, 2, 4] | [9] => context::is_ssn(text, at).then_some((end, Certainty::Context)),
        _ => None,
    }
}

/// An employer identification number: a prefix of the Internal Revenue Service's
/// (<https://www.irs.gov/businesses/small-businesses-self-employed/how-eins-are-assigned-and-valid-ein-prefixes>)
/// and seven digits. Without a hyphen it is told where words say what it is.
pub(super) fn ein(text: &str, at: usize) -> Option<(usize, Certainty)> {
    let bytes = text.as_bytes().get(at..)?;
    let digits = |range: std::ops::Range<usize>| {
        bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    if !digits(0..2) {
        return None;
    }
    let prefix = (bytes[0] - b'0') * 10 + (bytes[1] - b'0');
    // Never assigned.
    if matches!(prefix, 0 | 7..=9 | 17..=19 | 28 | 29 | 49 | 69 | 70 | 78 | 79 | 89 | 96 | 97) {
        return None;
    }
    let named = context::is_ein(text, at);
    let hyphened = bytes.get(2) == Some(&b'-') && digits(3..10);
    if hyphened && ends(text, at + 10) && (named || !context::is_reference(text, at)) {
        let certainty = if named { Certainty::Context } else { Certainty::Shape };
        return Some((at + 10, certainty));
    }
    (named && digits(2..9) && ends(text, at + 9)).then_some((at + 9, Certainty::Context))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_were_never_issued_are_none() {
        let ssn = |text: &str| ssn(text, 0).is_some();
        assert!(ssn("536-22-1840"));
        for other in [
            "000-22-1840",
            "666-22-1840",
            "900-22-1840",
            "536-00-1840",
            "536-22-0000",
            "078-05-1120",
            "536221840",
            "536-22-18401",
        ] {
            assert!(!ssn(other), "{other}");
        }
        let ein = |text: &str| ein(text, 0).is_some();
        assert!(ein("12-3456789") && ein("83-1234567"));
        assert!(
            !ein("07-3456789") && !ein("89-3456789") && !ein("12-34567890") && !ein("123456789")
        );
    }
}
