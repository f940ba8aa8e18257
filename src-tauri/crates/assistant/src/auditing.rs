//! What is recorded of what a person does, where the organisation's policy asks for an audit log:
//! each operation leaves a record before it begins, without which it is not done where the policy
//! says so, and one that tells how it ended.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use audit::{Action, CheckpointKey, Deliveries, Event, Head, Log, Outcome, PublicKey, Who};
use conversation::{Failure, FailureCode};
use history::History;
use policy::Policy;

use crate::Assistant;

/// The folder of the log, beside the history.
const FOLDER: &str = "audit";
/// The settings of the encrypted history with what signs checkpoints, and where the log ended when
/// that was last looked at.
const KEY_SETTING: &str = "audit_key";
const HEAD_SETTING: &str = "audit_head";
/// How long a program that ends waits for what it wrote to be delivered.
const LAST_DELIVERY: Duration = Duration::from_secs(1);
/// So many conversations are named in one record.
const NAMED: usize = 100;

/// The log of this process; none where the policy asks for none.
#[derive(Default)]
pub(crate) struct Auditing(Mutex<Option<Running>>);

/// A log that is kept.
struct Running {
    log: Arc<Log>,
    deliveries: Deliveries,
    rules: audit::Rules,
    /// The open history, in which the key lies, and where the log ended.
    history: Option<History>,
}

impl Auditing {
    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    /// Signs what was written, and remembers where the log ends.
    fn checkpoint(&self) -> Result<Head, Failure> {
        let head = self.log.checkpoint()?;
        if let Some(history) = self.history.as_ref().filter(|history| !history.is_damaged()) {
            let text = serde_json::to_string(&head).map_err(crate::defect::unexpected)?;
            history.set_setting(HEAD_SETTING, Some(&text))?;
        }
        Ok(head)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Err(failure) = self.checkpoint() {
            tracing::warn!(code = ?failure.code, "the end of the audit log could not be signed");
        }
        self.deliveries.finish(LAST_DELIVERY);
    }
}

/// An operation of which the beginning is recorded. Its end is recorded too, whatever becomes of it.
pub(crate) struct Noted {
    log: Option<Arc<Log>>,
    /// What there is to say of its end.
    pub(crate) event: Event,
    /// Whether what was said is recorded.
    content: bool,
}

impl Noted {
    /// Lets the record of the end have what was said, where the policy asks for that.
    pub(crate) fn say(&mut self, content: &str) {
        self.event.content = self.content.then(|| content.to_owned());
    }

    /// Goes on if this was done; else that is how it ended.
    pub(crate) fn go_on<T>(self, result: Result<T, Failure>) -> Result<(Self, T), Failure> {
        match result {
            Ok(done) => Ok((self, done)),
            Err(failure) => {
                self.end(&Err::<(), _>(failure.clone()));
                Err(failure)
            }
        }
    }

    /// Records how it ended.
    pub(crate) fn end<T>(mut self, result: &Result<T, Failure>) {
        match result {
            Ok(_) => self.event.outcome = Outcome::Done,
            Err(failure) => failed(&mut self.event, failure),
        }
        self.record();
    }

    fn record(&mut self) {
        if let Some(log) = self.log.take()
            && let Err(error) = log.append(self.event.clone())
        {
            // What was done is done; the next operation meets the same, and is refused.
            tracing::error!(%error, "the end of an operation could not be recorded");
        }
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        // It was broken off.
        self.event.outcome = Outcome::Failed;
        self.record();
    }
}

fn failed(event: &mut Event, failure: &Failure) {
    event.outcome = match failure.code {
        FailureCode::Forbidden
        | FailureCode::Held
        | FailureCode::Prevented
        | FailureCode::ConfirmationNeeded => Outcome::Refused,
        _ => Outcome::Failed,
    };
    event.failure = Some(failure.code);
}

impl Assistant {
    /// Does something of which the beginning and the end are recorded.
    ///
    /// # Errors
    /// Those of the operation; [`FailureCode::Storage`] where its beginning could not be recorded
    /// and the policy does not let it go on without.
    pub fn audited<T>(
        &self,
        event: Event,
        operation: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.audited_with(event, operation, |_, _| {})
    }

