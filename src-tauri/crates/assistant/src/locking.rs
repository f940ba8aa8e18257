//! Locking the history while it is in use, and what opens it again.
//!
//! A lock lets go of all that was read, and of what is read aloud: the key, the database, the answers in flight, waiting
//! files, those that answers may change, what the built-in model has read, and conversations that
//! are never written, which have no key to be kept under. It is noted on the disk, so that a
//! history that has a passphrase asks for it afterwards, whichever program is started next: the
//! keychain alone would open it for whoever sits there.

use std::path::PathBuf;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use audit::Event;
use conversation::{Failure, FailureCode};
use history::History;
use secrecy::SecretString;
use vault::{DataKey, Patience, SlotKind};

use crate::access::locked;
use crate::{Access, Assistant, Change};

/// A file that is there while the history was locked on purpose and not opened since.
const NOTE: &str = "vault.away";

impl Assistant {
    /// Locks the history. It waits until answers and an exchange with other machines have ended;
    /// what has arrived is kept. Returns whether it was open.
    pub fn lock(&self) -> bool {
        // First of all: it waits for nothing.
        self.stop_reading_aloud();
        let turn = self.turn_to_open();
        let open = {
            let session = self.session.read().unwrap_or_else(PoisonError::into_inner);
            session.as_ref().map(|session| session.temporary)
        };
        let Some(temporary) = open else { return false };
        self.away.store(!temporary, Ordering::Release);
        self.temporary_ended.store(self.holds_temporary(), Ordering::Release);
        if !temporary && let Err(error) = std::fs::write(self.away_file(), "") {
            // This program asks all the same.
            tracing::warn!(%error, "that the history was locked could not be noted");
        }
        self.close();
        // What began to be read meanwhile.
        self.stop_reading_aloud();
        *self.unread.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.files_ended.store(self.unstage_everything(), Ordering::Release);
        self.stop_all_writing();
        self.given.forget();
        self.local.rest();
        drop(turn);
        self.note(Event::new(audit::Action::HistoryLock));
        self.changes.tell(|| Change::Locked);
        true
    }

    /// Whether anything was said that was never written, and ends with a lock or with the program.
    pub fn holds_temporary(&self) -> bool {
        let whole = {
            let session = self.session.read().unwrap_or_else(PoisonError::into_inner);
            session.as_ref().is_some_and(|s| s.temporary && holds_messages(&s.history))
        };
        whole || self.existing_temporary_history().is_some_and(|h| holds_messages(&h))
    }

    /// Opens the history with the keychain, for a person who asks for it.
    ///
    /// # Errors
    /// [`FailureCode::Locked`] where there is a passphrase, which is needed then;
    /// [`FailureCode::NoKey`] where the keychain does not open it.
    pub fn unlock_with_keychain(&self) -> Result<(), Failure> {
        self.audited(Event::new(audit::Action::HistoryUnlock).with("by", "keychain"), || {
            let turn = self.turn_to_open();
            let vault = self.vault();
            if vault.slots()?.iter().any(|slot| slot.kind == SlotKind::Passphrase) {
                return Err(locked());
            }
            let key = vault.unlock_with_keychain()?;
            self.open(&turn, key)
        })
    }

