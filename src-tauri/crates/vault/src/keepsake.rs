//! A secret beside the data key that the keychain keeps: it can be had while the history is locked.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

use crate::{VaultError, keychain};

/// A secret of one data folder in the operating system's keychain, by what it is for.
#[derive(Debug, Clone)]
pub struct Keepsake {
    account: String,
}

impl Keepsake {
    /// What is kept for this purpose, which the person sees in their keychain. Nothing is asked of
    /// the keychain yet.
    pub fn of(folder: &Path, purpose: &str) -> Self {
        Self { account: format!("{purpose} ({})", folder.display()) }
    }

    /// The secret; none if there is none.
    ///
    /// # Errors
    /// [`VaultError::Keychain`] where it does not answer.
    pub fn get(&self) -> Result<Option<SecretString>, VaultError> {
        let text = keychain::get(&self.account)?;
        Ok(text.map(|text| SecretString::from(text.as_str())))
    }

    /// Keeps this secret in place of another.
    ///
    /// # Errors
    /// [`VaultError::Keychain`] where it does not answer, or does not take as much.
    pub fn keep(&self, secret: &SecretString) -> Result<(), VaultError> {
        keychain::put(&self.account, secret.expose_secret())
    }

    /// Forgets it; what is not there is forgotten already.
    ///
    /// # Errors
    /// [`VaultError::Keychain`] where it does not answer.
    pub fn forget(&self) -> Result<(), VaultError> {
        match keychain::get(&self.account)? {
            Some(_) => keychain::delete(&self.account),
            None => Ok(()),
        }
    }
}
