//! The files that attached documents were read of.

use conversation::AttachmentId;
use rusqlite::{OptionalExtension, params};

use crate::{History, HistoryError, Transaction};

/// Where the file lay that a document was read of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Its whole path.
    pub path: String,
    /// The SHA-256 of what was read.
    pub sha256: [u8; 32],
}

impl History {
    /// Where the file lay that an attached document was read of; none where that is not known.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn original(&self, document: AttachmentId) -> Result<Option<Original>, HistoryError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT path, sha256 FROM original WHERE attachment = ?1")?;
        let original = statement.query_row([document.as_i64()], |row| {
            Ok(Original { path: row.get(0)?, sha256: row.get(1)? })
        });
        Ok(original.optional()?)
    }

    /// The bytes of the original that was kept with an attached document: the one file beside it
    /// that has its name and is neither text nor image. None where there is none, or several.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn kept_original(&self, document: AttachmentId) -> Result<Option<Vec<u8>>, HistoryError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT max(kept.data) FROM attachment AS document
             JOIN attachment AS kept ON kept.message = document.message AND kept.name = document.name
             WHERE document.id = ?1
                 AND kept.media_type NOT LIKE 'text/%' AND kept.media_type NOT LIKE 'image/%'
             HAVING count(*) = 1",
        )?;
        Ok(statement.query_row([document.as_i64()], |row| row.get(0)).optional()?)
    }
}

impl Transaction<'_> {
    /// Keeps where the file lay that an attached document was read of.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn set_original(
        &self,
        document: AttachmentId,
        original: &Original,
    ) -> Result<(), HistoryError> {
        self.sql
            .prepare_cached(
                "INSERT OR REPLACE INTO original (attachment, path, sha256) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![document.as_i64(), original.path, original.sha256])?;
        Ok(())
    }
}
