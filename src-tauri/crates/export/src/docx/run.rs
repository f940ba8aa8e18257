//! Text: runs, links and the ends of lines.

use std::collections::HashMap;

use super::math;
use crate::document::{CodeSpan, Inline, Script, Span, Style, reads_right_to_left};
use crate::xml::Xml;

/// Writes the text of a paragraph.
pub fn push(
    xml: &mut Xml,
    links: &mut HashMap<String, usize>,
    text: &[Inline],
    right_to_left: bool,
) {
    for inline in text {
        match inline {
            Inline::Text(span) => push_span(xml, links, span, right_to_left),
            Inline::Break => xml.element("w:r", &[], |xml| xml.empty("w:br", &[])),
            Inline::Formula(formula) => math::push(xml, formula),
        }
    }
}

fn push_span(xml: &mut Xml, links: &mut HashMap<String, usize>, span: &Span, right_to_left: bool) {
    // A program may refuse the whole document for one address that is none.
    let address = span.link.as_deref().and_then(|link| url::Url::parse(link).ok());
    let Some(address) = address else { return push_runs(xml, span, right_to_left) };
    let next = links.len() + 1;
    let number = *links.entry(address.into()).or_insert(next);
    xml.element("w:hyperlink", &[("r:id", &format!("link{number}"))], |xml| {
        push_runs(xml, span, right_to_left);
    });
}

/// Writes runs that are each read in one direction.
fn push_runs(xml: &mut Xml, span: &Span, right_to_left: bool) {
    let mut rest = span.text.as_str();
    let mut direction = right_to_left;
    while !rest.is_empty() {
        let letter = rest.chars().find_map(reads_right_to_left);
        direction = letter.unwrap_or(direction);
        let turn = |c| reads_right_to_left(c).is_some_and(|found| found != direction);
        let end = rest.char_indices().find(|(_, c)| turn(*c)).map_or(rest.len(), |(at, _)| at);
        xml.element("w:r", &[], |xml| {
            push_style(xml, span.style, span.link.is_some(), direction);
            push_text(xml, &rest[..end]);
        });
        rest = &rest[end..];
    }
}

/// Writes how a run looks, in the order that the schema wants.
fn push_style(xml: &mut Xml, style: Style, link: bool, right_to_left: bool) {
    xml.element("w:rPr", &[], |xml| {
        if link {
            xml.empty("w:rStyle", &[("w:val", "Hyperlink")]);
        } else if style.code {
            xml.empty("w:rStyle", &[("w:val", "InlineCode")]);
        }
        for (set, name, complex) in [(style.bold, "w:b", "w:bCs"), (style.italic, "w:i", "w:iCs")] {
            if set {
                xml.empty(name, &[]);
                xml.empty(complex, &[]);
            }
        }
        if style.struck {
            xml.empty("w:strike", &[]);
        }
        if style.marked {
            xml.empty("w:highlight", &[("w:val", "yellow")]);
        }
        if style.underlined {
            xml.empty("w:u", &[("w:val", "single")]);
        }
        if let Some(script) = style.script {
            let place = match script {
                Script::Sub => "subscript",
                Script::Super => "superscript",
            };
            xml.empty("w:vertAlign", &[("w:val", place)]);
        }
        if right_to_left {
            xml.empty("w:rtl", &[]);
        }
    });
}

/// Writes a piece of code in its colour.
pub fn push_code(xml: &mut Xml, span: &CodeSpan) {
    xml.element("w:r", &[], |xml| {
        let colour = span.class.as_deref().and_then(markdown::light_colour);
        if let Some(colour) = colour {
            xml.element("w:rPr", &[], |xml| {
                xml.empty("w:color", &[("w:val", colour.trim_start_matches('#'))]);
            });
        }
        push_text(xml, &span.text);
    });
}

/// Writes text within a run, with its tabs as elements of their own.
fn push_text(xml: &mut Xml, text: &str) {
    for (place, part) in text.split('\t').enumerate() {
        if place > 0 {
            xml.empty("w:tab", &[]);
        }
        if !part.is_empty() {
            xml.element("w:t", &[("xml:space", "preserve")], |xml| xml.push(part));
        }
    }
}
