//! What a message of ChatGPT's says.

use std::collections::HashSet;

use conversation::{FinishReason, MessageState, PortableFile, Role};
use serde::Deserialize;

use super::citation::resolve;
use super::shape::{Message, MessageContent, Metadata, OtherPart, Part, Thought};
use crate::assets::Assets;
use crate::files::Files;
use crate::markup::fenced;
use crate::report::{LeftOuts, Omission};
use crate::tree::{Content, Work, append_paragraph, message};

/// What a canvas, which is a text that the model writes beside the conversation, is written with.
const CANVAS: [&str; 2] = ["canmore.create_textdoc", "canmore.update_textdoc"];

/// Reads the messages of one conversation.
pub(super) struct Reader<'a> {
    assets: &'a mut Assets,
    files: Files,
    left_out: &'a mut LeftOuts,
}

impl<'a> Reader<'a> {
    pub(super) fn new(assets: &'a mut Assets, left_out: &'a mut LeftOuts) -> Self {
        Self { assets, files: Files::default(), left_out }
    }

    pub(super) fn say(&mut self, said: Message) -> Content {
        let metadata = said.metadata.unwrap_or_default();
        let content = said.content.unwrap_or_default();
        if metadata.is_visually_hidden_from_conversation {
            self.left_out.add(Omission::HiddenMessage);
            return Content::Nothing;
        }
        let recipient = said.recipient.filter(|recipient| recipient != "all");
        match (said.author.role.as_str(), recipient) {
            ("user", _) => self.message(Role::User, content, &metadata, &said.status),
            ("assistant", None) => self.message(Role::Assistant, content, &metadata, &said.status),
            ("assistant", Some(tool)) => self.call(&tool, content, &metadata),
            ("tool", _) => self.result(content, &metadata),
            // Every conversation begins with an empty one.
            ("system", _) if has_text(&content) => {
                self.left_out.add(Omission::HiddenMessage);
                Content::Nothing
            }
            ("system", _) => Content::Nothing,
            (other, _) => {
                self.left_out.unknown_part(other);
                Content::Nothing
            }
        }
    }

    fn message(
        &mut self,
        role: Role,
        content: MessageContent,
        metadata: &Metadata,
        status: &str,
    ) -> Content {
        let text = match content.content_type.as_str() {
            "text" | "multimodal_text" => None,
            "code" | "execution_output" => {
                let language = content.language.as_deref().unwrap_or_default();
                let text = content.text.as_deref().unwrap_or_default();
                Some(if text.trim().is_empty() {
                    String::new()
                } else {
                    fenced(text, language_of(language, text))
                })
            }
            "thoughts" => return work(thoughts(&content.thoughts.0), Vec::new()),
            // It says how long the model thought.
            "reasoning_recap" => return Content::Nothing,
            "user_editable_context" | "model_editable_context" => {
                self.left_out.add(Omission::HiddenMessage);
                return Content::Nothing;
            }
            other => {
                if content.text.is_none() && content.parts.0.is_empty() {
                    self.left_out.unknown_part(other);
                    return Content::Nothing;
                }
                content.text.clone()
            }
        };
        let (parts, files) = self.parts(content, metadata);
        let mut text = text.unwrap_or_default();
        append_paragraph(&mut text, &parts);
        let mut message = message(role, text);
        message.files = files;
        if role == Role::Assistant {
            message.text = resolve(message.text, metadata);
            message.model = metadata.model_slug.clone();
            let ended = metadata.finish_details.as_ref().map(|details| details.kind.as_str());
            (message.state, message.finish) = ending(ended, status);
        }
        Content::Message(message)
    }

    /// What the model asks of a tool.
    fn call(&mut self, tool: &str, content: MessageContent, metadata: &Metadata) -> Content {
        let language = language_of(content.language.as_deref().unwrap_or_default(), "").to_owned();
        let thoughts = thoughts(&content.thoughts.0);
        let code = content.text.clone().unwrap_or_default();
        let (mut text, files) = self.parts(content, metadata);
        append_paragraph(&mut text, &code);
        if CANVAS.contains(&tool)
            && let Some(text) = canvas(&text)
        {
            let mut message = message(Role::Assistant, text);
            message.model = metadata.model_slug.clone();
            return Content::Message(message);
        }
        let mut reasoning = thoughts;
        if !text.trim().is_empty() {
            append_paragraph(&mut reasoning, &fenced(&text, language_of(&language, &text)));
        }
        work(reasoning, files)
    }

    /// What a tool answers: what code printed and images are kept, what was read is not.
    fn result(&mut self, content: MessageContent, metadata: &Metadata) -> Content {
        match content.content_type.as_str() {
            "execution_output" | "system_error" => {
                let text = content.text.unwrap_or_default();
                let output = if text.trim().is_empty() { String::new() } else { fenced(&text, "") };
                work(output, Vec::new())
            }
            _ => {
                let (_, files) = self.parts(content, metadata);
                if files.is_empty() {
                    self.left_out.add(Omission::ToolMessage);
                }
                work(String::new(), files)
            }
        }
    }

