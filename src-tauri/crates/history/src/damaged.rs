//! Reading a damaged history, as far as it can be read.
//!
//! A page whose authentication code is wrong cannot be read, and neither can what is behind it in a
//! walk. So rows are looked for from several sides, and then read one by one.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::path::Path;

use conversation::{Conversation, ConversationId, Message, MessageId, MessageState};
use rusqlite::Connection;

use crate::{History, HistoryError, Source, connection, schema};

/// Where the ids of conversations stand.
const CONVERSATIONS: &[&str] = &[
    "SELECT id FROM conversation NOT INDEXED ORDER BY id",
    "SELECT id FROM conversation NOT INDEXED ORDER BY id DESC",
    "SELECT id FROM conversation INDEXED BY conversation_updated ORDER BY updated",
    "SELECT id FROM conversation INDEXED BY conversation_updated ORDER BY updated DESC",
    "SELECT conversation FROM message INDEXED BY message_conversation ORDER BY conversation",
    "SELECT conversation FROM message INDEXED BY message_conversation ORDER BY conversation DESC",
];

/// Where those of a conversation's messages stand.
const MESSAGES: &[&str] = &[
    "SELECT id FROM message INDEXED BY message_conversation WHERE conversation = ?1 ORDER BY id",
    "SELECT id FROM message INDEXED BY message_conversation WHERE conversation = ?1
     ORDER BY id DESC",
    "SELECT id FROM message NOT INDEXED WHERE conversation = ?1 ORDER BY id",
    "SELECT id FROM message NOT INDEXED WHERE conversation = ?1 ORDER BY id DESC",
];

impl History {
    /// Opens a history that is damaged, to take out of it what can be read. Conversations,
    /// messages and files that cannot are left out; every change is refused with
    /// [`HistoryError::OnlyReadable`]. The file is left as it is. For one whose first page, which
    /// proves the key, cannot be read there is nothing but a backup.
    ///
    /// # Errors
    /// [`HistoryError::NotAHistory`] if `key` is not its key, or its first page is damaged;
    /// [`HistoryError::NewerVersion`]; [`HistoryError::Damaged`] if it is of an older version,
    /// which would have to be upgraded; or as the disk refuses.
    pub fn open_damaged(file: &Path, key: &[u8; 32]) -> Result<Self, HistoryError> {
        let connection = connection::read_only(file, key)?;
        if !schema::is_latest(&connection)? {
            return Err(HistoryError::Damaged("it is of an older version".to_owned()));
        }
        Ok(Self::on(connection, Some(Source::new(file, key)), true))
    }

    /// Whether it was opened as a damaged one, and can only be read.
    pub fn is_damaged(&self) -> bool {
        self.shared.is_damaged
    }

    pub(crate) fn readable_conversations(
        &self,
        most: usize,
    ) -> Result<Vec<Conversation>, HistoryError> {
        let ids = self.ids(CONVERSATIONS, [])?;
        let ids = ids.into_iter().filter_map(ConversationId::from_i64);
        let mut conversations: Vec<_> = ids.filter_map(|id| self.conversation(id).ok()).collect();
        conversations.sort_by_key(|conversation| Reverse((conversation.updated, conversation.id)));
        conversations.truncate(most);
        Ok(conversations)
    }

    /// Those that can be read; an answer that was arriving is interrupted.
    pub(crate) fn readable_messages(
        &self,
        conversation: ConversationId,
    ) -> Result<Vec<Message>, HistoryError> {
        let ids = self.ids(MESSAGES, [conversation.as_i64()])?;
        let ids = ids.into_iter().filter_map(MessageId::from_i64);
        let mut messages: Vec<_> = ids.filter_map(|id| self.message(id).ok()).collect();
        for message in &mut messages {
            if message.state == MessageState::Streaming {
                message.state = MessageState::Interrupted;
            }
        }
        if messages.is_empty() {
            self.conversation(conversation)?;
        }
        Ok(messages)
    }

    /// What could be read; none where that is damaged in a history that was opened for this.
    pub(crate) fn readable<T>(
        &self,
        read: Result<T, HistoryError>,
    ) -> Result<Option<T>, HistoryError> {
        match read {
            Err(error) if self.shared.is_damaged && error.is_damage() => Ok(None),
            read => read.map(Some),
        }
    }

    /// The ids that the statements select, each up to where it cannot read on.
    fn ids(
        &self,
        statements: &[&str],
        values: impl rusqlite::Params + Copy,
    ) -> Result<BTreeSet<i64>, HistoryError> {
        let mut ids = BTreeSet::new();
        for sql in statements {
            let connection = self.connection();
            let mut statement = connection.prepare(sql)?;
            let rows = statement.query_map(values, |row| row.get::<_, i64>(0))?;
            ids.extend(rows.map_while(Result::ok));
        }
        Ok(ids)
    }

    /// Opens the file anew where it has to be: once SQLCipher has met a damaged page, a connection
    /// reads nothing any more.
    pub(crate) fn renew(&self, connection: &mut Connection) {
        // Asked of the file, not of the pages that are in memory.
        let version = connection.execute_batch("PRAGMA shrink_memory").and_then(|()| {
            connection.pragma_query_value(None, "schema_version", |row| row.get::<_, i64>(0))
        });
        let is_readable = version.is_ok();
        if let (false, Some(file)) = (is_readable, &self.shared.file)
            && let Ok(renewed) = connection::read_only(&file.path, &file.key)
        {
            *connection = renewed;
        }
    }
}
