//! Plain text: paragraphs, whose lines may have been broken by hand.

use std::ops::Range;

use crate::Segment;
use crate::inline::{Chunk, Node};

/// A line that is as long was broken because it was full, and the next one goes on with it.
const FULL: usize = 50;

/// The texts of a plain text.
pub(crate) fn segments(source: &str) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut lines: Vec<Range<usize>> = Vec::new();
    for line in lines_of(source) {
        let text = source.get(line.clone()).unwrap_or_default();
        let goes_on = lines.last().is_some_and(|before| {
            let before = source.get(before.clone()).unwrap_or_default();
            before.chars().count() >= FULL && !is_item(text)
        });
        if text.trim().is_empty() || !goes_on {
            segments.extend(segment(source, &std::mem::take(&mut lines)));
        }
        if !text.trim().is_empty() {
            lines.push(line);
        }
    }
    segments.extend(segment(source, &lines));
    segments
}

/// The lines, without what ends them.
fn lines_of(source: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    source.split_inclusive('\n').map(move |line| {
        let begin = start;
        start += line.len();
        begin..begin + line.trim_end_matches(['\n', '\r']).len()
    })
}

/// Whether a line begins an item of a list, or a quotation in a letter.
fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    line.starts_with(['-', '*', '•', '–', '>'])
        || rest.len() < line.len() && rest.starts_with(['.', ')'])
}

fn segment(source: &str, lines: &[Range<usize>]) -> Option<Segment> {
    let (first, last) = (lines.first()?, lines.last()?);
    let text = |line: &Range<usize>| source.get(line.clone()).unwrap_or_default();
    let indent = text(first).len() - text(first).trim_start().len();
    let mut nodes = vec![Node::Raw(vec![Chunk::Source(first.start..first.start + indent)])];
    let words: Vec<_> = lines.iter().map(|line| text(line).trim()).collect();
    nodes.push(Node::bare(words.join(" ")));
    Segment::new(0, first.start..last.end, nodes, str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_were_full_are_one_paragraph() {
        let source = "Title\nDear all,\n\n  The council met on the first Monday of the month in the\nold town hall.\n- It took note of the report of the treasurer, and thanked\n- him.\r\n\r\n12\n";
        let told: Vec<_> = segments(source).iter().map(|s| s.source().to_owned()).collect();
        assert_eq!(
            told,
            [
                "Title",
                "Dear all,",
                "The council met on the first Monday of the month in the old town hall.",
                "- It took note of the report of the treasurer, and thanked",
                "- him."
            ]
        );
    }
}
