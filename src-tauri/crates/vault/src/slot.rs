//! The vault's file, as it is written: JSON, one object a slot.

use std::fmt;

use conversation::Timestamp;
use serde::{Deserialize, Serialize};

use crate::passphrase::Kdf;
use crate::wrap::Wrapped;
use crate::{Recipient, VaultError};

/// The latest version of the file that this code knows.
const VERSION: u32 = 2;
/// The version that first had slots of recovery keys. A file without one is still of the version
/// before, so that an older Bureau reads it.
const WITH_RECOVERY: u32 = 2;

/// A way to open the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum SlotKind {
    /// The operating system's keychain.
    Keychain,
    /// A passphrase.
    Passphrase,
    /// The organisation's recovery key.
    Recovery,
}

impl fmt::Display for SlotKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keychain => "the keychain",
            Self::Passphrase => "a passphrase",
            Self::Recovery => "the organisation's recovery key",
        })
    }
}

/// What may be told of a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slot {
    /// How it opens.
    pub kind: SlotKind,
    /// When it was made.
    pub created: Timestamp,
}

/// How a slot is opened; authenticated together with the wrapped key, so that none of it can be
/// exchanged.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Unlock {
    /// By a key in the keychain, under this account of the service `bureau`.
    Keychain { account: String },
    /// By a key derived from a passphrase.
    Passphrase { kdf: Kdf },
    /// By a key that is sealed for the organisation's recovery key, as an age file in base 64.
    Recovery { recipient: Recipient, sealed: String },
}

/// A slot as it is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredSlot {
    pub unlock: Unlock,
    pub created: Timestamp,
    pub wrapped: Wrapped,
}

impl StoredSlot {
    pub fn kind(&self) -> SlotKind {
        match self.unlock {
            Unlock::Keychain { .. } => SlotKind::Keychain,
            Unlock::Passphrase { .. } => SlotKind::Passphrase,
            Unlock::Recovery { .. } => SlotKind::Recovery,
        }
    }

    pub fn describe(&self) -> Slot {
        Slot { kind: self.kind(), created: self.created }
    }
}

/// The whole file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Contents {
    version: u32,
    pub slots: Vec<StoredSlot>,
}

impl Contents {
    pub fn with(slot: StoredSlot) -> Self {
        let mut contents = Self { version: 1, slots: vec![slot] };
        contents.settle_version();
        contents
    }

    /// Sets the version that a reader must know.
    pub fn settle_version(&mut self) {
        let recovery = self.slots.iter().any(|slot| slot.kind() == SlotKind::Recovery);
        self.version = if recovery { WITH_RECOVERY } else { 1 };
    }

    pub fn slot(&self, kind: SlotKind) -> Result<&StoredSlot, VaultError> {
        self.slots.iter().find(|s| s.kind() == kind).ok_or(VaultError::NoSlot(kind))
    }

    /// Reads the file's bytes; the version first, since a later one may look different.
    pub fn parse(bytes: &[u8]) -> Result<Self, VaultError> {
        #[derive(Deserialize)]
        struct Versioned {
            version: u32,
        }
        let damaged = |error: serde_json::Error| VaultError::Damaged(error.to_string());
        let Versioned { version } = serde_json::from_slice(bytes).map_err(damaged)?;
        if version > VERSION {
            return Err(VaultError::NewerVersion(version));
        }
        let contents: Self = serde_json::from_slice(bytes).map_err(damaged)?;
        if contents.slots.is_empty() {
            return Err(VaultError::Damaged("it holds no key slot".to_owned()));
        }
        Ok(contents)
    }
}
