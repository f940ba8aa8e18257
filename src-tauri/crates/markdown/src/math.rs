//! Mathematics: LaTeX to MathML.

use std::borrow::Cow;

use pulldown_latex::config::DisplayMode;
use pulldown_latex::{Parser, RenderConfig, Storage, push_mathml};

use crate::sanitise;

/// A longer formula is shown as its source.
const LONGEST: usize = 8000;
/// So is one that nests deeper than this.
const DEEPEST: usize = 40;

/// Appends a formula as MathML, or as its source where it is not valid.
pub fn push(html: &mut String, source: &str, display: bool) {
    match mathml(source, display) {
        Some(mathml) => html.push_str(&mathml),
        None => {
            html.push_str("<code class=\"math-error\">");
            sanitise::push_text(html, source);
            html.push_str("</code>");
        }
    }
}

/// The formula as MathML. The parser panics on some texts that are no formulas, such as a command
/// that wants a number and gets a letter of several bytes: they are shown as their source.
fn mathml(source: &str, display: bool) -> Option<String> {
    std::panic::catch_unwind(|| checked_mathml(source, display)).ok().flatten()
}

fn checked_mathml(source: &str, display: bool) -> Option<String> {
    if source.len() > LONGEST || depth(source) > DEEPEST || commands_in_a_row(source) > DEEPEST {
        return None;
    }
    // Macros are of no use within one formula and can grow without bound.
    if ["\\def", "\\let", "newcommand", "\\newenv", "\\gdef", "\\futurelet"]
        .iter()
        .any(|m| source.contains(m))
    {
        return None;
    }
    let storage = Storage::new();
    let mut events = Vec::new();
    for event in Parser::new(source, &storage) {
        events.push(Ok::<_, std::convert::Infallible>(event.ok()?));
    }
    let display_mode = if display { DisplayMode::Block } else { DisplayMode::Inline };
    let mut mathml = String::new();
    push_mathml(
        &mut mathml,
        events.into_iter(),
        RenderConfig { display_mode, ..RenderConfig::default() },
    )
    .ok()?;
    // Its serialisation differs from the one that the allow-list knows.
    let clean = sanitise::sanitise(corrected(mathml), true);
    clean.starts_with("<math").then_some(clean)
}

/// The MathML without two mistakes of the renderer: a hard space that is escaped twice, and the
/// space before an operator's name as the first part of its scripts, which makes it one too many.
fn corrected(mathml: String) -> String {
    const SPACE: &str = "<mspace width=\"0.1667em\" />";
    let mut mathml = mathml.replace("&amp;nbsp;", "\u{a0}");
    for name in ["munder", "mover", "munderover", "msub", "msup", "msubsup"] {
        let (wrong, right) = (format!("<{name}>{SPACE}"), format!("{SPACE}<{name}>"));
        mathml = mathml.replace(&wrong, &right);
    }
    mathml
}

/// How deep groups, scripts and environments nest, at most.
fn depth(source: &str) -> usize {
    let mut open = 0_usize;
    let mut deepest = 0;
    for (at, byte) in source.bytes().enumerate() {
        match byte {
            b'{' | b'^' | b'_' | b'[' => open += 1,
            b'}' | b']' => open = open.saturating_sub(1),
            b'\\' if source[at..].starts_with("\\left") || source[at..].starts_with("\\begin") => {
                open += 1
            }
            b'\\' if source[at..].starts_with("\\right") || source[at..].starts_with("\\end") => {
                open = open.saturating_sub(1);
            }
            _ => continue,
        }
        deepest = deepest.max(open);
        if matches!(byte, b'^' | b'_') {
            open -= usize::from(!source[at + 1..].starts_with(['^', '_']));
        }
    }
    deepest
}

/// The most commands that follow each other with nothing but white space between them: each may
/// be the argument of the one before, which nests as a group does.
fn commands_in_a_row(source: &str) -> usize {
    let mut longest = 0;
    let mut row = 0;
    for (place, part) in source.split('\\').enumerate() {
        row = if place == 0 { 0 } else { row + 1 };
        longest = longest.max(row);
        if part.trim_end().contains(|c: char| !c.is_ascii_alphabetic()) {
            row = 0;
        }
    }
    longest
}

