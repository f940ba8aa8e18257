//! Conversations: making, listing, naming, deleting.

use conversation::{Conversation, ConversationId, MessageId};
use rusqlite::{OptionalExtension, params};

use crate::{History, HistoryError, rows};

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
        let sql = format!("SELECT {} FROM conversation WHERE id = ?1", rows::CONVERSATION);
        self.connection()
            .prepare_cached(&sql)?
            .query_row([id.as_i64()], rows::conversation)
            .optional()?
            .ok_or(HistoryError::NoConversation(id))
    }

    /// Every conversation, the last changed one first.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn conversations(&self) -> Result<Vec<Conversation>, HistoryError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {} FROM conversation ORDER BY updated DESC, id DESC",
            rows::CONVERSATION
        ))?;
        let conversations = statement.query_map([], rows::conversation)?;
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

    /// Deletes a conversation with all its messages and attachments, for good.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], or as the disk refuses.
    pub fn delete(&self, id: ConversationId) -> Result<(), HistoryError> {
        let deleted = self.transaction(|t| {
            Ok(t.sql.execute("DELETE FROM conversation WHERE id = ?1", [id.as_i64()])?)
        })?;
        if deleted == 0 { Err(HistoryError::NoConversation(id)) } else { Ok(()) }
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
