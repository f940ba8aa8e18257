//! The vault's file, as it is written: JSON, one object a slot.

use std::fmt;

use conversation::Timestamp;
use serde::{Deserialize, Serialize};

use crate::VaultError;
use crate::passphrase::Kdf;
use crate::wrap::Wrapped;

/// The version of the file that this code writes.
pub(crate) const VERSION: u32 = 1;

/// A way to open the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum SlotKind {
    /// The operating system's keychain.
    Keychain,
    /// A passphrase.
    Passphrase,
}

impl fmt::Display for SlotKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Keychain => "the keychain",
            Self::Passphrase => "a passphrase",
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
        Self { version: VERSION, slots: vec![slot] }
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
