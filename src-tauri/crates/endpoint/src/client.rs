//! The HTTP client of an endpoint.

use std::time::Duration;

use identity::ClientCertificate;
use reqwest::header::HeaderValue;
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, ClientBuilder, NoProxy, Proxy};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::certificate;
use crate::config::{EndpointConfig, EndpointError, is_loopback, without_user};

/// Redirects that are followed before the answer is “no”.
const MAX_REDIRECTS: usize = 5;

/// A client for the endpoint at `base`. `secret` is the password or PIN of the client's
/// certificate.
pub(crate) fn client(
    config: &EndpointConfig,
    base: &Url,
    secret: Option<&SecretString>,
) -> Result<Client, EndpointError> {
    let builder = builder(config, base, config.client_certificate.as_ref(), secret)?
        .read_timeout(Duration::from_secs(config.idle_timeout_seconds))
        .redirect(Policy::custom(|attempt| {
            if may_follow(&attempt) { attempt.follow() } else { attempt.stop() }
        }));
    builder.build().map_err(EndpointError::Client)
}

/// A client for the sign-in at `issuer`, which trusts whom the endpoint's trusts and goes the same
/// way. It shows no certificate of the endpoint's, and follows no redirect (RFC 9700 §4.12).
pub(crate) fn sign_in(config: &EndpointConfig, issuer: &Url) -> Result<Client, EndpointError> {
    /// A sign-in has small answers, and a person waits for them.
    const LONGEST: Duration = Duration::from_secs(30);
    let builder = builder(config, issuer, None, None)?.timeout(LONGEST).redirect(Policy::none());
    builder.build().map_err(EndpointError::Client)
}

fn builder(
    config: &EndpointConfig,
    base: &Url,
    certificate: Option<&ClientCertificate>,
    secret: Option<&SecretString>,
) -> Result<ClientBuilder, EndpointError> {
    let secure = base.scheme() == "https";
    let tls = if secure {
        certificate::tls(config, certificate, secret)?
    } else {
        certificate::no_tls()?
    };
    let mut builder = Client::builder()
        .user_agent(concat!("Bureau/", env!("CARGO_PKG_VERSION")))
        .tls_backend_preconfigured(tls)
        .connect_timeout(Duration::from_secs(config.connect_timeout_seconds))
        .referer(false);
    if is_loopback(base) {
        // A proxy would have to reach back into this machine, and plain http:// would leave it.
        builder = builder.no_proxy();
    } else if let Some(address) = &config.proxy {
        let refuse = |_| EndpointError::Proxy { address: without_user(address) };
        let proxy = Proxy::all(address.trim()).map_err(refuse)?;
        builder = builder.proxy(proxy.no_proxy(NoProxy::from_env()));
    }
    Ok(builder)
}

/// The key goes with a redirected request, so only the same server may redirect. A request
/// changes its method with any other status than these two (RFC 9110 §15.4).
fn may_follow(attempt: &Attempt<'_>) -> bool {
    let from = attempt.previous();
    matches!(attempt.status().as_u16(), 307 | 308)
        && from.len() <= MAX_REDIRECTS
        && from.last().is_some_and(|from| from.origin() == attempt.url().origin())
}

/// The key as a header's value that no debug output shows.
pub(crate) fn header(prefix: &str, key: &SecretString) -> Result<HeaderValue, EndpointError> {
    let value = format!("{prefix}{}", key.expose_secret());
    let mut value = HeaderValue::try_from(value).map_err(|_| EndpointError::Key)?;
    value.set_sensitive(true);
    Ok(value)
}
