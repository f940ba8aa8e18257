//! Chat completions: what is asked, and how the answer is read. Azure OpenAI has the same bodies.
//!
//! Sources: OpenAI's API reference, “Chat”
//! (<https://platform.openai.com/docs/api-reference/chat>), and Azure's
//! (<https://learn.microsoft.com/azure/ai-services/openai/reference>). The reader is wider than
//! either, for the servers that follow them loosely.

use conversation::{Failure, FinishReason, Role, Usage};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use crate::answer::Reader;
use crate::config::{EndpointConfig, EndpointKind};
use crate::failure::{Asked, ServerError, in_answer, not_the_protocol};
use crate::model::data_url;
use crate::{ChatRequest, Event, Part, Prompt};

/// The request's body.
///
/// The bound on tokens has two names. `max_completion_tokens` is what OpenAI and Azure want, and
/// their reasoning models accept no other. Ollama ignores it, and older servers refuse it; all of
/// them, LiteLLM included, know `max_tokens`.
pub(crate) fn body(config: &EndpointConfig, request: &ChatRequest) -> Map<String, Value> {
    let at_openai = config.host().as_deref() == Some("api.openai.com");
    let parameters = &request.parameters;
    let messages: Vec<_> = request.questions().iter().map(|prompt| message(prompt)).collect();
    let mut body = Map::new();
    body.insert("model".to_owned(), json!(request.model));
    body.insert("messages".to_owned(), Value::Array(messages));
    body.insert("stream".to_owned(), json!(true));
    body.insert("stream_options".to_owned(), json!({"include_usage": true}));
    if at_openai || config.store {
        body.insert("store".to_owned(), json!(config.store));
    }
    if let Some(temperature) = parameters.temperature {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    if let Some(effort) = &parameters.reasoning_effort {
        body.insert("reasoning_effort".to_owned(), json!(effort));
    }
    if let Some(max) = parameters.max_tokens {
        let new = at_openai || config.kind == EndpointKind::Azure;
        let name = if new { "max_completion_tokens" } else { "max_tokens" };
        body.insert(name.to_owned(), json!(max));
    }
    body.extend(parameters.extra.clone());
    body
}

/// Text alone goes as one string: some servers' templates know nothing else.
fn message(prompt: &Prompt) -> Value {
    let texts: Option<Vec<&str>> = prompt
        .parts
        .iter()
        .map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Image { .. } => None,
        })
        .collect();
    let content = match texts {
        Some(texts) => json!(texts.join("\n\n")),
        None => prompt
            .parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => json!({"type": "text", "text": text}),
                Part::Image { media_type, data } => {
                    json!({"type": "image_url", "image_url": {"url": data_url(media_type, data)}})
                }
            })
            .collect(),
    };
    json!({"role": role(prompt.role), "content": content})
}

/// The role's name in both of OpenAI's protocols.
pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}

/// A chunk of a streamed answer, or a whole answer. Only what is read is named, and what may be
/// absent or null is optional; the rest is skipped without being built.
#[derive(Deserialize)]
struct Completion {
    choices: Option<Vec<Choice>>,
    usage: Option<Tokens>,
    error: Option<IgnoredAny>,
    object: Option<String>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    index: u32,
    delta: Option<Words>,
    message: Option<Words>,
    finish_reason: Option<String>,
}

#[derive(Deserialize, Default)]
struct Words {
    content: Option<String>,
    /// DeepSeek's name, which vLLM, llama.cpp and LiteLLM took over.
    reasoning_content: Option<String>,
    /// OpenRouter's, Ollama's and newer vLLM's name.
    reasoning: Option<String>,
    refusal: Option<String>,
}

#[derive(Deserialize)]
struct Tokens {
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
}

/// Reads an answer of chat completions.
pub(crate) struct ChatReader {
    asked: Asked,
    finish: Option<FinishReason>,
}

impl ChatReader {
    pub(crate) fn new(asked: Asked) -> Self {
        Self { asked, finish: None }
    }

