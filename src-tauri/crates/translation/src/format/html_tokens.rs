//! HTML as a list of tokens, as a browser cuts it (HTML, section 13.2.5), each with its place.

use crate::markup::{Kind, Markup, Token, local_name};

/// Elements whose content is no markup.
const RAW: [&str; 9] =
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"];

/// Reads HTML. Nothing in it is an error; ends are not paired, since a browser pairs them by rules
/// of its own.
pub(crate) fn tokens(source: &str) -> Markup<'_> {
    let mut markup = Markup { source, tokens: Vec::new() };
    let mut at = 0;
    while at < source.len() {
        let (kind, end) = next(source, at);
        let range = at..end;
        let name = local_name(source, &range, kind);
        let here = markup.tokens.len();
        markup.tokens.push(Token { kind, range, name, end: here });
        at = end;
        let element = markup.name(here).to_ascii_lowercase();
        if kind == Kind::Open && RAW.contains(&element.as_str()) {
            let end = raw_end(source, at, &element);
            if end > at {
                let here = markup.tokens.len();
                let token = Token { kind: Kind::Text, range: at..end, name: at..at, end: here };
                markup.tokens.push(token);
            }
            at = end;
        }
    }
    markup
}

/// The kind and the end of what begins here.
fn next(source: &str, at: usize) -> (Kind, usize) {
    let rest = source.get(at..).unwrap_or_default();
    let after =
        |found: Option<usize>, length: usize| found.map_or(source.len(), |f| at + f + length);
    let Some(tag) = rest.strip_prefix('<') else {
        return (Kind::Text, at + text_end(rest));
    };
    if tag.starts_with("!--") {
        return (Kind::Other, after(rest.get(4..).and_then(|r| r.find("-->")).map(|f| f + 4), 3));
    }
    if tag.starts_with(['!', '?']) {
        return (Kind::Other, after(rest.find('>'), 1));
    }
    if let Some(name) = tag.strip_prefix('/') {
        return match name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            true => (Kind::Close, after(rest.find('>'), 1)),
            false => (Kind::Other, after(rest.find('>'), 1)),
        };
    }
    if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return (Kind::Text, at + 1 + text_end(tag));
    }
    let mut quote = None;
    for (place, character) in rest.char_indices() {
        match (quote, character) {
            (None, '"' | '\'') if rest[..place].trim_end().ends_with('=') => {
                quote = Some(character)
            }
            (None, '>') => {
                let empty = rest[..place].ends_with('/');
                return (if empty { Kind::Empty } else { Kind::Open }, at + place + 1);
            }
            (Some(open), character) if open == character => quote = None,
            _ => {}
        }
    }
    (Kind::Other, source.len())
}

/// Where text ends: before what begins a tag.
fn text_end(text: &str) -> usize {
    let begins = |(place, _): &(usize, &str)| {
        let after = text.get(place + 1..).and_then(|rest| rest.chars().next());
        after.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
    };
    text.match_indices('<').find(begins).map_or(text.len(), |(place, _)| place)
}

/// Where the content of an element ends that is no markup.
fn raw_end(source: &str, at: usize, element: &str) -> usize {
    let rest = source.get(at..).unwrap_or_default();
    let ends = |(place, _): &(usize, &str)| {
        let name = rest.get(place + 2..place + 2 + element.len());
        name.is_some_and(|name| name.eq_ignore_ascii_case(element))
    };
    rest.match_indices("</").find(ends).map_or(source.len(), |(place, _)| at + place)
}
