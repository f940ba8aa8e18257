//! Answers that leave Bureau: links to passages become footnotes that quote them, since where they
//! are read there is no document to look into.

use std::collections::HashMap;

use conversation::{Passage, PortableConversation, Role, replace_passages};
use documents::Document;

use crate::grounding;

/// The most characters of a passage that are quoted.
const MOST: usize = 300;

/// The conversation with a footnote for each passage that its answers rest on.
pub(crate) fn with_footnotes(mut conversation: PortableConversation) -> PortableConversation {
    let files = conversation.messages.iter().flat_map(|message| &message.files);
    let documents: HashMap<String, String> = files
        .filter(|file| file.media_type == documents::MEDIA_TYPE)
        .filter_map(|file| {
            let stored = std::str::from_utf8(&file.data).ok()?;
            Some((file.name.clone(), Document::from_stored(stored).ok()?.text()))
        })
        .collect();
    for message in conversation.messages.iter_mut().filter(|m| m.role == Role::Assistant) {
        message.text = footnoted(&message.text, &documents);
    }
    conversation
}

fn footnoted(text: &str, documents: &HashMap<String, String>) -> String {
    let mut notes: Vec<(Passage, String)> = Vec::new();
    let body = replace_passages(text, |space, label, passage| {
        let Passage::Of { document, range } = passage else {
            return format!("{space}({label})");
        };
        let known = notes.iter().position(|(known, _)| known == passage);
        let number = known.unwrap_or_else(|| {
            let quote = documents.get(document).and_then(|text| text.get(range.clone()));
            let quote = quote.map(|quote| format!(": “{}”", shortened(quote))).unwrap_or_default();
            let place = if label.contains(document.as_str()) {
                label.to_owned()
            } else {
                format!("{}, {label}", grounding::escaped(document))
            };
            notes.push((passage.clone(), format!("{place}{quote}")));
            notes.len() - 1
        });
        format!("[^passage-{}]", number + 1)
    });
    if notes.is_empty() {
        return body;
    }
    let definitions: Vec<_> = notes
        .into_iter()
        .enumerate()
        .map(|(place, (_, note))| format!("[^passage-{}]: {note}", place + 1))
        .collect();
    format!("{}\n\n{}\n", body.trim_end(), definitions.join("\n"))
}

/// A passage in one line. It is Markdown, as the document's text is.
fn shortened(passage: &str) -> String {
    let line = passage.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    let start: String = line.chars().take(MOST).collect();
    format!("{}…", start.trim_end_matches(['\\', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_is_quoted_once_below() {
        let documents =
            HashMap::from([("a b.pdf".to_owned(), "One two.\u{c}Three four.".to_owned())]);
        let text = "X. [p. 1](passage:0-8/a%20b.pdf) Y. [p. 2](passage:9-20/a%20b.pdf)\n\
            - Z. [p. 1](passage:0-8/a%20b.pdf) [unverified](passage:not-found)\n";
        assert_eq!(
            footnoted(text, &documents),
            "X.[^passage-1] Y.[^passage-2]\n- Z.[^passage-1] (unverified)\n\n\
            [^passage-1]: a b.pdf, p. 1: “One two.”\n[^passage-2]: a b.pdf, p. 2: “Three four.”\n"
        );
        assert_eq!(footnoted("No passage.", &documents), "No passage.");
    }
}
