//! What another machine erased: it goes here as well, unless something of it must stay. Then all of
//! it comes back, on every machine.

use conversation::ConversationId;
use rusqlite::{OptionalExtension, params};

use super::applying::Touched;
use super::outgoing::{value, version};
use super::record::{Erased, Kind, Value, Version};
use crate::hold::IS_HELD;
use crate::{HistoryError, Transaction};

impl Transaction<'_> {
    /// Takes over that something was erased.
    pub(super) fn apply_erased(
        &self,
        new: &Erased,
        touched: &mut Touched,
    ) -> Result<(), HistoryError> {
        let Erased { kind, record, fields, parts } = new;
        let mut is_new = false;
        for (part, at) in fields.map(|at| (0, at)).into_iter().chain(parts.iter().copied()) {
            is_new |= self.raise_floor(*kind, *record, part, at)?;
        }
        if !is_new {
            return Ok(());
        }
        let known = self.known_of_erased(*kind, *record)?;
        if known.gone_parts.is_empty() && known.gone_fields.is_empty() {
            return Ok(());
        }
        touched.add(*kind, *record);
        let is_kept = self.is_kept(*kind, *record)?;
        // Of a folder files are erased by themselves as well.
        let is_whole = *kind == Kind::Conversation
            || known.gone_fields.iter().any(|(field, _)| field == kind.being());
        if is_kept || (is_whole && known.stays) {
            self.revive(*kind, *record, &known)
        } else if is_whole {
            self.erase_synced(*kind, *record, &known)
        } else {
            self.erase_files(*record, &known.gone_parts)
        }
    }

    /// The version up to which nothing of this is kept; 0 stands for all fields.
    pub(super) fn floor(
        &self,
        kind: Kind,
        record: i64,
        part: i64,
    ) -> Result<Option<Version>, HistoryError> {
        Ok(self
            .sql
            .prepare_cached(
                "SELECT time, device FROM sync_floor WHERE kind = ?1 AND record = ?2 AND part = ?3",
            )?
            .query_row(params![kind.number(), record, part], |row| version(row, 0))
            .optional()?)
    }

    /// Keeps nothing of this up to a version; says whether that is new.
    fn raise_floor(
        &self,
        kind: Kind,
        record: i64,
        part: i64,
        at: Version,
    ) -> Result<bool, HistoryError> {
        let raised = self
            .sql
            .prepare_cached(
                "INSERT INTO sync_floor (kind, record, part, time, device)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (kind, record, part) DO UPDATE SET time = excluded.time,
                     device = excluded.device, place = NULL, segment = NULL
                     WHERE (excluded.time, excluded.device) > (time, device)",
            )?
            .execute(params![kind.number(), record, part, at.time, at.device])?;
        Ok(raised > 0)
    }

    /// What is here of something that was erased.
    fn known_of_erased(&self, kind: Kind, record: i64) -> Result<Known, HistoryError> {
        let mut known = Known::default();
        let mut statement = self.sql.prepare_cached(
            "SELECT sync_part.part, sync_part.time, sync_part.device,
                 sync_floor.time, sync_floor.device
             FROM sync_part LEFT JOIN sync_floor USING (kind, record, part)
             WHERE kind = ?1 AND record = ?2",
        )?;
        let mut rows = statement.query([kind.number(), record])?;
        while let Some(row) = rows.next()? {
            let floor = row.get::<_, Option<i64>>(3)?.map(|_| version(row, 3)).transpose()?;
            if floor >= Some(version(row, 1)?) {
                known.gone_parts.push(row.get(0)?);
            } else {
                known.stays = true;
            }
        }
        let floor = self.floor(kind, record, 0)?;
        let mut statement = self.sql.prepare_cached(
            "SELECT field, time, device, value FROM sync_field WHERE kind = ?1 AND record = ?2",
        )?;
        let mut rows = statement.query([kind.number(), record])?;
        while let Some(row) = rows.next()? {
            let (field, at): (String, _) = (row.get(0)?, version(row, 1)?);
            if floor >= Some(at) {
                known.gone_fields.push((field, value(row, 3)?));
            } else {
                // Somebody brought it back already.
                known.stays |= field == kind.being();
                known.latest = known.latest.max(Some(at));
            }
        }
        Ok(known)
    }

    /// Whether a hold keeps something from being deleted.
    fn is_kept(&self, kind: Kind, record: i64) -> Result<bool, HistoryError> {
        match kind {
            Kind::Conversation => {
                self.has(&format!("SELECT 1 FROM conversation WHERE id = ?1 AND {IS_HELD}"), record)
            }
            Kind::Folder => {
                let sql = "SELECT 1 FROM folder WHERE id = ?1 AND (held = 1 OR ?2)";
                let everything = self.holds_everything()?;
                Ok(self.sql.prepare_cached(sql)?.exists(params![record, everything])?)
            }
        }
    }

    /// Brings back what was erased, as a later change of this machine's.
    fn revive(&self, kind: Kind, record: i64, known: &Known) -> Result<(), HistoryError> {
        let sql = "UPDATE sync_device SET clock = (SELECT time FROM sync_next)";
        self.sql.prepare_cached(sql)?.execute([])?;
        for part in &known.gone_parts {
            self.sql
                .prepare_cached(
                    "UPDATE sync_part SET segment = NULL, (time, device, place) =
                         (SELECT clock, device, clock FROM sync_device)
                     WHERE kind = ?1 AND record = ?2 AND part = ?3",
                )?
                .execute(params![kind.number(), record, part])?;
        }
        for (field, value) in &known.gone_fields {
            self.set_field(kind, record, field, value)?;
        }
        if kind == Kind::Folder {
            return self.set_field(kind, record, kind.being(), &Value::Number(1));
        }
        let created = self
            .sql
            .prepare_cached("SELECT created FROM conversation WHERE id = ?1")?
            .query_row([record], |row| row.get(0))
            .optional()?;
        if let Some(created) = created {
            self.set_field(kind, record, kind.being(), &Value::Number(created))?;
        }
        // That everything is held is known here alone; what comes back because of it stays back.
        if self.holds_everything()? {
            self.set_field(kind, record, "held", &Value::Number(1))?;
        }
        Ok(())
    }

    /// Erases what another machine erased.
    fn erase_synced(&self, kind: Kind, record: i64, known: &Known) -> Result<(), HistoryError> {
        let number = kind.number();
        let is_here = match kind {
            Kind::Conversation => self.has("SELECT 1 FROM conversation WHERE id = ?1", record)?,
            Kind::Folder => self.has("SELECT 1 FROM folder WHERE id = ?1", record)?,
        };
        let sql = "DELETE FROM sync_part WHERE kind = ?1 AND record = ?2";
        self.sql.prepare_cached(sql)?.execute([number, record])?;
        for (field, _) in &known.gone_fields {
            self.erase_field(kind, record, field)?;
        }
        if !is_here {
            return Ok(());
        }
        // What was called otherwise meanwhile, say, is erased all the same, everywhere.
        if let Some(latest) = known.latest
            && self.raise_floor(kind, record, 0, latest)?
        {
            let sql = "UPDATE sync_device SET clock = (SELECT time FROM sync_next)";
            self.sql.prepare_cached(sql)?.execute([])?;
            self.sql
                .prepare_cached(
                    "UPDATE sync_floor SET place = (SELECT clock FROM sync_device)
                     WHERE kind = ?1 AND record = ?2 AND part = 0",
                )?
                .execute([number, record])?;
            let sql = "DELETE FROM sync_field WHERE kind = ?1 AND record = ?2";
            self.sql.prepare_cached(sql)?.execute([number, record])?;
        }
        match (kind, ConversationId::from_i64(record)) {
            (Kind::Conversation, Some(id)) => self.erase_free(&[id])?,
            _ => {
                self.sql.prepare_cached("DELETE FROM folder WHERE id = ?1")?.execute([record])?;
            }
        }
        self.erased.set(true);
        Ok(())
    }

    /// Erases files of a folder.
    fn erase_files(&self, folder: i64, files: &[i64]) -> Result<(), HistoryError> {
        for file in files {
            let sql = "DELETE FROM folder_file WHERE id = ?1 AND folder = ?2";
            self.sql.prepare_cached(sql)?.execute([file, &folder])?;
            let sql = "DELETE FROM sync_part WHERE kind = 2 AND record = ?1 AND part = ?2";
            self.sql.prepare_cached(sql)?.execute([&folder, file])?;
        }
        self.erased.set(true);
        Ok(())
    }
}

/// What is here of something that was erased.
#[derive(Debug, Default)]
struct Known {
    /// The messages or files that its eraser knew as they are here.
    gone_parts: Vec<i64>,
    /// The fields of which that is so.
    gone_fields: Vec<(String, Value)>,
    /// Whether there is something that the eraser did not know and that must stay.
    stays: bool,
    /// The last version of the fields that the eraser did not know.
    latest: Option<Version>,
}
