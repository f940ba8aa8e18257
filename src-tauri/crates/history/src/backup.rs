//! Backups: a copy of the whole history in one file, under a key of its own.
//!
//! It is made by SQLite's online backup (<https://sqlite.org/backup.html>), which copies pages
//! while the history is in use: exactly the state of one moment, its version and the search index
//! included, where `sqlcipher_export` would run every row through SQL and leave the version out.
//! SQLCipher takes each page through both keys.
//!
//! A SQLCipher file begins with sixteen bytes of salt
//! (<https://www.zetetic.net/sqlcipher/design/>), of which a raw key makes no use but to tell one
//! file from another. A backup's are chosen by whoever makes it: a key that is derived from a
//! passphrase is derived with them, and so the file needs no other head.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::{History, HistoryError, Verification, connection, functions, schema, verify};

/// How long what has the history open may take to let it go, and between two looks.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(50);

impl History {
    /// Copies the history into the file `to`, under another key, in place of what is there. The
    /// file begins with `salt`, which [`backup_salt`](Self::backup_salt) reads. What is written
    /// meanwhile is not in it, and does not wait for it. Until the copy is whole and on
    /// the disk it lies beside `to` under another name.
    ///
    /// # Errors
    /// [`HistoryError::NeverWritten`] for one in memory; [`HistoryError::Itself`] if `to` is the
    /// history; [`HistoryError::Damaged`] if it cannot be
    /// read whole; or as the disk refuses. What was at `to` is left as it was.
    pub fn backup(&self, to: &Path, key: &[u8; 32], salt: &[u8; 16]) -> Result<(), HistoryError> {
        let file = self.shared.file.as_ref().ok_or(HistoryError::NeverWritten)?;
        if let (Ok(to), Ok(own)) = (to.canonicalize(), file.path.canonicalize())
            && to == own
        {
            return Err(HistoryError::Itself);
        }
        // A connection of its own: it sees one moment, and the others go on.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        let from = connection::unlocked(&file.path, &file.key, flags)?;
        let part = beside(to, "part")?;
        discarding(&part, || {
            copy(&from, &part, key, salt)?;
            rename(&part, to)
        })
    }

    /// What a backup begins with.
    ///
    /// # Errors
    /// [`HistoryError::NotThisBackup`] if it is too short to be one; or as the disk refuses.
    pub fn backup_salt(backup: &Path) -> Result<[u8; 16], HistoryError> {
        let mut salt = [0; 16];
        match File::open(backup).and_then(|mut file| file.read_exact(&mut salt)) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                Err(HistoryError::NotThisBackup)
            }
            read => read.map(|()| salt).map_err(|error| HistoryError::of_file(backup, &error)),
        }
    }

    /// Checks a backup as [`verify`](Self::verify) does, and leaves it as it is. Of one that an
    /// older Bureau made only the pages and the structure are checked; where the file is
    /// write-protected, all but the search index.
    ///
    /// # Errors
    /// [`HistoryError::NotThisBackup`] if `key` is not its key; [`HistoryError::NewerVersion`]; or
    /// as the disk refuses.
    pub fn check_backup(backup: &Path, key: &[u8; 32]) -> Result<Verification, HistoryError> {
        let connection = open(backup, key)?;
        let is_writable = !connection.is_readonly("main")?;
        Ok(Verification { problems: verify::check(&connection, true, is_writable)? })
    }

    /// Puts a backup in the place of the history in `file`, and opens it with the history's own
    /// `key`. The backup is checked first, and left as it is. Then `let_go` is called: from there
    /// on nothing may have the history open. What the backup replaces goes only once the new one
    /// was opened, and is put back if it cannot be.
    ///
    /// # Errors
    /// As for [`check_backup`](Self::check_backup); [`HistoryError::Damaged`] with the first
    /// problem that it found; [`HistoryError::Busy`] while the history is open anywhere; or as the
    /// disk refuses. The history is left as it was.
    pub fn restore_backup(
        backup: &Path,
        backup_key: &[u8; 32],
        file: &Path,
        key: &[u8; 32],
        let_go: impl FnOnce(),
    ) -> Result<Self, HistoryError> {
        if let Some(problem) = Self::check_backup(backup, backup_key)?.problems.into_iter().next() {
            return Err(HistoryError::Damaged(problem));
        }
        let part = beside(file, "part")?;
        let replaced = beside(file, "replaced")?;
        discarding(&part, || {
            copy(&open(backup, backup_key)?, &part, key, &random()?)?;
            let_go();
            let is_there =
                file.try_exists().map_err(|error| HistoryError::of_file(file, &error))?;
            if is_there {
                fold_log(file, key, &replaced)?;
                keep(file, &replaced)?;
            }
            rename(&part, file)?;
            match Self::open(file, key) {
                Ok(history) => {
                    // What cannot be removed is encrypted, and in the way of nothing.
                    let _ = fs::remove_file(&replaced);
                    let _ = fs::remove_file(log_of(&replaced));
                    Ok(history)
                }
                Err(error) if is_there => {
                    let _ = fs::remove_file(log_of(file));
                    rename(&replaced, file)?;
                    if log_of(&replaced).exists() {
                        rename(&log_of(&replaced), &log_of(file))?;
                    }
                    Err(error)
                }
                Err(error) => Err(error),
            }
        })
    }
}

