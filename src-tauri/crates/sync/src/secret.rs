//! The secret that all machines share, and the code in which a person carries it.

use std::fmt;

use blake2::digest::consts::U32;
use blake2::digest::{KeyInit, Mac};
use blake2::{Blake2b256, Blake2bMac, Digest};
use zeroize::Zeroizing;

use crate::SyncError;

/// Crockford's base 32 (<https://www.crockford.com/base32.html>), in capitals: no `I`, `L`, `O`,
/// `U`, so that a code that is copied by hand is not misread.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Bytes of the checksum behind the secret's own 32.
const CHECKSUM: usize = 3;
/// Characters of a code; each five bytes are eight of them.
const LENGTH: usize = (32 + CHECKSUM) / 5 * 8;
/// Characters between two hyphens.
const GROUP: usize = 4;

/// What encrypts everything in a store: 32 random bytes that the store never sees.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<[u8; 32]>);

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// [`SyncError::Random`].
    pub fn random() -> Result<Self, SyncError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *bytes).map_err(|error| SyncError::Random(error.to_string()))?;
        Ok(Self(bytes))
    }

    /// The pairing code, with which another machine joins: 56 letters and digits in groups of
    /// four, of which the last five or so tell typing errors.
    pub fn code(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; 32 + CHECKSUM]);
        bytes[..32].copy_from_slice(&*self.0);
        bytes[32..].copy_from_slice(&checksum(&self.0));
        let mut code = Zeroizing::new(String::with_capacity(LENGTH + LENGTH / GROUP));
        let mut count = 0;
        for five in bytes.chunks(5) {
            let number = five.iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
            for place in (0..8).rev() {
                if count > 0 && count % GROUP == 0 {
                    code.push('-');
                }
                let digit = (number >> (place * 5)) & 31;
                code.push(char::from(ALPHABET[usize::try_from(digit).unwrap_or(0)]));
                count += 1;
            }
        }
        code
    }

    /// The secret of a code; case, spaces and hyphens do not matter, and neither do `O` for `0`,
    /// `I` and `L` for `1`.
    ///
    /// # Errors
    /// [`SyncError::NotACode`], also for one with a typing error.
    pub fn from_code(code: &str) -> Result<Self, SyncError> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(32 + CHECKSUM));
        let (mut number, mut digits) = (0_u64, 0);
        for c in code.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            };
            let digit = ALPHABET.iter().position(|known| char::from(*known) == c);
            number = (number << 5) | digit.ok_or(SyncError::NotACode)? as u64;
            digits += 1;
            if digits % 8 == 0 {
                bytes.extend_from_slice(&number.to_be_bytes()[3..]);
                number = 0;
            }
            if digits > LENGTH {
                return Err(SyncError::NotACode);
            }
        }
        let (secret, check) = bytes.split_at_checked(32).ok_or(SyncError::NotACode)?;
        let mut own = Zeroizing::new([0; 32]);
        own.copy_from_slice(secret);
        if digits != LENGTH || check != checksum(&own) {
            return Err(SyncError::NotACode);
        }
        Ok(Self(own))
    }

    /// A key for one purpose: BLAKE2b with the secret as its key (RFC 7693, section 2.9).
    pub(crate) fn key_for(&self, purpose: &[u8]) -> Zeroizing<[u8; 32]> {
        let mac = <Blake2bMac<U32> as KeyInit>::new_from_slice(&*self.0);
        let mut key = Zeroizing::new([0; 32]);
        // A key of 32 bytes is one of at most 64, so there is always a result.
        if let Ok(mac) = mac {
            key.copy_from_slice(&mac.chain_update(purpose).finalize().into_bytes());
        }
        key
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn checksum(secret: &[u8; 32]) -> [u8; CHECKSUM] {
    let hash = Blake2b256::new().chain_update(b"bureau pairing code").chain_update(secret);
    let hash = hash.finalize();
    std::array::from_fn(|place| hash[place])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_write_it() {
        let secret = Secret::random().unwrap();
        let code = secret.code();
        assert_eq!(code.len(), 56 + 13);
        let written = format!(" {}\n", code.to_lowercase().replace('-', " ").replace('0', "o"));
        assert!(Secret::from_code(&written).unwrap() == secret);
        assert!(Secret::from_code(&code.replace('1', "l")).unwrap() == secret);
    }

    #[test]
    fn a_typing_error_is_found() {
        let code = Secret(Zeroizing::new([7; 32])).code();
        for place in 0..code.len() {
            let wrong = if code.as_bytes()[place] == b'Z' { "Y" } else { "Z" };
            let mut other = code.to_string();
            if other.as_bytes()[place] != b'-' {
                other.replace_range(place..=place, wrong);
                assert!(matches!(Secret::from_code(&other), Err(SyncError::NotACode)), "{other}");
            }
        }
        let swapped = format!("{}{}{}", &code[5..10], &code[..5], &code[10..]);
        for wrong in ["", "é", &code[1..], &format!("{}A", *code), &code.replace('-', "U")] {
            assert!(matches!(Secret::from_code(wrong), Err(SyncError::NotACode)), "{wrong}");
        }
        assert!(code[5..10] == code[..5] || Secret::from_code(&swapped).is_err());
    }

    #[test]
    fn keys_differ_by_their_purpose_and_are_not_shown() {
        let secret = Secret(Zeroizing::new([7; 32]));
        assert_ne!(secret.key_for(b"one"), secret.key_for(b"other"));
        assert_ne!(*secret.key_for(b"one"), [0; 32]);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
