//! What becomes of tokens later: renewed, exchanged for another, revoked.

use std::time::Duration;

use openidconnect::RefreshToken;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use crate::id_token::Expected;
use crate::provider::Provider;
use crate::tokens::Term;
use crate::{ExchangeConfig, IdentityError, Tokens};

/// What an access token was exchanged for.
#[derive(Clone)]
pub(crate) struct Exchanged {
    pub(crate) token: SecretString,
    pub(crate) term: Option<Term>,
}

impl Provider {
    /// New tokens for old ones (RFC 6749 §6). The old refresh token may be worth nothing
    /// afterwards, so the new ones are to be kept before anything else is done.
    ///
    /// # Errors
    /// [`IdentityError::NeedsPerson`] where there is no refresh token, or the provider takes it no
    /// longer.
    pub(crate) async fn renew(&self, tokens: &Tokens) -> Result<Tokens, IdentityError> {
        let needs_person = || IdentityError::NeedsPerson(self.host());
        let refresh = tokens.refresh.clone().ok_or_else(needs_person)?;
        let description = self.description().await?;
        let client = self.client(&description)?;
        let refresh = RefreshToken::new(refresh);
        let mut request = client.exchange_refresh_token(&refresh);
        if let Some((name, value)) = self.config.audience_parameter() {
            request = request.add_extra_param(name, value);
        }
        let issued = request.request_async(&self.requests()).await.map_err(|error| {
            match self.not_issued(error) {
                // The grant has ended: revoked, used twice, or too old (RFC 6749 §5.2).
                IdentityError::Refused { code, .. } if code == "invalid_grant" => needs_person(),
                error => error,
            }
        })?;
        self.accept(&description, &client, &issued, Expected::Person(tokens)).await
    }

    /// The token that an endpoint takes, for the access token (RFC 8693 §2).
    pub(crate) async fn exchange(
        &self,
        tokens: &Tokens,
        exchange: &ExchangeConfig,
    ) -> Result<Exchanged, IdentityError> {
        const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
        let endpoint = match &exchange.token_endpoint {
            Some(address) => Url::parse(address).map_err(|_| {
                IdentityError::Configuration("exchange.token_endpoint is no address")
            })?,
            None => self.client(&self.description().await?)?.token_uri().url().clone(),
        };
        let access = tokens.access();
        let scopes = exchange.scopes.join(" ");
        let mut fields = vec![
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("client_id", &self.config.client_id),
            ("subject_token", access.expose_secret()),
            ("subject_token_type", ACCESS_TOKEN),
            ("requested_token_type", ACCESS_TOKEN),
        ];
        fields.extend(exchange.audience.as_deref().map(|audience| ("audience", audience)));
        fields.extend(exchange.resource.as_deref().map(|resource| ("resource", resource)));
        if !scopes.is_empty() {
            fields.push(("scope", &scopes));
        }
        let (status, answer) = self.post(&endpoint, &fields).await?;
        let text = |name: &str| answer.get(name).and_then(Value::as_str);
        if !status.is_success() {
            return Err(
                self.refused(text("error").unwrap_or(status.as_str()), text("error_description"))
            );
        }
        let token = text("access_token")
            .ok_or_else(|| self.untrusted("its answer holds no token".to_owned()))?;
        let lifetime = answer.get("expires_in").and_then(Value::as_u64).map(Duration::from_secs);
        Ok(Exchanged {
            token: SecretString::from(token.to_owned()),
            term: lifetime.map(Term::from_now),
        })
    }

    /// Makes tokens worth nothing (RFC 7009), and says where the browser ends its own session with
    /// the provider, if there is such a place (RP-Initiated Logout §2).
    ///
    /// # Errors
    /// [`IdentityError::Request`] where the provider cannot be reached: the tokens are valid then.
    pub async fn sign_out(&self, tokens: &Tokens) -> Result<Option<Url>, IdentityError> {
        let description = self.description().await?;
        let further = description.additional_metadata();
        if let Some(endpoint) = &further.revocation_endpoint {
            // The refresh token first: with it goes the grant, and what else came of that.
            let refresh = tokens.refresh.as_deref().map(|token| (token, "refresh_token"));
            for (token, kind) in refresh.into_iter().chain([(&*tokens.access, "access_token")]) {
                let fields = [
                    ("token", token),
                    ("token_type_hint", kind),
                    ("client_id", &self.config.client_id),
                ];
                let (status, answer) = self.post(endpoint, &fields).await?;
                let error = answer.get("error").and_then(Value::as_str);
                // What was revoked with another is gone all the same.
                if !status.is_success() && error != Some("invalid_token") {
                    return Err(self.refused(error.unwrap_or(status.as_str()), None));
                }
            }
        }
        let Some(mut address) = further.end_session_endpoint.clone() else { return Ok(None) };
        address
            .query_pairs_mut()
            .append_pair("id_token_hint", &tokens.id_token)
            .append_pair("client_id", &self.config.client_id);
        Ok(Some(address))
    }
}
