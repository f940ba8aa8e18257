//! What other machines changed, brought in: in any order, as often as it comes.

use std::collections::BTreeSet;

use conversation::{
    AttachmentId, Conversation, ConversationId, Failure, FailureCode, FolderId, MessageId,
    Timestamp, Usage,
};
use rusqlite::{OptionalExtension, params};

use super::device::{self, Peer};
use super::outgoing::{content_of, value, version};
use super::record::{Content, Field, FolderFile, Kind, MessageRecord, Record, Version};
use crate::adding::NewRow;
use crate::attachments::Owner;
use crate::rows::{FINISH, STATE};
use crate::{History, HistoryError, NewAttachment, Transaction};

/// Of what records told something new.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// Conversations, some of which may be gone by it.
    pub conversations: BTreeSet<ConversationId>,
    /// Whether it was some folder or tag as well.
    pub folders: bool,
}

/// What is to be made anew of what is known, once all records are.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub conversations: BTreeSet<i64>,
    pub folders: BTreeSet<i64>,
    /// Tags without case.
    pub tags: BTreeSet<String>,
}

impl Touched {
    pub fn add(&mut self, kind: Kind, record: i64) {
        match kind {
            Kind::Conversation => self.conversations.insert(record),
            Kind::Folder => self.folders.insert(record),
        };
    }
}

impl History {
    /// Brings in what another machine changed, all of it or nothing, and notes that it was. Says of
    /// what it told something new.
    ///
    /// # Errors
    /// [`HistoryError::NotSynced`]; [`HistoryError::NotAChange`] if a record is none; or as the
    /// disk refuses.
    pub fn apply_records(&self, records: &[Record], from: &Peer) -> Result<Applied, HistoryError> {
        records.iter().try_for_each(Record::check)?;
        self.transaction(|t| {
            if device::state(&t.sql)?.is_none() {
                return Err(HistoryError::NotSynced);
            }
            // What is made of others' changes is no change of this machine's.
            let latest = records.iter().map(Record::time).max().unwrap_or(0);
            let sql = "UPDATE sync_device SET recording = 0, clock = max(clock, ?1)";
            t.sql.prepare_cached(sql)?.execute([latest])?;
            let mut touched = Touched::default();
            for record in records {
                match record {
                    Record::Field(field) => t.apply_field(field, &mut touched)?,
                    Record::Message(message) => t.apply_message(message, &mut touched)?,
                    Record::FolderFile(file) => t.apply_folder_file(file, &mut touched)?,
                    Record::Erased(erased) => t.apply_erased(erased, &mut touched)?,
                }
            }
            t.index_added()?;
            t.materialise(&touched)?;
            t.set_sync_peer(from)?;
            t.sql.prepare_cached("UPDATE sync_device SET recording = 1")?.execute([])?;
            let conversations = touched.conversations.iter().copied();
            Ok(Applied {
                conversations: conversations.filter_map(ConversationId::from_i64).collect(),
                folders: !touched.folders.is_empty() || !touched.tags.is_empty(),
            })
        })
    }
}

