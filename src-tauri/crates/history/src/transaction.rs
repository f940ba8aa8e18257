//! Changes that are kept together or not at all.

use std::cell::Cell;

use conversation::{
    AttachmentId, Conversation, ConversationId, Message, MessageId, MessageState, Timestamp,
};
use rusqlite::{OptionalExtension, params};

use crate::adding::{NewRow, Unindexed};
use crate::{HistoryError, NewMessage, Shared, conversations, rows};

/// A change in the making; see [`History::transaction`](crate::History::transaction).
pub struct Transaction<'a> {
    pub(crate) sql: rusqlite::Transaction<'a>,
    pub(crate) shared: &'a Shared,
    pub(crate) unindexed: Unindexed,
    /// Whether something was erased, of which the log must not keep a copy.
    pub(crate) erased: Cell<bool>,
}

impl Transaction<'_> {
    /// Makes an empty conversation.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn create_conversation(
        &self,
        title: &str,
        model: Option<&str>,
    ) -> Result<Conversation, HistoryError> {
        let now = Timestamp::now();
        let conversation = Conversation {
            id: ConversationId::new(),
            title: title.to_owned(),
            leaf: None,
            model: model.map(str::to_owned),
            pinned: false,
            instructions: String::new(),
            folder: None,
            tags: Vec::new(),
            archived: false,
            held: false,
            temporary: self.is_temporary(),
            created: now,
            updated: now,
        };
        self.insert_conversation(&conversation)?;
        Ok(conversation)
    }

    /// Adds a message after its parent and shows the branch that it ends.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`]; [`HistoryError::NoMessage`] or
    /// [`HistoryError::Elsewhere`] for the parent; or as the disk refuses.
    pub fn add_message(&self, new: NewMessage<'_>) -> Result<Message, HistoryError> {
        if let Some(parent) = new.parent {
            self.require_in(parent, new.conversation)?;
        }
        let id = new.parent.map_or_else(MessageId::new, MessageId::after);
        self.show(new.conversation, id)?;
        let lease = match new.state {
            MessageState::Streaming => Some(self.shared.lease()?),
            _ => None,
        };
        let created = Timestamp::now();
        self.insert_message(&NewRow {
            id,
            conversation: new.conversation,
            parent: new.parent,
            role: new.role,
            state: new.state,
            text: new.text,
            reasoning: "",
            failure: None,
            finish: None,
            model: new.model,
            usage: None,
            milliseconds: None,
            writer: lease.as_ref().map(|lease| lease.name()),
            created,
            files: new.attachments.len(),
        })?;
        let mut attachments = Vec::with_capacity(new.attachments.len());
        let mut before: Option<AttachmentId> = None;
        for attachment in new.attachments {
            let added = self.insert_attachment(id, created, before, attachment)?;
            before = Some(added.id);
            attachments.push(added);
        }
        Ok(Message {
            id,
            conversation: new.conversation,
            parent: new.parent,
            role: new.role,
            text: new.text.to_owned(),
            reasoning: String::new(),
            state: new.state,
            failure: None,
            finish: None,
            model: new.model.map(str::to_owned),
            usage: None,
            milliseconds: None,
            replaced: 0,
            attachments,
            created,
        })
    }

    /// Keeps what an answer's request was made of beside the branch, as text of the caller's own.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn set_request(&self, answer: MessageId, request: &str) -> Result<(), HistoryError> {
        self.sql
            .prepare_cached("UPDATE message SET request = ?2 WHERE id = ?1")?
            .execute(params![answer.as_i64(), request])?;
        Ok(())
    }

    /// Shows the branch that ends with this message.
    pub(crate) fn show(
        &self,
        conversation: ConversationId,
        leaf: MessageId,
    ) -> Result<(), HistoryError> {
        let changed = self
            .sql
            .prepare_cached(
                "UPDATE conversation SET leaf = ?2, updated = ?3
                 WHERE id = ?1 AND deleted IS NULL",
            )?
            .execute(params![conversation.as_i64(), leaf.as_i64(), Timestamp::now().as_millis()])?;
        if changed == 0 { Err(HistoryError::NoConversation(conversation)) } else { Ok(()) }
    }

    /// A conversation, also one that was added just now.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`].
    pub fn conversation(&self, id: ConversationId) -> Result<Conversation, HistoryError> {
        conversations::read(&self.sql, id, self.is_temporary())
    }

    pub(crate) fn is_temporary(&self) -> bool {
        self.shared.file.is_none()
    }

    /// Refuses a conversation that is not there.
    pub(crate) fn require(&self, conversation: ConversationId) -> Result<(), HistoryError> {
        let found = self
            .sql
            .prepare_cached("SELECT 1 FROM conversation WHERE id = ?1 AND deleted IS NULL")?
            .exists([conversation.as_i64()])?;
        if found { Ok(()) } else { Err(HistoryError::NoConversation(conversation)) }
    }

    /// Refuses a message that is not of this conversation.
    pub(crate) fn require_in(
        &self,
        message: MessageId,
        conversation: ConversationId,
    ) -> Result<(), HistoryError> {
        let found = self
            .sql
            .prepare_cached("SELECT conversation FROM message WHERE id = ?1")?
            .query_row([message.as_i64()], |row| rows::id(row, 0, ConversationId::from_i64))
            .optional()?;
        match found {
            Some(found) if found == conversation => Ok(()),
            Some(_) => Err(HistoryError::Elsewhere(message)),
            None => Err(HistoryError::NoMessage(message)),
        }
    }
}

#[cfg(test)]
mod tests {
    use conversation::Role;

    use super::*;
    use crate::History;

    #[test]
    fn an_answer_follows_a_question_from_before_the_clock_stepped_back() {
        let history = History::in_memory().unwrap();
        let conversation = history.create_conversation("", None).unwrap().id;
        let message = |parent| NewMessage {
            conversation,
            parent,
            role: Role::User,
            text: "",
            model: None,
            state: MessageState::Complete,
            attachments: &[],
        };
        let question = history.add_message(message(None)).unwrap().id;
        let tomorrow = question.as_i64() + (1 << 50);
        let moved = history.connection().execute(
            "UPDATE message SET id = ?2 WHERE id = ?1",
            params![question.as_i64(), tomorrow],
        );
        assert_eq!(moved.unwrap(), 1);
        let answer = history.add_message(message(MessageId::from_i64(tomorrow))).unwrap();
        assert!(answer.id.as_i64() > tomorrow);
    }
}
