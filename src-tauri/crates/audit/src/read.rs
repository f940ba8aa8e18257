//! Reading the log, in order, from a record on.

use std::path::Path;

use crate::record::Record;
use crate::segment::{Lines, Segment, segments};
use crate::{AuditError, Head};

/// A record as it was read, with its line as it was written.
#[derive(Debug, Clone)]
pub struct Written {
    /// The record.
    pub record: Record,
    /// Its line, without its line end.
    pub line: String,
}

/// The records of a log from one on. Lines that are no record are passed over; whoever verifies the
/// log is told of them.
pub struct Records {
    segments: std::vec::IntoIter<Segment>,
    lines: Option<Lines>,
    after: u64,
    line: Vec<u8>,
}

impl Records {
    /// The records behind the one with this number; behind 0 is all.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn after(folder: &Path, sequence: u64) -> Result<Self, AuditError> {
        let all = segments(folder)?;
        let begin = all.partition_point(|segment| segment.first <= sequence + 1).saturating_sub(1);
        let segments: Vec<_> = all.into_iter().skip(begin).collect();
        Ok(Self { segments: segments.into_iter(), lines: None, after: sequence, line: Vec::new() })
    }

    fn read(&mut self) -> Result<Option<Written>, AuditError> {
        loop {
            let Some(lines) = &mut self.lines else {
                let Some(segment) = self.segments.next() else { return Ok(None) };
                self.lines = Some(segment.lines(0)?);
                continue;
            };
            if lines.next(&mut self.line)? == 0 {
                self.lines = None;
                continue;
            }
            // One without a line end is still being written.
            let Some(line) = self.line.strip_suffix(b"\n") else { continue };
            let Ok((record, _)) = Record::of_line(line) else { continue };
            if record.sequence > self.after {
                let line = String::from_utf8_lossy(line).into_owned();
                return Ok(Some(Written { record, line }));
            }
        }
    }
}

/// Whether a log has this record.
///
/// # Errors
/// As the disk refuses.
pub fn holds(folder: &Path, head: &Head) -> Result<bool, AuditError> {
    let next = Records::after(folder, head.sequence.saturating_sub(1))?.next().transpose()?;
    Ok(next.is_some_and(|Written { record, .. }| {
        record.log == head.log && record.sequence == head.sequence && record.hash == Some(head.hash)
    }))
}

impl Iterator for Records {
    type Item = Result<Written, AuditError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}
