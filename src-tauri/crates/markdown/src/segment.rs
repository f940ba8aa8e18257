//! Where a Markdown text may be cut so that its pieces mean, each on its own, what they mean
//! together. The decision at each line needs only the lines before it, so that a text that is
//! still arriving is cut as it will be once it is whole.

use std::sync::Arc;

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::html;
use crate::line::{self, Fence, HtmlEnd, Marker};

/// A long fenced block is cut after this many lines …
const PART_LINES: usize = 32;
/// … and any list, table or fenced block at the first good place after this many bytes.
const PART_BYTES: usize = 2048;
/// Any other block is cut at the first line after this many bytes, even where that changes its
/// meaning: no answer has such a paragraph, and the cost of each update stays bounded.
const LIMIT: usize = 32 * 1024;
/// So is a line after this many bytes, or behind the last space before: until it ends, all of it
/// is read at each update.
const LONGEST_LINE: usize = 16 * 1024;
/// A cut line ends behind a space if one is among this many of its last bytes.
const LONGEST_WORD: usize = 256;

/// How many bytes of the text the splitter takes next: a line with its end, or the beginning of
/// one that is too long. `None` while the line may still grow.
pub fn next_line(text: &str) -> Option<usize> {
    let head = &text.as_bytes()[..text.len().min(LONGEST_LINE)];
    if let Some(end) = head.iter().position(|byte| *byte == b'\n') {
        return Some(end + 1);
    }
    if head.len() < LONGEST_LINE {
        return None;
    }
    let end = text.floor_char_boundary(LONGEST_LINE);
    let word = head[..end].iter().rev().take(LONGEST_WORD).position(|byte| *byte == b' ');
    Some(end - word.unwrap_or(0))
}

/// What a segment is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Markdown that stands on its own.
    Flow,
    /// A fenced code block or a part of one.
    Code { fence: Fence, continued: bool },
    /// A list or a part of one. `number` is its first item's, if it is ordered.
    List { mark: u8, number: Option<u64>, continued: bool },
    /// A part of a table after its first; `head` is the table's head and delimiter row.
    Table { head: Arc<str> },
}

impl Kind {
    /// Whether the segment continues the block of the one before it.
    pub fn continued(&self) -> bool {
        match self {
            Self::Flow => false,
            Self::Code { continued, .. } | Self::List { continued, .. } => *continued,
            Self::Table { .. } => true,
        }
    }
}

/// The block that is open at the top level after the last line.
#[derive(Debug, Clone, Default)]
enum Open {
    #[default]
    Nothing,
    /// `reference`: it begins like a link reference definition, of which nothing may be left.
    Paragraph {
        lines: usize,
        reference: bool,
    },
    Quote,
    Table(Arc<str>),
    /// Display math over several lines; the text that ends it.
    Math(&'static str),
    Html(HtmlEnd),
    Indented,
    Fence {
        fence: Fence,
        lines: usize,
    },
    List {
        marker: Marker,
        items: u64,
        first: Option<u64>,
        blank: bool,
    },
    Footnote {
        blank: bool,
    },
}

/// Cuts a text into segments, line by line as [`next_line`] gives them.
#[derive(Debug, Clone, Default)]
pub struct Splitter {
    open: Open,
    length: usize,
}

impl Splitter {
    /// Takes the next line, with its end if it has one; `before` is the text in front of it.
    /// Returns what begins with this line, if the segment before it ends here.
    pub fn line(&mut self, line: &str, before: &str) -> Option<Kind> {
        let begun = self.next(line, before);
        self.length = if begun.is_some() { line.len() } else { self.length + line.len() };
        begun
    }

