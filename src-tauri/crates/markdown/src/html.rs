//! Raw HTML that the model wrote: harmless tags without their attributes, links and images as
//! Markdown's own, nothing else.

use crate::{image, sanitise};

/// Elements that the model may write itself.
#[rustfmt::skip]
const KEPT: &[&str] = &[
    "abbr", "b", "blockquote", "br", "cite", "code", "dd", "del", "details", "dfn", "dl", "dt", "em", "h1",
    "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt",
    "ruby", "s", "samp", "small", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "u", "ul", "var", "wbr",
];
/// Elements whose content is not text to read.
const DROPPED: &[&str] =
    &["script", "style", "template", "noscript", "title", "iframe", "object", "svg", "math"];
/// More tags than this in one block are shown as text: parsing deeply nested ones is slow.
pub const MAX_TAGS: usize = 400;

/// A tag as CommonMark defines it.
#[derive(Debug, PartialEq, Eq)]
struct Tag<'a> {
    name: String,
    closing: bool,
    attributes: Vec<(String, &'a str)>,
    length: usize,
}

impl<'a> Tag<'a> {
    /// The tag with which the text begins.
    fn scan(text: &'a str) -> Option<Self> {
        let mut rest = text.strip_prefix('<')?;
        let closing = rest.starts_with('/');
        rest = &rest[usize::from(closing)..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'-').count();
        let name = rest[..length].to_ascii_lowercase();
        rest = &rest[length..];
        let mut attributes = Vec::new();
        loop {
            let spaced = rest.trim_start_matches([' ', '\t', '\n']);
            let has_space = spaced.len() < rest.len();
            rest = spaced;
            let end = if closing { None } else { rest.strip_prefix("/>") };
            if let Some(after) = end.or_else(|| rest.strip_prefix('>')) {
                return Some(Self { name, closing, attributes, length: text.len() - after.len() });
            }
            let begins =
                rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == ':');
            if closing || !has_space || !begins {
                return None;
            }
            let is_name = |c: char| c.is_ascii_alphanumeric() || "_.:-".contains(c);
            let end = rest.find(|c| !is_name(c))?;
            let attribute = rest[..end].to_ascii_lowercase();
            rest = &rest[end..];
            let mut value = "";
            if let Some(after) = rest.trim_start_matches([' ', '\t', '\n']).strip_prefix('=') {
                let after = after.trim_start_matches([' ', '\t', '\n']);
                if let Some(quote) = after.chars().next().filter(|c| matches!(c, '"' | '\'')) {
                    (value, rest) = after[1..].split_once(quote)?;
                } else {
                    let end = after.find([' ', '\t', '\n', '"', '\'', '=', '<', '>', '`'])?;
                    if end == 0 {
                        return None;
                    }
                    (value, rest) = after.split_at(end);
                }
            }
            attributes.push((attribute, value));
        }
    }

    fn attribute(&self, name: &str) -> Option<String> {
        let (_, value) = self.attributes.iter().find(|(n, _)| n == name)?;
        Some(decode(value))
    }
}

/// A value with its character references decoded, as Markdown's own parser does it.
fn decode(value: &str) -> String {
    let mut decoded = String::new();
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(40).position(|byte| byte == b';');
        let reference = end.map(|end| &rest[..=end]);
        match reference.and_then(character) {
            Some(text) => {
                decoded.push_str(&text);
                rest = &rest[reference.map_or(1, str::len)..];
            }
            None => {
                decoded.push('&');
                rest = &rest[1..];
            }
        }
    }
    decoded + rest
}

fn character(reference: &str) -> Option<String> {
    let name = &reference[1..reference.len() - 1];
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#') {
        return None;
    }
    let text: String = pulldown_cmark::Parser::new(reference)
        .filter_map(|event| match event {
            pulldown_cmark::Event::Text(text) => Some(text.into_string()),
            _ => None,
        })
        .collect();
    (text != reference).then_some(text)
}

/// Whether the line holds one complete tag and nothing else: it then begins a block of HTML.
pub fn is_lone_tag(line: &str) -> bool {
    let text = line.trim_start_matches(' ');
    line.len() - text.len() < 4
        && Tag::scan(text.trim_end()).is_some_and(|tag| {
            let verbatim = ["script", "style", "pre", "textarea"].contains(&tag.name.as_str());
            tag.length == text.trim_end().len() && (tag.closing || !verbatim)
        })
}

/// The source without the scripts and styles with which it begins, so that what follows them on
/// their line is read as Markdown instead of being lost with them.
pub fn without_scripts(source: &str) -> &str {
    let mut rest = source;
    while let Some(tag) = Tag::scan(rest.trim_start())
        && !tag.closing
        && ["script", "style"].contains(&tag.name.as_str())
    {
        rest = after_element(&rest.trim_start()[tag.length..], &tag.name);
    }
    rest
}

