//! Attached files, which two tables hold alike: those of messages, and those of folders.

use conversation::{Attachment, AttachmentId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{HistoryError, NewAttachment, rows};

/// What a file is attached to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Owner {
    Message,
    Folder,
}

impl Owner {
    /// The table of its files, and the column that names the owner.
    fn table(self) -> (&'static str, &'static str) {
        match self {
            Self::Message => ("attachment", "message"),
            Self::Folder => ("folder_file", "folder"),
        }
    }

    /// A file, without its bytes.
    pub fn file(
        self,
        connection: &Connection,
        id: AttachmentId,
    ) -> Result<Attachment, HistoryError> {
        let (columns, table) = (rows::ATTACHMENT, self.table().0);
        connection
            .prepare_cached(&format!("SELECT {columns} FROM {table} WHERE id = ?1"))?
            .query_row([id.as_i64()], rows::attachment)
            .optional()?
            .ok_or(HistoryError::NoAttachment(id))
    }

    /// The bytes of a file.
    pub fn data(self, connection: &Connection, id: AttachmentId) -> Result<Vec<u8>, HistoryError> {
        let table = self.table().0;
        connection
            .prepare_cached(&format!("SELECT data FROM {table} WHERE id = ?1"))?
            .query_row([id.as_i64()], |row| row.get(0))
            .optional()?
            .ok_or(HistoryError::NoAttachment(id))
    }

    /// The files of the owner with this id, in the order they were attached.
    pub fn files(self, connection: &Connection, id: i64) -> Result<Vec<Attachment>, HistoryError> {
        let (columns, (table, owner)) = (rows::ATTACHMENT, self.table());
        let sql = format!("SELECT {columns} FROM {table} WHERE {owner} = ?1 ORDER BY id");
        let mut statement = connection.prepare_cached(&sql)?;
        let files = statement.query_map([id], rows::attachment)?;
        Ok(files.collect::<Result<_, _>>()?)
    }

    /// Adds a file to the owner with this id.
    pub fn add(
        self,
        connection: &Connection,
        id: AttachmentId,
        owner_id: i64,
        new: &NewAttachment<'_>,
    ) -> Result<Attachment, HistoryError> {
        let (table, owner) = self.table();
        let size = u32::try_from(new.data.len()).unwrap_or(u32::MAX);
        connection
            .prepare_cached(&format!(
                "INSERT INTO {table} (id, {owner}, name, media_type, size, data)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
            ))?
            .execute(params![id.as_i64(), owner_id, new.name, new.media_type, size, new.data])?;
        let (name, media_type) = (new.name.to_owned(), new.media_type.to_owned());
        Ok(Attachment { id, name, media_type, size })
    }
}
