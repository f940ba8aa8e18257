//! OpenDocument: paragraphs of texts, presentations and tables, their notes, headers and footers
//! (OpenDocument 1.3, part 3, sections 5 and 6).

use std::collections::HashSet;
use std::ops::Range;

use super::runs;
use crate::Segment;
use crate::inline::{Chunk, Node};
use crate::markup::{Kind, Markup, escape_xml};

/// Adds the texts of a part.
pub(crate) fn segments(markup: &Markup<'_>, part: usize, segments: &mut Vec<Segment>) {
    let plain = plain_styles(markup);
    let mut computed: HashSet<usize> = HashSet::new();
    let mut place = 0;
    while let Some(token) = markup.tokens.get(place) {
        let next = place + 1;
        match (token.kind, markup.name(place)) {
            // What was deleted stays for who looks at the changes.
            (Kind::Open, "tracked-changes") => place = token.end.max(place),
            // What a formula, a number or a date shows is made anew when the table is opened.
            (Kind::Open, "table-cell") if is_computed(markup, place) => {
                computed.extend(markup.children(markup.inside(place)));
            }
            (Kind::Open, "p" | "h") if computed.contains(&place) => {}
            (Kind::Open, "p" | "h") => {
                let nodes = nodes(markup, markup.inside(place), &plain);
                segments.extend(Segment::new(part, markup.content(place), nodes, escape_xml));
            }
            // What stands in the place of a picture for who does not see it.
            (Kind::Open, "title" | "desc") if markup.raw(place).starts_with("<svg:") => {
                if let Some(text) = markup.plain_text(place) {
                    let nodes = vec![Node::bare(collapsed(&text))];
                    segments.extend(Segment::new(part, markup.content(place), nodes, escape_xml));
                }
            }
            _ => {}
        }
        place = next.max(place + 1);
    }
}

fn is_computed(markup: &Markup<'_>, cell: usize) -> bool {
    let kind = runs::attribute(markup, cell, "value-type");
    kind.is_some_and(|kind| kind != "string") || runs::attribute(markup, cell, "formula").is_some()
}

/// The styles of text that change nothing about how it looks: LibreOffice notes with them when a text
/// was written.
fn plain_styles(markup: &Markup<'_>) -> HashSet<String> {
    let mut plain = HashSet::new();
    for (place, token) in markup.tokens.iter().enumerate() {
        if token.kind != Kind::Open || markup.name(place) != "style" {
            continue;
        }
        let is_text = runs::attribute(markup, place, "family").as_deref() == Some("text");
        let parent = runs::attribute(markup, place, "parent-style-name");
        let Some(name) = runs::attribute(markup, place, "name") else { continue };
        let unseen = |child: usize| {
            let names = crate::attribute::attributes(markup.raw(child), 0);
            let is_unseen = |name: &str| {
                name.starts_with("officeooo:")
                    || name.ends_with(":language")
                    || name.ends_with(":country")
                    || name.starts_with("style:language")
                    || name.starts_with("style:country")
            };
            markup.name(child) == "text-properties" && names.iter().all(|(name, _)| is_unseen(name))
        };
        let elements = |child: &usize| {
            markup.tokens.get(*child).is_some_and(|t| matches!(t.kind, Kind::Open | Kind::Empty))
        };
        let mut children = markup.children(markup.inside(place)).filter(elements);
        if is_text && parent.is_none() && children.all(unseen) {
            plain.insert(name);
        }
    }
    plain
}

fn nodes(markup: &Markup<'_>, inside: Range<usize>, plain: &HashSet<String>) -> Vec<Node> {
    let mut nodes = Vec::new();
    for place in markup.children(inside) {
        let whole = || vec![Chunk::Source(markup.whole(place))];
        let kind = markup.tokens.get(place).map(|token| token.kind);
        if kind == Some(Kind::Text) {
            nodes.push(match markup.text(place) {
                Some(text) => Node::bare(collapsed(&text)),
                None => Node::Object(whole()),
            });
            continue;
        }
        let (outer, content) = (markup.whole(place), markup.content(place));
        let open = || vec![Chunk::Source(outer.start..content.start)];
        let close = || vec![Chunk::Source(content.end..outer.end)];
        match markup.name(place) {
            "span" if kind == Some(Kind::Open) => {
                let style = runs::attribute(markup, place, "style-name");
                let children = self::nodes(markup, markup.inside(place), plain);
                if style.is_some_and(|style| plain.contains(&style)) {
                    nodes.push(Node::Raw(open()));
                    nodes.extend(children);
                    nodes.push(Node::Raw(close()));
                } else {
                    nodes.push(Node::Group { open: open(), children, close: close(), keep: false });
                }
            }
            "a" | "meta" if kind == Some(Kind::Open) => {
                let children = self::nodes(markup, markup.inside(place), plain);
                nodes.push(Node::Group { open: open(), children, close: close(), keep: true });
            }
            "bookmark"
            | "bookmark-start"
            | "bookmark-end"
            | "reference-mark"
            | "reference-mark-start"
            | "reference-mark-end"
            | "soft-page-break"
            | "change"
            | "change-start"
            | "change-end"
            | "alphabetical-index-mark"
            | "alphabetical-index-mark-start"
            | "alphabetical-index-mark-end"
            | "toc-mark"
            | "toc-mark-start"
            | "toc-mark-end"
            | "user-index-mark"
            | "user-index-mark-start"
            | "user-index-mark-end"
            | "annotation"
            | "annotation-end" => nodes.push(Node::Raw(whole())),
            "s" if is_one_space(markup, place, &nodes) => nodes.push(Node::bare(" ")),
            "" => nodes.push(Node::Raw(whole())),
            _ => nodes.push(Node::Object(whole())),
        }
    }
    nodes
}

/// Whether this is a space like any other, which is only written so beside an element.
fn is_one_space(markup: &Markup<'_>, place: usize, before: &[Node]) -> bool {
    let count = runs::attribute(markup, place, "c");
    let beside = matches!(before.last(), Some(Node::Text { text, .. }) if text.ends_with(' '));
    count.is_none_or(|count| count == "1") && !beside && !before.is_empty()
}

/// A text in which spaces in a row are one, as they are where it is read.
pub(crate) fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ' ' | '\t' | '\n' | '\r' | '\u{c}' => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            character => out.push(character),
        }
    }
    out
}
