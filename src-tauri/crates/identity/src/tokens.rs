//! What a provider issued.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Account;

/// A token is renewed this long before it ends, so that none ends on its way.
const EARLY: Duration = Duration::from_secs(60);

/// How long something that was issued may be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Term {
    /// When to renew it, in seconds since 1970.
    renew: u64,
    /// When it ends.
    end: u64,
}

impl Term {
    /// The term of what lives so long from now on. What lives for less than two minutes is used
    /// for half of that.
    pub(crate) fn from_now(lifetime: Duration) -> Self {
        let now = now();
        let used = lifetime.saturating_sub(EARLY).max(lifetime / 2);
        Self {
            renew: now.saturating_add(used.as_secs()),
            end: now.saturating_add(lifetime.as_secs()),
        }
    }

    /// Whether it need not be renewed yet.
    pub(crate) fn is_fresh(self) -> bool {
        self.renew > now()
    }

    /// Whether it has not ended.
    pub(crate) fn holds(self) -> bool {
        self.end > now()
    }
}

/// The tokens of one person at one provider. Their debug output shows none of them; whoever keeps
/// them as JSON encrypts it.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Tokens {
    pub(crate) access: String,
    /// How long it may be used; none where the provider does not say.
    #[zeroize(skip)]
    pub(crate) term: Option<Term>,
    pub(crate) refresh: Option<String>,
    /// What the provider said of the person, to tell it who signs out.
    pub(crate) id_token: String,
    #[zeroize(skip)]
    pub(crate) account: Account,
}

impl Tokens {
    /// Who is signed in.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// The token that is sent.
    pub(crate) fn access(&self) -> SecretString {
        SecretString::from(self.access.clone())
    }

    /// Whether the access token is good for some time yet.
    pub(crate) fn is_fresh(&self) -> bool {
        self.term.is_none_or(Term::is_fresh)
    }

    /// Whether the access token has not ended, though it soon may.
    pub(crate) fn still_holds(&self) -> bool {
        self.term.is_none_or(Term::holds)
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("term", &self.term).finish_non_exhaustive()
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_before_it_ends() {
        let term = |seconds| Term::from_now(Duration::from_secs(seconds));
        assert_eq!(term(3600).end - term(3600).renew, 60);
        assert_eq!(term(60).end - term(60).renew, 30);
        assert!(term(3600).is_fresh() && !term(0).is_fresh() && !term(0).holds());
    }

    #[test]
    fn debug_output_shows_no_token() {
        let tokens = Tokens {
            access: "sesame-1".to_owned(),
            term: None,
            refresh: Some("sesame-2".to_owned()),
            id_token: "sesame-3".to_owned(),
            account: Account::default(),
        };
        assert!(!format!("{tokens:?}").contains("sesame"));
        let kept = serde_json::to_string(&tokens).unwrap();
        let read: Tokens = serde_json::from_str(&kept).unwrap();
        assert_eq!(read.refresh.as_deref(), Some("sesame-2"));
    }
}
