//! Diagrams of answers, drawn on this machine.

use conversation::{Failure, FailureCode};
use diagrams::{DiagramError, Notation};

/// Draws what a fence of this language holds as SVG, for a dark or a light ground. It blocks, for
/// a few seconds at most. The picture only shows: nothing in it runs, leads elsewhere or is fetched.
///
/// # Errors
/// [`FailureCode::Invalid`] where the language is none of diagrams, or its source is not of it.
pub fn draw_diagram(language: &str, source: &str, dark: bool) -> Result<String, Failure> {
    let refused = |error: DiagramError| Failure::new(FailureCode::Invalid, error.to_string());
    let notation = Notation::of_language(language).ok_or_else(|| {
        let known = "only Mermaid and Graphviz are drawn";
        Failure::new(FailureCode::Invalid, known)
    })?;
    diagrams::draw(notation, source, dark).map_err(refused)
}