    fn next(&mut self, line: &str, before: &str) -> Option<Kind> {
        if !before.is_empty() && !before.ends_with('\n') {
            return Some(self.go_on());
        }
        let blank = line::is_blank(line);
        let indent = line::indent(line);
        let too_long = self.length >= LIMIT;
        match &mut self.open {
            Open::Fence { fence, lines } => {
                if fence.closed_by(line) {
                    self.open = Open::Nothing;
                    return None;
                }
                if *lines >= PART_LINES || self.length >= PART_BYTES {
                    *lines = 1;
                    return Some(Kind::Code { fence: *fence, continued: true });
                }
                *lines += 1;
                return None;
            }
            Open::Html(end) if !too_long => {
                if end.reached_by(line) {
                    self.open = Open::Nothing;
                }
                return None;
            }
            Open::List { blank: seen, .. } | Open::Footnote { blank: seen } if blank => {
                *seen = true;
                return None;
            }
            Open::Nothing | Open::Indented if blank => return None,
            _ if blank => {
                self.open = Open::Nothing;
                return None;
            }
            _ if too_long => {}
            Open::Nothing | Open::Html(_) => {}
            Open::Indented if indent >= 4 => return None,
            Open::Indented => {}
            Open::Math(end) => {
                let fenced = Fence::opening(line).is_some();
                if line.contains(*end) {
                    self.open = Open::Paragraph { lines: 2, reference: false };
                }
                if !fenced {
                    return None;
                }
            }
            Open::Paragraph { lines, reference } => {
                if line::is_underline(line) {
                    if !*reference {
                        self.open = Open::Nothing;
                    }
                    return None;
                }
                let list = Marker::of(line)
                    .is_some_and(|m| !m.empty && matches!(m.number, None | Some(1)));
                if !list && !line::interrupts(line) {
                    let single = *lines == 1;
                    *lines += 1;
                    if let Some(head) = table_head(line, before, single) {
                        self.open = Open::Table(head);
                    } else if let Some(end) = math_end(line) {
                        self.open = Open::Math(end);
                    }
                    return None;
                }
            }
            Open::Quote => {
                if line::is_quote(line) || Marker::of(line).is_none() && !line::interrupts(line) {
                    return None;
                }
            }
            Open::Table(head) => {
                if Marker::of(line).is_none() && !line::interrupts(line) {
                    // Each part is parsed with the head, which may itself be long.
                    if self.length < PART_BYTES.max(head.len()) {
                        return None;
                    }
                    return Some(Kind::Table { head: Arc::clone(head) });
                }
            }
            Open::Footnote { blank } => {
                let starts = Marker::of(line).is_some() || line::interrupts(line);
                if indent >= 4 || !*blank && !starts {
                    *blank = false;
                    return None;
                }
            }
            Open::List { marker, items, first, blank } => {
                if indent >= marker.content {
                    *blank = false;
                    return None;
                }
                let rule = line::is_rule(line);
                match Marker::of(line).filter(|m| m.mark == marker.mark && !rule) {
                    Some(next) => {
                        *marker = next;
                        *items += 1;
                        *blank = false;
                        if self.length < PART_BYTES {
                            return None;
                        }
                        let number = first.map(|n| n + *items);
                        return Some(Kind::List { mark: marker.mark, number, continued: true });
                    }
                    None if !*blank && Marker::of(line).is_none() && !line::interrupts(line) => {
                        return None;
                    }
                    None => {}
                }
            }
        }
        Some(self.begin(line))
    }

    /// Begins a block with the rest of a line that was too long.
    fn go_on(&mut self) -> Kind {
        if let Open::Fence { fence, lines } = &mut self.open {
            *lines = 1;
            return Kind::Code { fence: *fence, continued: true };
        }
        self.open = Open::Paragraph { lines: 2, reference: false };
        Kind::Flow
    }

    /// Begins a block with a line that is not blank.
    fn begin(&mut self, line: &str) -> Kind {
        let mut kind = Kind::Flow;
        self.open = if line::indent(line) >= 4 {
            Open::Indented
        } else if let Some(fence) = Fence::opening(line) {
            kind = Kind::Code { fence, continued: false };
            Open::Fence { fence, lines: 0 }
        } else if let Some(end) =
            line::html_block(line).or_else(|| html::is_lone_tag(line).then_some(HtmlEnd::BlankLine))
        {
            if end.reached_by(line) { Open::Nothing } else { Open::Html(end) }
        } else if line::is_rule(line) || line::is_heading(line) {
            Open::Nothing
        } else if let Some(marker) = Marker::of(line) {
            kind = Kind::List { mark: marker.mark, number: marker.number, continued: false };
            Open::List { marker, items: 0, first: marker.number, blank: false }
        } else if line::is_quote(line) {
            Open::Quote
        } else if line::is_footnote(line) {
            Open::Footnote { blank: false }
        } else if let Some(end) = math_end(line) {
            Open::Math(end)
        } else {
            Open::Paragraph { lines: 1, reference: line.trim_start().starts_with('[') }
        };
        kind
    }
}

/// The end of the display math that this line opens and does not close.
fn math_end(line: &str) -> Option<&'static str> {
    let text = line.trim_start();
    let (rest, end) = text
        .strip_prefix("$$")
        .map(|rest| (rest, "$$"))
        .or_else(|| text.strip_prefix("\\[").map(|rest| (rest, "\\]")))?;
    (!rest.contains(end)).then_some(end)
}

