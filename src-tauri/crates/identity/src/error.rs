//! Why a person could not be signed in, or is signed in no longer.

use conversation::{Failure, FailureCode};

/// A sign-in, or what follows from it, failed.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The configuration cannot be used.
    #[error("the sign-in cannot be used as configured: {0}; correct it in config.toml")]
    Configuration(&'static str),
    /// Nobody is signed in, or no longer.
    #[error("sign in at {0} to go on")]
    NeedsPerson(String),
    /// The person, or the provider in their name, said no.
    #[error("the sign-in was cancelled; sign in again when you want to go on")]
    Cancelled,
    /// Nobody came back from the browser, or typed the code.
    #[error("nobody signed in in time; try again")]
    TimedOut,
    /// The provider refused, in its own words.
    #[error("{host} refused the sign-in: {reason}; if this stays so, tell your administrator")]
    Refused {
        /// Who refused.
        host: String,
        /// Why, in one word of the protocol (RFC 6749 §5.2).
        code: String,
        /// Why, as it says.
        reason: String,
    },
    /// What came is not what a provider that can be trusted sends.
    #[error("what {host} sent cannot be trusted: {problem}; nobody was signed in")]
    Untrusted {
        /// Who sent it.
        host: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The provider does not offer what is needed.
    #[error("{host} offers no {what}; tell your administrator")]
    NotOffered {
        /// The provider.
        host: String,
        /// What it does not offer.
        what: &'static str,
    },
    /// The place that the browser comes back to cannot be opened.
    #[error("no port of this machine can be opened for the browser to come back to: {0}")]
    Loopback(std::io::Error),
    /// The browser cannot be opened.
    #[error("no browser can be opened ({0}); use `bureau sign-in --device`")]
    Browser(std::io::Error),
    /// A request did not arrive, or its answer did not.
    #[error("{0}")]
    Request(Failure),
    /// What was issued cannot be kept or read.
    #[error("{0}")]
    Keeping(Failure),
}

impl From<IdentityError> for Failure {
    fn from(error: IdentityError) -> Self {
        use IdentityError as E;
        let code = match error {
            E::Request(failure) | E::Keeping(failure) => return failure,
            E::Configuration(_) => FailureCode::Configuration,
            E::NeedsPerson(_) => FailureCode::SignInNeeded,
            E::Cancelled
            | E::TimedOut
            | E::Refused { .. }
            | E::Untrusted { .. }
            | E::NotOffered { .. }
            | E::Loopback(_)
            | E::Browser(_) => FailureCode::SignInFailed,
        };
        Failure::new(code, error.to_string())
    }
}

/// What somebody else wrote, fit to be shown: on one line, without what could command a terminal,
/// and not too long.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 300;
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let line: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    line.join(" ").chars().take(MOST).collect()
}
