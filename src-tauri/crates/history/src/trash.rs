//! Deleting: into the trash, from where it can be had back for a time, and for good.

use std::time::Duration;

use conversation::{Conversation, ConversationId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::hold::IS_HELD;
use crate::{History, HistoryError, Transaction, rows};

/// How long a deleted conversation can be had back.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// From one message of so many on, the index is written anew when they are erased.
const MANY: u64 = 200;

/// A deleted conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Trashed {
    /// The conversation.
    pub conversation: Conversation,
    /// When it was deleted.
    pub deleted: Timestamp,
    /// From when on it may be gone for good.
    pub until: Timestamp,
}

/// What became of the deleted conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Emptied {
    /// So many are gone for good.
    pub erased: u32,
    /// So many are still there, since they are held.
    pub held: u32,
}

impl History {
    /// Deletes a conversation. It is neither listed nor found any more, and can be had back with
    /// [`restore`](Self::restore) for thirty days; then it is gone for good.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`]; [`HistoryError::Held`]; or as the disk refuses.
    pub fn delete(&self, id: ConversationId) -> Result<(), HistoryError> {
        self.delete_for_good()?;
        self.transaction(|t| t.delete(&[id]))
    }

    /// Has a deleted conversation back.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`] if it is gone for good, or as the disk refuses.
    pub fn restore(&self, id: ConversationId) -> Result<(), HistoryError> {
        self.transaction(|t| t.restore(&[id]))
    }

    /// Deletes a conversation with all its messages and attachments, at once and for good.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`]; [`HistoryError::Held`]; or as the disk refuses.
    pub fn erase(&self, id: ConversationId) -> Result<(), HistoryError> {
        self.transaction(|t| t.erase(&[id]))
    }

    /// The deleted conversations that can be had back, the last deleted one first.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn trash(&self) -> Result<Vec<Trashed>, HistoryError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {}, deleted FROM conversation WHERE deleted IS NOT NULL
             ORDER BY deleted DESC, id DESC",
            rows::CONVERSATION
        ))?;
        let trashed = statement.query_map([], |row| {
            let deleted: i64 = row.get("deleted")?;
            Ok(Trashed {
                conversation: rows::conversation(row, self.is_temporary())?,
                deleted: Timestamp::from_millis(deleted),
                until: Timestamp::from_millis(deleted.saturating_add(kept())),
            })
        })?;
        Ok(trashed.collect::<Result<_, _>>()?)
    }

    /// Erases every deleted conversation that is not held.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn empty_trash(&self) -> Result<Emptied, HistoryError> {
        self.transaction(|t| {
            let erased = t.erase_where("deleted IS NOT NULL", [])?;
            let held = t.sql.query_row(
                "SELECT count(*) FROM conversation WHERE deleted IS NOT NULL",
                [],
                |row| row.get(0),
            )?;
            Ok(Emptied { erased, held })
        })
    }

    /// Erases what was deleted too long ago to be had back.
    pub(crate) fn delete_for_good(&self) -> Result<(), HistoryError> {
        let before = Timestamp::now().as_millis().saturating_sub(kept());
        let due = self
            .connection()
            .prepare_cached("SELECT 1 FROM conversation WHERE deleted < ?1")?
            .exists([before])?;
        // Opening a history in which nothing is due takes no lock.
        if due {
            self.transaction(|t| t.erase_where("deleted < ?1", [before]))?;
        }
        Ok(())
    }
}

