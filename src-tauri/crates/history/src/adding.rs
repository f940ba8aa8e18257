//! Rows as they are added, and what follows from them: the search index, the counts, and what other
//! machines are to know.
//!
//! Neither is filled by a trigger: a statement that fires one opens a savepoint, at which FTS5
//! writes out all it has gathered. FTS5 does the same whenever a row comes before the last one,
//! as those of an import do. So the index is written at the end of a transaction, in the order of
//! the rows, and an import is ten times faster.

use std::cell::RefCell;

use conversation::{
    Attachment, AttachmentId, Conversation, ConversationId, Failure, FinishReason, FolderId,
    MessageId, MessageState, Role, Timestamp, Usage,
};
use rusqlite::params;

use crate::attachments::Owner;
use crate::rows::{FINISH, ROLE, STATE, name_of};
use crate::{HistoryError, NewAttachment, Transaction};

/// The rows that are not in the search index yet.
#[derive(Debug, Default)]
pub(crate) struct Unindexed {
    titles: RefCell<Vec<i64>>,
    messages: RefCell<Vec<i64>>,
    attachments: RefCell<Vec<i64>>,
}

/// A message as it is stored.
pub(crate) struct NewRow<'a> {
    pub id: MessageId,
    pub conversation: ConversationId,
    pub parent: Option<MessageId>,
    pub role: Role,
    pub state: MessageState,
    pub text: &'a str,
    pub reasoning: &'a str,
    pub failure: Option<&'a Failure>,
    pub finish: Option<FinishReason>,
    pub model: Option<&'a str>,
    pub usage: Option<Usage>,
    pub milliseconds: Option<u32>,
    /// The lease that it streams under.
    pub writer: Option<&'a str>,
    pub created: Timestamp,
    /// How many files are added after it.
    pub files: usize,
}