/// The head of the table of which this line is the delimiter row. `single`: the paragraph has
/// had one line; else only a line that begins with `|` makes a table of it.
fn table_head(line: &str, before: &str, single: bool) -> Option<Arc<str>> {
    if !line::is_delimiter_row(line) || line::is_too_wide(line) {
        return None;
    }
    let above = before.strip_suffix('\n')?;
    let above = &before[above.rfind('\n').map_or(0, |end| end + 1)..];
    if !single && !above.trim_start().starts_with('|') {
        return None;
    }
    let head = format!("{above}{}\n", line.trim_end());
    let table = Parser::new_ext(&head, Options::ENABLE_TABLES).next();
    matches!(table, Some(Event::Start(Tag::Table(_)))).then(|| head.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(text: &str) -> Vec<&str> {
        let mut splitter = Splitter::default();
        let mut starts = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let length = next_line(&text[at..]).unwrap_or(text.len() - at);
            if splitter.line(&text[at..at + length], &text[..at]).is_some() {
                starts.push(at);
            }
            at += length;
        }
        starts.push(text.len());
        starts.windows(2).map(|w| &text[w[0]..w[1]]).collect()
    }

    #[test]
    fn blocks_are_cut_where_they_end() {
        assert_eq!(segments("a\nb\n\nc\n"), ["a\nb\n\n", "c\n"]);
        assert_eq!(
            segments("# a\nb\n***\n> q\nlazy\n- x\n"),
            ["# a\n", "b\n", "***\n", "> q\nlazy\n", "- x\n"]
        );
        assert_eq!(segments("a\n---\nb\n"), ["a\n---\n", "b\n"]);
        assert_eq!(segments("a\n2. b\n"), ["a\n2. b\n"]);
        assert_eq!(
            segments("- a\n\n  b\n\n      c\n- d\nlazy\n\ne\n"),
            ["- a\n\n  b\n\n      c\n- d\nlazy\n\n", "e\n"]
        );
        assert_eq!(segments("- a\n1. b\n"), ["- a\n", "1. b\n"]);
        assert_eq!(segments("```\n\na\n\n# b\n```\nc"), ["```\n\na\n\n# b\n```\n", "c"]);
        assert_eq!(segments("    a\n\n    b\nc"), ["    a\n\n    b\n", "c"]);
        assert_eq!(segments("<!-- a\n\nb -->\nc"), ["<!-- a\n\nb -->\n", "c"]);
        assert_eq!(segments("<div>\na\n\nb"), ["<div>\na\n\n", "b"]);
        assert_eq!(segments("[^1]: a\n\n    b\n\nc"), ["[^1]: a\n\n    b\n\n", "c"]);
        assert_eq!(segments("a|b\n-|-\nc|d\n# e"), ["a|b\n-|-\nc|d\n", "# e"]);
        assert_eq!(segments("\\[\na\n- b\n\\]\nc\n\nd"), ["\\[\na\n- b\n\\]\nc\n\n", "d"]);
    }

    #[test]
    fn long_blocks_are_cut_into_parts() {
        assert_eq!(segments(&format!("```\n{}```\n", "x\n".repeat(PART_LINES))).len(), 1);
        assert_eq!(segments(&format!("```\n{}```\n", "x\n".repeat(PART_LINES + 1))).len(), 2);
        for line in ["- item\n", "a|b\n", "    indented\n", "text\n", "> text\n"] {
            let head = if line == "a|b\n" { "a|b\n-|-\n" } else { "" };
            for segment in segments(&format!("{head}{}", line.repeat(20_000))) {
                assert!(segment.len() <= LIMIT + line.len(), "{line}: {}", segment.len());
            }
        }
    }

    #[test]
    fn long_lines_are_cut_at_a_space_and_a_fence_goes_on() {
        for text in ["mot ".repeat(20_000), "x".repeat(80_000), "é".repeat(40_000)] {
            for text in [text.clone(), format!("```\n{text}\n```\nend")] {
                let segments = segments(&text);
                assert!(
                    segments.len() >= 5 && segments.iter().all(|s| s.len() <= LONGEST_LINE + 4)
                );
                assert!(!text.contains(' ') || segments[0].ends_with(' '));
                assert!(!text.ends_with("end") || segments.last() == Some(&"end"));
            }
        }
    }
}
