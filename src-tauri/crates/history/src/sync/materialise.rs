//! Rows made of what is known: the same rows of the same knowledge, in whatever order it came.

use std::collections::{BTreeMap, BTreeSet};

use conversation::{ConversationId, FolderId};
use rusqlite::types::Null;
use rusqlite::{ToSql, params};

use super::applying::Touched;
use super::outgoing::{value, version};
use super::record::{Kind, Value, Version};
use crate::{HistoryError, Transaction};

/// The fields of a conversation or folder.
struct Fields(BTreeMap<String, (Value, Version)>);

impl Fields {
    fn get(&self, field: &str) -> &Value {
        self.0.get(field).map_or(&Value::None, |(value, _)| value)
    }

    fn text(&self, field: &str) -> Option<&str> {
        match self.get(field) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    fn number(&self, field: &str) -> Option<i64> {
        match self.get(field) {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    fn is_set(&self, field: &str) -> bool {
        self.number(field) == Some(1)
    }

    /// The tags: without case, and as they are written.
    fn tags(&self) -> BTreeMap<&str, &str> {
        self.0
            .keys()
            .filter_map(|field| Some((field.strip_prefix("tag:")?, self.text(field)?)))
            .collect()
    }
}

impl Transaction<'_> {
    /// Makes the rows of what was touched.
    pub(super) fn materialise(&self, touched: &Touched) -> Result<(), HistoryError> {
        for folder in &touched.folders {
            self.materialise_folder(*folder)?;
        }
        for conversation in &touched.conversations {
            self.materialise_conversation(*conversation)?;
        }
        touched.tags.iter().try_for_each(|tag| self.materialise_tag(tag))
    }

    fn materialise_folder(&self, record: i64) -> Result<(), HistoryError> {
        let Some(id) = FolderId::from_i64(record) else { return Ok(()) };
        let fields = self.fields(Kind::Folder, record)?;
        let has_files =
            self.has("SELECT 1 FROM sync_part WHERE kind = 2 AND record = ?1", record)?;
        if fields.number("made").is_none() && !has_files {
            self.sql.prepare_cached("DELETE FROM folder WHERE id = ?1")?.execute([record])?;
            return Ok(());
        }
        // One of which no name is known yet is called by its id.
        let name = fields.text("name").map_or_else(|| id.to_string(), str::to_owned);
        self.sql
            .prepare_cached(
                "INSERT INTO folder (id, name, instructions, retention, held, glossary)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, held = excluded.held,
                     instructions = excluded.instructions, retention = excluded.retention,
                     glossary = excluded.glossary",
            )?
            .execute(params![
                record,
                name,
                fields.text("instructions").unwrap_or_default(),
                fields.number("retention"),
                fields.is_set("held"),
                fields.text("glossary").unwrap_or_default()
            ])?;
        // The conversations that were put into it before it was here.
        self.sql
            .prepare_cached(
                "UPDATE conversation SET folder = ?1 WHERE folder IS NULL AND id IN
                     (SELECT record FROM sync_field
                      WHERE kind = 1 AND field = 'folder' AND value = ?1)",
            )?
            .execute([record])?;
        Ok(())
    }

    fn materialise_conversation(&self, record: i64) -> Result<(), HistoryError> {
        let Some(id) = ConversationId::from_i64(record) else { return Ok(()) };
        let fields = self.fields(Kind::Conversation, record)?;
        let is_here = self.has("SELECT 1 FROM conversation WHERE id = ?1", record)?;
        if !is_here {
            // Without this and without a message it is not there, or not any more.
            let Some(created) = fields.number("created") else { return Ok(()) };
            self.insert_bare(id, fields.text("title").unwrap_or_default(), created)?;
        }
        self.sql
            .prepare_cached(
                "UPDATE conversation SET title = ?2, model = ?3, pinned = ?4, instructions = ?5,
                     folder = (SELECT id FROM folder WHERE id = ?6), archived = ?7, held = ?8,
                     deleted = ?9,
                     -- Where the branch that is shown is not known yet, it is the newest one.
                     leaf = iif(?10 IS NULL AND ?11 IS NOT NULL, NULL, coalesce(
                         (SELECT id FROM message WHERE id = ?10 AND conversation = ?1),
                         (SELECT max(id) FROM message WHERE conversation = ?1))),
                     created = coalesce(?11,
                         (SELECT min(created) FROM message WHERE conversation = ?1), created),
                     updated = coalesce(?12,
                         (SELECT max(created) FROM message WHERE conversation = ?1), updated)
                 WHERE id = ?1",
            )?
            .execute(params![
                record,
                fields.text("title").unwrap_or_default(),
                fields.text("model"),
                fields.is_set("pinned"),
                fields.text("instructions").unwrap_or_default(),
                fields.number("folder"),
                fields.is_set("archived"),
                fields.is_set("held"),
                self.trashed(record, &fields)?,
                fields.number("leaf"),
                fields.number("created"),
                fields.number("updated")
            ])?;
        if let Some(key) = fields.text("imported") {
            self.sql
                .prepare_cached(
                    "INSERT INTO imported (key, conversation) VALUES (?1, ?2)
                     ON CONFLICT (key) DO UPDATE
                         SET conversation = min(conversation, excluded.conversation)",
                )?
                .execute(params![key, record])?;
        }
        self.materialise_tags_of(id, &fields.tags())
    }

    /// When a conversation was put into the trash: not if it was held by then, and not if something
    /// was said in it afterwards.
    fn trashed(&self, record: i64, fields: &Fields) -> Result<Option<i64>, HistoryError> {
        let Some((Value::Number(moment), at)) = fields.0.get("trashed") else { return Ok(None) };
        let is_held =
            fields.is_set("held") && fields.0.get("held").is_some_and(|(_, held)| held < at);
        let goes_on = self
            .sql
            .prepare_cached(
                "SELECT 1 FROM sync_part
                 WHERE kind = 1 AND record = ?1 AND (born, born_device) > (?2, ?3)",
            )?
            .exists([record, at.time, at.device])?;
        Ok((!is_held && !goes_on).then_some(*moment))
    }

    fn materialise_tags_of(
        &self,
        id: ConversationId,
        tags: &BTreeMap<&str, &str>,
    ) -> Result<(), HistoryError> {
        let borne = {
            let mut statement = self.sql.prepare_cached(
                "SELECT folded FROM conversation_tag JOIN tag ON tag.id = tag
                 WHERE conversation = ?1",
            )?;
            statement
                .query_map([id.as_i64()], |row| row.get(0))?
                .collect::<Result<BTreeSet<String>, _>>()?
        };
        for tag in borne.iter().filter(|tag| !tags.contains_key(tag.as_str())) {
            self.sql
                .prepare_cached(
                    "DELETE FROM conversation_tag WHERE conversation = ?1
                         AND tag = (SELECT id FROM tag WHERE folded = ?2)",
                )?
                .execute(params![id.as_i64(), tag])?;
        }
        for (_, name) in tags.iter().filter(|(tag, _)| !borne.contains(**tag)) {
            self.put_tag(id, name)?;
        }
        Ok(())
    }

    /// Lets a tag be written as it was where it was last put on a conversation.
    fn materialise_tag(&self, tag: &str) -> Result<(), HistoryError> {
        self.sql
            .prepare_cached(
                "UPDATE tag SET name = coalesce((
                     SELECT value FROM sync_field
                     WHERE field = 'tag:' || ?1 AND field >= 'tag:' AND field < 'tag;'
                         AND value IS NOT NULL
                     ORDER BY time DESC, device DESC LIMIT 1
                 ), name) WHERE folded = ?1",
            )?
            .execute([tag])?;
        Ok(())
    }

