//! A file fetched from a server, as the organisation's policy is.

use conversation::{Failure, FailureCode};

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
    let address = from.base()?;
    let client = client::client(from, &address, None)?;
    let host = address.host_str().unwrap_or_default().to_owned();
    let asked = Asked { host, model: None, by: By::Nobody };
    let told = |error: reqwest::Error| transport::failure(&error, &asked);
    let mut response = client.get(address).send().await.map_err(told)?;
    let status = response.status();
    if !status.is_success() {
        return Err(match status.is_redirection() {
            true => failure::redirect(status, None, &asked),
            false => failure::of_status(status, response.headers(), &[], &asked),
        });
    }
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await.map_err(told)? {
        if body.len() + bytes.len() > most {
            let message = format!("{} sends more than {most} bytes", asked.host);
            return Err(Failure::new(FailureCode::Rejected, message));
        }
        body.extend_from_slice(&bytes);
    }
    Ok(body)
}
