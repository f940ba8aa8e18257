//! What in a text is no language: placeholders of programs, addresses, code.

use std::sync::LazyLock;

use regex::Regex;

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// What stays letter for letter.
    Fixed(&'a str),
}

/// Addresses, placeholders, code between backticks, the breaks of lines, and what looks like a mark.
const FIXED: &str = r#"(?x)
    </?x?\d+\s*/?>
  | (?:https?|ftp|file)://[^\s<>"«»“”]+ | mailto:[^\s<>"]+ | www\.[^\s<>"«»“”]+
  | [\w.+-]+@[\w-]+(?:\.[\w-]+)+
  | \{\{[^{}\n]*\}\} | \$\{[^{}\n]*\} | \{%[^{}\n]*%\}
  | \{[\w.:,\#\\&-]*\}
  | %\(\w+\)[sdfr] | %(?:\d+\$)?[-+\#0]*\d*(?:\.\d+)?(?:[sdifuxXeEgGcpq@]\b|ld\b|lu\b|zu\b)
  | %[A-Z_][A-Z0-9_]*%
  | \$[A-Z_][A-Z0-9_]{2,}\b
  | `[^`\n]+`
  | _x[0-9A-Fa-f]{4}_
  | \n
"#;

#[allow(clippy::expect_used, reason = "a test compiles it")]
static PATTERN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(FIXED).expect("a regular expression"));

/// The pieces of a text, in order; together they are all of it.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut last = 0;
    for found in PATTERN.find_iter(text) {
        // The full stop after an address ends the sentence.
        let fixed = match found.as_str() {
            address if address.contains("://") || address.starts_with("www.") => {
                address.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '…'])
            }
            other => other,
        };
        if found.start() > last {
            pieces.push(Piece::Words(&text[last..found.start()]));
        }
        pieces.push(Piece::Fixed(fixed));
        last = found.start() + fixed.len();
    }
    if last < text.len() {
        pieces.push(Piece::Words(&text[last..]));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    fn fixed(text: &str) -> Vec<&str> {
        let fixed = |piece| match piece {
            Piece::Fixed(text) => Some(text),
            Piece::Words(_) => None,
        };
        pieces(text).into_iter().filter_map(fixed).collect()
    }

    #[test]
    fn placeholders_addresses_and_code_are_fixed() {
        assert_eq!(
            fixed("Hello {name}, {{x}} and ${y}: %s of %1$d, %(user)s."),
            ["{name}", "{{x}}", "${y}", "%s", "%1$d", "%(user)s"]
        );
        assert_eq!(
            fixed("See https://a.example/b?c=d. Or (www.b.example), write to a.b@c.example."),
            ["https://a.example/b?c=d", "www.b.example", "a.b@c.example"]
        );
        assert_eq!(fixed("Run `rm -r` or $HOME\nthen <1>"), ["`rm -r`", "$HOME", "\n", "<1>"]);
    }

    #[test]
    fn words_and_numbers_are_not() {
        for text in ["100 % de plus", "50% discount", "a < b > c", "{ as is }", "$5 and %", "1.5"] {
            assert_eq!(fixed(text), [""; 0], "{text}");
        }
    }
}
