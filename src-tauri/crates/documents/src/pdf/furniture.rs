//! What stands on every page and is no part of the text: running headers and footers, page
//! numbers.

use std::collections::HashMap;

use super::block::{Block, Leaf, TextLine};

/// How much of a page's height at its top and at its foot is looked at.
const MARGIN: f64 = 0.12;
/// On how many pages something must stand to be furniture.
const LEAST: usize = 3;

/// A text without its numbers, and where it stands, to about half a line.
type Key = (String, i64);

/// Takes furniture off the pages. A running header or footer is left on the first page that has
/// it, since it may say what is said nowhere else; a page's number is not.
pub(super) fn clear(leaves: &mut [Leaf]) {
    let mut pages: HashMap<Key, Vec<usize>> = HashMap::new();
    for (page, leaf) in leaves.iter().enumerate() {
        for key in leaf.upright().iter().flat_map(text_lines).filter_map(|line| key(line, leaf)) {
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
                let found = key_at(line, height).and_then(|key| Some((pages.get(&key)?, key)));
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

fn key(line: &TextLine, leaf: &Leaf) -> Option<Key> {
    key_at(line, leaf.height)
}

fn key_at(line: &TextLine, height: f64) -> Option<Key> {
    if line.y > MARGIN * height && line.y < (1.0 - MARGIN) * height {
        return None;
    }
    let mut text = String::new();
    for c in line.spans.iter().flat_map(|span| span.text.chars()) {
        match c {
            _ if c.is_numeric() => {
                if !text.ends_with('#') {
                    text.push('#');
                }
            }
            _ if c.is_whitespace() => {}
            _ => text.extend(c.to_lowercase()),
        }
    }
    // A page may be numbered in Roman numerals.
    if !text.is_empty() && text.chars().all(|c| "ivxlc".contains(c)) {
        text = "#".to_owned();
    }
    #[expect(clippy::cast_possible_truncation, reason = "a place on a page")]
    let place = (line.y / 6.0).round() as i64;
    Some((text, place))
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
