//! The kept conversations: listing, opening, naming, branching, deleting, searching, and the
//! links in them.

use conversation::{Conversation, ConversationId, Failure, FailureCode, Message, MessageId, Role};
use history::Match;
use markdown::link::{self, Inspection};

use crate::{Assistant, ThreadView};

/// A title longer than this is refused.
const MAX_TITLE: usize = 200;

impl Assistant {
    /// Every conversation, the last changed one first.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn conversations(&self) -> Result<Vec<Conversation>, Failure> {
        Ok(self.history()?.conversations()?)
    }

    /// A conversation with every message of every branch.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] if there is none such; else as the history fails.
    pub fn messages(&self, id: ConversationId) -> Result<(Conversation, Vec<Message>), Failure> {
        let history = self.history()?;
        Ok((history.conversation(id)?, history.messages(id)?))
    }

    /// A conversation's shown branch, rendered.
    ///
    /// # Errors
    /// As [`messages`](Self::messages).
    pub fn open_conversation(&self, id: ConversationId) -> Result<ThreadView, Failure> {
        let (conversation, messages) = self.messages(id)?;
        Ok(ThreadView::new(conversation, &messages))
    }

    /// Shows the newest branch that goes through this message from now on.
    ///
    /// # Errors
    /// As [`messages`](Self::messages).
    pub fn select_branch(&self, message: MessageId) -> Result<ThreadView, Failure> {
        let history = self.history()?;
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
        let title = title.trim();
        if title.is_empty() || title.chars().count() > MAX_TITLE {
            let message = format!("a title has 1 to {MAX_TITLE} characters");
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        let history = self.history()?;
        history.rename(id, title)?;
        Ok(history.conversation(id)?)
    }

    /// Deletes a conversation with its messages and files, for good; stops its answer first.
    ///
    /// # Errors
    /// As [`messages`](Self::messages).
    pub fn delete(&self, id: ConversationId) -> Result<(), Failure> {
        self.stop(id);
        Ok(self.history()?.delete(id)?)
    }

    /// The conversations and messages that hold these words, best first.
    ///
    /// # Errors
    /// While the history is locked or fails; never because of what the query holds.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<Match>, Failure> {
        Ok(self.history()?.search(query, limit)?)
    }

    /// What a person should see before a link is opened.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where the address may not be opened at all.
    pub fn inspect_link(
        &self,
        conversation: Option<ConversationId>,
        address: &str,
    ) -> Result<Inspection, Failure> {
        let mut text = String::new();
        if let Some(id) = conversation {
            // What the person and the organisation wrote; the link itself is in the answer.
            let history = self.history()?;
            for message in self.messages(id)?.1.iter().filter(|m| m.role != Role::Assistant) {
                text.push_str(&message.text);
                text.push('\n');
                let texts =
                    message.attachments.iter().filter(|a| a.media_type.starts_with("text/"));
                for attachment in texts {
                    let data = history.attachment_data(attachment.id)?;
                    text.push_str(&String::from_utf8_lossy(&data));
                    text.push('\n');
                }
            }
        }
        link::inspect(address, &text)
            .map_err(|error| Failure::new(FailureCode::Invalid, error.to_string()))
    }
}