    /// The text of the parts, and the files among them and beside them.
    fn parts(
        &mut self,
        content: MessageContent,
        metadata: &Metadata,
    ) -> (String, Vec<PortableFile>) {
        let mut text = String::new();
        let mut files = Vec::new();
        let mut seen = HashSet::new();
        for part in content.parts.0 {
            match part {
                // The one part of nearly every message is not copied.
                Part::Text(part) if text.is_empty() => text = part,
                Part::Text(part) => append_paragraph(&mut text, &part),
                Part::Other(part) => self.part(*part, metadata, &mut text, &mut files, &mut seen),
                Part::Unknown(_) => {}
            }
        }
        for attachment in &metadata.attachments {
            if !attachment.id.is_empty() && seen.insert(attachment.id.clone()) {
                let name = attachment.name.as_deref();
                files.extend(self.assets.take(
                    &attachment.id,
                    name,
                    &mut self.files,
                    self.left_out,
                ));
            }
        }
        (text, files)
    }

    fn part(
        &mut self,
        part: OtherPart,
        metadata: &Metadata,
        text: &mut String,
        files: &mut Vec<PortableFile>,
        seen: &mut HashSet<String>,
    ) {
        match part.content_type.as_str() {
            "image_asset_pointer" => {
                let pointer = part.asset_pointer.unwrap_or_default();
                let id = id_of(&pointer);
                let known = metadata.attachments.iter().find(|attachment| attachment.id == id);
                let name = known.and_then(|attachment| attachment.name.as_deref());
                if seen.insert(id.to_owned()) {
                    files.extend(self.assets.take(id, name, &mut self.files, self.left_out));
                }
            }
            "audio_transcription" => append_paragraph(text, &part.text.unwrap_or_default()),
            "audio_asset_pointer"
            | "video_container_asset_pointer"
            | "real_time_user_audio_video_asset_pointer" => {
                // Its transcription stands beside it.
                self.left_out.add(Omission::Recording);
            }
            other => self.left_out.unknown_part(other),
        }
    }
}

fn work(reasoning: String, files: Vec<PortableFile>) -> Content {
    Content::Work(Work { reasoning, files })
}

fn has_text(content: &MessageContent) -> bool {
    let part = |part: &Part| matches!(part, Part::Text(text) if !text.trim().is_empty());
    content.text.as_ref().is_some_and(|text| !text.trim().is_empty())
        || content.parts.0.iter().any(part)
}

fn thoughts(thoughts: &[Thought]) -> String {
    let mut text = String::new();
    for thought in thoughts {
        let filled = |part: &Option<String>| part.as_deref().unwrap_or_default().trim().to_owned();
        let (summary, content) = (filled(&thought.summary), filled(&thought.content));
        if !summary.is_empty() && summary != content {
            append_paragraph(&mut text, &format!("**{summary}**"));
        }
        append_paragraph(&mut text, &content);
    }
    text
}

/// `file-service://file-XXX`, `sediment://file_XXX#part`.
fn id_of(pointer: &str) -> &str {
    let id = pointer.rsplit_once("://").map_or(pointer, |(_, id)| id);
    let id = id.split(['#', '?']).next().unwrap_or_default();
    id.rsplit('/').next().unwrap_or_default()
}

/// `unknown` is what it says of JSON.
fn language_of<'a>(language: &'a str, text: &str) -> &'a str {
    match language {
        "unknown" if text.trim_start().starts_with(['{', '[']) => "json",
        "unknown" => "",
        other => other,
    }
}

/// How an answer ended, from what it says of that and from its status.
fn ending(details: Option<&str>, status: &str) -> (MessageState, Option<FinishReason>) {
    match (details, status) {
        (Some("interrupted"), _) => (MessageState::Stopped, Some(FinishReason::Cancelled)),
        (Some("max_tokens"), _) => (MessageState::Complete, Some(FinishReason::Length)),
        (_, "in_progress") => (MessageState::Interrupted, None),
        (Some("stop"), _) => (MessageState::Complete, Some(FinishReason::Stop)),
        (Some(_), _) => (MessageState::Complete, Some(FinishReason::Other)),
        (None, _) => (MessageState::Complete, None),
    }
}

/// The text of a canvas, when it is written whole.
fn canvas(json: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Canvas {
        #[serde(rename = "type", default)]
        kind: String,
        #[serde(default)]
        content: Option<String>,
        #[serde(default)]
        updates: Vec<Update>,
    }
    #[derive(Deserialize)]
    struct Update {
        pattern: String,
        replacement: String,
    }
    let mut canvas: Canvas = serde_json::from_str(json).ok()?;
    let text = match (canvas.content, canvas.updates.pop()) {
        (Some(content), _) => content,
        // Any other pattern changes a part of what was there before.
        (None, Some(Update { pattern, replacement })) if pattern == ".*" => replacement,
        _ => return None,
    };
    Some(match canvas.kind.strip_prefix("code/") {
        Some(language) => fenced(&text, language),
        None => text,
    })
}
