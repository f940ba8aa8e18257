//! The data key that encrypts the history, and the slots it lies in.
//!
//! A random 256-bit key is made once and never stored in clear. Each slot of `vault.json` holds
//! it wrapped another way: under a key kept in the operating system's keychain, or under one
//! derived from a passphrase, or sealed for the organisation's recovery key. Any slot opens it;
//! losing one loses nothing while another is left, and the last one that a person can open cannot
//! be removed. A backup of the history has a key of its own.

mod age;
mod backup_key;
mod error;
mod file;
mod keepsake;
mod key;
mod keychain;
mod passphrase;
mod recovery;
mod slot;
mod tries;
mod wrap;
mod written_key;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use conversation::Timestamp;
use secrecy::{ExposeSecret, SecretString};

pub use backup_key::BackupKey;
pub use error::VaultError;
pub use keepsake::Keepsake;
pub use key::DataKey;
pub use recovery::{Identity, NotARecipient, Recipient};
pub use slot::{Slot, SlotKind};
pub use tries::Patience;
pub use written_key::WrittenKey;

use slot::{Contents, StoredSlot, Unlock};

/// The vault of one data folder.
#[derive(Debug, Clone)]
pub struct Vault {
    folder: PathBuf,
    patience: Patience,
}

impl Vault {
    /// The vault in this folder. Reads and makes nothing yet.
    pub fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), patience: Patience::default() }
    }

    /// The same, with failed passphrases slowed down otherwise.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// How long to wait before the next passphrase can be tried; nothing if it can be now.
    pub fn wait(&self) -> Duration {
        tries::left(&self.folder, self.patience)
    }

    /// What opens the vault; empty if there is none yet.
    ///
    /// # Errors
    /// [`VaultError::Storage`], [`VaultError::Damaged`] or [`VaultError::NewerVersion`] where the
    /// file is there and cannot be used.
    pub fn slots(&self) -> Result<Vec<Slot>, VaultError> {
        let contents = file::read(&self.folder)?;
        Ok(contents.map_or_else(Vec::new, |c| c.slots.iter().map(StoredSlot::describe).collect()))
    }

    /// Whether the operating system's keychain answers. It may still ask the person to unlock it.
    pub fn keychain_available() -> bool {
        keychain::store().is_ok()
    }

    /// Makes the vault and a data key that the passphrase opens.
    ///
    /// # Errors
    /// [`VaultError::Exists`] if there is a vault; [`VaultError::EmptyPassphrase`];
    /// [`VaultError::Storage`].
    pub fn create_with_passphrase(&self, passphrase: &SecretString) -> Result<DataKey, VaultError> {
        self.create(|key| passphrase_slot(key, passphrase))
    }

    /// Makes the vault and a data key that the keychain opens.
    ///
    /// # Errors
    /// [`VaultError::Exists`] if there is a vault; [`VaultError::Keychain`];
    /// [`VaultError::Storage`].
    pub fn create_with_keychain(&self) -> Result<DataKey, VaultError> {
        self.create(keychain_slot)
    }

    /// Opens the data key with the passphrase. If its slot was made with weaker parameters than
    /// today's, the slot is made anew; where that fails it stays as it is.
    ///
    /// # Errors
    /// [`VaultError::WrongPassphrase`], which is counted; [`VaultError::TooManyTries`] where there
    /// were too many of those, without a look at this one; [`VaultError::NoSlot`] or
    /// [`VaultError::Missing`]. Nothing else has changed then.
    pub fn unlock_with_passphrase(&self, passphrase: &SecretString) -> Result<DataKey, VaultError> {
        let contents = self.contents()?;
        let slot = contents.slot(SlotKind::Passphrase)?;
        let Unlock::Passphrase { kdf } = &slot.unlock else {
            return Err(VaultError::NoSlot(SlotKind::Passphrase));
        };
        let key = match file::lock(&self.folder) {
            Ok(guard) => self.try_passphrase(&guard, slot, kdf, passphrase)?,
            // What is there can still be read. Whoever can make a disk refuse can also take a copy
            // of it, which nobody counts tries of.
            Err(error) if error.is_full_or_read_only() => open_slot(slot, kdf, passphrase)?,
            Err(error) => return Err(error),
        };
        if kdf.is_weaker_than_current()
            && let Err(error) = self.strengthen(slot, passphrase_slot(&key, passphrase)?)
        {
            tracing::warn!(%error, "the passphrase slot could not be strengthened");
        }
        Ok(key)
    }

    /// Opens the data key with the keychain.
    ///
    /// # Errors
    /// [`VaultError::Keychain`] where it does not answer or lost its entry;
    /// [`VaultError::NoSlot`] or [`VaultError::Missing`].
    pub fn unlock_with_keychain(&self) -> Result<DataKey, VaultError> {
        let contents = self.contents()?;
        let slot = contents.slot(SlotKind::Keychain)?;
        let Unlock::Keychain { account } = &slot.unlock else {
            return Err(VaultError::NoSlot(SlotKind::Keychain));
        };
        let wrapping = keychain::load(account)?;
        wrap::unwrap(&wrapping, &slot.wrapped, &slot.unlock).ok_or_else(|| {
            VaultError::Damaged("the keychain's entry does not open its slot".to_owned())
        })
    }

    /// Adds a passphrase to what opens the vault, in place of an earlier one.
    ///
    /// # Errors
    /// [`VaultError::EmptyPassphrase`], [`VaultError::Missing`] or [`VaultError::Storage`].
    pub fn add_passphrase(
        &self,
        key: &DataKey,
        passphrase: &SecretString,
    ) -> Result<(), VaultError> {
        self.replace(passphrase_slot(key, passphrase)?)
    }

    /// Lets the organisation's recovery key open the vault too, in place of an earlier one. Returns
    /// whether it did not already.
    ///
    /// # Errors
    /// [`VaultError::Missing`], [`VaultError::NoRandomness`] or [`VaultError::Storage`].
    pub fn add_recovery(&self, key: &DataKey, recipient: &Recipient) -> Result<bool, VaultError> {
        let for_them = |slot: &StoredSlot| matches!(&slot.unlock, Unlock::Recovery { recipient: of, .. } if of == recipient);
        if self.contents()?.slots.iter().any(for_them) {
            return Ok(false);
        }
        self.replace(recovery_slot(key, recipient)?).map(|()| true)
    }

    /// Opens the data key with the organisation's recovery key, and sets a new passphrase: the
    /// person's may be forgotten, and those that failed are too.
    ///
    /// # Errors
    /// [`VaultError::OtherRecoveryKey`], [`VaultError::NoSlot`], [`VaultError::Missing`],
    /// [`VaultError::EmptyPassphrase`] or [`VaultError::Storage`]; nothing has changed then.
    pub fn recover(
        &self,
        identity: &Identity,
        passphrase: &SecretString,
    ) -> Result<DataKey, VaultError> {
        let contents = self.contents()?;
        let slot = contents.slot(SlotKind::Recovery)?;
        let Unlock::Recovery { sealed, .. } = &slot.unlock else {
            return Err(VaultError::NoSlot(SlotKind::Recovery));
        };
        let file = STANDARD
            .decode(sealed)
            .map_err(|_| VaultError::Damaged("its recovery slot is not base 64".to_owned()))?;
        let opened = age::open(identity, &file).ok_or(VaultError::OtherRecoveryKey)?;
        let wrapping = DataKey::filled(|bytes| {
            *bytes = opened.as_slice().try_into()?;
            Ok::<_, std::array::TryFromSliceError>(())
        });
        let key = wrapping
            .ok()
            .and_then(|wrapping| wrap::unwrap(&wrapping, &slot.wrapped, &slot.unlock))
            .ok_or(VaultError::OtherRecoveryKey)?;
        self.add_passphrase(&key, passphrase)?;
        let _guard = file::lock(&self.folder)?;
        tries::forget(&self.folder)?;
        Ok(key)
    }

    /// Adds the keychain to what opens the vault, in place of an earlier entry.
    ///
    /// # Errors
    /// [`VaultError::Keychain`], [`VaultError::Missing`] or [`VaultError::Storage`].
    pub fn add_keychain(&self, key: &DataKey) -> Result<(), VaultError> {
        self.replace(keychain_slot(key)?)
    }

    /// Sets another passphrase, for whoever knows the one in force.
    ///
    /// # Errors
    /// As [`unlock_with_passphrase`](Self::unlock_with_passphrase) for the old one and
    /// [`add_passphrase`](Self::add_passphrase) for the new one; nothing has changed then.
    pub fn change_passphrase(
        &self,
        old: &SecretString,
        new: &SecretString,
    ) -> Result<(), VaultError> {
        let key = self.unlock_with_passphrase(old)?;
        self.add_passphrase(&key, new)
    }

    /// Removes one way to open the vault, once another has opened it to `key`: the keychain, or
    /// the passphrase where it is given. The recovery key is nothing that a person has, so it
    /// goes unproven, and does not count as what is left.
    ///
    /// # Errors
    /// [`VaultError::LastSlot`] if no other way would be left; [`VaultError::Unproven`] if none
    /// that is left opened; [`VaultError::TooManyTries`]; [`VaultError::NoSlot`],
    /// [`VaultError::Missing`] or [`VaultError::Storage`]. Nothing has changed then.
    pub fn remove(
        &self,
        kind: SlotKind,
        key: &DataKey,
        passphrase: Option<&SecretString>,
    ) -> Result<(), VaultError> {
        let guard = file::lock(&self.folder)?;
        let mut contents = self.contents()?;
        let removed = contents.slot(kind)?.clone();
        contents.slots.retain(|slot| slot.kind() != kind);
        if contents.slots.iter().all(|slot| slot.kind() == SlotKind::Recovery) {
            return Err(VaultError::LastSlot);
        }
        if kind != SlotKind::Recovery && !self.proven(&guard, &contents.slots, key, passphrase)? {
            return Err(VaultError::Unproven);
        }
        contents.settle_version();
        file::write(&self.folder, &contents)?;
        forget(&removed);
        Ok(())
    }

    /// Takes the vault away. What its data key encrypts can never be opened again.
    ///
    /// # Errors
    /// [`VaultError::Storage`].
    pub fn destroy(&self) -> Result<(), VaultError> {
        let _guard = file::lock(&self.folder)?;
        let slots = file::read(&self.folder)?.map(|contents| contents.slots).unwrap_or_default();
        file::remove(&self.folder)?;
        slots.iter().for_each(forget);
        tries::forget(&self.folder)
    }

    /// The data key of a passphrase's slot, if this is the passphrase; the try is counted where the
    /// disk takes that.
    fn try_passphrase(
        &self,
        _guard: &File,
        slot: &StoredSlot,
        kdf: &passphrase::Kdf,
        passphrase: &SecretString,
    ) -> Result<DataKey, VaultError> {
        tries::begin(&self.folder, self.patience)?;
        let key = open_slot(slot, kdf, passphrase)?;
        tries::forget(&self.folder)?;
        Ok(key)
    }

    /// Whether one of the slots was seen to open to `key`.
    fn proven(
        &self,
        guard: &File,
        slots: &[StoredSlot],
        key: &DataKey,
        passphrase: Option<&SecretString>,
    ) -> Result<bool, VaultError> {
        for slot in slots {
            let opened = match (&slot.unlock, passphrase) {
                (Unlock::Keychain { account }, _) => keychain::load(account)
                    .ok()
                    .and_then(|wrapping| wrap::unwrap(&wrapping, &slot.wrapped, &slot.unlock)),
                (Unlock::Passphrase { kdf }, Some(passphrase)) => {
                    match self.try_passphrase(guard, slot, kdf, passphrase) {
                        Err(error @ VaultError::TooManyTries(_)) => return Err(error),
                        opened => opened.ok(),
                    }
                }
                _ => None,
            };
            if opened.is_some_and(|opened| opened.expose() == key.expose()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn contents(&self) -> Result<Contents, VaultError> {
        file::read(&self.folder)?.ok_or(VaultError::Missing)
    }

    fn create(
        &self,
        slot: impl FnOnce(&DataKey) -> Result<StoredSlot, VaultError>,
    ) -> Result<DataKey, VaultError> {
        let _guard = file::lock(&self.folder)?;
        if file::read(&self.folder)?.is_some() {
            return Err(VaultError::Exists);
        }
        let key = DataKey::random()?;
        let slot = slot(&key)?;
        let contents = Contents::with(slot.clone());
        if let Err(error) = file::write(&self.folder, &contents) {
            forget(&slot);
            return Err(error);
        }
        Ok(key)
    }

    /// Puts a stronger slot in place of the one that was read, unless another process has put
    /// another there in the meantime: a passphrase that was changed must not come back.
    fn strengthen(&self, read: &StoredSlot, stronger: StoredSlot) -> Result<(), VaultError> {
        let _guard = file::lock(&self.folder)?;
        let mut contents = self.contents()?;
        for slot in &mut contents.slots {
            if slot.wrapped == read.wrapped {
                *slot = stronger;
                return file::write(&self.folder, &contents);
            }
        }
        Ok(())
    }

    /// Puts the slot in place of the one of its kind, if there is one.
    fn replace(&self, slot: StoredSlot) -> Result<(), VaultError> {
        let _guard = file::lock(&self.folder)?;
        let mut contents = self.contents()?;
        let (old, mut kept): (Vec<_>, Vec<_>) =
            contents.slots.into_iter().partition(|s| s.kind() == slot.kind());
        kept.push(slot);
        contents.slots = kept;
        contents.settle_version();
        file::write(&self.folder, &contents)?;
        old.iter().for_each(forget);
        Ok(())
    }
}

/// The data key of a passphrase's slot, if this is the passphrase.
fn open_slot(
    slot: &StoredSlot,
    kdf: &passphrase::Kdf,
    passphrase: &SecretString,
) -> Result<DataKey, VaultError> {
    let wrapping = passphrase::derive(passphrase, kdf)?;
    wrap::unwrap(&wrapping, &slot.wrapped, &slot.unlock).ok_or(VaultError::WrongPassphrase)
}

fn passphrase_slot(key: &DataKey, passphrase: &SecretString) -> Result<StoredSlot, VaultError> {
    if passphrase.expose_secret().is_empty() {
        return Err(VaultError::EmptyPassphrase);
    }
    let kdf = passphrase::Kdf::current()?;
    let wrapping = passphrase::derive(passphrase, &kdf)?;
    sealed(key, &wrapping, Unlock::Passphrase { kdf })
}

fn keychain_slot(key: &DataKey) -> Result<StoredSlot, VaultError> {
    let (account, wrapping) = keychain::store_new()?;
    sealed(key, &wrapping, Unlock::Keychain { account })
}

fn recovery_slot(key: &DataKey, recipient: &Recipient) -> Result<StoredSlot, VaultError> {
    let wrapping = DataKey::random()?;
    let sealed_key = STANDARD.encode(age::seal(recipient, wrapping.expose())?);
    sealed(key, &wrapping, Unlock::Recovery { recipient: *recipient, sealed: sealed_key })
}

fn sealed(key: &DataKey, wrapping: &DataKey, unlock: Unlock) -> Result<StoredSlot, VaultError> {
    let wrapped = wrap::wrap(wrapping, key, &unlock)?;
    Ok(StoredSlot { unlock, created: Timestamp::now(), wrapped })
}

/// Takes what a slot left outside the file away. A rest in the keychain opens nothing any more,
/// so failing is no more than untidy.
fn forget(slot: &StoredSlot) {
    if let Unlock::Keychain { account } = &slot.unlock
        && let Err(error) = keychain::delete(account)
    {
        tracing::warn!(%error, "an entry that opens nothing stays in the keychain");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passphrase_changed_meanwhile_is_not_brought_back() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::at(folder.path());
        let [old, new] = ["old", "new"].map(|text| SecretString::from(text.to_owned()));
        let key = vault.create_with_passphrase(&old).unwrap();
        let read = vault.contents().unwrap().slots.remove(0);
        vault.change_passphrase(&old, &new).unwrap();
        vault.strengthen(&read, passphrase_slot(&key, &old).unwrap()).unwrap();
        assert!(vault.unlock_with_passphrase(&old).is_err());
        assert!(vault.unlock_with_passphrase(&new).is_ok());
    }
}
