//! The key that signs checkpoints: Ed25519 (RFC 8032). Its public half is written as standard tools
//! read it (RFC 8410, in PEM).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use crate::{AuditError, Hash};

/// What goes before the 32 bytes of a public key in DER (RFC 8410 §4).
const DER_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0];
const PEM_BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const PEM_END: &str = "-----END PUBLIC KEY-----";

/// A key that signs checkpoints. It shows in no debug output, and is zeroed when it is dropped.
#[derive(Clone)]
pub struct CheckpointKey(SigningKey);

impl CheckpointKey {
    /// A new key.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub fn generate() -> Result<Self, AuditError> {
        let mut secret = Zeroizing::new([0; 32]);
        getrandom::fill(secret.as_mut()).map_err(|error| AuditError::Random(error.to_string()))?;
        Ok(Self(SigningKey::from_bytes(&secret)))
    }

    /// The key as it is kept, in Base64, where only those can read it who may sign.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(self.0.as_bytes()))
    }

    /// The key that was kept.
    ///
    /// # Errors
    /// [`AuditError::NotAKey`] where the text is none.
    pub fn from_text(text: &str) -> Result<Self, AuditError> {
        let bytes = Zeroizing::new(STANDARD.decode(text).map_err(|_| AuditError::NotAKey)?);
        let secret: &[u8; 32] = bytes.as_slice().try_into().map_err(|_| AuditError::NotAKey)?;
        Ok(Self(SigningKey::from_bytes(secret)))
    }

    /// What its signatures are verified with.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> String {
        STANDARD.encode(self.0.sign(bytes).to_bytes())
    }
}

impl fmt::Debug for CheckpointKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CheckpointKey")
    }
}

/// What the signatures of checkpoints are verified with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// SHA-256 of the key in DER: what `openssl pkey -pubin -outform DER | sha256sum` prints.
    pub fn fingerprint(&self) -> Hash {
        Hash::of(&self.der())
    }

    /// The key in PEM, as `openssl` reads it.
    pub fn to_pem(&self) -> String {
        format!("{PEM_BEGIN}\n{}\n{PEM_END}\n", STANDARD.encode(self.der()))
    }

    /// Reads a key in PEM.
    ///
    /// # Errors
    /// [`AuditError::NotAPublicKey`] where the text is none, or one of another kind.
    pub fn from_pem(text: &str) -> Result<Self, AuditError> {
        let inner = text.trim().strip_prefix(PEM_BEGIN).and_then(|t| t.strip_suffix(PEM_END));
        let written: String =
            inner.unwrap_or_default().chars().filter(|c| !c.is_ascii_whitespace()).collect();
        let der = STANDARD.decode(written).map_err(|_| AuditError::NotAPublicKey)?;
        let key = der.strip_prefix(&DER_PREFIX).and_then(|key| <&[u8; 32]>::try_from(key).ok());
        key.and_then(|key| VerifyingKey::from_bytes(key).ok())
            .map(Self)
            .ok_or(AuditError::NotAPublicKey)
    }

    /// Whether this is its signature of these bytes. A signature has one spelling.
    pub(crate) fn has_signed(&self, bytes: &[u8], signature: &str) -> bool {
        let signature = STANDARD.decode(signature).ok();
        let signature = signature.and_then(|bytes| Signature::from_slice(&bytes).ok());
        signature.is_some_and(|signature| self.0.verify_strict(bytes, &signature).is_ok())
    }

    fn der(&self) -> Vec<u8> {
        [&DER_PREFIX[..], self.0.as_bytes()].concat()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_kept_and_its_public_half_travels() {
        let key = CheckpointKey::generate().unwrap();
        let kept = CheckpointKey::from_text(&key.to_text()).unwrap();
        let public = PublicKey::from_pem(&kept.public().to_pem()).unwrap();
        assert_eq!(public, key.public());
        assert!(public.has_signed(b"words", &key.sign(b"words")));
        assert!(!public.has_signed(b"other words", &key.sign(b"words")));
        assert!(!public.has_signed(b"words", &CheckpointKey::generate().unwrap().sign(b"words")));
        assert!(
            PublicKey::from_pem("-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----").is_err()
        );
        assert!(CheckpointKey::from_text("AAAA").is_err());
    }

    #[test]
    fn a_debug_output_shows_nothing_of_a_key() {
        let key = CheckpointKey::generate().unwrap();
        assert_eq!(format!("{key:?}"), "CheckpointKey");
    }
}
