//! Lines out of glyphs.

use super::glyph::{Glyph, Turn};
use super::word::{OVERLAP, SPACE, Word, blank};

/// Letters that are set further apart than this are words of their own.
const WIDE: f64 = 0.4;
/// Words that were painted one after another are of one line up to this gap, in font sizes.
const WITHIN_LINE: f64 = 1.2;
/// The same where a space was painted between them: lines that are made to fill their column.
const ACROSS_SPACE: f64 = 2.5;
/// An exponent stands this near to what it belongs to.
const RAISED_GAP: f64 = 0.3;
/// The same for words that were not.
const BETWEEN_PIECES: f64 = 0.7;

/// Words on one baseline, from left to right, that no wide gap parts.
#[derive(Debug)]
pub(super) struct Line {
    pub words: Vec<Word>,
    pub x0: f64,
    pub x1: f64,
    pub y: f64,
    pub size: f64,
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
    // Places on a page, in squares of so many points.
    const SQUARE: f64 = 8.0;
    #[expect(clippy::cast_possible_truncation, reason = "places on a page")]
    let square = |at: f64| (at / SQUARE).floor() as i64;
    let mut seen: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
    let mut kept: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        let reach = 0.12 * word.size;
        let (x, y) = (square(word.x0), square(word.y));
        // Where the other one may be, which is most often the same square.
        let near = reach.min(SQUARE);
        let rows = square(word.y - near)..=square(word.y + near);
        let columns = square(word.x0 - near)..=square(word.x0 + near);
        let mut near = columns.flat_map(|x| rows.clone().map(move |y| (x, y)));
        let is_same = |other: &Word| {
            (other.x0 - word.x0).abs() < reach
                && (other.y - word.y).abs() < reach
                && other.letters.len() == word.letters.len()
                && other.text == word.text
        };
        let again = near.any(|square| {
            let there = seen.get(&square).into_iter().flatten();
            there.filter_map(|index| kept.get(*index)).any(is_same)
        });
        if !again {
            seen.entry((x, y)).or_default().push(kept.len());
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
    // Lines are in the order of their baselines: what a small one belongs to is near.
    let is_small: Vec<bool> = lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let near = index.saturating_sub(12)..(index + 13).min(lines.len());
            let near = lines.get(near).unwrap_or_default();
            near.iter().any(|other| hangs_on(line, other))
        })
        .collect();
    let mut whole: Vec<Line> = Vec::with_capacity(lines.len());
    let mut small = Vec::new();
    for (line, is_small) in lines.into_iter().zip(is_small) {
        if is_small { small.push(line) } else { whole.push(line) }
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
