//! What is to be sent: read in pieces of bounded size, and noted as sent once it was.

use std::collections::HashSet;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::record::{
    Content, Erased, Field, FileRecord, FolderFile, Kind, MessageRecord, Record, Value, Version,
};
use super::segments::SegmentName;
use crate::rows::{ROLE, named};
use crate::{History, HistoryError};

/// Records that go into one segment.
#[derive(Debug)]
pub struct Outgoing {
    /// What the segment is to be called.
    pub name: SegmentName,
    /// The records; none where nothing is left of the segments that it takes the place of.
    pub records: Vec<Record>,
    /// The first and the last of those.
    replaced: Option<(i64, i64)>,
}

/// Where something stands that is to be sent.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    Floor(i64, i64),
    Part(i64, i64, i64),
    Field(i64, i64, String),
}

impl History {
    /// The next changes to be sent, in the order in which they were made, until they take `most`
    /// bytes; none if there are none. An answer that is arriving goes once it has ended.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn sync_outgoing(&self, most: usize) -> Result<Option<Outgoing>, HistoryError> {
        let connection = self.connection();
        let records = gather(&connection, "place BETWEEN ?1 AND ?2", (0, i64::MAX), most)?;
        if records.is_empty() {
            return Ok(None);
        }
        let sql = "SELECT 1 + max(coalesce((SELECT max(root) FROM sync_segment), 0),
                       coalesce((SELECT max(root) FROM sync_dropped), 0))";
        let root = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        let name = SegmentName { root, generation: 0 };
        Ok(Some(Outgoing { name, records, replaced: None }))
    }

    /// What is still so of these segments, to be written anew in their place.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn sync_anew(&self, (first, last): (i64, i64)) -> Result<Outgoing, HistoryError> {
        let connection = self.connection();
        let records = gather(&connection, "segment BETWEEN ?1 AND ?2", (first, last), usize::MAX)?;
        let sql = "SELECT 1 + max(coalesce((SELECT max(generation) FROM sync_segment
                           WHERE root = ?1), 0),
                       coalesce((SELECT max(generation) FROM sync_dropped WHERE root = ?1), 0))";
        let generation = connection.prepare_cached(sql)?.query_row([last], |row| row.get(0))?;
        let name = SegmentName { root: last, generation };
        Ok(Outgoing { name, records, replaced: Some((first, last)) })
    }

    /// Notes that these records lie in the store, in so many bytes of this hash, to be published
    /// with the next list. What was changed meanwhile is still to be sent.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn sync_sent(&self, sent: &Outgoing, bytes: u64, hash: &str) -> Result<(), HistoryError> {
        let SegmentName { root, generation } = sent.name;
        self.transaction(|t| {
            if let Some((first, last)) = sent.replaced {
                t.sql.execute(
                    "INSERT INTO sync_dropped SELECT root, generation FROM sync_segment
                     WHERE root BETWEEN ?1 AND ?2",
                    [first, last],
                )?;
                let sql = "DELETE FROM sync_segment WHERE root BETWEEN ?1 AND ?2";
                t.sql.execute(sql, [first, last])?;
            }
            if !sent.records.is_empty() {
                let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
                let count = i64::try_from(sent.records.len()).unwrap_or(i64::MAX);
                t.sql.execute(
                    "INSERT INTO sync_segment (root, generation, bytes, hash, records)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![root, generation, bytes, hash, count],
                )?;
            }
            let mut gone: u32 = 0;
            for record in &sent.records {
                gone += u32::from(!mark(&t.sql, record, root)?);
            }
            // Something of it may have been erased while it was sent.
            t.sql.execute(
                "UPDATE sync_segment SET dead = ?2, erased = ?2 > 0 WHERE root = ?1",
                params![root, gone],
            )?;
            t.sql.execute("UPDATE sync_device SET counter = counter + 1, published = 0", [])?;
            Ok(())
        })
    }
}

