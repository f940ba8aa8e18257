//! RTF (Rich Text Format 1.9.1).
//!
//! No library that is kept reads tables, hidden text and code pages, so this is our own.

mod destination;
mod token;

use std::collections::HashMap;

use encoding_rs::{Encoding, WINDOWS_1252};

use self::destination::Destination;
use self::token::{Token, Tokens};
use crate::line::Line;
use crate::writer::{Style, Writer};
use crate::{Document, Kind, ReadError};

/// How deep groups may lie in each other.
const DEPTH: usize = 10_000;

/// Reads a text.
///
/// # Errors
/// [`ReadError::Damaged`] where its groups are too deep.
pub fn read(data: &[u8]) -> Result<Document, ReadError> {
    let mut reader = Reader::default();
    for token in Tokens::new(data) {
        reader.token(token)?;
    }
    reader.flush();
    while let Some(state) = reader.stack.pop() {
        reader.leave(state);
    }
    reader.place();
    reader.writer.end(Style::Paragraph);
    let pages = vec![reader.writer.finish(None)];
    Ok(Document { kind: Kind::Text, pages, notes: Vec::new() })
}

/// What a group may change, and its end takes back.
#[derive(Debug, Clone, Copy)]
struct State {
    destination: Destination,
    hidden: bool,
    deleted: bool,
    color: usize,
    painted: bool,
    tiny: bool,
    font: i32,
    /// How many characters stand for one of Unicode, for readers that know none.
    fallback: usize,
}

impl Default for State {
    fn default() -> Self {
        Self {
            destination: Destination::Body,
            hidden: false,
            deleted: false,
            color: 0,
            painted: false,
            tiny: false,
            font: 0,
            fallback: 1,
        }
    }
}

/// What a paragraph is; `\pard` takes it back.
#[derive(Debug, Clone, Copy, Default)]
struct Paragraph {
    heading: Option<usize>,
    in_table: bool,
    level: usize,
}

#[derive(Debug, Default)]
struct Reader {
    writer: Writer,
    state: State,
    stack: Vec<State>,
    paragraph: Paragraph,
    /// Bytes of text that are not decoded yet.
    bytes: Vec<u8>,
    code_page: u16,
    fonts: HashMap<i32, &'static Encoding>,
    colors: Vec<(i32, i32, i32)>,
    color: (i32, i32, i32),
    /// The headings that styles make, and the style that is being read.
    headings: HashMap<i32, usize>,
    style: (i32, Option<usize>, String),
    /// The number or bullet before a paragraph.
    label: String,
    /// How many characters are still passed over after one of Unicode.
    passed_over: usize,
    /// The first half of a character of UTF-16.
    half: Option<u32>,
    optional: bool,
    notes: u32,
    aside: Vec<(Line, Paragraph)>,
    in_table: bool,
    in_row: bool,
    in_cell: bool,
}

impl Reader {
    fn token(&mut self, token: Token<'_>) -> Result<(), ReadError> {
        match token {
            Token::Open => {
                self.flush();
                if self.stack.len() >= DEPTH {
                    return Err(ReadError::Damaged("its groups are too deep".into()));
                }
                self.stack.push(self.state);
                self.optional = false;
            }
            Token::Close => {
                self.flush();
                if let Some(state) = self.stack.pop() {
                    self.leave(state);
                }
                self.passed_over = 0;
            }
            Token::Byte(_) if self.passed_over > 0 => self.passed_over -= 1,
            Token::Byte(byte) => self.bytes.push(byte),
            Token::Symbol(b'*') => self.optional = true,
            Token::Symbol(symbol) => {
                let text = match symbol {
                    b'~' => "\u{a0}",
                    b'_' => "\u{2011}",
                    b'\n' | b'\r' => return self.word("par", None),
                    _ => return Ok(()),
                };
                self.text(text);
            }
            Token::Word(word, number) => {
                let optional = std::mem::take(&mut self.optional);
                if let Some(destination) = Destination::of(word, optional) {
                    self.enter(destination);
                } else {
                    return self.word(word, number);
                }
            }
        }
        Ok(())
    }

