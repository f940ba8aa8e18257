//! One paragraph as a file's reader gathers it, and as it is written in Markdown.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

use crate::marked::{self, Marked};

/// The text of a paragraph before it is escaped.
#[derive(Debug, Clone, Default)]
pub struct Line {
    raw: Marked,
    /// Ranges that are Markdown already.
    markup: Vec<Range<usize>>,
}

/// Where a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a block of its own.
    Block,
    /// In a heading, which is one line.
    Heading,
    /// In a cell of a table, which is one line.
    Cell,
}

impl Line {
    /// Appends text as it stands in the file.
    pub fn push(&mut self, text: &str, hidden: bool) {
        if text.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
            self.raw.push(&clean(text), hidden);
        } else {
            self.raw.push(text, hidden);
        }
    }

    /// Appends Markdown.
    pub fn push_markup(&mut self, markup: &str) {
        let start = self.raw.text.len();
        self.raw.push(markup, false);
        marked::add(&mut self.markup, start..self.raw.text.len());
    }

    /// Appends another line.
    pub fn append(&mut self, other: &Self) {
        let start = self.raw.text.len();
        self.raw.append(&other.raw);
        for range in &other.markup {
            marked::add(&mut self.markup, start + range.start..start + range.end);
        }
    }

    /// Whether there is nothing in it to see.
    pub fn is_blank(&self) -> bool {
        self.raw.text.trim().is_empty()
    }

    /// Its last character.
    pub fn last(&self) -> Option<char> {
        self.raw.text.chars().next_back()
    }

    /// The line as Markdown in which its text stands as it is: what Markdown would take for its own
    /// is escaped (CommonMark 0.31, sections 2.4, 4 and 6, GFM's tables, `$` of mathematics).
    pub fn to_markdown(&self, place: Place) -> Marked {
        let text = self.raw.text.as_str();
        let begin = text.len() - text.trim_start().len();
        let end = text.trim_end().len();
        let mut escaping = Escaping {
            out: Marked::default(),
            place,
            before: None,
            opening: place == Place::Block,
            hidden: Ranges::new(&self.raw.hidden),
            markup: Ranges::new(&self.markup),
        };
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            if at >= begin && at < end {
                let rest = text.get(at + character.len_utf8()..end).unwrap_or_default();
                escaping.character(at, character, rest, &mut characters);
            }
        }
        escaping.out
    }
}

/// Without the characters that no text holds; ends of lines as `\n`.
pub fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' if characters.peek() == Some(&'\n') => {}
            '\r' | '\u{b}' | '\u{85}' => clean.push('\n'),
            '\u{c}' => clean.push('\n'),
            '\n' | '\t' => clean.push(character),
            _ if character.is_control() => {}
            _ => clean.push(character),
        }
    }
    clean
}

/// Ordered ranges that are asked for places that only grow.
struct Ranges<'a> {
    left: &'a [Range<usize>],
}

impl<'a> Ranges<'a> {
    fn new(ranges: &'a [Range<usize>]) -> Self {
        Self { left: ranges }
    }

    fn holds(&mut self, at: usize) -> bool {
        while let [first, rest @ ..] = self.left {
            if first.end > at {
                return first.start <= at;
            }
            self.left = rest;
        }
        false
    }
}

struct Escaping<'a> {
    out: Marked,
    place: Place,
    before: Option<char>,
    /// Whether only digits or nothing came since the start of the line.
    opening: bool,
    hidden: Ranges<'a>,
    markup: Ranges<'a>,
}

impl Escaping<'_> {
    fn character(
        &mut self,
        at: usize,
        character: char,
        rest: &str,
        characters: &mut Peekable<CharIndices<'_>>,
    ) {
        let hidden = self.hidden.holds(at);
        if character == '\n' {
            // Blanks around the end of a line mean something to Markdown.
            while characters.next_if(|(_, next)| next.is_whitespace()).is_some() {}
            let end = match self.place {
                Place::Block => "\n",
                Place::Heading => " ",
                Place::Cell => "<br>",
            };
            self.out.push(end, hidden);
            self.opening = self.place == Place::Block;
            self.before = None;
            return;
        }
        let mut buffer = [0; 4];
        let text = if character == '\t' && self.place != Place::Block {
            " "
        } else {
            character.encode_utf8(&mut buffer)
        };
        if !self.markup.holds(at) && self.means_something(character, rest) {
            self.out.push("\\", hidden);
        }
        self.out.push(text, hidden);
        self.opening = self.opening && character.is_ascii_digit();
        self.before = Some(character);
    }

    fn means_something(&self, character: char, rest: &str) -> bool {
        let next = rest.chars().next();
        let blank_follows = next.is_none_or(char::is_whitespace);
        let at_start = self.opening && self.before.is_none();
        match character {
            '`' | '$' | '~' => true,
            '|' => self.place == Place::Cell || at_start,
            '*' => at_start || !blank_follows || !self.before.is_none_or(char::is_whitespace),
            '_' => {
                !(self.before.is_some_and(char::is_alphanumeric)
                    && next.is_some_and(char::is_alphanumeric))
            }
            '\\' => next.is_none_or(|next| next.is_ascii_punctuation() || next == '\n'),
            '<' => next.is_some_and(|next| next.is_ascii_alphabetic() || "/!?".contains(next)),
            '&' => is_entity(rest),
            '[' => next == Some('^'),
            ']' => next.is_some_and(|next| "([:".contains(next)),
            '#' => {
                at_start
                    && rest.trim_start_matches('#').chars().next().is_none_or(char::is_whitespace)
            }
            '>' | '=' => at_start,
            '-' => at_start && next.is_none_or(|next| next.is_whitespace() || "-|:".contains(next)),
            '+' => at_start && blank_follows,
            ':' => at_start && next == Some('-'),
            '.' | ')' => {
                self.opening
                    && self.before.is_some_and(|before| before.is_ascii_digit())
                    && blank_follows
            }
            _ => false,
        }
    }
}

/// Whether what follows a `&` makes a character reference with it.
fn is_entity(rest: &str) -> bool {
    let name =
        rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').take(40).count();
    name > 0 && rest.as_bytes().get(name) == Some(&b';')
}
