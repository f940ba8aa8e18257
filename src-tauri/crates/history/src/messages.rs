//! Messages and their attachments.

use std::collections::HashSet;

use conversation::{
    Attachment, AttachmentId, ConversationId, Message, MessageId, MessageState, Role,
};
use rusqlite::{OptionalExtension, params_from_iter};

use crate::attachments::Owner;
use crate::{History, HistoryError, rows};

/// A message to be stored.
#[derive(Debug, Clone, Copy)]
pub struct NewMessage<'a> {
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// The message it follows; none for the first.
    pub parent: Option<MessageId>,
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub text: &'a str,
    /// The model that writes it, for an answer.
    pub model: Option<&'a str>,
    /// [`MessageState::Streaming`] for an answer that is about to arrive in this process.
    pub state: MessageState,
    /// Files that travel with it.
    pub attachments: &'a [NewAttachment<'a>],
}

/// A file to be stored with a message.
#[derive(Debug, Clone, Copy)]
pub struct NewAttachment<'a> {
    /// Its name, without a folder.
    pub name: &'a str,
    /// Its media type.
    pub media_type: &'a str,
    /// Its bytes; at most 4 GiB, and in practice at most what SQLite takes for a value (1 GB).
    pub data: &'a [u8],
}

impl History {
    /// Adds a message after its parent and shows the branch that it ends.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`]; [`HistoryError::NoMessage`] or
    /// [`HistoryError::Elsewhere`] for the parent; or as the disk refuses.
    pub fn add_message(&self, message: NewMessage<'_>) -> Result<Message, HistoryError> {
        self.transaction(|t| t.add_message(message))
    }

    /// A message.
    ///
    /// # Errors
    /// [`HistoryError::NoMessage`].
    pub fn message(&self, id: MessageId) -> Result<Message, HistoryError> {
        let messages = self.read("id = ?1", &[id.as_i64()])?;
        messages.into_iter().next().ok_or(HistoryError::NoMessage(id))
    }

    /// Every message of a conversation, of every branch, in the order they were made.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`].
    pub fn messages(&self, conversation: ConversationId) -> Result<Vec<Message>, HistoryError> {
        if self.shared.is_damaged {
            return self.readable_messages(conversation);
        }
        let messages = self.read("conversation = ?1", &[conversation.as_i64()])?;
        if messages.is_empty() {
            self.conversation(conversation)?;
        }
        Ok(messages)
    }

    /// The last `most` messages before and with `leaf`, and every message of the conversation, of
    /// every branch, that was made after the first of those: all that comes after one of them is
    /// among it. Where `leaf` has fewer before it, these are [all](Self::messages).
    ///
    /// # Errors
    /// [`HistoryError::NoMessage`].
    pub fn latest_messages(
        &self,
        leaf: MessageId,
        most: usize,
    ) -> Result<Vec<Message>, HistoryError> {
        if self.shared.is_damaged {
            return self.messages(self.message(leaf)?.conversation);
        }
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let (conversation, first): (i64, i64) = self
            .connection()
            .prepare_cached(
                "WITH RECURSIVE above (id, parent, conversation, place) AS (
                     SELECT id, parent, conversation, 1 FROM message WHERE id = ?1
                     UNION ALL
                     SELECT message.id, message.parent, message.conversation, place + 1
                         FROM above JOIN message ON message.id = above.parent
                             AND message.conversation = above.conversation
                         WHERE place < ?2
                 )
                 -- A first message has all other first ones beside it, which may be older.
                 SELECT conversation, iif(max(parent IS NULL), 0, min(id)) FROM above
                     GROUP BY conversation",
            )?
            .query_row([leaf.as_i64(), most], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?
            .ok_or(HistoryError::NoMessage(leaf))?;
        self.read("conversation = ?1 AND id >= ?2", &[conversation, first])
    }

    /// What [`Transaction::set_request`](crate::Transaction::set_request) kept for this answer.
    ///
    /// # Errors
    /// [`HistoryError::NoMessage`].
    pub fn request(&self, answer: MessageId) -> Result<Option<String>, HistoryError> {
        self.connection()
            .prepare_cached("SELECT request FROM message WHERE id = ?1")?
            .query_row([answer.as_i64()], |row| row.get(0))
            .optional()?
            .ok_or(HistoryError::NoMessage(answer))
    }

    /// An attachment, without its bytes.
    ///
    /// # Errors
    /// [`HistoryError::NoAttachment`].
    pub fn attachment(&self, id: AttachmentId) -> Result<Attachment, HistoryError> {
        Owner::Message.file(&self.connection(), id)
    }

    /// The bytes of an attachment.
    ///
    /// # Errors
    /// [`HistoryError::NoAttachment`].
    pub fn attachment_data(&self, id: AttachmentId) -> Result<Vec<u8>, HistoryError> {
        Owner::Message.data(&self.connection(), id)
    }

    /// The messages that `condition` selects by these numbers. Answers of a process that has died
    /// in the meantime are marked first, so that they read as interrupted.
    fn read(&self, condition: &str, numbers: &[i64]) -> Result<Vec<Message>, HistoryError> {
        let (messages, writers) = self.select(condition, numbers)?;
        if self.shared.is_damaged || writers.iter().all(|writer| self.shared.is_alive(writer)) {
            return Ok(messages);
        }
        self.mark_interrupted()?;
        Ok(self.select(condition, numbers)?.0)
    }

    fn select(
        &self,
        condition: &str,
        numbers: &[i64],
    ) -> Result<(Vec<Message>, HashSet<String>), HistoryError> {
        let connection = self.connection();
        let columns = rows::MESSAGE;
        let sql = format!("SELECT {columns}, files FROM message WHERE {condition} ORDER BY id");
        let mut statement = connection.prepare_cached(&sql)?;
        let mut messages = Vec::new();
        let mut writers = HashSet::new();
        for row in statement.query_map(params_from_iter(numbers), |row| {
            // Most messages have no file, and are not asked for any.
            Ok((rows::message(row)?, row.get::<_, i64>("files")? > 0))
        })? {
            let ((mut message, writer), files) = row?;
            if files {
                message.attachments = Owner::Message.files(&connection, message.id.as_i64())?;
            }
            writers.extend(writer);
            messages.push(message);
        }
        Ok((messages, writers))
    }
}
