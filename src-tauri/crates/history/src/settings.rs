//! What must not lie in the clear configuration file: settings by name.

use rusqlite::{OptionalExtension, params};

use crate::{History, HistoryError, Transaction};

impl History {
    /// The value of a setting; `None` if it was never set.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn setting(&self, name: &str) -> Result<Option<String>, HistoryError> {
        Ok(self
            .connection()
            .prepare_cached("SELECT value FROM setting WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?)
    }

    /// Sets a setting, or unsets it.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn set_setting(&self, name: &str, value: Option<&str>) -> Result<(), HistoryError> {
        self.transaction(|t| t.put_setting(name, value))
    }
}

impl Transaction<'_> {
    pub(crate) fn put_setting(&self, name: &str, value: Option<&str>) -> Result<(), HistoryError> {
        match value {
            Some(value) => self.sql.execute(
                "INSERT INTO setting (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                params![name, value],
            )?,
            None => self.sql.execute("DELETE FROM setting WHERE name = ?1", [name])?,
        };
        Ok(())
    }
}
