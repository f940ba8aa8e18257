//! What of a document a model is told, and whether it may go.

use std::collections::BTreeSet;
use std::sync::Arc;

use conversation::Failure;
use endpoint::ChatRequest;
use translation::{Document, Segment};

use super::batches::different;
use crate::prevention::Guard;
use crate::{Found, FoundIn};

/// A line that a model is told, and the places of the segments that it stands for.
pub(super) struct Line {
    pub told: String,
    pub places: Vec<usize>,
}

/// The different texts of a document, as a model is told them.
pub(super) fn lines(document: &Document, guard: Option<&Guard>) -> Vec<Line> {
    let segments = document.segments();
    let different = different(segments.iter().map(Segment::source));
    let line = |(source, places): (&str, Vec<usize>)| {
        let segment = places.first().and_then(|place| segments.get(*place));
        let bare = segment.zip(guard).and_then(|(segment, guard)| unhidden(segment, guard));
        Line { told: bare.unwrap_or_else(|| source.to_owned()), places }
    };
    different.into_iter().map(line).collect()
}

/// The words of a segment without its marks, where these part what must not simply go: in a name of
/// which one half is bold nothing would be found.
fn unhidden(segment: &Segment, guard: &Guard) -> Option<String> {
    let words = segment.words();
    if words == segment.source() {
        return None;
    }
    let seen = guard.held_back(segment.source());
    guard.held_back(&words).iter().any(|words| !seen.contains(words)).then_some(words)
}

/// Lets all that is to be sent go, or says why not.
///
/// # Errors
/// As [`Guard::prepare`].
pub(super) async fn let_go(guard: Option<Arc<Guard>>, whole: ChatRequest) -> Result<(), Failure> {
    let Some(guard) = guard else { return Ok(()) };
    // It computes, and writes to the history.
    let prepared = tokio::task::spawn_blocking(move || guard.prepare(&whole, &[]).map(drop)).await;
    prepared.map_err(crate::defect::unexpected).flatten()
}

/// What is found in the lines, each once.
pub(super) fn found_in(lines: &[Line], guard: &Guard) -> Vec<Found> {
    let all = lines
        .iter()
        .flat_map(|line| Found::all(&line.told, guard.check(&line.told), &FoundIn::Question));
    let mut seen = BTreeSet::new();
    all.filter(|found| seen.insert((found.kind, found.words.clone()))).collect()
}
