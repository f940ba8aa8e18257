//! This machine's own segments: which there are, and which are worth writing anew.

use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::{History, HistoryError};

/// With more segments than these, small ones are put together.
const MANY: usize = 32;

/// Names a segment: its number, which grows, and how often it was written anew. One that takes the
/// place of several has the number of the last of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SegmentName {
    /// Its number.
    pub root: i64,
    /// How often it was written anew.
    pub generation: i64,
}

/// A segment that the list names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// Which one.
    pub name: SegmentName,
    /// Its bytes in the store.
    pub bytes: u64,
    /// The hash of these.
    pub hash: String,
}

impl History {
    /// This machine's segments, in the order of their numbers.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn sync_segments(&self) -> Result<Vec<Segment>, HistoryError> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached("SELECT root, generation, bytes, hash FROM sync_segment ORDER BY 1")?;
        let segments = statement.query_map([], |row| {
            Ok(Segment {
                name: SegmentName { root: row.get(0)?, generation: row.get(1)? },
                bytes: u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0),
                hash: row.get(3)?,
            })
        })?;
        Ok(segments.collect::<Result<_, _>>()?)
    }

    /// The numbers of the first and the last of the next segments to be written anew: of one that
    /// holds something erased, or for a quarter what is no longer so; or of several small ones
    /// where there are many, whose bytes together are not more than `most`.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn sync_worn(&self, most: u64) -> Result<Option<(i64, i64)>, HistoryError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT root, bytes, erased = 1 OR dead * 4 >= records FROM sync_segment ORDER BY 1",
        )?;
        let segments = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<Vec<(i64, i64, bool)>, _>>()?;
        if let Some((root, ..)) = segments.iter().find(|(.., is_worn)| *is_worn) {
            return Ok(Some((*root, *root)));
        }
        if segments.len() <= MANY {
            return Ok(None);
        }
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let (mut longest, mut first, mut bytes) = (0..1, 0, 0);
        for (place, (_, own, _)) in segments.iter().enumerate() {
            bytes += own;
            while bytes > most && first < place {
                bytes -= segments[first].1;
                first += 1;
            }
            if place + 1 - first > longest.len() {
                longest = first..place + 1;
            }
        }
        let run = &segments[longest];
        Ok(match (run.first(), run.last()) {
            (Some((first, ..)), Some((last, ..))) if first < last => Some((*first, *last)),
            _ => None,
        })
    }

    /// Notes that the store has the list of segments as it is here.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn sync_published(&self, head: &str) -> Result<(), HistoryError> {
        self.transaction(|t| {
            t.sql.execute("UPDATE sync_device SET published = 1, head = ?1", [head])?;
            Ok(())
        })
    }

    /// The segments that no list names any more and that are still to be deleted.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn sync_dropped(&self) -> Result<Vec<SegmentName>, HistoryError> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT root, generation FROM sync_dropped ORDER BY 1, 2")?;
        let dropped = statement
            .query_map([], |row| Ok(SegmentName { root: row.get(0)?, generation: row.get(1)? }))?;
        Ok(dropped.collect::<Result<_, _>>()?)
    }

    /// Notes that such a segment is deleted.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn sync_deleted(&self, name: SegmentName) -> Result<(), HistoryError> {
        self.transaction(|t| {
            t.sql.execute(
                "DELETE FROM sync_dropped WHERE root = ?1 AND generation = ?2",
                params![name.root, name.generation],
            )?;
            Ok(())
        })
    }
}
