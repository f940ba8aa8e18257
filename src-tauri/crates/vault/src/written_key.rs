//! Keys as a person writes them down: in Bech32m (BIP 350), which is made to be copied by hand. It
//! holds no two letters that look alike, and up to four wrong ones are found for certain.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32m, ByteIterExt, Fe32IterExt, Hrp};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// Letters between two spaces.
const GROUP: usize = 5;
/// Bytes of a key.
const LENGTH: usize = 32;

/// One purpose of keys that are written down, by the letters that they begin with.
#[derive(Debug, Clone, Copy)]
pub struct WrittenKey {
    /// What stands before the `1` that separates it in Bech32m, in small letters.
    prefix: &'static str,
}

impl WrittenKey {
    /// What opens a backup.
    pub const RECOVERY: Self = Self { prefix: "bureau" };
    /// What lets another machine join a shared history.
    pub const PAIRING: Self = Self { prefix: "bureaupair" };

    /// The key as a person writes it down, in groups.
    pub fn write(self, key: &[u8; LENGTH]) -> SecretString {
        let hrp = Hrp::parse_unchecked(self.prefix);
        let letters = key.iter().copied().bytes_to_fes().with_checksum::<Bech32m>(&hrp).chars();
        // All of it at once: text that grew would leave copies behind.
        let length = self.prefix.len() + 1 + (LENGTH * 8).div_ceil(5) + 6;
        let mut groups = String::with_capacity(length + length / GROUP);
        for (place, letter) in letters.enumerate() {
            if place > 0 && place % GROUP == 0 {
                groups.push(' ');
            }
            groups.push(letter);
        }
        SecretString::from(groups)
    }

    /// Whether a text begins as these keys do, however it is typed.
    pub fn begins(self, text: &SecretString) -> bool {
        let text = without_spaces(text);
        text.get(..self.prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(self.prefix))
            && text.as_bytes().get(self.prefix.len()) == Some(&b'1')
    }

    /// The key that a person typed; none if it is another one's or mistyped. Spaces do not matter.
    pub fn read(self, text: &SecretString) -> Option<Zeroizing<[u8; LENGTH]>> {
        let text = without_spaces(text);
        let checked = CheckedHrpstring::new::<Bech32m>(&text).ok()?;
        if checked.hrp() != Hrp::parse_unchecked(self.prefix) {
            return None;
        }
        let mut bytes = checked.byte_iter();
        let mut key = Zeroizing::new([0; LENGTH]);
        for byte in key.iter_mut() {
            *byte = bytes.next()?;
        }
        bytes.next().is_none().then_some(key)
    }
}

fn without_spaces(text: &SecretString) -> Zeroizing<String> {
    let text = text.expose_secret();
    let mut kept = Zeroizing::new(String::with_capacity(text.len()));
    kept.extend(text.chars().filter(|c| !c.is_whitespace()));
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn secret(text: impl Into<String>) -> SecretString {
        SecretString::from(text.into())
    }

    #[test]
    fn a_key_is_read_however_it_is_typed_and_for_its_purpose_alone() {
        let key = [7; LENGTH];
        for (own, other, start) in [
            (WrittenKey::RECOVERY, WrittenKey::PAIRING, "burea u1"),
            (WrittenKey::PAIRING, WrittenKey::RECOVERY, "burea upair 1"),
        ] {
            let written = own.write(&key);
            let written = written.expose_secret();
            assert!(written.starts_with(start), "{written}");
            let close = written.replace(' ', "");
            for typed in [written.to_owned(), close.clone(), format!(" {}\n", close.to_uppercase())]
            {
                assert_eq!(own.read(&secret(&*typed)).as_deref(), Some(&key));
                assert!(own.begins(&secret(&*typed)) && !other.begins(&secret(&*typed)));
                assert_eq!(other.read(&secret(typed)), None);
            }
        }
        for wrong in ["", "é", "bureau1", "bureau", "bureaupair1qqqq"] {
            assert_eq!(WrittenKey::PAIRING.read(&secret(wrong)), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_mistyped_key_is_none(place in 11_usize..69, with in "[02-9ac-hj-np-z]") {
            let written = WrittenKey::PAIRING.write(&[7; LENGTH]);
            let mut typed = without_spaces(&written).to_string();
            prop_assume!(typed[place..=place] != *with);
            typed.replace_range(place..=place, &with);
            prop_assert_eq!(WrittenKey::PAIRING.read(&secret(typed)), None);
        }
    }
}
