//! The kept conversations: listing, opening, naming, branching, deleting, searching.

use audit::Event;
use conversation::{
    AttachmentId, Conversation, ConversationId, Draft, Failure, FailureCode, Message, MessageId,
    MessageState,
};
use history::{History, HistoryError, Match, Order, Transaction};
use policy::Action;

use crate::asking::sent_for;
use crate::attachment::is_image;
use crate::{Assistant, Change, ThreadView};

/// A title longer than this is refused.
const MAX_TITLE: usize = 200;

impl Assistant {
    /// The last changed conversations, the very last one first, and no more than `most`.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn recent_conversations(&self, most: usize) -> Result<Vec<Conversation>, Failure> {
        Ok(self.history()?.recent_conversations(most)?)
    }

    /// A conversation with every message of every branch.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] if there is none such; else as the history fails.
    pub fn messages(&self, id: ConversationId) -> Result<(Conversation, Vec<Message>), Failure> {
        let history = self.history_of(id)?;
        Ok((history.conversation(id)?, history.messages(id)?))
    }

    /// A conversation's shown branch, rendered.
    ///
    /// # Errors
    /// As [`messages`](Self::messages).
    pub fn open_conversation(&self, id: ConversationId) -> Result<ThreadView, Failure> {
        let (conversation, messages) = self.messages(id)?;
        self.with_resuming(ThreadView::new(conversation, &messages))
    }

    /// The summary with which the shown branch of a conversation ends, if its program did not live
    /// to finish it. Whoever shows the conversation goes on with it
    /// ([`continue_answer`](Self::continue_answer)); of several, one does. What a person has
    /// stopped, or has failed, waits for the person.
    ///
    /// # Errors
    /// As [`messages`](Self::messages).
    pub fn interrupted_summary(&self, id: ConversationId) -> Result<Option<MessageId>, Failure> {
        let history = self.history_of(id)?;
        let Some(leaf) = history.conversation(id)?.leaf else { return Ok(None) };
        let last = history.message(leaf)?;
        if last.state != MessageState::Interrupted {
            return Ok(None);
        }
        let grounding = sent_for(&history, leaf)?.and_then(|sent| sent.grounding);
        Ok(grounding.and_then(|grounding| grounding.summary).map(|_| leaf))
    }

    /// The end of a branch, with its summary told that goes on.
    fn with_resuming(&self, mut end: ThreadView) -> Result<ThreadView, Failure> {
        let resumes = self.interrupted_summary(end.conversation.id)?;
        if let Some(last) = end.messages.last_mut() {
            last.resumes = resumes == Some(last.id);
        }
        Ok(end)
    }

    /// A conversation's shown branch, rendered and told of part by part: its end first, then what
    /// comes before it.
    ///
    /// # Errors
    /// As [`messages`](Self::messages).
    pub fn open_in_parts(
        &self,
        id: ConversationId,
        mut on: impl FnMut(ThreadView),
    ) -> Result<(), Failure> {
        let history = self.history_of(id)?;
        let conversation = history.conversation(id)?;
        let latest = match conversation.leaf {
            // One more than is shown, so that the siblings of all that are shown are among them.
            Some(leaf) => history.latest_messages(leaf, ThreadView::END + 1)?,
            None => history.messages(id)?,
        };
        let end = self.with_resuming(ThreadView::end(conversation.clone(), &latest))?;
        if end.from_start {
            on(end);
            return Ok(());
        }
        let ids = end.messages.first().zip(end.messages.last()).map(|(a, b)| (a.id, b.id));
        match ids {
            Some((first, leaf)) => {
                on(end);
                ThreadView::before(first, leaf, &conversation, &history.messages(id)?, on);
            }
            // Only in a damaged history does a message alone follow one that is not there.
            None => on(ThreadView::new(conversation, &history.messages(id)?)),
        }
        Ok(())
    }

    /// Shows the newest branch that goes through this message from now on.
    ///
    /// # Errors
    /// As [`messages`](Self::messages).
    pub fn select_branch(&self, message: MessageId) -> Result<ThreadView, Failure> {
        let history = self.history_with(message)?;
        let conversation = history.message(message)?.conversation;
        let messages = history.messages(conversation)?;
        let branch = conversation::thread(&messages, Some(message));
        if let Some(last) = branch.messages.last() {
            history.set_leaf(conversation, last.id)?;
        }
        self.open_conversation(conversation)
    }

    /// Gives a conversation another title.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] if the title is empty or over 200 characters.
    pub fn rename(&self, id: ConversationId, title: &str) -> Result<Conversation, Failure> {
        let title = checked_title(title)?;
        self.change(id, |history| history.rename(id, title))
    }

    /// Lets a conversation stand above the others, or not.
    ///
    /// # Errors
    /// As [`messages`](Self::messages).
    pub fn set_pinned(&self, id: ConversationId, pinned: bool) -> Result<Conversation, Failure> {
        self.change(id, |history| history.set_pinned(id, pinned))
    }

    /// Deletes conversations and stops their answers. They can be had back for thirty days.
    ///
    /// # Errors
    /// Where there is no such conversation or one is held; nothing has changed then.
    pub fn delete(&self, ids: &[ConversationId]) -> Result<(), Failure> {
        self.audited(Event::new(audit::Action::ConversationDelete).with_conversations(ids), || {
            self.permit(Action::Delete)?;
            self.on_all(|t| t.delete(ids))?;
            ids.iter().for_each(|id| self.gone(*id));
            Ok(())
        })
    }

    /// Has deleted conversations back.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] if one is gone for good.
    pub fn restore(&self, ids: &[ConversationId]) -> Result<Vec<Conversation>, Failure> {
        self.audited(Event::new(audit::Action::ConversationRestore).with_conversations(ids), || {
            self.on_all(|t| t.restore(ids))?;
            ids.iter().map(|id| self.tell_of(*id)).collect()
        })
    }

    /// Deletes conversations with their messages and files, at once and for good; stops their
    /// answers.
    ///
    /// # Errors
    /// Where there is no such conversation or one is held.
    pub fn erase(&self, ids: &[ConversationId]) -> Result<(), Failure> {
        self.audited(Event::new(audit::Action::ConversationErase).with_conversations(ids), || {
            self.permit(Action::Delete)?;
            self.on_all(|t| t.erase(ids))?;
            for id in ids {
                self.gone(*id);
                self.given.forget_of(*id);
            }
            Ok(())
        })
    }

    /// Changes conversations in the history that has them: temporary ones are never meant together
    /// with others. While one is deleted, no history says that it has it.
    fn on_all(
        &self,
        change: impl Fn(&Transaction<'_>) -> Result<(), HistoryError>,
    ) -> Result<(), Failure> {
        match self.existing_temporary_history() {
            Some(history) if history.transaction(&change).is_ok() => Ok(()),
            _ => Ok(self.history()?.transaction(&change)?),
        }
    }

    /// Stops the answer of a conversation that was deleted: no other can begin in it any more.
    pub(crate) fn gone(&self, id: ConversationId) {
        self.stop(id);
        self.changes.tell(|| Change::Removed { conversation: id });
    }

    /// What was written and not yet sent, in all conversations.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn drafts(&self) -> Result<Vec<Draft>, Failure> {
        Ok(self.history()?.drafts()?)
    }

    /// Keeps what was written and not yet sent; nothing is kept of an empty one.
    ///
    /// # Errors
    /// As [`messages`](Self::messages).
    pub fn set_draft(&self, draft: Draft) -> Result<(), Failure> {
        let history = match draft.conversation {
            Some(id) => self.history_of(id)?,
            None => self.history()?,
        };
        history.set_draft(&draft)?;
        self.changes.tell(|| Change::Drafted { draft });
        Ok(())
    }

    /// An attached image, as an address that holds all of it (RFC 2397).
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] if there is none such, [`FailureCode::Invalid`] if it is no image.
    pub fn attached_image(&self, id: AttachmentId) -> Result<String, Failure> {
        let history = self.history_where(|history| history.attachment(id).is_ok())?;
        let attachment = history.attachment(id)?;
        if !is_image(&attachment.media_type) {
            return Err(Failure::new(FailureCode::Invalid, "this attachment is not an image"));
        }
        Ok(endpoint::data_url(&attachment.media_type, &history.attachment_data(id)?))
    }

    /// Changes a conversation, and tells of it.
    fn change(
        &self,
        id: ConversationId,
        change: impl FnOnce(&History) -> Result<(), HistoryError>,
    ) -> Result<Conversation, Failure> {
        change(&self.history_of(id)?)?;
        self.tell_of(id)
    }

    /// The conversations, messages and attached files that a query asks for, at most `limit`; see
    /// [`History::search`].
    ///
    /// # Errors
    /// While the history is locked or fails; never because of what the query holds.
    pub fn search(&self, query: &str, order: Order, limit: usize) -> Result<Vec<Match>, Failure> {
        Ok(self.history()?.search(query, order, limit)?)
    }

    /// The query with its misspelt words put right, for one that finds nothing; see
    /// [`History::suggest`].
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn suggest(&self, query: &str) -> Result<Option<String>, Failure> {
        Ok(self.history()?.suggest(query)?)
    }
}

/// A title without the spaces around it, refused where it is none.
pub(crate) fn checked_title(title: &str) -> Result<&str, Failure> {
    let title = title.trim();
    if title.is_empty() || title.chars().count() > MAX_TITLE {
        let message = format!("a title has 1 to {MAX_TITLE} characters");
        return Err(Failure::new(FailureCode::Invalid, message));
    }
    Ok(title)
}
