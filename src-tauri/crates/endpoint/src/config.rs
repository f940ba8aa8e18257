//! How an endpoint is configured, and what makes a configuration unusable.

use std::fmt;
use std::path::PathBuf;

use conversation::{Failure, FailureCode};
use identity::{CertificateError, ClientCertificate, IdentityError, ProviderConfig};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::Parameters;

/// The newest version of Azure OpenAI's REST API that is generally available for deployments
/// (<https://learn.microsoft.com/azure/ai-services/openai/reference>).
const AZURE_API_VERSION: &str = "2024-10-21";

/// Which protocol an endpoint speaks.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Default,
    Serialize,
    Deserialize,
    specta::Type,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum EndpointKind {
    /// OpenAI's chat completions, which vLLM, llama.cpp, LiteLLM, Ollama and others speak too
    /// (<https://platform.openai.com/docs/api-reference/chat>).
    #[default]
    OpenAiChat,
    /// OpenAI's responses (<https://platform.openai.com/docs/api-reference/responses>).
    OpenAiResponses,
    /// Azure OpenAI's chat completions per deployment
    /// (<https://learn.microsoft.com/azure/ai-services/openai/reference>). Azure's newer
    /// addresses that end in `/openai/v1` are of the other two kinds.
    Azure,
}

/// What authorises requests to an endpoint.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    Debug,
    Default,
    Serialize,
    Deserialize,
    specta::Type,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Auth {
    /// A key, or nothing where none is set.
    #[default]
    Key,
    /// A token of the person who is signed in by OpenID Connect.
    Oidc,
}

/// A model endpoint. It holds no key: that is given to
/// [`HttpEndpoint::new`](crate::HttpEndpoint::new).
///
/// What prints it for debugging sees no user name or password of an address.
#[derive(Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndpointConfig {
    /// The base address: `https://llm.example/v1`, or for Azure `https://name.openai.azure.com`.
    /// It must be `https://`, but for this machine itself and with
    /// [`allow_http`](Self::allow_http); it has no user name, no query and no fragment.
    pub address: String,
    /// What shapes every answer; the caller puts it into its requests.
    #[serde(default)]
    pub parameters: Parameters,
    /// Which protocol it speaks.
    #[serde(default)]
    pub kind: EndpointKind,
    /// The version of Azure's API; `2024-10-21` where none is given. Other kinds have none.
    #[serde(default)]
    pub api_version: Option<String>,
    /// Whether the endpoint may keep the conversation. `store` exists in OpenAI's own APIs; it
    /// is sent as `false` with every request of the responses API, and to `api.openai.com`. To
    /// other servers that speak chat completions it is sent only when `true`: some refuse
    /// members they do not know.
    #[serde(default)]
    pub store: bool,
    /// Seconds that making a connection may take.
    #[serde(default = "ten")]
    pub connect_timeout_seconds: u64,
    /// Seconds that may pass before the first byte of an answer, and between any two.
    #[serde(default = "two_minutes")]
    pub idle_timeout_seconds: u64,
    /// The proxy to use instead of the environment's or the system's, such as
    /// `http://proxy.example:3128`. Endpoints on this machine are reached without any.
    #[serde(default)]
    pub proxy: Option<String>,
    /// PEM files of certificate authorities to trust besides the system's.
    #[serde(default)]
    pub ca_certificates: Vec<PathBuf>,
    /// The client's certificate and its private key: a PEM file (the chain after the certificate),
    /// a PKCS #12 file, or a smart card by its PKCS #11 URI.
    #[serde(default)]
    pub client_certificate: Option<ClientCertificate>,
    /// What authorises requests.
    #[serde(default)]
    pub auth: Auth,
    /// Where a person signs in, for `auth = "oidc"`.
    #[serde(default)]
    pub oidc: Option<ProviderConfig>,
    /// Whether `http://` may be used to other machines: anyone on the way reads everything.
    #[serde(default)]
    pub allow_http: bool,
    /// Members of every request's JSON that an organisation prescribes: they win over all others.
    #[serde(skip)]
    pub forced: serde_json::Map<String, serde_json::Value>,
}

fn ten() -> u64 {
    10
}

fn two_minutes() -> u64 {
    120
}

impl EndpointConfig {
    /// The endpoint at this address, with defaults for all else.
    ///
    /// An address without a path below `openai.azure.com` is of the kind
    /// [`Azure`](EndpointKind::Azure), any other one speaks chat completions: an address that
    /// comes from an environment variable has nothing beside it that could tell.
    pub fn new(address: String) -> Self {
        let azure = Url::parse(&address).is_ok_and(|url| {
            url.host_str().is_some_and(|host| host.ends_with(".openai.azure.com"))
                && url.path() == "/"
        });
        Self {
            address,
            parameters: Parameters::default(),
            kind: if azure { EndpointKind::Azure } else { EndpointKind::default() },
            api_version: None,
            store: false,
            connect_timeout_seconds: ten(),
            idle_timeout_seconds: two_minutes(),
            proxy: None,
            ca_certificates: Vec::new(),
            client_certificate: None,
            auth: Auth::Key,
            oidc: None,
            allow_http: false,
            forced: serde_json::Map::new(),
        }
    }

