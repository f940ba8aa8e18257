//! Why a file could not be read.

/// Why a file could not be read, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is empty.
    #[error("the file is empty")]
    Empty,
    /// It is of no kind that can be read.
    #[error("this is a file of a kind that cannot be read ({0})")]
    Unsupported(String),
    /// It opens with a password, and none was given.
    #[error("the file is encrypted; its password is needed")]
    PasswordNeeded,
    /// The password that was given does not open it.
    #[error("the password does not open the file")]
    WrongPassword,
    /// It is not what it says it is, or a part of it is missing.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// It would take more memory or room than one file may.
    #[error("the file is too large: {0}")]
    TooLarge(String),
    /// It was not read in the time that one file may take.
    #[error("the file was not read within {0} seconds; split it, or save it in another format")]
    TooSlow(u64),
    /// The reader ended without a result.
    #[error("the file could not be read: it ended the program that reads files ({0})")]
    Crashed(String),
    /// The program that reads files could not be started.
    #[error("the program that reads files could not be started: {0}")]
    NoReader(String),
}
