//! Conversations as they are carried from one history to another.

use std::collections::HashMap;

use conversation::{
    Conversation, ConversationId, MessageId, MessageState, PortableConversation, PortableFile,
    PortableMessage,
};
use rusqlite::{OptionalExtension, params};

use crate::adding::NewRow;
use crate::{History, HistoryError, NewAttachment, Transaction, rows};

/// Begins the key of a conversation that was made in Bureau; its id follows.
const OWN: &str = "bureau:";

/// What became of a conversation that was to be brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is this new one.
    New(ConversationId),
    /// It is here already, as this one; nothing was added. That may be a deleted one, which can
    /// still be had back.
    Known(ConversationId),
}

impl History {
    /// A conversation as it is carried to another history. An answer that is still arriving is
    /// interrupted in it. Of a damaged history it is what can be read.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], or as the disk refuses.
    pub fn portable(&self, id: ConversationId) -> Result<PortableConversation, HistoryError> {
        let conversation = self.conversation(id)?;
        let messages = self.messages(id)?;
        let places: HashMap<_, _> =
            messages.iter().enumerate().map(|(place, message)| (message.id, place)).collect();
        let folder = conversation.folder.map(|folder| self.folder(folder)).transpose();
        let folder = self.readable(folder)?.flatten();
        let key = self.readable(self.key(id))?.flatten();
        let mut portable = PortableConversation {
            key: key.unwrap_or_else(|| format!("{OWN}{id}")),
            title: conversation.title,
            model: conversation.model,
            instructions: conversation.instructions,
            folder: folder.map(|folder| folder.name),
            tags: conversation.tags,
            pinned: conversation.pinned,
            archived: conversation.archived,
            // What it means is the organisation's, whose words the caller has.
            marking: None,
            created: conversation.created,
            updated: conversation.updated,
            leaf: conversation.leaf.and_then(|leaf| places.get(&leaf).copied()),
            messages: Vec::with_capacity(messages.len()),
        };
        for message in messages {
            let mut files = Vec::with_capacity(message.attachments.len());
            for file in message.attachments {
                let Some(data) = self.readable(self.attachment_data(file.id))? else { continue };
                files.push(PortableFile { name: file.name, media_type: file.media_type, data });
            }
            portable.messages.push(PortableMessage {
                parent: message.parent.and_then(|parent| places.get(&parent).copied()),
                role: message.role,
                text: message.text,
                reasoning: message.reasoning,
                state: match message.state {
                    MessageState::Streaming => MessageState::Interrupted,
                    state => state,
                },
                failure: message.failure,
                finish: message.finish,
                model: message.model,
                usage: message.usage,
                milliseconds: message.milliseconds,
                created: message.created,
                files,
            });
        }
        Ok(portable)
    }

    /// The name that a conversation had where it was brought from.
    fn key(&self, id: ConversationId) -> Result<Option<String>, HistoryError> {
        Ok(self
            .connection()
            .prepare_cached("SELECT key FROM imported WHERE conversation = ?1")?
            .query_row([id.as_i64()], |row| row.get(0))
            .optional()?)
    }
}

impl Transaction<'_> {
    /// Brings a conversation in, unless it is here already: with the times that it says, into the
    /// folder of that name, which is made if there is none. Messages that say to be older than
    /// what they follow are found by their dates as if they were made right after it. What was
    /// erased may be brought in again. Of many, the oldest are best brought in first: in the
    /// opposite order the file grows half as large again.
    ///
    /// # Errors
    /// [`HistoryError::NotPortable`] if it is no tree; [`HistoryError::NotATag`];
    /// [`HistoryError::Unnamed`] for its folder; or as the disk refuses.
    pub fn add_portable(&self, new: &PortableConversation) -> Result<Added, HistoryError> {
        new.check()?;
        if let Some(known) = self.known(&new.key)? {
            return Ok(Added::Known(known));
        }
        let folder = new.folder.as_deref().map(|name| self.folder_named(name)).transpose()?;
        let id = self.free_conversation(new.created)?;
        self.insert_conversation(&Conversation {
            id,
            title: new.title.clone(),
            leaf: None,
            model: new.model.clone(),
            pinned: new.pinned,
            instructions: new.instructions.clone(),
            folder,
            tags: Vec::new(),
            archived: new.archived,
            held: false,
            temporary: self.is_temporary(),
            created: new.created,
            updated: new.updated,
        })?;
        self.sql
            .prepare_cached("INSERT INTO imported (key, conversation) VALUES (?1, ?2)")?
            .execute(params![new.key, id.as_i64()])?;
        for tag in &new.tags {
            self.add_tag(&[id], tag)?;
        }
        if let Some(marking) = &new.marking {
            self.put_marking(id, Some(&marking.id))?;
        }
        let mut ids = Vec::with_capacity(new.messages.len());
        // The last child of each message: siblings are in the order of their ids.
        let mut last = HashMap::new();
        for message in &new.messages {
            let parent = message.parent.and_then(|place| ids.get(place).copied());
            let at = self.free_message(message.created, parent.max(last.get(&parent).copied()))?;
            self.add_portable_message(id, at, parent, message)?;
            last.insert(parent, at);
            ids.push(at);
        }
        if let Some(leaf) = new.leaf.and_then(|place| ids.get(place).copied()) {
            self.set_end(id, Some(leaf))?;
        }
        Ok(Added::New(id))
    }

    fn add_portable_message(
        &self,
        conversation: ConversationId,
        id: MessageId,
        parent: Option<MessageId>,
        message: &PortableMessage,
    ) -> Result<(), HistoryError> {
        self.insert_message(&NewRow {
            id,
            conversation,
            parent,
            role: message.role,
            state: message.state,
            text: &message.text,
            reasoning: &message.reasoning,
            failure: message.failure.as_ref(),
            finish: message.finish,
            model: message.model.as_deref(),
            usage: message.usage,
            milliseconds: message.milliseconds,
            writer: None,
            created: message.created,
            files: message.files.len(),
        })?;
        let mut before = None;
        for file in &message.files {
            let PortableFile { name, media_type, data } = file;
            let file = NewAttachment { name, media_type, data };
            before = Some(self.insert_attachment(id, message.created, before, &file)?.id);
        }
        Ok(())
    }

    /// The conversation that has this key, deleted ones included.
    fn known(&self, key: &str) -> Result<Option<ConversationId>, HistoryError> {
        let own = key.strip_prefix(OWN).and_then(|id| id.parse::<ConversationId>().ok());
        Ok(self
            .sql
            .prepare_cached(
                "SELECT conversation FROM imported WHERE key = ?1
                 UNION ALL SELECT id FROM conversation WHERE id = ?2 LIMIT 1",
            )?
            .query_row(params![key, own.map(ConversationId::as_i64)], |row| {
                rows::id(row, 0, ConversationId::from_i64)
            })
            .optional()?)
    }
}
