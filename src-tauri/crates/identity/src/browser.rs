//! Signing in with the system's browser: authorization code with PKCE, and a redirect to this
//! machine (RFC 6749 §4.1, RFC 7636, RFC 8252).

use std::time::Duration;

use openidconnect::core::CoreResponseType;
use openidconnect::{
    AuthenticationFlow, AuthorizationCode, CsrfToken, Nonce, PkceCodeChallenge, RedirectUrl, Scope,
};
use url::Url;

use crate::id_token::Expected;
use crate::loopback::{Loopback, Returned};
use crate::provider::Provider;
use crate::{IdentityError, Tokens};

/// What the browser shows once it has come back, in the person's language.
#[derive(Clone, Debug)]
pub struct BrowserPage {
    /// The language, such as `fr`.
    pub language: String,
    /// What to read after a sign-in.
    pub done: String,
    /// What to read after none.
    pub failed: String,
}

impl Provider {
    /// Signs a person in with the system's browser, which `open` opens. Dropping the future
    /// cancels, and closes the port that the browser would have come back to.
    ///
    /// # Errors
    /// [`IdentityError::TimedOut`] after `patience`; [`IdentityError::Cancelled`] where the person
    /// says no; [`IdentityError::Untrusted`] for anything that is not proved.
    pub async fn sign_in(
        &self,
        page: &BrowserPage,
        patience: Duration,
        open: impl FnOnce(&Url) -> std::io::Result<()>,
    ) -> Result<Tokens, IdentityError> {
        let description = self.description().await?;
        let loopback = Loopback::open().await.map_err(IdentityError::Loopback)?;
        let redirect = RedirectUrl::new(loopback.address())
            .map_err(|error| self.untrusted(error.to_string()))?;
        let client = self.client(&description)?.set_redirect_uri(redirect);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut request = client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(self.config.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge);
        if let Some((name, value)) = self.config.audience_parameter() {
            request = request.add_extra_param(name, value);
        }
        let (address, state, nonce) = request.url();
        let further = description.additional_metadata();
        let wanted = Wanted {
            state: state.secret(),
            issuer: &self.config.issuer,
            names_issuer: further.authorization_response_iss_parameter_supported,
        };
        open(&address).map_err(IdentityError::Browser)?;
        let comes = loopback.wait(page, |returned| wanted.is(returned));
        let returned =
            tokio::time::timeout(patience, comes).await.map_err(|_| IdentityError::TimedOut)?;
        if let Some(error) = returned.error {
            return Err(self.refused(&error, returned.error_description.as_deref()));
        }
        if !wanted.issuer_holds(returned.iss.as_deref()) {
            return Err(self.untrusted("the answer is another issuer's".to_owned()));
        }
        let Some(code) = returned.code else {
            return Err(self.untrusted("the answer holds no code".to_owned()));
        };
        let mut request =
            client.exchange_code(AuthorizationCode::new(code)).set_pkce_verifier(verifier);
        if let Some((name, value)) = self.config.audience_parameter() {
            request = request.add_extra_param(name, value);
        }
        let issued = request
            .request_async(&self.requests())
            .await
            .map_err(|error| self.not_issued(error))?;
        self.accept(&description, &client, &issued, Expected::Nonce(&nonce)).await
    }
}

/// What the browser must bring back.
struct Wanted<'a> {
    state: &'a str,
    issuer: &'a str,
    /// Whether the provider says that it names itself.
    names_issuer: bool,
}

impl Wanted<'_> {
    /// Whether this is an answer to what was asked; any page can send the browser here.
    fn is(&self, returned: &Returned) -> bool {
        returned.state.as_deref() == Some(self.state)
    }

    /// Whether the answer is of the provider that was asked (RFC 9207 §2.4).
    fn issuer_holds(&self, named: Option<&str>) -> bool {
        named.map_or(!self.names_issuer, |named| named == self.issuer)
    }
}