    /// Gives a history that only the keychain opens a passphrase too.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where there is one already, which is changed by whoever knows it;
    /// while the history is locked; or as the disk refuses.
    pub fn add_passphrase(&self, passphrase: &SecretString) -> Result<(), Failure> {
        let (vault, key) = (self.vault(), self.data_key()?);
        if vault.slots()?.iter().any(|slot| slot.kind == SlotKind::Passphrase) {
            let message = "there is a passphrase already; change it instead";
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        let added = Event::new(audit::Action::HistoryKeys).with("change", "add passphrase");
        self.audited(added, || Ok(vault.add_passphrase(&key, passphrase)?))?;
        self.changes.tell(|| Change::Access);
        Ok(())
    }

    /// Sets another passphrase, for whoever knows the one in force.
    ///
    /// # Errors
    /// [`FailureCode::Locked`] if `old` is not the one, [`FailureCode::TooManyTries`] if too many
    /// were not; [`FailureCode::Invalid`] if the new one is empty. Nothing has changed then.
    pub fn change_passphrase(&self, old: &SecretString, new: &SecretString) -> Result<(), Failure> {
        let changed = Event::new(audit::Action::HistoryKeys).with("change", "change passphrase");
        self.audited(changed, || Ok(self.vault().change_passphrase(old, new)?))
    }

    /// Tells that a person is there.
    pub fn stir(&self) {
        *self.stirred.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// How long until nobody has stirred for as long as the settings and the policy allow; none
    /// where that is forever, or nothing is open.
    pub fn until_idle(&self) -> Option<Duration> {
        let own = Some(self.settings().lock_minutes).filter(|&minutes| minutes > 0);
        let most = self.policy().lock.idle_minutes.map(u32::from);
        let minutes = own.map(u32::from).into_iter().chain(most).min()?;
        let session = self.session.read().unwrap_or_else(PoisonError::into_inner);
        session.as_ref()?;
        let stirred = *self.stirred.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Duration::from_secs(60 * u64::from(minutes)).saturating_sub(stirred.elapsed()))
    }

    /// Whether the history is to be locked when the operating system's session is.
    pub fn locks_with_system(&self) -> bool {
        self.policy().lock.with_system || self.settings().lock_with_system
    }

    /// Whether the history is there and not open.
    pub fn is_locked(&self) -> bool {
        matches!(self.access(), Ok(Access::Locked))
    }

    /// Whether the history was locked on purpose, and not opened since.
    pub(crate) fn is_away(&self) -> bool {
        self.away.load(Ordering::Acquire) || self.away_file().exists()
    }

    /// Whether a temporary conversation ended with the last lock, and nobody has come back since.
    pub(crate) fn has_ended_temporary(&self) -> bool {
        self.temporary_ended.load(Ordering::Acquire)
    }

    /// How many files no longer wait to be sent since the last lock, until somebody comes back.
    pub(crate) fn ended_files(&self) -> usize {
        self.files_ended.load(Ordering::Acquire)
    }

    /// Somebody has opened it.
    pub(crate) fn come_back(&self) {
        self.away.store(false, Ordering::Release);
        self.temporary_ended.store(false, Ordering::Release);
        self.files_ended.store(0, Ordering::Release);
        let _ = std::fs::remove_file(self.away_file());
        self.stir();
        self.changes.tell(|| Change::Access);
    }

    /// Whether the policy asks for a passphrase, and this history has none.
    pub(crate) fn lacks_passphrase(&self) -> Result<bool, Failure> {
        if !self.policy().lock.passphrase {
            return Ok(false);
        }
        let slots = self.vault().slots()?;
        Ok(!slots.is_empty() && slots.iter().all(|slot| slot.kind != SlotKind::Passphrase))
    }

    /// Refuses a key that only the keychain would keep, where the policy asks for a passphrase.
    pub(crate) fn forbid_keychain_alone(&self) -> Result<(), Failure> {
        let policy = self.policy();
        if !policy.lock.passphrase {
            return Ok(());
        }
        let what = "a history without a passphrase; set one (`bureau vault add-passphrase`)";
        Err(policy.forbidden(what, policy.lock.reason.as_deref()))
    }

    pub(crate) fn patience(&self) -> Patience {
        let (lock, usual) = (&self.policy().lock, Patience::default());
        Patience {
            tries: lock.tries.map_or(usual.tries, u32::from),
            longest: lock.longest_wait_minutes.map_or(usual.longest, |minutes| {
                Duration::from_secs(60 * u64::from(u32::from(minutes)))
            }),
        }
    }

    /// Lets the organisation's recovery key open the history too, if it has one. Where the disk
    /// refuses that, the person works on, and it is done when the history is next opened.
    pub(crate) fn add_recovery(&self, key: &DataKey) {
        let Some(recipient) = self.policy().recovery.key else { return };
        if let Err(error) = self.vault().add_recovery(key, &recipient) {
            tracing::warn!(%error, "the organisation's recovery key could not be added");
        }
    }

    fn away_file(&self) -> PathBuf {
        self.folders.data.join(NOTE)
    }
}

fn holds_messages(history: &History) -> bool {
    history.statistics().is_ok_and(|statistics| statistics.messages > 0)
}
