//! The model that DOCX and PDF are set from: blocks, the text in them, and formulas. It is read
//! from the safe HTML of a message, so that Markdown is interpreted in one place.

mod formula;
mod read;

pub use formula::{Formula, Math};
pub use read::blocks;

use std::rc::Rc;

/// A piece of a message that stands on lines of its own.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading; 1 is the highest level within the message, 6 the lowest.
    Heading(u8, Vec<Inline>),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A formula on a line of its own.
    Formula(Formula),
    /// Code, line by line.
    Code(Vec<Vec<CodeSpan>>),
    /// A quotation, or a note that is set off.
    Quote(Vec<Block>),
    /// A list.
    List(List),
    /// A table.
    Table(Table),
    /// A line between two parts.
    Rule,
    /// A footnote, which begins with its number.
    Footnote(Vec<Block>),
}

/// Code of one colour, on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSpan {
    /// The code.
    pub text: String,
    /// The class of its colour, as `markdown` names it.
    pub class: Option<String>,
}

/// A list.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// The number of its first item; none if the items have no numbers.
    pub start: Option<u32>,
    /// Its items.
    pub items: Vec<Item>,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Whether it is done, for one that can be.
    pub done: Option<bool>,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A table. Its rows may have fewer cells than others.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its first row, if that names the columns.
    pub head: Option<Vec<Cell>>,
    /// Its other rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// How many cells its longest row has.
    pub fn columns(&self) -> usize {
        self.head.iter().chain(&self.rows).map(Vec::len).max().unwrap_or(0)
    }
}

/// A row as one line of text, for a table that has more columns than a format can show.
pub fn line(row: &[Cell]) -> Vec<Inline> {
    let mut line = Vec::new();
    for cell in row {
        if !line.is_empty() {
            line.push(Inline::plain(" | "));
        }
        line.extend(cell.text.iter().cloned());
    }
    line
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// On which side its text stands; none means where a line of it begins.
    pub align: Option<Align>,
    /// Its text.
    pub text: Vec<Inline>,
}

/// A side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// The left one, whatever the direction of the text.
    Left,
    /// The middle.
    Center,
    /// The right one.
    Right,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// Text of one style.
    Text(Span),
    /// The end of a line.
    Break,
    /// A formula.
    Formula(Formula),
}

impl Inline {
    /// Text without any style.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::Text(Span { text: text.into(), style: Style::default(), link: None })
    }
}

/// Text of one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The text.
    pub text: String,
    /// How it looks.
    pub style: Style,
    /// Where it leads: an `http`, `https` or `mailto` address.
    pub link: Option<Rc<str>>,
}

/// How text looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Style {
    /// Heavy.
    pub bold: bool,
    /// Slanted.
    pub italic: bool,
    /// Monospace.
    pub code: bool,
    /// Struck through.
    pub struck: bool,
    /// Underlined.
    pub underlined: bool,
    /// Marked with a colour.
    pub marked: bool,
    /// Raised or lowered.
    pub script: Option<Script>,
}

/// Where small text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Script {
    /// Below the line.
    Sub,
    /// Above it.
    Super,
}

/// Whether text is read from right to left: by its first letter that has a direction, as the
/// Unicode bidirectional algorithm has it (UAX #9, P2 and P3).
pub fn is_right_to_left(text: &[Inline]) -> bool {
    let spans = text.iter().filter_map(|inline| match inline {
        Inline::Text(span) => Some(span.text.as_str()),
        Inline::Break | Inline::Formula(_) => None,
    });
    spans.flat_map(str::chars).find_map(reads_right_to_left).unwrap_or(false)
}

/// Whether a letter is of a script that is written from right to left; `None` for what is no
/// letter.
pub fn reads_right_to_left(character: char) -> Option<bool> {
    let right_to_left = matches!(u32::from(character),
        0x0590..=0x08FF | 0x200F | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF | 0x10800..=0x10FFF
        | 0x1E800..=0x1EFFF);
    (right_to_left || character.is_alphabetic()).then_some(right_to_left)
}

/// What stands for a character that no document can hold: control characters, and those that
/// Unicode keeps free and XML forbids.
pub fn is_unfit(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n')
        || matches!(character, '\u{fffe}' | '\u{ffff}')
}

/// Text without the characters that no document can hold.
pub fn fit(text: &str) -> String {
    text.chars().map(|c| if is_unfit(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}
