//! A check before sending: how long it takes, and what it finds of what is labelled.

use std::time::{Duration, Instant};

use prevention::labelled::{self, SET};
use prevention::{Checker, Kind};

use crate::prose;
use crate::table::Row;

const BYTES: usize = 1_000_000;
/// Bytes of prose between two labelled sentences.
const BETWEEN: usize = 1_000;
const GOAL: Duration = Duration::from_millis(100);

/// Measures a check of a megabyte with every kind looked for, and recall and precision by kind.
pub fn measure() -> Vec<Row> {
    let set = labelled::read(SET);
    let mut text = String::with_capacity(BYTES + BETWEEN);
    for sentence in set.iter().cycle() {
        if text.len() >= BYTES {
            break;
        }
        text.push_str(&prose::long(BETWEEN));
        text.push_str(&sentence.text);
        text.push('\n');
    }
    let checker = Checker::new(&labelled::rules()).expect("rules");
    // Patterns are compiled once for a process.
    std::hint::black_box(checker.check(&text));
    let time = || {
        let begun = Instant::now();
        std::hint::black_box(checker.check(&text));
        begun.elapsed()
    };
    let best = std::iter::repeat_with(time).take(5).min().unwrap_or_default();
    let mut rows = vec![Row {
        what: "1 MB checked before sending, every kind looked for".into(),
        measured: format!("{:.0} ms", best.as_secs_f64() * 1000.0),
        goal: format!("< {} ms", GOAL.as_millis()),
        met: best < GOAL,
    }];
    let scores = labelled::measure(&set).expect("rules");
    rows.extend(Kind::all().map(|kind| {
        let score = scores.get(&kind).copied().unwrap_or_default();
        let least = if kind.is_checked() { 0.98 } else { 0.95 };
        let (recall, precision) = (score.recall(), score.precision());
        Row {
            what: format!("what is found of {} labelled: {}", score.labelled, kind.as_str()),
            measured: format!("recall {recall:.3}, precision {precision:.3}"),
            goal: format!("≥ {least}, ≥ 0.95"),
            met: recall >= least && precision >= 0.95,
        }
    }));
    rows
}
