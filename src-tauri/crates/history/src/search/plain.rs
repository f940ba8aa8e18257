//! Markdown as one line of plain text, near enough for a snippet: the signs go, the words stay.
//! It is not parsed, since a snippet is cut anywhere.

use super::{MATCH_END, MATCH_START};

/// The text without Markdown's signs, its marks kept, on one line.
pub(crate) fn of_markdown(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for line in text.lines() {
        if !is_rule(line) {
            inline(without_prefix(line), &mut result);
            result.push(' ');
        }
    }
    result.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether it only divides: a rule, the second line of a table, a fence without a match.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let is_fence = line.starts_with("```") || line.starts_with("~~~");
    (is_fence && !line.contains(MATCH_START))
        || (!line.is_empty()
            && line.chars().all(|c| matches!(c, '|' | '-' | ':' | '=' | ' ' | '*' | '_')))
}

/// Without what stands before a heading, a quotation or an entry of a list.
fn without_prefix(line: &str) -> &str {
    let line = line.trim_start_matches([' ', '\t', '>']);
    let level = line.len() - line.trim_start_matches('#').len();
    if (1..=6).contains(&level) && line[level..].starts_with(' ') {
        return &line[level..];
    }
    ["- [ ] ", "- [x] ", "- ", "* ", "+ "].iter().find_map(|p| line.strip_prefix(p)).unwrap_or(line)
}

fn inline(line: &str, result: &mut String) {
    let is_row = line.trim().starts_with('|') || line.trim().ends_with('|');
    let mut before = ' ';
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let after = rest.chars().find(|c| !is_mark(*c)).unwrap_or(' ');
        let between_spaces = before.is_whitespace() && after.is_whitespace();
        let in_word = before.is_alphanumeric() && after.is_alphanumeric();
        match c {
            '`' => {}
            '*' if !between_spaces => {}
            '_' if !in_word && !between_spaces => {}
            '~' if before == '~' || after == '~' => {}
            '|' if is_row || between_spaces => result.push(' '),
            '\\' if after.is_ascii_punctuation() => {
                // What is escaped is a sign that is meant.
                while let Some(c) = rest.chars().next() {
                    rest = &rest[c.len_utf8()..];
                    result.push(c);
                    if !is_mark(c) {
                        break;
                    }
                }
            }
            '!' if after == '[' && link(&rest[1..]).is_some() => {}
            '[' if link(rest).is_some() => {}
            ']' => match address(rest) {
                Some(after) => rest = after,
                None => result.push(c),
            },
            _ => result.push(c),
        }
        if !is_mark(c) {
            before = c;
        }
    }
}

/// What follows the `](address)` that closes a link, where one does.
fn link(after_bracket: &str) -> Option<&str> {
    let (text, rest) = after_bracket.split_once(']')?;
    if text.contains('[') { None } else { address(rest) }
}

/// What follows an address in parentheses without a match, where there is one. That of a passage was
/// written by Bureau: nobody looks for it, even where the snippet ends within it.
fn address(rest: &str) -> Option<&str> {
    let rest = rest.strip_prefix('(')?;
    if rest.starts_with("passage:") {
        return Some(rest.split_once(')').map_or("", |(_, after)| after));
    }
    let (address, after) = rest.split_once(')')?;
    (!address.contains(MATCH_START)).then_some(after)
}

fn is_mark(c: char) -> bool {
    matches!(c, MATCH_START | MATCH_END)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn signs_go_and_words_stay() {
        let cases = [
            ("## Titre\n\n> **gras** et *fin* `code`", "Titre gras et fin code"),
            ("| a | b |\n|---|:-:|\n| c | d |", "a b c d"),
            ("- [x] fait\n* point\n---", "fait point"),
            ("```rust\nlet a_b = 2 * 3;\n```", "let a_b = 2 * 3;"),
            ("voir [le site](https://x.y) et ![i](u)", "voir le site et i"),
            ("[1] tab[i](x y", "[1] tab[i](x y"),
            (
                "Le loyer est fixe [1](passage:12-\u{2}40\u{3}/bail.pdf). Et",
                "Le loyer est fixe 1. Et",
            ),
            ("Le loyer [1](passage:12-40/ba", "Le loyer 1"),
            (r"\*pas\* ~~barré~~ __fort__", "*pas* barré fort"),
            ("**\u{2}mot\u{3}** a\u{2}_b", "\u{2}mot\u{3} a\u{2}_b"),
            ("#mot 1.5 C# a|b", "#mot 1.5 C# a|b"),
        ];
        for (markdown, text) in cases {
            assert_eq!(of_markdown(markdown), text);
        }
    }

    proptest! {
        #[test]
        fn any_text_keeps_its_marks_and_letters(text in "[a-c\u{2}\u{3}`*_|\\[\\]()#>~ \n\\\\!é-]{0,40}") {
            let plain = of_markdown(&text);
            let marks = |text: &str| text.chars().filter(|c| is_mark(*c)).count();
            if !text.contains("](") {
                let letters = |text: &str| -> String {
                    text.chars().filter(|c| c.is_alphanumeric()).collect()
                };
                prop_assert!(letters(&text).ends_with(&letters(&plain)) || text.contains("```") || text.contains("~~~"));
            }
            prop_assert!(marks(&plain) <= marks(&text) && !plain.contains('\n'));
        }
    }
}
