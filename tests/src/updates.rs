//! A static server of updates on a loopback port, which cuts connections where a test wants it.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minisign::KeyPair;
use serde_json::json;

/// What is served.
#[derive(Clone)]
pub struct Served {
    /// The announcement; nothing is there without one.
    pub announcement: Option<Vec<u8>>,
    /// The package.
    pub package: Vec<u8>,
    /// What it is called.
    pub etag: Option<String>,
    /// Whether parts of it are sent.
    pub ranges: bool,
    /// After so many of its bytes the connection breaks.
    pub cut: Option<usize>,
    /// How long is waited before every piece of it.
    pub pause: Duration,
}

/// A request for the package, and how it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The part that was asked for.
    pub range: Option<String>,
    /// Of which file.
    pub if_range: Option<String>,
    /// The status that came back.
    pub status: u16,
}

/// The server, and the organisation that signs for it.
pub struct UpdateServer {
    place: String,
    keys: KeyPair,
    served: Arc<Mutex<Served>>,
    asked: Arc<Mutex<Vec<Asked>>>,
    looked: Arc<Mutex<usize>>,
}

impl UpdateServer {
    /// Starts listening, with nothing to be had.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let place = format!("http://{}", listener.local_addr().unwrap());
        let served = Served {
            announcement: None,
            package: Vec::new(),
            etag: Some("\"one\"".to_owned()),
            ranges: true,
            cut: None,
            pause: Duration::ZERO,
        };
        let server = Self {
            place,
            keys: KeyPair::generate_unencrypted_keypair().unwrap(),
            served: Arc::new(Mutex::new(served)),
            asked: Arc::default(),
            looked: Arc::default(),
        };
        let (served, asked, looked) =
            (server.served.clone(), server.asked.clone(), server.looked.clone());
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let served = served.lock().unwrap().clone();
                let (asked, looked) = (asked.clone(), looked.clone());
                // A client that goes away is part of many tests.
                thread::spawn(move || drop(serve(connection, &served, &asked, &looked)));
            }
        });
        server
    }

    /// What a policy says of it.
    pub fn policy(&self) -> String {
        let key = self.keys.pk.to_base64();
        format!(
            "[updates]\nchannel = \"stable\"\naddress = \"{}/{{{{channel}}}}/latest.json\"\npublic_key = \"{key}\"\n",
            self.place
        )
    }

    /// The organisation's signature over a package, as this version.
    pub fn sign(&self, package: &[u8], version: &str) -> String {
        signed(&self.keys, package, version)
    }

    /// Offers a package as this version, with a signature.
    pub fn offer_signed(&self, version: &str, package: &[u8], signature: &str) {
        let url = format!("{}/package", self.place);
        let package_of = json!({"url": url, "signature": STANDARD.encode(signature)});
        let system = format!("linux-{}", std::env::consts::ARCH);
        let announcement = json!({"version": version, "notes": "What is new: <b>all</b>.",
            "platforms": {system: package_of}});
        let mut served = self.served();
        served.announcement = Some(announcement.to_string().into_bytes());
        served.package = package.to_vec();
    }

    /// Offers a good package as this version.
    pub fn offer(&self, version: &str, package: &[u8]) {
        self.offer_signed(version, package, &self.sign(package, version));
    }

    /// What is served from now on.
    pub fn served(&self) -> MutexGuard<'_, Served> {
        self.served.lock().unwrap()
    }

    /// The requests for the package so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// How often the announcement was asked for.
    pub fn looked(&self) -> usize {
        *self.looked.lock().unwrap()
    }
}

/// A signature by a key that is nobody's.
pub fn signed_by_another(package: &[u8], version: &str) -> String {
    signed(&KeyPair::generate_unencrypted_keypair().unwrap(), package, version)
}

fn signed(keys: &KeyPair, package: &[u8], version: &str) -> String {
    let comment = format!("timestamp:1\tfile:package\tversion:{version}");
    minisign::sign(None, &keys.sk, package, Some(&comment), None).unwrap().into_string()
}

fn serve(
    mut stream: TcpStream,
    served: &Served,
    asked: &Mutex<Vec<Asked>>,
    looked: &Mutex<usize>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let (mut range, mut if_range) = (None, None);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        match name.to_ascii_lowercase().as_str() {
            "range" => range = Some(value.to_owned()),
            "if-range" => if_range = Some(value.to_owned()),
            _ => {}
        }
    }
    if request.starts_with("GET /stable/latest.json ") {
        *looked.lock().unwrap() += 1;
        return match &served.announcement {
            Some(text) => {
                let head =
                    "HTTP/1.1 200 X\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
                stream.write_all(head.as_bytes())?;
                stream.write_all(text)
            }
            None => stream
                .write_all(b"HTTP/1.1 404 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
        };
    }
    let total = served.package.len();
    let from = range
        .as_deref()
        .and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
    let same = if_range.is_none() || if_range == served.etag;
    let from = from.filter(|from| served.ranges && same && *from < total);
    let status = if from.is_some() { 206 } else { 200 };
    asked.lock().unwrap().push(Asked { range, if_range, status });
    let from = from.unwrap_or(0);
    let mut head =
        format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n", total - from);
    if status == 206 {
        head += &format!("content-range: bytes {from}-{}/{total}\r\n", total - 1);
    }
    if let Some(etag) = &served.etag {
        head += &format!("etag: {etag}\r\n");
    }
    stream.write_all((head + "\r\n").as_bytes())?;
    let end = served.cut.map_or(total, |cut| total.min(from + cut));
    for piece in served.package[from..end].chunks(1 << 14) {
        thread::sleep(served.pause);
        stream.write_all(piece)?;
    }
    Ok(())
}
