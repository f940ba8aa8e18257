//! Words and lines out of glyphs.

use hayro::hayro_interpret::hayro_cmap::BfString;

use super::glyph::{Glyph, Sight, Turn};
use super::unicode::combining;

/// A gap of this many font sizes is a space between two words.
const SPACE: f64 = 0.1;
/// Letters that are set further apart than this are words of their own.
const WIDE: f64 = 0.4;
/// How far a letter may reach back over the one before it.
const OVERLAP: f64 = 0.3;
/// Words that were painted one after another are of one line up to this gap, in font sizes.
const WITHIN_LINE: f64 = 1.2;
/// The same where a space was painted between them: lines that are made to fill their column.
const ACROSS_SPACE: f64 = 2.5;
/// An exponent stands this near to what it belongs to.
const RAISED_GAP: f64 = 0.3;
/// The same for words that were not.
const BETWEEN_PIECES: f64 = 0.7;

/// A letter and where it begins and ends.
#[derive(Debug, Clone)]
pub(super) struct Letter {
    pub text: String,
    pub x0: f64,
    pub x1: f64,
}

/// Letters that stand together. Here and in [`Line`], lengths are of the page turned so that its
/// text runs from left to right.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// In the order in which they were painted.
    pub letters: Vec<Letter>,
    pub x0: f64,
    pub x1: f64,
    /// Its baseline.
    pub y: f64,
    pub size: f64,
    pub bold: bool,
    pub sight: Sight,
    /// Whether a space was painted after it.
    space: bool,
    /// Of which run of painting it is.
    piece: usize,
}

/// Words on one baseline, from left to right, that no wide gap parts.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub words: Vec<Word>,
    pub x0: f64,
    pub x1: f64,
    pub y: f64,
    pub size: f64,
}

impl Word {
    fn new(glyph: &Glyph, x: f64, y: f64) -> Self {
        let x1 = x + glyph.advance.max(0.0);
        let mut word = Self {
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
        word.push(text(&glyph.text), x, x1);
        word
    }

    fn push(&mut self, text: String, x0: f64, x1: f64) {
        self.letters.push(Letter { text, x0, x1 });
        self.x0 = self.x0.min(x0);
        self.x1 = self.x1.max(x1);
    }

    /// Takes a glyph that belongs to this word, or says that it does not.
    fn take(&mut self, glyph: &Glyph, x: f64, y: f64) -> bool {
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
            && last.text == text(&glyph.text)
        {
            return true;
        }
        self.push(text(&glyph.text), x, end);
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
        if let Some(mark) = mark {
            let letter = last.text.chars().all(char::is_alphabetic);
            let on = over(last.x0, last.x1, f64::midpoint(x, end))
                || (end - x < 0.01 && x <= last.x1 + 0.01);
            if letter && on {
                dotted(&mut last.text);
                last.text.push(mark);
                return true;
            }
        } else if c.is_alphabetic()
            && let Some(mark) = single(&last.text).and_then(combining)
            && over(x, end, f64::midpoint(last.x0, last.x1))
        {
            last.text = c.to_string();
            dotted(&mut last.text);
            last.text.push(mark);
            (last.x0, last.x1) = (x, end);
            (self.x0, self.x1, self.y) = (self.x0.min(x), self.x1.max(end), y);
            return true;
        }
        false
    }
}

/// The letters without a dot that accents are put on.
fn dotted(letter: &mut String) {
    match letter.as_str() {
        "\u{131}" => "i".clone_into(letter),
        "\u{237}" => "j".clone_into(letter),
        _ => {}
    }
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

fn rtl(text: &BfString) -> bool {
    match text {
        BfString::Char(c) => super::bidi::is_rtl(*c),
        BfString::String(text) => text.chars().any(super::bidi::is_rtl),
    }
}

fn blank(text: &BfString) -> bool {
    match text {
        BfString::Char(c) => c.is_whitespace(),
        BfString::String(text) => text.chars().all(char::is_whitespace),
    }
}

/// The lines of what runs one way on a page, from top to bottom.
pub(super) fn lines(glyphs: &[Glyph], turn: Turn) -> Vec<Line> {
    let mut words = words(glyphs, turn);
    pieces(&mut words);
    let mut lines = Vec::new();
    for row in rows(words) {
        split(row, &mut lines);
    }
    raised(lines)
}

fn words(glyphs: &[Glyph], turn: Turn) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for glyph in glyphs.iter().filter(|glyph| glyph.turn == turn) {
        if blank(&glyph.text) {
            if let Some(word) = words.last_mut().filter(|_| open) {
                word.space = true;
            }
            open = false;
            continue;
        }
        let at = turn.upright(glyph.origin);
        let taken = open && words.last_mut().is_some_and(|word| word.take(glyph, at.x, at.y));
        if !taken {
            words.push(Word::new(glyph, at.x, at.y));
            open = true;
        }
    }
    single_out(words)
}

/// Without words that were painted a second time where they stood: shadows and bold type.
fn single_out(words: Vec<Word>) -> Vec<Word> {
    use std::collections::HashMap;
    let mut seen: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    let mut kept: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        #[expect(clippy::cast_possible_truncation, reason = "places on a page")]
        let (column, row) = ((word.x0 / 8.0) as i64, (word.y / 8.0) as i64);
        let near = [-1, 0, 1].into_iter().flat_map(|x| [-1, 0, 1].map(|y| (column + x, row + y)));
        let again = near.filter_map(|cell| seen.get(&cell)).flatten().any(|index| {
            kept.get(*index).is_some_and(|other| {
                let reach = 0.12 * word.size;
                (other.x0 - word.x0).abs() < reach
                    && (other.y - word.y).abs() < reach
                    && other.letters.len() == word.letters.len()
                    && other.letters.iter().zip(&word.letters).all(|(a, b)| a.text == b.text)
            })
        });
        if !again {
            seen.entry((column, row)).or_default().push(kept.len());
            kept.push(word);
        }
    }
    kept
}

