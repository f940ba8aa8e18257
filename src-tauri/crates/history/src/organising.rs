//! Where a conversation is listed: above the others, put away, in a folder.

use conversation::{ConversationId, FolderId};

use crate::{History, HistoryError, Transaction};

impl History {
    /// Lets a conversation stand above the others, or not.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], or as the disk refuses.
    pub fn set_pinned(&self, id: ConversationId, pinned: bool) -> Result<(), HistoryError> {
        self.transaction(|t| t.set_pinned(&[id], pinned))
    }
}

impl Transaction<'_> {
    /// Lets conversations stand above the others, or not.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], or as the disk refuses.
    pub fn set_pinned(&self, ids: &[ConversationId], pinned: bool) -> Result<(), HistoryError> {
        let sql = "UPDATE conversation SET pinned = ?2 WHERE id = ?1 AND deleted IS NULL";
        self.change(ids, sql, pinned)
    }

    /// Puts conversations away, or takes them out again.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`], or as the disk refuses.
    pub fn set_archived(&self, ids: &[ConversationId], archived: bool) -> Result<(), HistoryError> {
        let sql = "UPDATE conversation SET archived = ?2 WHERE id = ?1 AND deleted IS NULL";
        self.change(ids, sql, archived)
    }

    /// Puts conversations into a folder, or into none.
    ///
    /// # Errors
    /// [`HistoryError::NoConversation`]; [`HistoryError::NoFolder`]; [`HistoryError::HeldFolder`]
    /// for one that lies in a folder that is held; or as the disk refuses.
    pub fn set_folder(
        &self,
        ids: &[ConversationId],
        folder: Option<FolderId>,
    ) -> Result<(), HistoryError> {
        if let Some(folder) = folder {
            self.require_folder(folder)?;
        }
        for id in ids {
            if let Some(before) = self.conversation(*id)?.folder
                && Some(before) != folder
            {
                self.require_free_folder(before)?;
            }
        }
        let sql = "UPDATE conversation SET folder = ?2 WHERE id = ?1 AND deleted IS NULL";
        self.change(ids, sql, folder.map(FolderId::as_i64))
    }
}
