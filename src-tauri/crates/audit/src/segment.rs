//! The files of the log: each is named by the number of its first record.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, ErrorKind, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::AuditError;

/// How the names of the files end.
const ENDING: &str = ".jsonl";
/// Digits of a number in a name, so that names are in the order of their numbers.
const DIGITS: usize = 20;
/// A line that is longer is none of ours; it is not read into memory whole.
pub(crate) const MAX_LINE: usize = 16 << 20;

/// One file of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The number of its first record, as its name says.
    pub(crate) first: u64,
    pub(crate) path: PathBuf,
}

impl Segment {
    pub(crate) fn new(folder: &Path, first: u64) -> Self {
        Self { first, path: folder.join(format!("{first:0DIGITS$}{ENDING}")) }
    }

    fn of(path: PathBuf) -> Option<Self> {
        let digits = path.file_name()?.to_str()?.strip_suffix(ENDING)?;
        let whole = digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
        let first = digits.parse().ok().filter(|_| whole)?;
        Some(Self { first, path })
    }

    /// Its lines from a place in the file on.
    pub(crate) fn lines(&self, from: u64) -> Result<Lines, AuditError> {
        let failed = |error| AuditError::disk(&self.path, &error);
        let mut file = File::open(&self.path).map_err(failed)?;
        file.seek(SeekFrom::Start(from)).map_err(failed)?;
        Ok(Lines { reader: BufReader::new(file), path: self.path.clone() })
    }
}

/// The files of a log in their order; none where there is no folder.
pub(crate) fn segments(folder: &Path) -> Result<Vec<Segment>, AuditError> {
    let failed = |error| AuditError::disk(folder, &error);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut segments = Vec::new();
    for entry in entries {
        segments.extend(Segment::of(entry.map_err(failed)?.path()));
    }
    segments.sort_by_key(|segment| segment.first);
    Ok(segments)
}

/// The lines of a file.
pub(crate) struct Lines {
    reader: BufReader<File>,
    path: PathBuf,
}

impl Lines {
    /// Reads the next line into `line`, with its line end, which only a torn one lacks; how many
    /// bytes it has, 0 at the end. Of a line that is far too long only the beginning is kept.
    pub(crate) fn next(&mut self, line: &mut Vec<u8>) -> Result<u64, AuditError> {
        line.clear();
        let mut length = 0;
        loop {
            let failed = |error| AuditError::disk(&self.path, &error);
            let read = self.reader.fill_buf().map_err(failed)?;
            let end = read.iter().position(|&byte| byte == b'\n').map(|place| place + 1);
            let taken = end.unwrap_or(read.len());
            let room = (MAX_LINE + 1).saturating_sub(line.len()).min(taken);
            line.extend_from_slice(&read[..room]);
            length += taken as u64;
            self.reader.consume(taken);
            if end.is_some() || taken == 0 {
                return Ok(length);
            }
        }
    }
}