/// What follows the end of an element whose start tag was just read.
fn after_element<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    // Only what is passed over is looked at: many short elements may follow each other.
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) {
            return rest.split_once('>').map_or("", |(_, after)| after);
        }
    }
    ""
}

/// Appends what may be kept of raw HTML. `tags` counts over the block. `in_link`: an image here
/// is within a link already.
pub fn push_filtered(html: &mut String, raw: &str, tags: &mut usize, in_link: bool) {
    let mut rest = raw;
    while let Some(at) = rest.find('<') {
        push_source(html, &rest[..at]);
        rest = &rest[at..];
        let hidden = [("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">")];
        if let Some((start, end)) = hidden.iter().find(|(start, _)| rest.starts_with(start)) {
            let body = &rest[start.len()..];
            let empty = *start == "<!--" && (body.starts_with('>') || body.starts_with("->"));
            let end = if empty { ">" } else { end };
            rest = body.find(end).map_or("", |at| &body[at + end.len()..]);
            continue;
        }
        let Some(tag) = Tag::scan(rest).filter(|_| *tags < MAX_TAGS) else {
            html.push_str("&lt;");
            rest = &rest[1..];
            continue;
        };
        *tags += 1;
        rest = &rest[tag.length..];
        let name = tag.name.as_str();
        if !tag.closing && DROPPED.contains(&name) {
            // Alone, the tag is inline HTML whose content is Markdown.
            if !rest.is_empty() {
                rest = after_element(rest, name);
            }
        } else if name == "a" {
            push_anchor(html, &tag);
        } else if name == "img" && !tag.closing {
            let address = tag.attribute("src").unwrap_or_default();
            image::push(html, &address, &tag.attribute("alt").unwrap_or_default(), in_link);
        } else if KEPT.contains(&name) {
            push_kept(html, &tag);
        }
    }
    push_source(html, rest);
}

fn push_anchor(html: &mut String, tag: &Tag<'_>) {
    if tag.closing {
        html.push_str("</a>");
    } else {
        let address = tag.attribute("href");
        push_link(html, address.as_deref().unwrap_or_default(), tag.attribute("title").as_deref());
    }
}

/// Appends the start of a link; without an address if it may not lead there.
pub fn push_link(html: &mut String, address: &str, title: Option<&str>) {
    // An address within the page is only for footnotes, which have a tag of their own.
    let allowed = !address.starts_with('#') && sanitise::is_allowed_address(address);
    let address = allowed.then(|| crate::image::encoded(address));
    let title = title.filter(|title| !title.is_empty());
    let attributes = [("href", address.as_deref()), ("title", title), ("rel", Some(sanitise::REL))];
    sanitise::push_tag(html, "a", &attributes);
}

fn push_kept(html: &mut String, tag: &Tag<'_>) {
    let name = tag.name.as_str();
    if tag.closing {
        html.push_str("</");
        html.push_str(name);
        html.push('>');
        return;
    }
    let kept: &[&str] = match name {
        "abbr" => &["title"],
        "details" => &["open"],
        "ol" => &["start"],
        _ => &[],
    };
    let values: Vec<_> =
        kept.iter().map(|attribute| (*attribute, tag.attribute(attribute))).collect();
    let attributes: Vec<_> = values.iter().map(|(n, value)| (*n, value.as_deref())).collect();
    sanitise::push_tag(html, name, &attributes);
}

/// Text of raw HTML may hold character references, so only `<` and `>` are escaped.
fn push_source(html: &mut String, text: &str) {
    html.push_str(&text.replace('<', "&lt;").replace('>', "&gt;"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filtered(raw: &str) -> String {
        let mut html = String::new();
        push_filtered(&mut html, raw, &mut 0, false);
        html
    }

    #[test]
    fn only_harmless_tags_are_left() {
        assert_eq!(filtered("<B ID=x onclick='y'>a</B>"), "<b>a</b>");
        assert_eq!(filtered("<script>x</script>a<!-- b -->c"), "ac");
        assert_eq!(filtered("<b <i>"), "&lt;b <i>");
        assert_eq!(filtered("<form><input></form>"), "");
        assert_eq!(
            filtered("<a href=\"java&#115;cript:x\">"),
            format!("<a rel=\"{}\">", sanitise::REL)
        );
        assert_eq!(without_scripts("<script>a</script ><style>b</style>c"), "c");
        assert_eq!(without_scripts("<script>a"), "");
    }

    #[test]
    fn lone_tags() {
        assert!(is_lone_tag("<x-y a = 'b'>\n") && is_lone_tag("</pre>"));
        assert!(!is_lone_tag("<b>a") && !is_lone_tag("<pre>") && !is_lone_tag("    <b>"));
    }
}
