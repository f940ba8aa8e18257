//! Images are never fetched: each becomes a link that says where it leads.

use pulldown_cmark::Event;
use url::Url;

use crate::sanitise;

/// Appends the link that stands for an image; within a link, only its text.
pub fn push(html: &mut String, address: &str, description: &str, in_link: bool) {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let host = url.as_ref().and_then(Url::host_str);
    let encoded = host.map(|_| encoded(address));
    let element = if encoded.is_some() && !in_link { "a" } else { "span" };
    let rel = (element == "a").then_some(sanitise::REL);
    let href = encoded.as_deref().filter(|_| element == "a");
    sanitise::push_tag(
        html,
        element,
        &[("class", Some("image-link")), ("href", href), ("rel", rel)],
    );
    sanitise::push_text(html, description);
    if let Some(host) = host {
        html.push_str(if description.is_empty() { "(" } else { " (" });
        sanitise::push_text(html, host);
        html.push(')');
    }
    html.push_str("</");
    html.push_str(element);
    html.push('>');
}

/// The words of an event within an image's description.
pub fn push_description(description: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(text)
        | Event::Code(text)
        | Event::InlineMath(text)
        | Event::DisplayMath(text) => {
            description.push_str(text);
        }
        Event::SoftBreak | Event::HardBreak => description.push(' '),
        _ => {}
    }
}

/// An address with every character that does not belong in one percent-encoded.
pub fn encoded(address: &str) -> String {
    const KEPT: &str = "-_.+!*(),%#@?=;:/~$'&";
    let mut encoded = String::with_capacity(address.len());
    for byte in address.bytes() {
        let character = char::from(byte);
        if byte.is_ascii_alphanumeric() || KEPT.contains(character) {
            encoded.push(character);
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
