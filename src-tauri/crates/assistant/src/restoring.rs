//! A backup in the place of the history, and what can be done with a damaged one.

use audit::Event;
use std::path::Path;
use std::sync::PoisonError;

use conversation::{Failure, FailureCode, Timestamp};
use history::History;
use policy::Action;
use secrecy::SecretString;
use vault::{BackupKey, DataKey};

use crate::access::Session;
use crate::{Assistant, Change};

impl Assistant {
    /// What is wrong with a backup; nothing if all is well. It is left as it is.
    ///
    /// # Errors
    /// [`FailureCode::Locked`] if `secret`, a passphrase or a recovery key, is not what opens it,
    /// or it is no backup.
    pub fn check_backup(
        &self,
        backup: &Path,
        secret: &SecretString,
    ) -> Result<Vec<String>, Failure> {
        let key = BackupKey::of_backup(secret, History::backup_salt(backup)?)?;
        Ok(History::check_backup(backup, key.key())?.problems)
    }

    /// Puts a backup in the place of the history, for all windows of this process, once it is known
    /// to be whole. What opens the history stays.
    ///
    /// # Errors
    /// As [`check_backup`](Self::check_backup); [`FailureCode::Damaged`] with the first problem
    /// that was found in it; [`FailureCode::Busy`] while another program has the history open;
    /// [`FailureCode::Locked`] while nothing has unlocked it. The history is as it was then.
    pub fn restore_backup(&self, backup: &Path, secret: &SecretString) -> Result<(), Failure> {
        self.audited(Event::new(audit::Action::BackupRestore), || {
            // What is in the history, and not in the backup, would be gone.
            self.permit(Action::Delete)?;
            let key = BackupKey::of_backup(secret, History::backup_salt(backup)?)?;
            self.put_back(backup, &key)
        })
    }

    /// Puts the last scheduled backup in the place of the history, as
    /// [`restore_backup`](Self::restore_backup) does.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] if there is none; else as there.
    pub fn restore_last_backup(&self) -> Result<(), Failure> {
        self.audited(
            Event::new(audit::Action::BackupRestore).with("which", "the last scheduled one"),
            || {
                self.permit(Action::Delete)?;
                let none = || Failure::new(FailureCode::NotFound, "there is no scheduled backup");
                let (backup, key) = self.last_backup()?.ok_or_else(none)?;
                self.put_back(&backup, &key)
            },
        )
    }

    /// Opens the history anew, to take out of it what can be read. For one in which something that
    /// cannot be read was met; nothing in it can be changed any more.
    ///
    /// # Errors
    /// While it is locked, or not even that is possible.
    pub fn read_damaged(&self) -> Result<(), Failure> {
        self.audited(Event::new(audit::Action::HistoryDamaged), || {
            let turn = self.turn_to_open();
            let key = self.data_key()?;
            let history = History::open_damaged(&self.folders.history_file(), key.expose())?;
            self.close();
            self.enter(&turn, Session { history, temporary: false, key: Some(key) });
            drop(turn);
            self.changes.tell(|| Change::Replaced);
            Ok(())
        })
    }

    /// Opens the history, and erases what is to be kept no longer; one that is damaged, as far as it can be read. Of one that cannot be read
    /// at all the key is kept, to put a backup in its place.
    pub(crate) fn open_whatever_can_be(&self, key: &DataKey) -> Result<History, Failure> {
        let file = self.folders.history_file();
        let opened = History::open(&file, key.expose()).and_then(|history| {
            self.prescribe(&history)?;
            let most = self.policy().retention.max_days;
            let erased = history.apply_retention_within(Timestamp::now(), most)?;
            if erased > 0 {
                self.note(Event::new(audit::Action::RetentionErase).with_count(erased));
            }
            Ok(history)
        });
        let opened = match opened {
            Err(error) if error.is_damage() => {
                tracing::warn!(%error, "the history is damaged");
                History::open_damaged(&file, key.expose()).map_err(|_| error)
            }
            opened => opened,
        };
        *self.unread.lock().unwrap_or_else(PoisonError::into_inner) = match &opened {
            Err(error) if error.is_damage() => Some(key.clone()),
            _ => None,
        };
        Ok(opened?)
    }

    fn put_back(&self, backup: &Path, own: &BackupKey) -> Result<(), Failure> {
        let turn = self.turn_to_open();
        let key = self.key_to_restore()?;
        let file = self.folders.history_file();
        let let_go = || self.close();
        let restored = History::restore_backup(backup, own.key(), &file, key.expose(), let_go);
        match restored {
            Ok(history) => {
                self.prescribe(&history)?;
                // It may be from another machine, which has another log.
                self.forget_audit_head(&history)?;
                *self.unread.lock().unwrap_or_else(PoisonError::into_inner) = None;
                self.enter(&turn, Session { history, temporary: false, key: Some(key) });
            }
            // It was not let go of.
            Err(error) if self.history().is_ok() => return Err(error.into()),
            // What was there is there again.
            Err(error) => {
                if let Ok(history) = self.open_whatever_can_be(&key) {
                    self.enter(&turn, Session { history, temporary: false, key: Some(key) });
                }
                return Err(error.into());
            }
        }
        drop(turn);
        self.changes.tell(|| Change::Replaced);
        Ok(())
    }

    /// The key of the history that is open, or of the one that could not be.
    fn key_to_restore(&self) -> Result<DataKey, Failure> {
        self.data_key().or_else(|failure| {
            let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
            match (&*unread, failure.code) {
                (Some(key), FailureCode::Locked) => Ok(key.clone()),
                _ => Err(failure),
            }
        })
    }
}
