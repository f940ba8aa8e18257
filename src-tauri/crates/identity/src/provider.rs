//! One organisation's sign-in: its description, and requests to it.

use std::fmt;
use std::sync::Arc;

use conversation::Failure;
use futures::future::BoxFuture;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{Method, StatusCode};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClaimName, CoreClaimType, CoreClientAuthMethod,
    CoreErrorResponseType, CoreGenderClaim, CoreGrantType, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm,
    CoreResponseMode, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreSubjectIdentifierType, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AdditionalProviderMetadata, ClientId, DiscoveryError, EmptyExtraTokenFields,
    EndpointNotSet, EndpointSet, ErrorResponse, IdTokenFields, IssuerUrl, ProviderMetadata,
    RequestTokenError, StandardErrorResponse, StandardTokenResponse,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::config::is_safe;
use crate::error::shown;
use crate::{IdentityError, ProviderConfig};

/// Sends one request and gives its answer, whatever its status; follows no redirect.
pub type Http = Arc<dyn Fn(http::Request<Vec<u8>>) -> Answering + Send + Sync>;

/// An answer on its way.
type Answering = BoxFuture<'static, Result<http::Response<Vec<u8>>, Failure>>;

/// An OpenID Connect provider, as a public client sees it. It keeps nothing: its description is
/// fetched for each sign-in and renewal, which are rare, so that its keys are never old ones.
#[derive(Clone)]
pub struct Provider {
    pub(crate) config: ProviderConfig,
    http: Http,
}

/// What a provider's description says beyond OpenID Connect Discovery.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Further {
    /// RFC 8628 §4.
    pub(crate) device_authorization_endpoint: Option<Url>,
    /// RFC 8414 §2.
    pub(crate) revocation_endpoint: Option<Url>,
    /// OpenID Connect RP-Initiated Logout §2.1.
    pub(crate) end_session_endpoint: Option<Url>,
    /// RFC 9207 §3.
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Further {}

/// Every claim of an ID token that has no type of its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Claims(pub(crate) Map<String, Value>);

impl AdditionalClaims for Claims {}

pub(crate) type Description = ProviderMetadata<
    Further,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What a token endpoint issues.
pub(crate) type Issued = StandardTokenResponse<
    IdTokenFields<
        Claims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

pub(crate) type Client = openidconnect::Client<
    Claims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Issued,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
    openidconnect::EndpointMaybeSet,
>;

impl Provider {
    /// The provider of this configuration. Nothing is asked of it yet.
    ///
    /// # Errors
    /// [`IdentityError::Configuration`].
    pub fn new(config: ProviderConfig, http: Http) -> Result<Self, IdentityError> {
        config.check()?;
        Ok(Self { config, http })
    }

    /// Its configuration.
    pub fn config(&self) -> &ProviderConfig {
        &self.config
    }

    pub(crate) fn host(&self) -> String {
        self.config.host()
    }

    /// The provider's description and keys, as they are now.
    pub(crate) async fn description(&self) -> Result<Description, IdentityError> {
        let issuer = IssuerUrl::new(self.config.issuer.clone())
            .map_err(|_| IdentityError::Configuration("the issuer is no address"))?;
        let description = Description::discover_async(issuer, &self.requests()).await.map_err(
            |error| match error {
                DiscoveryError::Request(failure) => IdentityError::Request(failure),
                DiscoveryError::Response(status, ..) => self.untrusted(format!(
                    "its description cannot be had (HTTP {}); check the issuer",
                    status.as_u16()
                )),
                error => self.untrusted(format!("its description is wrong: {error}")),
            },
        )?;
        Ok(description)
    }

    /// This client of the provider that is described.
    pub(crate) fn client(&self, description: &Description) -> Result<Client, IdentityError> {
        let token_endpoint = description.token_endpoint().cloned().ok_or_else(|| {
            IdentityError::NotOffered { host: self.host(), what: "token endpoint" }
        })?;
        let id = ClientId::new(self.config.client_id.clone());
        let client = openidconnect::Client::from_provider_metadata(description.clone(), id, None);
        Ok(client.set_token_uri(token_endpoint))
    }

    /// Requests as `openidconnect` sends them.
    pub(crate) fn requests(
        &self,
    ) -> impl Fn(http::Request<Vec<u8>>) -> Answering + Send + Sync + use<> {
        let http = self.http.clone();
        move |request| http(request)
    }

    /// Sends a form, and gives the JSON that comes back with its status.
    pub(crate) async fn post(
        &self,
        to: &Url,
        fields: &[(&str, &str)],
    ) -> Result<(StatusCode, Value), IdentityError> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish()
            .into_bytes();
        self.ask(Method::POST, to, Some(body), None).await
    }

    /// Asks for JSON in the name of whom this token is.
    pub(crate) async fn get(
        &self,
        from: &Url,
        token: &SecretString,
    ) -> Result<(StatusCode, Value), IdentityError> {
        self.ask(Method::GET, from, None, Some(token)).await
    }

    async fn ask(
        &self,
        method: Method,
        url: &Url,
        form: Option<Vec<u8>>,
        token: Option<&SecretString>,
    ) -> Result<(StatusCode, Value), IdentityError> {
        if !is_safe(url) {
            return Err(self.untrusted("it names a place without https://".to_owned()));
        }
        let mut request = http::Request::builder()
            .method(method)
            .uri(url.as_str())
            .header(ACCEPT, "application/json");
        if form.is_some() {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {}", token.expose_secret()));
        }
        let request = request
            .body(form.unwrap_or_default())
            .map_err(|_| self.untrusted("it names a place that is none".to_owned()))?;
        let response = (self.http)(request).await.map_err(IdentityError::Request)?;
        let json = serde_json::from_slice(response.body()).unwrap_or_default();
        Ok((response.status(), json))
    }

    pub(crate) fn untrusted(&self, problem: String) -> IdentityError {
        IdentityError::Untrusted { host: self.host(), problem: shown(&problem) }
    }

    /// What the provider's `error` means (RFC 6749 §4.1.2.1 and §5.2, RFC 8628 §3.5).
    pub(crate) fn refused(&self, code: &str, description: Option<&str>) -> IdentityError {
        match code {
            "access_denied" => IdentityError::Cancelled,
            "expired_token" => IdentityError::TimedOut,
            _ => {
                let code = shown(code);
                let reason = match description.map(shown).filter(|text| !text.is_empty()) {
                    Some(text) => format!("“{text}” ({code})"),
                    None => code.clone(),
                };
                IdentityError::Refused { host: self.host(), code, reason }
            }
        }
    }

    /// The same of a request for tokens.
    pub(crate) fn not_issued<T>(&self, error: RequestTokenError<Failure, T>) -> IdentityError
    where
        T: ErrorResponse + Serialize + 'static,
    {
        match error {
            RequestTokenError::Request(failure) => IdentityError::Request(failure),
            RequestTokenError::ServerResponse(said) => {
                let said = serde_json::to_value(&said).unwrap_or_default();
                let text = |name: &str| said.get(name).and_then(Value::as_str);
                self.refused(text("error").unwrap_or("error"), text("error_description"))
            }
            RequestTokenError::Parse(..) => self.untrusted("its answer holds no tokens".to_owned()),
            RequestTokenError::Other(problem) => self.untrusted(problem),
        }
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("config", &self.config).finish_non_exhaustive()
    }
}
