//! What can go wrong with the history, and what to do about it.

use std::path::Path;

use conversation::{
    AttachmentId, ConversationId, Failure, FailureCode, FolderId, MessageId, NotPortable,
};
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
    /// There is no such folder.
    #[error("there is no folder {0}; it may have been deleted")]
    NoFolder(FolderId),
    /// A folder was to have no name.
    #[error("a folder needs a name")]
    Unnamed,
    /// It cannot be a tag.
    #[error("a tag has between 1 and 50 characters")]
    NotATag,
    /// What is to be brought in is no conversation.
    #[error("this is no conversation that could be brought in: {0}")]
    NotPortable(#[from] NotPortable),
    /// An answer is still arriving in what is to be put together.
    #[error("an answer is still arriving in conversation {0}; wait for its end, or stop it")]
    Arriving(ConversationId),
    /// The conversation is held, by itself, with its folder, or with everything.
    #[error("conversation {0} is held; nothing of it may be deleted or changed until it is let go")]
    Held(ConversationId),
    /// The folder is held, by itself or with everything.
    #[error("folder {0} is held; nothing of it may be deleted or changed until it is let go")]
    HeldFolder(FolderId),
    /// The message is of another conversation.
    #[error("message {0} belongs to another conversation")]
    Elsewhere(MessageId),
    /// The message is not an answer in a state to be written to.
    #[error("message {0} is not an answer that can be written to")]
    NotWritable(MessageId),
    /// The history is on this machine alone.
    #[error("this history is not shared with other machines; start or join first")]
    NotSynced,
    /// The history is shared already.
    #[error("this history is shared with other machines already; stop that first")]
    Synced,
    /// What another machine sent is nothing that Bureau sends.
    #[error("{0} in what another machine sent is none; nothing of it was taken over")]
    NotAChange(&'static str),
    /// Another process exchanges changes just now.
    #[error("another program is exchanging changes of this history; try again in a moment")]
    Exchanging,
    /// The file does not open with the key, or is not a history.
    #[error("the history's file is damaged or of another key; restore it from a backup")]
    NotAHistory,
    /// A backup does not open with the key, or is none.
    #[error(
        "this file does not open with that passphrase or recovery key; \
         it is of another one, or no backup of Bureau"
    )]
    NotThisBackup,
    /// A stored value is not what Bureau wrote.
    #[error("the history's file is damaged ({0}); run `bureau history verify`")]
    Damaged(String),
    /// It is damaged, and was opened to be read alone.
    #[error(
        "the history is damaged and can only be read; take out what you need, then restore a backup"
    )]
    OnlyReadable,
    /// It is never written, so there is nothing to back up.
    #[error("a history that is never written cannot be backed up")]
    NeverWritten,
    /// A backup was to be written over the history.
    #[error("a backup cannot take the place of the history itself; choose another file")]
    Itself,
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

impl HistoryError {
    /// What a file refused.
    pub(crate) fn of_file(file: &Path, error: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        let problem = format!("{}: {error}", file.display());
        match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(problem),
            ErrorKind::StorageFull => Self::Full,
            _ => Self::Disk(problem),
        }
    }

    /// Whether it tells of something that cannot be read.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged(_) | Self::NotAHistory | Self::Disk(_))
    }
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

impl HistoryError {
    /// Of what kind it is, for a person.
    pub fn failure_code(&self) -> FailureCode {
        match self {
            Self::NoConversation(_)
            | Self::NoMessage(_)
            | Self::NoAttachment(_)
            | Self::NoFolder(_) => FailureCode::NotFound,
            Self::Elsewhere(_)
            | Self::NotWritable(_)
            | Self::Unnamed
            | Self::NotATag
            | Self::NeverWritten
            | Self::Itself
            | Self::NotSynced
            | Self::Synced
            | Self::NotPortable(_) => FailureCode::Invalid,
            Self::Held(_) | Self::HeldFolder(_) => FailureCode::Held,
            Self::NotAHistory | Self::Damaged(_) | Self::NotAChange(_) | Self::OnlyReadable => {
                FailureCode::Damaged
            }
            Self::NotThisBackup => FailureCode::Locked,
            Self::NewerVersion(_) => FailureCode::NewerVersion,
            Self::Full | Self::ReadOnly(_) | Self::Disk(_) => FailureCode::Storage,
            Self::Busy | Self::Arriving(_) | Self::Exchanging => FailureCode::Busy,
            Self::Internal(_) => FailureCode::Internal,
        }
    }
}

impl From<HistoryError> for Failure {
    fn from(error: HistoryError) -> Self {
        Failure::new(error.failure_code(), error.to_string())
    }
}
