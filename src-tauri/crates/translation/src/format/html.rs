//! Web pages: running text between the tags of blocks, texts in attributes, the title.

use std::ops::Range;

use scraper::Html;

use super::html_tokens::tokens;
use super::odf::collapsed;
use crate::Segment;
use crate::attribute::attributes;
use crate::inline::{Chunk, Node};
use crate::markup::{Kind, Markup, escape_xml};
use crate::pairs::Pairs;

/// Elements that are a part of running text.
const INLINE: [&str; 31] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em", "font",
    "i", "ins", "label", "mark", "nobr", "q", "rp", "s", "small", "span", "strike", "strong",
    "sub", "sup", "time", "u", "wbr", "br",
];
/// Elements in running text that stay as they are.
const FIXED: [&str; 12] = [
    "code", "kbd", "samp", "var", "tt", "svg", "math", "ruby", "img", "input", "object", "picture",
];
/// Elements whose content is not shown as text, or is code.
const SKIPPED: [&str; 10] = [
    "script", "style", "textarea", "pre", "template", "noscript", "xmp", "iframe", "noembed",
    "noframes",
];
/// Elements that have no end.
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];
/// Groups that are kept where the model loses them.
const KEPT: [&str; 4] = ["a", "label", "time", "data"];
/// Attributes that are read or heard.
const READ: [&str; 4] = ["alt", "title", "placeholder", "aria-label"];

/// The texts of a page.
pub(crate) fn segments(source: &str) -> Vec<Segment> {
    let markup = tokens(source);
    let mut segments = Vec::new();
    let mut running: Vec<Range<usize>> = Vec::new();
    let mut place = 0;
    while place < markup.tokens.len() {
        let kind = markup.tokens[place].kind;
        let name = markup.name(place).to_ascii_lowercase();
        let end = end_of(&markup, place, &name);
        if !matches!(kind, Kind::Text | Kind::Close) {
            texts_of_attributes(&markup, place..end, &name, &mut segments);
        }
        if is_running(&markup, place, &name, kind) {
            running.push(place..end);
        } else {
            segments.extend(segment(&markup, &std::mem::take(&mut running)));
        }
        place = end;
    }
    segments.extend(segment(&markup, &running));
    segments
}

/// Where what begins here ends, where it is taken as a whole; else the token after.
fn end_of(markup: &Markup<'_>, place: usize, name: &str) -> usize {
    let token = &markup.tokens[place];
    let whole = FIXED.contains(&name) || SKIPPED.contains(&name) || is_untranslated(markup, place);
    if token.kind != Kind::Open || !whole || VOID.contains(&name) {
        return place + 1;
    }
    let mut depth = 1_usize;
    for other in place + 1..markup.tokens.len() {
        if !markup.name(other).eq_ignore_ascii_case(name) {
            continue;
        }
        match markup.tokens[other].kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return other + 1;
        }
    }
    // Its end is left out, as that of an item may be: it ends where another block begins or ends.
    let is_block = |other: &usize| {
        let name = markup.name(*other).to_ascii_lowercase();
        let is_tag = !matches!(markup.tokens[*other].kind, Kind::Text | Kind::Other);
        is_tag && !INLINE.contains(&name.as_str()) && !FIXED.contains(&name.as_str())
    };
    (place + 1..markup.tokens.len()).find(is_block).unwrap_or(markup.tokens.len())
}

/// Whether a page says that this is not to be translated (HTML, section 3.2.6.4).
fn is_untranslated(markup: &Markup<'_>, place: usize) -> bool {
    let raw = markup.raw(place);
    (raw.contains("translate") || raw.contains("notranslate"))
        && attributes(raw, 0).iter().any(|(name, value)| {
            let value = raw.get(value.clone()).unwrap_or_default();
            name.eq_ignore_ascii_case("translate") && value.eq_ignore_ascii_case("no")
                || name.eq_ignore_ascii_case("class")
                    && value.split_whitespace().any(|class| class == "notranslate")
        })
}

fn is_running(markup: &Markup<'_>, place: usize, name: &str, kind: Kind) -> bool {
    match kind {
        Kind::Text | Kind::Other => !markup.raw(place).starts_with("<!d"),
        _ => INLINE.contains(&name) || FIXED.contains(&name),
    }
}

fn segment(markup: &Markup<'_>, running: &[Range<usize>]) -> Option<Segment> {
    let (first, last) = (running.first()?, running.last()?);
    let range =
        markup.tokens.get(first.start)?.range.start..markup.tokens.get(last.end - 1)?.range.end;
    let mut pairs = Pairs::default();
    for places in running {
        let token = markup.tokens.get(places.start)?;
        let end = markup.tokens.get(places.end - 1)?.range.end;
        let whole = vec![Chunk::Source(token.range.start..end)];
        let name = markup.name(places.start).to_ascii_lowercase();
        match token.kind {
            Kind::Text => pairs.push(Node::bare(collapsed(&decoded(markup.raw(places.start))))),
            Kind::Other => pairs.push(Node::Raw(whole)),
            Kind::Close => pairs.close(&name, whole),
            _ if name == "wbr" => pairs.push(Node::Raw(whole)),
            Kind::Empty => pairs.push(Node::Object(whole)),
            Kind::Open if places.len() > 1 || VOID.contains(&name.as_str()) => {
                pairs.push(Node::Object(whole));
            }
            Kind::Open if FIXED.contains(&name.as_str()) || pairs.depth() > 100 => {
                pairs.push(Node::Object(whole));
            }
            Kind::Open => pairs.open(&name, whole, KEPT.contains(&name.as_str())),
        }
    }
    Segment::new(0, range, pairs.end(), escape_text)
}

/// The texts of tags' attributes, and of the page's title.
fn texts_of_attributes(
    markup: &Markup<'_>,
    places: Range<usize>,
    element: &str,
    segments: &mut Vec<Segment>,
) {
    if SKIPPED.contains(&element) {
        return;
    }
    for place in places {
        let Some(token) = markup.tokens.get(place) else { continue };
        if !matches!(token.kind, Kind::Open | Kind::Empty) {
            continue;
        }
        let raw = markup.raw(place);
        let found = attributes(raw, token.range.start);
        let is_told = element == "meta"
            && found.iter().any(|(name, value)| {
                let value = markup.source.get(value.clone()).unwrap_or_default();
                matches!(name.to_ascii_lowercase().as_str(), "name" | "property")
                    && matches!(
                        value.to_ascii_lowercase().as_str(),
                        "description" | "og:title" | "og:description" | "twitter:title"
                    )
            });
        for (name, range) in found {
            let name = name.to_ascii_lowercase();
            if READ.contains(&name.as_str()) || is_told && name == "content" {
                let value = markup.source.get(range.clone()).unwrap_or_default();
                let nodes = vec![Node::bare(collapsed(&decoded(value)))];
                segments.extend(Segment::new(0, range, nodes, escape_attribute));
            }
        }
    }
}

/// A text without its references to characters.
fn decoded(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    // A browser's own table of names, of which there are two thousand.
    let fragment = Html::parse_fragment(&text.replace('<', "&lt;"));
    fragment.root_element().text().collect()
}

fn escape_text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            character => escaped.push(character),
        }
    }
    escaped
}

fn escape_attribute(text: &str) -> String {
    escape_xml(text).replace('\'', "&#39;")
}
