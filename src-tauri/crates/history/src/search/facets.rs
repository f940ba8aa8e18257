//! What a message is beside its text, as words of a second column of the index: a filter is then
//! one more word of the expression, and as quick as one.

use conversation::{ConversationId, Role};

use crate::rows::{ROLE, name_of};

/// Characters of private use begin these words, so that no model's name is one of them.
const KIND: char = '\u{e000}';
const CONVERSATION: char = '\u{e001}';

/// A property of messages that a query can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Facet {
    /// Who speaks.
    From(Role),
    /// The model that wrote it has these words in its name, in this order.
    Model(String),
    /// It holds a fenced block of code.
    Code,
    /// A file travels with it.
    File,
    /// It belongs to this conversation.
    In(ConversationId),
}

impl Facet {
    /// As a phrase of FTS5.
    pub fn phrase(&self) -> String {
        match self {
            Self::From(role) => format!("\"{KIND}{}\"", name_of(*role, ROLE)),
            Self::Model(name) => super::expression::quoted(name),
            Self::Code => format!("\"{KIND}code\""),
            Self::File => format!("\"{KIND}file\""),
            Self::In(conversation) => format!("\"{CONVERSATION}{conversation}\""),
        }
    }
}

/// The words that are indexed for a message.
pub(crate) fn indexed(
    conversation: i64,
    role: &str,
    model: Option<&str>,
    has_files: bool,
    text: &str,
) -> String {
    let mut words = format!("{KIND}{role}");
    if let Some(id) = ConversationId::from_i64(conversation) {
        words.push_str(&format!(" {CONVERSATION}{id}"));
    }
    if has_code(text) {
        words.push_str(&format!(" {KIND}code"));
    }
    if has_files {
        words.push_str(&format!(" {KIND}file"));
    }
    if let Some(model) = model {
        words.push(' ');
        words.push_str(&words::indexed(model));
    }
    words
}

/// Whether a fenced block of code begins in it (<https://spec.commonmark.org/0.31.2/#fenced-code-blocks>),
/// in whatever it may stand.
fn has_code(text: &str) -> bool {
    (text.contains("```") || text.contains("~~~"))
        && text.lines().any(|line| {
            let line = line.trim_start_matches([' ', '\t', '>']);
            line.starts_with("```") || line.starts_with("~~~")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_told_by_its_fence() {
        assert!(has_code("a\n  ```rust\nx\n```") && has_code("> ~~~\n> x"));
        assert!(!has_code("a ``` b") && !has_code("`x`"));
    }
}
