//! This machine among those that share the history: sharing it, its clock, how far the others'
//! changes were brought in.

use std::fs::{File, OpenOptions, TryLockError};

use rusqlite::{Connection, OptionalExtension, params};

use crate::{History, HistoryError, Transaction};

/// How sharing stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncState {
    /// This machine's own number, made at random.
    pub device: i64,
    /// How often its list of segments was changed.
    pub counter: i64,
    /// Whether the store has the list as it is here.
    pub is_published: bool,
    /// The hash of the list that the store has; none before the first.
    pub head: Option<String>,
    /// So many changes are still to be sent.
    pub pending: u64,
}

/// How far the changes of another machine were brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// The machine.
    pub device: i64,
    /// The counter of its list, as it was last seen.
    pub counter: i64,
    /// The hash of that list.
    pub head: String,
    /// All its segments up to this one were brought in.
    pub applied: i64,
}

/// The turn to exchange changes, which one process has at a time; over when it is dropped.
#[derive(Debug)]
pub struct SyncTurn {
    /// Held for its lock; none for a history that no other process can see.
    _lock: Option<File>,
}

impl History {
    /// How sharing stands; none while the history is on this machine alone.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn sync_state(&self) -> Result<Option<SyncState>, HistoryError> {
        state(&self.connection())
    }

    /// Begins to note changes for other machines; all that is there is the first of them. Gives
    /// this machine's number.
    ///
    /// # Errors
    /// [`HistoryError::Synced`] if it does already; or as the disk refuses.
    pub fn start_sync(&self) -> Result<i64, HistoryError> {
        self.transaction(|t| {
            if state(&t.sql)?.is_some() {
                return Err(HistoryError::Synced);
            }
            let device = new_device()?;
            t.sql.execute(
                "INSERT INTO sync_device (one, device, clock) VALUES (1, ?1, 0)",
                [device],
            )?;
            t.note_everything()?;
            Ok(device)
        })
    }

    /// Forgets everything that sharing takes. What others shared so far stays.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn stop_sync(&self) -> Result<(), HistoryError> {
        self.transaction(|t| {
            // The machine first: no trigger counts what goes then.
            t.sql.execute_batch(
                "DELETE FROM sync_device; DELETE FROM sync_segment; DELETE FROM sync_dropped;
                 DELETE FROM sync_peer; DELETE FROM sync_field; DELETE FROM sync_part;
                 DELETE FROM sync_floor;",
            )?;
            t.erased.set(true);
            Ok(())
        })
    }

    /// Goes on as another machine: where the store knows more of this one than it does itself, as
    /// after a backup was restored or a profile copied. What it sent before is brought in like any
    /// other machine's.
    ///
    /// # Errors
    /// [`HistoryError::NotSynced`]; or as the disk refuses.
    pub fn renew_sync_device(&self) -> Result<i64, HistoryError> {
        self.transaction(|t| {
            let device = new_device()?;
            let changed = t.sql.execute(
                "UPDATE sync_device SET device = ?1, counter = 0, published = 1, head = NULL",
                [device],
            )?;
            if changed == 0 {
                return Err(HistoryError::NotSynced);
            }
            t.sql.execute_batch(
                "DELETE FROM sync_segment; DELETE FROM sync_dropped;
                 UPDATE sync_field SET segment = NULL WHERE segment IS NOT NULL;
                 UPDATE sync_part SET segment = NULL WHERE segment IS NOT NULL;
                 UPDATE sync_floor SET segment = NULL WHERE segment IS NOT NULL;",
            )?;
            Ok(device)
        })
    }

    /// How far the changes of other machines were brought in.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn sync_peers(&self) -> Result<Vec<Peer>, HistoryError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT device, counter, head, applied FROM sync_peer ORDER BY 1")?;
        let peers = statement.query_map([], |row| {
            Ok(Peer {
                device: row.get(0)?,
                counter: row.get(1)?,
                head: row.get(2)?,
                applied: row.get(3)?,
            })
        })?;
        Ok(peers.collect::<Result<_, _>>()?)
    }

    /// Notes how far the changes of another machine were brought in.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn set_sync_peer(&self, peer: &Peer) -> Result<(), HistoryError> {
        self.transaction(|t| t.set_sync_peer(peer))
    }

    /// The turn to exchange changes.
    ///
    /// # Errors
    /// [`HistoryError::Exchanging`] while another process has it; or as the disk refuses.
    pub fn sync_turn(&self) -> Result<SyncTurn, HistoryError> {
        let folder = self.shared.file.as_ref().and_then(|source| source.path.parent());
        let Some(folder) = folder else { return Ok(SyncTurn { _lock: None }) };
        let file = folder.join("sync.lock");
        let failed = |error: std::io::Error| HistoryError::of_file(&file, &error);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let lock = options.open(&file).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(SyncTurn { _lock: Some(lock) }),
            Err(TryLockError::WouldBlock) => Err(HistoryError::Exchanging),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    /// Lets changes be noted as if this machine's clock were so many milliseconds ahead of what it
    /// says, or behind: how machines whose clocks disagree get on is tested with it.
    ///
    /// # Errors
    /// [`HistoryError::NotSynced`]; or as the disk refuses.
    pub fn set_sync_clock_ahead(&self, milliseconds: i64) -> Result<(), HistoryError> {
        self.transaction(|t| {
            match t.sql.execute("UPDATE sync_device SET ahead = ?1", [milliseconds])? {
                0 => Err(HistoryError::NotSynced),
                _ => Ok(()),
            }
        })
    }
}

impl Transaction<'_> {
    pub(super) fn set_sync_peer(&self, peer: &Peer) -> Result<(), HistoryError> {
        self.sql
            .prepare_cached(
                "INSERT INTO sync_peer (device, counter, head, applied) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (device) DO UPDATE SET counter = excluded.counter,
                     head = excluded.head, applied = excluded.applied",
            )?
            .execute(params![peer.device, peer.counter, peer.head, peer.applied])?;
        Ok(())
    }
}

/// How sharing stands.
pub(super) fn state(connection: &Connection) -> Result<Option<SyncState>, HistoryError> {
    let row = connection
        .prepare_cached("SELECT device, counter, published, head FROM sync_device")?
        .query_row([], |row| {
            Ok(SyncState {
                device: row.get(0)?,
                counter: row.get(1)?,
                is_published: row.get(2)?,
                head: row.get(3)?,
                pending: 0,
            })
        })
        .optional()?;
    let Some(state) = row else { return Ok(None) };
    let pending: i64 = connection
        .prepare_cached(
            "SELECT (SELECT count(*) FROM sync_field WHERE place IS NOT NULL)
                 + (SELECT count(*) FROM sync_part WHERE place IS NOT NULL)
                 + (SELECT count(*) FROM sync_floor WHERE place IS NOT NULL)",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(Some(SyncState { pending: u64::try_from(pending).unwrap_or(0), ..state }))
}

/// A number that no other machine has, made at random.
fn new_device() -> Result<i64, HistoryError> {
    let number = getrandom::u64().map_err(|error| HistoryError::Disk(error.to_string()))?;
    Ok(i64::try_from(number >> 1).unwrap_or(i64::MAX).max(1))
}
