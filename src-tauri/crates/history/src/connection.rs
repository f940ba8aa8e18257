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
    make_private(file).map_err(|error| HistoryError::of_file(file, &error))?;
    let connection = unlocked(file, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    prepare(connection)
}

/// Opens a file that may be damaged, to be read alone.
pub(crate) fn read_only(file: &Path, key: &[u8; 32]) -> Result<Connection, HistoryError> {
    let connection = unlocked(file, key, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    functions::register(&connection)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Opens a file that is there with its raw key, as it is.
pub(crate) fn unlocked(
    file: &Path,
    key: &[u8; 32],
    flags: OpenFlags,
) -> Result<Connection, HistoryError> {
    with_raw_key(file, &raw_key(key, &[]), flags)
}

/// Opens an empty file with its raw key, to be filled. It will begin with `salt`.
pub(crate) fn empty(
    file: &Path,
    key: &[u8; 32],
    salt: &[u8; 16],
) -> Result<Connection, HistoryError> {
    with_raw_key(file, &raw_key(key, salt), OpenFlags::SQLITE_OPEN_READ_WRITE)
}

fn with_raw_key(file: &Path, key: &str, flags: OpenFlags) -> Result<Connection, HistoryError> {
    let connection = Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    // SQLCipher would log to standard error what the returned error says better.
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    // https://www.zetetic.net/sqlcipher/sqlcipher-api/#key: a raw key skips the derivation.
    connection.execute_batch(key)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // Reading proves the key before anything is changed.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

/// A database that never reaches the disk.
pub(crate) fn in_memory() -> Result<Connection, HistoryError> {
    prepare(Connection::open_in_memory()?)
}

/// Empties the log beside the database, in which older pages stay until they are written over.
/// While another process reads them they stay.
pub(crate) fn empty_log(connection: &Connection) -> Result<(), HistoryError> {
    let is_busy: bool =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if is_busy { Err(HistoryError::Busy) } else { Ok(()) }
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

/// Tells SQLCipher a key, and with it the salt that a new file begins with.
fn raw_key(key: &[u8; 32], salt: &[u8]) -> Zeroizing<String> {
    let mut sql = Zeroizing::new(String::with_capacity(128));
    sql.push_str("PRAGMA key = \"x'");
    for byte in key.iter().chain(salt) {
        for nibble in [byte >> 4, byte & 15] {
            sql.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    sql.push_str("'\";");
    sql
}

/// Makes a file that is not there, and its folder, for their owner alone.
pub(crate) fn make_private(file: &Path) -> std::io::Result<()> {
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
