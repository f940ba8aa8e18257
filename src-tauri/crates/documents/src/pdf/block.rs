//! What a page holds, in the order in which it is read.

use super::glyph::Sight;
use super::lines::Line;

/// A piece of a line's text.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub text: String,
    pub sight: Sight,
}

/// A line of text.
#[derive(Debug, Clone)]
pub(super) struct TextLine {
    pub spans: Vec<Span>,
    pub x0: f64,
    pub x1: f64,
    /// Its baseline, from the top.
    pub y: f64,
    pub size: f64,
    pub bold: bool,
}

/// Lines that belong together.
#[derive(Debug, Clone)]
pub(super) enum Block {
    /// From top to bottom.
    Text(Vec<TextLine>),
    /// Rows of as many cells each, of which any may be empty.
    Table(Vec<Vec<Option<TextLine>>>),
}

/// A page that was read.
#[derive(Debug, Default)]
pub(super) struct Leaf {
    pub blocks: Vec<Block>,
    /// How many of them, from the first on, run from left to right, so that their places are those
    /// on the page.
    pub upright: usize,
    pub height: f64,
    /// How much of it is covered by pictures, from 0 to 1.
    pub pictured: f64,
}

impl TextLine {
    /// Of a line of words.
    pub fn new(line: &Line) -> Self {
        let mut spans: Vec<Span> = Vec::new();
        let rtl = super::bidi::is_rtl_line(line);
        let mut cut = false;
        for (spaced, word) in super::bidi::in_reading_order(line) {
            cut = word.text.ends_with('\u{ad}');
            let text = super::bidi::text(word, rtl);
            match spans.last_mut() {
                Some(last) if last.sight == word.sight => {
                    if spaced {
                        last.text.push(' ');
                    }
                    last.text.push_str(&text);
                }
                last => {
                    if let Some(last) = last.filter(|_| spaced) {
                        last.text.push(' ');
                    }
                    spans.push(Span { text, sight: word.sight });
                }
            }
        }
        // Only there is a soft hyphen seen.
        if let Some(last) = spans.last_mut().filter(|_| cut) {
            last.text.push('\u{ad}');
        }
        // An accent may stand in a word of its own before it is put onto its letter.
        let letters = |bold: bool| {
            let words = line.words.iter().filter(|word| word.bold == bold);
            words.map(|word| word.letters.len()).sum::<usize>()
        };
        let bold = letters(true) > letters(false);
        Self { spans, x0: line.x0, x1: line.x1, y: line.y, size: line.size, bold }
    }

    /// Its text.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// Its text as far as it lies on the page.
    pub fn text_on_page(&self) -> String {
        let spans = self.spans.iter().filter(|span| span.sight != Sight::Outside);
        spans.map(|span| span.text.as_str()).collect()
    }

    /// How many characters it has.
    pub fn len(&self) -> usize {
        self.spans.iter().map(|span| span.text.chars().count()).sum()
    }
}

impl Block {
    /// All of its lines.
    pub fn lines(&self) -> Vec<&TextLine> {
        match self {
            Self::Text(lines) => lines.iter().collect(),
            Self::Table(rows) => rows.iter().flatten().flatten().collect(),
        }
    }
}

/// A line without the hyphen that ends it, where one does.
fn cut(text: &str) -> Option<&str> {
    let head = text.strip_suffix(['-', '\u{2010}', '\u{ad}'])?;
    head.ends_with(char::is_alphabetic).then_some(head)
}

impl Leaf {
    /// The blocks whose places are those on the page.
    pub fn upright(&self) -> &[Block] {
        self.blocks.get(..self.upright).unwrap_or_default()
    }

    /// As [`upright`](Self::upright).
    pub fn upright_mut(&mut self) -> &mut [Block] {
        self.blocks.get_mut(..self.upright).unwrap_or_default()
    }

    /// Takes away the blocks that have no lines.
    pub fn drop_empty(&mut self) {
        let empty = |block: &Block| matches!(block, Block::Text(lines) if lines.is_empty());
        self.upright -= self.upright().iter().filter(|block| empty(block)).count();
        self.blocks.retain(|block| !empty(block));
    }

    /// How many bytes of text it has.
    pub fn len(&self) -> usize {
        let lines = self.blocks.iter().flat_map(Block::lines);
        lines.flat_map(|line| &line.spans).map(|span| span.text.len()).sum()
    }

    /// Its text as far as it lies on the page, line by line; words that are cut at a line's end are
    /// whole.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        for block in &self.blocks {
            match block {
                Block::Text(lines) => {
                    for (index, line) in lines.iter().enumerate() {
                        let text = line.text_on_page();
                        let next = lines.get(index + 1).map(TextLine::text_on_page);
                        match cut(&text).filter(|_| {
                            next.is_some_and(|next| next.starts_with(char::is_alphabetic))
                        }) {
                            Some(head) => out.push_str(head),
                            None => {
                                out.push_str(&text);
                                out.push('\n');
                            }
                        }
                    }
                }
                Block::Table(rows) => {
                    for row in rows {
                        let cells: Vec<_> =
                            row.iter().flatten().map(TextLine::text_on_page).collect();
                        out.push_str(&cells.join("\t"));
                        out.push('\n');
                    }
                }
            }
            out.push('\n');
        }
        out
    }
}
