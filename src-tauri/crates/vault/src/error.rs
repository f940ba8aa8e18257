//! What can go wrong with the vault, and what to do about it.

use std::path::PathBuf;
use std::time::Duration;

use conversation::{Failure, FailureCode};

use crate::SlotKind;

/// Why the vault did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There is a vault already, and making another would lose its history.
    #[error("there is a history already; unlock it instead")]
    Exists,
    /// There is no vault yet.
    #[error("there is no history yet; make one first")]
    Missing,
    /// The vault cannot be opened that way.
    #[error("{0} does not open this history; see `bureau vault status`")]
    NoSlot(SlotKind),
    /// The passphrase is not the one.
    #[error("the passphrase is wrong; nothing was changed")]
    WrongPassphrase,
    /// It begins as a recovery key does, and is none.
    #[error(
        "a letter of the recovery key is wrong or missing; compare it with what was written down"
    )]
    WrongRecoveryKey,
    /// Too many were wrong.
    #[error(
        "too many passphrases were wrong; wait {} seconds before trying the next one",
        seconds(.0)
    )]
    TooManyTries(Duration),
    /// It is not the secret half of an organisation's recovery key.
    #[error(
        "the file holds no recovery key; it should have a line that begins with AGE-SECRET-KEY-1"
    )]
    NotARecoveryKey,
    /// The organisation's recovery key is another one's.
    #[error("this recovery key does not open it: it was sealed for another one, or was changed")]
    OtherRecoveryKey,
    /// A passphrase of nothing protects nothing.
    #[error("a passphrase must not be empty")]
    EmptyPassphrase,
    /// The keychain does not answer, or has lost its entry.
    #[error("the operating system's keychain does not open the history: {0}")]
    Keychain(String),
    /// The last way to open the vault cannot be removed.
    #[error("this is the only way to open the history; add another one before removing it")]
    LastSlot,
    /// What would be left may not open the vault.
    #[error(
        "the other way to open the history did not open it, so this one stays; \
         put a new one in the place of the other first"
    )]
    Unproven,
    /// The vault's file is not what Bureau wrote.
    #[error("the vault file is damaged ({0}); restore vault.json from a backup")]
    Damaged(String),
    /// The vault's file is of a version to come.
    #[error("the vault was written by a newer Bureau (version {0} of its file); update Bureau")]
    NewerVersion(u32),
    /// The disk refused.
    #[error("{} cannot be used ({source}); check the disk and its permissions", file.display())]
    Storage {
        /// The file or folder.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The operating system gave no random bytes.
    #[error("the operating system gives no random numbers, so no key can be made")]
    NoRandomness,
}

/// Whole seconds, so that whoever waits for them has waited long enough.
fn seconds(wait: &Duration) -> u32 {
    u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX)
}

impl VaultError {
    /// Whether the disk takes nothing new, and what is on it can still be read.
    pub(crate) fn is_full_or_read_only(&self) -> bool {
        use std::io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
        matches!(self, Self::Storage { source, .. }
            if matches!(source.kind(), ReadOnlyFilesystem | StorageFull | QuotaExceeded))
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let code = match error {
            VaultError::Exists
            | VaultError::EmptyPassphrase
            | VaultError::NotARecoveryKey
            | VaultError::LastSlot
            | VaultError::Unproven => FailureCode::Invalid,
            VaultError::Missing | VaultError::NoSlot(_) => FailureCode::NotFound,
            VaultError::WrongPassphrase
            | VaultError::WrongRecoveryKey
            | VaultError::OtherRecoveryKey => FailureCode::Locked,
            VaultError::TooManyTries(left) => {
                let retry_after = Some(seconds(&left));
                let code = FailureCode::TooManyTries;
                return Failure { retry_after, ..Failure::new(code, error.to_string()) };
            }
            VaultError::Keychain(_) => FailureCode::NoKey,
            VaultError::Damaged(_) => FailureCode::Damaged,
            VaultError::NewerVersion(_) => FailureCode::NewerVersion,
            VaultError::Storage { .. } => FailureCode::Storage,
            VaultError::NoRandomness => FailureCode::Internal,
        };
        Failure::new(code, error.to_string())
    }
}
