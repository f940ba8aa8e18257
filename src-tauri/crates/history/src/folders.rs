//! Folders: their names, instructions and files.

use conversation::{Attachment, AttachmentId, Folder, FolderId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::attachments::Owner;
use crate::{History, HistoryError, NewAttachment, Transaction, rows, tags};

const FOLDER: &str = "id, name, instructions, retention, held, glossary";

impl History {
    /// Every folder, in the order of their names.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn folders(&self) -> Result<Vec<Folder>, HistoryError> {
        read_all(&self.connection())
    }

    /// A folder.
    ///
    /// # Errors
    /// [`HistoryError::NoFolder`].
    pub fn folder(&self, id: FolderId) -> Result<Folder, HistoryError> {
        read(&self.connection(), id)
    }

    /// A folder's file, without its bytes.
    ///
    /// # Errors
    /// [`HistoryError::NoAttachment`].
    pub fn folder_file(&self, id: AttachmentId) -> Result<Attachment, HistoryError> {
        Owner::Folder.file(&self.connection(), id)
    }

    /// The bytes of a folder's file.
    ///
    /// # Errors
    /// [`HistoryError::NoAttachment`].
    pub fn folder_file_data(&self, id: AttachmentId) -> Result<Vec<u8>, HistoryError> {
        Owner::Folder.data(&self.connection(), id)
    }
}

impl Transaction<'_> {
    /// Makes an empty folder. Two may have one name.
    ///
    /// # Errors
    /// [`HistoryError::Unnamed`], or as the disk refuses.
    pub fn create_folder(&self, name: &str) -> Result<Folder, HistoryError> {
        let id = FolderId::new();
        self.sql
            .prepare_cached("INSERT INTO folder (id, name) VALUES (?1, ?2)")?
            .execute(params![id.as_i64(), named(name)?])?;
        read(&self.sql, id)
    }

    /// Gives a folder another name.
    ///
    /// # Errors
    /// [`HistoryError::NoFolder`]; [`HistoryError::Unnamed`]; [`HistoryError::HeldFolder`]; or as
    /// the disk refuses.
    pub fn rename_folder(&self, id: FolderId, name: &str) -> Result<(), HistoryError> {
        let name = named(name)?;
        if read(&self.sql, id)?.name == name {
            return Ok(());
        }
        self.require_free_folder(id)?;
        self.change_folder(id, "UPDATE folder SET name = ?2 WHERE id = ?1", name)
    }

    /// Sets the instructions for the model that go with every question of a folder.
    ///
    /// # Errors
    /// [`HistoryError::NoFolder`]; [`HistoryError::HeldFolder`] if it has some that would be lost;
    /// or as the disk refuses.
    pub fn set_folder_instructions(&self, id: FolderId, text: &str) -> Result<(), HistoryError> {
        let before = read(&self.sql, id)?.instructions;
        if !before.is_empty() && before != text {
            self.require_free_folder(id)?;
        }
        self.change_folder(id, "UPDATE folder SET instructions = ?2 WHERE id = ?1", text)
    }

    /// Sets what terms are to be called in translations.
    ///
    /// # Errors
    /// As [`set_folder_instructions`](Self::set_folder_instructions).
    pub fn set_folder_glossary(&self, id: FolderId, text: &str) -> Result<(), HistoryError> {
        let before = read(&self.sql, id)?.glossary;
        if !before.is_empty() && before != text {
            self.require_free_folder(id)?;
        }
        self.change_folder(id, "UPDATE folder SET glossary = ?2 WHERE id = ?1", text)
    }

    /// Lets a file go with every question of a folder.
    ///
    /// # Errors
    /// [`HistoryError::NoFolder`], or as the disk refuses.
    pub fn add_folder_file(
        &self,
        folder: FolderId,
        new: &NewAttachment<'_>,
    ) -> Result<Attachment, HistoryError> {
        self.require_folder(folder)?;
        Owner::Folder.add(&self.sql, AttachmentId::new(), folder.as_i64(), new)
    }

    /// Deletes a folder's file, for good.
    ///
    /// # Errors
    /// [`HistoryError::NoAttachment`]; [`HistoryError::HeldFolder`]; or as the disk refuses.
    pub fn delete_folder_file(&self, id: AttachmentId) -> Result<(), HistoryError> {
        let folder = self
            .sql
            .prepare_cached("SELECT folder FROM folder_file WHERE id = ?1")?
            .query_row([id.as_i64()], |row| rows::id(row, 0, FolderId::from_i64))
            .optional()?
            .ok_or(HistoryError::NoAttachment(id))?;
        self.require_free_folder(folder)?;
        self.sql.prepare_cached("DELETE FROM folder_file WHERE id = ?1")?.execute([id.as_i64()])?;
        self.erased.set(true);
        Ok(())
    }

    /// Deletes a folder with its instructions and files, for good. Its conversations stay, and lie
    /// in none.
    ///
    /// # Errors
    /// [`HistoryError::NoFolder`]; [`HistoryError::HeldFolder`]; or as the disk refuses.
    pub fn delete_folder(&self, id: FolderId) -> Result<(), HistoryError> {
        self.require_free_folder(id)?;
        self.sql.prepare_cached("DELETE FROM folder WHERE id = ?1")?.execute([id.as_i64()])?;
        self.erased.set(true);
        Ok(())
    }

    /// The folder of this name, whatever its case, made if there is none.
    pub(crate) fn folder_named(&self, name: &str) -> Result<FolderId, HistoryError> {
        let key = tags::folded(named(name)?);
        let mut statement = self.sql.prepare_cached("SELECT id, name FROM folder ORDER BY id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if tags::folded(&row.get::<_, String>(1)?) == key {
                return Ok(rows::id(row, 0, FolderId::from_i64)?);
            }
        }
        Ok(self.create_folder(name)?.id)
    }

    /// Refuses a folder that is not there.
    pub(crate) fn require_folder(&self, id: FolderId) -> Result<(), HistoryError> {
        let mut statement = self.sql.prepare_cached("SELECT 1 FROM folder WHERE id = ?1")?;
        if statement.exists([id.as_i64()])? { Ok(()) } else { Err(HistoryError::NoFolder(id)) }
    }

    /// Runs an update of a folder: `?1` is its id, `?2` the value.
    pub(crate) fn change_folder(
        &self,
        id: FolderId,
        sql: &str,
        value: impl rusqlite::ToSql,
    ) -> Result<(), HistoryError> {
        let changed = self.sql.prepare_cached(sql)?.execute(params![id.as_i64(), value])?;
        if changed == 0 { Err(HistoryError::NoFolder(id)) } else { Ok(()) }
    }
}

