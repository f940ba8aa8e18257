//! What goes to endpoints in the place of words that must not, for each conversation.

use conversation::{ConversationId, MessageId};
use rusqlite::params;

use crate::{History, HistoryError, Transaction};

/// Words of a conversation, and what goes in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// What kind of words they are, in the caller's own terms.
    pub kind: String,
    /// The placeholder's number; 0 for words that may go as they are.
    pub number: u32,
    /// The words.
    pub words: String,
}

impl History {
    /// What is replaced in a conversation, in the order in which it was added.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn replacements(&self, id: ConversationId) -> Result<Vec<Replacement>, HistoryError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT kind, number, words FROM replacement WHERE conversation = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([id.as_i64()], |row| {
            Ok(Replacement { kind: row.get(0)?, number: row.get(1)?, words: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Transaction<'_> {
    /// Adds to what is replaced in a conversation.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], or as the disk refuses.
    pub fn add_replacements(
        &self,
        id: ConversationId,
        added: &[Replacement],
    ) -> Result<(), HistoryError> {
        self.require(id)?;
        let mut insert = self.sql.prepare_cached(
            "INSERT INTO replacement (conversation, kind, number, words) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for Replacement { kind, number, words } in added {
            insert.execute(params![id.as_i64(), kind, number, words])?;
        }
        Ok(())
    }

    /// Keeps how many placeholders stood in what was sent for an answer.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn set_replaced(&self, answer: MessageId, count: u32) -> Result<(), HistoryError> {
        self.sql
            .prepare_cached("UPDATE message SET replaced = ?2 WHERE id = ?1")?
            .execute(params![answer.as_i64(), count])?;
        Ok(())
    }
}
