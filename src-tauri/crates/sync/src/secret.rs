//! The secret that all machines share, and the code in which a person carries it.

use std::fmt;

use blake2::Blake2bMac;
use blake2::digest::consts::U32;
use blake2::digest::{KeyInit, Mac};
use secrecy::SecretString;
use vault::WrittenKey;
use zeroize::Zeroizing;

use crate::SyncError;

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

    /// The one that was kept.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Zeroizing::new(*bytes))
    }

    /// Its bytes, to be kept where nobody else reads them.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The pairing code, with which another machine joins.
    pub fn code(&self) -> SecretString {
        WrittenKey::PAIRING.write(&self.0)
    }

    /// The secret of a code; case and spaces do not matter.
    ///
    /// # Errors
    /// [`SyncError::NotACode`], also for one with a typing error.
    pub fn from_code(code: &SecretString) -> Result<Self, SyncError> {
        WrittenKey::PAIRING.read(code).map(Self).ok_or(SyncError::NotACode)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_that_of_its_secret_alone() {
        let secret = Secret::random().unwrap();
        assert!(Secret::from_code(&secret.code()).unwrap() == secret);
        let other = Secret::random().unwrap();
        assert!(Secret::from_code(&other.code()).unwrap() != secret);
        let recovery_key = WrittenKey::RECOVERY.write(secret.bytes());
        assert!(matches!(Secret::from_code(&recovery_key), Err(SyncError::NotACode)));
    }

    #[test]
    fn keys_differ_by_their_purpose_and_are_not_shown() {
        let secret = Secret(Zeroizing::new([7; 32]));
        assert_ne!(secret.key_for(b"one"), secret.key_for(b"other"));
        assert_ne!(*secret.key_for(b"one"), [0; 32]);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
