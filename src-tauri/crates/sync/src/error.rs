//! What can go wrong between this machine and the store, and what to do about it.

use conversation::{Failure, FailureCode};
use history::HistoryError;

/// Why changes could not be exchanged. What was taken over until then is whole, and the next
/// exchange goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// x.
    #[error(
        "the store cannot be used ({0}); its address is like s3://bucket/folder, az://…, gs://… or the path of a folder"
    )]
    Address(&'static str),
    /// The store would be asked without TLS.
    #[error("the store would be asked without encryption on the way; use https, or allow http")]
    Unencrypted,
    /// The store does not answer.
    #[error("the store cannot be reached ({0}); check the network and its address, then try again")]
    Away(String),
    /// The store does not let this machine in.
    #[error("the store refuses access; check its credentials and what they permit")]
    Refused,
    /// Nothing was started there.
    #[error("no shared history was started in this store; check its address, or start one")]
    NotStarted,
    /// Another history was started there.
    #[error(
        "a shared history was started in this store already; join it with its code, or choose another folder"
    )]
    Started,
    /// The text is not a pairing code.
    #[error("this is not a pairing code; check it for typing errors")]
    NotACode,
    /// The code is that of another store.
    #[error(
        "the pairing code does not open this store; show it again on a machine that has joined"
    )]
    WrongCode,
    /// What lies in the store is not what was put there.
    #[error(
        "{0} in the store is damaged; nothing of it was taken over. Restore it from the store's own backup"
    )]
    Damaged(String),
    /// The store gives an older state than it gave before.
    #[error(
        "the store went back to an older state of machine {0}; nothing of it was taken over. Restore the newest state of the store, or stop and start sharing anew in an empty folder"
    )]
    WentBack(String),
    /// A later Bureau wrote it.
    #[error("what lies in the store was written by a newer Bureau (format {0}); update Bureau")]
    NewerVersion(u8),
    /// There is no randomness.
    #[error("this machine has no source of randomness ({0}); nothing was sent")]
    Random(String),
    /// The history.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A defect in Bureau.
    #[error("changes could not be exchanged ({0}); this is a defect")]
    Internal(&'static str),
}

impl SyncError {
    /// What a store says. Its own words are not repeated: they can hold an address that is signed.
    pub(crate) fn of_store(error: &object_store::Error) -> Self {
        use object_store::Error;
        match error {
            Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => Self::Refused,
            error => Self::Away(cause(error)),
        }
    }
}

/// The kind of the failure of a file or connection behind an error.
fn cause(error: &object_store::Error) -> String {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && io.kind() != std::io::ErrorKind::Other
        {
            return io.kind().to_string();
        }
        cause = error.source();
    }
    match error {
        object_store::Error::NotFound { .. } => "there is no such place",
        _ => "it did not answer as a store does",
    }
    .to_owned()
}

impl SyncError {
    /// How it is told to a person.
    pub fn failure(&self) -> Failure {
        let code = match self {
            Self::Address(_) | Self::Unencrypted => FailureCode::Configuration,
            Self::Away(_) => FailureCode::Unreachable,
            Self::Refused => FailureCode::WrongKey,
            Self::NotStarted => FailureCode::NotFound,
            Self::Started | Self::NotACode => FailureCode::Invalid,
            Self::WrongCode => FailureCode::Locked,
            Self::Damaged(_) | Self::WentBack(_) => FailureCode::Damaged,
            Self::NewerVersion(_) => FailureCode::NewerVersion,
            Self::Random(_) | Self::Internal(_) => FailureCode::Internal,
            Self::History(error) => error.failure_code(),
        };
        Failure::new(code, self.to_string())
    }
}

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        error.failure()
    }
}
