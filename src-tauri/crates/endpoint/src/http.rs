//! The model at an HTTP endpoint.

use std::fmt;
use std::sync::Arc;

use async_stream::stream;
use bytes::Bytes;
use conversation::{Failure, FailureCode};
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use reqwest::{Client, Method, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use crate::answer::{Answer, Reader};
use crate::chat::{self, ChatReader};
use crate::client;
use crate::config::{EndpointConfig, EndpointError, EndpointKind};
use crate::failure::{self, Asked};
use crate::model::readable;
use crate::responses::{self, ResponsesReader};
use crate::retry::{Refused, until_answered};
use crate::sse::MAX_EVENT;
use crate::transport;
use crate::{ChatModel, ChatRequest, Event, ModelInfo};

/// Bytes of a refusal that are read: more would not be shown.
const MAX_REFUSAL: usize = 64 * 1024;

/// A model endpoint over HTTP.
///
/// Nothing that leaves it (an event, a failure, its debug output) holds the key. It may be made
/// outside an async runtime; what it returns must be polled within Tokio's. Each connection is
/// made when it is needed, and dropping an answer closes its connection, or resets its stream
/// where HTTP/2 shares the connection.
pub struct HttpEndpoint(Arc<Inner>);

struct Inner {
    config: EndpointConfig,
    base: Url,
    host: String,
    client: Client,
    key: Option<SecretString>,
    key_header: Option<(HeaderName, HeaderValue)>,
}

impl HttpEndpoint {
    /// An endpoint with this key, if it wants one; white space around the key is left out. No
    /// connection is made.
    ///
    /// # Errors
    /// [`EndpointError`] where the address, a certificate file, the proxy or the key cannot be
    /// used.
    pub fn new(config: EndpointConfig, key: Option<SecretString>) -> Result<Self, EndpointError> {
        let base = config.base()?;
        let client = client::client(&config, &base)?;
        let key = key
            .map(|key| SecretString::from(key.expose_secret().trim()))
            .filter(|key| !key.expose_secret().is_empty());
        let (name, prefix) = match config.kind {
            EndpointKind::Azure => (HeaderName::from_static("api-key"), ""),
            EndpointKind::OpenAiChat | EndpointKind::OpenAiResponses => (AUTHORIZATION, "Bearer "),
        };
        let key_header = match &key {
            Some(key) => Some((name, client::header(prefix, key)?)),
            None => None,
        };
        let host = base.host_str().unwrap_or_default().to_owned();
        Ok(Self(Arc::new(Inner { config, base, host, client, key, key_header })))
    }
}

impl fmt::Debug for HttpEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpEndpoint").field("config", &self.0.config).finish_non_exhaustive()
    }
}

impl ChatModel for HttpEndpoint {
    /// Requests that the server cannot take for the moment, or that do not reach it, are sent
    /// again a few times, but never once anything of an answer has come.
    fn stream(&self, request: ChatRequest) -> BoxStream<'static, Event> {
        let endpoint = self.0.clone();
        stream! {
            let asked = endpoint.asked(Some(request.model.clone()));
            let mut response = match endpoint.ask(&request, &asked).await {
                Ok(response) => response,
                Err(failure) => {
                    yield Event::Failed(endpoint.presentable(failure));
                    return;
                }
            };
            let reader = endpoint.reader(&asked);
            let mut answer = Answer::new(response.headers().get(CONTENT_TYPE), reader, asked.clone());
            let mut events = Vec::new();
            while !answer.is_over() {
                match response.chunk().await {
                    Ok(Some(bytes)) => answer.push(&bytes, &mut events),
                    Ok(None) => answer.end(None, &mut events),
                    Err(error) => {
                        answer.end(Some(transport::failure(&error, &asked)), &mut events);
                    }
                }
                for event in events.drain(..) {
                    yield match event {
                        Event::Failed(failure) => Event::Failed(endpoint.presentable(failure)),
                        event => event,
                    };
                }
            }
        }
        .boxed()
    }

    fn request_text(&self, request: &ChatRequest) -> String {
        let (url, body) = self.0.request(request);
        let mut lines = vec![format!("POST {url}"), format!("{CONTENT_TYPE}: application/json")];
        if let Some((name, _)) = &self.0.key_header {
            lines.push(format!("{name}: ••••"));
        }
        format!("{}\n\n{}", lines.join("\n"), readable(Value::Object(body)))
    }

    /// Azure's deployments, which are its models' names, cannot be listed with a key, so its list
    /// is empty; that the address and the key are right is found out all the same.
    fn models(&self) -> BoxFuture<'_, Result<Vec<ModelInfo>, Failure>> {
        let endpoint = &self.0;
        async { endpoint.list().await.map_err(|failure| endpoint.presentable(failure)) }.boxed()
    }
}

