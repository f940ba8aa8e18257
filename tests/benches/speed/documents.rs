//! Documents: a PDF of 500 pages read by the terminal program beside `pdftotext`, and a summary
//! in many parts by an endpoint that takes a second for each answer.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use whole_program::process::peak_memory_kb;
use whole_program::{Endpoint, Profile, Reply, chunk, stream_of};

use crate::prose;
use crate::table::Row;

const RUNS: usize = 3;
const PAGES: usize = 500;
const GOAL_MEMORY_KB: u64 = 300 * 1000;
/// How long the endpoint takes for an answer.
const ANSWER: Duration = Duration::from_secs(1);
/// How many requests are made at once.
const AT_ONCE: usize = 4;

/// Measures both on a profile of its own.
pub fn measure() -> Vec<Row> {
    let profile = Profile::new();
    let mut rows = reading(&profile);
    rows.extend(summarising(&profile));
    rows
}

fn reading(profile: &Profile) -> Vec<Row> {
    let (pdf, pages) = long_pdf(profile);
    let (mut ours, mut theirs, mut most) = (Vec::new(), Vec::new(), 0);
    for _ in 0..RUNS {
        let begun = Instant::now();
        let mut child = profile
            .bureau(&["extract", pdf.to_str().expect("a path")])
            .stdout(Stdio::null())
            .spawn()
            .expect("the terminal program");
        while child.try_wait().expect("a process").is_none() {
            // The file is read by a process that this one starts.
            most = most.max(peak_memory_kb(child.id()) + children_peak_kb(child.id()));
            std::thread::sleep(Duration::from_millis(5));
        }
        ours.push(begun.elapsed());
        let begun = Instant::now();
        let other = Command::new("pdftotext").arg(&pdf).arg("-").stdout(Stdio::null()).status();
        if other.is_ok_and(|status| status.success()) {
            theirs.push(begun.elapsed());
        }
    }
    ours.sort();
    theirs.sort();
    let ours = ours[RUNS / 2];
    let (measured, met) = match theirs.get(RUNS / 2) {
        Some(theirs) => {
            let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
            let (ours, theirs) = (ours.as_millis(), theirs.as_millis());
            (format!("{ratio:.2} × ({ours} ms against {theirs} ms)"), ratio <= 2.0)
        }
        None => (format!("{} ms; pdftotext is not installed", ours.as_millis()), false),
    };
    let (beside_pypdf, faster) = match pypdf(&pdf) {
        Some(theirs) => {
            let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
            let (ours, theirs) = (ours.as_millis(), theirs.as_millis());
            (format!("{ratio:.1} × faster ({ours} ms against {theirs} ms)"), ratio >= 20.0)
        }
        None => ("pypdf is not installed".into(), false),
    };
    vec![
        Row {
            what: format!("text of a PDF of {pages} pages, beside pdftotext"),
            measured,
            goal: "≤ 2 ×".into(),
            met,
        },
        Row {
            what: format!("text of a PDF of {pages} pages, beside pypdf"),
            measured: beside_pypdf,
            goal: "≥ 20 × faster".into(),
            met: faster,
        },
        Row {
            what: format!("text of a PDF of {pages} pages: peak memory of both processes"),
            measured: format!("{:.0} MB", most as f64 / 1000.0),
            goal: "< 300 MB".into(),
            met: most > 0 && most < GOAL_MEMORY_KB,
        },
    ]
}

/// How long the `pypdf` of the Python that `BUREAU_BENCH_PYTHON` names takes for the same, once: it
/// takes long.
fn pypdf(pdf: &Path) -> Option<Duration> {
    let python = std::env::var_os("BUREAU_BENCH_PYTHON")?;
    let program =
        "import pypdf, sys\nfor page in pypdf.PdfReader(sys.argv[1]).pages: page.extract_text()";
    let begun = Instant::now();
    let read = Command::new(python).args(["-c", program]).arg(pdf).stderr(Stdio::null()).status();
    read.is_ok_and(|status| status.success()).then(|| begun.elapsed())
}

