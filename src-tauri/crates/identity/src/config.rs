//! How an organisation's sign-in is configured.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::IdentityError;

/// Seconds that the clocks of this machine and of the provider may differ, unless said otherwise.
const CLOCK_SKEW: u32 = 60;

/// An OpenID Connect provider, and what Bureau is to it. Nothing of it is secret: Bureau is a
/// public client (RFC 6749 §2.1), and proves by PKCE that it asked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderConfig {
    /// The provider's address, below which its description lies
    /// (`/.well-known/openid-configuration`). `https://`, but for this machine itself.
    pub issuer: String,
    /// What the provider knows Bureau by. It must allow `http://127.0.0.1/callback` as the
    /// redirect, with any port (RFC 8252 §7.3).
    pub client_id: String,
    /// What is asked for besides `openid`.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// The claim that lists a person's groups: a name, or a path with dots, such as
    /// `realm_access.roles`.
    #[serde(default = "groups")]
    pub groups_claim: String,
    /// Whom the access token is for. An address is sent as `resource` (RFC 8707), anything else as
    /// `audience`, which some providers know instead.
    #[serde(default)]
    pub audience: Option<String>,
    /// Exchanges the access token for the one that the endpoint is given.
    #[serde(default)]
    pub exchange: Option<ExchangeConfig>,
    /// Seconds that the provider's clock may differ from this machine's; 60 by default.
    #[serde(default = "clock_skew")]
    pub clock_skew_seconds: u32,
}

/// What an access token is exchanged for (RFC 8693).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExchangeConfig {
    /// Where to exchange it; the provider's own token endpoint where nothing is said.
    pub token_endpoint: Option<String>,
    /// Whom the new token is for, by name.
    pub audience: Option<String>,
    /// Whom the new token is for, by address.
    pub resource: Option<String>,
    /// What the new token is to allow.
    pub scopes: Vec<String>,
}

fn scopes() -> Vec<String> {
    ["profile", "email", "offline_access"].map(str::to_owned).to_vec()
}

fn groups() -> String {
    "groups".to_owned()
}

fn clock_skew() -> u32 {
    CLOCK_SKEW
}

impl ProviderConfig {
    /// This client of this provider, with defaults for all else.
    pub fn new(issuer: impl Into<String>, client_id: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            client_id: client_id.into(),
            scopes: scopes(),
            groups_claim: groups(),
            audience: None,
            exchange: None,
            clock_skew_seconds: CLOCK_SKEW,
        }
    }

    /// The host of the issuer, to speak of it.
    pub fn host(&self) -> String {
        let host = Url::parse(&self.issuer).ok().and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_else(|| self.issuer.clone())
    }

    /// Refuses what cannot be used, before anything is asked.
    pub(crate) fn check(&self) -> Result<(), IdentityError> {
        let refuse = |problem| Err(IdentityError::Configuration(problem));
        let Ok(issuer) = Url::parse(&self.issuer) else {
            return refuse("the issuer must look like https://login.example");
        };
        if !is_safe(&issuer) {
            return refuse("the issuer must begin with https://");
        }
        if issuer.query().is_some() || issuer.fragment().is_some() {
            return refuse("the issuer must end before any “?” or “#”");
        }
        if self.client_id.trim().is_empty() {
            return refuse("client_id must not be empty");
        }
        Ok(())
    }

    /// How the one whom a token is for is named in a request.
    pub(crate) fn audience_parameter(&self) -> Option<(&'static str, &str)> {
        let audience = self.audience.as_deref()?;
        let name = if Url::parse(audience).is_ok() { "resource" } else { "audience" };
        Some((name, audience))
    }
}

/// Whether nobody on the way reads what is sent there.
pub(crate) fn is_safe(url: &Url) -> bool {
    let is_this_machine = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" && url.host().is_some() || url.scheme() == "http" && is_this_machine
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_reached_without_anybody_reading_along() {
        let check = |issuer: &str| ProviderConfig::new(issuer, "bureau").check();
        for issuer in ["https://login.example", "https://login.example/realms/a", "http://[::1]:8"]
        {
            assert!(check(issuer).is_ok(), "{issuer}");
        }
        for issuer in ["", "login.example", "http://login.example", "https://login.example/?a=1"] {
            assert!(check(issuer).is_err(), "{issuer}");
        }
        assert!(ProviderConfig::new("https://login.example", " ").check().is_err());
    }

    #[test]
    fn an_address_is_a_resource_and_a_name_an_audience() {
        let mut config = ProviderConfig::new("https://login.example", "bureau");
        assert_eq!(config.audience_parameter(), None);
        config.audience = Some("https://llm.example".to_owned());
        assert_eq!(config.audience_parameter(), Some(("resource", "https://llm.example")));
        config.audience = Some("llm".to_owned());
        assert_eq!(config.audience_parameter(), Some(("audience", "llm")));
    }
}
