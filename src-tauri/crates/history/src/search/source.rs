//! What is searched: titles, messages, attached files.
//!
//! Each finds the newest first by walking its index backwards, and stops when it has enough, so
//! that a word in half of all messages costs no more than a rare one.

use conversation::{ConversationId, MessageId, Timestamp};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::expression::Strictness;
use super::marking::Marker;
use super::place::Selection;
use super::query::{Query, Word};
use super::{MATCH_START, Match};
use crate::{HistoryError, rows};

/// Among so many of the newest is the best one looked for.
const RANKED: i64 = 1000;
/// So many rows are read for words that begin as the query says, before the index is asked.
const ROWS_READ: usize = 1000;
/// And so many bytes of text.
const BYTES_READ: usize = 512 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    Title,
    Message,
    Attachment,
}

/// One match, to be described.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Found {
    source: Source,
    /// The row.
    id: i64,
    /// The row of the conversation or message: the later, the newer.
    pub moment: i64,
}

impl Source {
    /// The newest matches, at most `limit`.
    pub fn find(
        self,
        connection: &Connection,
        query: &Query,
        strictness: Strictness,
        limit: usize,
    ) -> Result<Vec<Found>, HistoryError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let since = query.since.map_or(0, MessageId::least_at);
        match strictness {
            Strictness::Phrase | Strictness::Near => {
                let newest = self.search(query, Strictness::Whole, since, 1);
                let least = newest.at(connection, RANKED)?.unwrap_or(since);
                self.search(query, strictness, least, limit).run(connection)
            }
            Strictness::Whole => self.search(query, strictness, since, limit).run(connection),
            Strictness::Any => {
                if let Some((rest, beginnings)) = self.without_beginnings(query) {
                    let rows = self.search(&rest, strictness, since, ROWS_READ as i64);
                    if let Some(found) = rows.run_beginning(connection, &beginnings, limit)? {
                        return Ok(found);
                    }
                }
                self.search(query, strictness, since, limit).run(connection)
            }
        }
    }

    fn search(self, query: &Query, strictness: Strictness, least: i64, limit: i64) -> Search {
        Search {
            source: self,
            matching: self.expression(query, strictness),
            least,
            end: query.until.map_or(i64::MAX, MessageId::least_at),
            facets: query.of_facets(),
            conversations: query.conversations(),
            others: query.other_conversations(),
            known: match self {
                // The index holds those of messages.
                Self::Title => query.known.clone(),
                Self::Message | Self::Attachment => None,
            },
            limit,
        }
    }

    fn expression(self, query: &Query, strictness: Strictness) -> Option<String> {
        match self {
            Self::Message => query.of_messages(strictness),
            Self::Title | Self::Attachment => query.of_text(strictness),
        }
    }

    /// The query without the words that may begin others, and these. A beginning of a letter or
    /// two is in so many messages that collecting them from the index takes long, but then the
    /// newest ones can just be read.
    fn without_beginnings(self, query: &Query) -> Option<(Query, Marker)> {
        let begins = |group: &Vec<Word>| matches!(&group[..], [word] if word.is_beginning);
        let mut rest = query.clone();
        rest.words.retain(|group| !begins(group));
        // What must not be in a title cannot be told without a word that is; files are long.
        let is_possible = match self {
            Self::Message => true,
            Self::Title => rest.without.is_empty() || !rest.words.is_empty(),
            Self::Attachment => false,
        };
        let beginnings = Marker::new(query.words.iter().filter(|group| begins(group)).flatten());
        (is_possible && rest.words.len() < query.words.len()).then_some((rest, beginnings))
    }

    /// Its table, and its index.
    fn tables(self) -> (&'static str, &'static str) {
        match self {
            Self::Title => ("conversation", "title_index"),
            Self::Message => ("message", "message_index"),
            Self::Attachment => ("attachment", "attachment_index"),
        }
    }

    /// The columns with the row of its conversation or message, and with its text; and the tables
    /// up to the conversation's.
    fn columns(self) -> (&'static str, &'static str, &'static str) {
        const CONVERSATION: &str = "JOIN conversation ON conversation.id = message.conversation";
        // An original is found by its document, which has its name.
        const MESSAGE: &str = "JOIN message ON message.id = attachment.message
                AND (attachment.media_type LIKE 'text/%' OR attachment.media_type LIKE 'image/%')
            JOIN conversation ON conversation.id = message.conversation";
        match self {
            Self::Title => ("conversation.id", "conversation.title", ""),
            Self::Message => ("message.id", "message.text", CONVERSATION),
            Self::Attachment => ("attachment.message", "attachment.name", MESSAGE),
        }
    }
}

