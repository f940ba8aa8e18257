//! Markdown out of the blocks of a page.

use std::collections::{HashMap, HashSet};

use super::block::{Block, Leaf, TextLine};
use super::escape::{escape, escape_cell, escape_heading};
use super::glyph::Sight;
use crate::Page;

/// What is known of the whole document when its pages are written.
#[derive(Default)]
pub(super) struct Style {
    /// The size of most of its text.
    body: f64,
    /// Its words in lower case, to tell a hyphen that is a word's own from one of a line's end.
    words: HashSet<String>,
}

/// Text, and which bytes of it nobody sees.
#[derive(Debug, Default)]
pub(super) struct Marked {
    pub text: String,
    pub hidden: Vec<std::ops::Range<usize>>,
}

impl Marked {
    /// Adds a text.
    pub fn push(&mut self, text: &str, hidden: bool) {
        let start = self.text.len();
        self.text.push_str(text);
        if !hidden || text.is_empty() {
            return;
        }
        match self.hidden.last_mut() {
            Some(last) if last.end == start => last.end = self.text.len(),
            _ => self.hidden.push(start..self.text.len()),
        }
    }

    fn append(&mut self, other: &Self) {
        let start = self.text.len();
        self.text.push_str(&other.text);
        let ranges = other.hidden.iter().map(|range| range.start + start..range.end + start);
        self.hidden.extend(ranges);
    }

    fn pop(&mut self) {
        self.text.pop();
        let end = self.text.len();
        for range in &mut self.hidden {
            range.end = range.end.min(end);
        }
        self.hidden.retain(|range| !range.is_empty());
    }
}

impl Style {
    /// Of these pages.
    pub fn of(leaves: &[Leaf]) -> Self {
        // How many lines and letters there are of each size.
        let mut sizes: HashMap<i64, (usize, usize)> = HashMap::new();
        let mut words = HashSet::new();
        let blocks = leaves.iter().flat_map(|leaf| &leaf.blocks);
        for line in blocks.flat_map(Block::lines) {
            let (lines, letters) = sizes.entry(rounded(line.size)).or_default();
            (*lines, *letters) = (*lines + 1, *letters + line.len());
            let text = line.text();
            let parts = text.split(|c: char| !(c.is_alphanumeric() || HYPHENS.contains(&c)));
            for word in parts.filter(|word| word.chars().nth(3).is_some()) {
                if !word.ends_with(HYPHENS) && !words.contains(word) {
                    words.insert(word.to_lowercase());
                }
            }
        }
        // Small print may be more than the text is, but headings are not so many.
        let all: usize = sizes.values().map(|(_, letters)| letters).sum();
        let text = sizes.iter().filter(|(_, (lines, letters))| *lines >= 10 && letters * 5 > all);
        let text = text.map(|(size, _)| *size).max();
        let most = sizes.iter().max_by_key(|(size, (_, letters))| (*letters, **size));
        let body = text.max(most.map(|(size, _)| *size));
        #[expect(clippy::cast_precision_loss, reason = "a size")]
        let body = body.map_or(0.0, |size| size as f64 / 4.0);
        Self { body, words }
    }

