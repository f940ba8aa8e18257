//! Links in conversations: what a person should know before one is opened.

use conversation::{ConversationId, Failure, FailureCode, Role};
use markdown::link::{self, Inspection};
use policy::Action;

use crate::Assistant;

/// Text files beyond this many bytes in all are not compared with a link: it could not hold
/// enough of them to tell.
const MAX_COMPARED: usize = 4 * 1024 * 1024;

impl Assistant {
    /// What a person should see before a link is opened.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where the address may not be opened at all.
    pub fn inspect_link(
        &self,
        conversation: Option<ConversationId>,
        address: &str,
    ) -> Result<Inspection, Failure> {
        let text = conversation.map(|id| self.written_in(id)).transpose()?.unwrap_or_default();
        link::inspect(address, &text)
            .map_err(|error| Failure::new(FailureCode::Invalid, error.to_string()))
    }

    /// A link that is to be opened now, checked again: who asks is not trusted to have looked at it
    /// first.
    ///
    /// # Errors
    /// [`FailureCode::Forbidden`] where the organisation lets no link be opened; else as
    /// [`inspect_link`](Self::inspect_link).
    pub fn link_to_open(&self, address: &str) -> Result<Inspection, Failure> {
        self.permit(Action::OpenLinks)?;
        self.inspect_link(None, address)
    }

    /// What the person and the organisation wrote; the link itself is in an answer.
    fn written_in(&self, conversation: ConversationId) -> Result<String, Failure> {
        let history = self.history_of(conversation)?;
        let mut text = self.instructions()?;
        text.push_str(&history.conversation(conversation)?.instructions);
        for message in history.messages(conversation)?.iter().filter(|m| m.role != Role::Assistant)
        {
            text.push('\n');
            text.push_str(&message.text);
            for file in message.attachments.iter().filter(|a| a.media_type.starts_with("text/")) {
                if text.len() < MAX_COMPARED {
                    text.push('\n');
                    text.push_str(&String::from_utf8_lossy(&history.attachment_data(file.id)?));
                }
            }
        }
        Ok(text)
    }
}
