//! Bringing in an export of ChatGPT's of two gigabytes, by the terminal program as a whole
//! process: how much memory it takes, and how fast it is beside reading the file alone.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use whole_program::Profile;
use whole_program::process::peak_memory_kb;

use crate::table::Row;

const BYTES: u64 = 2_000_000_000;
const GOAL_MEMORY_KB: u64 = 200 * 1000;

/// Measures on a profile of its own; the disk must hold the export and its history.
pub fn measure() -> Vec<Row> {
    let profile = Profile::new();
    let export = profile.root().join("conversations.json");
    let conversations = write(&export);
    let begun = Instant::now();
    ::import::import(&export, &mut |_| ControlFlow::Continue(())).expect("an export");
    let reading = begun.elapsed();

    let mut child = profile
        .bureau(&["history", "import", export.to_str().expect("a path")])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the terminal program");
    let begun = Instant::now();
    let mut most = 0;
    while child.try_wait().expect("a process").is_none() {
        most = most.max(peak_memory_kb(child.id()));
        std::thread::sleep(Duration::from_millis(100));
    }
    let importing = begun.elapsed();
    let output = child.wait_with_output().expect("an end");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.starts_with(&format!("{conversations} imported, 0 here")), "{told}");
    vec![Row {
        what: format!(
            "import of 2 GB, {conversations} conversations: peak memory; it took {:.0} s, reading \
             alone {:.0} s",
            importing.as_secs_f64(),
            reading.as_secs_f64()
        ),
        measured: format!("{:.0} MB", most as f64 / 1000.0),
        goal: "< 200 MB".into(),
        met: most > 0 && most < GOAL_MEMORY_KB,
    }]
}

fn write(path: &Path) -> u64 {
    let mut out = BufWriter::new(File::create(path).expect("a file"));
    let count = ::import::synthetic::write_chatgpt_export(&mut out, BYTES).expect("an export");
    out.flush().expect("the disk takes it");
    count
}
