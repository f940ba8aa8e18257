//! Delivery to real receivers, which are stopped and started in the middle: no record is missing,
//! none is there twice, and their order is that of the log.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test, failing is the point"
)]

mod authority;
mod collector;
mod syslog;

use std::net::{TcpListener, TcpStream};
use std::process::Child;
use std::sync::Arc;
use std::time::{Duration, Instant};

use audit::{Action, Deliveries, Destination, Event, Log, Rules, SyncRule, Who};
use tempfile::TempDir;

/// The longest that anything here may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A log, and the rules with its one destination.
struct Desk {
    folder: TempDir,
    log: Arc<Log>,
    rules: Rules,
}

impl Desk {
    fn new(destination: Destination) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let rules =
            Rules { destinations: vec![destination], sync: SyncRule::System, ..Rules::default() };
        let who =
            Who { host: "poste-7".into(), account: "zoé".into(), program: "bureau 1".into() };
        let log = Arc::new(Log::new(folder.path().to_owned(), who, &rules));
        Self { folder, log, rules }
    }

    fn deliver(&self) -> Deliveries {
        Deliveries::begin(self.log.clone(), &self.rules)
    }

    fn note(&self, count: usize) {
        for _ in 0..count {
            self.log.append(Event::new(Action::MessageSend)).unwrap();
        }
    }

    /// The lines of all records.
    fn written(&self) -> Vec<String> {
        let records = audit::Records::after(self.folder.path(), 0).unwrap();
        records.map(|written| written.unwrap().line).collect()
    }
}

/// A port that is free.
fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until this holds.
fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "{what} did not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Waits until a receiver listens.
fn listening(port: u16, process: &mut Child) {
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(process.try_wait().unwrap().is_none(), "the receiver ended");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn destination(kind: &str, address: &str, folder: &std::path::Path) -> Destination {
    serde_json::from_value(serde_json::json!({
        "name": "receiver",
        "kind": kind,
        "address": address,
        "ca_certificates": [folder.join("ca.pem")],
        "client_certificate": folder.join("client.pem"),
        "headers": { "authorization": "Bearer of-the-test" },
    }))
    .unwrap()
}