    /// The same, with more to say of its end.
    pub(crate) fn audited_with<T>(
        &self,
        event: Event,
        operation: impl FnOnce() -> Result<T, Failure>,
        more: impl FnOnce(&mut Event, &T),
    ) -> Result<T, Failure> {
        let mut noted = self.note_beginning(event)?;
        let result = operation();
        if let Ok(done) = &result {
            more(&mut noted.event, done);
        }
        noted.end(&result);
        result
    }

    /// Records that something is about to be done.
    pub(crate) fn note_beginning(&self, event: Event) -> Result<Noted, Failure> {
        let running = self.auditing.running();
        let Some(Running { log, rules, .. }) = &*running else {
            return Ok(Noted { log: None, event, content: false });
        };
        let (log, required, content) = (log.clone(), rules.required, rules.content);
        // Whoever waits for the disk does not keep others from it.
        drop(running);
        // What is said is not recorded unless the policy says so.
        let event = Event { content: event.content.filter(|_| content), ..event };
        let mut begun = None;
        for part in parts(&event) {
            match log.append(part.with_outcome(Outcome::Begun)) {
                Ok(sequence) => begun = begun.or(Some(sequence)),
                Err(error) if required => return Err(unrecorded(&error)),
                Err(error) => tracing::error!(%error, "an operation could not be recorded"),
            }
        }
        let conversations = Vec::new();
        let event = Event { begun, conversations, content: None, ..event };
        Ok(Noted { log: Some(log), event, content })
    }

    /// Whether a log is kept.
    pub(crate) fn is_audited(&self) -> bool {
        self.auditing.running().is_some()
    }

    /// Records something that was done, or happened.
    pub fn note(&self, event: Event) {
        let log = self.auditing.running().as_ref().map(|running| running.log.clone());
        if let Some(log) = log
            && let Err(error) = log.append(event)
        {
            tracing::error!(%error, "what was done could not be recorded");
        }
    }

    /// Records that something was refused before it began.
    pub(crate) fn note_refusal<T>(
        &self,
        action: Action,
        result: Result<T, Failure>,
    ) -> Result<T, Failure> {
        if let Err(failure) = &result
            && matches!(failure.code, FailureCode::Forbidden | FailureCode::Held)
        {
            let mut event = Event::new(action);
            failed(&mut event, failure);
            self.note(event);
        }
        result
    }

    /// From now on records are of this person, who signed in; or of nobody but the account.
    pub fn set_audit_subject(&self, subject: Option<String>) {
        if let Some(running) = &*self.auditing.running() {
            running.log.set_subject(subject);
        }
    }

    /// Keeps a log as this policy wants it.
    pub(crate) fn audit_under(&self, policy: &Policy) {
        let mut running = self.auditing.running();
        let before = running.as_ref().map(|running| running.rules.clone());
        if before == policy.audit {
            if let Some(running) = &*running {
                running.log.set_policy(Some(policy.version));
                let loaded = Event::new(Action::PolicyLoad).with("version", policy.version);
                drop(running.log.append(loaded));
            }
            return;
        }
        if let Some(running) = running.take() {
            let loaded = Event::new(Action::PolicyLoad).with("version", policy.version);
            drop(running.log.append(loaded));
        }
        let Some(rules) = policy.audit.clone() else { return };
        let who = Who::of_this_process(&program());
        let log = Arc::new(Log::new(self.folders.data.join(FOLDER), who, &rules));
        log.set_policy(Some(policy.version));
        let begins = if before.is_none() { Action::ProgramStart } else { Action::PolicyLoad };
        // Where even this cannot be recorded, neither can what is done next, which is refused.
        if let Err(error) = log.append(Event::new(begins).with("version", policy.version)) {
            tracing::error!(%error, "the audit log cannot be written");
        }
        let deliveries = Deliveries::begin(log.clone(), &rules);
        *running = Some(Running { log, deliveries, rules, history: None });
        drop(running);
        if let Ok(history) = self.history() {
            self.sign_audit(&history);
        }
    }

