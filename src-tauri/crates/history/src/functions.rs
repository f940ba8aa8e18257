//! The SQL functions that say what is indexed and counted, for the schema's triggers and views.
//!
//! They must give the same for a row when it is deleted as when it was added, or its words stay
//! behind in the index or the counts; `history verify` would tell.

use conversation::Timestamp;
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};

use crate::search::facets;
use crate::usage;

/// So many bytes of an attached file are indexed.
const ATTACHMENT_LIMIT: usize = 1 << 20;

/// Makes the functions known to a connection; needed before anything is written.
pub(crate) fn register(connection: &Connection) -> rusqlite::Result<()> {
    // The last flag lets triggers and views of the schema use them wherever the schema is trusted.
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("index_text", 1, flags, |context| {
        Ok(words::indexed(string(context, 0)?).into_owned())
    })?;
    connection.create_scalar_function("index_facets", 5, flags, |context| {
        Ok(facets::indexed(
            context.get(0)?,
            string(context, 1)?,
            context.get_raw(2).as_str_or_null().map_err(user_error)?,
            context.get::<i64>(3)? > 0,
            string(context, 4)?,
        ))
    })?;
    connection.create_scalar_function("index_attachment", 3, flags, |context| {
        let data = context.get_raw(2).as_blob().map_err(user_error)?;
        Ok(attachment(string(context, 0)?, string(context, 1)?, data))
    })?;
    connection.create_scalar_function("count_words", 1, flags, |context| {
        Ok(usage::count_words(string(context, 0)?))
    })?;
    connection.create_scalar_function("month_of", 1, flags, |context| {
        Ok(usage::month_of(Timestamp::from_millis(context.get(0)?)))
    })?;
    // Not of the schema, but of the search for tags and folders.
    connection
        .create_scalar_function("fold", 1, flags, |context| Ok(words::folded(string(context, 0)?)))
}

fn string<'a>(context: &'a Context<'_>, place: usize) -> rusqlite::Result<&'a str> {
    context.get_raw(place).as_str().map_err(user_error)
}

fn user_error(error: rusqlite::types::FromSqlError) -> rusqlite::Error {
    rusqlite::Error::UserFunctionError(Box::new(error))
}

/// What is indexed of an attached file: its name, and its beginning where it is text.
fn attachment(name: &str, media_type: &str, data: &[u8]) -> String {
    let mut whole = name.to_owned();
    if media_type.starts_with("text/") {
        whole.push('\n');
        whole.push_str(&String::from_utf8_lossy(&data[..data.len().min(ATTACHMENT_LIMIT)]));
    }
    words::indexed(&whole).into_owned()
}
