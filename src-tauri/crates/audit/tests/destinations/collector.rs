//! An OTLP receiver: the official schema, behind a server of the tests (`collector.py`).

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::{Desk, PATIENCE, authority, destination, listening, port, until};

struct Collector {
    folder: TempDir,
    port: u16,
    process: Option<Child>,
}

impl Collector {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        authority::write(folder.path());
        let collector = Self { folder, port: port(), process: None };
        collector.do_next("take");
        collector
    }

    fn do_next(&self, mode: &str) {
        std::fs::write(self.folder.path().join("mode"), mode).unwrap();
    }

    fn start(&mut self) {
        let python = std::env::var_os("BUREAU_TEST_LLAMA_SERVER").expect(
            "BUREAU_TEST_LLAMA_SERVER must name the Python of the tests; cargo xtask test sets it",
        );
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/destinations/collector.py");
        let mut process = Command::new(python)
            .arg(script)
            .arg(self.folder.path())
            .arg(self.port.to_string())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        listening(self.port, &mut process);
        self.process = Some(process);
    }

    fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    fn desk(&self) -> Desk {
        let address = format!("https://localhost:{}/v1/logs", self.port);
        Desk::new(destination("otlp", &address, self.folder.path()))
    }

    fn taken(&self) -> Vec<Value> {
        let file: PathBuf = self.folder.path().join("taken");
        let text = std::fs::read_to_string(file).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.stop();
    }
}

fn lines(taken: &[Value]) -> Vec<&str> {
    taken.iter().map(|record| record["line"].as_str().unwrap()).collect()
}

#[test]
fn a_collector_that_is_stopped_in_the_middle_gets_everything_once_and_in_order() {
    let mut collector = Collector::new();
    let desk = collector.desk();
    // It is not there when the first ones are written.
    let deliveries = desk.deliver();
    desk.note(40);
    until("the failure", || deliveries.standing().unwrap()[0].problem.is_some());
    assert!(deliveries.standing().unwrap()[0].behind > 40);
    collector.start();
    assert!(deliveries.finish(PATIENCE));
    let writing = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for _ in 0..40 {
                desk.note(5);
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
        });
        let before = collector.taken().len();
        until("the first of them", || collector.taken().len() > before);
        collector.stop();
        std::thread::sleep(std::time::Duration::from_millis(100));
        collector.start();
        writer.join()
    });
    writing.unwrap();
    // Another process goes on where this one ended.
    drop(deliveries);
    let deliveries = desk.deliver();
    desk.note(3);
    assert!(deliveries.finish(PATIENCE), "{:?}", deliveries.standing());
    let taken = collector.taken();
    let mut once = lines(&taken);
    once.dedup();
    assert_eq!(once, desk.written());
    let first = &taken[1];
    assert_eq!(first["event"], "bureau.message.send");
    assert_eq!(first["service"], "bureau");
    assert_eq!((&first["sequence"], &first["severity"]), (&2.into(), &9.into()));
    assert_eq!(deliveries.standing().unwrap()[0].problem, None);
}

#[test]
fn an_answer_that_is_lost_brings_the_same_record_with_the_same_id() {
    let mut collector = Collector::new();
    collector.start();
    collector.do_next("silent");
    let desk = collector.desk();
    desk.note(3);
    let deliveries = desk.deliver();
    until("a lost answer", || collector.taken().len() >= 4);
    collector.do_next("take");
    assert!(deliveries.finish(PATIENCE));
    let taken = collector.taken();
    assert!(taken.len() > 4, "they have to come again");
    let mut seen = std::collections::HashSet::new();
    let once: Vec<_> = taken
        .iter()
        .filter(|record| seen.insert(record["uid"].as_str().unwrap()))
        .cloned()
        .collect();
    assert_eq!(lines(&once), desk.written());
}

#[test]
fn what_a_collector_cannot_take_now_waits_and_what_it_rejects_is_told() {
    let mut collector = Collector::new();
    collector.do_next("unavailable");
    collector.start();
    let desk = collector.desk();
    desk.note(2);
    let deliveries = desk.deliver();
    until("the refusal", || {
        let problem = deliveries.standing().unwrap().remove(0).problem;
        problem.is_some_and(|problem| problem.contains("503"))
    });
    assert!(collector.taken().is_empty());
    collector.do_next("reject");
    assert!(!deliveries.finish(std::time::Duration::ZERO));
    until("the next attempt", || !collector.taken().is_empty());
    collector.do_next("take");
    until("the note of it", || desk.written().iter().any(|line| line.contains("audit.reject")));
    assert!(deliveries.finish(PATIENCE));
    let told = desk.written().into_iter().find(|line| line.contains("audit.reject")).unwrap();
    assert!(told.contains("not this one") && told.contains("\"count\":1"), "{told}");
}

#[test]
fn a_collector_that_is_somebody_else_gets_nothing() {
    let (mut collector, other) = (Collector::new(), Collector::new());
    collector.start();
    let mut desk = collector.desk();
    desk.rules.destinations[0].ca_certificates = vec![other.folder.path().join("ca.pem")];
    desk.note(1);
    let deliveries = desk.deliver();
    until("the refusal", || deliveries.standing().unwrap()[0].problem.is_some());
    assert!(collector.taken().is_empty());
}