    /// Lets checkpoints be signed with the key that lies in this history, which is open from now on,
    /// and looks whether the log still has what it had when that was last looked at.
    pub(crate) fn sign_audit(&self, history: &History) {
        let mut auditing = self.auditing.running();
        let Some(running) = &mut *auditing else { return };
        if history.is_temporary() {
            return;
        }
        let mut signed = || -> Result<(), Failure> {
            running.log.set_key(Some(key_of(history)?));
            if let Some(head) = head_of(history)?
                && !audit::holds(running.log.folder(), &head)?
            {
                let event = Event::new(Action::AuditGap)
                    .with_outcome(Outcome::Failed)
                    .with("log", &head.log)
                    .with("written", head.sequence);
                running.log.append(event)?;
            }
            running.history = Some(history.clone());
            running.checkpoint().map(drop)
        };
        if let Err(failure) = signed() {
            tracing::error!(code = ?failure.code, "the audit log cannot be signed");
        }
        let log = running.log.clone();
        // Who is signed in lies in the history.
        drop(auditing);
        log.set_subject(self.audit_subject());
    }

    /// Lets a history know nothing of where a log ended.
    pub(crate) fn forget_audit_head(&self, history: &History) -> Result<(), Failure> {
        Ok(history.set_setting(HEAD_SETTING, None)?)
    }

    /// Signs what was recorded so far, before the history is let go of.
    pub(crate) fn end_signing_audit(&self) {
        if let Some(running) = &mut *self.auditing.running() {
            if let Err(failure) = running.checkpoint() {
                tracing::warn!(code = ?failure.code, "the audit log could not be signed");
            }
            running.history = None;
            running.log.set_key(None);
        }
    }

    /// Signs what was recorded so far; to be called from time to time.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn checkpoint_audit(&self) -> Result<(), Failure> {
        match &*self.auditing.running() {
            Some(running) => running.checkpoint().map(drop),
            None => Ok(()),
        }
    }

    /// What verifies the checkpoints of this history's log.
    ///
    /// # Errors
    /// While the history is locked or fails; [`FailureCode::NotFound`] where there is no log.
    pub fn audit_key(&self) -> Result<PublicKey, Failure> {
        let none = || Failure::new(FailureCode::NotFound, "this history has signed no audit log");
        let text = self.history()?.setting(KEY_SETTING)?.ok_or_else(none)?;
        Ok(CheckpointKey::from_text(&text)?.public())
    }

    /// Where the log ended when that was last looked at, as the history knows it.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn audit_head(&self) -> Result<Option<Head>, Failure> {
        head_of(&self.history()?)
    }

    /// The folder of the log, which is there where one was ever kept.
    pub fn audit_folder(&self) -> std::path::PathBuf {
        self.folders.data.join(FOLDER)
    }

    /// How the log is kept, and how its destinations stand; none where none is kept.
    pub(crate) fn audit_rules(&self) -> Option<(audit::Rules, Vec<audit::Delivery>)> {
        let running = self.auditing.running();
        let Running { rules, deliveries, .. } = running.as_ref()?;
        Some((rules.clone(), deliveries.standing().unwrap_or_default()))
    }
}

/// The event, in as many parts as its conversations need.
fn parts(event: &Event) -> Vec<Event> {
    if event.conversations.len() <= NAMED {
        return vec![event.clone()];
    }
    let part = |ids: &[String]| Event { conversations: ids.to_vec(), ..event.clone() };
    event.conversations.chunks(NAMED).map(part).collect()
}

fn unrecorded(error: &audit::AuditError) -> Failure {
    let message = format!(
        "this was not done, since your organisation has it recorded and it cannot be: {error}"
    );
    Failure::new(FailureCode::Storage, message)
}

/// The key that lies in this history, made now if there is none.
fn key_of(history: &History) -> Result<CheckpointKey, Failure> {
    if let Some(text) = history.setting(KEY_SETTING)? {
        return Ok(CheckpointKey::from_text(&text)?);
    }
    let key = CheckpointKey::generate()?;
    history.set_setting(KEY_SETTING, Some(&key.to_text()))?;
    Ok(key)
}

fn head_of(history: &History) -> Result<Option<Head>, Failure> {
    let text = history.setting(HEAD_SETTING)?;
    let damaged = |error| Failure::new(FailureCode::Damaged, format!("{HEAD_SETTING}: {error}"));
    text.map(|text| serde_json::from_str(&text).map_err(damaged)).transpose()
}

/// The program's name and version.
fn program() -> String {
    let file = std::env::current_exe().unwrap_or_default();
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    format!("{name} {}", env!("CARGO_PKG_VERSION"))
}
