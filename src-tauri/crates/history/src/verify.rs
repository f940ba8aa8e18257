//! Whether all is well, and how much there is.

use rusqlite::{Connection, ErrorCode};
use serde::Serialize;

use crate::{History, HistoryError, schema};

/// What [`History::verify`] found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Each thing that is wrong, in English; empty if all is well.
    pub problems: Vec<String>,
}

/// How much the history holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Statistics {
    /// Conversations.
    pub conversations: u64,
    /// Messages of all branches.
    pub messages: u64,
    /// Bytes of the database's pages, whether used or free.
    pub bytes: u64,
}

/// Rows that break a rule which no declared constraint holds; each statement selects its number.
const RULES: &[(&str, &str)] = &[
    (
        "messages whose parent is not in their conversation",
        "SELECT count(*) FROM message AS child LEFT JOIN message AS parent
             ON parent.id = child.parent AND parent.conversation = child.conversation
         WHERE child.parent IS NOT NULL AND parent.id IS NULL",
    ),
    (
        "conversations that show a message which is not theirs",
        "SELECT count(*) FROM conversation LEFT JOIN message
             ON message.id = conversation.leaf AND message.conversation = conversation.id
         WHERE conversation.leaf IS NOT NULL AND message.id IS NULL",
    ),
    (
        "attachments whose size is not that of their data",
        "SELECT count(*) FROM attachment WHERE size <> length(data)",
    ),
    (
        "messages that have another number of files than they say",
        "SELECT count(*) FROM message LEFT JOIN
             (SELECT message, count(*) AS files FROM attachment GROUP BY message) AS counted
             ON counted.message = message.id
         WHERE message.files <> coalesce(counted.files, 0)",
    ),
    (
        "conversations whose messages are not counted as they are",
        "SELECT count(*) FROM (
             SELECT sum(messages), sum(words), sum(input), sum(output) FROM (
                 SELECT conversation, month, model, messages, words, input_tokens AS input,
                     output_tokens AS output
                 FROM usage
                 UNION ALL
                 SELECT conversation, month_of(created), coalesce(model, ''), -1,
                     -count_words(text), -coalesce(input_tokens, 0), -coalesce(output_tokens, 0)
                 FROM message WHERE state <> 'streaming'
             )
             GROUP BY conversation, month, model
             HAVING sum(messages) <> 0 OR sum(words) <> 0 OR sum(input) <> 0 OR sum(output) <> 0
         )",
    ),
    (
        "tags that no conversation bears",
        "SELECT count(*) FROM tag
         WHERE NOT EXISTS (SELECT 1 FROM conversation_tag WHERE tag = tag.id)",
    ),
    (
        "files of folders whose size is not that of their data",
        "SELECT count(*) FROM folder_file WHERE size <> length(data)",
    ),
    (
        "messages of which other machines are not told as they are",
        "SELECT count(*) FROM sync_device, (
             SELECT message.id FROM message LEFT JOIN sync_part
                 ON kind = 1 AND record = conversation AND part = message.id
             WHERE part IS NULL
             UNION ALL
             SELECT part FROM sync_part LEFT JOIN message
                 ON message.id = part AND conversation = record
             WHERE kind = 1 AND message.id IS NULL
             UNION ALL
             SELECT folder_file.id FROM folder_file LEFT JOIN sync_part
                 ON kind = 2 AND record = folder AND part = folder_file.id
             WHERE part IS NULL
         )",
    ),
    (
        "settings of what is held that say nothing",
        "SELECT count(*) FROM setting WHERE name = 'hold' AND value <> '1'",
    ),
    (
        "times to keep conversations that are none",
        "SELECT count(*) FROM setting WHERE name = 'retention'
             AND (value GLOB '*[^0-9]*' OR CAST(value AS INTEGER) NOT BETWEEN 1 AND 4294967295)",
    ),
];

