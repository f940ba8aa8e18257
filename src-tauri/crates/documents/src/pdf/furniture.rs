//! What stands on every page and is no part of the text: running headers and footers, page
//! numbers.

use std::collections::HashMap;

use super::block::{Block, Leaf, TextLine};

/// How much of a page's height at its top and at its foot is looked at.
const MARGIN: f64 = 0.12;
/// On how many pages something must stand to be furniture.
const LEAST: usize = 3;

/// A text, its numbers as they are compared between pages, and where it stands, to about half a line.
type Key = (String, i64);

/// Takes furniture off the pages. A running header or footer is left on the first page that has
/// it, since it may say what is said nowhere else; a page's number is not.
pub(super) fn clear(leaves: &mut [Leaf]) {
    let mut pages: HashMap<Key, Vec<usize>> = HashMap::new();
    let all = leaves.len();
    for (page, leaf) in leaves.iter().enumerate() {
        let lines = leaf.upright().iter().flat_map(text_lines);
        for key in lines.filter_map(|line| key_at(line, leaf.height, page, all)) {
            let on = pages.entry(key).or_default();
            if on.last() != Some(&page) {
                on.push(page);
            }
        }
    }
    pages.retain(|_, on| repeats(on));
    for (page, leaf) in leaves.iter_mut().enumerate() {
        let height = leaf.height;
        for block in leaf.upright_mut() {
            let Block::Text(lines) = block else { continue };
            lines.retain(|line| {
                let found =
                    key_at(line, height, page, all).and_then(|key| Some((pages.get(&key)?, key)));
                found.is_none_or(|(on, (text, _))| on.first() == Some(&page) && !is_number(&text))
            });
        }
        leaf.drop_empty();
    }
}

fn text_lines(block: &Block) -> &[TextLine] {
    match block {
        Block::Text(lines) => lines,
        Block::Table(_) => &[],
    }
}

fn key_at(line: &TextLine, height: f64, page: usize, pages: usize) -> Option<Key> {
    if line.y > MARGIN * height && line.y < (1.0 - MARGIN) * height {
        return None;
    }
    let mut text = String::new();
    let letters = line.spans.iter().flat_map(|span| span.text.chars());
    let mut letters = letters.filter(|c| !c.is_whitespace()).peekable();
    while let Some(c) = letters.next() {
        let Some(first) = c.to_digit(10) else {
            text.extend(c.to_lowercase());
            continue;
        };
        let mut number = i64::from(first);
        while let Some(digit) = letters.peek().and_then(|c| c.to_digit(10)) {
            number = number.saturating_mul(10).saturating_add(i64::from(digit));
            letters.next();
        }
        // “4 of 4”: the first of two is the page's.
        let is_first = !text.contains('#');
        text.push_str(&numbered(number, page, pages, is_first));
    }
    // A page may be numbered in Roman numerals.
    if !text.is_empty() && text.chars().all(|c| "ivxlc".contains(c)) {
        text = "#".to_owned();
    }
    #[expect(clippy::cast_possible_truncation, reason = "a place on a page")]
    let place = (line.y / 6.0).round() as i64;
    Some((text, place))
}

/// A number as it is compared between pages: one that may be the page's own by how far it is from
/// the page's place, which is the same on all of them; another one, such as a year, as it is.
fn numbered(number: i64, page: usize, pages: usize, is_first: bool) -> String {
    let place = |page: usize| i64::try_from(page).unwrap_or(i64::MAX);
    let is_total = number == place(pages) && !is_first;
    if is_total || number > place(pages).saturating_mul(2).saturating_add(100) {
        return format!("#{number}");
    }
    format!("#{:+}", number - place(page))
}

/// Whether something stands on most pages from its first to its last.
fn repeats(on: &[usize]) -> bool {
    let (Some(first), Some(last)) = (on.first(), on.last()) else { return false };
    on.len() >= LEAST && on.len() * 5 >= (last - first + 1) * 2
}

/// Whether a text is nothing but a page's number.
fn is_number(text: &str) -> bool {
    let letters: String = text.chars().filter(|c| c.is_alphabetic()).collect();
    text.contains('#')
        && matches!(
            letters.as_str(),
            "" | "page"
                | "p"
                | "pg"
                | "pageof"
                | "of"
                | "seite"
                | "s"
                | "seitevon"
                | "von"
                | "pagesur"
                | "sur"
                | "de"
                | "pagede"
        )
}
