//! What can go wrong.

use std::io;

use conversation::{Failure, FailureCode, NotPortable};

/// Why nothing, or not everything, was written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The conversation is none that a history could hold.
    #[error("the conversation cannot be exported: {0}")]
    NotPortable(#[from] NotPortable),
    /// The pages could not be put together.
    #[error("the conversation could not be set as PDF; export it as HTML, and print that")]
    Pdf,
    /// What was to be written to failed.
    #[error("the file could not be written: {0}; check the disk and try again")]
    Write(#[from] io::Error),
    /// A part of the archive could not be written.
    #[error("the archive could not be written: {0}; check the disk and try again")]
    Archive(#[from] zip::result::ZipError),
}

impl From<ExportError> for Failure {
    fn from(error: ExportError) -> Self {
        let code = match error {
            ExportError::NotPortable(_) => FailureCode::Damaged,
            ExportError::Pdf => FailureCode::Internal,
            ExportError::Write(_) | ExportError::Archive(_) => FailureCode::Storage,
        };
        Self::new(code, error.to_string())
    }
}
