//! Words out of glyphs.

use hayro::hayro_interpret::hayro_cmap::BfString;

use super::glyph::{Glyph, Sight};
use super::unicode::combining;

/// A gap of this many font sizes is a space between two words.
pub(super) const SPACE: f64 = 0.1;
/// How far a letter may reach back over the one before it.
pub(super) const OVERLAP: f64 = 0.3;

/// Where a letter begins and ends.
#[derive(Debug)]
pub(super) struct Letter {
    /// Where its text begins in that of its word.
    start: usize,
    pub x0: f64,
    pub x1: f64,
}

/// Letters that stand together. Here and in [`Line`](super::lines::Line), lengths are of the page turned so that its
/// text runs from left to right.
#[derive(Debug)]
pub(super) struct Word {
    /// Their text, in the order in which they were painted.
    pub text: String,
    /// In the same order.
    pub letters: Vec<Letter>,
    pub x0: f64,
    pub x1: f64,
    /// Its baseline.
    pub y: f64,
    pub size: f64,
    pub bold: bool,
    pub sight: Sight,
    /// Whether a space was painted after it.
    pub space: bool,
    /// Of which run of painting it is.
    pub piece: usize,
}

impl Word {
    /// A word that begins with this glyph at this place.
    pub fn new(glyph: &Glyph, x: f64, y: f64) -> Self {
        let x1 = x + glyph.advance.max(0.0);
        let mut word = Self {
            text: String::new(),
            letters: Vec::new(),
            x0: x,
            x1,
            y,
            size: glyph.size,
            bold: glyph.bold,
            sight: glyph.sight,
            space: false,
            piece: 0,
        };
        word.push(&glyph.text, x, x1);
        word
    }

    /// The text of one of its letters.
    pub fn letter(&self, index: usize) -> &str {
        let start = self.letters.get(index).map_or(self.text.len(), |letter| letter.start);
        let end = self.letters.get(index + 1).map_or(self.text.len(), |next| next.start);
        self.text.get(start..end).unwrap_or_default()
    }

    fn push(&mut self, text: &BfString, x0: f64, x1: f64) {
        self.letters.push(Letter { start: self.text.len(), x0, x1 });
        match text {
            BfString::Char(c) => self.text.push(*c),
            BfString::String(text) => self.text.push_str(text),
        }
        self.x0 = self.x0.min(x0);
        self.x1 = self.x1.max(x1);
    }

    /// Takes a glyph that belongs to this word, or says that it does not.
    pub fn take(&mut self, glyph: &Glyph, x: f64, y: f64) -> bool {
        let end = x + glyph.advance.max(0.0);
        if self.sight == glyph.sight && self.accent(glyph, x, end, y) {
            return true;
        }
        let size = self.size.max(glyph.size);
        let alike = self.size.min(glyph.size) > 0.85 * size
            && (self.y - y).abs() < 0.1 * size
            && self.sight == glyph.sight;
        let after = x - self.x1;
        let before = self.x0 - end;
        let fits = |gap: f64| -OVERLAP * size < gap && gap < SPACE * size;
        // What is written from right to left may be painted so as well.
        if !alike || !(fits(after) || (fits(before) && rtl(&glyph.text))) {
            return false;
        }
        // The same letter a little to the side makes bold type.
        if let Some(last) = self.letters.last()
            && (last.x0 - x).abs() < 0.1 * size
            && glyph.advance > 0.2 * size
            && is(self.text.get(last.start..).unwrap_or_default(), &glyph.text)
        {
            return true;
        }
        self.push(&glyph.text, x, end);
        true
    }

    /// Puts an accent onto the letter that it stands over, whichever was painted first.
    fn accent(&mut self, glyph: &Glyph, x: f64, end: f64, y: f64) -> bool {
        let Some(last) = self.letters.last_mut() else { return false };
        if (self.y - y).abs() > 0.5 * self.size {
            return false;
        }
        let BfString::Char(c) = glyph.text else { return false };
        let over = |x0: f64, x1: f64, at: f64| x0 < at && at < x1;
        let mark = combining(c).or(('\u{300}'..='\u{36f}').contains(&c).then_some(c));
        let under = self.text.get(last.start..).unwrap_or_default();
        if let Some(mark) = mark {
            let letter = under.chars().all(char::is_alphabetic);
            let on = over(last.x0, last.x1, f64::midpoint(x, end))
                || (end - x < 0.01 && x <= last.x1 + 0.01);
            if letter && on {
                dotted(&mut self.text);
                self.text.push(mark);
                return true;
            }
        } else if c.is_alphabetic()
            && let Some(mark) = single(under).and_then(combining)
            && over(x, end, f64::midpoint(last.x0, last.x1))
        {
            self.text.truncate(last.start);
            self.text.push(c);
            dotted(&mut self.text);
            self.text.push(mark);
            (last.x0, last.x1) = (x, end);
            (self.x0, self.x1, self.y) = (self.x0.min(x), self.x1.max(end), y);
            return true;
        }
        false
    }
}

/// Gives a dot to a last letter without one, which is the one that accents are put on.
fn dotted(text: &mut String) {
    let dotted = match text.chars().next_back() {
        Some('\u{131}') => 'i',
        Some('\u{237}') => 'j',
        _ => return,
    };
    text.pop();
    text.push(dotted);
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// What a glyph says.
pub(super) fn text(text: &BfString) -> String {
    match text {
        BfString::Char(c) => c.to_string(),
        BfString::String(text) => text.clone(),
    }
}

/// Whether a text is what a glyph says.
fn is(text: &str, glyph: &BfString) -> bool {
    match glyph {
        BfString::Char(c) => single(text) == Some(*c),
        BfString::String(other) => text == other,
    }
}

fn rtl(text: &BfString) -> bool {
    match text {
        BfString::Char(c) => super::bidi::is_rtl(*c),
        BfString::String(text) => text.chars().any(super::bidi::is_rtl),
    }
}

/// Whether a glyph says nothing but a space.
pub(super) fn blank(text: &BfString) -> bool {
    match text {
        BfString::Char(c) => c.is_whitespace(),
        BfString::String(text) => text.chars().all(char::is_whitespace),
    }
}
