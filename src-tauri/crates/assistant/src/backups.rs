//! Backups of the history: what opens them, when and where they are made, how many are kept.
//! `restoring` puts one back.
//!
//! All that is set lies in the encrypted history itself, the backups' own key too: whoever can read
//! it there can read the history anyway.

use audit::Event;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{MutexGuard, PoisonError};

use conversation::{Failure, FailureCode, Timestamp};
use jiff::tz::TimeZone;
use policy::Action;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use vault::{BackupKey, DataKey};

use crate::recovering::sealed_file;
use crate::{Assistant, Change};

/// The setting that holds all of it, as JSON.
const SETTING: &str = "backups";
/// What the names of files end with.
const BACKUP_EXTENSION: &str = "bureau-backup";
const DAY: i64 = 24 * 60 * 60 * 1000;
/// Days between two backups, at most.
const MOST_DAYS: u32 = 365;
/// Backups that are kept, at most.
const MOST_KEPT: u32 = 1000;

/// How backups stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Backups {
    /// What opens them; none until that is chosen.
    pub protection: Option<BackupProtection>,
    /// When and where they are made by themselves, if they are.
    pub schedule: Option<BackupSchedule>,
    /// When the last of those was made.
    pub last: Option<Timestamp>,
    /// Why the last attempt came to nothing, if it did.
    pub problem: Option<String>,
}

/// What opens a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum BackupProtection {
    /// A passphrase of their own.
    Passphrase,
    /// A key that is written down.
    RecoveryKey,
}

impl BackupProtection {
    /// How it is written.
    fn as_str(self) -> &'static str {
        match self {
            Self::Passphrase => "passphrase",
            Self::RecoveryKey => "recovery key",
        }
    }
}

/// When and where backups are made by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct BackupSchedule {
    /// The folder.
    pub folder: String,
    /// Days from one to the next.
    pub days: u32,
    /// So many are kept, the last ones.
    pub keep: u32,
}

/// All of it, as it is stored.
#[derive(Clone, Serialize, Deserialize)]
struct Stored {
    protection: BackupProtection,
    key: [u8; DataKey::LENGTH],
    salt: [u8; BackupKey::SALT_LENGTH],
    schedule: Option<BackupSchedule>,
    last: Option<Timestamp>,
    problem: Option<String>,
}

impl Stored {
    fn key(&self) -> BackupKey {
        BackupKey::from_parts(&self.key, self.salt)
    }
}

