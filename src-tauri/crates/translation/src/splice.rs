//! A part of a file with other texts in it.

use std::cmp::Reverse;
use std::ops::Range;

use crate::inline::Chunk;

/// What stands in the place of a range.
#[derive(Debug)]
pub(crate) struct Splice {
    pub range: Range<usize>,
    pub chunks: Vec<Chunk>,
}

/// The text with all splices in it. They may lie in each other: what an outer one takes over from
/// the file has the inner ones in it.
pub(crate) fn spliced(source: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|splice| (splice.range.start, Reverse(splice.range.end)));
    let mut out = String::with_capacity(source.len() + source.len() / 4);
    write(source, 0..source.len(), &splices, &mut out);
    out
}

fn write(source: &str, range: Range<usize>, splices: &[Splice], out: &mut String) {
    let mut cursor = range.start;
    let first = splices.partition_point(|splice| splice.range.start < range.start);
    for (place, splice) in splices.iter().enumerate().skip(first) {
        if splice.range.start >= range.end {
            break;
        }
        if splice.range.start < cursor || splice.range.end > range.end {
            continue;
        }
        out.push_str(source.get(cursor..splice.range.start).unwrap_or_default());
        for chunk in &splice.chunks {
            match chunk {
                Chunk::Written(text) => out.push_str(text),
                // Only what comes after it in order lies within it.
                Chunk::Source(part) => {
                    write(source, part.clone(), splices.get(place + 1..).unwrap_or_default(), out);
                }
            }
        }
        cursor = splice.range.end;
    }
    out.push_str(source.get(cursor..range.end).unwrap_or_default());
}
