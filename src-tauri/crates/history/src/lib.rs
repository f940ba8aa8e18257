//! The encrypted store of conversations: one SQLCipher file, opened with a raw 256-bit key.
//!
//! What a method has returned is on the disk and survives a crash of the program or a loss of
//! power. Several processes may have the history open at once. An answer that streams in belongs
//! to the process that asked; if that process dies, the answer shows as interrupted.
//!
//! Only this crate knows SQL.

mod adding;
mod answers;
mod attachments;
mod backup;
mod connection;
mod conversations;
mod copying;
mod damaged;
mod drafts;
mod error;
mod folders;
mod functions;
mod hold;
mod lease;
mod listing;
mod marking;
mod messages;
mod organising;
mod originals;
mod portable;
mod replacements;
mod retention;
mod rows;
mod schema;
mod scrub;
mod search;
mod settings;
pub mod sync;
mod tags;
mod transaction;
mod trash;
mod usage;
mod verify;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, TransactionBehavior};
use zeroize::Zeroizing;

pub use answers::AnswerEnd;
pub use error::HistoryError;
pub use listing::{Place, View};
pub use messages::{NewAttachment, NewMessage};
pub use originals::Original;
pub use portable::Added;
pub use replacements::Replacement;
pub use search::{MATCH_END, MATCH_START, Match, Order};
pub use tags::TagCount;
pub use transaction::Transaction;
pub use trash::{Emptied, Trashed};
pub use usage::{Activity, Counts, ModelCounts, MonthCounts};
pub use verify::{Statistics, Verification};

use adding::Unindexed;
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
    /// Where it lies; nowhere for one in memory.
    file: Option<Source>,
    /// Whether it may be damaged, and is read alone.
    is_damaged: bool,
}

/// A history's file, and what opens it.
struct Source {
    path: PathBuf,
    key: Zeroizing<[u8; 32]>,
}

impl History {
    /// Opens the history in `file`, or makes it, and upgrades an older one. Answers whose
    /// process has died are marked as interrupted; what was deleted thirty days ago is gone for good.
    ///
    /// # Errors
    /// [`HistoryError::NotAHistory`] if `key` is not its key; [`HistoryError::NewerVersion`]; or
    /// as the disk refuses. The file is left as it was.
    pub fn open(file: &Path, key: &[u8; 32]) -> Result<Self, HistoryError> {
        let connection = connection::open(file, key)?;
        let history = Self::on(connection, Some(Source::new(file, key)), false);
        history.mark_interrupted()?;
        history.delete_for_good()?;
        if history.setting(scrub::DUE)?.is_some() {
            Self::scrub(&mut history.connection());
        }
        if let Some(folder) = history.shared.leases() {
            lease::sweep(&folder);
        }
        Ok(history)
    }

    /// A history that is never written anywhere, and ends with its last clone.
    ///
    /// # Errors
    /// Where memory runs out.
    pub fn in_memory() -> Result<Self, HistoryError> {
        Ok(Self::on(connection::in_memory()?, None, false))
    }

    /// Whether it is one that is never written anywhere.
    pub fn is_temporary(&self) -> bool {
        self.shared.file.is_none()
    }

    fn on(connection: Connection, file: Option<Source>, is_damaged: bool) -> Self {
        let connection = Mutex::new(connection);
        let shared = Shared { connection, lease: Mutex::default(), file, is_damaged };
        Self { shared: Arc::new(shared) }
    }

    /// Does several things at once: all of them are kept, or none.
    ///
    /// # Errors
    /// Those of `change`, after which nothing has changed; [`HistoryError::OnlyReadable`]; or as
    /// the disk refuses.
    pub fn transaction<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, HistoryError>,
    ) -> Result<T, HistoryError> {
        if self.shared.is_damaged {
            return Err(HistoryError::OnlyReadable);
        }
        let mut connection = self.connection();
        let (result, erased) = {
            let transaction = Transaction {
                sql: connection.transaction_with_behavior(TransactionBehavior::Immediate)?,
                shared: &self.shared,
                unindexed: Unindexed::default(),
                erased: Cell::default(),
            };
            let result = change(&transaction)?;
            transaction.index_added()?;
            let erased = transaction.erased.get() && !self.is_temporary();
            if erased {
                transaction.put_setting(scrub::DUE, Some("1"))?;
            }
            transaction.sql.commit()?;
            (result, erased)
        };
        if erased {
            Self::scrub(&mut connection);
        }
        Ok(result)
    }

    /// Takes away what is left in the file of what was erased. Where that fails it stays due, and
    /// is done when something is erased again, or the history is opened.
    fn scrub(connection: &mut Connection) {
        if let Err(error) = scrub::scrub(connection) {
            tracing::warn!(%error, "what was erased could not be taken out of the file yet");
        }
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A thread that panicked held a transaction that was rolled back; the data are whole.
        let mut connection = self.shared.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if self.shared.is_damaged {
            self.renew(&mut connection);
        }
        connection
    }
}

impl Source {
    fn new(file: &Path, key: &[u8; 32]) -> Self {
        Self { path: file.to_owned(), key: Zeroizing::new(*key) }
    }
}

impl Shared {
    /// Where the leases of all processes lie.
    fn leases(&self) -> Option<PathBuf> {
        Some(self.file.as_ref()?.path.parent()?.join("writers"))
    }

    /// This process's lease, taken now if it has none yet.
    fn lease(&self) -> Result<Arc<Lease>, HistoryError> {
        if self.is_damaged {
            return Err(HistoryError::OnlyReadable);
        }
        let mut lease = self.lease.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lease) = &*lease {
            return Ok(lease.clone());
        }
        let taken = Arc::new(match self.leases() {
            Some(folder) => Lease::take(&folder)?,
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
        self.leases().is_some_and(|folder| lease::is_held(&folder, writer))
    }
}