/// Tells which words were painted one after another along a line.
fn pieces(words: &mut [Word]) {
    let mut piece = 0;
    let mut last: Option<(f64, f64, f64, f64, bool)> = None;
    for word in words {
        let goes_on = last.is_some_and(|(x0, x1, y, size, space)| {
            let size = size.max(word.size);
            let gap = (word.x0 - x1).max(x0 - word.x1);
            let most = if space { ACROSS_SPACE } else { WITHIN_LINE };
            let along = (word.y - y).abs() < 0.3 * size && gap < most * size;
            // Up to an exponent, or down from it.
            let step = (word.y - y).abs() < 0.6 * size && gap < RAISED_GAP * size;
            -OVERLAP * size < gap && (along || step)
        });
        if !goes_on {
            piece += 1;
        }
        word.piece = piece;
        last = Some((word.x0, word.x1, word.y, word.size, word.space));
    }
}

/// Words by their baseline, from top to bottom.
fn rows(mut words: Vec<Word>) -> Vec<Vec<Word>> {
    words.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rows: Vec<(f64, f64, Vec<Word>)> = Vec::new();
    for word in words {
        match rows.last_mut() {
            Some((y, size, row)) if (word.y - *y).abs() < 0.25 * size.min(word.size) => {
                row.push(word);
            }
            _ => rows.push((word.y, word.size, vec![word])),
        }
    }
    rows.into_iter().map(|(.., row)| row).collect()
}

/// The lines of a row: it is cut where a gap is wider than one between words.
fn split(mut row: Vec<Word>, lines: &mut Vec<Line>) {
    row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let mut current: Vec<Word> = Vec::new();
    for word in row {
        if let Some(last) = current.last() {
            let size = last.size.max(word.size);
            let end = current.iter().map(|word| word.x1).fold(f64::MIN, f64::max);
            let gap = word.x0 - end;
            let same = last.piece == word.piece;
            // Where two words are of one piece, they were found near enough already.
            let most = if same { ACROSS_SPACE } else { BETWEEN_PIECES };
            if gap > most * size || (gap < -0.5 * size && !same) {
                lines.push(Line::new(std::mem::take(&mut current)));
            }
        }
        current.push(word);
    }
    if !current.is_empty() {
        lines.push(Line::new(current));
    }
}