/// A walk through one source.
struct Search {
    source: Source,
    /// What the index is asked for; every row where there is nothing.
    matching: Option<String>,
    /// The first row that counts.
    least: i64,
    /// The first one that does not any more.
    end: i64,
    /// What the message must match that a file travels with.
    facets: Option<String>,
    /// What selects the conversations.
    conversations: Vec<Selection>,
    /// What selects those that are not meant.
    others: Vec<Selection>,
    /// The conversations, where they have been looked up.
    known: Option<Vec<ConversationId>>,
    limit: i64,
}

impl Search {
    fn run(&self, connection: &Connection) -> Result<Vec<Found>, HistoryError> {
        let (sql, values) = self.statement("NULL", 0);
        let mut statement = connection.prepare_cached(&sql)?;
        let found = statement.query_map(params_from_iter(values), |row| self.found(row))?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// The row after so many matches; none where there are no more than these.
    fn at(&self, connection: &Connection, place: i64) -> Result<Option<i64>, HistoryError> {
        let (sql, values) = self.statement("NULL", place);
        let mut statement = connection.prepare_cached(&sql)?;
        Ok(statement.query_row(params_from_iter(values), |row| row.get(0)).optional()?)
    }

    /// Those whose text holds all that the marker looks for, at most `wanted`. None where the rows
    /// read do not tell, since there are more.
    fn run_beginning(
        &self,
        connection: &Connection,
        beginnings: &Marker,
        wanted: i64,
    ) -> Result<Option<Vec<Found>>, HistoryError> {
        let (sql, values) = self.statement(self.source.columns().1, 0);
        let mut statement = connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(values))?;
        let mut found = Vec::new();
        let (mut count, mut bytes) = (0, 0);
        while let Some(row) = rows.next()? {
            let text = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
            count += 1;
            bytes += text.len();
            if beginnings.all_stand_in(text) {
                found.push(self.found(row)?);
            }
            if found.len() as i64 >= wanted {
                return Ok(Some(found));
            }
            if bytes > BYTES_READ {
                return Ok(None);
            }
        }
        Ok((count < self.limit).then_some(found))
    }

    fn found(&self, row: &Row<'_>) -> rusqlite::Result<Found> {
        Ok(Found { source: self.source, id: row.get(0)?, moment: row.get(1)? })
    }

    /// Finds rows, the newest first, with their `text`, after so many others.
    fn statement(&self, text: &str, after: i64) -> (String, Vec<Value>) {
        let (table, index) = self.source.tables();
        let (moment, _, joined) = self.source.columns();
        let mut conditions = vec!["conversation.deleted IS NULL".to_owned()];
        let mut values = Vec::new();
        let mut add = |condition: String, with: &[Value]| {
            conditions.push(condition);
            values.extend_from_slice(with);
        };
        let (from, row) = match &self.matching {
            Some(matching) => {
                add(format!("{index} MATCH ?"), &[matching.clone().into()]);
                let from = format!("{index} CROSS JOIN {table} ON {table}.id = {index}.rowid");
                (from, format!("{index}.rowid"))
            }
            None => (table.to_owned(), format!("{table}.id")),
        };
        add(format!("{row} >= ? AND {row} < ?"), &[self.least.into(), self.end.into()]);
        if let (Source::Attachment, Some(facets)) = (self.source, &self.facets) {
            let exists = "EXISTS (SELECT 1 FROM message_index
                WHERE message_index MATCH ? AND message_index.rowid = message.id)";
            add(exists.to_owned(), &[facets.clone().into()]);
        }
        for Selection { sql, values } in &self.conversations {
            add(format!("conversation.id IN ({sql})"), values);
        }
        for Selection { sql, values } in &self.others {
            add(format!("conversation.id NOT IN ({sql})"), values);
        }
        if let Some(known) = &self.known {
            let ids: Vec<_> = known.iter().map(|id| id.as_i64()).collect();
            let among = "conversation.id IN (SELECT value FROM json_each(?))";
            add(among.to_owned(), &[format!("{ids:?}").into()]);
        }
        values.extend([self.limit.into(), after.into()]);
        if self.source == Source::Message && self.matching.is_none() {
            conditions.push("message.state <> 'streaming'".to_owned());
        }
        let sql = format!(
            "SELECT {row}, {moment}, {text} FROM {from} {joined} WHERE {} \
             ORDER BY {row} DESC LIMIT ? OFFSET ?",
            conditions.join(" AND ")
        );
        (sql, values)
    }
}

