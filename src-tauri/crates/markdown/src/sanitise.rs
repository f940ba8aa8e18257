//! The allow-list through which every block goes, the program's own HTML included.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use conversation::Passage;

/// What a link in a message tells the web view and the site it leads to: nothing.
pub const REL: &str = "noopener noreferrer nofollow";

/// Every element that may be in a block, with its attributes. Their values are checked too.
#[rustfmt::skip]
const ELEMENTS: &[(&str, &[&str])] = &[
    ("a", &["class", "href", "rel", "title"]), ("abbr", &["title"]), ("b", &[]), ("blockquote", &["class"]),
    ("br", &[]), ("cite", &[]), ("code", &["class"]), ("dd", &[]), ("del", &[]), ("details", &["open"]),
    ("dfn", &[]), ("dl", &[]), ("dt", &[]), ("em", &[]), ("h1", &[]), ("h2", &[]), ("h3", &[]),
    ("h4", &[]), ("h5", &[]), ("h6", &[]), ("hr", &[]), ("i", &[]),
    ("input", &["checked", "disabled", "type"]), ("ins", &[]), ("kbd", &[]), ("li", &["class"]),
    ("mark", &[]), ("ol", &["data-part", "start"]), ("p", &[]),
    ("pre", &["class", "data-language", "data-part"]), ("q", &[]), ("rp", &[]), ("rt", &[]),
    ("ruby", &[]), ("s", &[]), ("samp", &[]), ("section", &["class", "id"]), ("small", &[]),
    ("span", &["class"]), ("strong", &[]), ("sub", &[]), ("summary", &[]), ("sup", &["class", "id"]),
    ("table", &["data-part"]), ("tbody", &[]), ("td", &["class"]), ("tfoot", &[]), ("th", &["class"]),
    ("thead", &[]), ("tr", &[]), ("u", &[]), ("ul", &["data-part"]), ("var", &[]), ("wbr", &[]),
];
#[rustfmt::skip]
const MATH_ELEMENTS: &[&str] = &[
    "math", "menclose", "merror", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot",
    "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext",
    "mtr", "munder", "munderover",
];
#[rustfmt::skip]
const MATH_ATTRIBUTES: &[&str] = &[
    "accent", "accentunder", "class", "columnspan", "depth", "display", "displaystyle", "fence", "form",
    "height", "largeop", "linethickness", "lspace", "mathvariant", "maxsize", "minsize", "movablelimits",
    "notation", "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width",
];
const VOID: &[&str] = &["br", "hr", "input", "wbr"];
/// The classes that only this program gives, besides those of code and of math.
const CLASSES: &[&str] = &[
    "code",
    "image-link",
    "math-error",
    "footnote",
    "footnote-reference",
    "footnote-back",
    "task",
    "align-left",
    "align-center",
    "align-right",
    "alert-note",
    "alert-tip",
    "alert-important",
    "alert-warning",
    "alert-caution",
];

static ALLOWED: LazyLock<HashMap<&str, &[&str]>> = LazyLock::new(|| {
    let math = MATH_ELEMENTS.iter().map(|name| (*name, MATH_ATTRIBUTES));
    ELEMENTS.iter().copied().chain(math).collect()
});

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let attributes = ALLOWED.iter().map(|(name, list)| {
        let list = list.iter().copied().filter(|attribute| *attribute != "rel");
        (*name, list.collect::<HashSet<_>>())
    });
    let mut builder = Builder::empty();
    builder
        .tags(ALLOWED.keys().copied().collect())
        .tag_attributes(attributes.collect())
        .clean_content_tags(["script", "style", "template", "noscript", "title"].into())
        .url_schemes(["http", "https", "mailto", "passage"].into())
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some(REL))
        .attribute_filter(|element, attribute, value| {
            is_allowed(element, attribute, value).then_some(Cow::Borrowed(value))
        });
    builder
});

