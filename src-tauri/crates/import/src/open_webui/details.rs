//! Open WebUI writes what a model thought, and what tools did for it, into the text of an answer
//! as `<details type="…">` elements; models themselves write `<think>` elements.

use crate::markup::fenced;
use crate::tree::append_paragraph;

/// The answer and what led to it, apart from each other.
pub(super) fn separate(text: &str) -> (String, String) {
    let mut answer = String::new();
    let mut reasoning = String::new();
    let mut rest = text;
    while let Some((before, element, after)) = next_element(rest) {
        answer.push_str(before);
        append_paragraph(&mut reasoning, &element);
        rest = after;
    }
    if reasoning.is_empty() {
        return (text.to_owned(), reasoning);
    }
    answer.push_str(rest);
    (answer.trim().to_owned(), reasoning)
}

/// What comes before the next element, what it says, and what comes after it.
fn next_element(text: &str) -> Option<(&str, String, &str)> {
    let details = text.find("<details type=\"");
    let think = if text.trim_start().starts_with("<think>") { text.find("<think>") } else { None };
    if let Some(start) = think {
        let inner = &text[start + "<think>".len()..];
        let end = inner.find("</think>")?;
        return Some((
            &text[..start],
            inner[..end].trim().to_owned(),
            &inner[end + "</think>".len()..],
        ));
    }
    let start = details?;
    let element = &text[start..];
    let end = element.find("</details>")?;
    let (head, body) = element[..end].split_once('>')?;
    Some((&text[..start], said(head, body), &element[end + "</details>".len()..]))
}

fn said(head: &str, body: &str) -> String {
    let body = match body.split_once("</summary>") {
        Some((_, body)) => body,
        None => body,
    };
    let attribute = |name: &str| {
        let (_, value) = head.split_once(&format!(" {name}=\""))?;
        value.split_once('"').map(|(value, _)| unescape(value)).filter(|value| !value.is_empty())
    };
    if attribute("type").as_deref() == Some("tool_calls") {
        let mut text = attribute("name").unwrap_or_default();
        for value in [attribute("arguments"), attribute("result")].into_iter().flatten() {
            append_paragraph(&mut text, &fenced(&value, ""));
        }
        append_paragraph(&mut text, unescape(body).trim());
        return text;
    }
    let unquoted = |line: &str| {
        line.strip_prefix('>').map_or(line, |l| l.strip_prefix(' ').unwrap_or(l)).to_owned()
    };
    let lines: Vec<String> = unescape(body).trim().lines().map(unquoted).collect();
    lines.join("\n")
}

fn unescape(text: &str) -> String {
    text.replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thoughts_and_calls_are_told_from_the_answer() {
        let (answer, reasoning) = separate(
            "<details type=\"reasoning\" done=\"true\" duration=\"3\">\n<summary>Thought for 3 seconds</summary>\n&gt; 15 &lt; 17\n&gt; so\n</details>\n\
             <details type=\"tool_calls\" name=\"weather\" arguments=\"{&quot;a&quot;:1}\" result=\"rain\">\n<summary>Done</summary>\n</details>\n255",
        );
        assert_eq!(answer, "255");
        assert_eq!(reasoning, "15 < 17\nso\n\nweather\n\n```\n{\"a\":1}\n```\n\n```\nrain\n```");
        assert_eq!(separate("<think>a</think>\n\nb"), ("b".into(), "a".into()));
        for whole in ["<details type=\"reasoning\">open", "say <think>x</think>", "<think>open"] {
            assert_eq!(separate(whole), (whole.to_owned(), String::new()), "{whole}");
        }
    }
}
