//! What is noted as it is added, and what is there when sharing begins. What changes and what is
//! erased is noted by triggers of the schema (`6.sql`).

use conversation::{ConversationId, MessageId};
use rusqlite::params;

use crate::{HistoryError, Transaction};

/// What was there before it was shared is older, by so many milliseconds, than what was changed
/// since: it brings back nothing that was changed or erased elsewhere meanwhile.
const EARLIER: i64 = 1000;

impl Transaction<'_> {
    /// Lets a change be noted, if changes are.
    fn begin_note(&self) -> Result<bool, HistoryError> {
        let sql = "UPDATE sync_device SET clock = (SELECT time FROM sync_next) WHERE recording = 1";
        Ok(self.sql.prepare_cached(sql)?.execute([])? > 0)
    }

    /// Notes a message that was added.
    pub(crate) fn note_message(&self, id: MessageId) -> Result<(), HistoryError> {
        if self.begin_note()? {
            self.sql
                .prepare_cached(
                    "INSERT INTO sync_part
                         (kind, record, part, born, born_device, time, device, place)
                     SELECT 1, conversation, id, clock, device, clock, device, clock
                     FROM sync_device, message WHERE id = ?1",
                )?
                .execute([id.as_i64()])?;
        }
        Ok(())
    }

    /// Notes a conversation that was added.
    pub(crate) fn note_conversation(&self, id: ConversationId) -> Result<(), HistoryError> {
        if self.begin_note()? {
            self.sql
                .prepare_cached(
                    "INSERT INTO sync_field (kind, record, field, value, time, device, place)
                     SELECT kind, record, field, value, clock, device, clock
                     FROM sync_device, sync_known_field WHERE kind = 1 AND record = ?1",
                )?
                .execute([id.as_i64()])?;
        }
        Ok(())
    }

    /// Notes everything that is there.
    pub(super) fn note_everything(&self) -> Result<(), HistoryError> {
        self.sql.execute(
            "INSERT INTO sync_field (kind, record, field, value, time, device, place)
             SELECT kind, record, field, value,
                 max(iif(field = 'trashed', since, since - ?1) << 16, 1), 0, 1
             FROM sync_known_field
             -- A conversation that was brought in more than once has one name of these.
             WHERE true ON CONFLICT DO NOTHING",
            [EARLIER],
        )?;
        self.sql.execute(
            "INSERT INTO sync_part (kind, record, part, born, born_device, time, device, place)
             SELECT kind, record, part, time, 0, time, 0, 1 FROM (
                 SELECT 1 AS kind, conversation AS record, id AS part,
                     max((created - ?1) << 16, 1) AS time FROM message
                 UNION ALL
                 SELECT 2, folder, id, max(((id >> 21) - ?1) << 16, 1) FROM folder_file
             )",
            params![EARLIER],
        )?;
        self.sql.execute(
            "UPDATE sync_device SET clock = max(clock,
                 (SELECT coalesce(max(time), 0) FROM sync_field),
                 (SELECT coalesce(max(time), 0) FROM sync_part))",
            [],
        )?;
        Ok(())
    }
}
