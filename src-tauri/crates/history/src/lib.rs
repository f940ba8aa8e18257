//! The encrypted store of conversations: one SQLCipher file, opened with a raw 256-bit key.
//!
//! What a method has returned is on the disk and survives a crash of the program or a loss of
//! power. Several processes may have the history open at once. An answer that streams in belongs
//! to the process that asked; if that process dies, the answer shows as interrupted.
//!
//! Only this crate knows SQL.

mod answers;
mod connection;
mod conversations;
mod drafts;
mod error;
mod functions;
mod lease;
mod messages;
mod rows;
mod schema;
mod search;
mod settings;
mod transaction;
mod verify;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, TransactionBehavior};

pub use answers::AnswerEnd;
pub use error::HistoryError;
pub use messages::{NewAttachment, NewMessage};
pub use search::{MATCH_END, MATCH_START, Match, Order};
pub use transaction::Transaction;
pub use verify::{Statistics, Verification};

use lease::Lease;

/// An open history. Clones share it; it may be used from any thread.
#[derive(Clone)]
pub struct History {
    shared: Arc<Shared>,
}

struct Shared {
    connection: Mutex<Connection>,
    /// Taken with the first answer.
    lease: Mutex<Option<Arc<Lease>>>,
    /// The leases of all processes lie here; none for a history in memory.
    leases: Option<PathBuf>,
}

impl History {
    /// Opens the history in `file`, or makes it, and upgrades an older one. Answers whose
    /// process has died are marked as interrupted; what was deleted a day ago is gone for good.
    ///
    /// # Errors
    /// [`HistoryError::NotAHistory`] if `key` is not its key; [`HistoryError::NewerVersion`]; or
    /// as the disk refuses. The file is left as it was.
    pub fn open(file: &Path, key: &[u8; 32]) -> Result<Self, HistoryError> {
        let connection = connection::open(file, key)?;
        let leases = file.parent().map(|folder| folder.join("writers"));
        let history = Self::on(connection, leases);
        history.mark_interrupted()?;
        history.delete_for_good()?;
        if let Some(folder) = &history.shared.leases {
            lease::sweep(folder);
        }
        Ok(history)
    }

    /// A history that is never written anywhere, and ends with its last clone.
    ///
    /// # Errors
    /// Where memory runs out.
    pub fn in_memory() -> Result<Self, HistoryError> {
        Ok(Self::on(connection::in_memory()?, None))
    }

    /// Whether it is one that is never written anywhere.
    pub fn is_temporary(&self) -> bool {
        self.shared.leases.is_none()
    }

    fn on(connection: Connection, leases: Option<PathBuf>) -> Self {
        let shared = Shared { connection: Mutex::new(connection), lease: Mutex::default(), leases };
        Self { shared: Arc::new(shared) }
    }

    /// Does several things at once: all of them are kept, or none.
    ///
    /// # Errors
    /// Those of `change`, after which nothing has changed; or as the disk refuses.
    pub fn transaction<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, HistoryError>,
    ) -> Result<T, HistoryError> {
        let mut connection = self.connection();
        let transaction = Transaction {
            sql: connection.transaction_with_behavior(TransactionBehavior::Immediate)?,
            shared: &self.shared,
        };
        let result = change(&transaction)?;
        transaction.sql.commit()?;
        Ok(result)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A thread that panicked held a transaction that was rolled back; the data are whole.
        self.shared.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// This process's lease, taken now if it has none yet.
    fn lease(&self) -> Result<Arc<Lease>, HistoryError> {
        let mut lease = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lease) = &*lease {
            return Ok(lease.clone());
        }
        let taken = Arc::new(match &self.leases {
            Some(folder) => Lease::take(folder)?,
            None => Lease::unshared(),
        });
        *lease = Some(taken.clone());
        Ok(taken)
    }

    /// Whether the process that this answer streams into lives.
    fn is_alive(&self, writer: &str) -> bool {
        let own = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        if own.as_ref().is_some_and(|lease| lease.name() == writer) {
            return true;
        }
        self.leases.as_ref().is_some_and(|folder| lease::is_held(folder, writer))
    }
}
