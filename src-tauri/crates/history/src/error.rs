//! What can go wrong with the history, and what to do about it.

use conversation::{AttachmentId, ConversationId, Failure, FailureCode, MessageId};
use rusqlite::ErrorCode;

/// Why the history did not do as asked. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// There is no such conversation.
    #[error("there is no conversation {0}; it may have been deleted")]
    NoConversation(ConversationId),
    /// There is no such message.
    #[error("there is no message {0}; its conversation may have been deleted")]
    NoMessage(MessageId),
    /// There is no such attachment.
    #[error("there is no attachment {0}; its conversation may have been deleted")]
    NoAttachment(AttachmentId),
    /// The message is of another conversation.
    #[error("message {0} belongs to another conversation")]
    Elsewhere(MessageId),
    /// The message is not an answer in a state to be written to.
    #[error("message {0} is not an answer that can be written to")]
    NotWritable(MessageId),
    /// The file does not open with the key, or is not a history.
    #[error("the history's file is damaged or of another key; restore it from a backup")]
    NotAHistory,
    /// A stored value is not what Bureau wrote.
    #[error("the history's file is damaged ({0}); run `bureau history verify`")]
    Damaged(String),
    /// A later Bureau wrote the file.
    #[error("the history was written by a newer Bureau (schema {0}); update Bureau")]
    NewerVersion(u32),
    /// The disk is full.
    #[error("the disk is full; free some space and try again, nothing that was kept is lost")]
    Full,
    /// The file or its folder can only be read.
    #[error("the history cannot be written ({0}); check the permissions of its folder")]
    ReadOnly(String),
    /// The disk fails, or the folder is not there.
    #[error("the history's file cannot be used ({0}); check the disk")]
    Disk(String),
    /// Another process holds the history for too long.
    #[error("another program is writing to the history; try again in a moment")]
    Busy,
    /// A defect in Bureau.
    #[error("the history refused a request of Bureau's own ({0}); this is a defect")]
    Internal(rusqlite::Error),
}

impl From<rusqlite::Error> for HistoryError {
    fn from(error: rusqlite::Error) -> Self {
        // The shared memory beside the file could not grow: SQLite's name for a disk that was
        // full already when the history was opened.
        let extended = error.sqlite_error().map(|error| error.extended_code);
        if extended == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE) {
            return Self::Full;
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::NotAHistory,
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged(error.to_string()),
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                Self::ReadOnly(error.to_string())
            }
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => {
                Self::Disk(error.to_string())
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            _ => match error {
                rusqlite::Error::FromSqlConversionFailure(_, _, cause) => {
                    Self::Damaged(cause.to_string())
                }
                rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..) => Self::Damaged(error.to_string()),
                other => Self::Internal(other),
            },
        }
    }
}

impl From<HistoryError> for Failure {
    fn from(error: HistoryError) -> Self {
        let code = match error {
            HistoryError::NoConversation(_)
            | HistoryError::NoMessage(_)
            | HistoryError::NoAttachment(_) => FailureCode::NotFound,
            HistoryError::Elsewhere(_) | HistoryError::NotWritable(_) => FailureCode::Invalid,
            HistoryError::NotAHistory | HistoryError::Damaged(_) => FailureCode::Damaged,
            HistoryError::NewerVersion(_) => FailureCode::NewerVersion,
            HistoryError::Full | HistoryError::ReadOnly(_) | HistoryError::Disk(_) => {
                FailureCode::Storage
            }
            HistoryError::Busy => FailureCode::Busy,
            HistoryError::Internal(_) => FailureCode::Internal,
        };
        Failure::new(code, error.to_string())
    }
}
