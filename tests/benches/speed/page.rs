//! The page in Chromium, given what the program sends: an answer that arrives beside what renders
//! Markdown in other pages, a conversation of 10,000 messages, and what is loaded at first.
//!
//! `ui/bench` opens the page as it is built for the window, with a stand-in for Tauri that
//! answers as `record` wrote down from the real program.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use assistant::{Assistant, Config, Folders};
use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use whole_program::{PASSPHRASE, Profile, workspace};

use crate::million;
use crate::record::record;
use crate::table::Row;

const MESSAGES: usize = 10_000;

/// What the main thread computed for an answer, in seconds.
#[derive(Deserialize)]
struct Answer {
    bureau: f64,
    streamdown: f64,
    react_markdown: f64,
}

/// How a long conversation was opened and scrolled, in milliseconds and bytes.
#[derive(Deserialize)]
struct Long {
    first_screen: f64,
    frames: usize,
    empty_frames: usize,
    median_frame: f64,
    longest_frame: f64,
    heap_growth: f64,
    /// None where the system does not tell.
    process_growth: Option<f64>,
}

/// What the page loads before its first screen, in bytes; scripts and styles compressed.
#[derive(Deserialize)]
struct Loaded {
    code: usize,
    fonts: usize,
}

/// Records the program, lets Chromium measure the page, and tells what came out.
pub fn measure() -> Vec<Row> {
    let profile = Profile::new();
    let folders = Folders { config: profile.data().with_file_name("config"), data: profile.data() };
    let assistant = Assistant::new(folders, Config::default());
    assistant.create_with_passphrase(&SecretString::from(PASSPHRASE)).expect("a new vault");
    let key = assistant.data_key().expect("the history is open");
    million::build(&profile.data(), key.expose(), MESSAGES, MESSAGES);

    let exchange = tempfile::tempdir().expect("a folder");
    let program = record(&assistant, exchange.path());
    let status = Command::new("npx")
        .args(["playwright", "test", "--config", "bench"])
        .current_dir(workspace().join("ui"))
        .env("BUREAU_BENCH_FOLDER", exchange.path())
        .status()
        .expect("npx");
    assert!(status.success(), "the lines above say what could not be measured");

    let mut rows = Vec::from(arriving(&result(exchange.path(), "answer")));
    rows.extend(long(&result(exchange.path(), "conversation"), program));
    rows.push(loaded(&result(exchange.path(), "loaded")));
    rows
}

fn arriving(answer: &Answer) -> [Row; 2] {
    let Answer { bureau, streamdown, react_markdown } = answer;
    let row = |other: &str, seconds: &f64| {
        let ratio = bureau / seconds;
        Row {
            what: format!(
                "page's main thread for a 200 kB answer that the program renders beside it, \
                 against {other}"
            ),
            measured: format!("{ratio:.3} × ({bureau:.1} s against {seconds:.1} s)"),
            goal: "≤ 0.10 ×".into(),
            met: ratio <= 0.1,
        }
    };
    [
        row("streamdown, which highlights nothing", streamdown),
        row(
            "react-markdown with rehype-highlight, of which a fortieth is measured",
            react_markdown,
        ),
    ]
}

fn long(long: &Long, program: Duration) -> Vec<Row> {
    let program = program.as_secs_f64() * 1000.0;
    let whole = program + long.first_screen;
    let megabytes = |bytes: f64| bytes / 1024.0 / 1024.0;
    let growth = megabytes(long.process_growth.unwrap_or(long.heap_growth));
    let heap = megabytes(long.heap_growth);
    let row = |what: &str, measured: String, goal: &str, met| Row {
        what: format!("conversation of 10,000 messages: {what}"),
        measured,
        goal: goal.into(),
        met,
    };
    vec![
        row(
            "from the click to the first screen",
            format!("{whole:.0} ms (page {:.0}, program {program:.0})", long.first_screen),
            "≤ 100 ms",
            whole <= 100.0,
        ),
        row(
            "scrolled through, a screen a frame: the longest frame",
            format!(
                "{:.0} ms (median {:.0}; {} of {} empty)",
                long.longest_frame, long.median_frame, long.empty_frames, long.frames
            ),
            "≤ 50 ms, none empty",
            long.longest_frame <= 50.0 && long.empty_frames == 0,
        ),
        row(
            "growth of the page's process",
            format!("{growth:.0} MB (of its JavaScript heap {heap:.0} MB)"),
            "< 50 MB",
            growth < 50.0,
        ),
    ]
}

fn loaded(loaded: &Loaded) -> Row {
    let kilobytes = |bytes: usize| bytes as f64 / 1000.0;
    Row {
        what: "scripts and styles that the page loads before its first screen, gzip".into(),
        measured: format!(
            "{:.0} kB (and {:.0} kB of fonts)",
            kilobytes(loaded.code),
            kilobytes(loaded.fonts)
        ),
        goal: "< 150 kB".into(),
        met: kilobytes(loaded.code) < 150.0,
    }
}

fn result<T: DeserializeOwned>(folder: &Path, name: &str) -> T {
    let json = fs::read(folder.join(format!("{name}.json"))).expect("what was measured");
    serde_json::from_slice(&json).expect("JSON")
}
