//! A message's HTML as it stands in a page with others.

use super::escaped;
use crate::safe_html::{Element, Node};

/// Elements that each read in the direction of their own text.
#[rustfmt::skip]
const DIRECTED: &[&str] = &[
    "blockquote", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "summary", "td",
    "th", "ul",
];

/// The HTML of a block of the message at this place: with its headings below the speaker's, its
/// footnotes told from those of other messages, and its tables in a box that can be scrolled.
pub fn html(node: &Node, place: usize) -> String {
    let mut html = String::new();
    push(&mut html, node, place);
    html
}

fn push(html: &mut String, node: &Node, place: usize) {
    match node {
        Node::Text(text) => html.push_str(&escaped(text)),
        Node::Element(element) if element.name == "table" => {
            html.push_str("<div class=\"table\">");
            push_element(html, element, place);
            html.push_str("</div>");
        }
        Node::Element(element) => push_element(html, element, place),
    }
}

fn push_element(html: &mut String, element: &Element, place: usize) {
    let name = lowered(&element.name);
    html.push('<');
    html.push_str(name);
    if DIRECTED.contains(&name) {
        html.push_str(" dir=\"auto\"");
    }
    for (attribute, value) in &element.attributes {
        let value = match (attribute.as_str(), value.as_str()) {
            // Parts are joined.
            ("data-part", _) => continue,
            ("id", id) => format!("m{place}-{id}"),
            ("href", address) => match address.strip_prefix('#') {
                Some(id) => format!("#m{place}-{id}"),
                None => address.to_owned(),
            },
            (_, value) => value.to_owned(),
        };
        html.push_str(&format!(" {attribute}=\"{}\"", escaped(&value)));
    }
    html.push('>');
    if element.is_void() {
        return;
    }
    // A parser drops the first line's end of such an element.
    if name == "pre"
        && matches!(element.children.first(), Some(Node::Text(t)) if t.starts_with('\n'))
    {
        html.push('\n');
    }
    for child in &element.children {
        push(html, child, place);
    }
    html.push_str(&format!("</{name}>"));
}

/// The name of an element of a message, whose first heading stands below the speaker's.
fn lowered(name: &str) -> &str {
    match name {
        "h1" => "h3",
        "h2" => "h4",
        "h3" => "h5",
        "h4" | "h5" => "h6",
        _ => name,
    }
}