/// Opens a backup as it is.
fn open(backup: &Path, key: &[u8; 32]) -> Result<Connection, HistoryError> {
    // SQLite opens a file that cannot be written to be read.
    let opened = connection::unlocked(backup, key, OpenFlags::SQLITE_OPEN_READ_WRITE);
    let opened = opened.and_then(|connection| {
        functions::register(&connection)?;
        schema::is_latest(&connection)?;
        Ok(connection)
    });
    match opened {
        Err(HistoryError::NotAHistory) => Err(HistoryError::NotThisBackup),
        opened => opened,
    }
}

/// Copies a database into a new file, down to the disk.
fn copy(from: &Connection, to: &Path, key: &[u8; 32], salt: &[u8; 16]) -> Result<(), HistoryError> {
    connection::make_private(to).map_err(|error| HistoryError::of_file(to, &error))?;
    let mut copy = connection::empty(to, key, salt)?;
    // Should it fail the file is thrown away.
    copy.pragma_update(None, "journal_mode", "OFF")?;
    copy.pragma_update(None, "synchronous", "OFF")?;
    match Backup::new(from, &mut copy)?.step(-1)? {
        StepResult::Done => {}
        _ => return Err(HistoryError::Busy),
    }
    // One file, that can be read from where nothing can be written.
    copy.pragma_update(None, "journal_mode", "DELETE")?;
    copy.close().map_err(|(_, error)| error)?;
    let written = OpenOptions::new().write(true).open(to).and_then(|file| file.sync_all());
    written.map_err(|error| HistoryError::of_file(to, &error))
}

/// Brings what stands in the log of a history into its file, which shows that nothing else has it
/// open. The log of one that is damaged is put beside.
fn fold_log(file: &Path, key: &[u8; 32], replaced: &Path) -> Result<(), HistoryError> {
    let history = connection::unlocked(file, key, OpenFlags::SQLITE_OPEN_READ_WRITE);
    let folded = history.and_then(|history| {
        let begun = Instant::now();
        loop {
            // SQLite does not wait for others here.
            match history.pragma_update(None, "journal_mode", "DELETE").map_err(Into::into) {
                Err(HistoryError::Busy) if begun.elapsed() < PATIENCE => thread::sleep(PAUSE),
                folded => return folded,
            }
        }
    });
    match folded {
        Err(error) if error.is_damage() => {
            let log = log_of(file);
            if log.exists() { rename(&log, &log_of(replaced)) } else { Ok(()) }
        }
        folded => folded,
    }
}

/// Gives a file a second name.
fn keep(file: &Path, name: &Path) -> Result<(), HistoryError> {
    // Not every file system knows links.
    fs::hard_link(file, name)
        .or_else(|_| fs::copy(file, name).map(drop))
        .map_err(|error| HistoryError::of_file(name, &error))
}

/// Renames a file in its folder, down to the disk.
fn rename(from: &Path, to: &Path) -> Result<(), HistoryError> {
    let failed = |error| HistoryError::of_file(to, &error);
    fs::rename(from, to).map_err(failed)?;
    #[cfg(unix)]
    if let Some(folder) = to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    }
    Ok(())
}

/// Runs a step that makes a file on the way, and removes that if it is left.
fn discarding<T>(
    part: &Path,
    step: impl FnOnce() -> Result<T, HistoryError>,
) -> Result<T, HistoryError> {
    let result = step();
    if result.is_err() {
        let _ = fs::remove_file(part);
    }
    result
}

/// A name in the same folder that no file has.
fn beside(file: &Path, ending: &str) -> Result<PathBuf, HistoryError> {
    let number = u64::from_le_bytes(random()?);
    let mut name = OsString::from(file.file_name().unwrap_or_default());
    name.push(format!(".{number:016x}.{ending}"));
    Ok(file.with_file_name(name))
}

/// Where SQLite keeps the log of a file.
fn log_of(file: &Path) -> PathBuf {
    let mut name = OsString::from(file.file_name().unwrap_or_default());
    name.push("-wal");
    file.with_file_name(name)
}

fn random<const N: usize>() -> Result<[u8; N], HistoryError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| HistoryError::Disk(error.to_string()))?;
    Ok(bytes)
}
