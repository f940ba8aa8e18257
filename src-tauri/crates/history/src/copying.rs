//! Conversations made of others: a copy, and one in the place of several.

use std::collections::HashMap;

use conversation::{Conversation, ConversationId, MessageId, Timestamp};
use rusqlite::{OptionalExtension, params};

use crate::{HistoryError, Transaction, rows};

/// What a message is beside its place, as columns; an answer that is arriving ends here.
const CONTENT: &str = "role, iif(state = 'streaming', 'interrupted', state), text, reasoning,
    failure_code, failure_message, failure_retry_after, finish, model, input_tokens,
    output_tokens, milliseconds, request, created, files, replaced";

impl Transaction<'_> {
    /// Copies a conversation: every branch, its files, where it lies and how it is marked. Only
    /// its hold stays with it. An answer that is still arriving is interrupted in the copy.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], or as the disk refuses.
    pub fn duplicate(&self, id: ConversationId, title: &str) -> Result<Conversation, HistoryError> {
        let copy = self.made_of(&self.conversation(id)?, title)?;
        let end = self.copy_messages(id, copy.id, None)?;
        self.set_end(copy.id, end)?;
        for tag in &copy.tags {
            self.add_tag(&[copy.id], tag)?;
        }
        self.mark_alike(id, copy.id)?;
        Ok(Conversation { leaf: end, ..copy })
    }

    /// Puts conversations together into a new one, in which they are read one after the other, the
    /// one that was begun first at the top: the shown branch of each follows the end of the one
    /// before, and every other branch stays beside it. It has the model, the folder and the marks
    /// of the first of `ids`, and the instructions, the tags and the drafts of all. They themselves
    /// are deleted, as by [`delete`](Self::delete): to undo it, have them back, and delete the new
    /// one.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], also for one that is named twice or if none is;
    /// [`HistoryError::Arriving`] while an answer does; [`HistoryError::Held`]; or as the disk
    /// refuses.
    pub fn merge(&self, ids: &[ConversationId], title: &str) -> Result<Conversation, HistoryError> {
        let mut parts = Vec::with_capacity(ids.len());
        for id in ids {
            self.require_ended(*id)?;
            parts.push(self.conversation(*id)?);
        }
        let none = || HistoryError::NoConversation(ConversationId::new());
        let first = parts.first().ok_or_else(none)?;
        let mut instructions: Vec<&str> = Vec::new();
        for part in &parts {
            if !part.instructions.is_empty() && !instructions.contains(&&*part.instructions) {
                instructions.push(&part.instructions);
            }
        }
        let model = Conversation { instructions: instructions.join("\n\n"), ..first.clone() };
        let whole = self.made_of(&model, title)?;
        for part in &parts {
            for tag in &part.tags {
                self.add_tag(&[whole.id], tag)?;
            }
        }
        parts.sort_by_key(|part| (part.created, part.id));
        let mut end = None;
        for part in &parts {
            end = self.copy_messages(part.id, whole.id, end)?;
            self.sql
                .prepare_cached(
                    "INSERT INTO draft (conversation, text)
                     SELECT ?2, text FROM draft WHERE conversation = ?1
                     ON CONFLICT DO UPDATE SET text = text || char(10, 10) || excluded.text",
                )?
                .execute(params![part.id.as_i64(), whole.id.as_i64()])?;
        }
        self.set_end(whole.id, end)?;
        self.delete(ids)?;
        self.conversation(whole.id)
    }

    /// A new conversation that is marked as this one is, without its messages and tags.
    fn made_of(&self, like: &Conversation, title: &str) -> Result<Conversation, HistoryError> {
        let now = Timestamp::now();
        let new = Conversation {
            id: ConversationId::new(),
            title: title.to_owned(),
            leaf: None,
            held: false,
            created: now,
            updated: now,
            ..like.clone()
        };
        self.insert_conversation(&new)?;
        Ok(new)
    }

    /// Copies the messages of a conversation into another, after the end of a branch there. Says
    /// where the branch ends now that is shown in the first.
    fn copy_messages(
        &self,
        from: ConversationId,
        to: ConversationId,
        after: Option<MessageId>,
    ) -> Result<Option<MessageId>, HistoryError> {
        let mut copies: HashMap<MessageId, MessageId> = HashMap::new();
        // The newest child of each message, as copies; a later one has a later id.
        let mut newest: HashMap<Option<MessageId>, MessageId> = HashMap::new();
        for (id, parent, created) in self.skeleton(from)? {
            let parent = parent.and_then(|parent| copies.get(&parent).copied()).or(after);
            let earlier = parent.max(newest.get(&parent).copied());
            let copy = self.free_message(created, earlier)?;
            self.copy_message(id, copy, to, parent)?;
            copies.insert(id, copy);
            newest.insert(parent, copy);
        }
        let leaf = self.conversation(from)?.leaf.and_then(|leaf| copies.get(&leaf).copied());
        let mut end = leaf.or(after);
        while let Some(&next) = newest.get(&end) {
            end = Some(next);
        }
        Ok(end)
    }

    fn skeleton(
        &self,
        conversation: ConversationId,
    ) -> Result<Vec<(MessageId, Option<MessageId>, Timestamp)>, HistoryError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT id, parent, created FROM message WHERE conversation = ?1 ORDER BY id",
        )?;
        let skeleton = statement.query_map([conversation.as_i64()], |row| {
            Ok((
                rows::id(row, 0, MessageId::from_i64)?,
                rows::optional_id(row, 1, MessageId::from_i64)?,
                Timestamp::from_millis(row.get(2)?),
            ))
        })?;
        Ok(skeleton.collect::<Result<_, _>>()?)
    }

    fn copy_message(
        &self,
        id: MessageId,
        copy: MessageId,
        conversation: ConversationId,
        parent: Option<MessageId>,
    ) -> Result<(), HistoryError> {
        self.sql
            .prepare_cached(&format!(
                "INSERT INTO message (id, conversation, parent, role, state, text, reasoning,
                     failure_code, failure_message, failure_retry_after, finish, model,
                     input_tokens, output_tokens, milliseconds, request, created, files, replaced)
                 SELECT ?2, ?3, ?4, {CONTENT} FROM message WHERE id = ?1"
            ))?
            .execute(params![
                id.as_i64(),
                copy.as_i64(),
                conversation.as_i64(),
                parent.map(MessageId::as_i64)
            ])?;
        self.added_message(copy)?;
        self.copy_attachments(id, copy)
    }

    pub(crate) fn set_end(
        &self,
        conversation: ConversationId,
        end: Option<MessageId>,
    ) -> Result<(), HistoryError> {
        let sql = "UPDATE conversation SET leaf = ?2 WHERE id = ?1";
        self.change(&[conversation], sql, end.map(MessageId::as_i64))
    }

    /// Refuses a conversation in which an answer is arriving.
    fn require_ended(&self, id: ConversationId) -> Result<(), HistoryError> {
        let arriving = self
            .sql
            .prepare_cached("SELECT 1 FROM message WHERE writer IS NOT NULL AND conversation = ?1")?
            .query_row([id.as_i64()], |_| Ok(()))
            .optional()?;
        if arriving.is_some() { Err(HistoryError::Arriving(id)) } else { Ok(()) }
    }
}
