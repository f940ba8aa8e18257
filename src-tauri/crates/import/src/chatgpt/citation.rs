//! Markers in ChatGPT's answers: what they stand for becomes links, and they go.
//!
//! A marker is `U+E200 kind U+E202 what U+E202 what… U+E201`, such as `cite` with `turn0search3`;
//! older answers have `【4†source】`. What one stands for is among the message's
//! `content_references`, found by the very text of the marker.

use super::shape::{Citation, Metadata, Reference, Source};
use crate::markup::link;

const OPEN: char = '\u{e200}';
const CLOSE: char = '\u{e201}';
const PART: char = '\u{e202}';
/// The block of private characters that the markers use.
const PRIVATE: std::ops::RangeInclusive<char> = '\u{e200}'..='\u{e2ff}';

/// The text of an answer without its markers.
pub(super) fn resolve(text: String, metadata: &Metadata) -> String {
    let has_marker = |c: char| PRIVATE.contains(&c) || c == '【';
    if !text.contains(has_marker) {
        return text;
    }
    let text = resolve_places(text, &metadata.citations);
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(has_marker) {
        resolved.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(length) = marker_length(rest) else {
            // A private character alone shows as nothing; a bracket is one.
            let first = rest.chars().next().unwrap_or_default();
            if !PRIVATE.contains(&first) {
                resolved.push(first);
            }
            rest = &rest[first.len_utf8()..];
            continue;
        };
        let (marker, after) = rest.split_at(length);
        let known = metadata
            .content_references
            .iter()
            .find(|reference| reference.matched_text.as_deref().map(str::trim) == Some(marker));
        let stands_for = known.map_or_else(|| name_within(marker), words_of);
        if stands_for.is_empty() && after.starts_with(['.', ',', ';', ':', '!', '?', '\n']) {
            resolved.truncate(resolved.trim_end_matches(' ').len());
        }
        resolved.push_str(&stands_for);
        rest = after;
    }
    resolved.push_str(rest);
    resolved.truncate(resolved.trim_end().len());
    resolved
}

/// The bytes of the marker that the text begins with.
fn marker_length(text: &str) -> Option<usize> {
    if let Some(inner) = text.strip_prefix(OPEN) {
        let end = inner.find([CLOSE, OPEN])?;
        return inner[end..].starts_with(CLOSE).then_some(OPEN.len_utf8() + end + CLOSE.len_utf8());
    }
    if let Some(inner) = text.strip_prefix(PART) {
        // An anchor without brackets around: `turn0search3`.
        let word = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
        return inner.starts_with("turn").then_some(PART.len_utf8() + word);
    }
    let inner = text.strip_prefix('【')?;
    let end = inner.find('】')?;
    let (number, source) = inner[..end].split_once('†')?;
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let numbered = number.split(':').all(is_number) && !source.contains('\n');
    numbered.then_some('【'.len_utf8() + end + '】'.len_utf8())
}

/// `entity["city","Lisbon","…"]` says a name in the middle of the text; other markers say nothing
/// without a reference.
fn name_within(marker: &str) -> String {
    let inner = marker.trim_matches([OPEN, CLOSE]);
    let entity = inner.strip_prefix("entity").map(|rest| rest.trim_start_matches(PART));
    let names = entity.and_then(|list| serde_json::from_str::<Vec<serde_json::Value>>(list).ok());
    let name =
        names.and_then(|names| names.get(1).and_then(|name| name.as_str().map(str::to_owned)));
    name.unwrap_or_default()
}

