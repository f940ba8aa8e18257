//! OpenAI's responses: what is asked, and how the answer is read.
//!
//! Source: OpenAI's API reference, “Responses”
//! (<https://platform.openai.com/docs/api-reference/responses>) and “Streaming events”
//! (<https://platform.openai.com/docs/api-reference/responses-streaming>).

use conversation::{Failure, FinishReason, Role};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use crate::answer::Reader;
use crate::chat::{role, usage};
use crate::config::EndpointConfig;
use crate::failure::{Asked, ServerError, in_answer, not_the_protocol};
use crate::model::data_url;
use crate::{ChatRequest, Event, Part, Prompt};

/// The request's body. Without `store: false` OpenAI keeps every response for 30 days.
pub(crate) fn body(config: &EndpointConfig, request: &ChatRequest) -> Map<String, Value> {
    let parameters = &request.parameters;
    let input: Vec<_> = request.questions().iter().map(|prompt| message(prompt)).collect();
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(request.model));
    body.insert("input".to_owned(), Value::Array(input));
    body.insert("stream".to_owned(), json!(true));
    body.insert("store".to_owned(), json!(config.store));
    if let Some(temperature) = parameters.temperature {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    if let Some(effort) = &parameters.reasoning_effort {
        body.insert("reasoning".to_owned(), json!({"effort": effort}));
    }
    if let Some(max) = parameters.max_tokens {
        body.insert("max_output_tokens".to_owned(), json!(max));
    }
    body.extend(parameters.extra.clone());
    body
}

fn message(prompt: &Prompt) -> Value {
    // What the model said itself is of another type than what it is told.
    let text_type = if prompt.role == Role::Assistant { "output_text" } else { "input_text" };
    let content: Vec<_> = prompt
        .parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => json!({"type": text_type, "text": text}),
            Part::Image { media_type, data } => {
                json!({"type": "input_image", "image_url": data_url(media_type, data)})
            }
        })
        .collect();
    json!({"type": "message", "role": role(prompt.role), "content": content})
}

#[derive(Deserialize)]
struct Kind {
    r#type: Option<String>,
    error: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct TextDelta {
    delta: String,
}

#[derive(Deserialize)]
struct SummaryPart {
    #[serde(default)]
    summary_index: u32,
}

#[derive(Deserialize)]
struct Carrier {
    response: Response,
}

#[derive(Deserialize)]
struct Response {
    status: Option<String>,
    usage: Option<Tokens>,
    incomplete_details: Option<Incomplete>,
    #[serde(default)]
    output: Vec<Item>,
}

#[derive(Deserialize)]
struct Tokens {
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct Incomplete {
    reason: Option<String>,
}

/// An item of a whole response: a message has content, reasoning a summary.
#[derive(Deserialize)]
struct Item {
    content: Option<Vec<Piece>>,
    summary: Option<Vec<Piece>>,
}

#[derive(Deserialize)]
struct Piece {
    r#type: Option<String>,
    text: Option<String>,
    refusal: Option<String>,
}

/// Reads an answer of the responses API.
pub(crate) struct ResponsesReader {
    asked: Asked,
}

impl ResponsesReader {
    pub(crate) fn new(asked: Asked) -> Self {
        Self { asked }
    }

    fn parse<'a, T: Deserialize<'a>>(&self, json: &'a str) -> Result<T, Failure> {
        serde_json::from_str(json).map_err(|error| {
            let what =
                format!("it sent an event that cannot be read (at column {})", error.column());
            not_the_protocol(&what, &self.asked)
        })
    }

    /// The failure in an `error` event, or in a response that failed.
    fn failed(&self, json: &str, pointer: &str) -> Failure {
        let value: Value = serde_json::from_str(json).unwrap_or_default();
        let mut error = value.pointer(pointer).cloned().unwrap_or_default();
        if let Some(members) = error.as_object_mut() {
            // The event's own type is `error`, which says nothing of the error.
            members.remove("type");
        }
        in_answer(&ServerError::from_json(&error), &self.asked)
    }

    fn end(response: &Response, events: &mut Vec<Event>) {
        if let Some(tokens) = &response.usage {
            events.push(Event::Usage(usage(tokens.input_tokens, tokens.output_tokens)));
        }
        let reason = response.incomplete_details.as_ref().and_then(|d| d.reason.as_deref());
        events.push(Event::Finished(match (response.status.as_deref(), reason) {
            (_, Some("max_output_tokens")) => FinishReason::Length,
            (_, Some("content_filter")) => FinishReason::ContentFilter,
            (Some("incomplete"), _) | (_, Some(_)) => FinishReason::Other,
            _ => FinishReason::Stop,
        }));
    }
}

impl Reader for ResponsesReader {
    fn event(&mut self, data: &str, events: &mut Vec<Event>) -> Result<(), Failure> {
        // Some servers end this stream as they end chat completions.
        if data == "[DONE]" {
            return Ok(());
        }
        let kind: Kind = self.parse(data)?;
        match kind.r#type.as_deref() {
            Some("response.output_text.delta" | "response.refusal.delta") => {
                events.push(Event::Delta(self.parse::<TextDelta>(data)?.delta));
            }
            Some("response.reasoning_summary_text.delta" | "response.reasoning_text.delta") => {
                events.push(Event::Reasoning(self.parse::<TextDelta>(data)?.delta));
            }
            Some("response.reasoning_summary_part.added") => {
                if self.parse::<SummaryPart>(data)?.summary_index > 0 {
                    events.push(Event::Reasoning("\n\n".to_owned()));
                }
            }
            Some("response.completed" | "response.incomplete") => {
                Self::end(&self.parse::<Carrier>(data)?.response, events);
            }
            Some("response.failed") => return Err(self.failed(data, "/response")),
            Some("error") => return Err(self.failed(data, "")),
            None if kind.error.is_some() => return Err(self.failed(data, "")),
            None => return Err(not_the_protocol("its events have no type", &self.asked)),
            Some(_) => {}
        }
        Ok(())
    }

    fn whole(&mut self, body: &str, events: &mut Vec<Event>) -> Result<(), Failure> {
        let value: Value = self.parse(body)?;
        if value.get("error").is_some_and(|error| !error.is_null()) {
            return Err(self.failed(body, ""));
        }
        if value.get("output").is_none() {
            return Err(not_the_protocol("its JSON has no output", &self.asked));
        }
        let response: Response = self.parse(body)?;
        for item in &response.output {
            let told = |pieces: &Option<Vec<Piece>>| {
                let pieces = pieces.iter().flatten();
                pieces.filter_map(|p| p.text.clone().or(p.refusal.clone())).collect::<Vec<_>>()
            };
            let thoughts = told(&item.summary).join("\n\n");
            if !thoughts.is_empty() {
                events.push(Event::Reasoning(thoughts));
            }
            let reasoning = item
                .content
                .iter()
                .flatten()
                .any(|piece| piece.r#type.as_deref() == Some("reasoning_text"));
            for text in told(&item.content) {
                events.push(if reasoning { Event::Reasoning(text) } else { Event::Delta(text) });
            }
        }
        Self::end(&response, events);
        Ok(())
    }

    fn finish(&self) -> Option<FinishReason> {
        // The end has an event of its own; a stream without it was cut off.
        None
    }
}
