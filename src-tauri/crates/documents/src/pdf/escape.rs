//! Text as Markdown that shows it as it is.

use super::markdown::Marked;

/// The text of a paragraph from this byte on, so that Markdown shows it as text.
pub(super) fn escape(marked: &Marked, from: usize) -> Marked {
    escape_with(marked, from, Within::Paragraph)
}

/// The text of a heading.
pub(super) fn escape_heading(marked: &Marked) -> Marked {
    escape_with(marked, 0, Within::Heading)
}

/// The text of a table's cell.
pub(super) fn escape_cell(marked: &Marked) -> Marked {
    escape_with(marked, 0, Within::Cell)
}

/// Where a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Paragraph,
    Heading,
    Cell,
}

fn escape_with(marked: &Marked, from: usize, within: Within) -> Marked {
    let text = marked.text.get(from..).unwrap_or_default();
    let text_start = from + (text.len() - text.trim_start().len());
    let text = text.trim();
    let mut hidden = marked.hidden.iter().peekable();
    let mut out = Marked::default();
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    let opener = if within == Within::Paragraph { opener(text) } else { None };
    // A definition of links begins so.
    let definition = text.starts_with('[');
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map_or(' ', |(_, c)| *c);
        while hidden.next_if(|range| range.end <= text_start + at).is_some() {}
        let unseen = hidden.peek().is_some_and(|range| range.contains(&(text_start + at)));
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        if opener == Some(at)
            || (special(c, before, after, rest) && !alone(c, text))
            || (within == Within::Cell && c == '|')
            || (definition && c == ']' && after == ':')
        {
            out.push("\\", unseen);
        }
        // What would end a line or page is a space.
        let shown =
            if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{85}') { ' ' } else { c };
        out.push(shown.encode_utf8(&mut [0; 4]), unseen);
        before = c;
    }
    out
}

/// Whether a mark that Markdown takes in pairs can be none: it has no other to go with, or none of
/// them stands before a letter, where a pair would have to begin.
fn alone(c: char, text: &str) -> bool {
    match c {
        '`' => text.chars().filter(|other| *other == c).count() == 1,
        // A formula ends with a letter before its mark; prices have a space there.
        '$' => {
            let parts = text.split(c).count();
            let mut before = text.split(c).take(parts - 1).skip(1);
            before.all(|before| before.ends_with(char::is_whitespace))
        }
        '*' | '~' | '_' => {
            let mut runs = text.split(c).skip(1);
            !text.starts_with(c)
                && runs.all(|after| after.is_empty() || after.starts_with(char::is_whitespace))
        }
        _ => false,
    }
}

/// Whether Markdown takes a character for more than itself, wherever it stands.
fn special(c: char, before: char, after: char, rest: &str) -> bool {
    match c {
        '*' | '`' | '~' | '$' => true,
        '\\' => after.is_ascii_punctuation(),
        '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
        '<' => after.is_ascii_alphabetic() || matches!(after, '/' | '!' | '?'),
        '[' => after == '^' || before == '!',
        ']' => after == '(',
        '&' => {
            let name = rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '#')).next();
            let name = name.unwrap_or_default();
            !name.is_empty() && rest.get(name.len()..).is_some_and(|rest| rest.starts_with(';'))
        }
        _ => false,
    }
}

/// Where the character is, if any, by which a paragraph would become a heading, list, quotation,
/// line or task.
fn opener(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    let rest = text.get(first.len_utf8()..).unwrap_or_default();
    let space = rest.is_empty() || rest.starts_with([' ', '\t']);
    match first {
        '#' => {
            let rest = rest.trim_start_matches('#');
            (rest.is_empty() || rest.starts_with(' ')).then_some(0)
        }
        '>' => Some(0),
        '|' | ':' => Some(0),
        '*' if space => Some(0),
        '-' | '+' if space || rest.starts_with(['-', ' ']) => Some(0),
        '=' if text.chars().all(|c| c == '=') => Some(0),
        '[' if rest.starts_with([' ', 'x', 'X']) && rest.get(1..2) == Some("]") => Some(0),
        '0'..='9' => {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            let mark = text.get(digits..digits + 1)?;
            let after = text.get(digits + 1..).unwrap_or_default();
            let item = digits <= 9 && matches!(mark, "." | ")");
            (item && (after.is_empty() || after.starts_with(' '))).then_some(digits)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;

    fn marked(text: &str) -> Marked {
        let mut marked = Marked::default();
        marked.push(text, false);
        marked
    }

    /// What a text is when it is read as Markdown; nothing where it is more than a paragraph.
    fn shown(markdown: &str) -> Option<String> {
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_MATH
            | Options::ENABLE_GFM;
        let mut text = String::new();
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => {}
                Event::Text(part) => text.push_str(&part),
                _ => return None,
            }
        }
        Some(text)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn a_paragraph_is_shown_as_it_is(text in "[-#*+_`~$<>&;:!=|(){}\\[\\]\\\\/^.1aé \"']{0,24}") {
            let text = text.trim().to_owned();
            let escaped = escape(&marked(&text), 0).text;
            prop_assert_eq!(shown(&escaped), Some(text), "{}", escaped);
        }

        #[test]
        fn what_is_hidden_stays_the_same_text(parts in proptest::collection::vec(("[a-c*é ]{1,4}", any::<bool>()), 0..8)) {
            let mut whole = Marked::default();
            for (text, hidden) in &parts {
                whole.push(text, *hidden);
            }
            let escaped = escape(&whole, 0);
            let parts = |marked: &Marked| {
                let text = marked.hidden.iter().map(|range| marked.text[range.clone()].replace('\\', ""));
                text.collect::<String>().replace(' ', "")
            };
            prop_assert_eq!(parts(&escaped), parts(&whole));
        }
    }
}
