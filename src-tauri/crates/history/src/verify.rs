//! Whether all is well, and how much there is.

use rusqlite::{Connection, ErrorCode};
use serde::Serialize;

use crate::{History, HistoryError};

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
];

impl History {
    /// Checks every page's authentication code, the structure of the database, its references,
    /// the message trees, and the search index against the messages. Changes nothing.
    ///
    /// # Errors
    /// Where the history cannot even be read.
    pub fn verify(&self) -> Result<Verification, HistoryError> {
        let connection = self.connection();
        let mut problems = Vec::new();
        // https://www.zetetic.net/sqlcipher/sqlcipher-api/#cipher_integrity_check; it reports
        // nothing for a database in memory.
        if !self.is_temporary() {
            problems.extend(texts(&connection, "PRAGMA cipher_integrity_check")?);
        }
        problems.extend(texts(&connection, "PRAGMA integrity_check")?);
        problems.retain(|problem| problem != "ok");
        let broken = texts(&connection, "SELECT \"table\" FROM pragma_foreign_key_check")?;
        problems.extend(broken.iter().map(|table| format!("a row of {table} refers to nothing")));
        for (rule, sql) in RULES {
            let count: i64 = connection.query_row(sql, [], |row| row.get(0))?;
            if count > 0 {
                problems.push(format!("{rule}: {count}"));
            }
        }
        for index in ["message_index", "title_index", "attachment_index"] {
            // https://sqlite.org/fts5.html#the_integrity_check_command, with the content.
            let check =
                format!("INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)");
            match connection.execute_batch(&check) {
                Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => {
                    problems.push(format!("{index} does not agree with what it indexes"));
                }
                result => result?,
            }
        }
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