    /// Whether it can be used, as far as can be told without a connection.
    ///
    /// # Errors
    /// [`EndpointError`] where the address cannot be.
    pub fn checked(&self) -> Result<(), EndpointError> {
        self.base().map(drop)
    }

    /// The host that answers, as in the address; `None` if that is no address.
    pub fn host(&self) -> Option<String> {
        Url::parse(self.address.trim()).ok()?.host_str().map(str::to_owned)
    }

    /// Scheme, host and port of the address (RFC 6454), where it is one.
    pub fn origin(&self) -> Option<String> {
        Some(Url::parse(self.address.trim()).ok()?.origin().ascii_serialization())
    }

    /// Where a person signs in to use it; none where nobody need.
    ///
    /// # Errors
    /// [`EndpointError::NoProvider`].
    pub fn provider(&self) -> Result<Option<&ProviderConfig>, EndpointError> {
        match (self.auth, &self.oidc) {
            (Auth::Key, _) => Ok(None),
            (Auth::Oidc, Some(provider)) => Ok(Some(provider)),
            (Auth::Oidc, None) => Err(EndpointError::NoProvider),
        }
    }

    /// The version of Azure's API to ask for.
    pub(crate) fn azure_version(&self) -> &str {
        self.api_version.as_deref().unwrap_or(AZURE_API_VERSION)
    }

    /// The address, if it may be used.
    pub(crate) fn base(&self) -> Result<Url, EndpointError> {
        let refuse = |problem| EndpointError::Address { address: self.shown_address(), problem };
        let url = Url::parse(self.address.trim())
            .map_err(|_| refuse("it must look like https://llm.example/v1"))?;
        if !matches!(url.scheme(), "https" | "http") || url.host().is_none() {
            return Err(refuse("it must begin with https:// and a host"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refuse("it must not hold a user name or password; set the key instead"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("it must end before any “?” or “#”"));
        }
        if url.scheme() == "http" && !is_loopback(&url) && !self.allow_http {
            return Err(refuse(
                "plain http:// to another machine can be read on the way; use https://, or set allow_http = true",
            ));
        }
        Ok(url)
    }

    /// The address to show: whatever stands before an `@` in it may be a password.
    pub fn shown_address(&self) -> String {
        without_user(self.address.trim())
    }
}

impl fmt::Debug for EndpointConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndpointConfig")
            .field("address", &self.shown_address())
            .field("parameters", &self.parameters)
            .field("kind", &self.kind)
            .field("api_version", &self.api_version)
            .field("store", &self.store)
            .field("connect_timeout_seconds", &self.connect_timeout_seconds)
            .field("idle_timeout_seconds", &self.idle_timeout_seconds)
            .field("proxy", &self.proxy.as_deref().map(without_user))
            .field("ca_certificates", &self.ca_certificates)
            .field("client_certificate", &self.client_certificate)
            .field("auth", &self.auth)
            .field("oidc", &self.oidc)
            .field("allow_http", &self.allow_http)
            .field("forced", &self.forced)
            .finish()
    }
}

/// Whether the address is this machine itself.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The address without what stands before an `@`, even where it does not parse.
pub fn without_user(address: &str) -> String {
    let Some(at) = address.rfind('@') else { return address.to_owned() };
    let start = address.find("://").map_or(0, |scheme| scheme + 3).min(at);
    format!("{}***{}", &address[..start], &address[at..])
}

/// The configuration, or the key, cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// The address is none, or may not be used.
    #[error("the endpoint's address {address} cannot be used: {problem}")]
    Address {
        /// The address, without a user name.
        address: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The proxy's address is none.
    #[error(
        "the proxy's address {address} cannot be used; it must look like http://proxy.example:3128"
    )]
    Proxy {
        /// The address, without a user name.
        address: String,
    },
    /// A file of certificates cannot be read, or holds none.
    #[error("{} cannot be used as {purpose}: {problem}", file.display())]
    Certificate {
        /// The file.
        file: PathBuf,
        /// What it is for.
        purpose: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The client's certificate cannot be used.
    #[error(transparent)]
    ClientCertificate(#[from] CertificateError),
    /// A person is to sign in, and nothing says where.
    #[error("auth = \"oidc\" needs an issuer and a client_id under oidc; add them")]
    NoProvider,
    /// Where a person is to sign in cannot be used.
    #[error("{0}")]
    Provider(IdentityError),
    /// There are no certificate authorities to trust.
    #[error(
        "no certificate authority can be trusted ({0}); install the system's, or name files in ca_certificates"
    )]
    Trust(rustls::Error),
    /// The key cannot be sent.
    #[error("the key holds characters that no key has, such as a line break; set it again")]
    Key,
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be set up: {0}")]
    Client(reqwest::Error),
}

