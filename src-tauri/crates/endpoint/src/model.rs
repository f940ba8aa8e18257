//! The one trait that every model implements, and what goes in and comes out.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine};
use conversation::{Failure, FinishReason, Role, Usage};
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A part of a message to the model.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// Text.
    Text(String),
    /// An image, as the bytes of its file.
    Image {
        /// `image/png`, `image/jpeg`, `image/webp` or `image/gif`.
        media_type: String,
        /// The file's bytes.
        data: Arc<[u8]>,
    },
}

/// An image as both of OpenAI's protocols carry it (RFC 2397).
pub fn data_url(media_type: &str, data: &[u8]) -> String {
    format!("data:{media_type};base64,{}", BASE64_STANDARD.encode(data))
}

/// A message as the model gets it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prompt {
    /// Who speaks.
    pub role: Role,
    /// What is said, in order.
    pub parts: Vec<Part>,
}

impl Prompt {
    /// A message of text alone.
    pub fn text(role: Role, text: impl Into<String>) -> Self {
        Self { role, parts: vec![Part::Text(text.into())] }
    }
}

/// What shapes an answer. What is `None` is not sent, so the endpoint's own default holds.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Parameters {
    /// How far the model strays from the likeliest word; 0 to 2.
    pub temperature: Option<f64>,
    /// `minimal`, `low`, `medium`, `high`, or what else the endpoint knows.
    pub reasoning_effort: Option<String>,
    /// The most tokens that the answer may have.
    pub max_tokens: Option<u32>,
    /// Further members of the request's JSON, sent as they are; they win over all others.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// One question to a model: the branch so far. The last message is the one to answer, or an answer
/// to go on with, where its rest is asked for.
#[derive(Clone, PartialEq, Debug)]
pub struct ChatRequest {
    /// The model's name, as [`ModelInfo::id`]; for Azure OpenAI the deployment's.
    pub model: String,
    /// The messages, the first one first.
    pub messages: Vec<Prompt>,
    /// What shapes the answer.
    pub parameters: Parameters,
}

/// Asks for the rest of an answer that ended before its end.
const CONTINUE: &str = "Continue your last answer exactly where it stopped. \
    Repeat nothing of it, and do not comment on the interruption.";

impl ChatRequest {
    /// The messages for a protocol in which a model can do nothing but answer: one that is to go
    /// on with its own words is asked to.
    pub(crate) fn questions(&self) -> Vec<Cow<'_, Prompt>> {
        let asks = self.messages.last().is_some_and(|last| last.role == Role::Assistant);
        let ask = asks.then(|| Cow::Owned(Prompt::text(Role::User, CONTINUE)));
        self.messages.iter().map(Cow::Borrowed).chain(ask).collect()
    }
}

/// For a person to read, as no protocol in particular has it.
impl fmt::Display for ChatRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Image { media_type, data } => data_url(media_type, data),
        };
        let messages = self.messages.iter().map(|message| {
            let parts: Vec<_> = message.parts.iter().map(content).collect();
            json!({"role": message.role, "content": parts})
        });
        let messages: Vec<_> = messages.collect();
        f.write_str(&readable(json!({"model": self.model, "messages": messages})))
    }
}

/// What is sent to a model, for a person to read: indented, and of images their length alone.
pub(crate) fn readable(mut json: Value) -> String {
    shorten(&mut json);
    format!("{json:#}")
}

fn shorten(json: &mut Value) {
    match json {
        Value::String(text) => {
            if let Some((head, data)) = text.split_once(";base64,")
                && head.starts_with("data:image/")
            {
                *text = format!("{head};base64,… ({})", data.len());
            }
        }
        Value::Array(values) => values.iter_mut().for_each(shorten),
        Value::Object(members) => members.values_mut().for_each(shorten),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What a model can be called by.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, specta::Type)]
pub struct ModelInfo {
    /// What chooses it; the name where nothing tells endpoints apart.
    pub id: String,
    /// The name that the endpoint knows it by.
    pub name: String,
    /// What the endpoint is called, where that is known.
    pub endpoint: Option<String>,
    /// Whether it is the model that comes with Bureau, and runs on this machine.
    pub built_in: bool,
}

impl ModelInfo {
    /// A model of an endpoint, known by its name alone.
    pub fn of(name: impl Into<String>) -> Self {
        let name = name.into();
        Self { id: name.clone(), name, endpoint: None, built_in: false }
    }
}

/// What happens while an answer arrives.
///
/// A stream ends after exactly one [`Finished`](Event::Finished) or [`Failed`](Event::Failed);
/// what came before it stays valid.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// The oldest messages did not fit the context; this many were left out.
    Dropped(usize),
    /// More of the answer.
    Delta(String),
    /// More of the model's reasoning.
    Reasoning(String),
    /// Token counts; the last one holds.
    Usage(Usage),
    /// The answer is whole, or ended for this reason.
    Finished(FinishReason),
    /// The answer failed.
    Failed(Failure),
}

/// Something that answers: an HTTP endpoint, or the built-in model.
pub trait ChatModel: Send + Sync {
    /// Starts an answer. Nothing is sent before the stream is polled. Dropping the stream
    /// cancels: the connection is closed, or the computation stops, within 100 ms.
    fn stream(&self, request: ChatRequest) -> BoxStream<'static, Event>;

    /// The request as [`stream`](Self::stream) sends it, for a person to read: its key left out,
    /// and of images their length alone.
    fn request_text(&self, request: &ChatRequest) -> String;

    /// The body of the request, byte for byte as [`stream`](Self::stream) sends it; empty where
    /// nothing is sent anywhere.
    fn request_body(&self, request: &ChatRequest) -> Vec<u8>;

    /// The models that can be asked, in the endpoint's order.
    fn models(&self) -> BoxFuture<'_, Result<Vec<ModelInfo>, Failure>>;
}
