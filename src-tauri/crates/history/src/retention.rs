//! How long conversations are kept.

use std::num::NonZeroU32;

use conversation::{FolderId, Timestamp};

use crate::{History, HistoryError, Transaction};

/// The setting with the days after which what lies in no folder of its own age is erased.
const SETTING: &str = "retention";

const DAY: i64 = 24 * 60 * 60 * 1000;

impl History {
    /// After so many days without a change a conversation is erased, unless its folder says
    /// otherwise; none if it is kept.
    ///
    /// # Errors
    /// [`HistoryError::Damaged`] if the setting is no number; or as the disk refuses.
    pub fn retention(&self) -> Result<Option<NonZeroU32>, HistoryError> {
        let Some(days) = self.setting(SETTING)? else { return Ok(None) };
        let damaged = |_| HistoryError::Damaged("the time that conversations are kept".to_owned());
        days.parse().map(Some).map_err(damaged)
    }

    /// Erases the conversations that were not changed for longer than they are to be kept, deleted
    /// and archived ones as well, and says how many. What is held stays. A folder's own time goes
    /// before that for all.
    ///
    /// # Errors
    /// As for [`retention`](Self::retention).
    pub fn apply_retention(&self, now: Timestamp) -> Result<u32, HistoryError> {
        self.apply_retention_within(now, None)
    }

    /// The same, where nothing is kept for longer than so many days, whatever is set.
    ///
    /// # Errors
    /// As for [`retention`](Self::retention).
    pub fn apply_retention_within(
        &self,
        now: Timestamp,
        most: Option<NonZeroU32>,
    ) -> Result<u32, HistoryError> {
        let least = |days: Option<NonZeroU32>| days.into_iter().chain(most).min();
        let all = least(self.retention()?);
        let folders = self.folders()?;
        let within = |days: u32| most.map_or(days, |most| days.min(most.get()));
        let own = folders.iter().filter_map(|folder| Some((folder.id, within(folder.retention?))));
        if all.is_none() && own.clone().next().is_none() {
            return Ok(0);
        }
        let before = |days: u32| now.as_millis().saturating_sub(i64::from(days) * DAY);
        self.transaction(|t| {
            let mut erased = 0;
            for (folder, days) in own {
                let condition = "folder = ?1 AND updated < ?2";
                erased += t.erase_where(condition, [folder.as_i64(), before(days)])?;
            }
            if let Some(days) = all {
                let condition = "updated < ?1 AND NOT EXISTS (SELECT 1 FROM folder
                     WHERE folder.id = conversation.folder AND retention IS NOT NULL)";
                erased += t.erase_where(condition, [before(days.get())])?;
            }
            Ok(erased)
        })
    }
}

impl Transaction<'_> {
    /// Sets after how many days without a change a conversation is erased by
    /// [`History::apply_retention`]: one of this folder, or, for no folder, one whose folder does
    /// not say. `None` keeps it, or leaves it to what is set for all.
    ///
    /// # Errors
    /// [`HistoryError::NoFolder`], or as the disk refuses.
    pub fn set_retention(
        &self,
        folder: Option<FolderId>,
        days: Option<NonZeroU32>,
    ) -> Result<(), HistoryError> {
        match folder {
            Some(folder) => {
                let sql = "UPDATE folder SET retention = ?2 WHERE id = ?1";
                self.change_folder(folder, sql, days.map(NonZeroU32::get))
            }
            None => self.put_setting(SETTING, days.map(|days| days.to_string()).as_deref()),
        }
    }
}
