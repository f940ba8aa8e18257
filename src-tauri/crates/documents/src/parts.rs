//! The parts of a file that is a ZIP archive. Their names are looked up, and never used as paths.

use std::collections::HashMap;
use std::io::{Cursor, ErrorKind, Read};

use zip::ZipArchive;

use crate::xml::{Event, Xml};
use crate::{ReadError, text};

/// How many parts a file may have.
const PARTS: usize = 50_000;

/// How many bytes all parts that are read may unpack to.
const UNPACKED: u64 = 256 << 20;

/// How much larger than packed a part may be, from the size on at which that matters. Text that
/// repeats itself is packed to a fiftieth; a bomb to a thousandth.
const RATIO: u64 = 200;
const RATIO_FROM: u64 = 16 << 20;

/// A file's parts.
pub struct Parts<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
}

/// Where a part points.
#[derive(Debug, Clone)]
pub struct Relation {
    /// The last word of its type: `slide`, `hyperlink`.
    pub kind: String,
    /// The name of the part that it points to.
    pub target: String,
}

impl<'a> Parts<'a> {
    /// The parts of this archive.
    ///
    /// # Errors
    /// [`ReadError::Damaged`] where it is no archive, [`ReadError::TooLarge`] where it holds too
    /// many files.
    pub fn open(data: &'a [u8]) -> Result<Self, ReadError> {
        let archive = ZipArchive::new(Cursor::new(data)).map_err(|_| {
            ReadError::Damaged("its ZIP archive is broken or was not downloaded to its end".into())
        })?;
        if archive.len() > PARTS {
            return Err(ReadError::TooLarge(format!("it holds {} parts", archive.len())));
        }
        Ok(Self { archive, left: UNPACKED })
    }

    /// Whether there is a part of this name.
    pub fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// The content of a part, or `None` where there is none of this name.
    ///
    /// # Errors
    /// [`ReadError::Damaged`] and [`ReadError::TooLarge`].
    pub fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(index) = self.archive.index_for_name(name) else { return Ok(None) };
        let damaged = || ReadError::Damaged(format!("its part {name:?} cannot be unpacked"));
        let file = self.archive.by_index(index).map_err(|_| damaged())?;
        let by_ratio = file.compressed_size().saturating_mul(RATIO).max(RATIO_FROM);
        let most = self.left.min(by_ratio);
        let mut content = Vec::new();
        file.take(most + 1).read_to_end(&mut content).map_err(|error| match error.kind() {
            ErrorKind::OutOfMemory => ReadError::TooLarge(format!("its part {name:?}")),
            _ => damaged(),
        })?;
        let size = content.len() as u64;
        if size > most {
            return Err(ReadError::TooLarge(format!(
                "its part {name:?} unpacks to more than {} MiB",
                most >> 20
            )));
        }
        self.left -= size;
        Ok(Some(content))
    }

    /// A part as text.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn text(&mut self, name: &str) -> Result<Option<String>, ReadError> {
        Ok(self.read(name)?.map(text::decode))
    }

    /// The beginning of a part of XML, up to the last element that ends within so many bytes.
    pub fn beginning(&mut self, name: &str, most: u64) -> Option<String> {
        let index = self.archive.index_for_name(name)?;
        let file = self.archive.by_index(index).ok()?;
        let mut content = Vec::new();
        file.take(most).read_to_end(&mut content).ok()?;
        let end = content.iter().rposition(|byte| *byte == b'>')?;
        content.truncate(end + 1);
        Some(text::decode(content))
    }

    /// The text of a part that has to be there.
    ///
    /// # Errors
    /// As [`read`](Self::read), and [`ReadError::Damaged`] where it is not there.
    pub fn needed(&mut self, name: &str) -> Result<String, ReadError> {
        let missing = || ReadError::Damaged(format!("its part {name:?} is missing"));
        self.text(name)?.ok_or_else(missing)
    }

    /// Where a part of an Office file points, by id (ECMA-376 part 2, section 6.5).
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn relations(&mut self, of: &str) -> Result<HashMap<String, Relation>, ReadError> {
        let (folder, file) = of.rsplit_once('/').unwrap_or(("", of));
        let name = join(folder, &format!("_rels/{file}.rels"));
        let mut relations = HashMap::new();
        let Some(text) = self.text(&name)? else { return Ok(relations) };
        let mut xml = Xml::new(&text);
        while let Some(event) = xml.next()? {
            let Event::Open(element) = event else { continue };
            let external = element.attribute("TargetMode").as_deref() == Some("External");
            let (Some(id), Some(target)) = (element.attribute("Id"), element.attribute("Target"))
            else {
                continue;
            };
            let kind = element.attribute("Type").unwrap_or_default();
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            if !external {
                relations.insert(id, Relation { kind, target: join(folder, &target) });
            }
        }
        Ok(relations)
    }
}

/// The name of a part that is named from a folder.
pub fn join(folder: &str, name: &str) -> String {
    let base = if name.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(name.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
