//! Conversations in, files out.
//!
//! JSON carries everything (`docs/export-format.md`). The other formats are documents for a reader
//! and hold the branch that is shown: Markdown as it was written; HTML, DOCX and PDF from the safe
//! HTML that the window shows, so that Markdown means the same everywhere. HTML is that HTML; DOCX
//! and PDF are set from one model of it (`document`).

mod archive;
mod branch;
mod document;
mod docx;

mod error;
mod file_name;
mod format;
mod html;
mod json;
mod markdown_file;
mod pdf;
mod picture;
mod safe_html;
mod time;
mod words;
mod xml;

use std::io::Write;

use conversation::PortableConversation;

pub use archive::Archive;
pub use error::ExportError;
pub use file_name::FileNames;
pub use format::Format;
pub use json::JsonWriter;
pub use words::Words;

/// Writes one conversation as one document.
///
/// `words` are those that the document adds to the conversation's own. JSON needs none. Much is
/// written in small pieces, so `out` should gather them. PDF is held whole before it is written, and
/// the other formats message by message.
///
/// # Errors
/// [`ExportError::NotPortable`] before anything is written if its messages form no tree;
/// [`ExportError::Write`] if `out` does.
pub fn write(
    conversation: &PortableConversation,
    format: Format,
    words: &Words,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    conversation.check()?;
    match format {
        Format::Markdown => markdown_file::write(conversation, words, out),
        Format::Html => html::write(conversation, words, out),
        Format::Json => {
            let mut json = JsonWriter::begin(out)?;
            json.add(conversation)?;
            json.end()
        }
        Format::Docx => docx::write(conversation, words, out),
        Format::Pdf => pdf::write(conversation, words, out),
    }
}
