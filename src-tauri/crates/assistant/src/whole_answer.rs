//! The whole answer to one request of a work that takes many, where a person sees none of them.

use std::time::Duration;

use conversation::{Failure, FailureCode, Usage};
use endpoint::{ChatModel, ChatRequest, Event};
use futures::StreamExt;

/// A request that fails is sent so often, beside what the endpoint itself sends again.
const ATTEMPTS: u32 = 3;
/// Before the second attempt; twice as long before the third.
const WAIT: Duration = Duration::from_secs(2);

/// The whole answer to a request, and its tokens where they are told. What may pass is waited for.
pub(crate) async fn whole_answer(
    model: &dyn ChatModel,
    request: &ChatRequest,
) -> Result<(String, Option<Usage>), Failure> {
    let mut attempt = 1;
    loop {
        match once(model, request.clone()).await {
            Err(failure) if attempt < ATTEMPTS && may_pass(failure.code) => {
                let wait = failure.retry_after.map(|s| Duration::from_secs(u64::from(s)));
                tokio::time::sleep(wait.unwrap_or(WAIT * attempt)).await;
                attempt += 1;
            }
            result => return result,
        }
    }
}

async fn once(
    model: &dyn ChatModel,
    request: ChatRequest,
) -> Result<(String, Option<Usage>), Failure> {
    let mut events = model.stream(request);
    let mut answer = String::new();
    let mut usage = None;
    while let Some(event) = events.next().await {
        match event {
            Event::Delta(text) => answer.push_str(&text),
            Event::Usage(tokens) => usage = Some(tokens),
            Event::Finished(_) => return Ok((answer, usage)),
            Event::Failed(failure) => return Err(failure),
            Event::Reasoning(_) | Event::Dropped(_) => {}
        }
    }
    Err(Failure::new(FailureCode::CutOff, "the answer stopped without saying that it was complete"))
}

/// The tokens of several requests.
pub(crate) fn sum_of(one: Usage, other: Usage) -> Usage {
    Usage {
        input_tokens: one.input_tokens.saturating_add(other.input_tokens),
        output_tokens: one.output_tokens.saturating_add(other.output_tokens),
    }
}

/// Whether the same request may be answered a moment later.
fn may_pass(code: FailureCode) -> bool {
    use FailureCode::{CutOff, RateLimited, ServerFault, TimedOut};
    matches!(code, RateLimited | ServerFault | TimedOut | CutOff)
}

/// Whether a failure of one request is one of all.
pub(crate) fn ends_all(code: FailureCode) -> bool {
    use FailureCode::{
        Configuration, ModelUnavailable, UnknownHost, UnknownModel, Unreachable, WrongKey,
    };
    matches!(
        code,
        WrongKey | UnknownModel | Unreachable | UnknownHost | Configuration | ModelUnavailable
    )
}
