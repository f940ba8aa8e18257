//! Runs of Office's formats: texts of one format each, within a paragraph.

use std::sync::LazyLock;

use quick_xml::escape::unescape;
use regex::Regex;

use crate::Segment;
use crate::attribute::attributes;
use crate::inline::{Chunk, Dress, Node};
use crate::markup::{Kind, Markup, escape_xml};

/// A part of a paragraph, before its fields are put together.
pub(crate) enum Item {
    /// What is no part of a field's frame.
    Node(Node),
    /// A field begins.
    Begin(Vec<Chunk>),
    /// What it is.
    Instruction(String, Vec<Chunk>),
    /// What it shows begins.
    Separate(Vec<Chunk>),
    /// It ends.
    End(Vec<Chunk>),
}

/// What changes nothing about how a text looks: its language, and what a spelling checker noted.
#[allow(clippy::expect_used, reason = "a test compiles it")]
static UNSEEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"<w:(?:lang|noProof)\b[^>]*/>|\s(?:lang|altLang|dirty|err|smtClean|noProof|bmk|w:rsid\w*|w:hint)="[^"]*""#,
    )
    .expect("a regular expression")
});

/// The items of a run.
pub(crate) fn run(markup: &Markup<'_>, place: usize) -> Vec<Item> {
    let Some(token) = markup.tokens.get(place) else { return Vec::new() };
    let start = token.range.start;
    let mut before = start..token.range.end;
    let mut style = String::new();
    let mut inner = Vec::new();
    for child in markup.children(markup.inside(place)) {
        match markup.tokens.get(child).map(|token| token.kind) {
            Some(Kind::Open | Kind::Empty) if markup.name(child) == "rPr" => {
                let properties = markup.whole(child);
                before.end = properties.end;
                style = seen(markup.source.get(properties).unwrap_or_default());
            }
            Some(Kind::Open | Kind::Empty) => inner.push(child),
            _ => {}
        }
    }
    let close = markup.raw(token.end);
    let alone = inner.len() == 1;
    let mut items = Vec::new();
    for child in inner {
        let chunks = match alone {
            true => vec![Chunk::Source(markup.whole(place))],
            false => vec![
                Chunk::Source(before.clone()),
                Chunk::Source(markup.whole(child)),
                Chunk::Written(close.to_owned()),
            ],
        };
        items.push(match markup.name(child) {
            "t" => match text(markup, child) {
                Some(text) => Item::Node(Node::Text {
                    text,
                    dress: Dress {
                        style: style.clone(),
                        open: vec![
                            Chunk::Source(before.clone()),
                            Chunk::Written(text_tag(markup.raw(child))),
                        ],
                        close: vec![Chunk::Written(format!(
                            "</{}>{close}",
                            whole_name(markup.raw(child))
                        ))],
                    },
                }),
                None => Item::Node(Node::Object(chunks)),
            },
            "fldChar" => match attribute(markup, child, "fldCharType").as_deref() {
                Some("begin") => Item::Begin(chunks),
                Some("separate") => Item::Separate(chunks),
                _ => Item::End(chunks),
            },
            "instrText" => Item::Instruction(markup.plain_text(child).unwrap_or_default(), chunks),
            "lastRenderedPageBreak"
            | "delText"
            | "delInstrText"
            | "commentReference"
            | "annotationRef"
            | "footnoteRef"
            | "endnoteRef"
            | "separator"
            | "continuationSeparator"
            | "softHyphen" => Item::Node(Node::Raw(chunks)),
            _ => Item::Node(Node::Object(chunks)),
        });
    }
    if items.is_empty() {
        items.push(Item::Node(Node::Raw(vec![Chunk::Source(markup.whole(place))])));
    }
    items
}

/// The text of an element in which spaces at its ends count only where it says so.
pub(crate) fn text(markup: &Markup<'_>, place: usize) -> Option<String> {
    let text = markup.plain_text(place)?;
    let keeps = whole_name(markup.raw(place)).starts_with("a:")
        || attribute(markup, place, "space").as_deref() == Some("preserve");
    Some(if keeps { text } else { text.trim_matches([' ', '\t', '\n', '\r']).to_owned() })
}

/// What of a run's properties is seen; empty where nothing is.
fn seen(properties: &str) -> String {
    let seen = UNSEEN.replace_all(properties, "");
    let is_empty = seen.ends_with("/>") && !seen.contains([' ', '\n'])
        || seen.split_once('>').is_some_and(|(_, rest)| rest.trim_start().starts_with("</"))
            && !seen.split('>').next().unwrap_or_default().contains(' ');
    if is_empty { String::new() } else { seen.into_owned() }
}

/// The beginning of an element of text in which spaces count. That of a drawing has no attribute.
pub(crate) fn text_tag(raw: &str) -> String {
    let name = whole_name(raw);
    match name.starts_with("a:") {
        true => format!("<{name}>"),
        false => format!("<{name} xml:space=\"preserve\">"),
    }
}

/// The name of a tag's element, with its prefix.
pub(crate) fn whole_name(raw: &str) -> &str {
    let name = raw.trim_start_matches('<');
    let length = name.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>'));
    name.get(..length.unwrap_or(name.len())).unwrap_or_default()
}

/// The value of an attribute of this local name.
pub(crate) fn attribute(markup: &Markup<'_>, place: usize, name: &str) -> Option<String> {
    let raw = markup.raw(place);
    let found = attributes(raw, 0);
    let mut values = found.into_iter().filter(|(whole, _)| whole.rsplit(':').next() == Some(name));
    let value = raw.get(values.next()?.1)?;
    Some(unescape(value).map_or_else(|_| value.to_owned(), |value| value.into_owned()))
}

/// Adds what stands in the place of pictures for who does not see them (ECMA-376, part 1, section
/// 20.1.2.2.8).
pub(crate) fn alternatives(
    markup: &Markup<'_>,
    place: usize,
    part: usize,
    segments: &mut Vec<Segment>,
) {
    let Some(token) = markup.tokens.get(place) else { return };
    for (name, range) in attributes(markup.raw(place), token.range.start) {
        if !matches!(name, "descr" | "title") {
            continue;
        }
        let Some(value) = markup.source.get(range.clone()) else { continue };
        let Ok(text) = unescape(value) else { continue };
        segments.extend(Segment::new(part, range, vec![Node::bare(text)], escape_xml));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spelling_checkers_notes_are_no_format() {
        assert_eq!(seen("<w:rPr><w:lang w:val=\"fr-FR\"/></w:rPr>"), "");
        assert_eq!(seen("<a:rPr lang=\"fr-FR\" dirty=\"0\"/>"), "");
        assert_eq!(seen("<a:rPr lang=\"fr-FR\" b=\"1\"/>"), "<a:rPr b=\"1\"/>");
        assert_eq!(
            seen("<w:rPr><w:b/><w:noProof/></w:rPr>"),
            seen("<w:rPr><w:b/><w:lang w:val=\"de\"/></w:rPr>")
        );
        assert_eq!(
            seen("<a:rPr lang=\"fr\"><a:solidFill/></a:rPr>"),
            "<a:rPr><a:solidFill/></a:rPr>"
        );
    }
}
