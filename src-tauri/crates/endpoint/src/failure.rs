//! What a server's refusal means: its status, headers and words become a [`Failure`].

use std::time::{Duration, SystemTime};

use conversation::{Failure, FailureCode};
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::Value;

/// The most characters of a failure's message.
const MAX_MESSAGE: usize = 700;

/// What was asked of whom, to speak of it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) host: String,
    /// None for the list of models.
    pub(crate) model: Option<String>,
    pub(crate) by: By,
}

/// In whose name it was asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum By {
    Nobody,
    Key,
    /// The person who is signed in.
    Person,
}

/// An error as servers write it. OpenAI, Azure, vLLM, llama.cpp, LiteLLM, Ollama and FastAPI
/// each do it otherwise: an object or a text under `error`, or its members at the top.
#[derive(Debug, Default)]
pub(crate) struct ServerError {
    message: String,
    /// `code`, `type` and Azure's inner code, in lower case.
    labels: Vec<String>,
}

impl ServerError {
    pub(crate) fn parse(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok().map(|value| Self::from_json(&value))
    }

    pub(crate) fn from_json(value: &Value) -> Self {
        let error = value.get("error").filter(|error| !error.is_null()).unwrap_or(value);
        let message = [Some(error), error.get("message"), error.get("detail")]
            .into_iter()
            .flatten()
            .find_map(Value::as_str)
            .map(str::to_owned)
            .or_else(|| error.get("detail").map(Value::to_string))
            .unwrap_or_default();
        let labels = ["/code", "/type", "/innererror/code"]
            .into_iter()
            .filter_map(|path| match error.pointer(path)? {
                Value::String(label) => Some(label.to_lowercase()),
                Value::Number(label) => Some(label.to_string()),
                _ => None,
            })
            .collect();
        Self { message, labels }
    }

    fn named(&self, names: &[&str]) -> bool {
        self.labels.iter().any(|label| names.contains(&label.as_str()))
    }

    /// What the error is by its own words; `None` if only the status tells.
    fn code(&self, status: Option<StatusCode>) -> Option<FailureCode> {
        let message = self.message.to_lowercase();
        let says = |parts: &[&str]| parts.iter().any(|part| message.contains(part));
        // A limit of tokens per minute is worded much like the limit of a context.
        let may_be_too_long =
            status.is_none_or(|status| matches!(status.as_u16(), 400 | 413 | 422 | 500));
        if self.named(TOO_LONG_NAMES) || may_be_too_long && says(TOO_LONG_WORDS) {
            Some(FailureCode::TooLong)
        } else if self.named(FILTER_NAMES) {
            Some(FailureCode::ContentFilter)
        } else if self.named(KEY_NAMES) {
            Some(FailureCode::WrongKey)
        } else if self.named(MODEL_NAMES) || says(&["invalid model name passed"]) {
            Some(FailureCode::UnknownModel)
        } else if self.named(RATE_NAMES) {
            Some(FailureCode::RateLimited)
        } else {
            None
        }
    }
}

/// `exceed_context_size_error` is llama.cpp's.
const TOO_LONG_NAMES: &[&str] = &["context_length_exceeded", "exceed_context_size_error"];

/// vLLM's, llama.cpp's, Azure's and their kin's words where they give no name.
const TOO_LONG_WORDS: &[&str] = &[
    "maximum context length",
    "context length exceeded",
    "exceeds the context length",
    "maximum model length",
    "max_model_len",
    "context window",
    "context size",
    "prompt is too long",
    "input is too long",
];

const FILTER_NAMES: &[&str] =
    &["content_filter", "content_policy_violation", "responsibleaipolicyviolation"];

/// `no_db_connection`: LiteLLM without a database knows one key alone, and says this, with
/// status 400, of any other (<https://github.com/BerriAI/litellm/issues/12273>).
const KEY_NAMES: &[&str] = &[
    "invalid_api_key",
    "authentication_error",
    "auth_error",
    "token_not_found_in_db",
    "expired_key",
    "no_db_connection",
];

const MODEL_NAMES: &[&str] = &["model_not_found", "deploymentnotfound"];

const RATE_NAMES: &[&str] = &["rate_limit_exceeded", "rate_limit_error", "insufficient_quota"];

/// An answer with this status, which is not a success, and this body.
pub(crate) fn of_status(
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    asked: &Asked,
) -> Failure {
    let number = status.as_u16();
    let decides_alone = matches!(number, 401 | 407 | 413 | 429) || status.is_server_error();
    if is_page(headers, body) && !decides_alone {
        return page(Some(status), asked);
    }
    let error = ServerError::parse(body).unwrap_or_else(|| {
        let message = if is_page(headers, body) { String::new() } else { text(body) };
        ServerError { message, labels: Vec::new() }
    });
    let mut code = error.code(Some(status)).unwrap_or(match number {
        401 | 403 => FailureCode::WrongKey,
        404 if asked.model.is_some() => FailureCode::UnknownModel,
        404 => FailureCode::NotTheProtocol,
        408 => FailureCode::TimedOut,
        413 => FailureCode::TooLong,
        429 => FailureCode::RateLimited,
        500.. => FailureCode::ServerFault,
        _ => FailureCode::Rejected,
    });
    if asked.by == By::Person && code == FailureCode::WrongKey {
        // Whoever is known and may not (RFC 9110 §15.5.4) is not helped by signing in again.
        code = if number == 403 { FailureCode::Rejected } else { FailureCode::SignInNeeded };
    }
    let wait = matches!(code, FailureCode::RateLimited | FailureCode::ServerFault)
        .then(|| retry_after(headers, SystemTime::now()))
        .flatten();
    let mut failure = told(code, &format!(" (HTTP {number})"), &error.message, wait, asked);
    failure.retry_after = wait.map(whole_seconds);
    failure
}