    fn fields(&self, kind: Kind, record: i64) -> Result<Fields, HistoryError> {
        let mut statement = self.sql.prepare_cached(
            "SELECT field, time, device, value FROM sync_field WHERE kind = ?1 AND record = ?2",
        )?;
        let fields = statement.query_map([kind.number(), record], |row| {
            Ok((row.get(0)?, (value(row, 3)?, version(row, 1)?)))
        })?;
        Ok(Fields(fields.collect::<Result<_, _>>()?))
    }

    /// Keeps what another machine set a field to.
    pub(super) fn put_field(
        &self,
        kind: Kind,
        record: i64,
        field: &str,
        value: &Value,
        at: Version,
    ) -> Result<(), HistoryError> {
        let value: &dyn ToSql = match value {
            Value::None => &Null,
            Value::Number(number) => number,
            Value::Text(text) => text,
        };
        self.sql
            .prepare_cached(
                "INSERT INTO sync_field (kind, record, field, value, time, device)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (kind, record, field) DO UPDATE SET value = excluded.value,
                     time = excluded.time, device = excluded.device, place = NULL, segment = NULL",
            )?
            .execute(params![kind.number(), record, field, value, at.time, at.device])?;
        Ok(())
    }

    /// Sets a field as this machine's own change.
    pub(super) fn set_field(
        &self,
        kind: Kind,
        record: i64,
        field: &str,
        value: &Value,
    ) -> Result<(), HistoryError> {
        let (time, device) = self
            .sql
            .prepare_cached("SELECT clock, device FROM sync_device")?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        self.put_field(kind, record, field, value, Version { time, device })?;
        self.sql
            .prepare_cached(
                "UPDATE sync_field SET place = ?4 WHERE kind = ?1 AND record = ?2 AND field = ?3",
            )?
            .execute(params![kind.number(), record, field, time])?;
        Ok(())
    }

    pub(super) fn erase_field(
        &self,
        kind: Kind,
        record: i64,
        field: &str,
    ) -> Result<(), HistoryError> {
        self.sql
            .prepare_cached(
                "DELETE FROM sync_field WHERE kind = ?1 AND record = ?2 AND field = ?3",
            )?
            .execute(params![kind.number(), record, field])?;
        Ok(())
    }
}