fn named(name: &str) -> Result<&str, HistoryError> {
    let name = name.trim();
    if name.is_empty() { Err(HistoryError::Unnamed) } else { Ok(name) }
}

fn read(connection: &Connection, id: FolderId) -> Result<Folder, HistoryError> {
    let sql = format!("SELECT {FOLDER} FROM folder WHERE id = ?1");
    let mut folder = connection
        .prepare_cached(&sql)?
        .query_row([id.as_i64()], from_row)
        .optional()?
        .ok_or(HistoryError::NoFolder(id))?;
    folder.files = files(connection, id)?;
    Ok(folder)
}

fn read_all(connection: &Connection) -> Result<Vec<Folder>, HistoryError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {FOLDER} FROM folder"))?;
    let mut folders = statement.query_map([], from_row)?.collect::<Result<Vec<_>, _>>()?;
    for folder in &mut folders {
        folder.files = files(connection, folder.id)?;
    }
    folders.sort_by_cached_key(|folder| (tags::folded(&folder.name), folder.id));
    Ok(folders)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Folder> {
    Ok(Folder {
        id: rows::id(row, 0, FolderId::from_i64)?,
        name: row.get(1)?,
        instructions: row.get(2)?,
        files: Vec::new(),
        retention: row.get(3)?,
        held: row.get(4)?,
        glossary: row.get(5)?,
    })
}

fn files(connection: &Connection, id: FolderId) -> Result<Vec<Attachment>, HistoryError> {
    let mut files = Owner::Folder.files(connection, id.as_i64())?;
    files.sort_by_cached_key(|file| (tags::folded(&file.name), file.id));
    Ok(files)
}
