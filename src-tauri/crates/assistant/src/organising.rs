//! Keeping order: folders, tags, what is put away, the trash; several conversations at once.

use audit::Event;
use conversation::{AttachmentId, Conversation, ConversationId, Failure, Folder, FolderId};
use history::{Activity, HistoryError, Place, Transaction, View};
use policy::Action;
use serde::{Deserialize, Serialize};

use crate::conversations::checked_title;
use crate::{Assistant, AttachedFile, Change, Glossary, instructions, retention};

/// How many conversations a page of a list has at most.
const PAGE: usize = 200;
/// How many conversations are found by their titles at most.
const TITLED: usize = 20;

/// What a person can change about a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct FolderChange {
    /// What a person calls it.
    pub name: String,
    /// Instructions for the model that go with every question of its conversations.
    pub instructions: String,
    /// What terms are to be called in translations, as lines of a term and its translation.
    pub glossary: String,
    /// So many days after it was last changed is a conversation in it erased; none where what is
    /// set for all holds.
    pub retention: Option<u32>,
}

impl Assistant {
    /// A page of a list, from after a place on or from the beginning: at most two hundred.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn list(&self, view: &View, after: Option<&Place>) -> Result<Vec<Conversation>, Failure> {
        Ok(self.history()?.list(view, after, PAGE)?)
    }

    /// A conversation.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`](conversation::FailureCode::NotFound) if there is none such; else
    /// as the history fails.
    pub fn conversation(&self, id: ConversationId) -> Result<Conversation, Failure> {
        Ok(self.history_of(id)?.conversation(id)?)
    }

    /// The conversations whose titles have words that begin as these do, the newest first.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn titled(&self, words: &str) -> Result<Vec<Conversation>, Failure> {
        let history = self.history()?;
        let found = history.search(words, history::Order::Newest, TITLED)?;
        let titles = found.iter().filter(|found| found.message.is_none());
        titles.map(|found| Ok(history.conversation(found.conversation)?)).collect()
    }

    /// Every folder, in the order of their names.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn folders(&self) -> Result<Vec<Folder>, Failure> {
        Ok(self.history()?.folders()?)
    }

    /// Every tag, in order.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn tags(&self) -> Result<Vec<String>, Failure> {
        Ok(self.history()?.tags()?.into_iter().map(|tag| tag.tag).collect())
    }

    /// Makes an empty folder.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`](conversation::FailureCode::Invalid) without a name; else as the
    /// history fails.
    pub fn create_folder(&self, name: &str) -> Result<Folder, Failure> {
        let folder = self.history()?.transaction(|t| t.create_folder(name))?;
        self.changes.tell(|| Change::Organised);
        Ok(folder)
    }

    /// Changes a folder.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`](conversation::FailureCode::NotFound), or
    /// [`FailureCode::Invalid`](conversation::FailureCode::Invalid) without a name, with
    /// instructions that are too long, a glossary that is none, or no day to keep anything; else as the history fails.
    pub fn change_folder(&self, id: FolderId, change: &FolderChange) -> Result<Folder, Failure> {
        self.audited(
            Event::new(audit::Action::FolderChange)
                .with("folder", id)
                .with("days", retention::told_days(change.retention)),
            || {
                let text = instructions::checked(&change.instructions)?;
                let glossary = change.glossary.trim();
                Glossary::from_csv(glossary)?;
                let days = retention::days(change.retention)?;
                if days.is_some() {
                    self.permit_retention(days)?;
                }
                self.on_folder(id, |t| {
                    t.rename_folder(id, &change.name)?;
                    t.set_folder_instructions(id, text)?;
                    t.set_folder_glossary(id, glossary)?;
                    t.set_retention(Some(id), days)
                })
            },
        )
    }

    /// Holds a folder with what lies in it, so that nothing of it can be deleted; or lets it go.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`](conversation::FailureCode::NotFound), or as the history fails.
    pub fn hold_folder(&self, id: FolderId, held: bool) -> Result<Folder, Failure> {
        self.audited(
            Event::new(audit::Action::FolderHold).with("folder", id).with("held", held),
            || self.on_folder(id, |t| t.hold_folder(id, held)),
        )
    }

    /// Deletes a folder with its files and instructions. Its conversations stay, in no folder.
    ///
    /// # Errors
    /// As [`change_folder`](Self::change_folder), and while it is held.
    pub fn delete_folder(&self, id: FolderId) -> Result<(), Failure> {
        self.audited(Event::new(audit::Action::FolderDelete).with("folder", id), || {
            self.permit(Action::Delete)?;
            self.history()?.transaction(|t| t.delete_folder(id))?;
            self.changes.tell(|| Change::Organised);
            self.changes.tell(|| Change::Conversations);
            Ok(())
        })
    }

    /// Lets files go with every question of a folder.
    ///
    /// # Errors
    /// As [`change_folder`](Self::change_folder).
    pub fn add_folder_files(
        &self,
        id: FolderId,
        files: &[AttachedFile],
    ) -> Result<Folder, Failure> {
        self.audited(
            Event::new(audit::Action::FolderChange).with("folder", id).with_count(files.len()),
            || {
                self.permit_files(files)?;
                self.on_folder(id, |t| {
                    files
                        .iter()
                        .try_for_each(|file| t.add_folder_file(id, &file.as_new()).map(drop))
                })
            },
        )
    }

    /// Takes a file out of a folder, for good.
    ///
    /// # Errors
    /// As [`change_folder`](Self::change_folder), and while the folder is held.
    pub fn remove_folder_file(&self, id: FolderId, file: AttachmentId) -> Result<Folder, Failure> {
        self.audited(
            Event::new(audit::Action::FolderChange).with("folder", id).with("file_removed", file),
            || {
                self.permit(Action::Delete)?;
                self.on_folder(id, |t| t.delete_folder_file(file))
            },
        )
    }

    /// Puts conversations into a folder, or out of any.
    ///
    /// # Errors
    /// Where there is no such conversation or folder; nothing has changed then.
    pub fn move_to_folder(
        &self,
        ids: &[ConversationId],
        folder: Option<FolderId>,
    ) -> Result<Vec<Conversation>, Failure> {
        self.change_all(ids, |t| t.set_folder(ids, folder))
    }

    /// Puts conversations away, or takes them out again.
    ///
    /// # Errors
    /// Where there is no such conversation; nothing has changed then.
    pub fn set_archived(
        &self,
        ids: &[ConversationId],
        archived: bool,
    ) -> Result<Vec<Conversation>, Failure> {
        self.change_all(ids, |t| t.set_archived(ids, archived))
    }

    /// Puts a tag on conversations, or takes it off.
    ///
    /// # Errors
    /// Where there is no such conversation or it can be no tag; nothing has changed then.
    pub fn set_tag(
        &self,
        ids: &[ConversationId],
        tag: &str,
        borne: bool,
    ) -> Result<Vec<Conversation>, Failure> {
        let changed = self.change_all(ids, |t| match borne {
            true => t.add_tag(ids, tag),
            false => t.remove_tag(ids, tag),
        })?;
        self.changes.tell(|| Change::Organised);
        Ok(changed)
    }

    /// Holds conversations against every deletion, or lets them go.
    ///
    /// # Errors
    /// Where there is no such conversation; nothing has changed then.
    pub fn set_held(
        &self,
        ids: &[ConversationId],
        held: bool,
    ) -> Result<Vec<Conversation>, Failure> {
        self.audited(
            Event::new(audit::Action::ConversationHold).with_conversations(ids).with("held", held),
            || self.change_all(ids, |t| t.hold(ids, held)),
        )
    }

    /// A copy of a conversation with all its branches.
    ///
    /// # Errors
    /// As [`conversation`](Self::conversation).
    pub fn duplicate(&self, id: ConversationId, title: &str) -> Result<Conversation, Failure> {
        let title = checked_title(title)?;
        let copy = self.history()?.transaction(|t| t.duplicate(id, title))?;
        self.tell_of(copy.id)
    }

    /// A new conversation in which these are read one after the other; they are deleted, and can
    /// be had back.
    ///
    /// # Errors
    /// Where there is no such conversation, one is held, or an answer is arriving in one; nothing
    /// has changed then.
    pub fn merge(&self, ids: &[ConversationId], title: &str) -> Result<Conversation, Failure> {
        self.audited(
            Event::new(audit::Action::ConversationDelete)
                .with_conversations(ids)
                .with("by", "merging"),
            || {
                self.permit(Action::Delete)?;
                let title = checked_title(title)?;
                let whole = self.history()?.transaction(|t| t.merge(ids, title))?;
                self.mark_highest(whole.id, ids)?;
                ids.iter().for_each(|id| self.gone(*id));
                self.tell_of(whole.id)
            },
        )
    }

    /// Erases what was deleted, but what is held.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn empty_trash(&self) -> Result<(), Failure> {
        self.audited(Event::new(audit::Action::TrashEmpty), || {
            self.permit(Action::Delete)?;
            self.history()?.empty_trash()?;
            self.changes.tell(|| Change::Conversations);
            Ok(())
        })
    }

    /// What was written, by model and by month.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn activity(&self) -> Result<Activity, Failure> {
        Ok(self.history()?.activity()?)
    }

    /// The folder that a conversation lies in.
    pub(crate) fn folder_of(&self, conversation: &Conversation) -> Result<Option<Folder>, Failure> {
        let Some(id) = conversation.folder else { return Ok(None) };
        Ok(Some(self.history()?.folder(id)?))
    }

    /// The glossary of the folder that a conversation lies in, or is to be begun in; an empty one
    /// where that is none.
    ///
    /// # Errors
    /// As [`conversation`](Self::conversation), and where there is no such folder.
    pub fn glossary_of(
        &self,
        conversation: Option<ConversationId>,
        begun_in: Option<FolderId>,
    ) -> Result<Glossary, Failure> {
        let folder = match (conversation, begun_in) {
            (Some(id), _) => self.folder_of(&self.conversation(id)?)?,
            (None, Some(folder)) => Some(self.history()?.folder(folder)?),
            (None, None) => None,
        };
        Ok(Glossary::from_csv(&folder.map(|folder| folder.glossary).unwrap_or_default())?)
    }

    fn on_folder(
        &self,
        id: FolderId,
        change: impl FnOnce(&Transaction<'_>) -> Result<(), HistoryError>,
    ) -> Result<Folder, Failure> {
        let history = self.history()?;
        history.transaction(change)?;
        self.changes.tell(|| Change::Organised);
        Ok(history.folder(id)?)
    }

    /// Changes conversations, all or none, and tells of each.
    pub(crate) fn change_all(
        &self,
        ids: &[ConversationId],
        change: impl FnOnce(&Transaction<'_>) -> Result<(), HistoryError>,
    ) -> Result<Vec<Conversation>, Failure> {
        /// Of more the windows read their lists again.
        const FEW: usize = 50;
        let history = self.history()?;
        history.transaction(change)?;
        if ids.len() <= FEW {
            return ids.iter().map(|id| self.tell_of(*id)).collect();
        }
        self.changes.tell(|| Change::Conversations);
        Ok(ids.iter().map(|id| history.conversation(*id)).collect::<Result<_, _>>()?)
    }
}
