//! A large file fetched from a server, from where an earlier attempt was cut (RFC 9110 §14).

use bytes::Bytes;
use conversation::{Failure, FailureCode};
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_RANGE, ETAG, HeaderMap, HeaderValue, IF_RANGE, RANGE,
};
use reqwest::{Response, StatusCode};

use crate::config::EndpointConfig;
use crate::failure::Asked;
use crate::fetch::{get, refused};
use crate::transport;

/// What came in an earlier attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// So many bytes.
    pub bytes: u64,
    /// What the server called the file they are of.
    pub etag: String,
}

/// A file as it comes.
#[derive(Debug)]
pub struct Download {
    /// Where in the file the first piece belongs: behind what was begun, or at 0 where the file is
    /// another one by now, or the server sends whole files alone.
    pub from: u64,
    /// How many bytes the whole file has, if the server says so.
    pub total: Option<u64>,
    /// What the server calls this very file; none where it has no name that identifies every byte.
    pub etag: Option<String>,
    response: Response,
    asked: Asked,
}

impl Download {
    /// The next piece; none at the end.
    ///
    /// # Errors
    /// The failure of the connection; what came before it can be gone on with.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        self.response.chunk().await.map_err(|error| transport::failure(&error, &self.asked))
    }
}

/// Begins to fetch a file, behind what came in an earlier attempt where the server agrees that it
/// is still the same file.
///
/// # Errors
/// As [`fetch`](crate::fetch).
pub async fn download(from: &EndpointConfig, begun: Option<&Begun>) -> Result<Download, Failure> {
    let (mut response, mut asked) = get(from, headers(begun)?).await?;
    if response.status() == StatusCode::RANGE_NOT_SATISFIABLE {
        // It has fewer bytes than came: it is another one.
        (response, asked) = get(from, headers(None)?).await?;
    }
    refused(&response, &asked)?;
    let told = response.headers();
    let (from, total) = match response.status() {
        StatusCode::PARTIAL_CONTENT => {
            let range = told.get(CONTENT_RANGE).and_then(range);
            let expected = begun.map(|begun| begun.bytes);
            range.filter(|(from, _)| Some(*from) == expected).ok_or_else(|| {
                let message = format!("{} sends another part than was asked for", asked.host);
                Failure::new(FailureCode::NotTheProtocol, message)
            })?
        }
        _ => (0, response.content_length()),
    };
    let etag = told.get(ETAG).and_then(|etag| etag.to_str().ok());
    let etag = etag.filter(|etag| etag.starts_with('"')).map(str::to_owned);
    Ok(Download { from, total, etag, response, asked })
}

fn headers(begun: Option<&Begun>) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    // Bytes are counted as they lie on the server.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if let Some(begun) = begun {
        let value = |text: &str| {
            HeaderValue::from_str(text)
                .map_err(|error| Failure::new(FailureCode::NotTheProtocol, error.to_string()))
        };
        headers.insert(RANGE, value(&format!("bytes={}-", begun.bytes))?);
        headers.insert(IF_RANGE, value(&begun.etag)?);
    }
    Ok(headers)
}

/// `bytes FROM-TO/TOTAL`, of which the total may be `*`.
fn range(value: &HeaderValue) -> Option<(u64, Option<u64>)> {
    let (range, total) = value.to_str().ok()?.strip_prefix("bytes ")?.split_once('/')?;
    let (from, _) = range.split_once('-')?;
    Some((from.parse().ok()?, total.parse().ok()))
}
