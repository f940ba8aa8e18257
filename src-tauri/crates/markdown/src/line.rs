//! What one line of Markdown can begin: the block starts of CommonMark 0.31.2 and GFM.

/// Columns of white space before the first other character, with tab stops of four.
pub fn indent(line: &str) -> usize {
    let mut columns = 0;
    for byte in line.bytes() {
        match byte {
            b' ' => columns += 1,
            b'\t' => columns += 4 - columns % 4,
            _ => break,
        }
    }
    columns
}

/// Whether the line holds nothing but spaces and tabs.
pub fn is_blank(line: &str) -> bool {
    line.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n'))
}

/// The opening of a fenced code block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fence {
    mark: u8,
    length: usize,
    /// Columns before the fence, which are taken from each line of the code.
    pub indent: usize,
}

impl Fence {
    /// The fence that this line opens.
    pub fn opening(line: &str) -> Option<Self> {
        let indent = indent(line);
        let rest = line.trim_start_matches([' ', '\t']);
        let mark = *rest.as_bytes().first().filter(|b| matches!(b, b'`' | b'~'))?;
        let length = rest.bytes().take_while(|b| *b == mark).count();
        let valid = length >= 3 && (mark == b'~' || !rest[length..].contains('`'));
        (indent < 4 && valid).then_some(Self { mark, length, indent })
    }

    /// Whether this line ends the block.
    pub fn closed_by(self, line: &str) -> bool {
        let rest = line.trim_start_matches([' ', '\t']);
        let length = rest.bytes().take_while(|b| *b == self.mark).count();
        indent(line) < 4 && length >= self.length && is_blank(&rest[length..])
    }
}

/// Whether the line is a heading such as `## Title`.
pub fn is_heading(line: &str) -> bool {
    let rest = line.trim_start_matches(' ');
    let level = rest.bytes().take_while(|b| *b == b'#').count();
    indent(line) < 4
        && (1..=6).contains(&level)
        && matches!(rest.as_bytes().get(level), None | Some(b' ' | b'\t' | b'\n'))
}

/// Whether the line is a rule such as `***`.
pub fn is_rule(line: &str) -> bool {
    let mut marks = line.bytes().filter(|b| !matches!(b, b' ' | b'\t' | b'\n'));
    let Some(mark) = marks.next().filter(|b| matches!(b, b'*' | b'-' | b'_')) else { return false };
    let mut count = 1;
    for byte in marks {
        if byte != mark {
            return false;
        }
        count += 1;
    }
    count >= 3 && indent(line) < 4
}

/// Whether the line may turn the paragraph above it into a heading.
pub fn is_underline(line: &str) -> bool {
    let text = line.trim();
    indent(line) < 4
        && !text.is_empty()
        && (text.bytes().all(|b| b == b'=') || text.bytes().all(|b| b == b'-'))
}

/// Whether the line can be the row of dashes below a table's head.
pub fn is_delimiter_row(line: &str) -> bool {
    indent(line) < 4
        && line.contains('-')
        && line.bytes().all(|b| matches!(b, b'|' | b':' | b'-' | b' ' | b'\t' | b'\n'))
}

/// A table has at most this many columns: every row is filled up to all of them, so a few bytes
/// could become a page, and nobody reads a wider one.
const MOST_COLUMNS: usize = 200;

/// Whether the line is the row of dashes of a table that is too wide to be one, in a quote or not.
pub fn is_too_wide(line: &str) -> bool {
    line.len() > MOST_COLUMNS
        && line.bytes().filter(|b| *b == b'-').count() > MOST_COLUMNS
        && line.bytes().filter(|b| *b == b'|').count() > MOST_COLUMNS
        && line.bytes().all(|b| matches!(b, b'|' | b':' | b'-' | b'>' | b' ' | b'\t' | b'\n'))
}

/// Whether the line begins a block quote.
pub fn is_quote(line: &str) -> bool {
    indent(line) < 4 && line.trim_start_matches(' ').starts_with('>')
}

/// Whether the line begins a footnote's definition.
pub fn is_footnote(line: &str) -> bool {
    let Some(rest) = line.trim_start_matches(' ').strip_prefix("[^") else { return false };
    indent(line) < 4
        && rest.find(']').is_some_and(|end| {
            end > 0 && !rest[..end].contains('[') && rest[end + 1..].starts_with(':')
        })
}

/// The mark of a list item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marker {
    /// `-`, `+`, `*`, `.` or `)`: items of one list have the same.
    pub mark: u8,
    /// The number, if it is an ordered list's.
    pub number: Option<u64>,
    /// The column at which the item's text begins.
    pub content: usize,
    /// Whether nothing follows the mark on its line.
    pub empty: bool,
}

