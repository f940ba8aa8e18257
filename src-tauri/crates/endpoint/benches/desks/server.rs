//! A server on a port of this machine that counts what arrives at it, and can be put out.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures::future::BoxFuture;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

/// What is answered; its errors end the connection.
pub type Body = BoxBody<Bytes, hyper::Error>;

type Answer = dyn Fn(Request<Incoming>) -> BoxFuture<'static, Response<Body>> + Send + Sync;

/// How a server is out.
#[derive(Clone, Copy)]
pub enum Out {
    /// It answers every request with this status, and asks to wait so many seconds.
    Saying { status: u16, retry_after: Option<u32> },
    /// Nothing listens at its port.
    Refusing,
}

/// A server; it listens until it is dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: Mutex<Option<JoinHandle<()>>>,
}

struct Shared {
    answer: Box<Answer>,
    arrived: AtomicU64,
    out: Mutex<Option<Out>>,
}

impl Server {
    /// Listens at a free port, and answers as told.
    pub async fn start(
        answer: impl Fn(Request<Incoming>) -> BoxFuture<'static, Response<Body>> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            answer: Box::new(answer),
            arrived: AtomicU64::new(0),
            out: Mutex::new(None),
        });
        let listening = Mutex::new(Some(tokio::spawn(listen(listener, shared.clone()))));
        Self { address, shared, listening }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Requests that have arrived so far.
    pub fn arrived(&self) -> u64 {
        self.shared.arrived.load(Ordering::Relaxed)
    }

    /// Whether nothing listens at its port.
    pub fn refuses(&self) -> bool {
        self.listening.lock().unwrap().is_none()
    }

    /// Puts it out. Answers that are under way go on, unless it refuses.
    pub fn put_out(&self, out: Out) {
        *self.shared.out.lock().unwrap() = Some(out);
        if let Out::Refusing = out
            && let Some(listening) = self.listening.lock().unwrap().take()
        {
            listening.abort();
        }
    }

    /// It is well again.
    pub async fn mend(&self) {
        *self.shared.out.lock().unwrap() = None;
        if self.refuses() {
            let listener = TcpListener::bind(self.address).await.unwrap();
            let listening = tokio::spawn(listen(listener, self.shared.clone()));
            *self.listening.lock().unwrap() = Some(listening);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(listening) = self.listening.lock().unwrap().take() {
            listening.abort();
        }
    }
}

/// Where this ends, every connection ends with it.
async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        stream.set_nodelay(true).unwrap();
        let shared = shared.clone();
        connections.spawn(async move {
            let service = service_fn(|request| {
                let shared = shared.clone();
                async move { Ok::<_, Infallible>(shared.answered(request).await) }
            });
            // A client that goes away is its own affair.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

impl Shared {
    async fn answered(&self, request: Request<Incoming>) -> Response<Body> {
        self.arrived.fetch_add(1, Ordering::Relaxed);
        let out = *self.out.lock().unwrap();
        match out {
            Some(Out::Saying { status, retry_after }) => refusal(status, retry_after),
            _ => (self.answer)(request).await,
        }
    }
}

/// An answer that there is none.
pub fn refusal(status: u16, retry_after: Option<u32>) -> Response<Body> {
    let mut response =
        Response::builder().status(status).header("content-type", "application/json");
    if let Some(seconds) = retry_after {
        response = response.header("retry-after", seconds);
    }
    let body = r#"{"error": {"message": "out for the moment", "type": "server_error"}}"#;
    response.body(Full::from(body).map_err(|never| match never {}).boxed()).unwrap()
}