    /// Whether a line of this size and weight is a heading, and of which rank.
    fn rank(&self, line: &TextLine) -> Option<usize> {
        let ratio = line.size / self.body;
        match ratio {
            _ if self.body <= 0.0 => None,
            1.6.. => Some(1),
            1.3.. => Some(2),
            1.12.. => Some(3),
            0.95.. if line.bold => Some(4),
            _ => None,
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a size in quarters of a point")]
fn rounded(size: f64) -> i64 {
    (size * 4.0).round() as i64
}

const HYPHENS: [char; 3] = ['-', '\u{2010}', '\u{ad}'];

/// A paragraph, heading or item.
struct Paragraph<'l> {
    lines: Vec<&'l TextLine>,
    rank: Option<usize>,
}

/// A page.
pub(super) fn page(leaf: &Leaf, style: &Style) -> Page {
    let mut out = Marked::default();
    let mut item_before = false;
    for part in parts(leaf, style) {
        let (written, item) = match part {
            Part::Text(paragraph) => write(&paragraph, style),
            Part::Table(rows) => (table(rows), false),
        };
        if written.text.trim().is_empty() {
            continue;
        }
        if !out.text.is_empty() {
            out.text.push_str(if item && item_before { "\n" } else { "\n\n" });
        }
        item_before = item;
        out.append(&written);
    }
    Page { name: None, text: out.text, hidden: out.hidden }
}

enum Part<'l> {
    Text(Paragraph<'l>),
    Table(&'l [Vec<Option<TextLine>>]),
}

/// The paragraphs and tables of a page.
fn parts<'l>(leaf: &'l Leaf, style: &Style) -> Vec<Part<'l>> {
    let mut parts: Vec<Part<'l>> = Vec::new();
    for block in &leaf.blocks {
        match block {
            Block::Table(rows) => parts.push(Part::Table(rows)),
            Block::Text(lines) => {
                let mut paragraphs = paragraphs(lines, right_edge(leaf, lines), style).into_iter();
                let Some(first) = paragraphs.next() else { continue };
                // A sentence that was cut at the end of a column goes on in the next one.
                match parts.last_mut() {
                    Some(Part::Text(last)) if last.rank.is_none() && goes_on(last, &first) => {
                        last.lines.extend(first.lines);
                    }
                    _ => parts.push(Part::Text(first)),
                }
                parts.extend(paragraphs.map(Part::Text));
            }
        }
    }
    parts
}

fn goes_on(paragraph: &Paragraph<'_>, next: &Paragraph<'_>) -> bool {
    let (Some(last), Some(first)) = (paragraph.lines.last(), next.lines.first()) else {
        return false;
    };
    let lower = first.text().chars().next().is_some_and(char::is_lowercase);
    let alike = (0.95..1.05).contains(&(first.size / last.size));
    let text = last.text();
    let mut end = text.trim_end().chars().rev();
    let cut = match end.next() {
        Some(c) if HYPHENS.contains(&c) => end.next().is_some_and(char::is_alphabetic),
        // A label or the like is no sentence.
        Some(c) => (c.is_alphanumeric() || c == ',') && paragraph.lines.len() > 1,
        None => false,
    };
    lower && alike && cut && next.rank.is_none()
}

/// How far lines of the column of these lines go.
fn right_edge(leaf: &Leaf, lines: &[TextLine]) -> f64 {
    let left = |lines: &[TextLine]| lines.iter().map(|line| line.x0).fold(f64::MAX, f64::min);
    let right = |lines: &[TextLine]| lines.iter().map(|line| line.x1).fold(f64::MIN, f64::max);
    if lines.len() > 3 {
        return right(lines);
    }
    // Too few to tell by themselves.
    let (from, size) = (left(lines), lines.first().map_or(0.0, |line| line.size));
    let beside = leaf.blocks.iter().filter_map(|block| match block {
        Block::Text(lines) if lines.len() > 1 && (left(lines) - from).abs() < 3.0 * size => {
            Some(right(lines))
        }
        _ => None,
    });
    beside.fold(right(lines), f64::max)
}

/// Whether a line ends before it had to: the next one's first word had room in it.
fn ends_early(line: &TextLine, next: &TextLine, right: f64) -> bool {
    let text = next.text();
    let first = match text.chars().next() {
        // Lines are broken between any two of these.
        Some(first) if wide(first) => 1,
        _ => text.split_whitespace().next().unwrap_or_default().chars().count(),
    };
    #[expect(clippy::cast_precision_loss, reason = "counts of letters")]
    let width = (next.x1 - next.x0) * first as f64 / next.len().max(1) as f64;
    line.x1 + width + line.size < right
}

/// The paragraphs of lines that stand below each other, in a column that goes up to `right`.
fn paragraphs<'l>(lines: &'l [TextLine], right: f64, style: &Style) -> Vec<Paragraph<'l>> {
    let mut gaps: Vec<f64> = lines
        .windows(2)
        .filter_map(|pair| if let [a, b] = pair { Some(b.y - a.y) } else { None })
        .collect();
    gaps.sort_by(f64::total_cmp);
    let usual = gaps.get(gaps.len() / 3).copied().unwrap_or(f64::MAX);
    let left = lines.iter().map(|line| line.x0).fold(f64::MAX, f64::min);
    let mut paragraphs: Vec<Paragraph<'l>> = Vec::new();
    let mut before: Option<&TextLine> = None;
    for line in lines {
        let rank = style.rank(line);
        let starts = before.is_none_or(|before| {
            let indented =
                line.x0 - before.x0 > 0.8 * line.size && before.x0 - left < 0.8 * line.size;
            let short = rank.is_none() && ends_early(before, line, right);
            line.y - before.y > 1.3 * usual
                || rank != style.rank(before)
                || marker(&line.text()).is_some()
                || (indented && rank.is_none() && marker(&before.text()).is_none())
                || short
        });
        match paragraphs.last_mut() {
            Some(paragraph) if !starts => paragraph.lines.push(line),
            _ => paragraphs.push(Paragraph { lines: vec![line], rank }),
        }
        before = Some(line);
    }
    // What is long or ends as a sentence does is no heading, whatever its type.
    for paragraph in &mut paragraphs {
        let length: usize = paragraph.lines.iter().map(|line| line.len()).sum();
        let text: String = paragraph.lines.iter().map(|line| line.text()).collect();
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let weak = paragraph.rank == Some(4);
        let sentence = text.trim_end().ends_with(['.', ',', ';', ':']) && weak;
        if length > 200 || letters < 2 || letters * 3 < length || sentence || (weak && length > 90)
        {
            paragraph.rank = None;
        }
    }
    paragraphs
}

