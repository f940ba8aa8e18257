//! `bureau ask` as a whole process, on a history of a million messages: how soon the first delta
//! is on standard output after the endpoint sent it, and how much memory the process takes.

use std::io::Read;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use secrecy::SecretString;
use vault::Vault;
use whole_program::{Endpoint, PASSPHRASE, Profile, Reply, chunk, stream_of};

use crate::million;
use crate::table::Row;

const MESSAGES: usize = 1_000_000;
const MESSAGES_PER_CONVERSATION: usize = 20;
const RUNS: usize = 9;
const GOAL_LATENCY: Duration = Duration::from_millis(30);
const GOAL_MEMORY_KB: u64 = 60 * 1024;

/// Measures both, over several runs; the medians are told.
pub fn measure() -> Vec<Row> {
    let profile = Profile::new();
    let key = Vault::at(&profile.data())
        .create_with_passphrase(&SecretString::from(PASSPHRASE))
        .expect("a new vault");
    let begun = Instant::now();
    million::build(&profile.data(), key.expose(), MESSAGES, MESSAGES_PER_CONVERSATION);
    eprintln!("  {MESSAGES} messages written in {:.1} s", begun.elapsed().as_secs_f64());

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

/// The most memory that a living process has had resident, in kB (`VmHWM`, proc(5)); 0 where
/// the system does not tell.
fn peak_memory_kb(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
