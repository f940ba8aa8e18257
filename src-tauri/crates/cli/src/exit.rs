//! Exit codes.

use std::process::ExitCode;

use conversation::FailureCode;

/// How the program ends; the numbers are part of its interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Done = 0,
    Failed = 1,
    Usage = 2,
    Endpoint = 3,
    Forbidden = 4,
    Locked = 5,
    Interrupted = 130,
}

impl Exit {
    /// The exit that tells of this failure.
    pub fn of(code: FailureCode) -> Self {
        use FailureCode as F;
        match code {
            F::WrongKey
            | F::UnknownModel
            | F::TooLong
            | F::NoImages
            | F::RateLimited
            | F::ContentFilter
            | F::ServerFault
            | F::Rejected
            | F::NotTheProtocol
            | F::Unreachable
            | F::UnknownHost
            | F::Tls
            | F::TimedOut
            | F::CutOff
            | F::SignInNeeded
            | F::SignInFailed => Self::Endpoint,
            F::Forbidden | F::Prevented | F::ConfirmationNeeded => Self::Forbidden,
            F::Locked | F::NoKey | F::TooManyTries | F::BannerNotAccepted => Self::Locked,
            F::Invalid => Self::Usage,
            F::Configuration
            | F::ModelUnavailable
            | F::NotFound
            | F::Storage
            | F::Damaged
            | F::Held
            | F::Busy
            | F::NewerVersion
            | F::PasswordNeeded
            | F::WrongPassword
            | F::EmptyFile
            | F::UnsupportedFile
            | F::DamagedFile
            | F::FileTooLarge
            | F::FileTooSlow
            | F::Internal => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}
