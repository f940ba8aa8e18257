//! The checksums that tell a number from what only looks like it.

/// Luhn's sum of digits: 0 modulo 10 for a right number (ISO/IEC 7812-1, annex B).
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(*digit);
            match (place % 2, digit * 2) {
                (0, _) => digit,
                (_, double) if double > 9 => double - 9,
                (_, double) => double,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether letters and digits are 1 modulo 97 (ISO/IEC 7064, MOD 97-10, as ISO 13616 uses it): the
/// first four characters go to the end, and letters count from 10.
pub(super) fn iban(characters: &[u8]) -> bool {
    let (Some(head), Some(rest)) = (characters.get(..4), characters.get(4..)) else { return false };
    let remainder = rest.iter().chain(head).try_fold(0_u32, |remainder, byte| {
        let value = char::from(*byte).to_digit(36)?;
        Some(if value < 10 { remainder * 10 + value } else { remainder * 100 + value } % 97)
    });
    remainder == Some(1)
}

/// The check digit of a field of a machine-readable zone (ICAO 9303-3, section 4.9).
pub(super) fn zone(field: &[u8]) -> Option<u8> {
    let weights = [7, 3, 1].into_iter().cycle();
    let sum = field.iter().zip(weights).try_fold(0, |sum, (byte, weight)| {
        let value = match byte {
            b'<' => 0,
            byte => char::from(*byte).to_digit(36)?,
        };
        Some(sum + value * weight)
    })?;
    u8::try_from(sum % 10).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().map(|byte| byte - b'0').collect()
    }

    #[test]
    fn published_examples_are_right_and_one_digit_makes_them_wrong() {
        assert!(luhn(&digits("4111111111111111")) && !luhn(&digits("4111111111111112")));
        assert!(luhn(&digits("79927398713")));
        assert!(iban(b"GB82WEST12345698765432") && !iban(b"GB82WEST12345698765433"));
        assert!(iban(b"FR1420041010050500013M02606"));
        // The specimen of ICAO 9303-4.
        assert_eq!(zone(b"L898902C3"), Some(6));
        assert_eq!(zone(b"740812"), Some(2));
        assert_eq!(zone(b"ZE184226B<<<<<"), Some(1));
    }
}
