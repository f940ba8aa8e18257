//! The versions of the schema, and the way from any of them to the last.

use rusqlite::{Connection, TransactionBehavior};

use crate::HistoryError;

/// The version that each step leads to, in order; the first one starts from an empty file. A
/// step that was ever released is never changed.
const STEPS: &[(u32, &str)] = &[
    (1, include_str!("schema/1.sql")),
    (2, include_str!("schema/2.sql")),
    (3, include_str!("schema/3.sql")),
    (4, include_str!("schema/4.sql")),
    (5, include_str!("schema/5.sql")),
    (6, include_str!("schema/6.sql")),
    (7, include_str!("schema/7.sql")),
    (8, include_str!("schema/8.sql")),
    (9, include_str!("schema/9.sql")),
];
/// The version that this code reads and writes.
const LATEST: u32 = STEPS[STEPS.len() - 1].0;

/// Brings the file to the last version, in one transaction.
pub(crate) fn upgrade(connection: &mut Connection) -> Result<(), HistoryError> {
    upgrade_to(connection, LATEST)
}

fn upgrade_to(connection: &mut Connection, last: u32) -> Result<(), HistoryError> {
    if version(connection)? == last {
        return Ok(());
    }
    // Another process may be upgrading just now; what is true is known once the lock is held.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let from = version(&transaction)?;
    if from > LATEST {
        return Err(HistoryError::NewerVersion(from));
    }
    for (_, step) in STEPS.iter().filter(|(to, _)| (from + 1..=last).contains(to)) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", last.max(from))?;
    transaction.commit()?;
    Ok(())
}

/// Whether the file is of the last version.
///
/// # Errors
/// [`HistoryError::NewerVersion`]; [`HistoryError::NotAHistory`] if it is empty.
pub(crate) fn is_latest(connection: &Connection) -> Result<bool, HistoryError> {
    match version(connection)? {
        0 => Err(HistoryError::NotAHistory),
        newer if newer > LATEST => Err(HistoryError::NewerVersion(newer)),
        version => Ok(version == LATEST),
    }
}

fn version(connection: &Connection) -> Result<u32, HistoryError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        crate::functions::register(&connection).unwrap();
        connection
    }

    fn schema_of(connection: &Connection) -> Vec<String> {
        let mut statement = connection
            .prepare("SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1")
            .unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    /// A conversation with two messages, written as the first version wrote it.
    const DATA: &str = "
        INSERT INTO conversation (id, title, leaf, model, created, updated)
            VALUES (1, 'Météo à Paris', 3, NULL, 5, 6);
        INSERT INTO message (id, conversation, parent, role, state, text, reasoning, created)
            VALUES (2, 1, NULL, 'user', 'complete', 'Quel temps fera-t-il ?', '', 5),
                   (3, 1, 2, 'assistant', 'complete', 'Du soleil à 東京都.', '', 6);
        INSERT INTO attachment (id, message, name, media_type, size, data)
            VALUES (4, 2, 'pluie.txt', 'text/plain', 5, CAST('orage' AS BLOB));";

    #[test]
    fn every_version_upgrades_to_the_last_one() {
        let mut fresh = open();
        upgrade(&mut fresh).unwrap();
        for from in 1..=LATEST {
            let mut old = open();
            upgrade_to(&mut old, from).unwrap();
            old.execute_batch(DATA).unwrap();
            if from >= 4 {
                // From here on the program fills the index, not a trigger.
                old.execute_batch(
                    "INSERT INTO message_index (message_index) VALUES ('rebuild');
                     INSERT INTO title_index (title_index) VALUES ('rebuild');",
                )
                .unwrap();
            }
            if from >= 5 {
                // And the index of attached files, and what is counted.
                old.execute_batch(
                    "INSERT INTO attachment_index (attachment_index) VALUES ('rebuild');
                     INSERT INTO usage VALUES (1, '1970-01', '', 2, 9, 0, 0);",
                )
                .unwrap();
            }
            upgrade(&mut old).unwrap();
            assert_eq!(schema_of(&old), schema_of(&fresh), "from {from}");
            let count = |sql: &str| old.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
            assert_eq!(count("SELECT count(*) FROM message"), 2);
            assert_eq!(count("SELECT count(*) FROM message_index WHERE text MATCH 'soleil'"), 1);
            assert_eq!(count("SELECT count(*) FROM title_index WHERE text MATCH 'meteo'"), 1);
            let words = "SELECT count(*) FROM attachment_index WHERE text MATCH 'pluie orage'";
            assert_eq!(count(words), 1);
            assert_eq!(count("SELECT count(*) FROM message_index WHERE text MATCH '京都'"), 1);
            let facets = "SELECT count(*) FROM message_index WHERE facets MATCH '\u{e000}file'";
            assert_eq!(count("SELECT messages * 100 + words FROM usage"), 209);
            // Before step 4 a message was stored without the number of its files.
            assert_eq!(count(facets), i64::from(from < 4), "from {from}");
        }
    }

    #[test]
    fn a_version_to_come_is_left_alone() {
        let mut connection = open();
        upgrade(&mut connection).unwrap();
        connection.pragma_update(None, "user_version", 999).unwrap();
        assert!(matches!(upgrade(&mut connection), Err(HistoryError::NewerVersion(999))));
    }
}
