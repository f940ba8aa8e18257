//! Records and lists as bytes, before they are encrypted.

use history::sync::{Record, Segment};
use serde::{Deserialize, Serialize};

use crate::SyncError;

/// A record without its files, and each file, is no larger than SQLite could hold.
const LARGEST: usize = 1 << 30;

/// What a machine has in the store. It is written after its segments, so that what it names is
/// whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Head {
    /// The machine.
    pub device: i64,
    /// How often it was changed.
    pub counter: i64,
    /// Its segments, in the order of their numbers.
    pub segments: Vec<Segment>,
}

impl Head {
    pub fn to_bytes(&self) -> Result<Vec<u8>, SyncError> {
        serde_json::to_vec(self).map_err(|_| SyncError::Internal("a list has no form in JSON"))
    }

    /// Reads the list of this machine.
    pub fn read(name: &str, bytes: &[u8], device: i64) -> Result<Self, SyncError> {
        let damaged = || SyncError::Damaged(name.to_owned());
        let head: Self = serde_json::from_slice(bytes).map_err(|_| damaged())?;
        let in_order = head.segments.windows(2).all(|pair| pair[0].name.root < pair[1].name.root);
        if head.device == device && in_order { Ok(head) } else { Err(damaged()) }
    }
}

/// Writes records one after another: the length of each as four bytes, the least first, the record
/// as JSON, and then its files, each after its own length.
pub(crate) fn write(records: &[Record]) -> Result<Vec<u8>, SyncError> {
    let mut bytes = Vec::new();
    let mut put = |part: &[u8]| {
        let length = u32::try_from(part.len())
            .map_err(|_| SyncError::Internal("a record is too large to be sent"))?;
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(part);
        Ok::<_, SyncError>(())
    };
    for record in records {
        let json = serde_json::to_vec(record)
            .map_err(|_| SyncError::Internal("a record has no form in JSON"))?;
        put(&json)?;
        record.files().iter().try_for_each(|file| put(&file.data))?;
    }
    Ok(bytes)
}

/// Reads records.
///
/// # Errors
/// [`SyncError::Damaged`] where they are not as [`write`] writes them.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Vec<Record>, SyncError> {
    let mut rest = bytes;
    let mut next = || take(&mut rest).ok_or_else(|| SyncError::Damaged(name.to_owned()));
    let mut records = Vec::new();
    while let Some(json) = next()? {
        let mut record: Record =
            serde_json::from_slice(json).map_err(|_| SyncError::Damaged(name.to_owned()))?;
        for file in record.files_mut() {
            let data = next()?.ok_or_else(|| SyncError::Damaged(name.to_owned()))?;
            file.data = data.to_vec();
        }
        records.push(record);
    }
    Ok(records)
}

/// The next part; at the end there is none, and within a part nothing at all.
fn take<'a>(rest: &mut &'a [u8]) -> Option<Option<&'a [u8]>> {
    if rest.is_empty() {
        return Some(None);
    }
    let (length, after) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok().filter(|n| *n <= LARGEST)?;
    let (part, after) = after.split_at_checked(length)?;
    *rest = after;
    Some(Some(part))
}

#[cfg(test)]
mod tests {
    use history::sync::{Field, FileRecord, FolderFile, Kind, Value, Version};
    use proptest::prelude::*;

    use super::*;

    fn records() -> Vec<Record> {
        let version = Version { time: 5, device: 6 };
        let (kind, value) = (Kind::Conversation, Value::Text("é".to_owned()));
        let file = FileRecord {
            id: 3,
            name: "f".to_owned(),
            media_type: "text/plain".to_owned(),
            data: vec![0, 255, 10],
        };
        vec![
            Record::Field(Field { kind, record: 1, field: "title".to_owned(), value, version }),
            Record::FolderFile(FolderFile { folder: 2, born: version, version, file }),
        ]
    }

    #[test]
    fn records_are_read_as_they_were_written_or_not_at_all() {
        let bytes = write(&records()).unwrap();
        assert_eq!(read("n", &bytes).unwrap(), records());
        assert!(read("n", &[]).unwrap().is_empty());
        let whole = write(&records()[..1]).unwrap().len();
        for length in (1..bytes.len()).filter(|length| *length != whole) {
            assert!(matches!(read("n", &bytes[..length]), Err(SyncError::Damaged(_))), "{length}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read("n", &bytes);
        }
    }
}