/// What marks a list's item at the start of a line: how many bytes it takes, and what is written
/// for it.
fn marker(text: &str) -> Option<(usize, String)> {
    const BULLETS: [char; 12] = ['•', '‣', '▪', '◦', '●', '■', '○', '–', '·', '➢', '✓', '-'];
    let first = text.chars().next()?;
    if BULLETS.contains(&first) {
        let rest = text.get(first.len_utf8()..)?;
        return rest.starts_with(' ').then(|| (first.len_utf8() + 1, "- ".to_owned()));
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mark = text.get(digits..digits + 2)?;
    let number = (1..=3).contains(&digits) && matches!(mark, ". " | ") ");
    number.then(|| (digits + 2, text.get(..digits + 2).unwrap_or_default().to_owned()))
}

/// A paragraph as Markdown, and whether it is a list's item.
fn write(paragraph: &Paragraph<'_>, style: &Style) -> (Marked, bool) {
    let joined = join(&paragraph.lines, style);
    let mut out = Marked::default();
    if let Some(rank) = paragraph.rank {
        out.push(&format!("{} ", "#".repeat(rank)), false);
        out.append(&escape_heading(&joined));
        return (out, false);
    }
    if let Some((length, mark)) = marker(&joined.text) {
        out.push(&mark, false);
        out.append(&escape(&joined, length));
        return (out, true);
    }
    out.append(&escape(&joined, 0));
    (out, false)
}

/// The text of lines as one line, without the hyphens that their ends made.
fn join(lines: &[&TextLine], style: &Style) -> Marked {
    let mut out = Marked::default();
    for line in lines {
        let text = line.text();
        if !out.text.is_empty() {
            match between(&out.text, &text, style) {
                Between::Space => out.text.push(' '),
                Between::Nothing => {}
                Between::Hyphen => out.pop(),
            }
        }
        for span in &line.spans {
            out.push(&span.text, span.sight != Sight::Seen);
        }
    }
    out
}

/// What stands between two lines of a paragraph.
enum Between {
    Space,
    Nothing,
    /// Nothing, and the hyphen before is none.
    Hyphen,
}

fn between(before: &str, after: &str, style: &Style) -> Between {
    let mut end = before.chars().rev();
    let (last, previous) = (end.next(), end.next());
    let first = after.chars().next().unwrap_or(' ');
    let Some(last) = last else { return Between::Nothing };
    if last == '\u{ad}' {
        return Between::Hyphen;
    }
    if HYPHENS.contains(&last) && previous.is_some_and(char::is_alphabetic) {
        if !first.is_lowercase() {
            return if first.is_alphanumeric() { Between::Nothing } else { Between::Space };
        }
        let head = before.trim_end_matches(HYPHENS);
        let head = head.rsplit(|c: char| !(c.is_alphanumeric() || HYPHENS.contains(&c))).next();
        let tail = after.split(|c: char| !(c.is_alphanumeric() || HYPHENS.contains(&c))).next();
        let (head, tail) =
            (head.unwrap_or_default().to_lowercase(), tail.unwrap_or_default().to_lowercase());
        // German and French leave out the second part of a compound: "Ein- und Ausgang".
        if ["und", "oder", "bzw", "sowie", "et", "ou", "and", "or", "to"].contains(&tail.as_str()) {
            return Between::Space;
        }
        let own = style.words.contains(&format!("{head}-{tail}"));
        let whole = style.words.contains(&format!("{head}{tail}"));
        let compound = head.contains(HYPHENS);
        let compound = compound || is_french_compound(&head, &tail);
        return if !whole && (own || compound) { Between::Nothing } else { Between::Hyphen };
    }
    if (wide(last) && wide(first)) || last.is_whitespace() || first.is_whitespace() {
        return Between::Nothing;
    }
    Between::Space
}

/// Whether French writes the two with a hyphen: numbers (“quatre-vingts”), and pronouns behind
/// verbs and names (“celui-ci”, “dit-elle”, “peut-être”).
fn is_french_compound(head: &str, tail: &str) -> bool {
    const NUMBERS: &[&str] =
        &["dix", "vingt", "trente", "quarante", "cinquante", "soixante", "quatre", "vingts"];
    const BEHIND: &[&str] = &["ci", "là", "vous", "nous", "même", "mêmes", "elle", "elles", "être"];
    let number = |word: &str| {
        NUMBERS.contains(&word)
            || ["deux", "trois", "cinq", "six", "sept", "huit", "neuf", "onze"].contains(&word)
    };
    (NUMBERS.contains(&head) && number(tail)) || (head.len() > 3 && BEHIND.contains(&tail))
}

/// Whether a letter is one of a script that puts no spaces between words.
fn wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}')
}

fn table(rows: &[Vec<Option<TextLine>>]) -> Marked {
    let mut out = Marked::default();
    for (index, row) in rows.iter().enumerate() {
        out.push(if index == 0 { "|" } else { "\n|" }, false);
        for cell in row {
            out.push(" ", false);
            if let Some(line) = cell {
                let mut text = Marked::default();
                for span in &line.spans {
                    text.push(&span.text.replace('\u{ad}', ""), span.sight != Sight::Seen);
                }
                out.append(&escape_cell(&text));
                out.push(" ", false);
            }
            out.push("|", false);
        }
        if index == 0 {
            out.push("\n|", false);
            out.push(&" --- |".repeat(row.len()), false);
        }
    }
    out
}
