//! What opens a backup of the history: a passphrase of its own, or a recovery key.
//!
//! Neither is kept with the backup. A backup begins with sixteen random bytes, its salt: with them
//! Argon2id derives its key from a passphrase. A recovery key is the key itself, written down.

use std::convert::Infallible;

use secrecy::{ExposeSecret, SecretString};

use crate::passphrase::{self, Kdf};
use crate::{DataKey, VaultError, WrittenKey};

/// The key of a backup, and the salt that the backup begins with.
#[derive(Debug, Clone)]
pub struct BackupKey {
    key: DataKey,
    salt: [u8; Self::SALT_LENGTH],
}

impl BackupKey {
    /// Bytes of a salt.
    pub const SALT_LENGTH: usize = 16;

    /// The key that a passphrase gives, with a salt of its own.
    ///
    /// # Errors
    /// [`VaultError::EmptyPassphrase`]; [`VaultError::NoRandomness`].
    pub fn with_passphrase(passphrase: &SecretString) -> Result<Self, VaultError> {
        Self::derived(passphrase, random()?)
    }

    /// A new key that is written down.
    ///
    /// # Errors
    /// [`VaultError::NoRandomness`].
    pub fn random() -> Result<Self, VaultError> {
        Ok(Self { key: DataKey::random()?, salt: random()? })
    }

    /// The key of the backup that begins with `salt`, by its recovery key or else its passphrase.
    ///
    /// # Errors
    /// [`VaultError::WrongRecoveryKey`] if it begins as a recovery key does and is none;
    /// [`VaultError::EmptyPassphrase`].
    pub fn of_backup(
        secret: &SecretString,
        salt: [u8; Self::SALT_LENGTH],
    ) -> Result<Self, VaultError> {
        if !WrittenKey::RECOVERY.begins(secret) {
            return Self::derived(secret, salt);
        }
        let key = WrittenKey::RECOVERY.read(secret).ok_or(VaultError::WrongRecoveryKey)?;
        Ok(Self::from_parts(&key, salt))
    }

    /// The key and the salt as they were kept.
    pub fn from_parts(key: &[u8; DataKey::LENGTH], salt: [u8; Self::SALT_LENGTH]) -> Self {
        let Ok(key) = DataKey::filled(|bytes| {
            *bytes = *key;
            Ok::<_, Infallible>(())
        });
        Self { key, salt }
    }

    /// The key, for the cipher alone.
    pub fn key(&self) -> &[u8; DataKey::LENGTH] {
        self.key.expose()
    }

    /// What the backup begins with.
    pub fn salt(&self) -> &[u8; Self::SALT_LENGTH] {
        &self.salt
    }

    /// The key as a person writes it down, in groups.
    pub fn recovery_key(&self) -> SecretString {
        WrittenKey::RECOVERY.write(self.key())
    }

    fn derived(
        passphrase: &SecretString,
        salt: [u8; Self::SALT_LENGTH],
    ) -> Result<Self, VaultError> {
        if passphrase.expose_secret().is_empty() {
            return Err(VaultError::EmptyPassphrase);
        }
        Ok(Self { key: passphrase::derive(passphrase, &Kdf::of_backup(salt))?, salt })
    }
}

fn random() -> Result<[u8; BackupKey::SALT_LENGTH], VaultError> {
    let mut salt = [0; BackupKey::SALT_LENGTH];
    getrandom::fill(&mut salt).map_err(|_| VaultError::NoRandomness)?;
    Ok(salt)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    #[test]
    fn a_recovery_key_opens_what_it_was_made_for_however_it_is_typed() {
        let key = BackupKey::random().unwrap();
        let written = key.recovery_key();
        let written = written.expose_secret();
        assert!(written.starts_with("burea u1"), "{written}");
        for typed in [written.to_owned(), written.replace(' ', ""), written.to_uppercase()] {
            let typed = BackupKey::of_backup(&secret(&typed), *key.salt()).unwrap();
            assert_eq!((typed.key(), typed.salt()), (key.key(), key.salt()));
        }
    }

    #[test]
    fn a_passphrase_opens_with_the_salt_of_its_backup_alone() {
        let key = BackupKey::with_passphrase(&secret("prune et quetsche")).unwrap();
        let again = BackupKey::of_backup(&secret("prune et quetsche"), *key.salt()).unwrap();
        assert_eq!(again.key(), key.key());
        let elsewhere = BackupKey::of_backup(&secret("prune et quetsche"), [0; 16]).unwrap();
        assert_ne!(elsewhere.key(), key.key());
        let empty = BackupKey::with_passphrase(&secret(""));
        assert!(matches!(empty, Err(VaultError::EmptyPassphrase)));
    }

    proptest! {
        /// Every single mistake is found; one never opens another backup.
        #[test]
        fn a_mistyped_recovery_key_is_told(place in 7_usize..65, with in "[02-9ac-hj-np-z]") {
            let key = BackupKey::from_parts(&[7; 32], [0; 16]);
            let mut typed = key.recovery_key().expose_secret().replace(' ', "");
            prop_assume!(typed[place..=place] != *with);
            typed.replace_range(place..=place, &with);
            let opened = BackupKey::of_backup(&secret(&typed), [0; 16]);
            prop_assert!(matches!(opened, Err(VaultError::WrongRecoveryKey)));
        }
    }
}
