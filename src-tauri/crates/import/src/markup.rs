//! Markdown that stands for what other programs keep beside the text.

/// A fenced block around `code`, with a fence that does not occur in it.
pub(crate) fn fenced(code: &str, language: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for character in code.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest.max(2) + 1);
    let word = |c: char| c.is_alphanumeric() || matches!(c, '+' | '-' | '#' | '.' | '_');
    let language = if language.chars().all(word) { language } else { "" };
    format!("{fence}{language}\n{}\n{fence}", code.trim_end_matches('\n'))
}

/// A link, if the address is one of the web; its title otherwise.
pub(crate) fn link(title: &str, url: &str) -> String {
    let title = if title.trim().is_empty() { url } else { title.trim() };
    let safe: String = title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let safe = safe.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
    let web = url.starts_with("https://") || url.starts_with("http://");
    if !web || url.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>')) {
        return safe;
    }
    format!("[{safe}](<{url}>)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_is_longer_than_any_within() {
        assert_eq!(fenced("a", "py"), "```py\na\n```");
        assert_eq!(fenced("````\n", "a b"), "`````\n````\n`````");
    }

    #[test]
    fn only_the_web_is_linked() {
        assert_eq!(link("A [b]", "https://a.example/(x)"), "[A \\[b\\]](<https://a.example/(x)>)");
        assert_eq!(link("A", "javascript:alert(1)"), "A");
        assert_eq!(link("", "https://a.example/> b"), "https://a.example/> b");
    }
}