impl Inner {
    fn asked(&self, model: Option<String>) -> Asked {
        Asked { host: self.host.clone(), model, with_key: self.key.is_some() }
    }

    fn presentable(&self, failure: Failure) -> Failure {
        failure::presentable(failure, self.key.as_ref().map(ExposeSecret::expose_secret))
    }

    fn reader(&self, asked: &Asked) -> Box<dyn Reader> {
        match self.config.kind {
            EndpointKind::OpenAiResponses => Box::new(ResponsesReader::new(asked.clone())),
            EndpointKind::OpenAiChat | EndpointKind::Azure => {
                Box::new(ChatReader::new(asked.clone()))
            }
        }
    }

    /// The address below the base; Azure's has its version.
    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        if self.config.kind == EndpointKind::Azure {
            url.query_pairs_mut().append_pair("api-version", self.config.azure_version());
        }
        url
    }

    /// Where a request goes, and its body.
    fn request(&self, request: &ChatRequest) -> (Url, Map<String, Value>) {
        let (url, mut body) = match self.config.kind {
            EndpointKind::OpenAiChat => {
                (self.url(&["chat", "completions"]), chat::body(&self.config, request))
            }
            EndpointKind::OpenAiResponses => {
                (self.url(&["responses"]), responses::body(&self.config, request))
            }
            EndpointKind::Azure => {
                let path = ["openai", "deployments", &request.model, "chat", "completions"];
                (self.url(&path), chat::body(&self.config, request))
            }
        };
        body.extend(self.config.forced.clone());
        (url, body)
    }

    async fn ask(&self, request: &ChatRequest, asked: &Asked) -> Result<Response, Failure> {
        let (url, body) = self.request(request);
        let body = serde_json::to_vec(&body).map(Bytes::from).map_err(|error| {
            Failure::new(FailureCode::Internal, format!("the request cannot be written: {error}"))
        })?;
        until_answered(|| self.send(Method::POST, &url, Some(body.clone()), asked)).await
    }

    async fn list(&self) -> Result<Vec<ModelInfo>, Failure> {
        #[derive(Deserialize)]
        struct List {
            data: Vec<Model>,
        }
        #[derive(Deserialize)]
        struct Model {
            id: String,
        }
        let asked = self.asked(None);
        let azure = self.config.kind == EndpointKind::Azure;
        let url = self.url(if azure { &["openai", "models"] } else { &["models"] });
        let response = until_answered(|| self.send(Method::GET, &url, None, &asked)).await?;
        let headers = response.headers().clone();
        let body =
            read(response, MAX_EVENT).await.map_err(|error| transport::failure(&error, &asked))?;
        if failure::is_page(&headers, &body) {
            return Err(failure::page(None, &asked));
        }
        let list: List = serde_json::from_slice(&body)
            .map_err(|_| failure::not_the_protocol("it sent no list of models", &asked))?;
        let models = list.data.into_iter().map(|model| ModelInfo::of(model.id));
        Ok(if azure { Vec::new() } else { models.collect() })
    }

    /// Sends a request once, and takes any answer but a success for a refusal.
    async fn send(
        &self,
        method: Method,
        url: &Url,
        body: Option<Bytes>,
        asked: &Asked,
    ) -> Result<Response, Refused> {
        let mut request = self.client.request(method, url.clone());
        if let Some((name, value)) = &self.key_header {
            request = request.header(name, value);
        }
        if let Some(body) = body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        let response = request.send().await.map_err(|error| {
            let failure = transport::failure(&error, asked);
            let passing = failure.code == FailureCode::Unreachable;
            Refused { failure, passing, wait: None }
        })?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let headers = response.headers().clone();
        if status.is_redirection() {
            let target = headers.get(LOCATION).and_then(|value| value.to_str().ok());
            let target = target.and_then(|target| response.url().join(target).ok());
            return Err(Refused::lasting(failure::redirect(status, target.as_ref(), asked)));
        }
        // The status tells enough if its body does not arrive.
        let body = read(response, MAX_REFUSAL).await.unwrap_or_default();
        let failure = failure::of_status(status, &headers, &body, asked);
        let passing = matches!(failure.code, FailureCode::RateLimited | FailureCode::ServerFault);
        let wait = failure::retry_after(&headers, std::time::SystemTime::now());
        Err(Refused { failure, passing, wait })
    }
}

/// A body up to this length; the rest is left out.
async fn read(mut response: Response, length: usize) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await? {
        body.extend_from_slice(&bytes[..bytes.len().min(length - body.len())]);
        if body.len() == length {
            break;
        }
    }
    Ok(body)
}
