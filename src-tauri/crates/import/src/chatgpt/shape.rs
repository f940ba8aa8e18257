//! The parts of ChatGPT's JSON that are read.

use std::collections::HashMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::values::{List, Members, Moment, lenient};

#[derive(Debug, Deserialize)]
pub(super) struct Conversation {
    #[serde(default)]
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) conversation_id: Option<String>,
    #[serde(default)]
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) create_time: Moment,
    #[serde(default)]
    pub(super) update_time: Moment,
    pub(super) mapping: Members<MapNode>,
    #[serde(default)]
    pub(super) current_node: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) default_model_slug: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) is_archived: bool,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) is_starred: bool,
    #[serde(default)]
    pub(super) pinned_time: Option<IgnoredAny>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) gizmo_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) conversation_template_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct MapNode {
    #[serde(default)]
    pub(super) message: Option<Message>,
    #[serde(default)]
    pub(super) parent: Option<String>,
    #[serde(default)]
    pub(super) children: List<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) author: Author,
    #[serde(default)]
    pub(super) create_time: Moment,
    #[serde(default)]
    pub(super) content: Option<MessageContent>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) status: String,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) recipient: Option<String>,
    #[serde(default)]
    pub(super) metadata: Option<Metadata>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Author {
    pub(super) role: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct MessageContent {
    #[serde(default)]
    pub(super) content_type: String,
    #[serde(default)]
    pub(super) parts: List<Part>,
    #[serde(default)]
    pub(super) text: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) language: Option<String>,
    #[serde(default)]
    pub(super) thoughts: List<Thought>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Part {
    Text(String),
    Other(Box<OtherPart>),
    Unknown(IgnoredAny),
}

#[derive(Debug, Deserialize)]
pub(super) struct OtherPart {
    pub(super) content_type: String,
    #[serde(default)]
    pub(super) asset_pointer: Option<String>,
    #[serde(default)]
    pub(super) text: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Thought {
    #[serde(default)]
    pub(super) summary: Option<String>,
    #[serde(default)]
    pub(super) content: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Metadata {
    #[serde(default, deserialize_with = "lenient")]
    pub(super) is_visually_hidden_from_conversation: bool,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) model_slug: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) attachments: Vec<Attachment>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) content_references: Vec<Reference>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) citations: Vec<Citation>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) finish_details: Option<FinishDetails>,
}

#[derive(Debug, Deserialize)]
pub(super) struct FinishDetails {
    #[serde(rename = "type")]
    pub(super) kind: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Attachment {
    #[serde(default)]
    pub(super) id: String,
    #[serde(default)]
    pub(super) name: Option<String>,
}

/// What a marker in the text stands for.
#[derive(Debug, Deserialize)]
pub(super) struct Reference {
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) matched_text: Option<String>,
    #[serde(default)]
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) url: Option<String>,
    #[serde(default)]
    pub(super) alt: Option<String>,
    #[serde(default)]
    pub(super) items: Option<Vec<Source>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Source {
    #[serde(default)]
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) url: Option<String>,
}

/// The older form: characters of the text that stand for a page.
#[derive(Debug, Deserialize)]
pub(super) struct Citation {
    pub(super) start_ix: usize,
    pub(super) end_ix: usize,
    pub(super) metadata: Source,
}

/// The place of each node among the children of its parent.
pub(super) fn ranks(mapping: &Members<MapNode>) -> HashMap<String, usize> {
    let children = mapping.0.iter().flat_map(|(_, node)| node.children.0.iter().enumerate());
    children.map(|(rank, id)| (id.clone(), rank)).collect()
}
