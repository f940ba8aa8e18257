//! Paragraphs of Word (WordprocessingML) and of drawings (DrawingML), which slides are: ECMA-376,
//! part 1, sections 17.3 and 21.1.2.

use std::ops::Range;

use super::runs::{self, Item};
use crate::Segment;
use crate::inline::{Chunk, Node};
use crate::markup::{Kind, Markup, escape_xml};

/// Adds the texts of a part.
pub(crate) fn segments(markup: &Markup<'_>, part: usize, segments: &mut Vec<Segment>) {
    for (place, token) in markup.tokens.iter().enumerate() {
        match (token.kind, markup.name(place)) {
            (Kind::Open, "p") => {
                let nodes = nodes(markup, markup.inside(place));
                segments.extend(Segment::new(part, markup.content(place), nodes, escape_xml));
            }
            (Kind::Open | Kind::Empty, "docPr" | "cNvPr") => {
                runs::alternatives(markup, place, part, segments);
            }
            _ => {}
        }
    }
}

/// The nodes of what lies beside each other in a paragraph.
fn nodes(markup: &Markup<'_>, inside: Range<usize>) -> Vec<Node> {
    let mut items = Vec::new();
    for place in markup.children(inside) {
        let whole = || vec![Chunk::Source(markup.whole(place))];
        let kind = markup.tokens.get(place).map(|token| token.kind);
        match markup.name(place) {
            _ if !matches!(kind, Some(Kind::Open)) => {
                // A line's end is an element without content in drawings.
                items.push(Item::Node(match markup.name(place) {
                    "br" | "fld" => Node::Object(whole()),
                    _ => Node::Raw(whole()),
                }));
            }
            "r" => items.extend(runs::run(markup, place)),
            "hyperlink" | "ins" | "moveTo" | "smartTag" | "customXml" | "dir" | "bdo" => {
                items.push(Item::Node(group(markup, place, place)));
            }
            "sdt" => {
                let mut children = markup.children(markup.inside(place));
                let content = children.find(|child| markup.name(*child) == "sdtContent");
                items.push(Item::Node(match content {
                    Some(content) => group(markup, place, content),
                    None => Node::Raw(whole()),
                }));
            }
            "br" | "fld" | "fldSimple" | "oMath" | "oMathPara" | "AlternateContent" | "m"
            | "ruby" | "subDoc" | "contentPart" => {
                items.push(Item::Node(Node::Object(whole())));
            }
            _ => items.push(Item::Node(Node::Raw(whole()))),
        }
    }
    with_fields(items)
}

/// An element around text, whose content lies in itself or in an element within it.
fn group(markup: &Markup<'_>, outer: usize, inner: usize) -> Node {
    let (whole, content) = (markup.whole(outer), markup.content(inner));
    Node::Group {
        open: vec![Chunk::Source(whole.start..content.start)],
        children: nodes(markup, markup.inside(inner)),
        close: vec![Chunk::Source(content.end..whole.end)],
        keep: true,
    }
}

/// A field that is not at its end.
struct Field {
    frame: Vec<Chunk>,
    instruction: String,
    /// What it shows; none before that begins.
    shown: Option<Vec<Node>>,
}

/// Puts fields together (ECMA-376, part 1, section 17.16.18): what a link or a table of contents
/// shows is text, what others show is theirs.
fn with_fields(items: Vec<Item>) -> Vec<Node> {
    let mut fields: Vec<Field> = Vec::new();
    let mut nodes = Vec::new();
    let add = |fields: &mut Vec<Field>, nodes: &mut Vec<Node>, node: Node| match fields.last_mut() {
        Some(Field { shown: Some(shown), .. }) => shown.push(node),
        Some(field) => field.frame.extend(node.into_chunks(escape_xml)),
        None => nodes.push(node),
    };
    for item in items {
        match item {
            Item::Node(node) => add(&mut fields, &mut nodes, node),
            Item::Begin(frame) => {
                fields.push(Field { frame, instruction: String::new(), shown: None });
            }
            Item::Instruction(text, chunks) => match fields.last_mut() {
                Some(field @ Field { shown: None, .. }) => {
                    field.instruction.push_str(&text);
                    field.frame.extend(chunks);
                }
                _ => add(&mut fields, &mut nodes, Node::Raw(chunks)),
            },
            Item::Separate(chunks) => match fields.last_mut() {
                Some(field @ Field { shown: None, .. }) => {
                    field.frame.extend(chunks);
                    field.shown = Some(Vec::new());
                }
                _ => add(&mut fields, &mut nodes, Node::Raw(chunks)),
            },
            Item::End(close) => {
                let node = match fields.pop() {
                    Some(field) => ended(field, close),
                    // It began in a paragraph before.
                    None => Node::Raw(close),
                };
                add(&mut fields, &mut nodes, node);
            }
        }
    }
    // Those that go on in the next paragraph.
    for field in fields {
        nodes.push(Node::Raw(field.frame));
        nodes.extend(field.shown.unwrap_or_default());
    }
    nodes
}

fn ended(field: Field, close: Vec<Chunk>) -> Node {
    let kind = field.instruction.split_whitespace().next().unwrap_or_default().to_uppercase();
    let children = field.shown.unwrap_or_default();
    let open = field.frame;
    let group = Node::Group { open, children, close, keep: true };
    match kind.as_str() {
        "HYPERLINK" | "TOC" | "INDEX" | "QUOTE" => group,
        _ => Node::Object(group.into_chunks(escape_xml)),
    }
}
