//! Subtitles: SubRip (SRT) and WebVTT. Numbers and times stay; each cue is a text.

use std::ops::Range;

use super::html_tokens::tokens;
use crate::Segment;
use crate::inline::{Chunk, Node};
use crate::markup::Kind;
use crate::pairs::Pairs;

/// The texts of subtitles.
pub(crate) fn segments(source: &str) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut start = 0;
    let mut cue: Option<Range<usize>> = None;
    let mut ended =
        |cue: Option<Range<usize>>| segments.extend(cue.and_then(|c| segment(source, c)));
    for line in source.split_inclusive('\n') {
        let text = line.trim_end_matches(['\n', '\r']);
        let range = start..start + text.len();
        start += line.len();
        if text.contains("-->") {
            // What follows the time of a cue is its text.
            ended(cue.take());
            cue = Some(range.end..range.end);
        } else if text.trim().is_empty() {
            ended(cue.take());
        } else if let Some(cue) = &mut cue {
            cue.start = if cue.start == cue.end { range.start } else { cue.start };
            cue.end = range.end;
        }
    }
    ended(cue);
    segments
}

fn segment(source: &str, cue: Range<usize>) -> Option<Segment> {
    let text = source.get(cue.clone())?;
    let markup = tokens(text);
    let mut pairs = Pairs::default();
    for (place, token) in markup.tokens.iter().enumerate() {
        let range = cue.start + token.range.start..cue.start + token.range.end;
        let whole = vec![Chunk::Source(range.clone())];
        match token.kind {
            Kind::Open => pairs.open(markup.name(place), whole, false),
            Kind::Close => pairs.close(markup.name(place), whole),
            Kind::Empty | Kind::Other => pairs.push(Node::Object(whole)),
            Kind::Text => {
                let mut at = range.start;
                for line in markup.raw(place).split_inclusive('\n') {
                    let words = line.trim_end_matches(['\n', '\r']);
                    pairs.push(Node::bare(words));
                    if words.len() < line.len() {
                        let end = at + words.len()..at + line.len();
                        pairs.push(Node::Object(vec![Chunk::Source(end)]));
                    }
                    at += line.len();
                }
            }
        }
    }
    Segment::new(0, cue, pairs.end(), one_line)
}

/// What a translation cannot hold: an empty line would end its cue.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ").replace("-->", "→")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cue_is_a_text_with_its_lines_and_tags() {
        let source = "1\n00:00:01,000 --> 00:00:04,000\n{\\an8}<i>Who</i> is\r\nthere?\n\n2\n00:00:05,000 --> 00:00:06,000\nMe.\n";
        let told: Vec<_> = segments(source).iter().map(|s| s.source().to_owned()).collect();
        assert_eq!(told, ["<x1/><2>Who</2> is<x3/>there?", "Me."]);
    }
}
