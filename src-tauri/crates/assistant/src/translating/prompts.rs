//! What a model is asked, in words.

use translation::Term;

use crate::grounding::{DATA, fence_around};
use crate::language::language_name;

/// How lines are to be translated.
pub(super) struct Task<'a> {
    /// The language to translate from, where it is known.
    pub from: Option<&'a str>,
    /// The language to translate into.
    pub to: &'a str,
    /// The terms that stand in the lines.
    pub terms: Vec<&'a Term>,
    /// Whether these lines came back wrong before.
    pub again: bool,
}

const MARKS: &str = "Marks such as <1>…</1> and <x2/> stand for formats, links and signs. Each comes \
    back once, exactly as it is: a pair around the words that mean what the words between it meant, \
    a single one at its place in the sentence.";

/// Asks for the translation of numbered lines. What is asked stands at the end once more: behind a
/// long text the beginning is forgotten.
pub(super) fn lines(lines: &[&str], task: &Task<'_>) -> String {
    let numbered: Vec<_> =
        lines.iter().enumerate().map(|(place, line)| format!("[{}] {line}", place + 1)).collect();
    let fence = fence_around(lines.iter().copied());
    let ask = ask(task);
    let marks = if lines.iter().any(|line| line.contains('<')) { MARKS } else { "" };
    let again = match task.again {
        true => {
            " In an earlier attempt marks, numbers or terms of these lines were lost or changed: \
             take care of each."
        }
        false => "",
    };
    format!(
        "{ask} Answer with the same numbers, one line for each, such as “[1] …”, and nothing else. \
        Numbers, names and dates stay what they are. {marks}{again}{terms}\n\n{DATA}\n\n\
        {fence}\n{numbered}\n{fence}\n\n{ask}",
        terms = terms(&task.terms),
        numbered = numbered.join("\n"),
    )
}

/// Asks a small model, which does one thing at a time.
pub(super) fn one(text: &str, task: &Task<'_>) -> String {
    format!(
        "Translate this text into {}. Answer with the translation alone.\n\n{text}",
        language_name(task.to)
    )
}

fn ask(task: &Task<'_>) -> String {
    let from = task.from.map(|tag| format!(" from {}", language_name(tag))).unwrap_or_default();
    format!("Translate each numbered line{from} into {}.", language_name(task.to))
}

fn terms(terms: &[&Term]) -> String {
    if terms.is_empty() {
        return String::new();
    }
    let list: Vec<_> =
        terms.iter().map(|term| format!("- “{}” is “{}”", term.source, term.target)).collect();
    format!("\n\nThese terms are always translated so:\n{}", list.join("\n"))
}