    /// Takes in what a chunk or a whole answer says; tells whether it had a choice.
    fn take(&mut self, json: &str, events: &mut Vec<Event>) -> Result<bool, Failure> {
        let completion: Completion = serde_json::from_str(json).map_err(|error| {
            let what =
                format!("it sent a chunk that cannot be read (at column {})", error.column());
            not_the_protocol(&what, &self.asked)
        })?;
        if completion.error.is_some() || completion.object.as_deref() == Some("error") {
            let error = ServerError::parse(json.as_bytes()).unwrap_or_default();
            return Err(in_answer(&error, &self.asked));
        }
        let choices = completion.choices.unwrap_or_default();
        let spoke = !choices.is_empty();
        for choice in choices.into_iter().filter(|choice| choice.index == 0) {
            let words = choice.delta.or(choice.message).unwrap_or_default();
            let said = |text: Option<String>| text.filter(|text| !text.is_empty());
            if let Some(text) = said(words.reasoning_content).or(said(words.reasoning)) {
                events.push(Event::Reasoning(text));
            }
            for text in [said(words.content), said(words.refusal)].into_iter().flatten() {
                events.push(Event::Delta(text));
            }
            if let Some(reason) = said(choice.finish_reason) {
                self.finish = Some(finish_reason(&reason));
            }
        }
        if let Some(tokens) = completion.usage {
            events.push(Event::Usage(usage(tokens.prompt_tokens, tokens.completion_tokens)));
        }
        Ok(spoke)
    }
}

impl Reader for ChatReader {
    fn event(&mut self, data: &str, events: &mut Vec<Event>) -> Result<(), Failure> {
        if data == "[DONE]" {
            events.push(Event::Finished(self.finish.unwrap_or(FinishReason::Stop)));
            return Ok(());
        }
        self.take(data, events).map(|_| ())
    }

    fn whole(&mut self, body: &str, events: &mut Vec<Event>) -> Result<(), Failure> {
        if !self.take(body, events)? {
            return Err(not_the_protocol("its JSON has no choices", &self.asked));
        }
        events.push(Event::Finished(self.finish.unwrap_or(FinishReason::Stop)));
        Ok(())
    }

    fn finish(&self) -> Option<FinishReason> {
        self.finish
    }
}

fn finish_reason(reason: &str) -> FinishReason {
    match reason {
        "stop" => FinishReason::Stop,
        "length" => FinishReason::Length,
        "content_filter" => FinishReason::ContentFilter,
        _ => FinishReason::Other,
    }
}

/// Token counts; what is absent counts as none.
pub(crate) fn usage(input: Option<u64>, output: Option<u64>) -> Usage {
    let count = |tokens: Option<u64>| u32::try_from(tokens.unwrap_or(0)).unwrap_or(u32::MAX);
    Usage { input_tokens: count(input), output_tokens: count(output) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Parameters;

    #[test]
    fn an_answer_that_comes_last_is_to_be_gone_on_with() {
        let messages = |last: Role| {
            let messages = vec![Prompt::text(Role::User, "x"), Prompt::text(last, "y")];
            let parameters = Parameters::default();
            let request = ChatRequest { model: "m".into(), messages, parameters };
            let body = body(&EndpointConfig::new("https://llm.example/v1".to_owned()), &request);
            body["messages"].as_array().unwrap().clone()
        };
        assert_eq!(messages(Role::User).len(), 2);
        let asked = messages(Role::Assistant);
        assert_eq!(asked.len(), 3);
        assert_eq!(asked[2]["role"], "user");
        assert!(asked[2]["content"].as_str().unwrap().starts_with("Continue your last answer"));
    }

    #[test]
    fn openais_own_server_gets_the_members_that_it_alone_wants() {
        let parameters = Parameters { max_tokens: Some(5), ..Parameters::default() };
        let request = ChatRequest { model: "m".into(), messages: Vec::new(), parameters };
        let body = |address: &str| body(&EndpointConfig::new(address.to_owned()), &request);
        let own = body("https://api.openai.com/v1");
        assert_eq!((&own["store"], &own["max_completion_tokens"]), (&json!(false), &json!(5)));
        assert!(!own.contains_key("max_tokens"));
        let other = body("https://llm.example/v1");
        assert_eq!((other.get("store"), &other["max_tokens"]), (None, &json!(5)));
        assert!(!other.contains_key("max_completion_tokens"));
    }
}