impl Transaction<'_> {
    fn apply_field(&self, new: &Field, touched: &mut Touched) -> Result<(), HistoryError> {
        let Field { kind, record, field, value: set, version: at } = new;
        if self.floor(*kind, *record, 0)? >= Some(*at) {
            return Ok(());
        }
        let known = self
            .sql
            .prepare_cached(
                "SELECT time, device, value FROM sync_field
                 WHERE kind = ?1 AND record = ?2 AND field = ?3",
            )?
            .query_row(params![kind.number(), record, field], |row| {
                Ok((version(row, 0)?, value(row, 2)?))
            })
            .optional()?;
        // Two machines can have had different values of one version only from before they shared.
        if known.is_some_and(|known| known >= (*at, set.clone())) {
            return Ok(());
        }
        self.put_field(*kind, *record, field, set, *at)?;
        touched.add(*kind, *record);
        if let Some(tag) = field.strip_prefix("tag:") {
            touched.tags.insert(tag.to_owned());
        }
        Ok(())
    }

    fn apply_message(
        &self,
        new: &MessageRecord,
        touched: &mut Touched,
    ) -> Result<(), HistoryError> {
        let (kind, record) = (Kind::Conversation, new.conversation);
        if self.floor(kind, record, new.id)? >= Some(new.version) {
            return Ok(());
        }
        if let Some(known) = self.part(kind, record, new.id)? {
            if known > new.version {
                return Ok(());
            }
            let content = content_of(&self.sql, new.id)?;
            if known == new.version && content >= new.content {
                return Ok(());
            }
            // An answer that goes on here says more than this when it ends.
            if content.state != "streaming" && content != new.content {
                self.rewrite_message(new.id, &new.content)?;
            }
            self.sql
                .prepare_cached(
                    "UPDATE sync_part SET time = ?3, device = ?4, place = NULL, segment = NULL
                     WHERE kind = 1 AND record = ?1 AND part = ?2",
                )?
                .execute(params![record, new.id, new.version.time, new.version.device])?;
        } else if !self.add_synced_message(new)? {
            return Ok(());
        }
        touched.add(kind, record);
        Ok(())
    }

    /// Adds a message that another machine has; says whether it could.
    fn add_synced_message(&self, new: &MessageRecord) -> Result<bool, HistoryError> {
        let none = || HistoryError::NotAChange("the id of a message");
        let id = MessageId::from_i64(new.id).ok_or_else(none)?;
        let conversation = ConversationId::from_i64(new.conversation).ok_or_else(none)?;
        if self.has("SELECT 1 FROM message WHERE id = ?1", new.id)? {
            // Two imports can have given one number to two messages of the same moment.
            tracing::warn!(%id, "a message of another machine has the number of another one here");
            return Ok(false);
        }
        self.require_row(conversation, new.created)?;
        let parent = match new.parent {
            Some(parent) if self.is_message_of(parent, new.conversation)? => {
                MessageId::from_i64(parent)
            }
            _ => None,
        };
        let content = &new.content;
        let failure = content.failure_code.as_deref().map(|code| Failure {
            code: FailureCode::from_text(code).unwrap_or(FailureCode::Internal),
            message: content.failure_message.clone().unwrap_or_default(),
            retry_after: content.failure_retry_after,
        });
        let created = Timestamp::from_millis(new.created);
        self.insert_message(&NewRow {
            id,
            conversation,
            parent,
            role: new.role,
            state: value_of(&content.state, STATE)?,
            text: &content.text,
            reasoning: &content.reasoning,
            failure: failure.as_ref(),
            finish: content.finish.as_deref().map(|name| value_of(name, FINISH)).transpose()?,
            model: new.model.as_deref(),
            usage: match (content.input_tokens, content.output_tokens) {
                (Some(input_tokens), Some(output_tokens)) => {
                    Some(Usage { input_tokens, output_tokens })
                }
                _ => None,
            },
            milliseconds: content.milliseconds,
            writer: None,
            created,
            files: new.files.len(),
        })?;
        let mut before = None;
        for file in &new.files {
            let attachment =
                NewAttachment { name: &file.name, media_type: &file.media_type, data: &file.data };
            let own = AttachmentId::from_i64(file.id);
            let free = !self.has("SELECT 1 FROM attachment WHERE id = ?1", file.id)?;
            before = Some(match own.filter(|own| free && Some(*own) > before) {
                Some(own) => self.insert_attachment_as(id, own, &attachment)?.id,
                None => self.insert_attachment(id, created, before, &attachment)?.id,
            });
        }
        let missing = new.parent.filter(|_| parent.is_none());
        self.sql
            .prepare_cached(
                "INSERT INTO sync_part (kind, record, part, born, born_device, time, device, parent)
                 VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                new.conversation,
                new.id,
                new.born.time,
                new.born.device,
                new.version.time,
                new.version.device,
                missing
            ])?;
        self.follow(new.conversation, new.id)?;
        Ok(true)
    }

    /// Lets the messages follow this one that came before it.
    fn follow(&self, conversation: i64, id: i64) -> Result<(), HistoryError> {
        let waiting = "SELECT part FROM sync_part WHERE parent = ?1 AND kind = 1 AND record = ?2";
        if self.sql.prepare_cached(waiting)?.exists([id, conversation])? {
            let sql = format!("UPDATE message SET parent = ?1 WHERE id IN ({waiting})");
            self.sql.prepare_cached(&sql)?.execute([id, conversation])?;
            self.sql
                .prepare_cached(
                    "UPDATE sync_part SET parent = NULL
                     WHERE parent = ?1 AND kind = 1 AND record = ?2",
                )?
                .execute([id, conversation])?;
        }
        Ok(())
    }

    /// Lets a message that has ended say something else. It is taken out of the index and of what
    /// is counted like an answer that goes on, and put into them like one that ends.
    fn rewrite_message(&self, id: i64, new: &Content) -> Result<(), HistoryError> {
        self.index_added()?;
        let sql = "UPDATE message SET state = 'streaming', writer = 'sync' WHERE id = ?1";
        self.sql.prepare_cached(sql)?.execute([id])?;
        self.sql
            .prepare_cached(
                "UPDATE message SET text = ?2, reasoning = ?3, state = ?4, failure_code = ?5,
                     failure_message = ?6, failure_retry_after = ?7, finish = ?8,
                     input_tokens = ?9, output_tokens = ?10, milliseconds = ?11, writer = NULL
                 WHERE id = ?1",
            )?
            .execute(params![
                id,
                new.text,
                new.reasoning,
                new.state,
                new.failure_code,
                new.failure_message,
                new.failure_retry_after,
                new.finish,
                new.input_tokens,
                new.output_tokens,
                new.milliseconds
            ])?;
        self.erased.set(true);
        Ok(())
    }

    fn apply_folder_file(
        &self,
        new: &FolderFile,
        touched: &mut Touched,
    ) -> Result<(), HistoryError> {
        let FolderFile { folder, born, version: at, file } = new;
        let (kind, record) = (Kind::Folder, *folder);
        if self.floor(kind, record, file.id)? >= Some(*at) {
            return Ok(());
        }
        if let Some(known) = self.part(kind, record, file.id)? {
            if known < *at {
                self.sql
                    .prepare_cached(
                        "UPDATE sync_part SET time = ?3, device = ?4, place = NULL, segment = NULL
                         WHERE kind = 2 AND record = ?1 AND part = ?2",
                    )?
                    .execute(params![record, file.id, at.time, at.device])?;
            }
            return Ok(());
        }
        let none = || HistoryError::NotAChange("the id of a file");
        let id = AttachmentId::from_i64(file.id).ok_or_else(none)?;
        if self.has("SELECT 1 FROM folder_file WHERE id = ?1", file.id)? {
            tracing::warn!(%id, "a file of another machine has the number of another one here");
            return Ok(());
        }
        // A folder of which no name is known yet is called by its id.
        let name = FolderId::from_i64(record).ok_or_else(none)?.to_string();
        self.sql
            .prepare_cached("INSERT OR IGNORE INTO folder (id, name) VALUES (?1, ?2)")?
            .execute(params![record, name])?;
        let attachment =
            NewAttachment { name: &file.name, media_type: &file.media_type, data: &file.data };
        Owner::Folder.add(&self.sql, id, record, &attachment)?;
        self.sql
            .prepare_cached(
                "INSERT INTO sync_part (kind, record, part, born, born_device, time, device)
                 VALUES (2, ?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![record, file.id, born.time, born.device, at.time, at.device])?;
        touched.add(kind, record);
        Ok(())
    }

    /// A row for a conversation of which no more than a message is known yet.
    fn require_row(&self, id: ConversationId, created: i64) -> Result<(), HistoryError> {
        if self.has("SELECT 1 FROM conversation WHERE id = ?1", id.as_i64())? {
            return Ok(());
        }
        self.insert_bare(id, "", created)
    }

    /// A conversation of which nothing else is known yet.
    pub(super) fn insert_bare(
        &self,
        id: ConversationId,
        title: &str,
        created: i64,
    ) -> Result<(), HistoryError> {
        let created = Timestamp::from_millis(created);
        self.insert_conversation(&Conversation {
            id,
            title: title.to_owned(),
            leaf: None,
            model: None,
            pinned: false,
            instructions: String::new(),
            folder: None,
            tags: Vec::new(),
            archived: false,
            held: false,
            temporary: self.is_temporary(),
            created,
            updated: created,
        })
    }

    fn is_message_of(&self, id: i64, conversation: i64) -> Result<bool, HistoryError> {
        Ok(self
            .sql
            .prepare_cached("SELECT 1 FROM message WHERE id = ?1 AND conversation = ?2")?
            .exists([id, conversation])?)
    }

    pub(super) fn has(&self, sql: &str, id: i64) -> Result<bool, HistoryError> {
        Ok(self.sql.prepare_cached(sql)?.exists([id])?)
    }

    /// The last version of a message or file; none if it is not here.
    fn part(&self, kind: Kind, record: i64, part: i64) -> Result<Option<Version>, HistoryError> {
        Ok(self
            .sql
            .prepare_cached(
                "SELECT time, device FROM sync_part WHERE kind = ?1 AND record = ?2 AND part = ?3",
            )?
            .query_row(params![kind.number(), record, part], |row| version(row, 0))
            .optional()?)
    }
}

/// The value of a closed set that is written like this.
fn value_of<T: Copy>(name: &str, names: &[(T, &'static str)]) -> Result<T, HistoryError> {
    let known = names.iter().find(|(_, known)| *known == name);
    known.map(|(value, _)| *value).ok_or(HistoryError::NotAChange("the state of a message"))
}