fn words_of(reference: &Reference) -> String {
    let mut links: Vec<String> = Vec::new();
    for source in reference.items.iter().flatten() {
        if let Some(link) = link_to(source)
            && !links.contains(&link)
        {
            links.push(link);
        }
    }
    let own = Source {
        title: reference.title.clone().or(reference.name.clone()),
        url: reference.url.clone(),
    };
    if links.is_empty() {
        links.extend(link_to(&own));
    }
    match reference.kind.as_str() {
        "hidden" | "image_v2" | "image_group" | "nav_list" | "navlist" | "sources_footnote" => {
            String::new()
        }
        _ if !links.is_empty() => format!(" ({})", links.join(", ")),
        // A file that was read: it has a name and no address.
        "file" => own.title.map(|name| format!(" ({})", link(&name, ""))).unwrap_or_default(),
        _ => reference.alt.clone().unwrap_or_default(),
    }
}

fn link_to(source: &Source) -> Option<String> {
    let url = source.url.as_deref().filter(|url| url.starts_with("http"))?;
    Some(link(source.title.as_deref().unwrap_or_default(), url))
}

/// The older form: places of the text, in characters, each of a marker in brackets.
fn resolve_places(text: String, citations: &[Citation]) -> String {
    if citations.is_empty() {
        return text;
    }
    let mut sorted: Vec<&Citation> = citations.iter().collect();
    sorted.sort_by_key(|citation| citation.start_ix);
    let characters: Vec<char> = text.chars().collect();
    let mut resolved = String::with_capacity(text.len());
    let mut next = 0;
    for citation in sorted {
        let Citation { start_ix: start, end_ix: end, metadata } = citation;
        let marker = characters.get(*start..*end).unwrap_or_default();
        if *start < next || marker.first() != Some(&'【') || marker.last() != Some(&'】') {
            continue;
        }
        resolved.extend(&characters[next..*start]);
        if let Some(link) = link_to(metadata) {
            resolved.push_str(&format!(" ({link})"));
        }
        next = *end;
    }
    resolved.extend(&characters[next..]);
    resolved
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata(json: &str) -> Metadata {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn markers_become_links_or_go() {
        let known = metadata(
            r#"{"content_references":[
                {"type":"grouped_webpages","matched_text":"\ue200cite\ue202turn0search0\ue202turn0news1\ue201",
                 "items":[{"title":"A","url":"https://a.example"},{"title":"B","url":"javascript:x"}]},
                {"type":"hidden","matched_text":"\ue200navlist\ue202x\ue201","url":"https://n.example"},
                {"type":"file","matched_text":"\ue200filecite\ue202turn0file0\ue201","name":"a.pdf"}]}"#,
        );
        let resolved = |text: &str| resolve(text.into(), &known);
        assert_eq!(
            resolved("One\u{e200}cite\u{e202}turn0search0\u{e202}turn0news1\u{e201}."),
            "One ([A](<https://a.example>))."
        );
        assert_eq!(resolved("Two \u{e200}cite\u{e202}turn9search9\u{e201}."), "Two.");
        assert_eq!(resolved("Three \u{e200}navlist\u{e202}x\u{e201}"), "Three");
        assert_eq!(resolved("Read\u{e200}filecite\u{e202}turn0file0\u{e201}"), "Read (a.pdf)");
        assert_eq!(
            resolved("Where is \u{e200}entity\u{e202}[\"city\",\"Lisbon\",\"x\"]\u{e201}?"),
            "Where is Lisbon?"
        );
        assert_eq!(resolved("Bare.\u{e202}turn0search7 Next"), "Bare. Next");
        assert_eq!(resolved("\u{e203}Shown\u{e204} open \u{e200}cite"), "Shown open cite");
        assert_eq!(resolved("a【4:0†source】. 【引用】"), "a. 【引用】");
    }

    #[test]
    fn the_older_form_is_read_by_its_places() {
        let known = metadata(
            r#"{"citations":[{"start_ix":4,"end_ix":14,"metadata":{"type":"webpage","title":"É","url":"https://e.example"}},
                             {"start_ix":0,"end_ix":900,"metadata":{"title":"x","url":"https://x.example"}}]}"#,
        );
        assert_eq!(
            resolve("Été.【0†source】 Fin".into(), &known),
            "Été. ([É](<https://e.example>)) Fin"
        );
    }
}
