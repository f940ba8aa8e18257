//! An HTTP endpoint on a loopback port that answers as a test tells it to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// A step of an answer.
#[derive(Clone)]
pub enum Reply {
    /// Send these bytes as they are.
    Bytes(Vec<u8>),
    /// Wait.
    Pause(Duration),
    /// Call this, to tell the test that the answer has come here.
    Call(Arc<dyn Fn() + Send + Sync>),
}

impl Reply {
    /// A whole HTTP response with a JSON body.
    pub fn json(status: u16, body: &Value) -> Vec<Self> {
        let body = body.to_string();
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        vec![Self::Bytes((head + &body).into_bytes())]
    }
}

/// A server-sent event with this text as the next piece of an answer.
pub fn chunk(text: &str) -> Reply {
    let data = json!({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": text}}]});
    Reply::Bytes(format!("data: {data}\n\n").into_bytes())
}

/// An answer that streams these pieces with this pause before each.
pub fn stream_of<'a>(pieces: impl IntoIterator<Item = &'a str>, pause: Duration) -> Vec<Reply> {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    let mut replies = vec![Reply::Bytes(head.into())];
    for piece in pieces {
        if !pause.is_zero() {
            replies.push(Reply::Pause(pause));
        }
        replies.push(chunk(piece));
    }
    let end = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    let usage = json!({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 5}});
    replies.push(Reply::Bytes(
        format!("data: {end}\n\ndata: {usage}\n\ndata: [DONE]\n\n").into_bytes(),
    ));
    replies
}

type Script = dyn Fn(&Value) -> Vec<Reply> + Send + Sync;

/// The endpoint; it stops listening when its test ends.
pub struct Endpoint {
    address: String,
    requests: Arc<Mutex<Vec<Value>>>,
    bodies: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Endpoint {
    /// Starts listening. `script` gets each chat request's JSON and tells what to answer.
    pub fn start(script: impl Fn(&Value) -> Vec<Reply> + Send + Sync + 'static) -> Self {
        Self::start_at("127.0.0.1:0".parse().unwrap(), script)
    }

    /// The same at a place that is known before.
    pub fn start_at(
        place: SocketAddr,
        script: impl Fn(&Value) -> Vec<Reply> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(place).unwrap();
        let address = format!("http://{}/v1", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let (script, seen): (Arc<Script>, _) = (Arc::new(script), requests.clone());
        let came = bodies.clone();
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (script, seen, came) = (script.clone(), seen.clone(), came.clone());
                thread::spawn(move || {
                    // A client that goes away in mid-answer is part of many tests.
                    let _ = serve(connection, &*script, &seen, &came);
                });
            }
        });
        Self { address, requests, bodies }
    }

    /// An endpoint that answers every question with this text, word by word.
    pub fn saying(text: &'static str) -> Self {
        Self::start(move |_| stream_of(text.split_inclusive(' '), Duration::ZERO))
    }

    /// Its base address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Their bodies, byte for byte.
    pub fn bodies(&self) -> Vec<Vec<u8>> {
        self.bodies.lock().unwrap().clone()
    }

    /// The chat requests that have come so far.
    pub fn requests(&self) -> Vec<Value> {
        self.requests.lock().unwrap().clone()
    }
}

fn serve(
    stream: TcpStream,
    script: &Script,
    seen: &Mutex<Vec<Value>>,
    came: &Mutex<Vec<Vec<u8>>>,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    loop {
        let mut request = String::new();
        if reader.read_line(&mut request)? == 0 {
            return Ok(());
        }
        let mut length = 0;
        loop {
            let mut header = String::new();
            reader.read_line(&mut header)?;
            let header = header.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        if request.starts_with("GET ") {
            let models = json!({"object": "list", "data": [{"id": "scripted", "object": "model"}]});
            for reply in Reply::json(200, &models) {
                perform(&mut stream, reply)?;
            }
            continue;
        }
        came.lock().unwrap().push(body.clone());
        let body: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let replies = script(&body);
        seen.lock().unwrap().push(body);
        for reply in replies {
            perform(&mut stream, reply)?;
        }
        return Ok(());
    }
}

fn perform(stream: &mut TcpStream, reply: Reply) -> std::io::Result<()> {
    match reply {
        Reply::Bytes(bytes) => stream.write_all(&bytes),
        Reply::Pause(time) => {
            thread::sleep(time);
            Ok(())
        }
        Reply::Call(call) => {
            call();
            Ok(())
        }
    }
}