impl Assistant {
    /// How backups stand.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn backups(&self) -> Result<Backups, Failure> {
        Ok(match self.stored_backups()? {
            Some(Stored { protection, schedule, last, problem, .. }) => {
                Backups { protection: Some(protection), schedule, last, problem }
            }
            None => Backups { protection: None, schedule: None, last: None, problem: None },
        })
    }

    /// Lets a passphrase open the backups that are made from now on. Earlier ones are opened by
    /// what was in force then, and are kept.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] if it is empty; else as the history fails.
    pub fn protect_backups_with_passphrase(
        &self,
        passphrase: &SecretString,
    ) -> Result<Backups, Failure> {
        let key = BackupKey::with_passphrase(passphrase)?;
        self.protect_backups(BackupProtection::Passphrase, &key)
    }

    /// Lets a new recovery key open the backups that are made from now on;
    /// [`recovery_key`](Self::recovery_key) tells it. Earlier ones are opened by what was in force
    /// then, and are kept.
    ///
    /// # Errors
    /// As the history fails.
    pub fn protect_backups_with_recovery_key(&self) -> Result<Backups, Failure> {
        self.protect_backups(BackupProtection::RecoveryKey, &BackupKey::random()?)
    }

    /// The recovery key that is in force, to be written down.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] if a passphrase opens the backups, or nothing yet.
    pub fn recovery_key(&self) -> Result<SecretString, Failure> {
        self.audited(Event::new(audit::Action::BackupKey), || match self.stored_backups()? {
            Some(stored) if stored.protection == BackupProtection::RecoveryKey => {
                Ok(stored.key().recovery_key())
            }
            _ => Err(Failure::new(FailureCode::NotFound, "no recovery key opens the backups")),
        })
    }

    /// Sets when and where backups are made by themselves, or that they are not.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] if nothing protects them yet, the folder cannot be named in full,
    /// or a number is out of bounds; [`FailureCode::Storage`] if the folder cannot be written to.
    pub fn schedule_backups(&self, schedule: Option<BackupSchedule>) -> Result<Backups, Failure> {
        self.audited(
            Event::new(audit::Action::BackupChange).with("scheduled", schedule.is_some()),
            || {
                if let Some(schedule) = &schedule {
                    self.permit(Action::BackUp)?;
                    check(schedule)?;
                }
                let _turn = self.turn_to_back_up();
                let mut stored = self.protected()?;
                stored.schedule = schedule;
                stored.problem = None;
                self.store_backups(&stored)
            },
        )
    }

    /// Writes a backup into a file, in place of what is there. The history stays in use.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] if nothing protects backups yet; else as the history fails, or the
    /// disk refuses. What was in the file is left as it was.
    pub fn back_up(&self, to: &Path) -> Result<(), Failure> {
        self.audited_with(
            Event::new(audit::Action::BackupCreate),
            || {
                self.permit(Action::BackUp)?;
                let key = self.protected()?.key();
                self.history()?.backup(to, key.key(), key.salt())?;
                self.seal_for_recovery(to, &key)
            },
            |event, ()| event.bytes = to.metadata().ok().map(|told| told.len()),
        )
    }

    /// Makes the scheduled backup now, and takes away those beyond the number that is kept.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] if none is scheduled; else as [`back_up`](Self::back_up). What went
    /// wrong is told by [`backups`](Self::backups) until one succeeds.
    pub fn back_up_as_scheduled(&self) -> Result<PathBuf, Failure> {
        self.permit(Action::BackUp)?;
        let _turn = self.turn_to_back_up();
        self.back_up_at(Timestamp::now())
    }

    /// Makes the scheduled backup if it is due; to be called from time to time.
    ///
    /// # Errors
    /// As [`back_up_as_scheduled`](Self::back_up_as_scheduled).
    pub fn back_up_if_due(&self) -> Result<(), Failure> {
        self.permit(Action::BackUp)?;
        let history = self.history()?;
        if history.is_temporary() || history.is_damaged() {
            return Ok(());
        }
        let _turn = self.turn_to_back_up();
        let Some(stored) = self.stored_backups()? else { return Ok(()) };
        let Some(schedule) = &stored.schedule else { return Ok(()) };
        let now = Timestamp::now();
        let since = stored.last.map(|last| now.as_millis().saturating_sub(last.as_millis()));
        // A clock that was set back does not put it off.
        if since.is_some_and(|since| (0..i64::from(schedule.days) * DAY).contains(&since)) {
            return Ok(());
        }
        self.back_up_at(now).map(drop)
    }

    fn back_up_at(&self, now: Timestamp) -> Result<PathBuf, Failure> {
        let mut stored = self.protected()?;
        let Some(schedule) = stored.schedule.clone() else {
            return Err(Failure::new(FailureCode::Invalid, "no backups are scheduled"));
        };
        let folder = Path::new(&schedule.folder);
        let file = folder.join(name(now, &stored.salt));
        // It is not made anew: where a disk is not connected, the backup would lie beside it.
        let made = if folder.is_dir() {
            self.back_up(&file)
        } else {
            let message = format!("{} is not there; is its disk connected?", folder.display());
            Err(Failure::new(FailureCode::Storage, message))
        };
        match &made {
            Ok(()) => {
                stored.last = Some(now);
                stored.problem = remove_oldest(folder, &stored.salt, schedule.keep).err();
            }
            Err(failure) => stored.problem = Some(failure.message.clone()),
        }
        self.store_backups(&stored)?;
        made.map(|()| file)
    }

    /// The last backup in the scheduled folder that the key in force opens, and that key.
    pub(crate) fn last_backup(&self) -> Result<Option<(PathBuf, BackupKey)>, Failure> {
        let Some(stored) = self.stored_backups()? else { return Ok(None) };
        let Some(schedule) = &stored.schedule else { return Ok(None) };
        let found = found(Path::new(&schedule.folder), &stored.salt);
        let last = found.map_err(|error| Failure::new(FailureCode::Storage, error))?.pop();
        Ok(last.map(|file| (file, stored.key())))
    }

    fn protect_backups(
        &self,
        protection: BackupProtection,
        key: &BackupKey,
    ) -> Result<Backups, Failure> {
        self.audited(
            Event::new(audit::Action::BackupChange).with("protection", protection.as_str()),
            || {
                let _turn = self.turn_to_back_up();
                let before = self.stored_backups()?;
                self.store_backups(&Stored {
                    protection,
                    key: *key.key(),
                    salt: *key.salt(),
                    // The next one is made at once, under the new key.
                    last: None,
                    problem: None,
                    schedule: before.and_then(|before| before.schedule),
                })
            },
        )
    }

    fn turn_to_back_up(&self) -> MutexGuard<'_, ()> {
        self.backing_up.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn protected(&self) -> Result<Stored, Failure> {
        let unprotected = || {
            let message = "choose a passphrase or a recovery key for backups first";
            Failure::new(FailureCode::Invalid, message)
        };
        self.stored_backups()?.ok_or_else(unprotected)
    }

    fn stored_backups(&self) -> Result<Option<Stored>, Failure> {
        let damaged = |error| Failure::new(FailureCode::Damaged, format!("{SETTING}: {error}"));
        let text = self.history()?.setting(SETTING)?;
        text.map(|text| serde_json::from_str(&text).map_err(damaged)).transpose()
    }

    fn store_backups(&self, stored: &Stored) -> Result<Backups, Failure> {
        let text = serde_json::to_string(stored)
            .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
        self.history()?.set_setting(SETTING, Some(&text))?;
        self.changes.tell(|| Change::Backups);
        self.backups()
    }
}