/// An error that came in place of, or within, a successful answer.
pub(crate) fn in_answer(error: &ServerError, asked: &Asked) -> Failure {
    let code = error.code(None).unwrap_or(FailureCode::ServerFault);
    told(code, "", &error.message, None, asked)
}

/// A web page came where the protocol has JSON.
pub(crate) fn page(status: Option<StatusCode>, asked: &Asked) -> Failure {
    let status = status.map(|s| format!(" (HTTP {})", s.as_u16())).unwrap_or_default();
    Failure::new(
        FailureCode::NotTheProtocol,
        format!(
            "{} answered with a web page{status}, not as a model endpoint; check that the address is the API's (it often ends in /v1), and that no login page or proxy stands before it",
            asked.host
        ),
    )
}

/// What came is not what the protocol has there.
pub(crate) fn not_the_protocol(what: &str, asked: &Asked) -> Failure {
    Failure::new(
        FailureCode::NotTheProtocol,
        format!(
            "{} does not answer as a model endpoint of the configured kind: {what}; check the address and the kind",
            asked.host
        ),
    )
}

/// A redirect that is not followed.
pub(crate) fn redirect(status: StatusCode, target: Option<&url::Url>, asked: &Asked) -> Failure {
    let target = target.map_or("elsewhere".to_owned(), |url| {
        // What comes after the path may be private.
        format!("{}{}", url.origin().ascii_serialization(), url.path())
    });
    Failure::new(
        FailureCode::Rejected,
        format!(
            "{} points to {target} (HTTP {}), where the key is not sent; if you trust that place, set its address",
            asked.host,
            status.as_u16()
        ),
    )
}

fn told(
    code: FailureCode,
    status: &str,
    words: &str,
    wait: Option<Duration>,
    asked: &Asked,
) -> Failure {
    let host = &asked.host;
    let model = asked.model.as_deref().unwrap_or("models");
    let message = match code {
        FailureCode::SignInNeeded => {
            format!("{host} refused the sign-in{status}; sign in again")
        }
        FailureCode::Rejected if asked.by == By::Person && status.contains("403") => format!(
            "{host} does not let your account do this{status}; ask your administrator for the right to"
        ),
        FailureCode::WrongKey if asked.by == By::Key => {
            format!("{host} refused the key{status}; check it, or set another one")
        }
        FailureCode::WrongKey => format!("{host} asks for a key{status}, and none is set; set one"),
        FailureCode::UnknownModel => format!(
            "{host} does not know the model “{model}”{status}; check its name, and that the address is the API's (it often ends in /v1)"
        ),
        FailureCode::TooLong => format!(
            "the conversation is too long for the model “{model}”{status}; shorten it, or begin a new one"
        ),
        FailureCode::RateLimited => match wait {
            Some(wait) => format!(
                "{host} takes no more requests for now{status}; try again in {} s",
                whole_seconds(wait)
            ),
            None => format!("{host} takes no more requests for now{status}; try again later"),
        },
        FailureCode::ContentFilter => format!("{host}'s content filter stopped this{status}"),
        FailureCode::TimedOut => format!("{host} took too long{status}; try again"),
        FailureCode::ServerFault => format!("{host} failed{status}; try again later"),
        FailureCode::NotTheProtocol => format!(
            "{host} has nothing at this address{status}; check that it is the API's (it often ends in /v1)"
        ),
        _ => format!("{host} refused the request{status}"),
    };
    let words = words.trim();
    let message =
        if words.is_empty() { message } else { format!("{message}. It says: “{words}”") };
    Failure::new(code, message)
}

fn text(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}

/// Whether a web page came.
pub(crate) fn is_page(headers: &HeaderMap, body: &[u8]) -> bool {
    let declared = headers.get(reqwest::header::CONTENT_TYPE).is_some_and(is_html);
    declared || body.trim_ascii_start().starts_with(b"<")
}

/// Whether a content type is that of a web page.
pub(crate) fn is_html(content_type: &reqwest::header::HeaderValue) -> bool {
    content_type
        .to_str()
        .is_ok_and(|value| value.trim().to_ascii_lowercase().starts_with("text/html"))
}

/// How long the server asks to wait: `Retry-After` in seconds or as a date (RFC 9110 §10.2.3),
/// or `retry-after-ms`, which OpenAI and Azure send beside it.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    if let Some(milliseconds) = text("retry-after-ms").and_then(|value| value.parse().ok()) {
        return seconds(milliseconds).map(|wait| wait / 1000);
    }
    let value = text(RETRY_AFTER.as_str())?;
    match value.parse() {
        Ok(value) => seconds(value),
        Err(_) => {
            let date = httpdate::parse_http_date(value).ok()?;
            Some(date.duration_since(now).unwrap_or(Duration::ZERO))
        }
    }
}

fn seconds(value: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(value).ok()
}

fn whole_seconds(wait: Duration) -> u32 {
    let up = u64::from(wait.subsec_nanos() > 0);
    u32::try_from(wait.as_secs().saturating_add(up)).unwrap_or(u32::MAX)
}

/// The failure fit to be shown and kept: without the key, even if the server sent it back;
/// without control characters, which could command a terminal; and not too long.
pub(crate) fn presentable(mut failure: Failure, key: Option<&str>) -> Failure {
    let mut message = failure.message;
    if let Some(key) = key.filter(|key| !key.is_empty()) {
        message = message.replace(key, "[key]");
    }
    let words = message.split(|c: char| c.is_whitespace() || c.is_control());
    message = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = message.char_indices().nth(MAX_MESSAGE) {
        message.truncate(end);
        message.push('…');
    }
    failure.message = message;
    failure
}
