//! A file fetched from a server, as the organisation's policy is.

use conversation::{Failure, FailureCode};
use reqwest::Response;
use reqwest::header::HeaderMap;

use crate::config::EndpointConfig;
use crate::failure::{self, Asked, By};
use crate::{client, transport};

/// Fetches the file at an address, of at most so many bytes. How the server is reached and trusted
/// is told as an endpoint's is.
///
/// # Errors
/// [`FailureCode::Configuration`] where the address or a certificate cannot be used, and else the
/// failure of the connection or what the server said instead.
pub async fn fetch(from: &EndpointConfig, most: usize) -> Result<Vec<u8>, Failure> {
    let (mut response, asked) = get(from, HeaderMap::new()).await?;
    refused(&response, &asked)?;
    let mut body = Vec::new();
    while let Some(bytes) =
        response.chunk().await.map_err(|error| transport::failure(&error, &asked))?
    {
        if body.len() + bytes.len() > most {
            let message = format!("{} sends more than {most} bytes", asked.host);
            return Err(Failure::new(FailureCode::Rejected, message));
        }
        body.extend_from_slice(&bytes);
    }
    Ok(body)
}

/// Asks for the file at an address.
pub(crate) async fn get(
    from: &EndpointConfig,
    headers: HeaderMap,
) -> Result<(Response, Asked), Failure> {
    let address = from.base()?;
    let client = client::client(from, &address, None)?;
    let host = address.host_str().unwrap_or_default().to_owned();
    let asked = Asked { host, model: None, by: By::Nobody };
    let response = client.get(address).headers(headers).send().await;
    Ok((response.map_err(|error| transport::failure(&error, &asked))?, asked))
}

/// What the server said instead of sending the file, if it did.
pub(crate) fn refused(response: &Response, asked: &Asked) -> Result<(), Failure> {
    match response.status() {
        status if status.is_success() => Ok(()),
        status if status.is_redirection() => Err(failure::redirect(status, None, asked)),
        status => Err(failure::of_status(status, response.headers(), &[], asked)),
    }
}
