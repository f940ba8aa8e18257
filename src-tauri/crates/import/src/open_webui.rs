//! Open WebUI's export: an array of chats, or one, as `src/lib/utils` and the chat menu of
//! `open-webui/open-webui` write them; older ones have the chat itself in the place of the record
//! that holds it.

mod details;

use conversation::{Failure, FailureCode, MessageState, PortableFile, Role, Usage};
use serde::Deserialize;
use serde_json::Value;

use crate::conversion::{Context, Converted, Failed, begin, folder_by_id, last_change};
use crate::files::Files;
use crate::line::plain_line;
use crate::report::{LeftOuts, Refusal};
use crate::tree::{Content, Node, append_paragraph, arrange, message};
use crate::values::{List, Members, Moment, lenient};

/// What an answer that failed says, in the place of the words of the server that failed.
pub(crate) const FAILED: &str = "The program that this conversation comes from got no answer here.";

#[derive(Debug, Deserialize)]
struct Record {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    chat: Option<Chat>,
    #[serde(default)]
    created_at: Moment,
    #[serde(default)]
    updated_at: Moment,
    #[serde(default, deserialize_with = "lenient")]
    archived: bool,
    #[serde(default, deserialize_with = "lenient")]
    pinned: bool,
    #[serde(default, deserialize_with = "lenient")]
    meta: Option<Meta>,
    #[serde(default, deserialize_with = "lenient")]
    folder_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    folder: Option<Folder>,
}

#[derive(Debug, Deserialize)]
struct Meta {
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Folder {
    Name(String),
    Record { name: String },
}

#[derive(Debug, Deserialize)]
struct Chat {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    models: Vec<String>,
    history: History,
    #[serde(default, deserialize_with = "lenient")]
    params: Option<Parameters>,
    #[serde(default, deserialize_with = "lenient")]
    system: Option<String>,
    #[serde(default)]
    timestamp: Moment,
}

#[derive(Debug, Deserialize)]
struct Parameters {
    #[serde(default)]
    system: Option<String>,
}

#[derive(Debug, Deserialize)]
struct History {
    messages: Members<Message>,
    #[serde(default, rename = "currentId")]
    current_id: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    #[serde(default)]
    parent_id: Option<String>,
    #[serde(default)]
    children_ids: List<String>,
    role: String,
    #[serde(default)]
    content: Option<Text>,
    #[serde(default)]
    timestamp: Moment,
    #[serde(default, deserialize_with = "lenient")]
    model: Option<String>,
    #[serde(default)]
    files: List<File>,
    #[serde(default)]
    error: Value,
    #[serde(default)]
    done: Option<bool>,
    #[serde(default, deserialize_with = "lenient")]
    usage: Option<Tokens>,
}

/// Text, or parts of it as OpenAI's API has them.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Text {
    Whole(String),
    Parts(List<TextPart>),
}