/// The peak memory of the processes that this one has started.
fn children_peak_kb(process: u32) -> u64 {
    let children = format!("/proc/{process}/task/{process}/children");
    let threads = std::fs::read_dir(format!("/proc/{process}/task"));
    let lists = threads.into_iter().flatten().flatten().map(|task| task.path().join("children"));
    let lists = lists.chain([PathBuf::from(children)]);
    let text: String = lists.filter_map(|list| std::fs::read_to_string(list).ok()).collect();
    let mut ids: Vec<u32> = text.split_whitespace().filter_map(|id| id.parse().ok()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().map(peak_memory_kb).sum()
}

/// A PDF of about [`PAGES`] pages, made by an export of a long conversation.
fn long_pdf(profile: &Profile) -> (PathBuf, usize) {
    let text = prose::long(PAGES * 3_000);
    let message = |parent: Option<usize>, role: &str, text: &str| json!({"parent": parent, "role": role, "text": text, "state": "complete", "created": 1});
    let conversation = json!({
        "key": "bench:1", "title": "A long document", "created": 1, "updated": 1,
        "messages": [message(None, "user", "Write it."), message(Some(0), "assistant", &text)],
    });
    let export =
        format!("{{\"format\":\"bureau\",\"version\":1,\"conversations\":[\n{conversation}\n]}}");
    let file = profile.root().join("long.json");
    write(&file, &export);
    profile.run(&["history", "import", file.to_str().expect("a path")]).ok();
    let listed = profile.run(&["history", "list", "--json"]).ok().json();
    let id = listed[0]["conversation"].as_str().expect("an id").to_owned();
    let pdf = profile.root().join("long.pdf");
    let out = pdf.to_str().expect("a path");
    profile.run(&["history", "export", &id, "--format", "pdf", "-o", out]).ok();
    let lines = profile.run(&["extract", "--json", out]).ok().json();
    let pages = lines.last().and_then(|line| line["pages"].as_u64()).expect("a document");
    (pdf, usize::try_from(pages).expect("a count"))
}

fn summarising(profile: &Profile) -> Vec<Row> {
    let endpoint = Endpoint::start(|request| {
        let mut replies = stream_of([], Duration::ZERO);
        let end = replies.split_off(1);
        replies.push(Reply::Pause(ANSWER));
        replies.push(chunk(&answer(request)));
        replies.extend(end);
        replies
    });
    profile.configure("[documents]\nrequest_tokens = 4000\n\n[settings]\nmodel_titles = false\n");
    let file = profile.root().join("long.txt");
    write(&file, &prose::long(24 * 11_500));
    let begun = Instant::now();
    let mut child = profile
        .bureau(&["summarize", "--json", "--temporary", file.to_str().expect("a path")])
        .env("BUREAU_ENDPOINT", endpoint.address())
        .env("BUREAU_MODEL", "m")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the terminal program");
    let mut first = None;
    for line in BufReader::new(child.stdout.take().expect("a pipe")).lines() {
        if line.expect("a line").contains("\"type\":\"reasoning\"") {
            first.get_or_insert(begun.elapsed());
        }
    }
    let all = begun.elapsed();
    assert!(child.wait().expect("an end").success());
    let requests = endpoint.requests();
    let is_part = |request: &&Value| request.to_string().contains("one part of a longer document");
    let parts = requests.iter().filter(is_part).count();
    let others = requests.len() - parts;
    let ideal = ANSWER * u32::try_from(parts.div_ceil(AT_ONCE) + others).expect("a few");
    let over = all.as_secs_f64() / ideal.as_secs_f64();
    let first = first.unwrap_or(all);
    vec![
        Row {
            what: format!(
                "summary in {parts} parts, {AT_ONCE} at once, a second each, beside the ideal"
            ),
            measured: format!(
                "{over:.2} × ({:.2} s against {} s)",
                all.as_secs_f64(),
                ideal.as_secs()
            ),
            goal: "≤ 1.10 ×".into(),
            met: over <= 1.1,
        },
        Row {
            what: "the same: its first notes are there, beside the first answer of the endpoint"
                .into(),
            measured: format!("{:.2} s against {} s", first.as_secs_f64(), ANSWER.as_secs()),
            goal: "before the second answer (< 2 s)".into(),
            met: first < 2 * ANSWER,
        },
    ]
}

/// A note for a part; the notes again for the summary.
fn answer(request: &Value) -> String {
    let asked = request.to_string();
    if asked.contains("one part of a longer document") {
        return "- One thing was decided in this part of it.\n".to_owned();
    }
    "- Things were decided in all of its parts, one after another.\n".to_owned()
}

fn write(path: &Path, text: &str) {
    let mut file = std::fs::File::create(path).expect("a file");
    file.write_all(text.as_bytes()).expect("the disk takes it");
}
