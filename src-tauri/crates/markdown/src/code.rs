//! A top-level fenced code block, or a part of one, as it stands in the source.

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

use crate::block::first_word;
use crate::line::Fence;

/// The source of a part of a fenced block.
#[derive(Debug)]
pub struct Source {
    /// The language; `None` in a part after the first, where it is not written.
    pub language: Option<String>,
    /// The code, without the fences and their indentation.
    pub code: String,
}

impl Source {
    /// Reads a part; `first` if it begins with the opening fence. No other part begins with the
    /// closing one, though the rest of a line that was cut may look like it.
    pub fn new(source: &str, fence: Fence, first: bool) -> Self {
        let mut lines = source.split_inclusive('\n');
        let language = first.then(|| lines.next().map(language).unwrap_or_default());
        let mut code = String::with_capacity(source.len());
        let mut opened = first;
        for line in lines {
            if std::mem::replace(&mut opened, true) && fence.closed_by(line) {
                break;
            }
            let spaces = line.bytes().take(fence.indent).take_while(|b| *b == b' ').count();
            code.push_str(&line[spaces..]);
        }
        Self { language, code }
    }
}

/// The language that an opening fence names.
fn language(line: &str) -> String {
    match Parser::new(line).next() {
        Some(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info)))) => first_word(&info),
        _ => String::new(),
    }
}
