//! Serving the destinations: each by a thread of its own, in order, from where it was last served.
//! The log is what is buffered.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::cursor::{self, Cursor};
use crate::head::Kept;
use crate::otlp::Otlp;
use crate::read::{Records, Written};
use crate::syslog::Syslog;
use crate::{Action, AuditError, Destination, DestinationKind, Event, Head, Log, Outcome, Rules};

/// How often the log is looked at for what other processes wrote.
const LOOK: Duration = Duration::from_secs(5);
/// How long records are waited for that belong to the one that came.
const SETTLE: Duration = Duration::from_millis(300);
/// The most records, and bytes of them, in one batch.
const BATCH: usize = 256;
const BATCH_BYTES: usize = 1 << 20;
/// The first and the longest pause after a failure; each is twice the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// How often old files are looked for.
const REMOVE_EVERY: Duration = Duration::from_secs(3600);

/// How a destination stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Delivery {
    /// What the policy calls it.
    pub name: String,
    /// What it speaks.
    pub kind: DestinationKind,
    /// Where it is.
    pub address: String,
    /// How many records it has not taken yet.
    pub behind: u32,
    /// Why the last attempt failed; none where it did not.
    pub problem: Option<String>,
}

/// What a destination has taken of a batch: all but what it rejects for good.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) rejected: u64,
    /// The destination's words about that.
    pub(crate) words: String,
}

/// A batch was not taken, and is to be sent again.
#[derive(Debug)]
pub(crate) struct Undelivered {
    pub(crate) message: String,
    /// How long the destination asks to wait.
    pub(crate) wait: Option<Duration>,
    /// Whether it may pass by itself.
    pub(crate) passing: bool,
}

impl Undelivered {
    pub(crate) fn new(message: String) -> Self {
        Self { message, wait: None, passing: true }
    }
}

enum Transport {
    Syslog(Syslog),
    Otlp(Otlp),
}

impl Transport {
    fn new(destination: &Destination) -> Result<Self, String> {
        match destination.kind {
            DestinationKind::Syslog => Syslog::new(destination).map(Self::Syslog),
            DestinationKind::Otlp => Otlp::new(destination).map(Self::Otlp),
        }
    }

    fn deliver(&self, records: &[Written]) -> Result<Taken, Undelivered> {
        match self {
            Self::Syslog(syslog) => syslog.deliver(records),
            Self::Otlp(otlp) => otlp.deliver(records),
        }
    }
}

/// The destinations that this process serves. Dropping it ends that.
pub struct Deliveries {
    shared: Arc<Shared>,
}

struct Shared {
    log: Arc<Log>,
    rules: Rules,
    ended: AtomicBool,
    /// Whether somebody waits for what is written to be delivered.
    hurry: AtomicBool,
    problems: Mutex<BTreeMap<String, String>>,
}

impl Deliveries {
    /// Serves the destinations of these rules, from now on, in the background.
    pub fn begin(log: Arc<Log>, rules: &Rules) -> Self {
        let shared = Arc::new(Shared {
            log,
            rules: rules.clone(),
            ended: AtomicBool::new(false),
            hurry: AtomicBool::new(false),
            problems: Mutex::default(),
        });
        for destination in &rules.destinations {
            let (shared, own) = (shared.clone(), destination.clone());
            let begun = std::thread::Builder::new()
                .name(format!("audit-{}", own.name))
                .spawn(move || shared.serve(&own));
            if let Err(error) = begun {
                tracing::error!(%error, "a destination of the audit log cannot be served");
            }
        }
        if rules.keep_days.is_some() {
            let shared = shared.clone();
            let begun = std::thread::Builder::new()
                .name("audit-keep".to_owned())
                .spawn(move || shared.remove_old());
            if let Err(error) = begun {
                tracing::error!(%error, "old files of the audit log cannot be removed");
            }
        }
        Self { shared }
    }