    fn word(&mut self, word: &str, number: Option<i32>) -> Result<(), ReadError> {
        if word == "u" {
            self.unicode(number.unwrap_or(0));
            return Ok(());
        }
        self.flush();
        let on = number != Some(0);
        let value = number.unwrap_or(0);
        match word {
            "ansicpg" => self.code_page = u16::try_from(value).unwrap_or(1252),
            "uc" => self.state.fallback = usize::try_from(value).unwrap_or(1).min(16),
            "f" => self.state.font = value,
            "fcharset" => {
                self.fonts.insert(self.state.font, destination::charset(value));
            }
            "red" => self.color.0 = value,
            "green" => self.color.1 = value,
            "blue" => self.color.2 = value,
            "plain" => {
                let State { destination, deleted, fallback, .. } = self.state;
                self.state = State { destination, deleted, fallback, ..State::default() };
            }
            "v" => self.state.hidden = on,
            "deleted" => self.state.deleted = on,
            "fs" => self.state.tiny = number.is_some_and(|size| size <= 4),
            "cf" => self.state.color = usize::try_from(value).unwrap_or(0),
            "highlight" | "cb" | "chcbpat" => self.state.painted = value > 0,
            "s" if self.state.destination == Destination::Styles => self.style.0 = value,
            "s" => self.paragraph.heading = self.headings.get(&value).copied(),
            "outlinelevel" => {
                let level = usize::try_from(value).ok().filter(|level| *level < 9);
                match self.state.destination {
                    Destination::Styles => self.style.1 = level.map(|level| level + 1),
                    _ => self.paragraph.heading = level.map(|level| level + 1),
                }
            }
            "ilvl" => self.paragraph.level = usize::try_from(value).unwrap_or(0),
            "intbl" => self.paragraph.in_table = true,
            "pard" => self.paragraph = Paragraph::default(),
            "par" | "sect" | "page" => self.end_paragraph(),
            "line" => self.text("\n"),
            "cell" => {
                self.paragraph.in_table = true;
                self.end_paragraph();
                self.open_cell();
                self.writer.close_cell(1);
                self.in_cell = false;
            }
            "row" => (self.in_row, self.in_cell) = (false, false),
            "nestcell" => self.text("; "),
            "nestrow" => self.text("\n"),
            _ => {
                if let Some(text) = destination::character(word) {
                    self.text(text);
                }
            }
        }
        Ok(())
    }

    fn enter(&mut self, destination: Destination) {
        self.flush();
        // What is passed over holds nothing that is read.
        if self.state.destination == Destination::Nothing {
            return;
        }
        self.state.destination = destination;
        match destination {
            Destination::Note => {
                self.notes += 1;
                self.writer.markup(&format!("[^{}]", self.notes));
                self.aside.push((self.writer.set_aside(), std::mem::take(&mut self.paragraph)));
                self.writer.begin_note();
            }
            Destination::Label => self.label.clear(),
            _ => {}
        }
    }

    /// Goes back to the state around a group.
    fn leave(&mut self, around: State) {
        let destination = self.state.destination;
        self.state = around;
        if destination == Destination::Note && around.destination != Destination::Note {
            let note = self.writer.take_note();
            self.writer.footnote(&self.notes.to_string(), note);
            if let Some((line, paragraph)) = self.aside.pop() {
                self.writer.resume(line);
                self.paragraph = paragraph;
            }
        }
    }

