//! The place on this machine that the browser comes back to (RFC 8252 §7.3): one port, one path,
//! for one answer.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use crate::BrowserPage;

const PATH: &str = "/callback";
/// The most bytes of a request's head: an answer with a long code has some thousand.
const MOST: usize = 64 * 1024;
/// How long one request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open port of this machine, which only this machine reaches.
pub(crate) struct Loopback {
    listener: TcpListener,
    port: u16,
}

/// What the browser brought back.
#[derive(Default)]
pub(crate) struct Returned {
    pub(crate) code: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) iss: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) error_description: Option<String>,
}

impl Loopback {
    /// Opens any free port.
    pub(crate) async fn open() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port })
    }

    /// Where to send the browser. By number: a name could be resolved to elsewhere (§8.3).
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}{PATH}", self.port)
    }

    /// Waits for what is wanted. What else comes is turned away, and does not end the wait: any
    /// page and any program on this machine can send something here.
    pub(crate) async fn wait(
        &self,
        page: &BrowserPage,
        is_wanted: impl Fn(&Returned) -> bool,
    ) -> Returned {
        let (told, mut tells) = tokio::sync::mpsc::unbounded_channel::<(TcpStream, String)>();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    let Ok((mut stream, _)) = accepted else { continue };
                    let told = told.clone();
                    // A browser opens connections that it may never use: none holds up another.
                    tokio::spawn(async move {
                        if let Ok(Ok(target)) = tokio::time::timeout(PATIENCE, target(&mut stream)).await {
                            let _ = told.send((stream, target));
                        }
                    });
                }
                Some((stream, target)) = tells.recv() => {
                    let returned = self.read(&target).filter(|returned| is_wanted(returned));
                    let Some(returned) = returned else {
                        answer(stream, "404 Not Found", page, &page.failed);
                        continue;
                    };
                    let done = returned.error.is_none();
                    let text = if done { &page.done } else { &page.failed };
                    answer(stream, "200 OK", page, text);
                    return returned;
                }
            }
        }
    }

    /// What a request's target brings; none where it is for another path.
    fn read(&self, target: &str) -> Option<Returned> {
        let url = Url::parse(&self.address()).ok()?.join(target).ok()?;
        if url.path() != PATH || url.port() != Some(self.port) {
            return None;
        }
        let mut returned = Returned::default();
        for (name, value) in url.query_pairs() {
            let field = match &*name {
                "code" => &mut returned.code,
                "state" => &mut returned.state,
                "iss" => &mut returned.iss,
                "error" => &mut returned.error,
                "error_description" => &mut returned.error_description,
                _ => continue,
            };
            // What is said twice is not said (RFC 6749 §3.1).
            if field.is_some() {
                return None;
            }
            *field = Some(value.into_owned());
        }
        Some(returned)
    }
}

/// The target of a GET request (RFC 9112 §3.2).
async fn target(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        if head.len() > MOST || stream.read_buf(&mut head).await? == 0 {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
    let line = head.split(|&byte| byte == b'\r').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    let mut words = line.split(' ');
    match (words.next(), words.next()) {
        (Some("GET"), Some(target)) if target.starts_with('/') => Ok(target.to_owned()),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// Answers with a page that says how it went. Its address holds a code, so nothing may keep it or
/// take it elsewhere.
fn answer(mut stream: TcpStream, status: &'static str, page: &BrowserPage, text: &str) {
    let body = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>Bureau</title><style>{STYLE}</style>\
         <main><h1>Bureau</h1><p>{}</p></main></html>",
        escaped(&page.language),
        escaped(text)
    );
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\nreferrer-policy: no-referrer\r\n\
         content-security-policy: default-src 'none'; style-src 'unsafe-inline'; \
         frame-ancestors 'none'\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n",
        body.len()
    );
    tokio::spawn(async move {
        let _ = stream.write_all((head + &body).as_bytes()).await;
        let _ = stream.shutdown().await;
        // Closing before the browser has read all would take the page away from it.
        let _ = tokio::time::timeout(PATIENCE, stream.read(&mut [0; 64])).await;
    });
}

const STYLE: &str = ":root{color-scheme:light dark}body{display:grid;place-items:center;\
    min-height:90vh;margin:1rem;font:1.125rem/1.5 system-ui,sans-serif}main{max-width:30rem}";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn page() -> BrowserPage {
        BrowserPage { language: "en".into(), done: "Yes <b>".into(), failed: "No".into() }
    }

    async fn get(address: &str) -> String {
        let url = Url::parse(address).unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", url.port().unwrap())).await.unwrap();
        let target = &address[url.origin().ascii_serialization().len()..];
        let request = format!("GET {target} HTTP/1.1\r\nhost: x\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn what_was_not_asked_for_is_turned_away_and_ends_nothing() {
        let loopback = Loopback::open().await.unwrap();
        let address = loopback.address();
        let page = page();
        let wait = loopback.wait(&page, |returned| returned.state.as_deref() == Some("right"));
        let come = async {
            // One that says nothing holds nobody up.
            let _silent = TcpStream::connect(("127.0.0.1", loopback.port)).await.unwrap();
            for wrong in
                ["?state=wrong&code=c", "", "/more?state=right", "?state=right&state=right"]
            {
                let answer = get(&format!("{address}{wrong}")).await;
                assert!(answer.starts_with("HTTP/1.1 404"), "{wrong}: {answer}");
            }
            get(&format!("{address}?state=right&code=a%2Bb")).await
        };
        let (returned, answer) = tokio::join!(wait, come);
        assert_eq!(returned.code.as_deref(), Some("a+b"));
        assert!(answer.contains("Yes &lt;b>") && answer.contains("no-store"), "{answer}");
    }

    proptest! {
        #[test]
        fn any_target_is_read_or_turned_away(target in "/(callback)?.{0,200}") {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let loopback = runtime.block_on(Loopback::open()).unwrap();
            if let Some(returned) = loopback.read(&target) {
                prop_assert!(target.contains(PATH) || returned.code.is_none());
            }
        }
    }
}
