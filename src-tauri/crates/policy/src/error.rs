//! Why a policy cannot be used.

use std::path::PathBuf;

use conversation::{Failure, FailureCode};

/// A policy is there and cannot be used. No program goes on without it: what it would forbid must
/// not be allowed by a mistake in it.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The file is there but cannot be read.
    #[error("the policy {} cannot be read ({source}); Bureau does not run without it: let everyone read it", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is neither TOML nor JSON, or holds a key or value that a policy does not have.
    #[error("the policy {origin} cannot be used: {problem}")]
    Malformed {
        /// Where it comes from: a file, or another managed place.
        origin: String,
        /// What is wrong, with line and column.
        problem: String,
    },
    /// There are two at the managed place.
    #[error("there are two policies, {} and {}; remove one", first.display(), second.display())]
    Ambiguous {
        /// The one.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// The variable names a file that is not there.
    #[error("BUREAU_POLICY_FILE names {}, which is not there", file.display())]
    Missing {
        /// The file.
        file: PathBuf,
    },
}

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Self {
        Failure::new(FailureCode::Configuration, error.to_string())
    }
}
