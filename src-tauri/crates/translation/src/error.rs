//! Why a file cannot be translated.

use conversation::{Failure, FailureCode};

/// Why a file cannot be translated, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TranslationError {
    /// It is empty.
    #[error("the file is empty")]
    Empty,
    /// It is of no kind that can be translated.
    #[error(
        "files of this kind cannot be translated with their layout ({0}); what can be are DOCX, PPTX, XLSX, OpenDocument, HTML, Markdown, subtitles (SRT, WebVTT) and plain text"
    )]
    Unsupported(String),
    /// It opens with a password.
    #[error("the file is encrypted; save it without its password, and translate that")]
    Encrypted,
    /// It is not what it says it is, or a part of it is missing.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// It would take more memory or room than one file may.
    #[error("the file is too large: {0}")]
    TooLarge(String),
}

impl From<TranslationError> for Failure {
    fn from(error: TranslationError) -> Self {
        let code = match &error {
            TranslationError::Empty => FailureCode::EmptyFile,
            TranslationError::Unsupported(_) | TranslationError::Encrypted => {
                FailureCode::UnsupportedFile
            }
            TranslationError::Damaged(_) => FailureCode::DamagedFile,
            TranslationError::TooLarge(_) => FailureCode::FileTooLarge,
        };
        Self::new(code, error.to_string())
    }
}