    fn unicode(&mut self, number: i32) {
        self.flush();
        let unit = u32::from(number as u16);
        self.passed_over = self.state.fallback;
        let code = match (self.half.take(), unit) {
            (_, 0xd800..=0xdbff) => {
                self.half = Some(unit);
                return;
            }
            (Some(half), 0xdc00..=0xdfff) => 0x10000 + ((half - 0xd800) << 10) + (unit - 0xdc00),
            _ => unit,
        };
        if let Some(character) = char::from_u32(code) {
            self.text(character.encode_utf8(&mut [0; 4]));
        }
    }

    /// Decodes the bytes that were gathered.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let by_page = codepage::to_encoding(self.code_page);
        let encoding = self.fonts.get(&self.state.font).copied().or(by_page);
        let text = encoding.unwrap_or(WINDOWS_1252).decode_without_bom_handling(&bytes).0;
        self.text(&text);
    }

    fn text(&mut self, text: &str) {
        if !self.bytes.is_empty() {
            self.flush();
        }
        match self.state.destination {
            Destination::Nothing => {}
            Destination::Fonts => {}
            Destination::Colors => {
                for _ in text.matches(';') {
                    self.colors.push(std::mem::take(&mut self.color));
                }
            }
            Destination::Styles => self.style_name(text),
            Destination::Label => self.label.push_str(text),
            Destination::Body | Destination::Note if self.state.deleted => {}
            Destination::Body | Destination::Note => {
                let white = self.colors.get(self.state.color) == Some(&(255, 255, 255));
                let hidden = self.state.hidden || self.state.tiny || (white && !self.state.painted);
                self.writer.text(text, hidden);
            }
        }
    }

    fn style_name(&mut self, text: &str) {
        let Some((name, _)) = text.split_once(';') else {
            self.style.2.push_str(text);
            return;
        };
        let (style, level, mut whole) = std::mem::take(&mut self.style);
        whole.push_str(name);
        let name = whole.trim().to_lowercase();
        let by_name = name.strip_prefix("heading ").and_then(|level| level.parse().ok());
        if let Some(level) = level.or(by_name) {
            self.headings.insert(style, level);
        }
    }

    fn end_paragraph(&mut self) {
        if !matches!(self.state.destination, Destination::Body | Destination::Note) {
            return;
        }
        if self.state.destination == Destination::Body {
            self.place();
        }
        let label = std::mem::take(&mut self.label);
        let label = label.trim();
        let number = label.trim_end_matches(['.', ')']).parse().ok();
        let (style, prefix) = match (self.paragraph.heading, label) {
            (Some(level), "") => (Style::Heading(level), String::new()),
            (Some(level), label) => (Style::Heading(level), format!("{label} ")),
            (None, "") => (Style::Paragraph, String::new()),
            (None, label) if number.is_some() || is_bullet(label) => {
                (Style::Item(self.paragraph.level, number), String::new())
            }
            (None, label) => (Style::Item(self.paragraph.level, None), format!("{label} ")),
        };
        let text = self.writer.set_aside();
        if !text.is_blank() {
            let mut line = Line::default();
            line.push(&prefix, false);
            line.append(&text);
            self.writer.resume(line);
            self.writer.end(style);
        }
    }

    /// Opens or closes the table, as the paragraph that ends is in one or not.
    fn place(&mut self) {
        let line = self.writer.set_aside();
        if self.paragraph.in_table {
            self.open_cell();
        } else if self.in_table && !line.is_blank() {
            self.writer.close_table(false);
            (self.in_table, self.in_row, self.in_cell) = (false, false, false);
        }
        self.writer.resume(line);
    }

    fn open_cell(&mut self) {
        if !self.in_table {
            self.writer.open_table();
        }
        if !self.in_row {
            self.writer.open_row();
        }
        if !self.in_cell {
            self.writer.open_cell();
        }
        (self.in_table, self.in_row, self.in_cell) = (true, true, true);
    }
}

/// Whether this stands for a bullet: a sign, or the letter that looks like a ring.
fn is_bullet(label: &str) -> bool {
    label == "o" || !label.contains(char::is_alphanumeric)
}
