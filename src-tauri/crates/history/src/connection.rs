//! An open database: keyed, durable, of the last schema.

use std::fs::{DirBuilder, OpenOptions};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use crate::{HistoryError, functions, schema};

/// How long a writer waits for another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Opens the file with its raw key, making both file and folder for their owner alone.
pub(crate) fn open(file: &Path, key: &[u8; 32]) -> Result<Connection, HistoryError> {
    make_private(file).map_err(|error| {
        let problem = format!("{}: {error}", file.display());
        match error.kind() {
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                HistoryError::ReadOnly(problem)
            }
            std::io::ErrorKind::StorageFull => HistoryError::Full,
            _ => HistoryError::Disk(problem),
        }
    })?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    // SQLCipher would log to standard error what the returned error says better.
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    // https://www.zetetic.net/sqlcipher/sqlcipher-api/#key: a raw key skips the derivation.
    connection.execute_batch(&raw_key(key))?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // Reading proves the key before anything is changed.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    prepare(connection)
}

/// A database that never reaches the disk.
pub(crate) fn in_memory() -> Result<Connection, HistoryError> {
    prepare(Connection::open_in_memory()?)
}

fn prepare(mut connection: Connection) -> Result<Connection, HistoryError> {
    // A commit that was acknowledged survives a loss of power.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    // Sorting and statement journals spill to memory, never to an unencrypted file.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    functions::register(&connection)?;
    schema::upgrade(&mut connection)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn raw_key(key: &[u8; 32]) -> Zeroizing<String> {
    let mut sql = Zeroizing::new(String::with_capacity(96));
    sql.push_str("PRAGMA key = \"x'");
    for byte in key {
        for nibble in [byte >> 4, byte & 15] {
            sql.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    sql.push_str("'\";");
    sql
}

fn make_private(file: &Path) -> std::io::Result<()> {
    let mut folders = DirBuilder::new();
    folders.recursive(true);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        std::os::unix::fs::DirBuilderExt::mode(&mut folders, 0o700);
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    if let Some(folder) = file.parent() {
        folders.create(folder)?;
    }
    options.open(file).map(drop)
}
