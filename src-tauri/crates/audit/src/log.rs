//! Writing the log: each record in its place behind the last, whichever process wrote that.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::head::{Head, Kept};
use crate::record::{Record, VERSION};
use crate::segment::{Segment, segments};
use crate::{Action, AuditError, CheckpointKey, Event, Hash, Outcome, Rules, SyncRule, Who};

/// The file whose lock is held while a record is written.
const LOCK_FILE: &str = "lock";
/// After so many records the next one is a checkpoint.
const CHECKPOINT_EVERY: u64 = 64;
/// The largest record; content is the only thing that can come near.
const MAX_RECORD: usize = 8 << 20;

/// A log that is written to. Several processes may write one at once; it may be used from any
/// thread.
pub struct Log {
    folder: PathBuf,
    who: Who,
    /// Whether a record is on the disk before it counts as written.
    sync: bool,
    file_bytes: u64,
    state: Mutex<State>,
    /// Told when a record was written by this process.
    written: Condvar,
}

#[derive(Default)]
struct State {
    /// Where the log stood when it was last looked at.
    end: Option<End>,
    /// What checkpoints are signed with; none while the history is locked.
    key: Option<CheckpointKey>,
    subject: Option<String>,
    policy: Option<u64>,
}

/// Where the log ends.
#[derive(Clone)]
struct End {
    head: Head,
    /// The file of the last record.
    segment: Segment,
    /// How long that file is.
    position: u64,
    /// Records since the last checkpoint.
    unsigned: u64,
    /// The key that the last checkpoint says it is signed with.
    key: Option<Hash>,
}

/// What was found at the end of the log that has to be told in it.
#[derive(Default)]
struct Found {
    /// So many bytes of a record that was not written to its end.
    torn: Option<u64>,
    /// What is missing.
    gap: Option<Gap>,
}

struct Gap {
    /// The last record that is there.
    present: u64,
    /// The last record that was written, as far as that is known.
    written: Option<u64>,
}

impl Log {
    /// The log in this folder, which is made with the first record.
    pub fn new(folder: PathBuf, who: Who, rules: &Rules) -> Self {
        Self {
            folder,
            who,
            sync: rules.sync == SyncRule::Record,
            file_bytes: u64::from(rules.file_megabytes) << 20,
            state: Mutex::default(),
            written: Condvar::new(),
        }
    }

    /// The same, in files of so many bytes.
    #[cfg(test)]
    pub(crate) fn with_file_bytes(self, file_bytes: u64) -> Self {
        Self { file_bytes, ..self }
    }

    /// The folder of its files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// From now on records are under this version of the policy.
    pub fn set_policy(&self, version: Option<u64>) {
        self.state().policy = version;
    }

    /// From now on records are of this person, who signed in.
    pub fn set_subject(&self, subject: Option<String>) {
        self.state().subject = subject;
    }

    /// From now on checkpoints are signed with this key, or there are none.
    pub fn set_key(&self, key: Option<CheckpointKey>) {
        self.state().key = key;
    }

    /// Writes a record; its number. When this has returned, the record survives a crash, and a loss
    /// of power where the rules say so.
    ///
    /// # Errors
    /// As the disk refuses; the log is then as before.
    pub fn append(&self, event: Event) -> Result<u64, AuditError> {
        let mut state = self.state();
        let _turn = self.turn()?;
        let end = self.end(&mut state)?;
        let mut end = self.put(&state, end, event, false)?;
        let sequence = end.head.sequence;
        state.end = Some(end.clone());
        if state.key.is_some() && end.unsigned >= CHECKPOINT_EVERY {
            end = self.sign(&state, end)?;
            state.end = Some(end);
        }
        drop(state);
        self.written.notify_all();
        Ok(sequence)
    }