#[derive(Debug, Deserialize)]
struct TextPart {
    #[serde(default)]
    text: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Tokens {
    #[serde(alias = "prompt_tokens")]
    input_tokens: u32,
    #[serde(alias = "completion_tokens")]
    output_tokens: u32,
}

#[derive(Debug, Deserialize)]
struct File {
    #[serde(default, deserialize_with = "lenient")]
    name: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    file: Option<Stored>,
}

#[derive(Debug, Deserialize)]
struct Stored {
    #[serde(default)]
    filename: Option<String>,
    #[serde(default)]
    data: Option<Extracted>,
}

#[derive(Debug, Deserialize)]
struct Extracted {
    #[serde(default)]
    content: Option<String>,
}

pub(crate) fn convert(json: &[u8], context: &mut Context<'_>) -> Result<Converted, Failed> {
    let mut record: Record = serde_json::from_slice(json)?;
    let chat = match record.chat.take() {
        Some(chat) => chat,
        None => serde_json::from_slice(json)?,
    };
    let id = record.id.or(chat.id).ok_or(Refusal::NoId)?;
    let mut left_out = LeftOuts::default();
    let started = record.created_at.0.or(chat.timestamp.0).unwrap_or(context.made);
    let title = record.title.or(chat.title);
    let mut conversation = begin(format!("open-webui:{id}"), title.as_deref(), started);
    conversation.folder = match (record.folder, record.folder_id) {
        (Some(Folder::Name(name) | Folder::Record { name }), _) => Some(plain_line(&name)),
        (None, Some(id)) => Some(folder_by_id(&id, &mut left_out)),
        (None, None) => None,
    };
    let tags = record.meta.map(|meta| meta.tags).unwrap_or_default();
    conversation.tags =
        tags.iter().map(|tag| plain_line(tag)).filter(|tag| !tag.is_empty()).collect();
    let instructions = chat.params.and_then(|parameters| parameters.system).or(chat.system);
    conversation.instructions = instructions.unwrap_or_default();

    let ranks = ranks(&chat.history.messages);
    let mut files = Files::default();
    let mut nodes = Vec::with_capacity(chat.history.messages.0.len());
    for (place, (id, mut said)) in chat.history.messages.0.into_iter().enumerate() {
        let rank = ranks.get(&id).copied().unwrap_or(place);
        let (parent, created) = (said.parent_id.take(), said.timestamp.0);
        let content = say(said, &mut files, &mut left_out);
        nodes.push(Node { id, parent, rank, created, content });
    }
    let tree = arrange(nodes, chat.history.current_id.as_deref(), started, &mut left_out)?;

    conversation.model = chat.models.into_iter().find(|model| !model.is_empty());
    conversation.pinned = record.pinned;
    conversation.archived = record.archived;
    conversation.leaf = tree.leaf;
    conversation.messages = tree.messages;
    conversation.updated = last_change(record.updated_at.0, &conversation);
    Ok(Converted { conversation, left_out })
}

/// The place of each message among the children of its parent.
fn ranks(messages: &Members<Message>) -> std::collections::HashMap<String, usize> {
    let children =
        messages.0.iter().flat_map(|(_, message)| message.children_ids.0.iter().enumerate());
    children.map(|(rank, id)| (id.clone(), rank)).collect()
}

fn say(said: Message, files: &mut Files, left_out: &mut LeftOuts) -> Content {
    let role = match said.role.as_str() {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        "system" => Role::System,
        other => {
            left_out.unknown_part(other);
            return Content::Nothing;
        }
    };
    let text = match said.content {
        None => String::new(),
        Some(Text::Whole(text)) => text,
        Some(Text::Parts(parts)) => {
            let mut text = String::new();
            for part in parts.0 {
                append_paragraph(&mut text, &part.text.unwrap_or_default());
            }
            text
        }
    };
    let mut message = message(role, text);
    message.files =
        said.files.0.into_iter().filter_map(|file| take(file, files, left_out)).collect();
    if role == Role::Assistant {
        let (text, reasoning) = details::separate(&message.text);
        (message.text, message.reasoning) = (text, reasoning);
        message.model = said.model;
        message.usage = said.usage.map(|tokens| Usage {
            input_tokens: tokens.input_tokens,
            output_tokens: tokens.output_tokens,
        });
        if is_error(&said.error) {
            message.state = MessageState::Failed;
            // The words of the server could repeat a key.
            message.failure = Some(Failure::new(FailureCode::ServerFault, FAILED));
        } else if said.done == Some(false) {
            message.state = MessageState::Interrupted;
        }
    }
    Content::Message(message)
}

fn is_error(error: &Value) -> bool {
    !matches!(error, Value::Null | Value::Bool(false)) && error != ""
}

fn take(file: File, files: &mut Files, left_out: &mut LeftOuts) -> Option<PortableFile> {
    let stored =
        file.file.map(|stored| (stored.filename, stored.data.and_then(|data| data.content)));
    let (stored_name, text) = stored.unwrap_or_default();
    let name = file.name.or(stored_name).unwrap_or_default();
    match (file.url, text) {
        (Some(url), _) if url.starts_with("data:") => files.take_url(&name, &url, left_out),
        (_, Some(text)) if !text.is_empty() => files.take_text(&name, text, left_out),
        _ => {
            left_out.missing_file(&name);
            None
        }
    }
}
