//! Markdown: paragraphs, headings, list items, cells. Code, formulas and HTML stay as they are.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::odf::collapsed;
use crate::Segment;
use crate::inline::{Chunk, Node};

/// What is read beside CommonMark.
pub(crate) fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
}

/// The texts of Markdown.
pub(crate) fn segments(source: &str) -> Vec<Segment> {
    let mut reader = Reader { source, segments: Vec::new(), open: Vec::new(), in_table: false };
    let mut skipped = 0_usize;
    for (event, range) in Parser::new_ext(source, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::MetadataBlock(_)) => {
                reader.end();
                skipped += 1;
            }
            Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_)) => {
                skipped = skipped.saturating_sub(1);
            }
            _ if skipped > 0 => {}
            event => reader.event(event, range),
        }
    }
    reader.end();
    reader.segments
}

/// What is collected of a running text, or of a group in it.
struct Frame {
    /// Where it begins; for a group with what opens it.
    start: usize,
    /// What follows the text of a group where its label has to be said outright.
    close: Option<String>,
    keep: bool,
    /// Whether nothing in it is translated.
    fixed: bool,
    nodes: Vec<(Node, Range<usize>)>,
}

struct Reader<'a> {
    source: &'a str,
    segments: Vec<Segment>,
    /// The running text, and the groups that are open in it.
    open: Vec<Frame>,
    in_table: bool,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        let object = |range: &Range<usize>| Node::Object(vec![Chunk::Source(range.clone())]);
        match event {
            Event::Text(text) => self.add(Node::bare(collapsed(&text)), range),
            Event::SoftBreak => self.add(Node::bare(" "), range),
            Event::Code(_)
            | Event::InlineHtml(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::HardBreak => self.add(object(&range), range),
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough) => {
                self.begin(range.start, None, false, false);
            }
            Event::Start(Tag::Link { link_type, .. } | Tag::Image { link_type, .. }) => {
                let whole = self.source.get(range.clone()).unwrap_or_default();
                let fixed = matches!(link_type, LinkType::Autolink | LinkType::Email);
                let is_short = matches!(
                    link_type,
                    LinkType::Shortcut
                        | LinkType::ShortcutUnknown
                        | LinkType::Collapsed
                        | LinkType::CollapsedUnknown
                );
                // Its text is the name of its address, which has to be said once the text changes.
                let label = whole.trim_start_matches('!').trim_end_matches("[]");
                let close = is_short.then(|| format!("]{label}"));
                self.begin(range.start, close, true, fixed);
            }
            Event::End(
                TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image,
            ) => self.close(range),
            Event::Start(Tag::Table(_)) => {
                self.end();
                self.in_table = true;
            }
            Event::End(TagEnd::Table) => {
                self.end();
                self.in_table = false;
            }
            _ => self.end(),
        }
    }

    fn add(&mut self, node: Node, range: Range<usize>) {
        match self.open.last_mut() {
            Some(frame) => frame.nodes.push((node, range)),
            None => {
                let (start, nodes) = (range.start, vec![(node, range)]);
                self.open.push(Frame { start, close: None, keep: true, fixed: false, nodes });
            }
        }
    }

    fn begin(&mut self, start: usize, close: Option<String>, keep: bool, fixed: bool) {
        if self.open.is_empty() {
            self.open.push(Frame {
                start,
                close: None,
                keep: true,
                fixed: false,
                nodes: Vec::new(),
            });
        }
        self.open.push(Frame { start, close, keep, fixed, nodes: Vec::new() });
    }

    /// A group ends, with what closes it.
    fn close(&mut self, range: Range<usize>) {
        if self.open.len() < 2 {
            return;
        }
        let Some(frame) = self.open.pop() else { return };
        let content = match (frame.nodes.first(), frame.nodes.last()) {
            (Some((_, first)), Some((_, last))) if !frame.fixed => first.start..last.end,
            _ => {
                self.add(Node::Object(vec![Chunk::Source(range.clone())]), range);
                return;
            }
        };
        let close = match frame.close {
            Some(close) => Chunk::Written(close),
            None => Chunk::Source(content.end..range.end),
        };
        let group = Node::Group {
            open: vec![Chunk::Source(frame.start..content.start)],
            children: self.joined(frame.nodes),
            close: vec![close],
            keep: frame.keep,
        };
        self.add(group, range);
    }

    /// The nodes, each break with the line's own beginning after it, such as that of a quotation.
    fn joined(&self, nodes: Vec<(Node, Range<usize>)>) -> Vec<Node> {
        let starts: Vec<_> = nodes.iter().skip(1).map(|(_, range)| range.start).collect();
        let with_gap = |(place, (node, range)): (usize, (Node, Range<usize>))| match node {
            Node::Object(_) => {
                let text = self.source.get(range.clone()).unwrap_or_default();
                let next = starts.get(place).filter(|_| text.ends_with(['\n', '\r']));
                let end = next.copied().unwrap_or(range.end).max(range.end);
                Node::Object(vec![Chunk::Source(range.start..end)])
            }
            node => node,
        };
        nodes.into_iter().enumerate().map(with_gap).collect()
    }

    /// The running text ends.
    fn end(&mut self) {
        while self.open.len() > 1 {
            // An end of its own comes for each group, so that none is left open.
            self.open.pop();
        }
        let Some(frame) = self.open.pop() else { return };
        let Some(end) = frame.nodes.last().map(|(_, range)| range.end) else { return };
        let escape = if self.in_table { escape_cell } else { escape_text };
        let nodes = self.joined(frame.nodes);
        self.segments.extend(Segment::new(0, frame.start..end, nodes, escape));
    }
}

