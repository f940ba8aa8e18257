//! Rows of the database as the domain's own types, and back.

use conversation::{
    Attachment, AttachmentId, Conversation, ConversationId, Failure, FailureCode, FinishReason,
    FolderId, Message, MessageId, MessageState, Role, Timestamp, Usage,
};
use rusqlite::Row;
use rusqlite::types::Type;

/// The columns of [`conversation`], in its order.
pub(crate) const CONVERSATION: &str = "id, title, leaf, model, created, updated, pinned, \
    instructions, folder, archived, held, (SELECT group_concat(name, char(31) ORDER BY folded) \
    FROM conversation_tag JOIN tag ON tag.id = conversation_tag.tag \
    WHERE conversation_tag.conversation = conversation.id)";
/// The columns of [`message`], in its order.
pub(crate) const MESSAGE: &str = "id, conversation, parent, role, state, text, reasoning, \
    failure_code, failure_message, failure_retry_after, finish, model, input_tokens, \
    output_tokens, created, milliseconds, writer, replaced";
/// The columns of [`attachment`], in its order.
pub(crate) const ATTACHMENT: &str = "id, name, media_type, size";

/// Stands between the tags of a conversation; no tag holds it.
const BETWEEN_TAGS: char = '\u{1f}';

pub(crate) fn conversation(row: &Row<'_>, temporary: bool) -> rusqlite::Result<Conversation> {
    let tags: Option<String> = row.get(11)?;
    let tags = tags.iter().flat_map(|tags| tags.split(BETWEEN_TAGS)).map(str::to_owned);
    Ok(Conversation {
        id: id(row, 0, ConversationId::from_i64)?,
        title: row.get(1)?,
        leaf: optional_id(row, 2, MessageId::from_i64)?,
        model: row.get(3)?,
        created: Timestamp::from_millis(row.get(4)?),
        updated: Timestamp::from_millis(row.get(5)?),
        pinned: row.get(6)?,
        instructions: row.get(7)?,
        folder: optional_id(row, 8, FolderId::from_i64)?,
        tags: tags.collect(),
        archived: row.get(9)?,
        held: row.get(10)?,
        temporary,
    })
}

/// A message without its attachments, and the lease it streams under.
pub(crate) fn message(row: &Row<'_>) -> rusqlite::Result<(Message, Option<String>)> {
    let failure = match row.get::<_, Option<String>>(7)? {
        Some(code) => Some(Failure {
            code: FailureCode::from_text(&code).unwrap_or(FailureCode::Internal),
            message: row.get::<_, Option<String>>(8)?.unwrap_or_default(),
            retry_after: row.get(9)?,
        }),
        None => None,
    };
    let finish = match row.get::<_, Option<String>>(10)? {
        Some(text) => Some(named(10, &text, FINISH)?),
        None => None,
    };
    let usage = match (row.get(12)?, row.get(13)?) {
        (Some(input_tokens), Some(output_tokens)) => Some(Usage { input_tokens, output_tokens }),
        _ => None,
    };
    let message = Message {
        id: id(row, 0, MessageId::from_i64)?,
        conversation: id(row, 1, ConversationId::from_i64)?,
        parent: optional_id(row, 2, MessageId::from_i64)?,
        role: named(3, &row.get::<_, String>(3)?, ROLE)?,
        state: named(4, &row.get::<_, String>(4)?, STATE)?,
        text: row.get(5)?,
        reasoning: row.get(6)?,
        failure,
        finish,
        model: row.get(11)?,
        usage,
        milliseconds: row.get(15)?,
        replaced: row.get(17)?,
        attachments: Vec::new(),
        created: Timestamp::from_millis(row.get(14)?),
    };
    Ok((message, row.get(16)?))
}

pub(crate) fn attachment(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    Ok(Attachment {
        id: id(row, 0, AttachmentId::from_i64)?,
        name: row.get(1)?,
        media_type: row.get(2)?,
        size: row.get(3)?,
    })
}

/// Who speaks, where anyone does.
pub(crate) fn role(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Role>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| named(column, &text, ROLE)).transpose()
}

/// A closed set of values and how each is written.
type Names<T> = &'static [(T, &'static str)];

pub(crate) const ROLE: Names<Role> =
    &[(Role::System, "system"), (Role::User, "user"), (Role::Assistant, "assistant")];

pub(crate) const STATE: Names<MessageState> = &[
    (MessageState::Complete, "complete"),
    (MessageState::Streaming, "streaming"),
    (MessageState::Stopped, "stopped"),
    (MessageState::Interrupted, "interrupted"),
    (MessageState::Failed, "failed"),
];

pub(crate) const FINISH: Names<FinishReason> = &[
    (FinishReason::Stop, "stop"),
    (FinishReason::Length, "length"),
    (FinishReason::ContentFilter, "content_filter"),
    (FinishReason::Cancelled, "cancelled"),
    (FinishReason::Other, "other"),
];

/// How a value of a closed set is written.
pub(crate) fn name_of<T: PartialEq>(value: T, names: Names<T>) -> &'static str {
    names.iter().find(|(known, _)| *known == value).map_or("", |(_, name)| name)
}

pub(crate) fn named<T: Copy>(column: usize, text: &str, names: Names<T>) -> rusqlite::Result<T> {
    names.iter().find(|(_, name)| *name == text).map(|(value, _)| *value).ok_or_else(|| {
        let problem = format!("“{text}” is not a known value");
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, problem.into())
    })
}

pub(crate) fn id<T>(
    row: &Row<'_>,
    column: usize,
    from: impl FnOnce(i64) -> Option<T>,
) -> rusqlite::Result<T> {
    let value = row.get(column)?;
    from(value).ok_or(rusqlite::Error::IntegralValueOutOfRange(column, value))
}

pub(crate) fn optional_id<T>(
    row: &Row<'_>,
    column: usize,
    from: impl FnOnce(i64) -> Option<T>,
) -> rusqlite::Result<Option<T>> {
    match row.get::<_, Option<i64>>(column)? {
        Some(value) => {
            from(value).map(Some).ok_or(rusqlite::Error::IntegralValueOutOfRange(column, value))
        }
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_written_as_everywhere_else() {
        fn check<T: serde::Serialize + Copy + PartialEq>(names: Names<T>) {
            for &(value, name) in names {
                assert_eq!(serde_json::to_value(value).unwrap(), name);
                assert_eq!(name_of(value, names), name);
            }
        }
        check(ROLE);
        check(STATE);
        check(FINISH);
    }
}