    /// How each destination stands.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn standing(&self) -> Result<Vec<Delivery>, AuditError> {
        let Shared { log, rules, problems, .. } = &*self.shared;
        let problems = problems.lock().unwrap_or_else(PoisonError::into_inner);
        let mut standing = Vec::new();
        for destination in &rules.destinations {
            let name = &destination.name;
            standing.push(Delivery {
                name: name.clone(),
                kind: destination.kind,
                address: destination.address.clone(),
                behind: u32::try_from(behind(log, name)?).unwrap_or(u32::MAX),
                problem: problems.get(name).cloned(),
            });
        }
        Ok(standing)
    }

    /// Waits until everything was delivered, or so long; whether it was.
    pub fn finish(&self, patience: Duration) -> bool {
        let Shared { log, rules, hurry, .. } = &*self.shared;
        let begun = Instant::now();
        hurry.store(true, Ordering::SeqCst);
        log.wake();
        loop {
            let all = |d: &Destination| behind(log, &d.name).is_ok_and(|count| count == 0);
            if rules.destinations.iter().all(all) {
                return true;
            }
            if begun.elapsed() >= patience {
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Deliveries {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        self.shared.log.wake();
    }
}

/// How many records this destination has not taken yet.
fn behind(log: &Log, destination: &str) -> Result<u64, AuditError> {
    let Kept::Head(head) = Head::read(log.folder())? else { return Ok(0) };
    let delivered = cursor::delivered(log.folder(), destination)?;
    let delivered = delivered.filter(|cursor| cursor.log == head.log);
    Ok(head.sequence.saturating_sub(delivered.map_or(0, |cursor| cursor.sequence)))
}

impl Shared {
    fn has_ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }

    /// Serves one destination until that is to end.
    fn serve(&self, destination: &Destination) {
        let mut pause = FIRST_PAUSE;
        while !self.has_ended() {
            let turn = self.serve_in_turn(destination, &mut pause);
            if self.has_ended() {
                return;
            }
            match turn {
                // Another process serves it.
                Ok(()) => {
                    self.tell(destination, None);
                    self.log.wait(LOOK);
                    pause = FIRST_PAUSE;
                }
                Err(undelivered) => {
                    let Undelivered { message, wait, passing } = undelivered;
                    tracing::warn!(destination = destination.name, message, "undelivered");
                    self.tell(destination, Some(message));
                    if !passing {
                        pause = LONGEST_PAUSE;
                    }
                    self.rest(wait.unwrap_or(Duration::ZERO).max(spread(pause)));
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    /// Takes the turn to serve a destination, if it is free, and serves it until that fails or is to
    /// end. What was taken ends the series of failures that the pause has grown with.
    fn serve_in_turn(
        &self,
        destination: &Destination,
        pause: &mut Duration,
    ) -> Result<(), Undelivered> {
        let folder = self.log.folder();
        let disk = |error: AuditError| Undelivered::new(error.to_string());
        let Some(cursor) = Cursor::take(folder, &destination.name).map_err(disk)? else {
            return Ok(());
        };
        let unusable = |problem| Undelivered { message: problem, wait: None, passing: false };
        let transport = Transport::new(destination).map_err(unusable)?;
        while !self.has_ended() {
            let Kept::Head(head) = Head::read(folder).map_err(disk)? else {
                self.log.wait(LOOK);
                continue;
            };
            let after = cursor.read(&head.log).map_err(disk)?;
            if after >= head.sequence {
                self.log.wait(LOOK);
                if !self.hurry.load(Ordering::SeqCst) {
                    self.rest(SETTLE);
                }
                continue;
            }
            let batch = batch(folder, after).map_err(disk)?;
            let Some(last) = batch.last().map(|written| &written.record) else {
                // What is missing of them the log itself tells.
                cursor.write(&head).map_err(disk)?;
                continue;
            };
            let taken = transport.deliver(&batch)?;
            *pause = FIRST_PAUSE;
            let Some(hash) = last.hash else { continue };
            let head = Head { log: last.log.clone(), sequence: last.sequence, hash };
            cursor.write(&head).map_err(disk)?;
            self.tell(destination, None);
            if taken.rejected > 0 {
                self.rejected(destination, &taken, &head).map_err(disk)?;
            }
        }
        Ok(())
    }

    /// What a destination rejects for good must not be sent again (OTLP specification, “Partial
    /// Success”); the log keeps it, and says so.
    fn rejected(
        &self,
        destination: &Destination,
        taken: &Taken,
        last: &Head,
    ) -> Result<(), AuditError> {
        let words: String = taken.words.chars().take(200).collect();
        let event = Event {
            count: Some(taken.rejected),
            ..Event::new(Action::AuditReject)
                .with_outcome(Outcome::Failed)
                .with("destination", &destination.name)
                .with("through", last.sequence)
                .with("words", words)
        };
        self.log.append(event).map(drop)
    }

    fn tell(&self, destination: &Destination, problem: Option<String>) {
        let mut problems = self.problems.lock().unwrap_or_else(PoisonError::into_inner);
        match problem {
            Some(problem) => problems.insert(destination.name.clone(), problem),
            None => problems.remove(&destination.name),
        };
    }

    /// Rests for this long, whatever is written meanwhile.
    fn rest(&self, time: Duration) {
        let end = Instant::now() + time;
        while let Some(left) = end.checked_duration_since(Instant::now()) {
            if self.has_ended() {
                return;
            }
            self.log.wait(left);
        }
    }

    /// Removes what was kept for long enough and delivered everywhere, now and each hour.
    fn remove_old(&self) {
        let Some(days) = self.rules.keep_days else { return };
        let kept = jiff::SignedDuration::from_hours(24 * i64::from(days));
        while !self.has_ended() {
            let delivered = |d: &Destination| {
                let cursor = cursor::delivered(self.log.folder(), &d.name);
                cursor.ok().flatten().map_or(0, |cursor| cursor.sequence)
            };
            let delivered = self.rules.destinations.iter().map(delivered).min();
            let before = jiff::Timestamp::now().checked_sub(kept);
            if let Ok(before) = before
                && let Err(error) = self.log.remove_old(before, delivered.unwrap_or(u64::MAX))
            {
                tracing::warn!(%error, "old files of the audit log cannot be removed");
            }
            self.rest(REMOVE_EVERY);
        }
    }
}

/// The next records, as many as go together.
fn batch(folder: &std::path::Path, after: u64) -> Result<Vec<Written>, AuditError> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    for written in Records::after(folder, after)? {
        let written = written?;
        bytes += written.line.len();
        batch.push(written);
        if batch.len() == BATCH || bytes >= BATCH_BYTES {
            break;
        }
    }
    Ok(batch)
}

/// From half of this time to the whole, so that a thousand desks do not come back at once.
fn spread(time: Duration) -> Duration {
    let mut random = [0; 2];
    // Without randomness they do; no harm is done but that.
    let _ = getrandom::fill(&mut random);
    let share = f64::from(u16::from_le_bytes(random)) / f64::from(u16::MAX);
    time.mul_f64(0.5 + share / 2.0)
}
