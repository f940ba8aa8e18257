//! Full-text search with SQLite's FTS5 (<https://sqlite.org/fts5.html>).

mod expression;
pub(crate) mod facets;
mod marking;
mod place;
mod plain;
mod query;
mod source;
mod suggest;

use std::collections::HashSet;

use conversation::{ConversationId, MessageId, Role, Timestamp};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use serde::{Deserialize, Serialize};

use crate::{History, HistoryError};
use expression::Strictness;
use facets::Facet;
use marking::Marker;
use query::Query;
use source::Source;

/// Stands before a matched word in a [`Match`]'s snippet.
pub const MATCH_START: char = '\u{2}';
/// Stands after a matched word in a [`Match`]'s snippet.
pub const MATCH_END: char = '\u{3}';

/// So many conversations at most are looked up before the messages; where filters mean more, the messages that
/// match are asked for theirs, of which enough are then found soon.
const CONVERSATION_LIMIT: usize = 500;

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// What was made last.
    #[default]
    Newest,
    /// What fits best: the words as a phrase as they are written; then within ten words of each
    /// other; then anywhere; then where the last word is only the beginning of one; in each of
    /// these what was made last. The first two are told apart among the newest thousand that
    /// hold all words.
    Best,
}

/// A conversation whose title matches, or a message whose text does, or a file attached to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Match {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message; none where the title matches.
    pub message: Option<MessageId>,
    /// The name of the file, where that or its text matches.
    pub attachment: Option<String>,
    /// The conversation's title.
    pub title: String,
    /// Where it matches, as plain text on one line, the words between [`MATCH_START`] and
    /// [`MATCH_END`].
    pub snippet: String,
    /// Who speaks; none where the title matches.
    pub role: Option<Role>,
    /// Whether the conversation was put away.
    pub archived: bool,
    /// When the message was made, or when the conversation with the title last changed.
    pub time: Timestamp,
}

impl History {
    /// What the query asks for: titles first, then messages and attached files, in this order; at
    /// most `limit` of them.
    ///
    /// A query holds words (case and accents do not count; the last one may be the beginning of
    /// one, `word*` is it anywhere), `"phrases"`, `-` before what must not be there, `OR` between
    /// two of which one must be, and filters:
    ///
    /// - `from:me`, `from:assistant`: who speaks;
    /// - `model:NAME`: words of the name of the model that wrote it;
    /// - `in:"WORDS"`: all of these words are in the conversation's title;
    /// - `tag:WORD`, `folder:"NAME"`: the conversation bears this tag, lies in a folder of this
    ///   name; neither case nor accents count;
    /// - `is:archived`: the conversation was put away;
    /// - `before:DATE`, `after:DATE`: made before the day, month or year begins, or once it has
    ///   begun (`2025-06-01`, `2025-06`, `2025`), in the machine's time zone;
    /// - `has:code`, `has:file`: the message holds a fenced block, or has a file attached.
    ///
    /// In Arabic, Chinese, Hebrew, Japanese, Khmer, Korean, Lao, Burmese and Thai a word is found
    /// within others as well. Filters without words list messages, and the conversations of a tag
    /// or folder and archived ones; titles are looked at only for words, dates and these, attached
    /// files only for words. Of a file that is text the first megabyte
    /// is searched. Any text is a valid query; one without a word or filter finds nothing.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn search(
        &self,
        query: &str,
        order: Order,
        limit: usize,
    ) -> Result<Vec<Match>, HistoryError> {
        let connection = self.connection();
        let mut query = Query::parse(query);
        let is_of_messages = query.is_of_messages();
        if query.is_empty() || limit == 0 || !look_up_conversations(&connection, &mut query)? {
            return Ok(Vec::new());
        }
        let strictnesses = match order {
            Order::Newest => vec![Strictness::Any],
            Order::Best => query.strictnesses(),
        };
        let mut sources = vec![];
        if !is_of_messages {
            sources.push(vec![Source::Title]);
        }
        sources.push(match query.words.is_empty() {
            true => vec![Source::Message],
            false => vec![Source::Message, Source::Attachment],
        });
        let mut seen = HashSet::new();
        let mut found = Vec::new();
        for sources in sources {
            for &strictness in &strictnesses {
                let mut next = Vec::new();
                for source in &sources {
                    next.extend(source.find(&connection, &query, strictness, limit)?);
                }
                next.sort_by_key(|found| std::cmp::Reverse(found.moment));
                found.extend(next.into_iter().filter(|found| seen.insert(*found)));
                found.truncate(limit);
                if found.len() == limit {
                    break;
                }
            }
        }
        let marker = Marker::new(query.sought());
        found.iter().filter_map(|found| found.describe(&connection, &marker).transpose()).collect()
    }
}

/// Turns filters into the conversations they mean, where these are few; false if there is none.
fn look_up_conversations(connection: &Connection, query: &mut Query) -> Result<bool, HistoryError> {
    let selections = query.conversations();
    if selections.is_empty() {
        return Ok(true);
    }
    let conditions: Vec<_> = selections.iter().map(|s| format!("id IN ({})", s.sql)).collect();
    let sql = format!("SELECT id FROM conversation WHERE {} LIMIT ?", conditions.join(" AND "));
    let limit = Value::from(CONVERSATION_LIMIT as i64 + 1);
    let values = selections.into_iter().flat_map(|selection| selection.values).chain([limit]);
    let mut statement = connection.prepare_cached(&sql)?;
    let conversations: Vec<i64> = statement
        .query_map(params_from_iter(values), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if conversations.len() <= CONVERSATION_LIMIT {
        let ids: Vec<_> =
            conversations.iter().filter_map(|id| ConversationId::from_i64(*id)).collect();
        query.facets.push(ids.iter().copied().map(Facet::In).collect());
        query.titles.clear();
        query.places.clear();
        query.known = Some(ids);
    }
    Ok(!conversations.is_empty())
}