fn escape_text(text: &str) -> String {
    escape(text, false)
}

fn escape_cell(text: &str) -> String {
    escape(text, true)
}

/// Text that means nothing but itself in Markdown (CommonMark, section 2.4).
fn escape(text: &str, in_table: bool) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let characters: Vec<char> = text.chars().collect();
    let at = |place: usize| characters.get(place).copied();
    let mut escaped = String::with_capacity(text.len() + 8);
    for (place, &character) in characters.iter().enumerate() {
        let before = place.checked_sub(1).and_then(at);
        let after = at(place + 1);
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let means_more = match character {
            '\\' | '`' | '[' | ']' => true,
            '*' => !(is_space(before) && is_space(after)) || place == 0,
            '_' => !(is_word(before) && is_word(after) || is_space(before) && is_space(after)),
            '<' => after.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')),
            '&' => after.is_some_and(|c| c.is_ascii_alphabetic() || c == '#'),
            '~' => after == Some('~') || before == Some('~'),
            '$' => !is_space(after) || !is_space(before),
            '|' => in_table,
            '#' | '>' | '+' | '-' | '=' => place == 0,
            '.' | ')' => {
                is_space(after)
                    && (1..=9).contains(&place)
                    && characters[..place].iter().all(char::is_ascii_digit)
            }
            _ => false,
        };
        if means_more {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    fn translated(source: &str, with: impl Fn(&str) -> String) -> String {
        let document = Document::of_text(source);
        let answers: Vec<_> = document.segments().iter().map(|s| Some(with(s.source()))).collect();
        String::from_utf8(document.write(&answers).unwrap()).unwrap()
    }

    #[test]
    fn running_text_is_told_and_code_is_not() {
        let source = "---\ntitle: x\n---\n# A *b* c\n\n```\ncode\n```\n\n- one `x` two\n- [link](u \"t\")\n\n> q\n> r\n\n| h | k |\n|---|---|\n| v | 1 |\n\n<div>no</div>\n\n![alt](p.png) and <https://a.example>\n";
        let told: Vec<_> = segments(source).iter().map(|s| s.source().to_owned()).collect();
        assert_eq!(
            told,
            ["A <1>b</1> c", "one <x1/> two", "link", "q r", "h", "k", "v", "<1>alt</1> and"]
        );
    }

    #[test]
    fn a_translation_stands_where_its_text_stood() {
        let source = "# A *b* c\n\n> q\n> r\\\n> s [t] `u`\n\n[t]: /x\n";
        let upper = translated(source, |text| {
            text.replace("A <1>b</1> c", "<1>B</1> [C] A")
                .replace("q r", "Q R")
                .replace("<2>t</2>", "<2>T</2>")
        });
        assert_eq!(upper, "# *B* \\[C\\] A\n\n> Q R\\\n> s [T][t] `u`\n\n[t]: /x\n");
    }

    #[test]
    fn what_a_model_writes_is_text() {
        for text in [
            "1. a", "# a", "- a", "*a*", "a_b_ _c_", "<b>a</b>", "&amp; &", "`a`", "[a](b)",
            "a * b", "$a$", "~~a~~", "+ a", "> a", "a | b",
        ] {
            for source in ["word\n", "* word\n", "> word\n", "| word |\n|--|\n"] {
                let written = translated(source, |_| text.to_owned());
                let read: String = Parser::new_ext(&written, options())
                    .filter_map(|event| match event {
                        Event::Text(text) => Some(text.into_string()),
                        _ => None,
                    })
                    .collect();
                assert_eq!(read, text, "{written}");
            }
        }
    }
}
