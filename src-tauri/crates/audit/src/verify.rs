//! Whether a log is what was written: every edit, removal, reordering and truncation is found, and
//! the record is named.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::Serialize;

use crate::head::{HEAD_FILE, Kept};
use crate::record::{Flaw, Record};
use crate::segment::{Segment, segments};
use crate::{Action, AuditError, Hash, Head, PublicKey};

/// So many problems say enough; the rest is only counted.
const MOST_PROBLEMS: usize = 1000;

/// What is wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The number of the record; where it can no longer be read, the one that has to be there.
    pub sequence: u64,
    /// The file, and the line in it from 1 on.
    pub place: Option<(String, u64)>,
    /// What is wrong with it.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "record {}: {}", self.sequence, self.what)?;
        match &self.place {
            Some((file, line)) => write!(f, " ({file}, line {line})"),
            None => Ok(()),
        }
    }
}

/// What was found of a log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Which log it is; none of an empty one.
    pub log: Option<String>,
    /// How many records there are.
    pub records: u64,
    /// The number of the first one; more than 1 where old ones were removed.
    pub first: u64,
    /// The number of the last one.
    pub last: u64,
    /// The hash of the last one.
    pub hash: Option<Hash>,
    /// How many checkpoints are signed by a key that is trusted.
    pub checkpoints: u64,
    /// The last record that such a checkpoint signs.
    pub signed: u64,
    /// What is wrong; nothing where all is well.
    pub problems: Vec<Problem>,
    /// How many more problems there are.
    pub more_problems: u64,
}

impl Verification {
    /// Whether the log is what was written.
    pub fn is_well(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Verifies the log in this folder: that its checkpoints are signed by one of these keys, and that
/// it holds these records, which somebody knows to have been written last: a collector, or the
/// encrypted history.
///
/// # Errors
/// As the disk refuses, and [`AuditError::NoLog`].
pub fn verify(
    folder: &Path,
    keys: &[PublicKey],
    known: &[Head],
) -> Result<Verification, AuditError> {
    let segments = segments(folder)?;
    let kept = Head::read(folder)?;
    if segments.is_empty() && matches!(kept, Kept::Missing) && known.is_empty() {
        return Err(AuditError::NoLog(folder.to_owned()));
    }
    let mut reading = Reading::new(keys, known);
    match kept {
        Kept::Head(head) => reading.wanted(head),
        Kept::Missing => {
            reading.head_problem =
                Some(format!("{HEAD_FILE}, which says where the log ends, is gone"));
        }
        Kept::Damaged => {
            reading.head_problem =
                Some(format!("{HEAD_FILE}, which says where the log ends, was changed"));
        }
    }
    for (index, segment) in segments.iter().enumerate() {
        reading.segment(segment, index + 1 == segments.len())?;
    }
    Ok(reading.end())
}

struct Reading<'a> {
    keys: &'a [PublicKey],
    /// Records that have to be there, by their numbers.
    wanted: BTreeMap<u64, Vec<Head>>,
    head_problem: Option<String>,
    /// The number that the next record has to have, and the hash that it has to name; none before
    /// the first.
    next: Option<(u64, Hash)>,
    /// Where old records end that the log says were removed.
    removed: Vec<(u64, Hash)>,
    /// The first record there is, where it is not the first that was written.
    begins: Option<(u64, Hash)>,
    told: Verification,
}

impl<'a> Reading<'a> {
    fn new(keys: &'a [PublicKey], known: &[Head]) -> Self {
        let mut reading = Self {
            keys,
            wanted: BTreeMap::new(),
            head_problem: None,
            next: None,
            removed: Vec::new(),
            begins: None,
            told: Verification::default(),
        };
        known.iter().cloned().for_each(|head| reading.wanted(head));
        reading
    }

    fn wanted(&mut self, head: Head) {
        self.wanted.entry(head.sequence).or_default().push(head);
    }

    fn problem(&mut self, sequence: u64, place: Option<(String, u64)>, what: impl Into<String>) {
        if self.told.problems.len() < MOST_PROBLEMS {
            self.told.problems.push(Problem { sequence, place, what: what.into() });
        } else {
            self.told.more_problems += 1;
        }
    }

    fn expected(&self) -> u64 {
        self.next.map_or(1, |(sequence, _)| sequence)
    }

