//! From a passphrase to a key: Argon2id (RFC 9106), with parameters that are stored beside the
//! slot and can so be raised later.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::{DataKey, VaultError};

/// 32 MiB, which leaves the terminal program within the memory it is allowed; the passes make up
/// for it. Above the OWASP Password Storage Cheat Sheet's recommendation (19 MiB, 2 passes).
const MEMORY_KIB: u32 = 32 * 1024;
const PASSES: u32 = 4;
const LANES: u32 = 1;
const SALT_LENGTH: usize = 16;

/// Those of a backup, which bears none: the second choice that RFC 9106 recommends, section 4. They
/// can only be changed together with the form of a backup.
const BACKUP_MEMORY_KIB: u32 = 64 * 1024;
const BACKUP_PASSES: u32 = 3;
const BACKUP_LANES: u32 = 4;

/// Beyond these a file asks for more than any Bureau ever wrote.
const MEMORY_KIB_LIMIT: u32 = 1024 * 1024;
const PASSES_LIMIT: u32 = 64;
const LANES_LIMIT: u32 = 16;

/// How the key is derived: algorithm, cost and salt.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kdf {
    algorithm: KdfAlgorithm,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum KdfAlgorithm {
    /// Argon2id, version 0x13.
    Argon2id,
}

impl Kdf {
    /// Today's parameters with a fresh salt.
    pub fn current() -> Result<Self, VaultError> {
        let mut salt = [0; SALT_LENGTH];
        getrandom::fill(&mut salt).map_err(|_| VaultError::NoRandomness)?;
        Ok(Self {
            algorithm: KdfAlgorithm::Argon2id,
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
            salt: STANDARD.encode(salt),
        })
    }

    /// Those of the backup that begins with this salt.
    pub fn of_backup(salt: [u8; SALT_LENGTH]) -> Self {
        Self {
            algorithm: KdfAlgorithm::Argon2id,
            memory_kib: BACKUP_MEMORY_KIB,
            passes: BACKUP_PASSES,
            lanes: BACKUP_LANES,
            salt: STANDARD.encode(salt),
        }
    }

    /// Whether today's parameters cost an attacker more.
    pub fn is_weaker_than_current(&self) -> bool {
        u64::from(self.memory_kib) * u64::from(self.passes)
            < u64::from(MEMORY_KIB) * u64::from(PASSES)
    }

    /// All of it on one line, the same for the same parameters.
    pub fn canonical(&self) -> String {
        let KdfAlgorithm::Argon2id = self.algorithm;
        let Self { memory_kib, passes, lanes, salt, .. } = self;
        format!("argon2id m={memory_kib} t={passes} p={lanes} s={salt}")
    }

    fn params(&self) -> Result<Params, VaultError> {
        let excessive = self.memory_kib > MEMORY_KIB_LIMIT
            || self.passes > PASSES_LIMIT
            || self.lanes > LANES_LIMIT;
        if excessive {
            return Err(VaultError::Damaged("its Argon2 parameters are out of bounds".to_owned()));
        }
        Params::new(self.memory_kib, self.passes, self.lanes, Some(DataKey::LENGTH))
            .map_err(|error| VaultError::Damaged(format!("its Argon2 parameters: {error}")))
    }
}

/// The key that the passphrase gives. The passphrase is brought to Unicode form NFKC first, so
/// that `é` is the same on every keyboard.
pub(crate) fn derive(passphrase: &SecretString, kdf: &Kdf) -> Result<DataKey, VaultError> {
    let normal: Zeroizing<String> = Zeroizing::new(passphrase.expose_secret().nfkc().collect());
    let salt = STANDARD
        .decode(&kdf.salt)
        .map_err(|_| VaultError::Damaged("its salt is not base 64".to_owned()))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, kdf.params()?);
    DataKey::filled(|bytes| argon2.hash_password_into(normal.as_bytes(), &salt, bytes))
        .map_err(|error| VaultError::Damaged(format!("its Argon2 parameters: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap(memory_kib: u32) -> Kdf {
        let mut kdf = Kdf::current().unwrap();
        kdf.memory_kib = memory_kib;
        kdf.passes = 1;
        kdf
    }

    #[test]
    fn the_same_passphrase_in_another_normal_form_gives_the_same_key() {
        let kdf = cheap(64);
        let key =
            |text: &str| *derive(&SecretString::from(text.to_owned()), &kdf).unwrap().expose();
        assert_eq!(key("caf\u{e9}"), key("cafe\u{301}"));
        assert_ne!(key("caf\u{e9}"), key("cafe"));
    }

    #[test]
    fn absurd_parameters_are_refused_before_they_cost_anything() {
        let passphrase = SecretString::from("p".to_owned());
        let error = derive(&passphrase, &cheap(u32::MAX)).unwrap_err();
        assert!(matches!(error, VaultError::Damaged(_)), "{error}");
        assert!(matches!(derive(&passphrase, &cheap(0)), Err(VaultError::Damaged(_))));
    }

    /// The test vector of RFC 9106, section 5.3, needs a secret and associated data, which the
    /// library takes elsewhere; this one is the reference implementation's own
    /// (`phc-winner-argon2`, test.c: two passes over 256 KiB, one lane).
    #[test]
    fn it_is_argon2id() {
        let kdf = Kdf {
            algorithm: KdfAlgorithm::Argon2id,
            memory_kib: 256,
            passes: 2,
            lanes: 1,
            salt: STANDARD.encode("somesalt"),
        };
        let key = derive(&SecretString::from("password".to_owned()), &kdf).unwrap();
        let hex: String = key.expose().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe");
    }
}