impl Transaction<'_> {
    /// Deletes conversations, as [`History::delete`] does.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`]; [`HistoryError::Held`]; or as the disk refuses.
    pub fn delete(&self, ids: &[ConversationId]) -> Result<(), HistoryError> {
        for id in ids {
            self.require_free(*id)?;
        }
        let sql = "UPDATE conversation SET deleted = ?2 WHERE id = ?1 AND deleted IS NULL";
        self.change(ids, sql, Timestamp::now().as_millis())
    }

    /// Has deleted conversations back; one that is not deleted stays as it is.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`] if one is gone for good, or as the disk refuses.
    pub fn restore(&self, ids: &[ConversationId]) -> Result<(), HistoryError> {
        self.change(ids, "UPDATE conversation SET deleted = ?2 WHERE id = ?1", None::<i64>)
    }

    /// Deletes conversations with all that belongs to them, at once and for good.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`]; [`HistoryError::Held`]; or as the disk refuses.
    pub fn erase(&self, ids: &[ConversationId]) -> Result<(), HistoryError> {
        for id in ids {
            self.require_free(*id)?;
        }
        self.erase_free(ids)
    }

    /// Erases conversations that were found to be free.
    pub(crate) fn erase_free(&self, ids: &[ConversationId]) -> Result<(), HistoryError> {
        self.index_added()?;
        let mut doomed: u64 = 0;
        for id in ids {
            let sql = "SELECT count(*) FROM message WHERE conversation = ?1";
            let count: u32 =
                self.sql.prepare_cached(sql)?.query_row([id.as_i64()], |row| row.get(0))?;
            doomed += u64::from(count);
        }
        self.unindexing(doomed, || {
            let sql = "DELETE FROM conversation WHERE id = ?1";
            let mut statement = self.sql.prepare_cached(sql)?;
            for id in ids {
                statement.execute([id.as_i64()])?;
            }
            Ok(())
        })?;
        self.erased.set(true);
        Ok(())
    }

    /// Erases the conversations that a condition selects and that are not held; says how many.
    pub(crate) fn erase_where(
        &self,
        condition: &str,
        values: impl rusqlite::Params + Copy,
    ) -> Result<u32, HistoryError> {
        self.index_added()?;
        let condition = format!("{condition} AND NOT {IS_HELD}");
        let doomed: u32 = self
            .sql
            .prepare_cached(&format!(
                "SELECT count(*) FROM message
                 WHERE conversation IN (SELECT id FROM conversation WHERE {condition})"
            ))?
            .query_row(values, |row| row.get(0))?;
        let sql = format!("DELETE FROM conversation WHERE {condition}");
        let erased = self.unindexing(u64::from(doomed), || {
            Ok(self.sql.prepare_cached(&sql)?.execute(values)?)
        })?;
        if erased > 0 {
            self.erased.set(true);
        }
        Ok(u32::try_from(erased).unwrap_or(u32::MAX))
    }

    /// Deletes messages, so many, in the way that takes their words out of the index soonest. Each
    /// word of each by itself takes a hundred times as long as noting it, but for a few messages
    /// not as long as writing the index anew without what was noted.
    fn unindexing<T>(
        &self,
        messages: u64,
        delete: impl FnOnce() -> Result<T, HistoryError>,
    ) -> Result<T, HistoryError> {
        let all: i64 =
            self.sql.query_row("SELECT coalesce(sum(messages), 0) FROM usage", [], |r| r.get(0))?;
        if messages.saturating_mul(MANY) < u64::try_from(all).unwrap_or(0) {
            return delete();
        }
        self.sql.execute_batch(
            "INSERT INTO message_index (message_index, rank) VALUES ('secure-delete', 0);
             INSERT INTO title_index (title_index, rank) VALUES ('secure-delete', 0);
             INSERT INTO attachment_index (attachment_index, rank) VALUES ('secure-delete', 0);",
        )?;
        let deleted = delete()?;
        self.sql.execute_batch(
            "INSERT INTO message_index (message_index) VALUES ('optimize');
             INSERT INTO title_index (title_index) VALUES ('optimize');
             INSERT INTO attachment_index (attachment_index) VALUES ('optimize');
             INSERT INTO message_index (message_index, rank) VALUES ('secure-delete', 1);
             INSERT INTO title_index (title_index, rank) VALUES ('secure-delete', 1);
             INSERT INTO attachment_index (attachment_index, rank) VALUES ('secure-delete', 1);",
        )?;
        Ok(deleted)
    }
}

fn kept() -> i64 {
    i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX)
}