/// Whether a link may lead there: to the web, to a mail program, to a footnote of the message or to
/// a passage of a document of its conversation.
pub fn is_allowed_address(address: &str) -> bool {
    let scheme = |scheme: &str| {
        address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    let anchored = address.strip_prefix('#').is_some_and(is_footnote_id);
    let passage = || address.parse::<Passage>().is_ok();
    anchored || passage() || scheme("https:") || scheme("http:") || scheme("mailto:")
}

fn is_footnote_id(id: &str) -> bool {
    id.strip_prefix("fn-")
        .or_else(|| id.strip_prefix("fnref-"))
        .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

fn is_allowed(element: &str, attribute: &str, value: &str) -> bool {
    match attribute {
        "href" => is_allowed_address(value),
        "id" => is_footnote_id(value),
        "rel" => value == REL,
        "type" => value == "checkbox",
        "start" => !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()),
        "data-part" => matches!(value, "first" | "middle" | "last" | "only"),
        "class" => value.split(' ').all(|class| {
            CLASSES.contains(&class)
                || class.starts_with("hl-")
                || MATH_ELEMENTS.contains(&element)
                    && (class.starts_with("menv-") || class.starts_with("cell-"))
        }),
        _ => true,
    }
}

/// The same HTML if it is balanced and holds nothing but what is allowed; else what is left of
/// it after it was parsed as a browser does and everything else was taken away.
///
/// `foreign`: a part of it was written by the model as HTML. It is then always parsed, for a
/// browser may close and move such elements in ways that a look at the tags does not tell.
pub fn sanitise(html: String, foreign: bool) -> String {
    if !foreign && is_clean(&html) { html } else { CLEANER.clean(&html).to_string() }
}

/// Whether the HTML is as the parser's serialiser would write it, with allowed content only.
fn is_clean(html: &str) -> bool {
    let mut open = Vec::new();
    let mut rest = html;
    loop {
        let Some(at) = rest.find('<') else { return open.is_empty() && is_clean_text(rest) };
        if !is_clean_text(&rest[..at]) {
            return false;
        }
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('/') {
            let Some((name, after)) = after.split_once('>') else { return false };
            if open.pop() != Some(name) {
                return false;
            }
            rest = after;
            continue;
        }
        let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let name = &rest[..length];
        let Some(attributes) = ALLOWED.get(name) else { return false };
        rest = &rest[length..];
        while let Some(after) = rest.strip_prefix(' ') {
            let Some((attribute, after)) = after.split_once("=\"") else { return false };
            let Some((value, after)) = after.split_once('"') else { return false };
            let decoded = if value.contains('&') {
                Cow::Owned(value.replace("&amp;", "&"))
            } else {
                Cow::Borrowed(value)
            };
            let known = attributes.contains(&attribute) && is_allowed(name, attribute, &decoded);
            if !known || value.contains(['<', '>']) || !is_clean_text(value) {
                return false;
            }
            rest = after;
        }
        let Some(after) = rest.strip_prefix('>') else { return false };
        rest = after;
        if !VOID.contains(&name) {
            open.push(name);
        }
    }
}

/// Whether text is escaped as the serialiser does.
fn is_clean_text(text: &str) -> bool {
    let entities = ["&amp;", "&lt;", "&gt;", "&quot;", "&nbsp;"];
    let mut rest = text;
    while let Some(at) = rest.find(['&', '>', '\u{a0}', '\0', '\r']) {
        rest = &rest[at..];
        if !entities.iter().any(|entity| rest.starts_with(entity)) {
            return false;
        }
        rest = &rest[1..];
    }
    true
}

/// Appends text, escaped for use between tags.
pub fn push_text(html: &mut String, text: &str) {
    push_escaped(html, text, false);
}

/// Appends text, escaped for use as an attribute's value in double quotes.
pub fn push_value(html: &mut String, text: &str) {
    push_escaped(html, text, true);
}

fn push_escaped(html: &mut String, text: &str, quoted: bool) {
    let mut plain = 0;
    for (at, character) in text.char_indices() {
        let entity = match character {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' if quoted => "&quot;",
            '\u{a0}' => "&nbsp;",
            '\0' | '\r' => "\u{fffd}",
            _ => continue,
        };
        html.push_str(&text[plain..at]);
        html.push_str(entity);
        plain = at + character.len_utf8();
    }
    html.push_str(&text[plain..]);
}

/// Appends an element's start tag; attributes without a value are left out.
pub fn push_tag(html: &mut String, name: &str, attributes: &[(&str, Option<&str>)]) {
    html.push('<');
    html.push_str(name);
    for (attribute, value) in attributes {
        let Some(value) = value else { continue };
        html.push(' ');
        html.push_str(attribute);
        html.push_str("=\"");
        push_value(html, value);
        html.push('"');
    }
    html.push('>');
}

/// Whether the sanitiser would leave a block as it is.
#[cfg(test)]
pub fn is_fixed_point(html: &str) -> bool {
    CLEANER.clean(html).to_string() == html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_at_the_tags_agrees_with_the_parser() {
        for html in [
            "<p>a &amp; b\u{e9}</p>",
            "<pre class=\"code\" data-part=\"only\"><code>x\n</code></pre>",
            "<p><a href=\"https://a.example/?a=1&amp;b=2\" title=\"&quot;\" rel=\"noopener noreferrer nofollow\">x</a></p>",
            "<p><input type=\"checkbox\" disabled=\"\"><br>\n</p>",
        ] {
            assert!(is_clean(html) && is_fixed_point(html), "{html}: {}", CLEANER.clean(html));
        }
        for html in [
            "<p>",
            "</p>",
            "<p></b>",
            "<script></script>",
            "<p onclick=\"x\"></p>",
            "<p >x</p>",
            "a & b",
            "<a href=\"javascript:x\"></a>",
            "<a href=\"data:x\"></a>",
            "<p class=\"x\"></p>",
            "<p\nx>",
            "<section id=\"login\"></section>",
            "<p><!-- x --></p>",
            "<img src=\"x\">",
            "a > b",
        ] {
            assert!(!is_clean(html), "{html}");
        }
    }
}
