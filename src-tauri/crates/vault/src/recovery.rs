//! The organisation's recovery key: a pair of age's X25519 keys. Programs know its public half
//! and seal for it; whoever keeps the other half opens what was sealed, without Bureau if need be.

use std::fmt;
use std::str::FromStr;

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use crate::{VaultError, age};

/// What a public key begins with, before the `1` of Bech32.
const RECIPIENT: &str = "age";
/// What a secret key begins with; written in capitals.
const IDENTITY: &str = "age-secret-key-";

/// The public half of a recovery key, as `age-keygen` writes it (`age1…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Recipient([u8; 32]);

/// Why a text is no recovery key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no public key of age; `age-keygen` makes one, which begins with “age1”")]
pub struct NotARecipient;

impl Recipient {
    /// A short secret as an age file that the secret half opens.
    ///
    /// # Errors
    /// [`VaultError::NoRandomness`]; [`VaultError::Damaged`] if the key is one that protects
    /// nothing.
    pub fn seal(&self, secret: &SecretString) -> Result<Vec<u8>, VaultError> {
        age::seal(self, secret.expose_secret().as_bytes())
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for Recipient {
    type Err = NotARecipient;

    fn from_str(text: &str) -> Result<Self, NotARecipient> {
        key(RECIPIENT, text).map(|key| Self(*key)).ok_or(NotARecipient)
    }
}

impl TryFrom<String> for Recipient {
    type Error = NotARecipient;

    fn try_from(text: String) -> Result<Self, NotARecipient> {
        text.parse()
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        bech32::encode_lower_to_fmt::<Bech32, _>(f, Hrp::parse_unchecked(RECIPIENT), &self.0)
            .map_err(|_| fmt::Error)
    }
}

impl From<Recipient> for String {
    fn from(recipient: Recipient) -> Self {
        recipient.to_string()
    }
}

/// The secret half of a recovery key; overwritten when dropped, never shown.
pub struct Identity(Zeroizing<[u8; 32]>);

impl Identity {
    /// The key in the text of a file as `age-keygen` writes it: lines that begin with `#` are
    /// remarks, one holds the key (`AGE-SECRET-KEY-1…`).
    ///
    /// # Errors
    /// [`VaultError::NotARecoveryKey`].
    pub fn of_file(text: &SecretString) -> Result<Self, VaultError> {
        let mut lines = text.expose_secret().lines().map(str::trim);
        let line = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
        line.and_then(|line| key(IDENTITY, line)).map(Self).ok_or(VaultError::NotARecoveryKey)
    }

    /// A new key.
    ///
    /// # Errors
    /// [`VaultError::NoRandomness`].
    pub fn random() -> Result<Self, VaultError> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(&mut bytes[..]).map_err(|_| VaultError::NoRandomness)?;
        Ok(Self(bytes))
    }

    /// Its public half.
    pub fn recipient(&self) -> Recipient {
        Recipient(PublicKey::from(&StaticSecret::from(*self.0)).to_bytes())
    }

    /// The secret in an age file that [`Recipient::seal`] made.
    ///
    /// # Errors
    /// [`VaultError::WrongRecoveryKey`] if this key does not open it, or it was changed.
    pub fn open(&self, file: &[u8]) -> Result<SecretString, VaultError> {
        let opened = age::open(self, file).ok_or(VaultError::OtherRecoveryKey)?;
        let text = std::str::from_utf8(&opened).map_err(|_| VaultError::OtherRecoveryKey)?;
        Ok(SecretString::from(text.to_owned()))
    }

    /// The key as a file holds it.
    pub fn to_file(&self) -> SecretString {
        let hrp = Hrp::parse_unchecked(IDENTITY);
        let written = bech32::encode_upper::<Bech32>(hrp, &self.0[..]).unwrap_or_default();
        SecretString::from(written + "\n")
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

/// The 32 bytes of a key in Bech32 (BIP 173) of this kind.
fn key(kind: &str, text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let checked = CheckedHrpstring::new::<Bech32>(text).ok()?;
    if checked.hrp() != Hrp::parse_unchecked(kind) {
        return None;
    }
    let mut bytes = checked.byte_iter();
    let mut key = Zeroizing::new([0; 32]);
    for byte in key.iter_mut() {
        *byte = bytes.next()?;
    }
    bytes.next().is_none().then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pair of the age format's own test suite (C2SP/CCTV, `age/testdata/x25519`).
    const SECRET: &str =
        "AGE-SECRET-KEY-1XMWWC06LY3EE5RYTXM9MFLAZ2U56JJJ36S0MYPDRWSVLUL66MV4QX3S7F6";

    fn file(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    #[test]
    fn a_key_is_read_as_age_keygen_writes_it() {
        let written = format!("# created: 2026-11-27\n# public key: age1…\n{SECRET}\n");
        let identity = Identity::of_file(&file(&written)).unwrap();
        assert_eq!(identity.to_file().expose_secret().trim(), SECRET);
        let public = identity.recipient().to_string();
        assert!(public.starts_with("age1"), "{public}");
        assert_eq!(public.parse(), Ok(identity.recipient()));
        assert_eq!(format!("{identity:?}"), "Identity(…)");
    }

    #[test]
    fn what_is_no_key_is_told() {
        let public = Identity::random().unwrap().recipient().to_string();
        for wrong in ["", "age1", "age1qqqq", SECRET, &public[..public.len() - 1]] {
            assert_eq!(wrong.parse::<Recipient>(), Err(NotARecipient), "{wrong}");
        }
        for wrong in ["", "# only a remark\n", "AGE-SECRET-KEY-1QQ", &public] {
            let read = Identity::of_file(&file(wrong));
            assert!(matches!(read, Err(VaultError::NotARecoveryKey)), "{wrong}");
        }
    }
}
