//! A stream of 10,000 chunks, parsed and delivered, against OpenAI's own Python client on the
//! same stream from the same server.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use conversation::Role;
use endpoint::{ChatModel, ChatRequest, EndpointConfig, Event, HttpEndpoint, Parameters, Prompt};
use futures::StreamExt;
use whole_program::{Endpoint, process, stream_of};

use crate::table::Row;

const CHUNKS: usize = 10_000;
/// CPU time is counted in ticks of 10 ms; so many streams make that fine enough.
const RUNS: usize = 20;
const SERVER: &str = "--serve-a-stream";

/// In the process that was started for it, serves the stream until it is killed.
pub fn serve_if_asked() -> bool {
    if std::env::args().nth(1).as_deref() != Some(SERVER) {
        return false;
    }
    let endpoint = Endpoint::start(|_| {
        let words = (0..CHUNKS).map(|n| if n % 2 == 0 { "bon" } else { "jour " });
        // In one piece, so that the server is never what is waited for.
        let bytes =
            stream_of(words, Duration::ZERO).into_iter().fold(Vec::new(), |mut all, reply| {
                if let whole_program::Reply::Bytes(bytes) = reply {
                    all.extend(bytes);
                }
                all
            });
        vec![whole_program::Reply::Bytes(bytes)]
    });
    println!("{}", endpoint.address());
    loop {
        std::thread::park();
    }
}

/// Measures both clients, the server being a process of its own.
pub fn measure() -> Vec<Row> {
    let this = std::env::current_exe().expect("this program's file");
    let mut server =
        Command::new(this).arg(SERVER).stdout(Stdio::piped()).spawn().expect("a server");
    let mut address = String::new();
    let stdout = server.stdout.take().expect("a pipe");
    BufReader::new(stdout).read_line(&mut address).expect("an address");
    let address = address.trim();
    let ours = ours(address);
    let theirs = theirs(address);
    server.kill().expect("the server is running");
    server.wait().expect("an end");
    let what = "10,000 streamed chunks, parsed and delivered: CPU against the openai Python client";
    let row = |measured: String, met| {
        vec![Row { what: what.into(), measured, goal: "≤ 0.10 ×".into(), met }]
    };
    match theirs {
        Some(theirs) => {
            let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
            let (ours, theirs) = (ours.as_secs_f64() * 1000.0, theirs.as_secs_f64() * 1000.0);
            row(format!("{ratio:.3} × ({ours:.0} ms against {theirs:.0} ms)"), ratio <= 0.1)
        }
        None => {
            row(format!("{:.0} ms; no client to compare with", ours.as_secs_f64() * 1000.0), false)
        }
    }
}

fn ours(address: &str) -> Duration {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let endpoint =
        HttpEndpoint::new(EndpointConfig::new(address.to_owned()), None).expect("an endpoint");
    let read = || {
        let request = ChatRequest {
            model: "m".to_owned(),
            messages: vec![Prompt::text(Role::User, "x")],
            parameters: Parameters::default(),
        };
        let events = runtime.block_on(endpoint.stream(request).collect::<Vec<_>>());
        let deltas = events.iter().filter(|event| matches!(event, Event::Delta(_))).count();
        assert_eq!(deltas, CHUNKS, "{:?}", events.last());
    };
    read();
    let before = process::used();
    (0..RUNS).for_each(|_| read());
    (process::used() - before) / RUNS as u32
}

/// The same with the client of the Python that `BUREAU_BENCH_PYTHON` names.
fn theirs(address: &str) -> Option<Duration> {
    let python = std::env::var_os("BUREAU_BENCH_PYTHON")?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/speed/openai_client.py");
    let output =
        Command::new(python).args([script, address]).stderr(Stdio::inherit()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (seconds, chunks) = text.trim().split_once(' ')?;
    assert_eq!(chunks.parse(), Ok(CHUNKS), "{text}");
    Some(Duration::from_secs_f64(seconds.parse().ok()?))
}
