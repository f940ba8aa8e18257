//! How a failure is told to a person and to a program.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What went wrong, as a closed set. The UI matches on it and shows its own translated words;
/// the terminal program turns it into an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// The endpoint refused the key (HTTP 401 or 403).
    WrongKey,
    /// The endpoint does not know the model (HTTP 404).
    UnknownModel,
    /// The conversation is longer than the model's context.
    TooLong,
    /// The model cannot see images, and there is one.
    NoImages,
    /// Too many requests for now (HTTP 429).
    RateLimited,
    /// The endpoint's content filter stopped the question or the answer.
    ContentFilter,
    /// The endpoint itself failed (HTTP 5xx, or an error within the stream).
    ServerFault,
    /// The endpoint refused the request for a reason of its own (another HTTP 4xx).
    Rejected,
    /// What came back is not the protocol: an HTML page, broken JSON, an oversized event.
    NotTheProtocol,
    /// Nothing listens at the endpoint's address.
    Unreachable,
    /// The endpoint's host name does not resolve.
    UnknownHost,
    /// The TLS connection could not be made or trusted.
    Tls,
    /// The endpoint took too long to connect or to send more.
    TimedOut,
    /// The answer was cut off before its end.
    CutOff,
    /// The configuration cannot be used (an address, a file, a value).
    Configuration,
    /// The built-in model's file is missing or cannot be loaded.
    ModelUnavailable,
    /// What was named does not exist (a conversation, a message, a file).
    NotFound,
    /// The arguments make no sense together.
    Invalid,
    /// The history is locked, or the passphrase is wrong.
    Locked,
    /// There is neither a keychain nor a way to ask for a passphrase.
    NoKey,
    /// The disk is full, read-only or failing.
    Storage,
    /// The history's file is damaged.
    Damaged,
    /// It is held: nothing of it may be deleted or changed.
    Held,
    /// The history is in use in a way that forbids this for now.
    Busy,
    /// A newer version of Bureau wrote this data.
    NewerVersion,
    /// A file opens with a password, and none was given.
    PasswordNeeded,
    /// The password does not open the file.
    WrongPassword,
    /// A file holds nothing.
    EmptyFile,
    /// A file is of a kind that cannot be read.
    UnsupportedFile,
    /// A file is not what it says it is, or ended the program that read it.
    DamagedFile,
    /// Reading a file would take more memory or room than one file may.
    FileTooLarge,
    /// A file was not read in the time that one may take.
    FileTooSlow,
    /// Too many passphrases were wrong: there is a wait before the next one.
    TooManyTries,
    /// The organisation's notice has to be accepted first.
    BannerNotAccepted,
    /// The organisation's policy forbids it. The first line of the message says what; the second,
    /// where there is one, is the organisation's reason in its own words.
    Forbidden,
    /// What was to be sent holds something that must not leave.
    Prevented,
    /// What was to be sent holds something that goes only once a person has said so.
    ConfirmationNeeded,
    /// A defect in Bureau itself.
    Internal,
    /// Nobody is signed in to the endpoint, or no longer.
    SignInNeeded,
    /// A person could not be signed in.
    SignInFailed,
}

impl FailureCode {
    /// The code as written in JSON and in the database.
    pub fn as_str(self) -> &'static str {
        CODES.iter().find(|(code, _)| *code == self).map_or("internal", |(_, text)| text)
    }

    /// The code with this text; `None` if there is none.
    pub fn from_text(text: &str) -> Option<Self> {
        CODES.iter().find(|(_, known)| *known == text).map(|(code, _)| *code)
    }
}

const CODES: &[(FailureCode, &str)] = &[
    (FailureCode::WrongKey, "wrong_key"),
    (FailureCode::UnknownModel, "unknown_model"),
    (FailureCode::TooLong, "too_long"),
    (FailureCode::NoImages, "no_images"),
    (FailureCode::RateLimited, "rate_limited"),
    (FailureCode::ContentFilter, "content_filter"),
    (FailureCode::ServerFault, "server_fault"),
    (FailureCode::Rejected, "rejected"),
    (FailureCode::NotTheProtocol, "not_the_protocol"),
    (FailureCode::Unreachable, "unreachable"),
    (FailureCode::UnknownHost, "unknown_host"),
    (FailureCode::Tls, "tls"),
    (FailureCode::TimedOut, "timed_out"),
    (FailureCode::CutOff, "cut_off"),
    (FailureCode::Configuration, "configuration"),
    (FailureCode::ModelUnavailable, "model_unavailable"),
    (FailureCode::NotFound, "not_found"),
    (FailureCode::Invalid, "invalid"),
    (FailureCode::Locked, "locked"),
    (FailureCode::NoKey, "no_key"),
    (FailureCode::Storage, "storage"),
    (FailureCode::Damaged, "damaged"),
    (FailureCode::Held, "held"),
    (FailureCode::Busy, "busy"),
    (FailureCode::NewerVersion, "newer_version"),
    (FailureCode::PasswordNeeded, "password_needed"),
    (FailureCode::WrongPassword, "wrong_password"),
    (FailureCode::EmptyFile, "empty_file"),
    (FailureCode::UnsupportedFile, "unsupported_file"),
    (FailureCode::DamagedFile, "damaged_file"),
    (FailureCode::FileTooLarge, "file_too_large"),
    (FailureCode::FileTooSlow, "file_too_slow"),
    (FailureCode::TooManyTries, "too_many_tries"),
    (FailureCode::BannerNotAccepted, "banner_not_accepted"),
    (FailureCode::Forbidden, "forbidden"),
    (FailureCode::Internal, "internal"),
    (FailureCode::SignInNeeded, "sign_in_needed"),
    (FailureCode::SignInFailed, "sign_in_failed"),
    (FailureCode::Prevented, "prevented"),
    (FailureCode::ConfirmationNeeded, "confirmation_needed"),
];

/// A failure as it crosses to the UI, to the terminal and into the history: never a bare string.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type, thiserror::Error)]
pub struct Failure {
    /// What kind of failure it is.
    pub code: FailureCode,
    /// What happened and what to do, in English, for a person. It holds no key and no text of a
    /// conversation.
    pub message: String,
    /// Seconds to wait before trying again, where the other side said so.
    pub retry_after: Option<u32>,
}

impl Failure {
    /// A failure without a time to wait.
    pub fn new(code: FailureCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), retry_after: None }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_one_spelling_everywhere() {
        for &(code, text) in CODES {
            assert_eq!(serde_json::to_value(code).unwrap(), text);
            assert_eq!(code.as_str(), text);
            assert_eq!(FailureCode::from_text(text), Some(code));
        }
    }
}