impl Transaction<'_> {
    /// Adds a message, to a conversation that is there.
    pub(crate) fn insert_message(&self, new: &NewRow<'_>) -> Result<(), HistoryError> {
        self.sql
            .prepare_cached(
                "INSERT INTO message (id, conversation, parent, role, state, text, reasoning,
                     failure_code, failure_message, failure_retry_after, finish, model,
                     input_tokens, output_tokens, milliseconds, writer, created, files)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
                     ?17, ?18)",
            )?
            .execute(params![
                new.id.as_i64(),
                new.conversation.as_i64(),
                new.parent.map(MessageId::as_i64),
                name_of(new.role, ROLE),
                name_of(new.state, STATE),
                new.text,
                new.reasoning,
                new.failure.map(|failure| failure.code.as_str()),
                new.failure.map(|failure| &failure.message),
                new.failure.and_then(|failure| failure.retry_after),
                new.finish.map(|finish| name_of(finish, FINISH)),
                new.model,
                new.usage.map(|usage| usage.input_tokens),
                new.usage.map(|usage| usage.output_tokens),
                new.milliseconds,
                new.writer,
                new.created.as_millis(),
                i64::try_from(new.files).unwrap_or(i64::MAX),
            ])?;
        self.added_message(new.id)
    }

    /// Counts a message that was added, and notes it for the index and for other machines. One that streams in is counted
    /// and indexed by the schema's triggers when it ends.
    pub(crate) fn added_message(&self, id: MessageId) -> Result<(), HistoryError> {
        let counted = self
            .sql
            .prepare_cached(
                "INSERT INTO usage
                 SELECT conversation, month_of(created), coalesce(model, ''), 1, count_words(text),
                     coalesce(input_tokens, 0), coalesce(output_tokens, 0)
                 FROM message WHERE id = ?1 AND state <> 'streaming'
                 ON CONFLICT DO UPDATE SET messages = messages + 1,
                     words = words + excluded.words,
                     input_tokens = input_tokens + excluded.input_tokens,
                     output_tokens = output_tokens + excluded.output_tokens",
            )?
            .execute([id.as_i64()])?;
        if counted > 0 {
            self.unindexed.messages.borrow_mut().push(id.as_i64());
        }
        self.note_message(id)
    }

    /// Adds a conversation without its leaf and its tags.
    pub(crate) fn insert_conversation(&self, new: &Conversation) -> Result<(), HistoryError> {
        self.sql
            .prepare_cached(
                "INSERT INTO conversation (id, title, model, created, updated, pinned,
                     instructions, folder, archived, held)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                new.id.as_i64(),
                new.title,
                new.model,
                new.created.as_millis(),
                new.updated.as_millis(),
                new.pinned,
                new.instructions,
                new.folder.map(FolderId::as_i64),
                new.archived,
                new.held,
            ])?;
        self.unindexed.titles.borrow_mut().push(new.id.as_i64());
        self.note_conversation(new.id)
    }

    /// Adds the next file of a message, after the one before it.
    pub(crate) fn insert_attachment(
        &self,
        message: MessageId,
        created: Timestamp,
        before: Option<AttachmentId>,
        new: &NewAttachment<'_>,
    ) -> Result<Attachment, HistoryError> {
        let id = self.free_attachment(created, before)?;
        self.insert_attachment_as(message, id, new)
    }

    /// Adds a file of a message under an id that is free.
    pub(crate) fn insert_attachment_as(
        &self,
        message: MessageId,
        id: AttachmentId,
        new: &NewAttachment<'_>,
    ) -> Result<Attachment, HistoryError> {
        let attachment = Owner::Message.add(&self.sql, id, message.as_i64(), new)?;
        self.unindexed.attachments.borrow_mut().push(id.as_i64());
        Ok(attachment)
    }

    /// Copies the files of a message to another one.
    pub(crate) fn copy_attachments(
        &self,
        from: MessageId,
        to: MessageId,
    ) -> Result<(), HistoryError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT attachment.id, created FROM attachment
             JOIN message ON message.id = attachment.message
             WHERE message = ?1 ORDER BY attachment.id",
        )?;
        let files = statement.query_map([from.as_i64()], |row| {
            Ok((row.get::<_, i64>(0)?, Timestamp::from_millis(row.get(1)?)))
        })?;
        let mut before = None;
        for file in files {
            let (file, created) = file?;
            let id = self.free_attachment(created, before)?;
            self.sql
                .prepare_cached(
                    "INSERT INTO attachment (id, message, name, media_type, size, data)
                     SELECT ?2, ?3, name, media_type, size, data FROM attachment WHERE id = ?1",
                )?
                .execute([file, id.as_i64(), to.as_i64()])?;
            self.sql
                .prepare_cached(
                    "INSERT INTO original (attachment, path, sha256)
                     SELECT ?2, path, sha256 FROM original WHERE attachment = ?1",
                )?
                .execute([file, id.as_i64()])?;
            self.unindexed.attachments.borrow_mut().push(id.as_i64());
            before = Some(id);
        }
        Ok(())
    }

    /// An id that no message has, for one of this moment that comes after another.
    pub(crate) fn free_message(
        &self,
        created: Timestamp,
        earlier: Option<MessageId>,
    ) -> Result<MessageId, HistoryError> {
        let mut id = MessageId::at(created, earlier);
        while self.is_taken("SELECT 1 FROM message WHERE id = ?1", id.as_i64())? {
            id = MessageId::at(created, Some(id));
        }
        Ok(id)
    }

    /// An id that no conversation has, for one of this moment.
    pub(crate) fn free_conversation(
        &self,
        created: Timestamp,
    ) -> Result<ConversationId, HistoryError> {
        let mut id = ConversationId::at(created, None);
        while self.is_taken("SELECT 1 FROM conversation WHERE id = ?1", id.as_i64())? {
            id = ConversationId::at(created, Some(id));
        }
        Ok(id)
    }

    fn free_attachment(
        &self,
        created: Timestamp,
        earlier: Option<AttachmentId>,
    ) -> Result<AttachmentId, HistoryError> {
        let mut id = AttachmentId::at(created, earlier);
        while self.is_taken("SELECT 1 FROM attachment WHERE id = ?1", id.as_i64())? {
            id = AttachmentId::at(created, Some(id));
        }
        Ok(id)
    }

    fn is_taken(&self, sql: &str, id: i64) -> Result<bool, HistoryError> {
        Ok(self.sql.prepare_cached(sql)?.exists([id])?)
    }

    /// Writes what was added into the search index. To be called before a row is changed or
    /// deleted, since the index is told what it held of such a row.
    pub(crate) fn index_added(&self) -> Result<(), HistoryError> {
        let Unindexed { titles, messages, attachments } = &self.unindexed;
        for (rows, sql) in [
            (
                titles,
                "INSERT INTO title_index (rowid, text)
                 SELECT id, text FROM title_searchable WHERE id = ?1",
            ),
            (
                messages,
                "INSERT INTO message_index (rowid, text, facets)
                 SELECT id, text, facets FROM message_searchable WHERE id = ?1",
            ),
            (
                attachments,
                "INSERT INTO attachment_index (rowid, text)
                 SELECT id, text FROM attachment_searchable WHERE id = ?1",
            ),
        ] {
            let mut rows = rows.take();
            if rows.is_empty() {
                continue;
            }
            rows.sort_unstable();
            let mut statement = self.sql.prepare_cached(sql)?;
            for row in rows {
                statement.execute([row])?;
            }
        }
        Ok(())
    }
}
