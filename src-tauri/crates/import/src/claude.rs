//! Claude's data export: `conversations.json`, an array of conversations with `chat_messages`, and
//! `projects.json` (or one file a project in `projects/`) beside it.
//!
//! Anthropic publishes no description of it; LibreChat's importer
//! (`packages/api/src/import/claude`) reads the same.

use conversation::Role;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::conversion::{Context, Converted, Failed, Project, begin, folder_by_id, last_change};
use crate::files::Files;
use crate::line::plain_line;
use crate::markup::{fenced, link};
use crate::report::{LeftOuts, Omission, Refusal};
use crate::tree::{Content, Node, append_paragraph, arrange, message};
use crate::values::{List, Moment, lenient};

/// What a first message is said to follow.
const ROOT: &str = "00000000-0000-4000-8000-000000000000";

#[derive(Debug, Deserialize)]
struct Conversation {
    #[serde(default)]
    uuid: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    created_at: Moment,
    #[serde(default)]
    updated_at: Moment,
    chat_messages: List<Message>,
    #[serde(default, deserialize_with = "lenient")]
    current_leaf_message_uuid: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    model: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    is_starred: bool,
    #[serde(default, deserialize_with = "lenient")]
    project_uuid: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    project: Option<ProjectOf>,
}

#[derive(Debug, Deserialize)]
struct ProjectOf {
    #[serde(default)]
    uuid: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Message {
    uuid: String,
    sender: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    content: List<Block>,
    #[serde(default)]
    created_at: Moment,
    /// Missing altogether in older exports, whose messages follow each other.
    #[serde(default)]
    parent_message_uuid: Option<String>,
    #[serde(default)]
    attachments: List<Attachment>,
    #[serde(default)]
    files: List<Attachment>,
}

#[derive(Debug, Deserialize)]
struct Block {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    thinking: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    summaries: Vec<Summary>,
    #[serde(default, deserialize_with = "lenient")]
    name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    input: Value,
    #[serde(default, deserialize_with = "lenient")]
    citations: Vec<Citation>,
}

#[derive(Debug, Deserialize)]
struct Summary {
    summary: String,
}

#[derive(Debug, Deserialize)]
struct Citation {
    #[serde(default)]
    details: Option<CitationDetails>,
}

#[derive(Debug, Deserialize)]
struct CitationDetails {
    #[serde(default)]
    url: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Attachment {
    #[serde(default)]
    file_name: Option<String>,
    #[serde(default)]
    extracted_content: Option<String>,
}

pub(crate) fn convert(json: &[u8], context: &mut Context<'_>) -> Result<Converted, Failed> {
    let read: Conversation = serde_json::from_slice(json)?;
    let id = read.uuid.ok_or(Refusal::NoId)?;
    let mut left_out = LeftOuts::default();
    let started = read.created_at.0.unwrap_or(context.made);
    let mut conversation = begin(format!("claude:{id}"), read.name.as_deref(), started);
    place(&mut conversation, read.project, read.project_uuid, context, &mut left_out);

    let newest = read.chat_messages.0.last().map(|message| message.uuid.clone());
    let shown = read.current_leaf_message_uuid.or(newest);
    let has_parents = read.chat_messages.0.iter().any(|m| m.parent_message_uuid.is_some());
    let mut files = Files::default();
    let mut nodes: Vec<Node> = Vec::with_capacity(read.chat_messages.0.len());
    for (rank, said) in read.chat_messages.0.into_iter().enumerate() {
        let parent = if has_parents {
            said.parent_message_uuid.clone().filter(|parent| parent != ROOT)
        } else {
            nodes.last().map(|node| node.id.clone())
        };
        let (id, created) = (said.uuid.clone(), said.created_at.0);
        let content = say(said, &mut files, &mut left_out);
        nodes.push(Node { id, parent, rank, created, content });
    }
    let tree = arrange(nodes, shown.as_deref(), started, &mut left_out)?;

    conversation.model = read.model;
    conversation.pinned = read.is_starred;
    conversation.leaf = tree.leaf;
    conversation.messages = tree.messages;
    conversation.updated = last_change(read.updated_at.0, &conversation);
    Ok(Converted { conversation, left_out })
}

/// Puts it into the folder of its project, with the project's instructions.
fn place(
    conversation: &mut conversation::PortableConversation,
    project: Option<ProjectOf>,
    id: Option<String>,
    context: &Context<'_>,
    left_out: &mut LeftOuts,
) {
    let (own, name) = project.map(|project| (project.uuid, project.name)).unwrap_or_default();
    let id = own.or(id);
    let known = id.as_ref().and_then(|id| context.projects.get(id));
    if let Some(known) = known {
        conversation.instructions.clone_from(&known.instructions);
    }
    let name =
        name.or_else(|| known.map(|known| known.name.clone())).filter(|name| !name.is_empty());
    conversation.folder = match (name, id) {
        (Some(name), _) => Some(plain_line(&name)),
        (None, Some(id)) => Some(folder_by_id(&id, left_out)),
        (None, None) => None,
    };
}

fn say(said: Message, files: &mut Files, left_out: &mut LeftOuts) -> Content {
    let role = match said.sender.as_str() {
        "human" => Role::User,
        "assistant" => Role::Assistant,
        other => {
            left_out.unknown_part(other);
            return Content::Nothing;
        }
    };
    let mut message = message(role, String::new());
    for block in said.content.0 {
        match block.kind.as_str() {
            "text" => {
                append_paragraph(&mut message.text, &block.text.unwrap_or_default());
                append_sources(&mut message.text, &block.citations);
            }
            "thinking" => append_paragraph(&mut message.reasoning, &thinking(&block)),
            "tool_use" => use_tool(&block, &mut message),
            "tool_result" => left_out.add(Omission::ToolMessage),
            // It counts tokens.
            "token_budget" => {}
            other => left_out.unknown_part(other),
        }
    }
    if message.text.is_empty() {
        message.text = said.text.unwrap_or_default();
    }
    for attachment in said.attachments.0 {
        let name = attachment.file_name.unwrap_or_default();
        match attachment.extracted_content.filter(|text| !text.is_empty()) {
            Some(text) => message.files.extend(files.take_text(&name, text, left_out)),
            None => left_out.missing_file(&name),
        }
    }
    // The export holds none of these, only their names.
    for file in said.files.0 {
        left_out.missing_file(&file.file_name.unwrap_or_default());
    }
    Content::Message(message)
}

/// Newer exports hold summaries where the thoughts themselves are not given.
fn thinking(block: &Block) -> String {
    match block.thinking.as_deref() {
        Some(thinking) if !thinking.trim().is_empty() => thinking.to_owned(),
        _ => {
            let summaries: Vec<&str> = block.summaries.iter().map(|s| s.summary.as_str()).collect();
            summaries.join("\n\n")
        }
    }
}

/// A call of a tool: what an artifact says is part of the answer, everything else led to it.
fn use_tool(block: &Block, message: &mut conversation::PortableMessage) {
    let name = block.name.as_deref().unwrap_or_default();
    let text = |key: &str| block.input.get(key).and_then(Value::as_str);
    if name == "artifacts"
        && let Some(content) = text("content")
    {
        let language = text("language").unwrap_or_default();
        let shown = match text("type") {
            Some("text/markdown") | None => content.to_owned(),
            Some(_) => fenced(content, language),
        };
        let title = text("title").map(|title| format!("**{}**", plain_line(title)));
        append_paragraph(&mut message.text, &title.unwrap_or_default());
        append_paragraph(&mut message.text, &shown);
        return;
    }
    if !block.input.is_null() {
        let input = serde_json::to_string_pretty(&block.input).unwrap_or_default();
        append_paragraph(
            &mut message.reasoning,
            &format!("{}\n\n{}", plain_line(name), fenced(&input, "json")),
        );
    }
}

fn append_sources(text: &mut String, citations: &[Citation]) {
    let mut links: Vec<String> = Vec::new();
    for citation in citations {
        let url = citation.details.as_ref().and_then(|details| details.url.as_deref());
        if let Some(url) = url.filter(|url| url.starts_with("http")) {
            let link = link("", url);
            if !links.contains(&link) {
                links.push(link);
            }
        }
    }
    if !links.is_empty() {
        text.push_str(&format!(" ({})", links.join(", ")));
    }
}

/// A project as `projects.json` describes it, with its id; none if it is something else.
pub(crate) fn project(json: &[u8]) -> Option<(String, Project)> {
    #[derive(Deserialize)]
    struct Described {
        uuid: String,
        name: String,
        #[serde(default)]
        prompt_template: Option<String>,
        #[serde(default)]
        chat_messages: Option<IgnoredAny>,
    }
    let described: Described = serde_json::from_slice(json).ok()?;
    let instructions = described.prompt_template.unwrap_or_default();
    let project = Project { name: described.name, instructions };
    described.chat_messages.is_none().then_some((described.uuid, project))
}
