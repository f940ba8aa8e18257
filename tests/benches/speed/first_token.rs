//! How soon the built-in model's first word is there, in a process that has just begun.

use std::io::Read;
use std::process::Stdio;
use std::time::{Duration, Instant};

use whole_program::Profile;

use crate::table::Row;

const RUNS: usize = 5;
const GOAL: Duration = Duration::from_secs(1);

/// Measures from the start of the process to the first byte on standard output; the median.
pub fn measure() -> Vec<Row> {
    let profile = Profile::new();
    let mut times: Vec<_> = (0..RUNS).map(|_| first_token(&profile)).collect();
    times.sort();
    let time = times[RUNS / 2];
    vec![Row {
        what: "built-in model, cold: first token after Enter".into(),
        measured: format!("{:.2} s", time.as_secs_f64()),
        goal: "< 1 s".into(),
        met: time < GOAL,
    }]
}

fn first_token(profile: &Profile) -> Duration {
    let begun = Instant::now();
    let mut child = profile
        .bureau(&["ask", "--temporary", "--model", "SmolLM2-135M-Instruct", "Why is the sky blue?"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the terminal program");
    let mut first = [0];
    child.stdout.as_mut().expect("a pipe").read_exact(&mut first).expect("a first token");
    let time = begun.elapsed();
    child.kill().expect("the program is still answering");
    child.wait().expect("an end");
    time
}
