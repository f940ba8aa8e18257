//! Files that are text already.

use crate::line::clean;
use crate::marked::{self, Marked};
use crate::writer::{Style, Writer};
use crate::{Document, Kind, Note, Page};

/// How many rows of a table are read.
const ROWS: usize = 50_000;

/// Plain text, as it stands.
pub fn text(text: &str) -> Document {
    document(Page { text: clean(text), ..Page::default() })
}

/// Markdown, as it stands. Its comments are not shown.
pub fn markdown(text: &str) -> Document {
    let text = clean(text);
    let mut hidden = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find("<!--")).map(|by| at + by) {
        let rest = text.get(start..).unwrap_or_default();
        let end = rest.find("-->").map_or(text.len(), |by| start + by + 3);
        marked::add(&mut hidden, start..end);
        at = end;
    }
    document(Page { text, hidden, ..Page::default() })
}

/// A program's source, as a block of code.
pub fn code(text: &str, language: &str) -> Document {
    let mut writer = Writer::default();
    writer.code(language, text);
    document(writer.finish(None))
}

/// Values between separators (RFC 4180, and what else is between them in practice).
pub fn table(text: &str, separator: Option<char>) -> Document {
    let separator = separator.unwrap_or_else(|| find_separator(text));
    let mut writer = Writer::default();
    writer.open_table();
    let mut rows = 0;
    let mut rest = text.trim_start_matches('\u{feff}');
    let mut notes = Vec::new();
    while !rest.is_empty() {
        if rows == ROWS {
            notes.push(Note::CutShort { read: u32::try_from(rows).unwrap_or(u32::MAX) });
            break;
        }
        writer.open_row();
        rest = row(rest, separator, &mut writer);
        rows += 1;
    }
    writer.close_table(false);
    writer.end(Style::Paragraph);
    Document { kind: Kind::Text, pages: vec![writer.finish(None)], notes }
}

/// Writes the first row, and gives the rest.
fn row<'a>(text: &'a str, separator: char, writer: &mut Writer) -> &'a str {
    let mut rest = text;
    loop {
        let mut value = Marked::default();
        if let Some(mut quoted) = rest.strip_prefix('"') {
            while let Some((part, after)) = quoted.split_once('"') {
                value.push(part, false);
                match after.strip_prefix('"') {
                    Some(after) => {
                        value.push("\"", false);
                        quoted = after;
                    }
                    None => {
                        quoted = "";
                        rest = after;
                        break;
                    }
                }
            }
            // A quotation mark that nothing closes is one of the text.
            if !quoted.is_empty() || rest.starts_with('"') && value.text.is_empty() {
                value = Marked::default();
            }
        }
        let end = rest.find([separator, '\n', '\r']).unwrap_or(rest.len());
        let (more, after) = rest.split_at(end);
        value.push(more, false);
        writer.open_cell();
        writer.text(value.text.trim(), false);
        writer.close_cell(1);
        match after.strip_prefix(separator) {
            Some(after) => rest = after,
            None => {
                let after = after.strip_prefix('\r').unwrap_or(after);
                return after.strip_prefix('\n').unwrap_or(after);
            }
        }
    }
}

/// The separator that the first lines have most of, all of them as many.
fn find_separator(text: &str) -> char {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(20).collect();
    let score = |separator: char| {
        let mut counts = lines.iter().map(|line| line.matches(separator).count());
        let first = counts.next().unwrap_or(0);
        let alike = counts.filter(|count| *count == first).count();
        if first == 0 { 0 } else { (alike + 1) * 100 + first.min(99) }
    };
    // Of equal ones the last is chosen.
    ['|', ':', '\t', ';', ','].into_iter().max_by_key(|separator| score(*separator)).unwrap_or(',')
}

/// A document of one page.
pub fn document(page: Page) -> Document {
    Document { kind: Kind::Text, pages: vec![page], notes: Vec::new() }
}