    /// Signs what was not signed yet, where there is a key; where the log ends then.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn checkpoint(&self) -> Result<Head, AuditError> {
        let mut state = self.state();
        let _turn = self.turn()?;
        let mut end = self.end(&mut state)?;
        if state.key.is_some() && end.unsigned > 0 {
            end = self.sign(&state, end)?;
        }
        let head = end.head.clone();
        state.end = Some(end);
        drop(state);
        self.written.notify_all();
        Ok(head)
    }

    /// Waits until this process writes a record, or so long.
    pub(crate) fn wait(&self, time: Duration) {
        drop(self.written.wait_timeout(self.state(), time));
    }

    /// Wakes those who wait.
    pub(crate) fn wake(&self) {
        self.written.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn to write, among all processes; it ends when it is dropped, or with the process.
    fn turn(&self) -> Result<File, AuditError> {
        let path = self.folder.join(LOCK_FILE);
        let take = || {
            fs::create_dir_all(&self.folder)?;
            let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path)?;
            file.lock()?;
            Ok(file)
        };
        take().map_err(|error| AuditError::disk(&path, &error))
    }

    /// Where the log ends now. What is found wrong at its end is mended, and told in it.
    fn end(&self, state: &mut State) -> Result<End, AuditError> {
        let known = state.end.take();
        let segments = segments(&self.folder)?;
        let mut found = Found::default();
        let mut end = match self.last(&segments, known, &mut found)? {
            Some(end) => end,
            None => self.first(&segments)?,
        };
        match Head::read(&self.folder)? {
            Kept::Head(head) if head.log == end.head.log => {
                if head.sequence > end.head.sequence {
                    let gap = Gap { present: end.head.sequence, written: Some(head.sequence) };
                    found.gap = Some(gap);
                    end.head = head;
                }
            }
            Kept::Missing if end.head.sequence == 0 => {}
            Kept::Head(_) | Kept::Missing | Kept::Damaged => {
                found.gap = Some(Gap { present: end.head.sequence, written: None });
            }
        }
        if end.head.sequence == 0 {
            end = self.put(state, end, Event::new(Action::AuditBegin), false)?;
        }
        if let Some(bytes) = found.torn {
            let event = Event { bytes: Some(bytes), ..Event::new(Action::AuditMend) };
            end = self.put(state, end, event, false)?;
        }
        if let Some(Gap { present, written }) = found.gap {
            let written = written.map_or_else(|| "unknown".to_owned(), |last| last.to_string());
            let event = Event::new(Action::AuditGap)
                .with_outcome(Outcome::Failed)
                .with("present", present)
                .with("written", written);
            end = self.put(state, end, event, false)?;
        }
        Ok(end)
    }

    /// The end of a log that has no record.
    fn first(&self, segments: &[Segment]) -> Result<End, AuditError> {
        let head = match Head::read(&self.folder)? {
            // All its records are gone.
            Kept::Head(head) => Head { sequence: 0, hash: Hash::NONE, ..head },
            Kept::Missing | Kept::Damaged => {
                let number = || getrandom::u64().map_err(|e| AuditError::Random(e.to_string()));
                let log = format!("{:016x}{:016x}", number()?, number()?);
                Head { log, sequence: 0, hash: Hash::NONE }
            }
        };
        let segment = segments.last().cloned().unwrap_or_else(|| Segment::new(&self.folder, 1));
        let position = segment.path.metadata().map_or(0, |told| told.len());
        Ok(End { head, segment, position, unsigned: 0, key: None })
    }

    /// The last record that can be read; from where it was known on, or else in the last file that
    /// has one.
    fn last(
        &self,
        segments: &[Segment],
        known: Option<End>,
        found: &mut Found,
    ) -> Result<Option<End>, AuditError> {
        let known = known.and_then(|end| {
            let place = segments.iter().position(|segment| *segment == end.segment)?;
            let length = end.segment.path.metadata().ok()?.len();
            (length >= end.position).then_some((place, end))
        });
        if let Some((place, mut end)) = known {
            for (index, segment) in segments.iter().enumerate().skip(place) {
                let from = if index == place { end.position } else { 0 };
                let last = index + 1 == segments.len();
                end = self.scan(segment, from, Some(end), last.then_some(&mut *found))?.1;
            }
            return Ok(Some(end));
        }
        let mut later = None;
        for segment in segments.iter().rev() {
            let torn = later.is_none().then_some(&mut *found);
            let (any, end) = self.scan(segment, 0, None, torn)?;
            if any {
                let (segment, position) = later.unwrap_or((end.segment, end.position));
                return Ok(Some(End { segment, position, ..end }));
            }
            // A file that was begun when the machine stopped.
            later.get_or_insert((end.segment, end.position));
        }
        Ok(None)
    }

    /// Reads a file from a place on; whether it has a record, and where the log ends by it. A torn
    /// record at its end is taken away, where `found` is to tell of it.
    fn scan(
        &self,
        segment: &Segment,
        from: u64,
        before: Option<End>,
        found: Option<&mut Found>,
    ) -> Result<(bool, End), AuditError> {
        let nothing = Head { log: String::new(), sequence: 0, hash: Hash::NONE };
        let mut end = before.unwrap_or(End {
            head: nothing,
            segment: segment.clone(),
            position: 0,
            unsigned: 0,
            key: None,
        });
        end.segment = segment.clone();
        end.position = from;
        let mut any = false;
        let mut lines = segment.lines(from)?;
        let mut line = Vec::new();
        loop {
            let length = lines.next(&mut line)?;
            if length == 0 {
                return Ok((any, end));
            }
            if line.last() != Some(&b'\n') {
                if let Some(found) = found {
                    cut(&segment.path, end.position)?;
                    found.torn = Some(length);
                } else {
                    end.position += length;
                }
                return Ok((any, end));
            }
            end.position += length;
            // A line that is no record any more is left for whoever verifies the log.
            let Ok((record, hash)) = Record::of_line(&line[..line.len() - 1]) else { continue };
            any = true;
            if record.is_checkpoint() {
                end.unsigned = 0;
                end.key = record.event.detail.get("key").and_then(|key| key.parse().ok());
            } else {
                end.unsigned += 1;
            }
            end.head = Head { log: record.log, sequence: record.sequence, hash };
        }
    }

    /// A checkpoint behind the end, and before it its key, if it is another one than before.
    fn sign(&self, state: &State, mut end: End) -> Result<End, AuditError> {
        let Some(key) = &state.key else { return Ok(end) };
        let public = key.public();
        let fingerprint = public.fingerprint();
        if end.key != Some(fingerprint) {
            let event =
                Event::new(Action::AuditKey).with("key", fingerprint).with("pem", public.to_pem());
            end = self.put(state, end, event, false)?;
        }
        let event = Event::new(Action::AuditCheckpoint).with("key", fingerprint);
        end = self.put(state, end, event, true)?;
        Ok(End { unsigned: 0, key: Some(fingerprint), ..end })
    }

    /// A record behind the end.
    fn put(
        &self,
        state: &State,
        mut end: End,
        event: Event,
        signed: bool,
    ) -> Result<End, AuditError> {
        let record = Record {
            v: VERSION,
            log: end.head.log.clone(),
            sequence: end.head.sequence + 1,
            previous: end.head.hash,
            time: format!("{:.3}", jiff::Timestamp::now()),
            host: self.who.host.clone(),
            account: self.who.account.clone(),
            subject: state.subject.clone(),
            program: self.who.program.clone(),
            process: std::process::id(),
            policy: state.policy,
            event,
            signature: None,
            hash: None,
        };
        let key = state.key.as_ref().filter(|_| signed);
        let (mut line, hash) = record.to_line(key).map_err(|error| AuditError::Disk {
            path: self.folder.clone(),
            problem: error.to_string(),
            advice: "this is a defect of Bureau",
        })?;
        if line.len() > MAX_RECORD {
            return Err(AuditError::TooLarge(line.len()));
        }
        line.push('\n');
        let is_new = end.position == 0 || end.position >= self.file_bytes;
        if end.position >= self.file_bytes {
            end.segment = Segment::new(&self.folder, record.sequence);
            end.position = 0;
        }
        self.write(&end.segment.path, end.position, line.as_bytes(), is_new)?;
        end.position += line.len() as u64;
        end.unsigned += 1;
        end.head = Head { sequence: record.sequence, hash, ..end.head };
        end.head.write(&self.folder, self.sync)?;
        Ok(end)
    }

    fn write(&self, path: &Path, at: u64, line: &[u8], is_new: bool) -> Result<(), AuditError> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let write = || {
            let mut file = options.open(path)?;
            let written = file.write_all(line).and_then(|()| match self.sync {
                true => file.sync_data(),
                false => Ok(()),
            });
            if written.is_err() {
                // What there is of it is taken away, now or by whoever writes next.
                let _ = file.set_len(at);
            }
            written
        };
        write().map_err(|error| AuditError::disk(path, &error))?;
        if is_new && self.sync && cfg!(unix) {
            let synced = File::open(&self.folder).and_then(|folder| folder.sync_all());
            synced.map_err(|error| AuditError::disk(&self.folder, &error))?;
        }
        Ok(())
    }

    /// Removes files whose records were all written before `before` and lie before `delivered`,
    /// and tells so in the log first; how many.
    pub(crate) fn remove_old(
        &self,
        before: jiff::Timestamp,
        delivered: u64,
    ) -> Result<usize, AuditError> {
        let mut state = self.state();
        let _turn = self.turn()?;
        let end = self.end(&mut state)?;
        state.end = Some(end.clone());
        let segments = segments(&self.folder)?;
        let mut old = None;
        for (index, pair) in segments.windows(2).enumerate() {
            let Some(next) = first_record(&pair[1])? else { break };
            let written: Option<jiff::Timestamp> = next.time.parse().ok();
            if next.sequence > delivered.saturating_add(1)
                || written.is_none_or(|time| time >= before)
            {
                break;
            }
            old = Some((index + 1, next));
        }
        let Some((count, next)) = old else { return Ok(0) };
        let event = Event::new(Action::AuditRemove)
            .with_count(count)
            .with("through", next.sequence - 1)
            .with("hash", next.previous);
        state.end = Some(self.put(&state, end, event, false)?);
        for segment in &segments[..count] {
            fs::remove_file(&segment.path)
                .map_err(|error| AuditError::disk(&segment.path, &error))?;
        }
        Ok(count)
    }
}

fn first_record(segment: &Segment) -> Result<Option<Record>, AuditError> {
    let mut line = Vec::new();
    segment.lines(0)?.next(&mut line)?;
    let line = line.strip_suffix(b"\n").unwrap_or(&line);
    Ok(Record::of_line(line).ok().map(|(record, _)| record))
}

/// Takes away what a file has behind this place.
fn cut(path: &Path, at: u64) -> Result<(), AuditError> {
    let cut = || {
        let file = OpenOptions::new().write(true).open(path)?;
        file.set_len(at)?;
        file.sync_data()
    };
    cut().map_err(|error| AuditError::disk(path, &error))
}

#[cfg(test)]
mod tests;
