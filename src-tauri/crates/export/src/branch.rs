//! The branch that is shown, and how its messages are introduced.

use std::collections::HashMap;

use conversation::{MessageState, PortableConversation, PortableMessage, Role};

use crate::Words;

/// A message of the shown branch.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// The message.
    pub message: &'a PortableMessage,
    /// How many other messages stand at its place in other branches.
    pub siblings: usize,
}

/// The shown branch from its first message on; the newest one where none is said to be shown.
/// The conversation must have passed [`PortableConversation::check`].
pub fn shown(conversation: &PortableConversation) -> Vec<Turn<'_>> {
    let messages = &conversation.messages;
    let mut children = HashMap::<_, usize>::new();
    for message in messages {
        *children.entry(message.parent).or_default() += 1;
    }
    let mut turns = Vec::new();
    let mut next = conversation.leaf.or_else(|| messages.len().checked_sub(1));
    while let Some(message) = next.and_then(|place| messages.get(place)) {
        let siblings = children.get(&message.parent).map_or(0, |count| count - 1);
        turns.push(Turn { message, siblings });
        next = message.parent;
    }
    turns.reverse();
    turns
}

/// The title, or what stands for none.
pub fn title<'a>(conversation: &'a PortableConversation, words: &'a Words) -> &'a str {
    let title = conversation.title.trim();
    if title.is_empty() { &words.untitled } else { title }
}

impl<'a> Turn<'a> {
    /// Who speaks, as the window shows it above a message.
    pub fn speaker(&self, words: &'a Words) -> &'a str {
        match (self.message.role, self.message.model.as_deref()) {
            (Role::User, _) => &words.user,
            (Role::System, _) => &words.system,
            (Role::Assistant, None) => &words.assistant,
            (Role::Assistant, Some(model)) if model == words.built_in_model => &words.built_in,
            (Role::Assistant, Some(model)) => model,
        }
    }

    /// What is said of other versions of it, if there are any.
    pub fn other_versions(&self, words: &Words) -> Option<String> {
        let count = self.siblings.to_string();
        (self.siblings > 0).then(|| words.other_versions.replace("{count}", &count))
    }

    /// What is said below a message that did not come to its own end.
    pub fn ending(&self, words: &'a Words) -> Option<&'a str> {
        match self.message.state {
            MessageState::Complete | MessageState::Streaming => None,
            MessageState::Stopped => Some(&words.stopped),
            MessageState::Interrupted => Some(&words.interrupted),
            MessageState::Failed => Some(&words.failed),
        }
    }
}
