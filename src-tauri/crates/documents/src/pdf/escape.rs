//! Text as Markdown that shows it as it is.

use super::markdown::Marked;

/// The text of a paragraph from this byte on, so that Markdown shows it as text.
pub(super) fn escape(marked: &Marked, from: usize) -> Marked {
    escape_with(marked, from, false)
}

/// The text of a table's cell.
pub(super) fn escape_cell(marked: &Marked) -> Marked {
    escape_with(marked, 0, true)
}

fn escape_with(marked: &Marked, from: usize, cell: bool) -> Marked {
    let text = marked.text.get(from..).unwrap_or_default();
    let text_start = from + (text.len() - text.trim_start().len());
    let text = text.trim();
    let mut hidden = marked.hidden.iter().peekable();
    let mut out = Marked::default();
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    let opener = if cell { None } else { opener(text) };
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map_or(' ', |(_, c)| *c);
        while hidden.next_if(|range| range.end <= text_start + at).is_some() {}
        let unseen = hidden.peek().is_some_and(|range| range.contains(&(text_start + at)));
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        if opener == Some(at) || special(c, before, after, rest) || (cell && c == '|') {
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

/// Whether Markdown takes a character for more than itself, wherever it stands.
fn special(c: char, before: char, after: char, rest: &str) -> bool {
    match c {
        '*' | '`' | '~' | '$' => true,
        '\\' => after.is_ascii_punctuation(),
        '_' => !(before.is_alphanumeric() && after.is_alphanumeric()),
        '<' => after.is_ascii_alphabetic() || matches!(after, '/' | '!' | '?'),
        '[' => after == '^' || before == '!',
        ']' => matches!(after, '(' | '[' | ':'),
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
