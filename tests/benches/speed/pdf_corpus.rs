//! How well PDFs are read: the text of a folder of them beside what `pdftotext` finds. The folder
//! is the project's own corpus, or the one that `BUREAU_PDF_CORPUS` names.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use whole_program::{program, workspace};

use crate::table::Row;

const GOAL_WORDS: f64 = 0.95;
const GOAL_PAIRS: f64 = 0.90;
const GOAL_SLOWEST: f64 = 2.0;

/// Scores the folder.
pub fn measure() -> Vec<Row> {
    let own = || workspace().join("src-tauri/crates/documents/tests/corpus");
    let folder = std::env::var_os("BUREAU_PDF_CORPUS").map_or_else(own, PathBuf::from);
    let score = program("bureau").with_file_name("examples").join("score-pdf");
    let output = Command::new(score).arg(folder).arg("--json").output().expect("the example");
    let scores: Value = serde_json::from_slice(&output.stdout).expect("its scores");
    let number = |name: &str| scores[name].as_f64().expect("a number");
    let (scored, refused) = (number("scored"), number("refused"));
    let row = |what: &str, measured: String, goal: String, met: bool| Row {
        what: format!("PDF corpus ({scored} files with text, {refused} refused): {what}"),
        measured,
        goal,
        met: met && scored > 0.0,
    };
    let (words, pairs, slowest) = (number("words"), number("pairs"), number("slowest"));
    vec![
        row(
            "words beside pdftotext, mean F1",
            format!("{words:.3}"),
            format!("≥ {GOAL_WORDS}"),
            words >= GOAL_WORDS,
        ),
        row(
            "pairs of words, mean F1",
            format!("{pairs:.3}"),
            format!("≥ {GOAL_PAIRS}"),
            pairs >= GOAL_PAIRS,
        ),
        row(
            "slowest file",
            format!("{slowest:.2} s"),
            format!("< {GOAL_SLOWEST} s"),
            slowest < GOAL_SLOWEST,
        ),
    ]
}
