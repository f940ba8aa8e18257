//! Which parts of the documents go into one request each.

use std::ops::Range;

use crate::grounding::Source;

/// A part of one of the documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PlannedPart {
    /// The document's place among the documents.
    pub source: usize,
    /// Where the part lies in its text.
    pub range: Range<usize>,
}

/// Cuts the documents into parts of at most so many bytes. All of every document is in them.
pub(crate) fn parts(sources: &[Source], most: usize) -> Vec<PlannedPart> {
    let of_one = |(source, document): (usize, &Source)| {
        let ranges = passages::cut(document.text(), most).into_iter();
        ranges.map(move |range| PlannedPart { source, range }).collect::<Vec<_>>()
    };
    let parts = sources.iter().enumerate().flat_map(of_one);
    parts
        .filter(|part| !sources[part.source].text()[part.range.clone()].trim().is_empty())
        .collect()
}

/// The pages of a part, as their first and last place.
pub(crate) fn pages(source: &Source, range: &Range<usize>) -> (usize, usize) {
    (source.page_at(range.start), source.page_at(range.end.saturating_sub(1).max(range.start)))
}