fn check(schedule: &BackupSchedule) -> Result<(), Failure> {
    let folder = Path::new(&schedule.folder);
    if !folder.is_absolute() {
        return Err(Failure::new(FailureCode::Invalid, "name the folder for backups in full"));
    }
    if !(1..=MOST_DAYS).contains(&schedule.days) || !(1..=MOST_KEPT).contains(&schedule.keep) {
        let message = format!(
            "backups are made every 1 to {MOST_DAYS} days, and 1 to {MOST_KEPT} of them are kept"
        );
        return Err(Failure::new(FailureCode::Invalid, message));
    }
    // What a backup will need is tried now, while somebody looks.
    tempfile::tempfile_in(folder).map(drop).map_err(|error| {
        let message = format!("{} cannot be written to: {error}", folder.display());
        Failure::new(FailureCode::Storage, message)
    })
}

/// What a backup of today is proposed to be called: one of another day is not written over.
pub fn backup_file_name() -> String {
    format!("Bureau {}.{BACKUP_EXTENSION}", jiff::Zoned::now().date())
}

/// What a scheduled backup is called: by its moment, so that the names are in order, and by its
/// salt, so that what another machine puts into the same folder is left alone.
fn name(now: Timestamp, salt: &[u8]) -> String {
    let moment = jiff::Timestamp::from_millisecond(now.as_millis()).unwrap_or_default();
    let moment = moment.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d-%H%M%S");
    format!("bureau-{moment}{}", ending(salt))
}

fn ending(salt: &[u8]) -> String {
    let mark: String = salt.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("-{mark}.{BACKUP_EXTENSION}")
}

/// The scheduled backups in a folder, the last one last.
fn found(folder: &Path, salt: &[u8]) -> Result<Vec<PathBuf>, String> {
    let failed = |error| format!("{} cannot be read: {error}", folder.display());
    let ending = ending(salt);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        let name = file.file_name().and_then(|name| name.to_str());
        if name.is_some_and(|name| name.starts_with("bureau-") && name.ends_with(&ending)) {
            found.push(file);
        }
    }
    found.sort();
    Ok(found)
}

fn remove_oldest(folder: &Path, salt: &[u8], keep: u32) -> Result<(), String> {
    let found = found(folder, salt)?;
    let keep = usize::try_from(keep).unwrap_or(usize::MAX);
    let (old, _) = found.split_at(found.len().saturating_sub(keep));
    for file in old {
        fs::remove_file(file)
            .map_err(|error| format!("{} cannot be removed: {error}", file.display()))?;
        // It opens nothing any more, if it is there at all.
        let _ = fs::remove_file(sealed_file(file));
    }
    Ok(())
}
