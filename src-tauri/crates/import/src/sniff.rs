//! Tells by a conversation's members which program wrote it.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::Format;
use crate::limits;
use crate::nested::detach;

/// The program that wrote this object; none if it is no conversation of a known one.
pub(crate) fn format_of(json: &[u8]) -> Option<Format> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Shape {
        mapping: Option<IgnoredAny>,
        #[serde(rename = "chat_messages")]
        chat_messages: Option<IgnoredAny>,
        chat: Option<IgnoredAny>,
        history: Option<IgnoredAny>,
        conversation_id: Option<IgnoredAny>,
        messages: Option<IgnoredAny>,
        messages_tree: Option<IgnoredAny>,
    }
    // One whose messages lie in each other is too deep to be looked at whole.
    let flat = detach(json, limits::MESSAGES, limits::DEPTH).ok()?.0;
    let shape: Shape = serde_json::from_slice(&flat).ok()?;
    let librechat = shape.conversation_id.is_some()
        && (shape.messages.is_some() || shape.messages_tree.is_some());
    match shape {
        Shape { mapping: Some(_), .. } => Some(Format::ChatGpt),
        Shape { chat_messages: Some(_), .. } => Some(Format::Claude),
        _ if librechat => Some(Format::LibreChat),
        Shape { chat: Some(_), .. } | Shape { history: Some(_), .. } => Some(Format::OpenWebUi),
        _ => None,
    }
}
