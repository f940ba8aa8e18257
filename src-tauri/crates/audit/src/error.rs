//! What can go wrong with the log, and what to do about it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use conversation::{Failure, FailureCode};

/// Why the log did not do as asked.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The disk refuses.
    #[error("the audit log {} cannot be used ({problem}); {advice}", path.display())]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        problem: String,
        /// What to do.
        advice: &'static str,
    },
    /// A record would be larger than any reader accepts.
    #[error("a record of {0} bytes is too large for the audit log")]
    TooLarge(usize),
    /// The system has no randomness.
    #[error("the system gives no random numbers ({0}); without them there is no key")]
    Random(String),
    /// The kept key is none.
    #[error("the key that signs the audit log is damaged")]
    NotAKey,
    /// The file holds no public key.
    #[error("this is no public key of an audit log: it has to be Ed25519 in PEM")]
    NotAPublicKey,
    /// There is no log.
    #[error("there is no audit log in {}", .0.display())]
    NoLog(PathBuf),
    /// A destination cannot be used as it is configured.
    #[error("the audit log's destination “{name}” cannot be used: {problem}")]
    Destination {
        /// What the policy calls it.
        name: String,
        /// What is wrong.
        problem: String,
    },
}

impl AuditError {
    pub(crate) fn disk(path: &Path, error: &std::io::Error) -> Self {
        let advice = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space and try again",
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "let the account that runs Bureau write there"
            }
            _ => "check the disk",
        };
        Self::Disk { path: path.to_owned(), problem: error.to_string(), advice }
    }
}

impl From<AuditError> for Failure {
    fn from(error: AuditError) -> Self {
        let code = match error {
            AuditError::NotAPublicKey => FailureCode::Invalid,
            AuditError::NoLog(_) => FailureCode::NotFound,
            AuditError::Destination { .. } => FailureCode::Configuration,
            AuditError::NotAKey => FailureCode::Damaged,
            AuditError::Random(_) => FailureCode::Internal,
            AuditError::Disk { .. } | AuditError::TooLarge(_) => FailureCode::Storage,
        };
        Failure::new(code, error.to_string())
    }
}
