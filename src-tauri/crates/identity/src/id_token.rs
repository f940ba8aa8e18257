//! What a provider says of a person, believed only when it is proved to be said by it, to Bureau,
//! now, and in answer to what was asked (OpenID Connect Core §3.1.3.7).

use chrono::{TimeDelta, Utc};
use openidconnect::{
    AccessTokenHash, ClaimsVerificationError, Nonce, OAuth2TokenResponse, TokenResponse,
};
use serde_json::{Map, Value};

use crate::provider::{Client, Description, Issued, Provider};
use crate::tokens::Term;
use crate::{Account, IdentityError, Tokens};

/// What is wrong with an ID token that a clock ahead of this one made.
const OF_THE_FUTURE: &str = "its ID token is of the future";

/// What must hold of an ID token besides its signature, issuer, audience and time.
pub(crate) enum Expected<'a> {
    /// It answers this request.
    Nonce(&'a Nonce),
    /// It answers a request that carried no nonce, as one by a device has none.
    Anyone,
    /// It is of the same person as before (§12.2).
    Person(&'a Tokens),
}

impl Provider {
    /// The tokens that were issued, once what they say is verified.
    pub(crate) async fn accept(
        &self,
        description: &Description,
        client: &Client,
        issued: &Issued,
        expected: Expected<'_>,
    ) -> Result<Tokens, IdentityError> {
        let before = match &expected {
            Expected::Person(before) => Some(*before),
            Expected::Nonce(_) | Expected::Anyone => None,
        };
        let (account, id_token) = match (issued.id_token(), before) {
            (Some(id_token), _) => {
                let account = self.verified(client, issued, &expected)?;
                (account, id_token.to_string())
            }
            // A renewal need not say again who it is for.
            (None, Some(before)) => (before.account.clone(), before.id_token.clone()),
            (None, None) => return Err(self.untrusted("it sent no ID token".to_owned())),
        };
        let mut tokens = Tokens {
            access: issued.access_token().secret().clone(),
            term: issued.expires_in().map(Term::from_now),
            // One that is not replaced stays in force.
            refresh: issued
                .refresh_token()
                .map(|token| token.secret().clone())
                .or_else(|| before.and_then(|before| before.refresh.clone())),
            id_token,
            account,
        };
        if !tokens.account.is_whole() {
            self.add_user_info(description, &mut tokens).await;
        }
        Ok(tokens)
    }

    fn verified(
        &self,
        client: &Client,
        issued: &Issued,
        expected: &Expected<'_>,
    ) -> Result<Account, IdentityError> {
        let Some(id_token) = issued.id_token() else {
            return Err(self.untrusted("it sent no ID token".to_owned()));
        };
        let skew = TimeDelta::seconds(i64::from(self.config.clock_skew_seconds));
        let verifier = client
            .id_token_verifier()
            .set_time_fn(move || Utc::now() - skew)
            .set_issue_time_verifier_fn(move |issued| {
                let ahead = issued > Utc::now() + skew;
                if ahead { Err(OF_THE_FUTURE.to_owned()) } else { Ok(()) }
            });
        let nonce = |found: Option<&Nonce>| match expected {
            Expected::Nonce(asked) => openidconnect::NonceVerifier::verify(*asked, found),
            Expected::Anyone | Expected::Person(_) => Ok(()),
        };
        let claims = id_token.claims(&verifier, nonce).map_err(|error| self.unverified(&error))?;
        if let Some(hash) = claims.access_token_hash() {
            let bound = id_token.signing_key(&verifier).ok().zip(id_token.signing_alg().ok());
            let made = bound.and_then(|(key, algorithm)| {
                AccessTokenHash::from_token(issued.access_token(), algorithm, key).ok()
            });
            if made.as_ref() != Some(hash) {
                let problem = "its access token is not the one that its ID token names";
                return Err(self.untrusted(problem.to_owned()));
            }
        }
        let subject = claims.subject().as_str();
        if let Expected::Person(before) = expected
            && before.account.subject != subject
        {
            return Err(self.untrusted("it renewed the sign-in of somebody else".to_owned()));
        }
        let all: Map<String, Value> = match serde_json::to_value(claims) {
            Ok(Value::Object(all)) => all,
            _ => Map::new(),
        };
        Ok(Account::of(subject, &all, &self.config.groups_claim))
    }

    fn unverified(&self, error: &ClaimsVerificationError) -> IdentityError {
        use ClaimsVerificationError as E;
        self.untrusted(match error {
            // The library tells both so; the words are those of `verified`.
            E::Expired(problem) if problem.contains(OF_THE_FUTURE) => {
                format!("{problem}; check this machine's clock")
            }
            E::Expired(_) => {
                "its ID token has ended already; check this machine's clock".to_owned()
            }
            E::InvalidNonce(_) => "its ID token answers another request".to_owned(),
            E::InvalidIssuer(_) => "its ID token is another issuer's".to_owned(),
            E::InvalidAudience(_) => "its ID token is for another program".to_owned(),
            other => format!("its ID token is not valid ({other})"),
        })
    }

    /// What the provider tells only who asks with the access token (§5.3). A token that is for
    /// another server is not good for that, so nothing depends on it.
    async fn add_user_info(&self, description: &Description, tokens: &mut Tokens) {
        if self.config.audience.is_some() {
            return;
        }
        let Some(endpoint) = description.userinfo_endpoint() else { return };
        let Ok((status, claims)) = self.get(endpoint.url(), &tokens.access()).await else { return };
        let Some(claims) = claims.as_object().filter(|_| status.is_success()) else { return };
        // It must be of the same person (§5.3.2).
        if claims.get("sub").and_then(Value::as_str) == Some(tokens.account.subject.as_str()) {
            tokens.account.add(claims, &self.config.groups_claim);
        }
    }
}
