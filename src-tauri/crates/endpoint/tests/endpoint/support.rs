//! A scripted HTTP server on a loopback port, plain or over TLS, and what tests ask of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use conversation::{Failure, FinishReason, Role};
use endpoint::{ChatModel, ChatRequest, EndpointConfig, Event, HttpEndpoint, Parameters, Prompt};
use futures::StreamExt;
use secrecy::SecretString;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

/// After this long a test fails instead of hanging.
pub const DEADLINE: Duration = Duration::from_secs(20);
/// Questions that were answered well just before, which make room for asking again for certain.
pub const BEFORE: usize = 20;
pub const KEY: &str = "sk-open-sesame-1234567890";

/// A step of an answer. After the last one the server closes the connection.
#[derive(Clone)]
pub enum Step {
    Send(Vec<u8>),
    Pause(Duration),
    /// Wait until the client closes the connection.
    Hold,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: Value,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

type Script = dyn Fn(usize, &Request) -> Vec<Step> + Send + Sync;

pub struct Server {
    pub port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
    /// Told when a client closed the connection that a [`Step::Hold`] held.
    pub closed: Arc<Notify>,
}

impl Server {
    /// A server that answers each request with what the script makes of its number and content.
    pub async fn start(
        script: impl Fn(usize, &Request) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        Self::listen(None, Arc::new(script)).await
    }

    pub async fn start_tls(
        tls: tokio_rustls::rustls::ServerConfig,
        script: impl Fn(usize, &Request) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        Self::listen(Some(TlsAcceptor::from(Arc::new(tls))), Arc::new(script)).await
    }

    /// A server that answers every request alike.
    pub async fn saying(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::start(move |_, _| vec![Step::Send(answer.clone())]).await
    }

    async fn listen(tls: Option<TlsAcceptor>, script: Arc<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let closed = Arc::new(Notify::new());
        let server = Self { port, requests: requests.clone(), closed: closed.clone() };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, script) = (tls.clone(), script.clone());
                let (requests, closed) = (requests.clone(), closed.clone());
                tokio::spawn(async move {
                    stream.set_nodelay(true).unwrap();
                    match tls {
                        None => serve(stream, &*script, &requests, &closed).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, &*script, &requests, &closed).await;
                            }
                        }
                    }
                });
            }
        });
        server
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub fn config(&self) -> EndpointConfig {
        EndpointConfig::new(self.address())
    }

    pub fn endpoint(&self) -> HttpEndpoint {
        endpoint(self.config())
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    script: &Script,
    requests: &Mutex<Vec<Request>>,
    closed: &Notify,
) {
    let Some(request) = read(&mut stream).await else { return };
    let number = {
        let mut requests = requests.lock().unwrap();
        requests.push(request.clone());
        requests.len() - 1
    };
    for step in script(number, &request) {
        match step {
            Step::Send(bytes) => {
                if stream.write_all(&bytes).await.is_err() || stream.flush().await.is_err() {
                    return;
                }
            }
            Step::Pause(time) => tokio::time::sleep(time).await,
            Step::Hold => {
                let mut rest = [0; 64];
                while matches!(stream.read(&mut rest).await, Ok(1..)) {}
                closed.notify_one();
            }
        }
    }
    let _ = stream.shutdown().await;
}

async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Request> {
    let mut bytes = Vec::new();
    let head = loop {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).unwrap();
    let mut lines = text.lines();
    let line = lines.next()?.to_owned();
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, value)| value.parse().unwrap());
    while bytes.len() < head + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = serde_json::from_slice(&bytes[head + 4..]).unwrap_or(Value::Null);
    Some(Request { line, headers, body })
}

/// A whole response.
pub fn response(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 {status} X\r\n{headers}connection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

pub fn json(status: u16, body: &Value) -> Vec<u8> {
    response(status, "content-type: application/json\r\n", body.to_string())
}

/// The head of a streamed answer, whose body ends with the connection.
pub fn stream_head() -> Vec<u8> {
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\nconnection: close\r\n\r\n".to_vec()
}

/// A streamed answer with this body.
pub fn stream(body: &str) -> Vec<u8> {
    [stream_head(), body.as_bytes().to_vec()].concat()
}

/// A good answer of chat completions.
pub fn good() -> Vec<u8> {
    stream(concat!(
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Good.\"}}]}\n\n",
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
        "data: [DONE]\n\n",
    ))
}

pub fn good_events() -> Vec<Event> {
    vec![Event::Delta("Good.".into()), Event::Finished(FinishReason::Stop)]
}

pub fn endpoint(config: EndpointConfig) -> HttpEndpoint {
    HttpEndpoint::new(config, Some(SecretString::from(KEY))).unwrap()
}

pub fn request() -> ChatRequest {
    ChatRequest {
        model: "m-1".into(),
        messages: vec![Prompt::text(Role::User, "Hello")],
        parameters: Parameters::default(),
    }
}

/// All events of an answer; checks that it has one end.
pub async fn ask(endpoint: &HttpEndpoint) -> Vec<Event> {
    ask_for(endpoint, request()).await
}

pub async fn ask_for(endpoint: &HttpEndpoint, request: ChatRequest) -> Vec<Event> {
    let events = tokio::time::timeout(DEADLINE, endpoint.stream(request).collect::<Vec<_>>());
    let events = events.await.expect("the answer has no end");
    let ends = |event: &Event| matches!(event, Event::Finished(_) | Event::Failed(_));
    assert!(events.last().is_some_and(ends), "{events:?}");
    assert_eq!(events.iter().filter(|event| ends(event)).count(), 1, "{events:?}");
    events
}

/// The failure that an answer ends with.
pub async fn failure(endpoint: &HttpEndpoint) -> Failure {
    match ask(endpoint).await.pop() {
        Some(Event::Failed(failure)) => {
            assert!(!failure.message.contains(KEY), "{}", failure.message);
            failure
        }
        other => panic!("{other:?}"),
    }
}
