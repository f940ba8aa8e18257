//! A conversation as it is carried from one history to another: whole, and without ids, which are
//! a history's own. As JSON it is what Bureau exports and imports.

use serde::{Deserialize, Serialize};

use crate::{Failure, FinishReason, Marking, MessageState, Role, Timestamp, Usage};

/// A conversation with every message of every branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortableConversation {
    /// Names it where it comes from, always alike, so that it is brought in once: the program,
    /// a colon, and what that program calls it (`chatgpt:0b6e…`).
    pub key: String,
    /// Its title.
    pub title: String,
    /// The model chosen for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Instructions for the model that go with every question of it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub instructions: String,
    /// The name of the folder that it lies in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Whether it stands above the others.
    #[serde(default)]
    pub pinned: bool,
    /// Whether it was put away.
    #[serde(default)]
    pub archived: bool,
    /// The classification that it is marked with, where the organisation has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marking: Option<Marking>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
    /// The end of the branch that is shown, as a place in `messages`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaf: Option<usize>,
    /// Its messages, each after its parent; siblings in the order they were made.
    pub messages: Vec<PortableMessage>,
}

/// One message of a [`PortableConversation`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortableMessage {
    /// The message before it, as a place in [`PortableConversation::messages`]; none for a first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<usize>,
    /// Who speaks.
    pub role: Role,
    /// What is said, in Markdown.
    pub text: String,
    /// What the model thought first.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reasoning: String,
    /// How far it has come; never [`MessageState::Streaming`].
    pub state: MessageState,
    /// Why it failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// Why it ended, for an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish: Option<FinishReason>,
    /// The model that wrote it, for an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Its token counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// From sending the question to the end of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milliseconds: Option<u32>,
    /// When it was made.
    pub created: Timestamp,
    /// Files that travel with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<PortableFile>,
}

/// A file of a [`PortableMessage`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortableFile {
    /// Its name, without its folder.
    pub name: String,
    /// Its media type, such as `image/png`.
    pub media_type: String,
    /// Its bytes; in JSON as base64 (RFC 4648 §4).
    #[serde(with = "base64_text")]
    pub data: Vec<u8>,
}

/// Why something is no [`PortableConversation`] that a history could hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotPortable {
    /// A message comes before the one that it follows, or follows one that is not there.
    #[error("message {0} does not come after the one that it follows")]
    Order(usize),
    /// A message is said to be arriving, which nothing that lies in a file is.
    #[error("message {0} has not come to an end")]
    Unfinished(usize),
    /// The branch that is shown ends with a message that is not there.
    #[error("the branch that is shown ends with a message that is not there")]
    Leaf,
}

impl PortableConversation {
    /// Whether its messages form a tree that a history can hold.
    ///
    /// # Errors
    /// [`NotPortable`] with the first place where they do not.
    pub fn check(&self) -> Result<(), NotPortable> {
        for (place, message) in self.messages.iter().enumerate() {
            if message.parent.is_some_and(|parent| parent >= place) {
                return Err(NotPortable::Order(place));
            }
            if message.state == MessageState::Streaming {
                return Err(NotPortable::Unfinished(place));
            }
        }
        match self.leaf {
            Some(leaf) if leaf >= self.messages.len() => Err(NotPortable::Leaf),
            _ => Ok(()),
        }
    }
}

mod base64_text {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(data: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(data))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(parent: Option<usize>, state: MessageState) -> PortableMessage {
        PortableMessage {
            parent,
            role: Role::User,
            text: "Bonjour".into(),
            reasoning: String::new(),
            state,
            failure: None,
            finish: None,
            model: None,
            usage: None,
            milliseconds: None,
            created: Timestamp::from_millis(1),
            files: vec![PortableFile {
                name: "a.bin".into(),
                media_type: "application/octet-stream".into(),
                data: vec![0, 255, 7],
            }],
        }
    }

    fn conversation(messages: Vec<PortableMessage>, leaf: Option<usize>) -> PortableConversation {
        PortableConversation {
            marking: None,
            key: "bureau:1".into(),
            title: "t".into(),
            model: None,
            instructions: String::new(),
            folder: None,
            tags: vec!["été".into()],
            pinned: false,
            archived: true,
            created: Timestamp::from_millis(1),
            updated: Timestamp::from_millis(2),
            leaf,
            messages,
        }
    }

    #[test]
    fn what_is_written_as_json_is_read_again() {
        let before = conversation(vec![message(None, MessageState::Complete)], Some(0));
        let json = serde_json::to_string(&before).unwrap();
        assert!(json.contains(r#""data":"AP8H""#), "{json}");
        assert_eq!(serde_json::from_str::<PortableConversation>(&json).unwrap(), before);
    }

    #[test]
    fn only_a_tree_passes() {
        let complete = |parent| message(parent, MessageState::Complete);
        let check = |messages, leaf| conversation(messages, leaf).check();
        assert_eq!(check(vec![complete(None), complete(Some(0))], Some(1)), Ok(()));
        assert_eq!(check(vec![complete(Some(0))], None), Err(NotPortable::Order(0)));
        assert_eq!(check(vec![complete(None)], Some(1)), Err(NotPortable::Leaf));
        let streaming = vec![message(None, MessageState::Streaming)];
        assert_eq!(check(streaming, None), Err(NotPortable::Unfinished(0)));
    }
}
