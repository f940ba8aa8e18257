//! A file that is a ZIP archive: its parts, and the same archive with other texts in some of them.
//!
//! Names of parts are looked up, and never used as paths. What is not replaced is copied as it is
//! packed, byte for byte, in its place.

use std::collections::HashMap;
use std::io::{Cursor, ErrorKind, Read, Write};

use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::TranslationError;

/// How many parts a file may have.
const PARTS: usize = 50_000;
/// How many bytes all parts that are read may unpack to.
const UNPACKED: u64 = 256 << 20;
/// How much larger than packed a part may be, from the size on at which that matters. Text that
/// repeats itself is packed to a fiftieth; a bomb to a thousandth.
const RATIO: u64 = 200;
const RATIO_FROM: u64 = 16 << 20;

/// A file's parts.
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
}

impl<'a> Package<'a> {
    /// The parts of this archive.
    ///
    /// # Errors
    /// [`TranslationError::Damaged`] where it is none, [`TranslationError::TooLarge`] where it holds
    /// too many files.
    pub fn open(data: &'a [u8]) -> Result<Self, TranslationError> {
        let archive = ZipArchive::new(Cursor::new(data)).map_err(|_| {
            TranslationError::Damaged(
                "its ZIP archive is broken or was not downloaded to its end".into(),
            )
        })?;
        if archive.len() > PARTS {
            return Err(TranslationError::TooLarge(format!("it holds {} parts", archive.len())));
        }
        Ok(Self { archive, left: UNPACKED })
    }

    /// The text of a part, or `None` where there is none of this name.
    ///
    /// # Errors
    /// [`TranslationError::Damaged`] where it is no UTF-8, and [`TranslationError::TooLarge`].
    pub fn text(&mut self, name: &str) -> Result<Option<String>, TranslationError> {
        let Some(index) = self.archive.index_for_name(name) else { return Ok(None) };
        let damaged = || TranslationError::Damaged(format!("its part {name:?} cannot be unpacked"));
        let file = self.archive.by_index(index).map_err(|_| damaged())?;
        let by_ratio = file.compressed_size().saturating_mul(RATIO).max(RATIO_FROM);
        let most = self.left.min(by_ratio);
        let mut content = Vec::new();
        file.take(most + 1).read_to_end(&mut content).map_err(|error| match error.kind() {
            ErrorKind::OutOfMemory => TranslationError::TooLarge(format!("its part {name:?}")),
            _ => damaged(),
        })?;
        let size = content.len() as u64;
        if size > most {
            return Err(TranslationError::TooLarge(format!(
                "its part {name:?} unpacks to more than {} MiB",
                most >> 20
            )));
        }
        self.left -= size;
        let text = String::from_utf8(content);
        text.map(Some).map_err(|_| {
            TranslationError::Damaged(format!("its part {name:?} is not written in UTF-8"))
        })
    }

    /// The archive with these texts in place of those of the parts of these names.
    ///
    /// # Errors
    /// [`TranslationError::Damaged`] where a part cannot be copied.
    pub fn with(mut self, texts: &HashMap<String, String>) -> Result<Vec<u8>, TranslationError> {
        let mut out = ZipWriter::new(Cursor::new(Vec::new()));
        let damaged =
            |name: &str| TranslationError::Damaged(format!("its part {name:?} cannot be copied"));
        for index in 0..self.archive.len() {
            let file = self.archive.by_index_raw(index).map_err(|_| damaged(&index.to_string()))?;
            let name = file.name().map_err(|_| damaged(&index.to_string()))?.into_owned();
            let Some(text) = texts.get(&name) else {
                out.raw_copy_file(file).map_err(|_| damaged(&name))?;
                continue;
            };
            let mut options = SimpleFileOptions::default().compression_method(file.compression());
            if let Some(time) = file.last_modified() {
                options = options.last_modified_time(time);
            }
            out.start_file(&name, options).map_err(|_| damaged(&name))?;
            out.write_all(text.as_bytes()).map_err(|_| damaged(&name))?;
        }
        let written = out.finish().map_err(|_| damaged("directory"))?;
        Ok(written.into_inner())
    }
}
