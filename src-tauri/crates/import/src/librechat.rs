//! LibreChat's export: one JSON file a conversation, its messages flat, each naming its parent,
//! or recursive, each within the one it follows; as LibreChat's own importer
//! (`api/server/utils/import/importers.js`) reads them.

use conversation::{Failure, FailureCode, FinishReason, MessageState, Role};
use serde::Deserialize;
use serde_json::Value;

use crate::conversion::{Context, Converted, Failed, begin, last_change};
use crate::limits;
use crate::line::plain_line;
use crate::markup::fenced;
use crate::nested::{Tangled, detach};
use crate::open_webui::FAILED;
use crate::report::{LeftOuts, Refusal};
use crate::tree::{Content, Node, append_paragraph, arrange, message};
use crate::values::{List, Moment, lenient};

/// What a first message is said to follow.
const ROOT: &str = "00000000-0000-0000-0000-000000000000";
/// What older versions wrote around thoughts within the text.
const THINKING: &str = ":::thinking\n";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Conversation {
    #[serde(default)]
    conversation_id: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    options: Option<Options>,
    #[serde(default)]
    created_at: Moment,
    #[serde(default)]
    updated_at: Moment,
    #[serde(default, deserialize_with = "lenient")]
    tags: Vec<String>,
    #[serde(default, deserialize_with = "lenient")]
    is_archived: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    #[serde(default, deserialize_with = "lenient")]
    model: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    prompt_prefix: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    system: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    message_id: String,
    #[serde(default)]
    parent_message_id: Option<String>,
    is_created_by_user: bool,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    content: List<Part>,
    #[serde(default, deserialize_with = "lenient")]
    model: Option<String>,
    #[serde(default)]
    created_at: Moment,
    #[serde(default, deserialize_with = "lenient")]
    error: bool,
    #[serde(default, deserialize_with = "lenient")]
    unfinished: bool,
    #[serde(default, rename = "finish_reason", deserialize_with = "lenient")]
    finish_reason: Option<String>,
    #[serde(default)]
    files: List<File>,
}

#[derive(Debug, Deserialize)]
struct Part {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    text: Value,
    #[serde(default)]
    think: Value,
    #[serde(default, deserialize_with = "lenient")]
    tool_call: Option<ToolCall>,
}

#[derive(Debug, Deserialize)]
struct ToolCall {
    #[serde(default)]
    name: String,
    #[serde(default)]
    args: Value,
    #[serde(default)]
    output: Option<String>,
}

#[derive(Debug, Deserialize)]
struct File {
    #[serde(default, deserialize_with = "lenient")]
    filename: Option<String>,
}

pub(crate) fn convert(json: &[u8], context: &mut Context<'_>) -> Result<Converted, Failed> {
    let detached = detach(json, limits::MESSAGES, limits::DEPTH);
    let (root, messages) = match detached {
        Ok(detached) => detached,
        Err(Tangled::TooMuch) => return Err(Refusal::TooLarge.into()),
        // The parser says where; it fails at the same place or before.
        Err(Tangled::NotJson) => (json.to_vec(), Vec::new()),
    };
    let read: Conversation = serde_json::from_slice(&root)?;
    let id = read.conversation_id.ok_or(Refusal::NoId)?;
    let mut left_out = LeftOuts::default();
    let mut said = Vec::with_capacity(messages.len());
    for detached in messages {
        let message: Message = serde_json::from_slice(&detached.json).map_err(Failed::Part)?;
        said.push((detached.parent, message));
    }

    let first = said.iter().filter_map(|(_, message)| message.created_at.0).min();
    let started = read.created_at.0.or(first).unwrap_or(context.made);
    let newest = said.iter().max_by_key(|(_, message)| message.created_at.0);
    let newest = newest.map(|(_, message)| message.message_id.clone());
    let ids: Vec<String> = said.iter().map(|(_, message)| message.message_id.clone()).collect();
    let mut nodes = Vec::with_capacity(said.len());
    for (rank, (within, mut message)) in said.into_iter().enumerate() {
        let named = message.parent_message_id.take().filter(|parent| parent != ROOT);
        let parent = within.map(|place| ids[place].clone()).or(named);
        let (id, created) = (message.message_id.clone(), message.created_at.0);
        nodes.push(Node { id, parent, rank, created, content: say(message, &mut left_out) });
    }
    let tree = arrange(nodes, newest.as_deref(), started, &mut left_out)?;

    let mut conversation = begin(format!("librechat:{id}"), read.title.as_deref(), started);
    if let Some(options) = read.options {
        conversation.model = options.model;
        conversation.instructions = options.prompt_prefix.or(options.system).unwrap_or_default();
    }
    conversation.tags =
        read.tags.iter().map(|tag| plain_line(tag)).filter(|tag| !tag.is_empty()).collect();
    conversation.archived = read.is_archived;
    conversation.leaf = tree.leaf;
    conversation.messages = tree.messages;
    conversation.updated = last_change(read.updated_at.0, &conversation);
    Ok(Converted { conversation, left_out })
}

fn say(said: Message, left_out: &mut LeftOuts) -> Content {
    let role = if said.is_created_by_user { Role::User } else { Role::Assistant };
    let mut message = message(role, String::new());
    for part in said.content.0 {
        match part.kind.as_str() {
            "text" => append_paragraph(&mut message.text, text_of(&part.text)),
            "think" => append_paragraph(&mut message.reasoning, text_of(&part.think)),
            "tool_call" => append_paragraph(&mut message.reasoning, &call(part.tool_call)),
            // What an error says could repeat a key; that there was one is said below.
            "error" | "agent_update" => {}
            other => left_out.unknown_part(other),
        }
    }
    if message.text.is_empty() {
        message.text = said.text.unwrap_or_default();
    }
    if role == Role::Assistant {
        let thought = message.text.strip_prefix(THINKING).and_then(|rest| rest.split_once("\n:::"));
        let thought =
            thought.map(|(thought, text)| (thought.to_owned(), text.trim_start().to_owned()));
        if let Some((thought, text)) = thought {
            append_paragraph(&mut message.reasoning, thought.trim());
            message.text = text;
        }
        message.model = said.model;
        message.finish = match said.finish_reason.as_deref() {
            Some("stop" | "end_turn") => Some(FinishReason::Stop),
            Some("length" | "max_tokens" | "incomplete") => Some(FinishReason::Length),
            Some("content_filter") => Some(FinishReason::ContentFilter),
            Some(_) => Some(FinishReason::Other),
            None => None,
        };
        if said.error {
            message.state = MessageState::Failed;
            message.failure = Some(Failure::new(FailureCode::ServerFault, FAILED));
            message.text.clear();
        } else if said.unfinished {
            message.state = MessageState::Stopped;
            message.finish = Some(FinishReason::Cancelled);
        }
    }
    // The export names files and holds none.
    for file in said.files.0 {
        left_out.missing_file(&file.filename.unwrap_or_default());
    }
    Content::Message(message)
}

/// Text stands by itself, or as the `value` of an object.
fn text_of(value: &Value) -> &str {
    value.as_str().or_else(|| value.get("value")?.as_str()).unwrap_or_default()
}

fn call(call: Option<ToolCall>) -> String {
    let Some(call) = call else { return String::new() };
    let mut text = plain_line(&call.name);
    let args = match &call.args {
        Value::String(args) => args.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    for value in [Some(args), call.output].into_iter().flatten().filter(|value| !value.is_empty()) {
        append_paragraph(&mut text, &fenced(&value, ""));
    }
    text
}
