//! What a person tells the model about themselves and how to answer: once for all conversations,
//! for each folder, and for each conversation.

use audit::Event;
use conversation::{Conversation, ConversationId, Failure, FailureCode, Folder, Role};
use endpoint::{Part, Prompt};

use crate::Assistant;

/// The setting in the encrypted history that holds the instructions for all conversations.
const SETTING: &str = "instructions";
/// The most characters of instructions.
const MAX_LENGTH: usize = 20_000;

impl Assistant {
    /// The instructions that go with every question; empty if there are none.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn instructions(&self) -> Result<String, Failure> {
        Ok(self.history()?.setting(SETTING)?.unwrap_or_default())
    }

    /// Sets the instructions that go with every question from now on.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where they are too long; else as the history fails.
    pub fn set_instructions(&self, text: &str) -> Result<(), Failure> {
        self.audited(Event::new(audit::Action::InstructionsChange), || {
            let text = checked(text)?;
            Ok(self.history()?.set_setting(SETTING, Some(text).filter(|text| !text.is_empty()))?)
        })
    }

    /// Sets the instructions that go with every question of a conversation from now on.
    ///
    /// # Errors
    /// As [`set_instructions`](Self::set_instructions), and where there is no such conversation.
    pub fn set_conversation_instructions(
        &self,
        id: ConversationId,
        text: &str,
    ) -> Result<Conversation, Failure> {
        self.audited(
            Event::new(audit::Action::InstructionsChange).with_conversations(&[id]),
            || {
                self.history_of(id)?.set_instructions(id, checked(text)?)?;
                self.tell_of(id)
            },
        )
    }

    /// The instructions that go with the next question of a conversation, in their order.
    pub(crate) fn instructions_for(
        &self,
        conversation: &Conversation,
        folder: Option<&Folder>,
    ) -> Result<Vec<String>, Failure> {
        let folder = folder.map(|folder| folder.instructions.clone()).unwrap_or_default();
        let all = [self.instructions()?, folder, conversation.instructions.clone()];
        Ok(all.into_iter().filter(|text| !text.trim().is_empty()).collect())
    }
}

/// Puts instructions before the prompts, as one: many models' templates take no more than one
/// message of the system, and only as the first.
pub(crate) fn before(instructions: &[String], mut prompts: Vec<Prompt>) -> Vec<Prompt> {
    let mut parts: Vec<_> = instructions.iter().cloned().map(Part::Text).collect();
    if parts.is_empty() {
        return prompts;
    }
    match prompts.first_mut().filter(|first| first.role == Role::System) {
        Some(first) => {
            parts.append(&mut first.parts);
            first.parts = parts;
        }
        None => prompts.insert(0, Prompt { role: Role::System, parts }),
    }
    prompts
}

/// Instructions without the spaces around them, refused where they are too long.
pub(crate) fn checked(text: &str) -> Result<&str, Failure> {
    if text.chars().count() > MAX_LENGTH {
        let message = format!("instructions have at most {MAX_LENGTH} characters");
        return Err(Failure::new(FailureCode::Invalid, message));
    }
    Ok(text.trim())
}
