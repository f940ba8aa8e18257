//! The model at an HTTP endpoint.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_stream::stream;
use bytes::Bytes;
use conversation::{Failure, FailureCode};
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt};
use identity::Session;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

use crate::answer::{Answer, Reader};
use crate::budget::Budget;
use crate::chat::{self, ChatReader};
use crate::client;
use crate::config::{EndpointConfig, EndpointError, EndpointKind};
use crate::failure::{self, Asked, By};
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
    authorisation: Authorisation,
    budget: Budget,
}

/// What opens an endpoint to a person.
#[derive(Default)]
pub struct Credentials {
    /// Its key; white space around it is left out.
    pub key: Option<SecretString>,
    /// Who is signed in to it, whose tokens are sent in place of a key.
    pub session: Option<Session>,
    /// The password or PIN of the client's certificate.
    pub certificate_secret: Option<SecretString>,
}

enum Authorisation {
    Nothing,
    Key {
        key: SecretString,
        header: (HeaderName, HeaderValue),
    },
    /// With the last token that was sent, so that no failure repeats it.
    Session {
        session: Session,
        sent: Mutex<Option<SecretString>>,
    },
}

impl HttpEndpoint {
    /// An endpoint with this key, if it wants one; white space around the key is left out. No
    /// connection is made.
    ///
    /// # Errors
    /// As [`with`](Self::with).
    pub fn new(config: EndpointConfig, key: Option<SecretString>) -> Result<Self, EndpointError> {
        Self::with(config, Credentials { key, ..Credentials::default() })
    }

    /// An endpoint with what opens it. No connection is made; a smart card is asked for its
    /// certificate.
    ///
    /// # Errors
    /// [`EndpointError`] where the address, a certificate, the proxy or the key cannot be used.
    pub fn with(config: EndpointConfig, credentials: Credentials) -> Result<Self, EndpointError> {
        let base = config.base()?;
        let client = client::client(&config, &base, credentials.certificate_secret.as_ref())?;
        let key = credentials
            .key
            .map(|key| SecretString::from(key.expose_secret().trim()))
            .filter(|key| !key.expose_secret().is_empty());
        let authorisation = match (credentials.session, key) {
            (Some(session), _) => Authorisation::Session { session, sent: Mutex::default() },
            (None, Some(key)) => {
                let (name, prefix) = match config.kind {
                    EndpointKind::Azure => (HeaderName::from_static("api-key"), ""),
                    EndpointKind::OpenAiChat | EndpointKind::OpenAiResponses => BEARER,
                };
                let header = (name, client::header(prefix, &key)?);
                Authorisation::Key { key, header }
            }
            (None, None) => Authorisation::Nothing,
        };
        let host = base.host_str().unwrap_or_default().to_owned();
        let budget = Budget::default();
        Ok(Self(Arc::new(Inner { config, base, host, client, authorisation, budget })))
    }
}

/// How a token, and most keys, are sent (RFC 6750 §2.1).
const BEARER: (HeaderName, &str) = (AUTHORIZATION, "Bearer ");

impl fmt::Debug for HttpEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpEndpoint").field("config", &self.0.config).finish_non_exhaustive()
    }
}

impl ChatModel for HttpEndpoint {
    /// Of the requests that the server cannot take for the moment, or that do not reach it, a few
    /// are sent again (`budget`), but never once anything of an answer has come.
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
        let name = match &self.0.authorisation {
            Authorisation::Nothing => None,
            Authorisation::Key { header: (name, _), .. } => Some(name),
            Authorisation::Session { .. } => Some(&AUTHORIZATION),
        };
        lines.extend(name.map(|name| format!("{name}: ••••")));
        format!("{}\n\n{}", lines.join("\n"), readable(Value::Object(body)))
    }

    fn request_body(&self, request: &ChatRequest) -> Vec<u8> {
        // Values and names that are text always have a form in JSON.
        serde_json::to_vec(&self.0.request(request).1).unwrap_or_default()
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
        let by = match &self.authorisation {
            Authorisation::Nothing => By::Nobody,
            Authorisation::Key { .. } => By::Key,
            Authorisation::Session { .. } => By::Person,
        };
        Asked { host: self.host.clone(), model, by }
    }

    fn presentable(&self, failure: Failure) -> Failure {
        let secret = match &self.authorisation {
            Authorisation::Nothing => None,
            Authorisation::Key { key, .. } => Some(key.clone()),
            Authorisation::Session { sent, .. } => {
                sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
            }
        };
        failure::presentable(failure, secret.as_ref().map(ExposeSecret::expose_secret))
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
        until_answered(&self.budget, || self.send(Method::POST, &url, Some(body.clone()), asked))
            .await
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
        let response =
            until_answered(&self.budget, || self.send(Method::GET, &url, None, &asked)).await?;
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

    /// The request with the token of whom is signed in.
    fn by_person(
        &self,
        request: RequestBuilder,
        token: &SecretString,
    ) -> Result<RequestBuilder, Refused> {
        if let Authorisation::Session { sent, .. } = &self.authorisation {
            *sent.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
        }
        let (name, prefix) = BEARER;
        let value = client::header(prefix, token).map_err(|e| Refused::lasting(e.into()))?;
        Ok(request.header(name, value))
    }

    /// Sends a request, and takes any answer but a success for a refusal. A token that is refused
    /// although it had not ended is renewed once.
    async fn send(
        &self,
        method: Method,
        url: &Url,
        body: Option<Bytes>,
        asked: &Asked,
    ) -> Result<Response, Refused> {
        let unsent = |error| Refused::unsent(Failure::from(error));
        let request = || {
            let request = self.client.request(method.clone(), url.clone());
            match body.clone() {
                Some(body) => request.header(CONTENT_TYPE, "application/json").body(body),
                None => request,
            }
        };
        let response = match &self.authorisation {
            Authorisation::Nothing => sent(request(), asked).await?,
            Authorisation::Key { header: (name, value), .. } => {
                sent(request().header(name, value), asked).await?
            }
            Authorisation::Session { session, .. } => {
                let token = session.token().await.map_err(unsent)?;
                let first = sent(self.by_person(request(), &token)?, asked).await?;
                if first.status() == StatusCode::UNAUTHORIZED {
                    let token = session.token_after(token).await.map_err(unsent)?;
                    sent(self.by_person(request(), &token)?, asked).await?
                } else {
                    first
                }
            }
        };
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

async fn sent(request: RequestBuilder, asked: &Asked) -> Result<Response, Refused> {
    request.send().await.map_err(|error| Refused::unsent(transport::failure(&error, asked)))
}

/// A body up to this length; the rest is left out.
pub(crate) async fn read(mut response: Response, length: usize) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await? {
        body.extend_from_slice(&bytes[..bytes.len().min(length - body.len())]);
        if body.len() == length {
            break;
        }
    }
    Ok(body)
}