/// The source with `\(…\)` and `\[…\]` as `$…$` and `$$…$$`, and each display formula on one
/// line, since a line of it may look like a list item. Code is left alone.
pub fn with_dollars(source: &str) -> Cow<'_, str> {
    if !source.contains("\\(") && !source.contains("\\[") && !source.contains("$$") {
        return Cow::Borrowed(source);
    }
    let bytes = source.as_bytes();
    let mut result = String::with_capacity(source.len());
    let mut copied = 0;
    let mut at = 0;
    // Where the next closer of each kind is, as far as was looked: a text of nothing but openers
    // is not searched from each of them.
    let mut closers = [Some(0); 3];
    while at < bytes.len() {
        if matches!(bytes[at], b'`' | b'~') {
            at = after_code(source, at);
            continue;
        }
        // Within a character of several bytes none of the marks begins.
        let rest = source.get(at..).unwrap_or_default();
        let (kind, open, close, mark) = match bytes[at] {
            b'\\' if rest.starts_with("\\(") => (0, "\\(", "\\)", "$"),
            b'\\' if rest.starts_with("\\[") => (1, "\\[", "\\]", "$$"),
            b'$' if rest.starts_with("$$") => (2, "$$", "$$", "$$"),
            b'\\' => {
                at += 2;
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let body = at + 2;
        if closers[kind].is_some_and(|closer| closer < body) {
            closers[kind] = source[body..].find(close).map(|end| body + end);
        }
        // A closer belongs to the last opener before it.
        let formula = closers[kind]
            .map(|closer| &source[body..closer])
            .filter(|formula| !formula.contains(open) && is_formula(formula));
        if let Some(formula) = formula {
            result.push_str(&source[copied..at]);
            result.push_str(mark);
            for (index, line) in formula.trim().lines().enumerate() {
                result.push_str(if index == 0 { "" } else { " " });
                result.push_str(line.trim());
            }
            result.push_str(mark);
            at += formula.len() + 4;
            copied = at;
        } else {
            at += 2;
        }
    }
    result.push_str(source.get(copied..).unwrap_or_default());
    Cow::Owned(result)
}

/// Whether the text between two marks is a formula of one paragraph.
fn is_formula(text: &str) -> bool {
    let quoted = |line: &str| line.trim().is_empty() || line.trim_start().starts_with(['>', '`']);
    text.contains(char::is_alphanumeric) && !text.contains('$') && !text.trim().lines().any(quoted)
}

/// Where the code span or block that begins at `at` ends; just behind its mark if it has no end.
fn after_code(source: &str, at: usize) -> usize {
    let bytes = source.as_bytes();
    let run = |at: usize| bytes[at..].iter().take_while(|b| **b == bytes[at]).count();
    let length = run(at);
    if bytes[at] == b'~' && length < 3 {
        return at + length;
    }
    let mark = &source[at..at + length];
    let mut from = at + length;
    // The ends that were looked at are not looked at again for the same opener only, so a text
    // of nothing but openers is bounded by a paragraph.
    while let Some(found) = source[from..].find(mark) {
        let end = from + found;
        let closing = run(end);
        if closing == length {
            return end + length;
        }
        from = end + closing;
    }
    at + length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pushed(source: &str) -> String {
        let mut html = String::new();
        push(&mut html, source, false);
        html
    }

    #[test]
    fn formulas_become_mathml_or_their_source() {
        assert!(pushed("x^2").contains("<msup>"));
        assert_eq!(pushed("\\frac{<a"), "<code class=\"math-error\">\\frac{&lt;a</code>");
        for hostile in [
            "{".repeat(5000),
            format!("{}x{}", "{".repeat(3000), "}".repeat(3000)),
            "\\left(".repeat(1000),
            "\\sqrt".repeat(1000) + "x",
            "x^".repeat(3000),
            "\\frac".repeat(1000),
            "\\def\\a{\\a\\a}\\a".to_owned(),
            "\\text{<script>alert(1)</script>}".to_owned(),
            "\\href{javascript:alert(1)}{x}".to_owned(),
        ] {
            let html = pushed(&hostile);
            assert!(!html.contains("<script") && !html.contains("href="), "{html}");
        }
    }

    #[test]
    fn what_the_renderer_does_wrong_is_put_right() {
        assert!(pushed("a\\ b").contains("<mtext>&nbsp;</mtext>"), "{}", pushed("a\\ b"));
        for (source, element) in [("\\lim_{x} y", "msub"), ("\\sin^2 x", "msup")] {
            let html = pushed(source);
            assert!(html.contains(&format!("<{element}><mi>")), "{html}");
        }
    }

    #[test]
    fn both_kinds_of_delimiters() {
        assert_eq!(with_dollars("a \\( x \\) b"), "a $x$ b");
        assert_eq!(with_dollars("\\[\na\n- b\n\\]\n"), "$$a - b$$\n");
        assert_eq!(with_dollars("`\\(x\\)` \\\\(x\\)"), "`\\(x\\)` \\\\(x\\)");
        assert_eq!(with_dollars("```\n$$\na\n$$\n```\n"), "```\n$$\na\n$$\n```\n");
        assert_eq!(with_dollars("\\[foo] $$"), "\\[foo] $$");
        assert_eq!(with_dollars("\\( a \\(b\\) \\(c\\)"), "\\( a $b$ $c$");
    }
}