impl History {
    /// Checks every page's authentication code, the structure of the database, its references,
    /// the message trees, what is counted, the tags, and the search index against the messages,
    /// this but for a history that is opened damaged. Changes nothing.
    ///
    /// # Errors
    /// Where the history cannot even be read.
    pub fn verify(&self) -> Result<Verification, HistoryError> {
        let problems = check(&self.connection(), !self.is_temporary(), !self.shared.is_damaged)?;
        Ok(Verification { problems })
    }

    /// Counts what there is.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn statistics(&self) -> Result<Statistics, HistoryError> {
        let connection = self.connection();
        let number = |sql: &str| {
            let number: i64 = connection.query_row(sql, [], |row| row.get(0))?;
            Ok::<_, rusqlite::Error>(u64::try_from(number).unwrap_or(0))
        };
        Ok(Statistics {
            conversations: number("SELECT count(*) FROM conversation WHERE deleted IS NULL")?,
            messages: number("SELECT count(*) FROM message")?,
            bytes: number(
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
            )?,
        })
    }
}

/// Checks the file of a connection: its pages if it is one, its index if that can be asked, which
/// takes a connection that may write, though it does not.
pub(crate) fn check(
    connection: &Connection,
    is_file: bool,
    is_writable: bool,
) -> Result<Vec<String>, HistoryError> {
    let mut problems = Vec::new();
    let mut tell = |what: &str, told: Result<Vec<String>, HistoryError>| {
        match told {
            // SQLCipher lets nothing be asked that could write once it has met a damaged page.
            Err(error) if error.is_damage() || !problems.is_empty() => {
                problems.push(format!("{what}: {error}"))
            }
            told => problems.extend(told?.into_iter().filter(|problem| problem != "ok")),
        }
        Ok::<_, HistoryError>(())
    };
    // https://www.zetetic.net/sqlcipher/sqlcipher-api/#cipher_integrity_check; it reports
    // nothing for a database in memory.
    if is_file {
        tell("the pages", texts(connection, "PRAGMA cipher_integrity_check"))?;
    }
    tell("the structure", texts(connection, "PRAGMA integrity_check"))?;
    // An older version has other rules.
    if !schema::is_latest(connection)? {
        return Ok(problems);
    }
    let broken = "SELECT 'a row of ' || \"table\" || ' refers to nothing'
        FROM pragma_foreign_key_check";
    tell("the references", texts(connection, broken))?;
    for (rule, sql) in RULES {
        let count = connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        let told = count.map(|count| match count {
            0 => Vec::new(),
            _ => vec![format!("{rule}: {count}")],
        });
        tell(rule, told.map_err(HistoryError::from))?;
    }
    for index in ["message_index", "title_index", "attachment_index"] {
        if !is_writable {
            break;
        }
        // https://sqlite.org/fts5.html#the_integrity_check_command, with the content.
        let check = format!("INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)");
        match connection.execute_batch(&check) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => {
                tell(index, Ok(vec![format!("{index} does not agree with what it indexes")]))?;
            }
            result => tell(index, result.map(|()| Vec::new()).map_err(HistoryError::from))?,
        }
    }
    Ok(problems)
}

fn texts(connection: &Connection, sql: &str) -> Result<Vec<String>, HistoryError> {
    let mut statement = connection.prepare(sql)?;
    let texts = statement.query_map([], |row| row.get(0))?;
    Ok(texts.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_that_holds_what_is_nowhere_is_told() {
        let history = History::in_memory().unwrap();
        history.create_conversation("t", None).unwrap();
        assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
        for index in ["message_index", "title_index", "attachment_index"] {
            let add = format!("INSERT INTO {index} (rowid, text) VALUES (9, 'x')");
            history.connection().execute(&add, []).unwrap();
            let problems = history.verify().unwrap().problems;
            assert!(problems.iter().any(|problem| problem.starts_with(index)), "{problems:?}");
        }
    }
}
