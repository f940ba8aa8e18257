//! The text alone, of what a model says: small ones put words around it, whatever they are told.

use super::instructions::{KEPT_OPEN, TAGS};

/// What introduces a text, at the beginning of a first line that ends with a colon.
const PREAMBLES: &[&str] = &[
    "here is",
    "here's",
    "here are",
    "sure",
    "certainly",
    "of course",
    "rewritten",
    "revised",
    "corrected",
    "the corrected",
    "the revised",
    "the rewritten",
    "summary",
    "voici",
    "bien sûr",
    "texte corrigé",
    "texte réécrit",
    "texte révisé",
    "version corrigée",
    "version réécrite",
    "le texte corrigé",
    "résumé",
];

/// The new text, without an introduction, fences or tags that are not of the text before.
pub fn text_in(said: &str, before: &str) -> String {
    let mut text = said.trim();
    loop {
        let bare = without_fence(without_preamble(text, before), before);
        let bare = without_tags(bare, before).trim();
        if bare.len() == text.len() {
            break;
        }
        text = bare;
    }
    let text = without_quotes(text, before);
    // It goes back to where it was taken from, with the space that was around it there.
    let lead = &before[..before.len() - before.trim_start().len()];
    let trail = &before[before.trim_end().len()..];
    if text.is_empty() {
        return String::new();
    }
    let own = before.contains(TAGS[1]) && !before.contains(KEPT_OPEN);
    let text = if own { text.replace(KEPT_OPEN, TAGS[1]) } else { text.to_owned() };
    format!("{lead}{text}{trail}")
}

fn without_preamble<'a>(text: &'a str, before: &str) -> &'a str {
    let Some((line, rest)) = text.split_once('\n') else { return text };
    let plain = line.trim().trim_matches(['*', '#', '_', ' ']).to_lowercase();
    let introduces = plain.ends_with(':') && PREAMBLES.iter().any(|known| plain.starts_with(known));
    let own = before.trim_start().to_lowercase().starts_with(&plain);
    if introduces && !own && !rest.trim().is_empty() { rest.trim_start() } else { text }
}

fn without_fence<'a>(text: &'a str, before: &str) -> &'a str {
    if before.trim_start().starts_with("```") {
        return text;
    }
    let inner = text.strip_prefix("```").and_then(|rest| rest.strip_suffix("```"));
    let inner = inner.and_then(|inner| inner.split_once('\n')).map(|(_, inner)| inner);
    inner.filter(|inner| !inner.contains("```")).unwrap_or(text)
}

fn without_tags<'a>(text: &'a str, before: &str) -> &'a str {
    let [open, close] = TAGS;
    // Those of a drawing in XML are its own.
    if before.trim_start().starts_with(open) || before.trim_end().ends_with(close) {
        return text;
    }
    let text = text.strip_prefix(open).unwrap_or(text);
    text.strip_suffix(close).unwrap_or(text)
}

fn without_quotes<'a>(text: &'a str, before: &str) -> &'a str {
    let pairs = [('"', '"'), ('“', '”'), ('«', '»')];
    for (open, close) in pairs {
        let inner = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        if let Some(inner) = inner.filter(|inner| !inner.contains([open, close]))
            && !before.trim_start().starts_with(open)
        {
            return inner.trim();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_models_put_around_a_text_is_taken_away() {
        for said in [
            "Hello there.",
            "Here is the corrected text:\n\nHello there.",
            "**Corrected text:**\nHello there.",
            "```\nHello there.\n```",
            "Sure! Here it is:\n```text\nHello there.\n```",
            "<text>\nHello there.\n</text>",
            "“Hello there.”",
        ] {
            assert_eq!(text_in(said, "Helo there."), "Hello there.", "{said}");
        }
        assert_eq!(text_in("Voici le texte :\n« Bonjour. »", "Bonjours."), "Bonjour.");
    }

    #[test]
    fn what_the_text_has_itself_stays() {
        assert_eq!(text_in("\"Hello,\" he said.", "\"Helo,\" he said."), "\"Hello,\" he said.");
        assert_eq!(
            text_in("Summary:\nAll is well.", "Summary:\nAl is well."),
            "Summary:\nAll is well."
        );
        assert_eq!(text_in("Attendees:\nA, B", "x"), "Attendees:\nA, B");
        assert_eq!(text_in("b", " a\n"), " b\n");
        assert_eq!(text_in("<text>b</ text>", "<text>a</text>"), "<text>b</text>");
        assert_eq!(text_in("See </ text>.", "Se </text>."), "See </text>.");
    }

    proptest! {
        #[test]
        fn plain_prose_is_never_touched(text in "[A-Za-z]{1,8}( [a-z]{1,8}){0,8}\\.") {
            prop_assert_eq!(text_in(&text, "x"), text);
        }
    }
}
