//! The HTTP client of an endpoint.

use std::time::Duration;

use reqwest::header::HeaderValue;
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, NoProxy, Proxy};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::certificate;
use crate::config::{EndpointConfig, EndpointError, is_loopback, without_user};

/// Redirects that are followed before the answer is “no”.
const MAX_REDIRECTS: usize = 5;

/// A client for the endpoint at `base`.
pub(crate) fn client(config: &EndpointConfig, base: &Url) -> Result<Client, EndpointError> {
    let secure = base.scheme() == "https";
    let tls = if secure { certificate::tls(config)? } else { certificate::no_tls()? };
    let mut builder = Client::builder()
        .user_agent(concat!("Bureau/", env!("CARGO_PKG_VERSION")))
        .tls_backend_preconfigured(tls)
        .connect_timeout(Duration::from_secs(config.connect_timeout_seconds))
        .read_timeout(Duration::from_secs(config.idle_timeout_seconds))
        .redirect(Policy::custom(|attempt| {
            if may_follow(&attempt) { attempt.follow() } else { attempt.stop() }
        }))
        .referer(false);
    if is_loopback(base) {
        // A proxy would have to reach back into this machine, and plain http:// would leave it.
        builder = builder.no_proxy();
    } else if let Some(address) = &config.proxy {
        let refuse = |_| EndpointError::Proxy { address: without_user(address) };
        let proxy = Proxy::all(address.trim()).map_err(refuse)?;
        builder = builder.proxy(proxy.no_proxy(NoProxy::from_env()));
    }
    builder.build().map_err(EndpointError::Client)
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
