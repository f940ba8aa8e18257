//! The shown branch as one Markdown document: its title, then who says what, as it was written.

use std::io::Write;

use conversation::PortableConversation;

use crate::branch::{shown, title};
use crate::{ExportError, Words};

/// Writes the document.
pub fn write(
    conversation: &PortableConversation,
    words: &Words,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let marking = conversation.marking.as_ref().map(|marking| bold(&marking.text));
    if let Some(marking) = &marking {
        write!(out, "{marking}\n\n")?;
    }
    write!(out, "# {}", one_line(title(conversation, words)))?;
    for turn in shown(conversation) {
        write!(out, "\n\n## {}", one_line(turn.speaker(words)))?;
        let text = turn.message.text.trim();
        if !text.is_empty() {
            write!(out, "\n\n{text}")?;
        }
        if !turn.message.files.is_empty() {
            write!(out, "\n\n{}\n", words.files)?;
        }
        for file in &turn.message.files {
            write!(out, "\n- {}", one_line(&file.name))?;
        }
    }
    if let Some(marking) = &marking {
        write!(out, "\n\n{marking}")?;
    }
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(())
}

/// A line in bold, none of whose signs mean anything.
fn bold(text: &str) -> String {
    let mut bold = String::from("**");
    for character in text.chars() {
        if character.is_ascii_punctuation() {
            bold.push('\\');
        }
        bold.push(character);
    }
    bold + "**"
}

/// A title or name on one line, which a heading or list item must be.
fn one_line(text: &str) -> String {
    text.split(['\n', '\r'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
