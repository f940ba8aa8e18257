//! Conversations: making, listing, naming, deleting.

use std::time::Duration;

use conversation::{Conversation, ConversationId, MessageId, Timestamp};
use rusqlite::{OptionalExtension, params};

use crate::{History, HistoryError, rows};

/// How long a deleted conversation can be had back.
const UNDO: Duration = Duration::from_secs(24 * 60 * 60);

impl History {
    /// Makes an empty conversation.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn create_conversation(
        &self,
        title: &str,
        model: Option<&str>,
    ) -> Result<Conversation, HistoryError> {
        self.transaction(|t| t.create_conversation(title, model))
    }

    /// A conversation.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`].
    pub fn conversation(&self, id: ConversationId) -> Result<Conversation, HistoryError> {
        let sql = format!(
            "SELECT {} FROM conversation WHERE id = ?1 AND deleted IS NULL",
            rows::CONVERSATION
        );
        self.connection()
            .prepare_cached(&sql)?
            .query_row([id.as_i64()], |row| rows::conversation(row, self.is_temporary()))
            .optional()?
            .ok_or(HistoryError::NoConversation(id))
    }

    /// Every conversation, the last changed one first.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn conversations(&self) -> Result<Vec<Conversation>, HistoryError> {
        self.recent_conversations(usize::MAX)
    }

    /// The last changed conversations, the very last one first, and no more than `most`.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn recent_conversations(&self, most: usize) -> Result<Vec<Conversation>, HistoryError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {} FROM conversation WHERE deleted IS NULL ORDER BY updated DESC, id DESC \
             LIMIT ?1",
            rows::CONVERSATION
        ))?;
        let temporary = self.is_temporary();
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let conversations =
            statement.query_map([most], |row| rows::conversation(row, temporary))?;
        Ok(conversations.collect::<Result<_, _>>()?)
    }

    /// Gives a conversation another title.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], or as the disk refuses.
    pub fn rename(&self, id: ConversationId, title: &str) -> Result<(), HistoryError> {
        self.change_one(id, "UPDATE conversation SET title = ?2 WHERE id = ?1", title)
    }

    /// Sets the model that a conversation asks; `None` means the default one.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], or as the disk refuses.
    pub fn set_model(&self, id: ConversationId, model: Option<&str>) -> Result<(), HistoryError> {
        self.change_one(id, "UPDATE conversation SET model = ?2 WHERE id = ?1", model)
    }

    /// Lets a conversation stand above the others, or not.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], or as the disk refuses.
    pub fn set_pinned(&self, id: ConversationId, pinned: bool) -> Result<(), HistoryError> {
        self.change_one(id, "UPDATE conversation SET pinned = ?2 WHERE id = ?1", pinned)
    }

    /// Sets the instructions for the model that go with every question of a conversation.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], or as the disk refuses.
    pub fn set_instructions(&self, id: ConversationId, text: &str) -> Result<(), HistoryError> {
        self.change_one(id, "UPDATE conversation SET instructions = ?2 WHERE id = ?1", text)
    }

    /// Shows the branch that ends with this message.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`]; [`HistoryError::NoMessage`] or
    /// [`HistoryError::Elsewhere`] for the message; or as the disk refuses.
    pub fn set_leaf(&self, id: ConversationId, leaf: MessageId) -> Result<(), HistoryError> {
        self.transaction(|t| {
            t.require_in(leaf, id)?;
            // Looking at another branch is not a change that moves the conversation up the list.
            t.sql.execute(
                "UPDATE conversation SET leaf = ?2 WHERE id = ?1",
                params![id.as_i64(), leaf.as_i64()],
            )?;
            Ok(())
        })
    }

    /// Deletes a conversation. It is neither listed nor found any more, and can be had back with
    /// [`restore`](Self::restore) for a day; then it is gone for good.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], or as the disk refuses.
    pub fn delete(&self, id: ConversationId) -> Result<(), HistoryError> {
        self.delete_for_good()?;
        let now = Timestamp::now().as_millis();
        let sql = "UPDATE conversation SET deleted = ?2 WHERE id = ?1 AND deleted IS NULL";
        self.change_one(id, sql, now)
    }

    /// Has a deleted conversation back.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`] if it is gone for good, or as the disk refuses.
    pub fn restore(&self, id: ConversationId) -> Result<(), HistoryError> {
        self.change_one(id, "UPDATE conversation SET deleted = ?2 WHERE id = ?1", None::<i64>)
    }

    /// Deletes a conversation with all its messages and attachments, at once and for good.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], or as the disk refuses.
    pub fn erase(&self, id: ConversationId) -> Result<(), HistoryError> {
        let erased = self.transaction(|t| {
            Ok(t.sql.execute("DELETE FROM conversation WHERE id = ?1", [id.as_i64()])?)
        })?;
        if erased == 0 { Err(HistoryError::NoConversation(id)) } else { Ok(()) }
    }

    /// Erases what was deleted too long ago to be had back.
    pub(crate) fn delete_for_good(&self) -> Result<(), HistoryError> {
        let undo = i64::try_from(UNDO.as_millis()).unwrap_or(i64::MAX);
        let before = Timestamp::now().as_millis().saturating_sub(undo);
        let due = self
            .connection()
            .prepare_cached("SELECT 1 FROM conversation WHERE deleted < ?1")?
            .exists([before])?;
        // Opening a history in which nothing is due takes no lock.
        if due {
            self.transaction(|t| {
                Ok(t.sql.execute("DELETE FROM conversation WHERE deleted < ?1", [before])?)
            })?;
        }
        Ok(())
    }

    fn change_one(
        &self,
        id: ConversationId,
        sql: &str,
        value: impl rusqlite::ToSql,
    ) -> Result<(), HistoryError> {
        let changed =
            self.transaction(|t| Ok(t.sql.execute(sql, params![id.as_i64(), value])?))?;
        if changed == 0 { Err(HistoryError::NoConversation(id)) } else { Ok(()) }
    }
}