/// Notes where a record was sent, as far as it is still so; says whether it is.
fn mark(connection: &Connection, record: &Record, root: i64) -> Result<bool, HistoryError> {
    let part = |kind: Kind, record: i64, part: i64, version: Version| {
        connection
            .prepare_cached(
                "UPDATE sync_part SET place = NULL, segment = ?6
                 WHERE kind = ?1 AND record = ?2 AND part = ?3 AND time = ?4 AND device = ?5",
            )?
            .execute(params![kind.number(), record, part, version.time, version.device, root])
    };
    let marked = match record {
        Record::Field(field) => connection
            .prepare_cached(
                "UPDATE sync_field SET place = NULL, segment = ?6
                 WHERE kind = ?1 AND record = ?2 AND field = ?3 AND time = ?4 AND device = ?5",
            )?
            .execute(params![
                field.kind.number(),
                field.record,
                field.field,
                field.version.time,
                field.version.device,
                root
            ])?,
        Record::Message(message) => {
            part(Kind::Conversation, message.conversation, message.id, message.version)?
        }
        Record::FolderFile(file) => part(Kind::Folder, file.folder, file.file.id, file.version)?,
        Record::Erased(erased) => {
            let fields = erased.fields.map(|version| (0, version));
            for (part, version) in fields.into_iter().chain(erased.parts.iter().copied()) {
                connection
                    .prepare_cached(
                        "UPDATE sync_floor SET place = NULL, segment = ?6
                         WHERE kind = ?1 AND record = ?2 AND part = ?3
                             AND time = ?4 AND device = ?5",
                    )?
                    .execute(params![
                        erased.kind.number(),
                        erased.record,
                        part,
                        version.time,
                        version.device,
                        root
                    ])?;
            }
            1
        }
    };
    Ok(marked > 0)
}

/// Reads the records that a condition selects, in their order, until they take `most` bytes.
fn gather(
    connection: &Connection,
    condition: &str,
    (first, last): (i64, i64),
    most: usize,
) -> Result<Vec<Record>, HistoryError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT place, 0, kind, record, 0, '' FROM sync_floor WHERE {condition}
         UNION ALL
         SELECT place, 1, kind, record, part, '' FROM sync_part WHERE {condition}
         UNION ALL
         SELECT place, 2, kind, record, 0, field FROM sync_field WHERE {condition}
         ORDER BY 1"
    ))?;
    let mut rows = statement.query([first, last])?;
    let mut records = Vec::new();
    let mut seen = HashSet::new();
    let mut bytes = 0_usize;
    while bytes < most {
        let Some(row) = rows.next()? else { break };
        let (kind, record) = (row.get(2)?, row.get(3)?);
        let key = match row.get(1)? {
            0 => Key::Floor(kind, record),
            1 => Key::Part(kind, record, row.get(4)?),
            _ => Key::Field(kind, record, row.get(5)?),
        };
        // What was erased of one thing goes as a whole: a part of it would bring back the rest.
        if matches!(key, Key::Floor(..)) && !seen.insert((kind, record)) {
            continue;
        }
        if let Some(record) = read(connection, &key)? {
            bytes += size(&record);
            records.push(record);
        }
    }
    Ok(records)
}

/// About how many bytes a record takes.
fn size(record: &Record) -> usize {
    let own = match record {
        Record::Field(field) => match &field.value {
            Value::Text(text) => text.len(),
            _ => 0,
        },
        Record::Message(message) => message.content.text.len() + message.content.reasoning.len(),
        Record::FolderFile(_) => 0,
        Record::Erased(erased) => erased.parts.len() * 48,
    };
    own + record.files().iter().map(|file| file.data.len() + 128).sum::<usize>() + 256
}

fn read(connection: &Connection, key: &Key) -> Result<Option<Record>, HistoryError> {
    Ok(match key {
        Key::Floor(number, id) => Some(Record::Erased(erased(connection, kind(*number)?, *id)?)),
        Key::Field(number, id, field) => connection
            .prepare_cached(
                "SELECT value, time, device FROM sync_field
                 WHERE kind = ?1 AND record = ?2 AND field = ?3",
            )?
            .query_row(params![number, id, field], |row| Ok((value(row, 0)?, version(row, 1)?)))
            .optional()?
            .map(|(value, version)| {
                let (kind, field) = (kind(*number)?, field.clone());
                Ok::<_, HistoryError>(Record::Field(Field {
                    kind,
                    record: *id,
                    field,
                    value,
                    version,
                }))
            })
            .transpose()?,
        Key::Part(1, conversation, id) => {
            message(connection, *conversation, *id)?.map(Record::Message)
        }
        Key::Part(_, folder, id) => folder_file(connection, *folder, *id)?.map(Record::FolderFile),
    })
}

