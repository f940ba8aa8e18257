//! Workbooks: shared strings, strings in cells, comments, what stands above and below a printed sheet
//! (ECMA-376, part 1, sections 18.4, 18.3.1.46 and 18.7).

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::runs::{self, Item};
use crate::inline::{Chunk, Dress, Node};
use crate::markup::{Kind, Markup, escape_xml};
use crate::package::Package;
use crate::{Segment, TranslationError};

/// The names of tables' columns. Formulas refer to them, and the cells that hold them have to say the
/// same, so that they stay as they are.
pub(crate) fn kept(
    package: &mut Package<'_>,
    types: &[(String, String)],
) -> Result<Vec<String>, TranslationError> {
    let mut names = HashSet::new();
    for (name, _) in types.iter().filter(|(_, kind)| kind.ends_with(".table+xml")) {
        let Some(text) = package.text(name)? else { continue };
        let markup = Markup::xml(text.trim_start_matches('\u{feff}'))?;
        for place in 0..markup.tokens.len() {
            if markup.name(place) == "tableColumn" {
                names.extend(runs::attribute(&markup, place, "name"));
            }
        }
    }
    Ok(names.into_iter().collect())
}

/// Adds the strings of a part.
pub(crate) fn strings(
    markup: &Markup<'_>,
    part: usize,
    kept: &[String],
    segments: &mut Vec<Segment>,
) {
    for (place, token) in markup.tokens.iter().enumerate() {
        if token.kind != Kind::Open {
            continue;
        }
        match markup.name(place) {
            "si" | "is" | "text" => {
                let nodes = string(markup, place);
                let segment = Segment::new(part, markup.content(place), nodes, escape_xml);
                let is_kept = |s: &Segment| kept.iter().any(|name| *name == s.plain(s.source()));
                segments.extend(segment.filter(|segment| !is_kept(segment)));
            }
            "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader"
            | "firstFooter" => {
                let Some(text) = markup.plain_text(place) else { continue };
                let range = markup.content(place);
                segments.extend(Segment::new(part, range, margin(&text), escape_margin));
            }
            _ => {}
        }
    }
}

/// Adds texts that are nothing but text: remarks.
pub(crate) fn plain(markup: &Markup<'_>, part: usize, segments: &mut Vec<Segment>) {
    for (place, token) in markup.tokens.iter().enumerate() {
        if token.kind == Kind::Open && markup.name(place) == "text" {
            let Some(text) = markup.plain_text(place) else { continue };
            let nodes = vec![Node::bare(text)];
            segments.extend(Segment::new(part, markup.content(place), nodes, escape_xml));
        }
    }
}

fn string(markup: &Markup<'_>, place: usize) -> Vec<Node> {
    let mut nodes = Vec::new();
    for child in markup.children(markup.inside(place)) {
        let whole = || vec![Chunk::Source(markup.whole(child))];
        match markup.name(child) {
            "t" => match runs::text(markup, child) {
                Some(text) => {
                    let raw = markup.raw(child);
                    let open = vec![Chunk::Written(runs::text_tag(raw))];
                    let close = vec![Chunk::Written(format!("</{}>", runs::whole_name(raw)))];
                    nodes.push(Node::Text {
                        text,
                        dress: Dress { open, close, ..Dress::default() },
                    });
                }
                None => nodes.push(Node::Object(whole())),
            },
            "r" => nodes.extend(runs::run(markup, child).into_iter().map(|item| match item {
                Item::Node(node) => node,
                Item::Begin(chunks)
                | Item::Instruction(_, chunks)
                | Item::Separate(chunks)
                | Item::End(chunks) => Node::Raw(chunks),
            })),
            _ => nodes.push(Node::Raw(whole())),
        }
    }
    nodes
}

/// Codes between the texts above and below a sheet: where they stand, their fonts, the page's number.
#[allow(clippy::expect_used, reason = "a test compiles it")]
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d+|.)"#).expect("a regular expression")
});

fn margin(text: &str) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut last = 0;
    for code in CODE.find_iter(text) {
        nodes.push(Node::bare(&text[last..code.start()]));
        nodes.push(Node::Object(vec![Chunk::Written(escape_xml(code.as_str()))]));
        last = code.end();
    }
    nodes.push(Node::bare(&text[last..]));
    nodes
}

fn escape_margin(text: &str) -> String {
    escape_xml(&text.replace('&', "&&"))
}
