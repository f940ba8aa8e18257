//! Attributes of a tag, with their places.

use std::ops::Range;

/// The attributes of a tag that begins at `start` in its text: each one's whole name, and where its
/// value stands between its quotation marks. Those without a value, or without quotation marks
/// around it, are left out.
pub(crate) fn attributes(tag: &str, start: usize) -> Vec<(&str, Range<usize>)> {
    let mut found = Vec::new();
    let name_end = tag.find(|c: char| c.is_whitespace() || matches!(c, '>')).unwrap_or(tag.len());
    let mut at = name_end;
    while let Some(rest) = tag.get(at..) {
        let skipped = rest.len() - rest.trim_start().len();
        at += skipped;
        let Some(rest) = tag.get(at..).filter(|rest| !rest.is_empty()) else { break };
        let length = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))
            .unwrap_or(rest.len());
        if length == 0 {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        let name = rest.get(..length).unwrap_or_default();
        at += length;
        let after = tag.get(at..).unwrap_or_default();
        let Some(value) = after.trim_start().strip_prefix('=') else { continue };
        let value = value.trim_start();
        at = tag.len() - value.len();
        let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            at += value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len());
            continue;
        };
        let inner = value.get(1..).unwrap_or_default();
        let Some(length) = inner.find(quote) else { break };
        found.push((name, start + at + 1..start + at + 1 + length));
        at += length + 2;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_with_their_places() {
        let tag = "<img  hidden src=a.png alt = \"a > b\" title='c'/>";
        let found = attributes(tag, 10);
        let told: Vec<_> =
            found.iter().map(|(name, r)| (*name, &tag[r.start - 10..r.end - 10])).collect();
        assert_eq!(told, [("alt", "a > b"), ("title", "c")]);
    }
}
