//! ChatGPT's data export: an array of conversations, whole (`conversations.json`) or in shards
//! (`conversations-000.json` …), and the files beside it.
//!
//! OpenAI publishes no description of it. What is read here is what those who read it found:
//! LibreChat's importer (`packages/api/src/import/chatgpt`) and `jamesmoore/chatgpt-export`.

mod citation;
mod content;
mod shape;

use crate::conversion::{Context, Converted, Failed, begin, folder_by_id, last_change};
use crate::report::{LeftOuts, Omission, Refusal};
use crate::tree::{Content, Node, arrange};
use content::Reader;
use shape::{Conversation, MapNode};

/// What begins the ids of projects; other ids of `gizmo_id` are custom GPTs.
const PROJECT: &str = "g-p-";

pub(crate) fn convert(json: &[u8], context: &mut Context<'_>) -> Result<Converted, Failed> {
    let read: Conversation = serde_json::from_slice(json)?;
    let mut left_out = LeftOuts::default();
    let id = read.conversation_id.or(read.id).ok_or(Refusal::NoId)?;
    let started = read.create_time.0.unwrap_or(context.made);
    let mut conversation = begin(format!("chatgpt:{id}"), read.title.as_deref(), started);

    let ids = read.conversation_template_id.iter().chain(&read.gizmo_id);
    let project = ids.clone().find_map(|id| id.strip_prefix(PROJECT));
    conversation.folder = project.map(|id| folder_by_id(id, &mut left_out));
    if project.is_none() && ids.count() > 0 {
        left_out.add(Omission::CustomAssistant);
    }

    let ranks = shape::ranks(&read.mapping);
    let mut reader = Reader::new(context.assets, &mut left_out);
    let mut nodes = Vec::with_capacity(read.mapping.0.len());
    for (place, (id, node)) in read.mapping.0.into_iter().enumerate() {
        let MapNode { parent, message, .. } = node;
        let created = message.as_ref().and_then(|message| message.create_time.0);
        let rank = ranks.get(&id).copied().unwrap_or(place);
        let content = message.map_or(Content::Nothing, |message| reader.say(message));
        nodes.push(Node { id, parent, rank, created, content });
    }
    let tree = arrange(nodes, read.current_node.as_deref(), started, &mut left_out)?;

    conversation.model = read.default_model_slug.filter(|slug| slug != "auto");
    conversation.pinned = read.is_starred || read.pinned_time.is_some();
    conversation.archived = read.is_archived;
    conversation.leaf = tree.leaf;
    conversation.messages = tree.messages;
    conversation.updated = last_change(read.update_time.0, &conversation);
    Ok(Converted { conversation, left_out })
}