impl From<EndpointError> for Failure {
    fn from(error: EndpointError) -> Self {
        match error {
            EndpointError::ClientCertificate(error) => error.into(),
            EndpointError::Provider(error) => error.into(),
            error => Failure::new(FailureCode::Configuration, error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(address: &str) -> Result<Url, EndpointError> {
        EndpointConfig::new(address.to_owned()).base()
    }

    #[test]
    fn plain_http_goes_to_this_machine_alone() {
        for address in ["http://localhost:1/v1", "http://127.8.9.1/v1", "http://[::1]:8000"] {
            assert!(base(address).is_ok(), "{address}");
        }
        for address in ["http://llm.example/v1", "http://10.0.0.1", "http://localhost.example"] {
            let error = base(address).unwrap_err().to_string();
            assert!(error.contains("allow_http"), "{error}");
            let mut config = EndpointConfig::new(address.to_owned());
            config.allow_http = true;
            assert!(config.base().is_ok());
        }
    }

    #[test]
    fn addresses_that_cannot_be_meant_are_refused() {
        for address in
            ["", "llm.example/v1", "ftp://llm.example", "https://x/v1?key=1", "https://x/#a"]
        {
            assert!(base(address).is_err(), "{address}");
        }
    }

    #[test]
    fn a_password_in_an_address_is_refused_and_not_shown() {
        for address in
            ["https://me:sesame@llm.example/v1", "https://me:sesa me@llm .example", "me:sesame@x"]
        {
            let error = base(address).unwrap_err().to_string();
            assert!(!error.contains("sesa"), "{error}");
            let mut config = EndpointConfig::new(address.to_owned());
            config.proxy = Some("http://me:sesame@proxy.example".to_owned());
            let shown = format!("{config:?}");
            assert!(!shown.contains("sesa") && shown.contains("proxy.example"), "{shown}");
        }
    }

    #[test]
    fn who_is_to_sign_in_is_told_where() {
        let read = |json: &str| serde_json::from_str::<EndpointConfig>(json);
        let mut config = read(
            r#"{"address": "https://x/v1", "auth": "oidc",
                "oidc": {"issuer": "https://login.example", "client_id": "bureau"},
                "client_certificate": "pkcs11:token=Staff"}"#,
        )
        .unwrap();
        assert_eq!(config.provider().unwrap().unwrap().groups_claim, "groups");
        assert!(matches!(config.client_certificate, Some(ClientCertificate::Card(_))));
        config.oidc = None;
        assert!(matches!(config.provider(), Err(EndpointError::NoProvider)));
        config.auth = Auth::Key;
        assert_eq!(config.provider().unwrap(), None);
        let pin =
            r#"{"address": "https://x/v1", "client_certificate": "pkcs11:?pin-value=sesame"}"#;
        let error = read(pin).unwrap_err().to_string();
        assert!(error.contains("PIN") && !error.contains("sesame"), "{error}");
        let secret = r#"{"address": "https://x/v1", "oidc": {"issuer": "i", "client_id": "c", "client_secret": "s"}}"#;
        assert!(read(secret).is_err());
    }

    #[test]
    fn azure_is_known_by_its_host() {
        let kind = |address: &str| EndpointConfig::new(address.to_owned()).kind;
        assert_eq!(kind("https://x.openai.azure.com"), EndpointKind::Azure);
        assert_eq!(kind("https://x.openai.azure.com/openai/v1/"), EndpointKind::OpenAiChat);
        assert_eq!(kind("https://openai.azure.com.example"), EndpointKind::OpenAiChat);
    }

    #[test]
    fn a_short_file_is_enough_and_a_wrong_one_is_refused() {
        let read = |json: &str| serde_json::from_str::<EndpointConfig>(json);
        let config = read(r#"{"address": "https://x/v1", "kind": "open-ai-responses"}"#).unwrap();
        assert_eq!(config.kind, EndpointKind::OpenAiResponses);
        assert_eq!((config.connect_timeout_seconds, config.idle_timeout_seconds), (10, 120));
        assert_eq!(config.host().as_deref(), Some("x"));
        assert!(read(r#"{"address": "https://x/v1", "api_key": "s"}"#).is_err());
        let written = serde_json::to_string(&config).unwrap();
        assert_eq!(read(&written).unwrap(), config);
    }
}
