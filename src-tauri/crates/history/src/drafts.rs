//! What was written and not yet sent.

use conversation::{ConversationId, Draft};
use rusqlite::params;

use crate::{History, HistoryError, rows};

/// Stands for the conversation to be; no conversation has this id.
const TO_BE: i64 = 0;

impl History {
    /// Every draft.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn drafts(&self) -> Result<Vec<Draft>, HistoryError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT conversation, text FROM draft ORDER BY conversation")?;
        let drafts = statement.query_map([], |row| {
            let to_be = row.get::<_, i64>(0)? == TO_BE;
            let conversation =
                if to_be { None } else { Some(rows::id(row, 0, ConversationId::from_i64)?) };
            Ok(Draft { conversation, text: row.get(1)? })
        })?;
        Ok(drafts.collect::<Result<_, _>>()?)
    }

    /// Keeps a draft in place of an earlier one; an empty one is forgotten.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], or as the disk refuses.
    pub fn set_draft(&self, draft: &Draft) -> Result<(), HistoryError> {
        let id = draft.conversation.map_or(TO_BE, ConversationId::as_i64);
        self.transaction(|t| {
            if let Some(conversation) = draft.conversation {
                t.require(conversation)?;
            }
            if draft.text.is_empty() {
                t.sql.prepare_cached("DELETE FROM draft WHERE conversation = ?1")?.execute([id])?;
            } else {
                t.sql
                    .prepare_cached(
                        "INSERT INTO draft (conversation, text) VALUES (?1, ?2)
                         ON CONFLICT (conversation) DO UPDATE SET text = excluded.text",
                    )?
                    .execute(params![id, draft.text])?;
            }
            Ok(())
        })
    }
}
