//! Requests to where a person signs in, as `identity` makes them.

use std::sync::Arc;

use conversation::{Failure, FailureCode};
use futures::FutureExt;
use identity::{Http, IdentityError, Provider, ProviderConfig};
use reqwest::{Client, Request};
use url::Url;

use crate::client;
use crate::config::{EndpointConfig, EndpointError, is_loopback};
use crate::failure::{Asked, By};
use crate::http::read;
use crate::transport;

/// The most bytes of an answer: a description with its keys has some ten thousand.
const MOST: usize = 1024 * 1024;

/// Where a person signs in to this endpoint, reached as the endpoint is: by the same proxy, with
/// the same authorities trusted.
///
/// # Errors
/// [`EndpointError`] where a certificate, the proxy or the provider's configuration cannot be used.
pub fn provider(
    config: &EndpointConfig,
    provider: &ProviderConfig,
) -> Result<Provider, EndpointError> {
    let no_address = |_| IdentityError::Configuration("the issuer is no address");
    let issuer =
        Url::parse(&provider.issuer).map_err(no_address).map_err(EndpointError::Provider)?;
    let client = client::sign_in(config, &issuer)?;
    let http: Http = Arc::new(move |request| send(client.clone(), request).boxed());
    Provider::new(provider.clone(), http).map_err(EndpointError::Provider)
}

async fn send(
    client: Client,
    request: http::Request<Vec<u8>>,
) -> Result<http::Response<Vec<u8>>, Failure> {
    let refuse = |problem: String| Failure::new(FailureCode::SignInFailed, problem);
    let request = Request::try_from(request)
        .map_err(|error| refuse(format!("the sign-in names no address: {error}")))?;
    let url = request.url();
    let host = url.host_str().unwrap_or_default().to_owned();
    if url.scheme() != "https" && !is_loopback(url) {
        return Err(refuse(format!("the sign-in leads to {host} without https://")));
    }
    let asked = Asked { host, model: None, by: By::Nobody };
    let failed = |error: reqwest::Error| transport::failure(&error, &asked);
    let response = client.execute(request).await.map_err(failed)?;
    let mut answer = http::Response::new(Vec::new());
    *answer.status_mut() = response.status();
    *answer.headers_mut() = response.headers().clone();
    *answer.body_mut() = read(response, MOST).await.map_err(failed)?;
    Ok(answer)
}
