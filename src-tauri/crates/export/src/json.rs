//! Everything, as JSON: `docs/export-format.md`.

use std::io::Write;

use conversation::PortableConversation;

use crate::ExportError;

/// What `format` says in the file.
const FORMAT: &str = "bureau";
/// What `version` says in the file. A reader refuses a higher one.
const VERSION: u32 = 1;

/// Writes conversations one by one, so that no more than one is held at a time.
#[derive(Debug)]
pub struct JsonWriter<W: Write> {
    out: W,
    empty: bool,
}

impl<W: Write> JsonWriter<W> {
    /// Writes the beginning of the file.
    ///
    /// # Errors
    /// If `out` fails, as for every method.
    pub fn begin(mut out: W) -> Result<Self, ExportError> {
        write!(out, r#"{{"format":"{FORMAT}","version":{VERSION},"conversations":["#)?;
        Ok(Self { out, empty: true })
    }

    /// Writes one conversation, on a line of its own.
    ///
    /// # Errors
    /// [`ExportError::NotPortable`], with nothing written, if its messages form no tree.
    pub fn add(&mut self, conversation: &PortableConversation) -> Result<(), ExportError> {
        conversation.check()?;
        self.out.write_all(if self.empty { b"\n" } else { b",\n" })?;
        self.empty = false;
        serde_json::to_writer(&mut self.out, conversation).map_err(std::io::Error::from)?;
        Ok(())
    }

    /// Writes the end of the file. Without it the file is not whole.
    ///
    /// # Errors
    /// If `out` fails.
    pub fn end(mut self) -> Result<(), ExportError> {
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()?;
        Ok(())
    }
}