impl Found {
    /// All that is told of it.
    pub fn describe(
        &self,
        connection: &Connection,
        marker: &Marker,
    ) -> Result<Option<Match>, HistoryError> {
        let sql = match self.source {
            Source::Title => {
                "SELECT id, NULL, title, NULL, updated, NULL, NULL, archived
                 FROM conversation WHERE id = ?1"
            }
            Source::Message => {
                "SELECT conversation.id, message.id, title, role, message.created, NULL, text,
                     archived
                 FROM message JOIN conversation ON conversation.id = message.conversation
                 WHERE message.id = ?1"
            }
            // As much of it as the index holds.
            Source::Attachment => {
                "SELECT conversation.id, message.id, title, role, message.created, name,
                     iif(media_type LIKE 'text/%', substr(data, 1, 1 << 20), x''),
                     archived
                 FROM attachment JOIN message ON message.id = attachment.message
                 JOIN conversation ON conversation.id = message.conversation
                 WHERE attachment.id = ?1"
            }
        };
        let mut statement = connection.prepare_cached(sql)?;
        // Another process may have deleted it since it was found.
        let described = statement.query_row([self.id], |row| {
            let title: String = row.get(2)?;
            let attachment: Option<String> = row.get(5)?;
            let text = match self.source {
                Source::Title => None,
                _ => Some(String::from_utf8_lossy(row.get_ref(6)?.as_bytes()?)),
            };
            let snippet = match (&text, &attachment) {
                (Some(text), None) => marker.snippet(text),
                (Some(text), Some(name)) => {
                    let snippet = marker.snippet(text);
                    if snippet.contains(MATCH_START) { snippet } else { marker.whole(name) }
                }
                (None, _) => marker.whole(&title),
            };
            Ok(Match {
                conversation: rows::id(row, 0, ConversationId::from_i64)?,
                message: rows::optional_id(row, 1, MessageId::from_i64)?,
                attachment,
                title,
                snippet,
                role: rows::role(row, 3)?,
                archived: row.get(7)?,
                time: Timestamp::from_millis(row.get(4)?),
            })
        });
        Ok(described.optional()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::History;

    #[test]
    fn a_search_never_sorts_or_scans() {
        let history = History::in_memory().unwrap();
        let connection = history.connection();
        let plan = |sql: &str, values: Vec<Value>| -> Vec<String> {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps = statement.query_map(params_from_iter(values), |row| row.get(3)).unwrap();
            steps.map(Result::unwrap).collect()
        };
        let queries = [
            "x",
            "x -y from:me before:2030 after:2000",
            "in:a -in:b c",
            "has:file",
            "-x",
            "tag:a -tag:b x",
            "folder:a is:archived x",
            "x -is:archived",
        ];
        for (query, source) in queries.iter().flat_map(|query| {
            [Source::Title, Source::Message, Source::Attachment].map(|source| (query, source))
        }) {
            let query = Query::parse(query);
            let matching = source.expression(&query, Strictness::Any);
            if matching.is_none() {
                continue;
            }
            let search = source.search(&query, Strictness::Any, 0, 9);
            let (sql, values) = search.statement("NULL", 0);
            let plan = plan(&sql, values);
            assert!(plan[0].contains("VIRTUAL TABLE INDEX"), "{plan:?}");
            assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{plan:?}");
            // All that is read whole: the names of tags and folders, and what was put away.
            let is_few = |step: &&String| {
                ["SCAN tag", "SCAN folder"].contains(&step.as_str())
                    || step.ends_with("USING COVERING INDEX conversation_archived")
            };
            let scans = plan.iter().filter(|step| step.starts_with("SCAN") && !is_few(step));
            assert!(scans.clone().all(|step| step.contains("VIRTUAL TABLE INDEX")), "{plan:?}");
        }
        let everything = Source::Message.search(&Query::default(), Strictness::Any, 0, 9);
        let (sql, values) = everything.statement("message.text", 0);
        let plan = plan(&sql, values);
        assert!(plan.iter().all(|step| step.contains("INTEGER PRIMARY KEY")), "{plan:?}");
    }
}