    fn segment(&mut self, segment: &Segment, is_last: bool) -> Result<(), AuditError> {
        let name = segment.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut lines = segment.lines(0)?;
        let mut line = Vec::new();
        let mut number = 0;
        while lines.next(&mut line)? > 0 {
            number += 1;
            let place = Some((name.clone(), number));
            let Some(line) = line.strip_suffix(b"\n") else {
                let what = match is_last {
                    true => "it was not written to its end",
                    false => "its end is missing",
                };
                self.problem(self.expected(), place, what);
                break;
            };
            match Record::of_line(line) {
                Ok((record, hash)) => {
                    if number == 1 && record.sequence != segment.first {
                        let what = "it is not the one that its file begins with";
                        self.problem(record.sequence, place.clone(), what);
                    }
                    self.record(&record, hash, line, place);
                }
                Err(flaw) => {
                    let what = match flaw {
                        Flaw::Changed => "it was changed after it was written",
                        Flaw::Malformed => "it is not a record",
                        Flaw::Newer => "a newer version of Bureau wrote it; verify it with that",
                    };
                    self.problem(self.expected(), place, what);
                }
            }
        }
        if number == 0 && !is_last {
            self.problem(segment.first, Some((name, 1)), "its file is empty");
        }
        Ok(())
    }

    fn record(&mut self, record: &Record, hash: Hash, line: &[u8], place: Option<(String, u64)>) {
        let sequence = record.sequence;
        match &self.told.log {
            None => self.told.log = Some(record.log.clone()),
            Some(log) if *log != record.log => {
                self.problem(sequence, place.clone(), "it is of another log");
            }
            Some(_) => {}
        }
        match self.next {
            None if sequence == 1 && record.previous == Hash::NONE => {}
            None if sequence == 1 => {
                self.problem(1, place.clone(), "it names a record before it, and is the first");
            }
            None => self.begins = Some((sequence, record.previous)),
            Some((expected, _)) if sequence > expected => {
                let what = match sequence - expected {
                    1 => "it is missing".to_owned(),
                    _ => format!("it and those up to {} are missing", sequence - 1),
                };
                self.problem(expected, place.clone(), what);
            }
            Some((expected, _)) if sequence < expected => {
                let what = format!("it stands where record {expected} has to be");
                self.problem(sequence, place.clone(), what);
            }
            Some((_, previous)) if record.previous != previous => {
                let what =
                    format!("record {} is not the one that was written before it", sequence - 1);
                self.problem(sequence, place.clone(), what);
            }
            Some(_) => {}
        }
        if let Some(heads) = self.wanted.remove(&sequence)
            && heads.iter().any(|head| head.hash != hash || head.log != record.log)
        {
            self.problem(sequence, place.clone(), "it is another one than was written last");
        }
        match record.event.action {
            Action::AuditCheckpoint => self.checkpoint(record, line, place),
            Action::AuditGap => {
                self.problem(sequence, place, "it tells that records before it were missing");
            }
            Action::AuditRemove => {
                let detail = &record.event.detail;
                let through = detail.get("through").and_then(|number| number.parse().ok());
                let removed = through.zip(detail.get("hash").and_then(|hash| hash.parse().ok()));
                self.removed.extend(removed);
            }
            _ => {}
        }
        if self.told.records == 0 {
            self.told.first = sequence;
        }
        self.told.records += 1;
        self.told.last = self.told.last.max(sequence);
        self.told.hash = Some(hash);
        self.next = Some((sequence.saturating_add(1), hash));
    }

    fn checkpoint(&mut self, record: &Record, line: &[u8], place: Option<(String, u64)>) {
        let sequence = record.sequence;
        let signed_with = record.event.detail.get("key").and_then(|key| key.parse::<Hash>().ok());
        let key = self.keys.iter().find(|key| Some(key.fingerprint()) == signed_with);
        let signed = std::str::from_utf8(line).ok().and_then(Record::signed_part);
        match (key, signed, &record.signature) {
            (Some(key), Some(signed), Some(signature))
                if key.has_signed(signed.as_bytes(), signature) =>
            {
                self.told.checkpoints += 1;
                self.told.signed = sequence;
            }
            (None, ..) => {
                let key = signed_with.map_or_else(|| "none".to_owned(), |key| key.to_string());
                let what = format!("it is signed with a key that is not among yours: {key}");
                self.problem(sequence, place, what);
            }
            _ => self.problem(sequence, place, "its signature is wrong"),
        }
    }

    fn end(mut self) -> Verification {
        if let Some((first, previous)) = self.begins
            && !self.removed.contains(&(first - 1, previous))
        {
            let what = match first - 1 {
                1 => "it is missing".to_owned(),
                last => format!("it and those up to {last} are missing"),
            };
            self.problem(1, None, what);
        }
        for (sequence, _) in std::mem::take(&mut self.wanted) {
            let what = match sequence > self.told.last {
                true => "it was written, and is cut off with all before it that are missing",
                false => "it was written, and is missing",
            };
            self.problem(sequence, None, what);
        }
        if let Some(what) = self.head_problem.take() {
            self.problem(self.told.last, None, what);
        }
        if self.told.checkpoints == 0 && self.told.problems.is_empty() {
            let what = "nothing is signed up to it: there is no checkpoint by a key of yours";
            self.problem(self.told.last, None, what);
        }
        self.told
    }
}

#[cfg(test)]
mod tests;
