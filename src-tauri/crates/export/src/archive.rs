//! Many documents in one ZIP archive.

use std::io::{BufWriter, Write};

use conversation::PortableConversation;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::{ExportError, FileNames, Format, Words};

/// Writes conversations one by one, each as a file named after its title.
#[derive(Debug)]
pub struct Archive<'w, W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    names: FileNames,
    format: Format,
    words: &'w Words,
}

impl<'w, W: Write> Archive<'w, W> {
    /// An archive of documents of this format.
    pub fn begin(out: W, format: Format, words: &'w Words) -> Self {
        Self { zip: ZipWriter::new_stream(out), names: FileNames::default(), format, words }
    }

    /// Writes one conversation.
    ///
    /// # Errors
    /// As [`write`](crate::write) does.
    pub fn add(&mut self, conversation: &PortableConversation) -> Result<(), ExportError> {
        conversation.check()?;
        let name = self.names.next(conversation, self.format, self.words);
        self.zip.start_file(name, options(self.format))?;
        let mut out = BufWriter::new(&mut self.zip);
        crate::write(conversation, self.format, self.words, &mut out)?;
        out.flush()?;
        Ok(())
    }

    /// Writes the end of the archive. Without it the archive is not whole.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn end(self) -> Result<(), ExportError> {
        self.zip.finish()?.into_inner().flush()?;
        Ok(())
    }
}

/// PDF and DOCX are compressed already.
fn options(format: Format) -> SimpleFileOptions {
    let method = match format {
        Format::Pdf | Format::Docx => CompressionMethod::Stored,
        Format::Markdown | Format::Html | Format::Json => CompressionMethod::Deflated,
    };
    SimpleFileOptions::default().compression_method(method)
}
