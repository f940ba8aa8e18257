//! A long answer rendered while it arrives, against one whole render of the same text.

use std::time::Duration;

use markdown::Stream;
use whole_program::process;

use crate::answer::{answer, code_share};
use crate::table::Row;

const BYTES: usize = 200_000;
/// Characters of a delta.
const DELTA: usize = 4;

/// Measures both paces of patches, and whether the cost of a delta grows with the length.
pub fn measure() -> Vec<Row> {
    let text = answer(BYTES);
    // Grammars are loaded once for a process, not for an answer.
    std::hint::black_box(markdown::render(&text));
    let whole = best(3, || {
        std::hint::black_box(markdown::render(&text));
    });
    let eighth = best(3, || stream(&text, 8));
    let every = best(3, || stream(&text, 1));
    let half = best(3, || stream(&text[..text.floor_char_boundary(BYTES / 2)], 8));
    let growth = eighth.as_secs_f64() / (2.0 * half.as_secs_f64());
    eprintln!(
        "  {} bytes, {:.0} % code; one whole render: {:.0} ms",
        text.len(),
        code_share(&text) * 100.0,
        whole.as_secs_f64() * 1000.0
    );
    vec![
        ratio(
            "200 kB answer in 4-character deltas, a patch every 8, against one whole render",
            eighth,
            whole,
            4.0,
        ),
        ratio("the same with a patch at every delta", every, whole, 12.0),
        Row {
            what: "cost of a delta at 200 kB against the cost at 100 kB".into(),
            measured: format!("{growth:.2} ×"),
            goal: "does not grow (≤ 1.15 ×)".into(),
            met: growth <= 1.15,
        },
    ]
}

fn ratio(what: &str, streamed: Duration, whole: Duration, goal: f64) -> Row {
    let ratio = streamed.as_secs_f64() / whole.as_secs_f64();
    let milliseconds = streamed.as_secs_f64() * 1000.0;
    Row {
        what: what.into(),
        measured: format!("{ratio:.2} × ({milliseconds:.0} ms)"),
        goal: format!("≤ {goal} ×"),
        met: ratio <= goal,
    }
}

fn stream(text: &str, deltas_per_patch: usize) {
    let mut stream = Stream::new();
    let mut rest = text;
    let mut deltas = 0;
    while !rest.is_empty() {
        let end = rest.char_indices().nth(DELTA).map_or(rest.len(), |(end, _)| end);
        let (delta, after) = rest.split_at(end);
        stream.push(delta);
        deltas += 1;
        if deltas % deltas_per_patch == 0 || after.is_empty() {
            std::hint::black_box(stream.patch());
        }
        rest = after;
    }
}

/// The shortest of several runs, in time computed: nothing makes it faster than it is.
fn best(runs: usize, mut work: impl FnMut()) -> Duration {
    let time = || {
        let before = process::used();
        work();
        process::used() - before
    };
    std::iter::repeat_with(time).take(runs).min().unwrap_or_default()
}
