//! Holding: what a court or an inspection may ask for is kept, whatever anyone does.
//!
//! A conversation is held by itself, with its folder, or with everything. Every way to delete
//! something, or to write over it, asks here first. What is being written is not held: a draft,
//! and an answer that arrives.

use conversation::{ConversationId, FolderId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{History, HistoryError, Transaction};

/// The setting that is there while everything is held.
const SETTING: &str = "hold";
/// The same, while an organisation has it so.
const PRESCRIBED: &str = "hold_prescribed";

/// Whether a row of `conversation` is held, as a condition.
pub(crate) const IS_HELD: &str = "(conversation.held = 1
    OR EXISTS (SELECT 1 FROM folder WHERE folder.id = conversation.folder AND folder.held = 1)
    OR EXISTS (SELECT 1 FROM setting WHERE setting.name IN ('hold', 'hold_prescribed')))";

impl History {
    /// Whether everything is held.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn holds_everything(&self) -> Result<bool, HistoryError> {
        Ok(self.setting(SETTING)?.is_some() || self.setting(PRESCRIBED)?.is_some())
    }

    /// Holds everything because an organisation has it so, or no longer; whether a person holds
    /// everything stays.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn prescribe_hold(&self, held: bool) -> Result<(), HistoryError> {
        if self.setting(PRESCRIBED)?.is_some() == held {
            return Ok(());
        }
        self.set_setting(PRESCRIBED, held.then_some("1"))
    }

    /// Whether a conversation is held: by itself, with its folder, or with everything.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`].
    pub fn is_held(&self, id: ConversationId) -> Result<bool, HistoryError> {
        is_held(&self.connection(), id)
    }
}

impl Transaction<'_> {
    /// Holds everything there is and will be, or lets it go. What is held by itself or with its
    /// folder stays so.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn hold_everything(&self, held: bool) -> Result<(), HistoryError> {
        self.put_setting(SETTING, held.then_some("1"))
    }

    /// Holds a folder and what lies in it, or lets it go.
    ///
    /// # Errors
    /// [`HistoryError::NoFolder`], or as the disk refuses.
    pub fn hold_folder(&self, id: FolderId, held: bool) -> Result<(), HistoryError> {
        self.change_folder(id, "UPDATE folder SET held = ?2 WHERE id = ?1", held)
    }

    /// Holds conversations, deleted ones as well, or lets them go.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], or as the disk refuses.
    pub fn hold(&self, ids: &[ConversationId], held: bool) -> Result<(), HistoryError> {
        self.change(ids, "UPDATE conversation SET held = ?2 WHERE id = ?1", held)
    }

    /// Whether everything is held.
    pub(crate) fn holds_everything(&self) -> Result<bool, HistoryError> {
        let sql = "SELECT 1 FROM setting WHERE name IN (?1, ?2)";
        Ok(self.sql.prepare_cached(sql)?.exists([SETTING, PRESCRIBED])?)
    }

    /// Refuses a conversation that is held.
    pub(crate) fn require_free(&self, id: ConversationId) -> Result<(), HistoryError> {
        if is_held(&self.sql, id)? { Err(HistoryError::Held(id)) } else { Ok(()) }
    }

    /// Refuses a folder that is held.
    pub(crate) fn require_free_folder(&self, id: FolderId) -> Result<(), HistoryError> {
        let held = self
            .sql
            .prepare_cached(
                "SELECT held = 1 OR EXISTS (SELECT 1 FROM setting WHERE name IN (?2, ?3))
                 FROM folder WHERE id = ?1",
            )?
            .query_row(params![id.as_i64(), SETTING, PRESCRIBED], |row| row.get(0))
            .optional()?
            .ok_or(HistoryError::NoFolder(id))?;
        if held { Err(HistoryError::HeldFolder(id)) } else { Ok(()) }
    }

    /// Refuses to write over a text of a conversation that is held.
    pub(crate) fn keep_text(
        &self,
        id: ConversationId,
        before: &str,
        after: &str,
    ) -> Result<(), HistoryError> {
        if before.is_empty() || before == after { Ok(()) } else { self.require_free(id) }
    }
}

fn is_held(connection: &Connection, id: ConversationId) -> Result<bool, HistoryError> {
    connection
        .prepare_cached(&format!("SELECT {IS_HELD} FROM conversation WHERE id = ?1"))?
        .query_row([id.as_i64()], |row| row.get(0))
        .optional()?
        .ok_or(HistoryError::NoConversation(id))
}
