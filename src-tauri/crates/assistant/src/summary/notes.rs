//! What was noted of a part of the documents.

use serde::{Deserialize, Serialize};

use crate::grounding::{self, Source, Spot};

/// A statement, and the passages it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Note {
    /// The statement, without its quotes.
    pub text: String,
    /// The passages that were found, each with its document's place among the documents.
    pub spots: Vec<Spot>,
}

/// Reads the notes that a model made of a part: a line each, with quotes in double brackets, of
/// which those that stand in the part are kept. `known` are the passages that numbers mean.
pub(crate) fn read(answer: &str, sources: &[Source], near: &Spot, known: &[Spot]) -> Vec<Note> {
    let mut notes = Vec::new();
    for line in answer.lines() {
        let line = line.trim().trim_start_matches(['-', '*', '•', '–', ' ']);
        let line = numbered(line).unwrap_or(line);
        let mut text = String::new();
        let mut spots = Vec::new();
        let mut rest = line;
        while let Some((before, inner, after)) = grounding::first_quote(rest) {
            text.push_str(before);
            spots.extend(grounding::spots(inner, sources, near, known));
            rest = after;
        }
        text.push_str(rest);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if words::tokens(&text).next().is_none() {
            continue;
        }
        if spots.is_empty() && known.is_empty() {
            spots.extend(grounding::find(sources, &text, passages::Likeness::Similar, near));
        }
        spots.dedup();
        notes.push(Note { text, spots });
    }
    notes
}

/// A line without the number of a list before it.
fn numbered(line: &str) -> Option<&str> {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = line.len() - rest.len();
    rest.strip_prefix(['.', ')']).filter(|_| (1..=3).contains(&number)).map(str::trim_start)
}

/// The notes as a model gets them, each with the numbers of its passages, and what these mean.
pub(crate) fn written(notes: &[Note]) -> (String, Vec<Spot>) {
    let mut known = Vec::new();
    let mut text = String::new();
    for note in notes {
        text.push_str("- ");
        text.push_str(&note.text);
        for spot in &note.spots {
            known.push(spot.clone());
            text.push_str(&format!(" [[#{}]]", known.len()));
        }
        text.push('\n');
    }
    (text, known)
}