impl Marker {
    /// The marker with which this line begins.
    pub fn of(line: &str) -> Option<Self> {
        let before = indent(line);
        let rest = line.trim_start_matches([' ', '\t']);
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let mark = *rest.as_bytes().get(digits)?;
        let bullet = digits == 0 && matches!(mark, b'-' | b'+' | b'*');
        let ordered = (1..=9).contains(&digits) && matches!(mark, b'.' | b')');
        if before > 3 || !(bullet || ordered) {
            return None;
        }
        let after = &rest[digits + 1..];
        if !after.starts_with([' ', '\t', '\n']) && !after.is_empty() {
            return None;
        }
        let end = before + digits + 1;
        let empty = is_blank(after);
        // A tab counts from its own column, so the width is measured on the whole line.
        let spaces = columns_after(line, line.len() - after.len()) - end;
        let content = if empty || spaces > 4 { end + 1 } else { end + spaces };
        Some(Self {
            mark,
            number: ordered.then(|| rest[..digits].parse().unwrap_or(0)),
            content,
            empty,
        })
    }
}

/// The column of the first character that is not white space at or after the byte `from`.
fn columns_after(line: &str, from: usize) -> usize {
    let mut columns = 0;
    for (index, byte) in line.bytes().enumerate() {
        match byte {
            b'\t' => columns += 4 - columns % 4,
            b' ' => columns += 1,
            _ if index < from => columns += 1,
            _ => break,
        }
    }
    columns
}

/// How a block of raw HTML ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HtmlEnd {
    /// With the line that holds one of these, in any case.
    With(&'static [&'static str]),
    /// Before a blank line.
    BlankLine,
}

impl HtmlEnd {
    /// Whether this line is the block's last.
    pub fn reached_by(self, line: &str) -> bool {
        match self {
            Self::With(ends) => {
                let line = line.to_ascii_lowercase();
                ends.iter().any(|end| line.contains(end))
            }
            Self::BlankLine => is_blank(line),
        }
    }
}

const VERBATIM: [&str; 4] = ["script", "pre", "style", "textarea"];
#[rustfmt::skip]
const BLOCK_ELEMENTS: [&str; 62] = [
    "address", "article", "aside", "base", "basefont", "blockquote", "body", "caption", "center", "col",
    "colgroup", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr",
    "html", "iframe", "legend", "li", "link", "main", "menu", "menuitem", "nav", "noframes", "ol",
    "optgroup", "option", "p", "param", "search", "section", "summary", "table", "tbody", "td", "tfoot",
    "th", "thead", "title", "tr", "track", "ul",
];

/// The block of raw HTML that this line begins, if it may interrupt a paragraph.
pub fn html_block(line: &str) -> Option<HtmlEnd> {
    let rest = line.trim_start_matches(' ').strip_prefix('<').filter(|_| indent(line) < 4)?;
    if rest.starts_with("!--") {
        return Some(HtmlEnd::With(&["-->"]));
    }
    if rest.starts_with("![CDATA[") {
        return Some(HtmlEnd::With(&["]]>"]));
    }
    if rest.starts_with('?') {
        return Some(HtmlEnd::With(&["?>"]));
    }
    if rest.strip_prefix('!').is_some_and(|r| r.starts_with(|c: char| c.is_ascii_alphabetic())) {
        return Some(HtmlEnd::With(&[">"]));
    }
    let (closing, name) = rest.strip_prefix('/').map_or((false, rest), |name| (true, name));
    let length = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (name, after) = name.split_at(length);
    let name = name.to_ascii_lowercase();
    let ends = after.is_empty() || after.starts_with([' ', '\t', '\n', '>']);
    if ends && !closing && VERBATIM.contains(&name.as_str()) {
        return Some(HtmlEnd::With(&["</script>", "</pre>", "</style>", "</textarea>"]));
    }
    let block = BLOCK_ELEMENTS.binary_search(&name.as_str()).is_ok();
    (block && (ends || after.starts_with("/>"))).then_some(HtmlEnd::BlankLine)
}

/// Whether the line begins a block that ends a paragraph, other than a list.
pub fn interrupts(line: &str) -> bool {
    is_heading(line)
        || is_rule(line)
        || is_quote(line)
        || is_footnote(line)
        || Fence::opening(line).is_some()
        || html_block(line).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_starts() {
        assert!(BLOCK_ELEMENTS.is_sorted());
        assert_eq!(indent(" \tx"), 4);
        assert!(is_rule(" * * *\n") && !is_rule("**") && !is_rule("    ***"));
        assert!(
            is_heading("###### x")
                && is_heading("#\n")
                && !is_heading("#x")
                && !is_heading("####### x")
        );
        let fence = Fence::opening("  ````rs x").unwrap();
        assert!(
            fence.closed_by("`````  \n") && !fence.closed_by("```") && !fence.closed_by("```` x")
        );
        assert_eq!(Fence::opening("``` a`b"), None);
        assert!(is_footnote("[^a b]: x") && !is_footnote("[a]: x") && !is_footnote("[^]: x"));
        assert_eq!(html_block("<DIV x\n"), Some(HtmlEnd::BlankLine));
        assert_eq!(html_block("<divine>"), None);
    }

    #[test]
    fn list_markers() {
        let content = |line| Marker::of(line).map(|m| m.content);
        assert_eq!(content("- a"), Some(2));
        assert_eq!(content(" 10.  a"), Some(6));
        assert_eq!(content("-      code"), Some(2));
        assert_eq!(content("-\ta"), Some(4));
        assert_eq!(content("-\n"), Some(2));
        assert_eq!(content("-a"), None);
        assert_eq!(content("1234567890. a"), None);
        assert_eq!(Marker::of("7) x").unwrap().number, Some(7));
    }
}