fn erased(connection: &Connection, kind: Kind, record: i64) -> Result<Erased, HistoryError> {
    let mut statement = connection.prepare_cached(
        "SELECT part, time, device FROM sync_floor WHERE kind = ?1 AND record = ?2 ORDER BY part",
    )?;
    let mut erased = Erased { kind, record, fields: None, parts: Vec::new() };
    let mut rows = statement.query([kind.number(), record])?;
    while let Some(row) = rows.next()? {
        match row.get(0)? {
            0 => erased.fields = Some(version(row, 1)?),
            part => erased.parts.push((part, version(row, 1)?)),
        }
    }
    Ok(erased)
}

/// The columns of [`content`], in its order.
const CONTENT: &str = "text, reasoning, state, failure_code, failure_message, \
    failure_retry_after, finish, input_tokens, output_tokens, milliseconds";

fn content(row: &Row<'_>) -> rusqlite::Result<Content> {
    Ok(Content {
        text: row.get(0)?,
        reasoning: row.get(1)?,
        state: row.get(2)?,
        failure_code: row.get(3)?,
        failure_message: row.get(4)?,
        failure_retry_after: row.get(5)?,
        finish: row.get(6)?,
        input_tokens: row.get(7)?,
        output_tokens: row.get(8)?,
        milliseconds: row.get(9)?,
    })
}

/// What a message says now.
pub(super) fn content_of(connection: &Connection, id: i64) -> Result<Content, HistoryError> {
    Ok(connection
        .prepare_cached(&format!("SELECT {CONTENT} FROM message WHERE id = ?1"))?
        .query_row([id], content)?)
}

/// A message that has come to an end.
fn message(
    connection: &Connection,
    conversation: i64,
    id: i64,
) -> Result<Option<MessageRecord>, HistoryError> {
    let found = connection
        .prepare_cached(&format!(
            "SELECT {CONTENT}, coalesce(sync_part.parent, message.parent), role, created, model,
                 born, born_device, time, device
             FROM sync_part JOIN message ON message.id = part
             WHERE kind = 1 AND record = ?1 AND part = ?2 AND state <> 'streaming'"
        ))?
        .query_row([conversation, id], |row| {
            Ok(MessageRecord {
                conversation,
                id,
                parent: row.get(10)?,
                role: named(11, &row.get::<_, String>(11)?, ROLE)?,
                created: row.get(12)?,
                model: row.get(13)?,
                born: version(row, 14)?,
                version: version(row, 16)?,
                content: content(row)?,
                files: Vec::new(),
            })
        })
        .optional()?;
    let Some(mut message) = found else { return Ok(None) };
    let mut statement = connection.prepare_cached(
        "SELECT id, name, media_type, data FROM attachment WHERE message = ?1 ORDER BY id",
    )?;
    message.files = statement.query_map([id], file)?.collect::<Result<_, _>>()?;
    Ok(Some(message))
}

fn folder_file(
    connection: &Connection,
    folder: i64,
    id: i64,
) -> Result<Option<FolderFile>, HistoryError> {
    Ok(connection
        .prepare_cached(
            "SELECT id, name, media_type, data, born, born_device, time, device
             FROM sync_part JOIN folder_file ON folder_file.id = part
             WHERE kind = 2 AND record = ?1 AND part = ?2",
        )?
        .query_row([folder, id], |row| {
            let (born, version) = (version(row, 4)?, version(row, 6)?);
            Ok(FolderFile { folder, born, version, file: file(row)? })
        })
        .optional()?)
}

fn file(row: &Row<'_>) -> rusqlite::Result<FileRecord> {
    let (id, name, media_type, data) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
    Ok(FileRecord { id, name, media_type, data })
}

/// A version that stands in this column and the next.
pub(super) fn version(row: &Row<'_>, column: usize) -> rusqlite::Result<Version> {
    Ok(Version { time: row.get(column)?, device: row.get(column + 1)? })
}

/// A value that stands in this column.
pub(super) fn value(row: &Row<'_>, column: usize) -> rusqlite::Result<Value> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => Value::None,
        ValueRef::Integer(number) => Value::Number(number),
        _ => Value::Text(row.get(column)?),
    })
}

fn kind(number: i64) -> Result<Kind, HistoryError> {
    let damaged = || HistoryError::Damaged(format!("“{number}” is no kind of record"));
    Kind::ALL.into_iter().find(|kind| kind.number() == number).ok_or_else(damaged)
}
