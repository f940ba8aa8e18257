//! `bureau ask` as a whole process, on a history of a million messages: how soon the first delta
//! is on standard output after the endpoint sent it, and how much memory the process takes.

use std::io::Read;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use whole_program::process::peak_memory_kb;
use whole_program::{Endpoint, Profile, Reply, chunk, stream_of};

use crate::table::Row;

const RUNS: usize = 9;
const GOAL_LATENCY: Duration = Duration::from_millis(30);
const GOAL_MEMORY_KB: u64 = 60 * 1024;

/// Measures both, over several runs on this profile; the medians are told.
pub fn measure(profile: &Profile) -> Vec<Row> {
    let (sent, sending) = mpsc::channel();
    let endpoint = Endpoint::start(move |_| {
        let mut replies = stream_of([], Duration::ZERO);
        let end = replies.split_off(1);
        replies.push(Reply::Pause(Duration::from_millis(50)));
        replies.push(Reply::Call(std::sync::Arc::new({
            let sent = sent.clone();
            move || {
                // The receiver lives as long as the measurement.
                let _ = sent.send(Instant::now());
            }
        })));
        replies.push(chunk("premier"));
        // Time enough to look at the process while it lives.
        replies.push(Reply::Pause(Duration::from_millis(300)));
        replies.extend(end);
        replies
    });

    let mut latencies = Vec::new();
    let mut memories = Vec::new();
    for _ in 0..RUNS {
        let mut child = profile
            .bureau(&["ask", "Bonjour"])
            .env("BUREAU_ENDPOINT", endpoint.address())
            .env("BUREAU_MODEL", "m")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the terminal program");
        let mut first = [0; 7];
        child.stdout.as_mut().expect("a pipe").read_exact(&mut first).expect("a first delta");
        let heard = Instant::now();
        latencies.push(heard.saturating_duration_since(sending.recv().expect("a time")));
        memories.push(peak_memory_kb(child.id()));
        assert!(child.wait().expect("an end").success());
    }
    latencies.sort();
    memories.sort();
    let (latency, memory) = (latencies[RUNS / 2], memories[RUNS / 2]);
    vec![
        Row {
            what:
                "bureau ask, 1,000,000 messages: first delta on standard output after its sending"
                    .into(),
            measured: format!("{:.1} ms", latency.as_secs_f64() * 1000.0),
            goal: "≤ 30 ms".into(),
            met: latency <= GOAL_LATENCY,
        },
        Row {
            what: "bureau ask, 1,000,000 messages: peak memory of the process".into(),
            measured: format!("{:.1} MB", memory as f64 / 1024.0),
            goal: "≤ 60 MB".into(),
            met: memory > 0 && memory <= GOAL_MEMORY_KB,
        },
    ]
}
