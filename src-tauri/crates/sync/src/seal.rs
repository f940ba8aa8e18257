//! Objects as they lie in the store: encrypted, each bound to its name.
//!
//! `BSY`, the format's version, 24 random bytes, and then the encrypted bytes with their tag:
//! XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha), whose nonces are long enough to be random. The
//! first four bytes and the object's name are authenticated with them, so that an object cannot be
//! put in the place of another.

use blake2::{Blake2b256, Digest};
use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, Tag, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::{Secret, SyncError};

/// The version of the format that this code writes.
pub(crate) const VERSION: u8 = 1;

const MAGIC: &[u8; 3] = b"BSY";
const NONCE: usize = 24;
const TAG: usize = 16;
const HEADER: usize = MAGIC.len() + 1;

/// What encrypts the objects of a store.
pub(crate) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    pub fn of(secret: &Secret) -> Self {
        Self(secret.key_for(b"bureau sync objects"))
    }

    /// Encrypts what is to be kept under this name.
    pub fn seal(&self, name: &str, plain: &[u8]) -> Result<Vec<u8>, SyncError> {
        let mut sealed = Vec::with_capacity(HEADER + NONCE + plain.len() + TAG);
        sealed.extend_from_slice(MAGIC);
        sealed.push(VERSION);
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| SyncError::Random(error.to_string()))?;
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let bound = bound(&sealed, name);
        let tag = self
            .cipher()
            .encrypt_inout_detached(
                &XNonce::from(nonce),
                &bound,
                (&mut sealed[HEADER + NONCE..]).into(),
            )
            .map_err(|_| SyncError::Internal("an object is too large to be encrypted"))?;
        sealed.extend_from_slice(&tag);
        Ok(sealed)
    }

    /// Decrypts what is kept under this name.
    ///
    /// # Errors
    /// [`SyncError::NewerVersion`]; [`SyncError::Damaged`].
    pub fn open(&self, name: &str, mut sealed: Vec<u8>) -> Result<Vec<u8>, SyncError> {
        let damaged = || SyncError::Damaged(name.to_owned());
        if sealed.len() < HEADER + NONCE + TAG || !sealed.starts_with(MAGIC) {
            return Err(damaged());
        }
        let version = sealed[MAGIC.len()];
        if version > VERSION {
            return Err(SyncError::NewerVersion(version));
        }
        let bound = bound(&sealed, name);
        let tag = sealed.split_off(sealed.len() - TAG);
        let tag = Tag::try_from(tag.as_slice()).map_err(|_| damaged())?;
        let nonce = XNonce::try_from(&sealed[HEADER..HEADER + NONCE]).map_err(|_| damaged())?;
        self.cipher()
            .decrypt_inout_detached(&nonce, &bound, (&mut sealed[HEADER + NONCE..]).into(), &tag)
            .map_err(|_| damaged())?;
        sealed.drain(..HEADER + NONCE);
        Ok(sealed)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }
}

/// What is authenticated beside the encrypted bytes.
fn bound(sealed: &[u8], name: &str) -> Vec<u8> {
    [&sealed[..HEADER], name.as_bytes()].concat()
}

/// The hash by which a list names an object: BLAKE2b of 256 bits (RFC 7693), in hexadecimal.
pub(crate) fn hash(sealed: &[u8]) -> String {
    Blake2b256::digest(sealed).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_under_its_name_with_its_key_alone() {
        let secret = Secret::random().unwrap();
        let key = Key::of(&secret);
        let sealed = key.seal("a/1", b"secret words").unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_eq!(key.open("a/1", sealed.clone()).unwrap(), b"secret words");
        assert_ne!(key.seal("a/1", b"secret words").unwrap(), sealed, "each has its own nonce");
        assert!(matches!(key.open("a/2", sealed.clone()), Err(SyncError::Damaged(_))));
        let other = Key::of(&Secret::random().unwrap());
        assert!(matches!(other.open("a/1", sealed), Err(SyncError::Damaged(_))));
        assert!(key.open("a", key.seal("a", b"").unwrap()).unwrap().is_empty());
    }

    #[test]
    fn every_bit_and_every_byte_counts() {
        let key = Key::of(&Secret::random().unwrap());
        let sealed = key.seal("a", b"words").unwrap();
        for place in 0..sealed.len() {
            let mut wrong = sealed.clone();
            wrong[place] ^= 1;
            let opened = key.open("a", wrong);
            // The version is read first, and any but this one refused.
            assert!(opened.is_err(), "{place}");
            assert!(key.open("a", sealed[..place].to_vec()).is_err(), "{place}");
        }
        let mut newer = sealed;
        newer[3] = VERSION + 1;
        assert!(matches!(key.open("a", newer), Err(SyncError::NewerVersion(2))));
    }
}
