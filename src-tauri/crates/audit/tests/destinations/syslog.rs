//! Debian's rsyslog over TLS, with a configuration, a port and an account of the tests' own.

use std::collections::HashSet;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::{Desk, PATIENCE, authority, destination, listening, port, until};

struct Rsyslog {
    folder: TempDir,
    port: u16,
    process: Option<Child>,
}

/// A message as it was received.
#[derive(Debug, Clone)]
struct Message {
    structured: String,
    id: String,
    host: String,
    severity: String,
    facility: String,
    text: String,
}

impl Rsyslog {
    fn new() -> Self {
        Self::with_driver("ossl")
    }

    fn with_driver(driver: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        authority::write(folder.path());
        let port = port();
        let at = folder.path().display();
        let configuration = format!(
            r#"global(
  workDirectory="{at}"
  maxMessageSize="64k"
  defaultNetstreamDriver="{driver}"
  defaultNetstreamDriverCAFile="{at}/ca.pem"
  defaultNetstreamDriverCertFile="{at}/server.crt"
  defaultNetstreamDriverKeyFile="{at}/server.key"
)
module(load="imtcp" streamDriver.name="{driver}" streamDriver.mode="1" streamDriver.authMode="x509/certvalid")
input(type="imtcp" port="{port}" address="127.0.0.1")
template(name="all" type="string" string="%structured-data%\t%msgid%\t%hostname%\t%syslogseverity%\t%syslogfacility%\t%msg%\n")
action(type="omfile" file="{at}/received" template="all" asyncWriting="off" flushOnTXEnd="on")
"#
        );
        std::fs::write(folder.path().join("rsyslog.conf"), configuration).unwrap();
        Self { folder, port, process: None }
    }

    fn start(&mut self) {
        let at = self.folder.path();
        let mut process = Command::new("/usr/sbin/rsyslogd")
            .arg("-n")
            .arg("-f")
            .arg(at.join("rsyslog.conf"))
            .arg("-i")
            .arg(at.join("pid"))
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(at.join("errors")).unwrap())
            .spawn()
            .expect("rsyslogd must be there; cargo xtask test installs it");
        listening(self.port, &mut process);
        self.process = Some(process);
    }

    /// Stops it as a system does.
    fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let id = process.id().to_string();
            assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
            process.wait().unwrap();
        }
    }

    fn desk(&self) -> Desk {
        let address = format!("localhost:{}", self.port);
        Desk::new(destination("syslog", &address, self.folder.path()))
    }

    fn received(&self) -> Vec<Message> {
        let file = self.folder.path().join("received");
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let message = |line: &str| {
            let mut fields = line.splitn(6, '\t').map(str::to_owned);
            let mut next = || fields.next().unwrap();
            Message {
                structured: next(),
                id: next(),
                host: next(),
                severity: next(),
                facility: next(),
                text: next().trim_start().to_owned(),
            }
        };
        text.lines().filter(|line| line.contains("[audit@")).map(message).collect()
    }
}

impl Drop for Rsyslog {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// As a receiver drops what it has already: by log, number and hash.
fn once(received: Vec<Message>) -> Vec<String> {
    let mut seen = HashSet::new();
    let new = received.into_iter().filter(|message| seen.insert(message.structured.clone()));
    new.map(|message| message.text).collect()
}

#[test]
fn rsyslog_gets_everything_once_and_in_order() {
    let mut rsyslog = Rsyslog::new();
    rsyslog.start();
    let desk = rsyslog.desk();
    let deliveries = desk.deliver();
    desk.note(20);
    assert!(deliveries.finish(PATIENCE), "{:?}", deliveries.standing());
    rsyslog.stop();
    let received = rsyslog.received();
    let lines: Vec<_> = received.iter().map(|message| message.text.clone()).collect();
    assert_eq!(lines, desk.written(), "while nothing fails, nothing comes twice");
    let Message { structured, id, host, severity, facility, .. } = &received[1];
    assert_eq!((id.as_str(), host.as_str()), ("message.send", "poste-7"));
    assert_eq!((severity.as_str(), facility.as_str()), ("6", "13"));
    assert!(structured.contains("[meta sequenceId=\"2\"][audit@32473 log=\""), "{structured}");
}

#[test]
fn rsyslog_that_is_stopped_in_the_middle_misses_nothing() {
    let mut rsyslog = Rsyslog::new();
    let desk = rsyslog.desk();
    let deliveries = desk.deliver();
    desk.note(30);
    until("the failure", || deliveries.standing().unwrap()[0].problem.is_some());
    rsyslog.start();
    until("the first ones", || !rsyslog.received().is_empty());
    for _ in 0..3 {
        let before = rsyslog.received().len();
        until("more of them", || {
            desk.note(10);
            rsyslog.received().len() > before
        });
        rsyslog.stop();
        desk.note(10);
        rsyslog.start();
    }
    desk.note(1);
    assert!(deliveries.finish(PATIENCE), "{:?}", deliveries.standing());
    rsyslog.stop();
    assert_eq!(once(rsyslog.received()), desk.written());
}

#[test]
fn rsyslog_with_gnutls_ends_silently_and_is_believed_only_where_the_rules_say_so() {
    let mut rsyslog = Rsyslog::with_driver("gtls");
    rsyslog.start();
    let mut desk = rsyslog.desk();
    desk.note(3);
    let deliveries = desk.deliver();
    until("the doubt", || {
        let problem = deliveries.standing().unwrap().remove(0).problem;
        problem.is_some_and(|problem| problem.contains("accept_silent_close"))
    });
    drop(deliveries);
    desk.rules.destinations[0].accept_silent_close = true;
    let deliveries = desk.deliver();
    assert!(deliveries.finish(PATIENCE), "{:?}", deliveries.standing());
    rsyslog.stop();
    assert_eq!(once(rsyslog.received()), desk.written());
}

#[test]
fn a_client_without_a_certificate_delivers_nothing() {
    let mut rsyslog = Rsyslog::new();
    rsyslog.start();
    let mut desk = rsyslog.desk();
    desk.rules.destinations[0].client_certificate = None;
    desk.note(1);
    let deliveries = desk.deliver();
    until("the refusal", || deliveries.standing().unwrap()[0].problem.is_some());
    rsyslog.stop();
    assert!(rsyslog.received().is_empty());
}
