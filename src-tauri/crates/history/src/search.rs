//! Full-text search with SQLite's FTS5 (<https://sqlite.org/fts5.html>).

use conversation::{ConversationId, MessageId};
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::{History, HistoryError, rows};

/// Stands before a matched word in a [`Match`]'s title and snippet.
pub const MATCH_START: char = '\u{2}';
/// Stands after a matched word in a [`Match`]'s title and snippet.
pub const MATCH_END: char = '\u{3}';

/// More words than this in a query are left out.
const WORD_LIMIT: usize = 32;
/// A query is read to this many bytes.
const QUERY_LIMIT: usize = 4096;

/// A conversation whose title matches, or a message whose text does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Match {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message; none where the title matches.
    pub message: Option<MessageId>,
    /// The conversation's title.
    pub title: String,
    /// Where it matches, the words between [`MATCH_START`] and [`MATCH_END`].
    pub snippet: String,
}

impl History {
    /// What holds all words of the query: titles first, then messages, the newest first; at most
    /// `limit` of them. Accents and case do not count; words in double quotes stand in that
    /// order; the last word may be the beginning of one. Any text is a valid query; one without
    /// a word finds nothing.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<Match>, HistoryError> {
        let Some(expression) = expression(query) else { return Ok(Vec::new()) };
        let connection = self.connection();
        let mut matches = Vec::new();
        for sql in [TITLES, MESSAGES] {
            let left = i64::try_from(limit - matches.len()).unwrap_or(i64::MAX);
            let mut statement = connection.prepare_cached(sql)?;
            let found = statement.query_map(params![expression, left], |row| {
                Ok(Match {
                    conversation: rows::id(row, 0, ConversationId::from_i64)?,
                    message: match row.get::<_, Option<i64>>(1)? {
                        Some(_) => Some(rows::id(row, 1, MessageId::from_i64)?),
                        None => None,
                    },
                    title: row.get(2)?,
                    snippet: row.get(3)?,
                })
            })?;
            for found in found {
                matches.push(found?);
            }
        }
        Ok(matches)
    }
}

/// Newest first walks the index backwards and stops at the limit, so a word in half of all
/// messages costs no more than a rare one.
const TITLES: &str = "
    SELECT conversation.id, NULL, conversation.title,
        snippet(title_index, 0, char(2), char(3), '…', 24)
    FROM title_index JOIN conversation ON conversation.id = title_index.rowid
    WHERE title_index MATCH ?1 AND conversation.deleted IS NULL
    ORDER BY title_index.rowid DESC LIMIT ?2";

const MESSAGES: &str = "
    SELECT message.conversation, message.id, conversation.title,
        snippet(message_index, 0, char(2), char(3), '…', 24)
    FROM message_index
    JOIN message ON message.id = message_index.rowid
    JOIN conversation ON conversation.id = message.conversation
    WHERE message_index MATCH ?1 AND conversation.deleted IS NULL
    ORDER BY message_index.rowid DESC LIMIT ?2";

/// The query as an FTS5 expression: phrases in quotes, all of which must match. `None` if it
/// holds no word.
fn expression(query: &str) -> Option<String> {
    let query = &query[..query.floor_char_boundary(QUERY_LIMIT)];
    let mut phrases = Vec::new();
    for (place, part) in query.split('"').enumerate() {
        if place % 2 == 1 {
            phrases.push(part);
        } else {
            phrases.extend(part.split_whitespace());
        }
    }
    // The index holds letters and digits; what has neither could match nothing.
    phrases.retain(|phrase| phrase.chars().any(char::is_alphanumeric));
    phrases.truncate(WORD_LIMIT);
    let last_is_open = query.ends_with(char::is_alphanumeric);
    let mut expression = String::new();
    for phrase in &phrases {
        expression.push('"');
        // NUL would end the expression for SQLite.
        expression.extend(phrase.chars().map(|c| if c == '\0' { ' ' } else { c }));
        expression.push_str("\" ");
    }
    if phrases.is_empty() {
        return None;
    }
    expression.pop();
    if last_is_open {
        expression.push('*');
    }
    Some(expression)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_phrases_and_a_beginning() {
        assert_eq!(expression("deux mot").unwrap(), "\"deux\" \"mot\"*");
        assert_eq!(expression("\"deux mots\" ").unwrap(), "\"deux mots\"");
        assert_eq!(expression("a OR -b NEAR(").unwrap(), "\"a\" \"OR\" \"-b\" \"NEAR(\"");
        assert_eq!(expression("\"open quote").unwrap(), "\"open quote\"*");
        assert_eq!(expression(" -- \"\" * ( "), None);
    }

    #[test]
    fn a_search_never_sorts_or_scans() {
        let history = History::in_memory().unwrap();
        let connection = history.connection();
        for sql in [TITLES, MESSAGES] {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let plan: Vec<String> = statement
                .query_map(params!["x", 1], |row| row.get(3))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            assert!(plan[0].contains("VIRTUAL TABLE INDEX"), "{plan:?}");
            assert!(plan[1..].iter().all(|step| step.contains("INTEGER PRIMARY KEY")), "{plan:?}");
        }
    }
}
