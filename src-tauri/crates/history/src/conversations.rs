//! Conversations: making, listing, naming.

use conversation::{Conversation, ConversationId, MessageId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{History, HistoryError, Transaction, rows};

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
        read(&self.connection(), id, self.is_temporary())
    }

    /// Every conversation but deleted ones, the last changed one first.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn conversations(&self) -> Result<Vec<Conversation>, HistoryError> {
        self.recent_conversations(usize::MAX)
    }

    /// The last changed conversations that are not deleted, the very last one first, and no more than `most`.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn recent_conversations(&self, most: usize) -> Result<Vec<Conversation>, HistoryError> {
        if self.shared.is_damaged {
            return self.readable_conversations(most);
        }
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
    /// [`HistoryError::NoConversation`]; [`HistoryError::Held`] if it has one that would be lost;
    /// or as the disk refuses.
    pub fn rename(&self, id: ConversationId, title: &str) -> Result<(), HistoryError> {
        self.transaction(|t| {
            t.keep_text(id, &t.conversation(id)?.title, title)?;
            t.change(&[id], "UPDATE conversation SET title = ?2 WHERE id = ?1", title)
        })
    }

    /// Sets the model that a conversation asks; `None` means the default one.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], or as the disk refuses.
    pub fn set_model(&self, id: ConversationId, model: Option<&str>) -> Result<(), HistoryError> {
        self.transaction(|t| {
            t.change(&[id], "UPDATE conversation SET model = ?2 WHERE id = ?1", model)
        })
    }

    /// Sets the instructions for the model that go with every question of a conversation.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`]; [`HistoryError::Held`] if it has some that would be
    /// lost; or as the disk refuses.
    pub fn set_instructions(&self, id: ConversationId, text: &str) -> Result<(), HistoryError> {
        self.transaction(|t| {
            t.keep_text(id, &t.conversation(id)?.instructions, text)?;
            t.change(&[id], "UPDATE conversation SET instructions = ?2 WHERE id = ?1", text)
        })
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
}

impl Transaction<'_> {
    /// Runs an update of each of these conversations: `?1` is its id, `?2` the value.
    pub(crate) fn change(
        &self,
        ids: &[ConversationId],
        sql: &str,
        value: impl rusqlite::ToSql,
    ) -> Result<(), HistoryError> {
        let mut statement = self.sql.prepare_cached(sql)?;
        for id in ids {
            if statement.execute(params![id.as_i64(), value])? == 0 {
                return Err(HistoryError::NoConversation(*id));
            }
        }
        Ok(())
    }
}

/// A conversation that is not deleted.
pub(crate) fn read(
    connection: &Connection,
    id: ConversationId,
    temporary: bool,
) -> Result<Conversation, HistoryError> {
    let sql = format!(
        "SELECT {} FROM conversation WHERE id = ?1 AND deleted IS NULL",
        rows::CONVERSATION
    );
    connection
        .prepare_cached(&sql)?
        .query_row([id.as_i64()], |row| rows::conversation(row, temporary))
        .optional()?
        .ok_or(HistoryError::NoConversation(id))
}
