//! The classification that a conversation was given, by what names it among the organisation's.

use conversation::ConversationId;

use crate::{History, HistoryError, Transaction};

impl History {
    /// What a conversation was marked with; none if it bears what everything does.
    ///
    /// # Errors
    /// As the disk refuses.
    pub fn marking(&self, id: ConversationId) -> Result<Option<String>, HistoryError> {
        self.setting(&setting(id))
    }

    /// Marks a conversation, or takes its own marking away.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`]; or as the disk refuses.
    pub fn mark(&self, id: ConversationId, marking: Option<&str>) -> Result<(), HistoryError> {
        self.transaction(|t| {
            t.conversation(id)?;
            t.put_marking(id, marking)
        })
    }
}

impl Transaction<'_> {
    pub(crate) fn put_marking(
        &self,
        id: ConversationId,
        marking: Option<&str>,
    ) -> Result<(), HistoryError> {
        self.put_setting(&setting(id), marking)
    }

    /// Marks a copy as what it was copied from.
    pub(crate) fn mark_alike(
        &self,
        from: ConversationId,
        to: ConversationId,
    ) -> Result<(), HistoryError> {
        self.sql.execute(
            "INSERT OR REPLACE INTO setting (name, value)
             SELECT ?2, value FROM setting WHERE name = ?1",
            [setting(from), setting(to)],
        )?;
        Ok(())
    }
}

fn setting(id: ConversationId) -> String {
    format!("marking:{id}")
}
