//! Numbered lines that came back from a model.

/// The lines of an answer by their numbers, of which there were so many; the first is 0. A line that
/// has no number goes on with the one before it, and what stands before the first number is left
/// out.
pub(super) fn read(answer: &str, count: usize) -> Vec<Option<String>> {
    let mut lines: Vec<Option<String>> = vec![None; count];
    let mut current: Option<usize> = None;
    for line in answer.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.chars().all(|c| c == '`') || is_fence(trimmed) {
            continue;
        }
        let numbered = numbered(trimmed)
            .filter(|(number, _)| (1..=count).contains(number))
            .filter(|(number, _)| lines.get(number - 1).is_some_and(Option::is_none));
        match (numbered, current) {
            (Some((number, text)), _) => {
                lines[number - 1] = Some(text.to_owned());
                current = Some(number - 1);
            }
            (None, Some(place)) => {
                if let Some(Some(text)) = lines.get_mut(place) {
                    text.push(' ');
                    text.push_str(trimmed);
                }
            }
            (None, None) => {}
        }
    }
    // One line that was asked for alone may come back alone.
    if count == 1 && lines.first().is_some_and(Option::is_none) {
        let text = answer.split_whitespace().collect::<Vec<_>>().join(" ");
        lines[0] = Some(text).filter(|text| !text.is_empty());
    }
    lines.into_iter().map(|line| line.filter(|line| !line.trim().is_empty())).collect()
}

fn is_fence(line: &str) -> bool {
    line.strip_prefix("```").is_some_and(|info| info.chars().all(char::is_alphanumeric))
}

/// A line's number, however it is written, and what stands behind it.
fn numbered(line: &str) -> Option<(usize, &str)> {
    let line = line.trim_start_matches(['*', '-', ' ']);
    let inner = line.strip_prefix('[');
    let rest = inner.unwrap_or(line);
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number = rest.get(..digits)?.parse().ok()?;
    let rest = rest.get(digits..)?;
    let rest = match inner {
        Some(_) => rest.strip_prefix(']')?,
        None => rest.strip_prefix(['.', ')', ':'])?,
    };
    Some((number, rest.trim_start_matches(['*', ':', '.']).trim()))
}

#[cfg(test)]
mod tests {
    use super::read;

    fn texts(answer: &str, count: usize) -> Vec<Option<String>> {
        read(answer, count)
    }

    fn all(texts: &[&str]) -> Vec<Option<String>> {
        texts.iter().map(|text| Some((*text).to_owned())).collect()
    }

    #[test]
    fn lines_are_found_however_they_are_numbered() {
        for answer in [
            "[1] a\n[2] b",
            "Here it is:\n\n```\n[1] a\n\n[2] b\n```",
            "**[1]** a\n**[2]** b",
            "1. a\n2. b",
            "[2] b\n[1] a",
            "```text\n[1]: a\n[2]: b\n```\n",
        ] {
            assert_eq!(texts(answer, 2), all(&["a", "b"]), "{answer}");
        }
    }

    #[test]
    fn a_line_that_is_missing_is_told() {
        assert_eq!(texts("[1] a\n[3] c", 3), [Some("a".into()), None, Some("c".into())]);
        assert_eq!(texts("I cannot do that.", 2), [None, None]);
        assert_eq!(texts("[1]\n[2] b", 2), [None, Some("b".into())]);
    }

    #[test]
    fn a_line_goes_on_and_a_number_that_was_there_is_text() {
        assert_eq!(texts("[1] a\nb\n[2] see\n[1] above", 2), all(&["a b", "see [1] above"]));
        assert_eq!(texts("Bonjour\nle monde", 1), all(&["Bonjour le monde"]));
    }
}
