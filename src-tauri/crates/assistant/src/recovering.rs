//! The organisation's way into a history or a backup, with the secret half of its recovery key.

use std::path::{Path, PathBuf};

use audit::Event;
use conversation::{Failure, FailureCode};
use secrecy::SecretString;
use vault::{BackupKey, Identity};

use crate::Assistant;

impl Assistant {
    /// Opens the history with the organisation's recovery key, and sets a new passphrase.
    /// `key` is the text of the key's file, as `age-keygen` writes it.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] if that holds no key, or the passphrase is empty;
    /// [`FailureCode::Locked`] if it is another one's; [`FailureCode::NotFound`] if no recovery
    /// key was ever added. Nothing has changed then.
    pub fn recover(&self, key: &SecretString, passphrase: &SecretString) -> Result<(), Failure> {
        let identity = Identity::of_file(key)?;
        self.audited(Event::new(audit::Action::HistoryRecover), || {
            let turn = self.turn_to_open();
            let key = self.vault().recover(&identity, passphrase)?;
            self.open(&turn, key)
        })
    }

    /// Puts a backup in the place of the history with the organisation's recovery key: of the
    /// history that is here, which the same key opens, or of a new one with this passphrase.
    ///
    /// # Errors
    /// As [`recover`](Self::recover) and [`restore_backup`](Self::restore_backup);
    /// [`FailureCode::NotFound`] if no file of the recovery key lies beside the backup.
    pub fn recover_backup(
        &self,
        backup: &Path,
        key: &SecretString,
        passphrase: &SecretString,
    ) -> Result<(), Failure> {
        let file = sealed_file(backup);
        let sealed = std::fs::read(&file).map_err(|error| {
            let message = format!(
                "{}, which the recovery key opens the backup by, cannot be read ({error}); it is \
                 made with each backup under the organisation's policy",
                file.display()
            );
            Failure::new(FailureCode::NotFound, message)
        })?;
        let secret = Identity::of_file(key)?.open(&sealed)?;
        if self.vault().slots()?.is_empty() {
            self.create_with_passphrase(passphrase)?;
        } else {
            self.recover(key, passphrase)?;
        }
        self.restore_backup(backup, &secret)
    }

    /// Lets the organisation's recovery key open a backup, if it has one: a file beside the backup
    /// holds what opens it, sealed.
    pub(crate) fn seal_for_recovery(&self, backup: &Path, key: &BackupKey) -> Result<(), Failure> {
        let Some(recipient) = self.policy().recovery.key else { return Ok(()) };
        let sealed = recipient.seal(&key.recovery_key())?;
        let file = sealed_file(backup);
        std::fs::write(&file, sealed).map_err(|error| {
            let message = format!("{} cannot be written: {error}", file.display());
            Failure::new(FailureCode::Storage, message)
        })
    }
}

/// Where what opens a backup lies, sealed for the recovery key.
pub(crate) fn sealed_file(backup: &Path) -> PathBuf {
    let mut name = backup.as_os_str().to_owned();
    name.push(".age");
    name.into()
}
