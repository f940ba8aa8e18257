//! Why there is no update.

use std::io;

use conversation::{Failure, FailureCode};
use semver::Version;

/// Why there is no update.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// The server cannot be reached, or sends something else.
    #[error("{}", .0.message)]
    Server(Failure),
    /// The connection broke before all had come. What came is kept.
    #[error("{}", .0.message)]
    Cut(Failure),
    /// What is announced is not what a release is.
    #[error("what the server announces cannot be read: {0}")]
    Announcement(String),
    /// There is a version, and nothing that could be installed here.
    #[error("version {version} has no package for this installation ({wanted})")]
    NoPackage {
        /// The version.
        version: Version,
        /// What there would have to be one for.
        wanted: String,
    },
    /// The server has an older version than the one that runs.
    #[error("the server offers version {offered}, which is older than {running}")]
    Older {
        /// The version of the server.
        offered: Version,
        /// The version that runs.
        running: Version,
    },
    /// The package is not signed with the organisation's key.
    #[error("the package's signature is not good: {0}")]
    Signature(minisign_verify::Error),
    /// The package is signed, as another version than was announced or as none.
    #[error("the package is signed as version {signed}, and announced as {announced}")]
    SignedVersion {
        /// The version in the signature, or nothing.
        signed: String,
        /// The version that was announced.
        announced: Version,
    },
    /// The package became another one while it came, which is not what was announced.
    #[error("the package on the server was replaced while it came")]
    Changed,
    /// The package is larger than one may be.
    #[error("the package has more than {most} bytes")]
    TooLarge {
        /// What it may have.
        most: u64,
    },
    /// The disk is full.
    #[error("there is no room for the package: {0}")]
    NoSpace(io::Error),
    /// The disk fails.
    #[error("the package cannot be kept: {0}")]
    Disk(io::Error),
}

impl From<io::Error> for UpdateError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::NoSpace(error),
            _ => Self::Disk(error),
        }
    }
}

impl From<Failure> for UpdateError {
    fn from(failure: Failure) -> Self {
        match failure.code {
            FailureCode::CutOff | FailureCode::TimedOut => Self::Cut(failure),
            _ => Self::Server(failure),
        }
    }
}

impl From<&UpdateError> for Failure {
    fn from(error: &UpdateError) -> Self {
        let code = match error {
            UpdateError::Server(failure) | UpdateError::Cut(failure) => return failure.clone(),
            UpdateError::NoSpace(_) | UpdateError::Disk(_) => FailureCode::Storage,
            _ => FailureCode::Rejected,
        };
        Failure::new(code, error.to_string())
    }
}