/// Puts raised and lowered small type into the line that it stands beside.
fn raised(lines: Vec<Line>) -> Vec<Line> {
    let mut whole: Vec<Line> = Vec::with_capacity(lines.len());
    let mut small = Vec::new();
    // Lines are in the order of their baselines: what a small one belongs to is near.
    for (index, line) in lines.iter().enumerate() {
        let from = index.saturating_sub(12);
        let near = lines.get(from..(index + 13).min(lines.len())).unwrap_or_default();
        let fits = near.iter().any(|other| hangs_on(line, other));
        if fits { small.push(line.clone()) } else { whole.push(line.clone()) }
    }
    for line in small {
        let at = whole.partition_point(|other| other.y < line.y - line.size * 2.0);
        let nearest = whole
            .iter()
            .enumerate()
            .skip(at)
            .take_while(|(_, other)| other.y < line.y + line.size * 2.0)
            .filter(|(_, other)| hangs_on(&line, other))
            .min_by(|(_, a), (_, b)| gap(&line, a).total_cmp(&gap(&line, b)))
            .map(|(index, _)| index);
        match nearest.and_then(|index| whole.get_mut(index)) {
            Some(other) => {
                other.words.extend(line.words);
                other.words.sort_by(|a, b| a.x0.total_cmp(&b.x0));
                (other.x0, other.x1) = (other.x0.min(line.x0), other.x1.max(line.x1));
            }
            None => {
                let at = whole.partition_point(|other| other.y < line.y);
                whole.insert(at, line);
            }
        }
    }
    whole
}

fn gap(small: &Line, other: &Line) -> f64 {
    other
        .words
        .iter()
        .map(|word| (small.x0 - word.x1).max(word.x0 - small.x1))
        .fold(f64::MAX, f64::min)
}

/// Whether a line is an index or exponent of something in another one.
fn hangs_on(line: &Line, other: &Line) -> bool {
    let rise = other.y - line.y;
    line.size < 0.85 * other.size
        && -0.4 * other.size < rise
        && rise < 0.75 * other.size
        && line.x1 - line.x0 < 6.0 * other.size
        && line.x0 < other.x1 + 0.3 * other.size
        && line.x1 > other.x0 - 0.3 * other.size
        && (-OVERLAP * other.size..RAISED_GAP * other.size).contains(&gap(line, other))
}

impl Line {
    fn new(words: Vec<Word>) -> Self {
        let x0 = words.iter().map(|word| word.x0).fold(f64::MAX, f64::min);
        let x1 = words.iter().map(|word| word.x1).fold(f64::MIN, f64::max);
        let main = words.iter().max_by(|a, b| (a.x1 - a.x0).total_cmp(&(b.x1 - b.x0)));
        let (y, size) = main.map_or((0.0, 0.0), |word| (word.y, word.size));
        Self { words, x0, x1, y, size }
    }

    /// Whether the letters are set so wide that gaps between them are no spaces, and if so, which
    /// are.
    pub fn space(&self) -> f64 {
        let alone = self.words.len() > 3 && self.words.iter().all(|word| word.letters.len() == 1);
        let before_last = self.words.len().saturating_sub(1);
        let spaced = self.words.iter().take(before_last).filter(|word| word.space).count();
        let narrowest = self
            .words
            .windows(2)
            .filter_map(|pair| if let [a, b] = pair { Some(b.x0 - a.x1) } else { None })
            .fold(f64::MAX, f64::min);
        let usual = SPACE * self.size;
        if alone && spaced * 2 < before_last && 0.0 < narrowest && narrowest < WIDE * self.size {
            usual.max(narrowest * 1.3)
        } else {
            usual
        }
    }

    /// Whether a space is between two neighbours of its words.
    pub fn parts(&self, left: &Word, right: &Word, space: f64) -> bool {
        let painted = left.space || (right.space && super::bidi::is_rtl_word(right));
        let gap = right.x0 - left.x1;
        gap >= space || (painted && gap > 0.03 * self.size)
    }
}
