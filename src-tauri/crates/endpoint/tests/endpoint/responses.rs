//! OpenAI's responses over a real connection.

use std::sync::Arc;

use crate::support::{Server, ask, ask_for, failure, json, request, stream};
use conversation::{FailureCode, FinishReason, Role, Usage};
use endpoint::{EndpointKind, Event, HttpEndpoint, Part, Prompt};
use serde_json::json;

fn endpoint(server: &Server) -> HttpEndpoint {
    let mut config = server.config();
    config.kind = EndpointKind::OpenAiResponses;
    crate::support::endpoint(config)
}

/// A stream of these events' data.
fn events(events: &[serde_json::Value]) -> Vec<u8> {
    let event = |data: &serde_json::Value| {
        format!("event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap_or("x"))
    };
    stream(&events.iter().map(event).collect::<String>())
}

fn completed() -> serde_json::Value {
    json!({"type": "response.completed", "response": {"status": "completed", "incomplete_details": null, "error": null, "usage": {"input_tokens": 3, "output_tokens": 4}}})
}

#[tokio::test]
async fn the_request_is_as_the_protocol_wants_it() {
    let server = Server::saying(events(&[completed()])).await;
    let mut request = request();
    let image = Part::Image { media_type: "image/png".into(), data: Arc::from(*b"\x89PNG") };
    request.messages = vec![
        Prompt::text(Role::System, "Be kind."),
        Prompt { role: Role::User, parts: vec![image, Part::Text("A".into())] },
        Prompt::text(Role::Assistant, "B"),
        Prompt::text(Role::User, "C"),
    ];
    request.parameters.temperature = Some(0.7);
    request.parameters.reasoning_effort = Some("high".into());
    request.parameters.max_tokens = Some(9);
    request.parameters.extra.insert("reasoning".into(), json!({"summary": "auto"}));
    ask_for(&endpoint(&server), request).await;
    let [seen] = &server.requests()[..] else { panic!() };
    assert_eq!(seen.line, "POST /v1/responses HTTP/1.1");
    assert_eq!(
        seen.body,
        json!({
            "model": "m-1",
            "input": [
                {"type": "message", "role": "system", "content": [{"type": "input_text", "text": "Be kind."}]},
                {"type": "message", "role": "user", "content": [
                    {"type": "input_image", "image_url": "data:image/png;base64,iVBORw=="},
                    {"type": "input_text", "text": "A"},
                ]},
                {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "B"}]},
                {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "C"}]},
            ],
            "stream": true,
            "store": false,
            "temperature": 0.7,
            "reasoning": {"summary": "auto"},
            "max_output_tokens": 9,
        })
    );
}

#[tokio::test]
async fn events_of_every_kind_are_read() {
    let server = Server::saying(events(&[
        json!({"type": "response.created", "response": {"status": "in_progress", "output": []}}),
        json!({"type": "response.reasoning_summary_part.added", "summary_index": 0}),
        json!({"type": "response.reasoning_summary_text.delta", "delta": "First."}),
        json!({"type": "response.reasoning_summary_part.added", "summary_index": 1}),
        json!({"type": "response.reasoning_text.delta", "delta": "Then."}),
        json!({"type": "response.output_text.delta", "delta": "Hel"}),
        json!({"type": "response.of.tomorrow", "delta": {"x": 1}}),
        json!({"type": "response.output_text.delta", "delta": "lo", "logprobs": []}),
        json!({"type": "response.output_text.done", "text": "Hello"}),
        json!({"type": "response.refusal.delta", "delta": " No."}),
        completed(),
    ]))
    .await;
    let expected = [
        Event::Reasoning("First.".into()),
        Event::Reasoning("\n\n".into()),
        Event::Reasoning("Then.".into()),
        Event::Delta("Hel".into()),
        Event::Delta("lo".into()),
        Event::Delta(" No.".into()),
        Event::Usage(Usage { input_tokens: 3, output_tokens: 4 }),
        Event::Finished(FinishReason::Stop),
    ];
    assert_eq!(ask(&endpoint(&server)).await, expected);
}

#[tokio::test]
async fn an_incomplete_answer_says_why() {
    let cases = [
        ("max_output_tokens", FinishReason::Length),
        ("content_filter", FinishReason::ContentFilter),
        ("of_tomorrow", FinishReason::Other),
    ];
    for (reason, expected) in cases {
        let end = json!({"type": "response.incomplete", "response": {"status": "incomplete", "incomplete_details": {"reason": reason}}});
        let server = Server::saying(events(&[end])).await;
        assert_eq!(ask(&endpoint(&server)).await, [Event::Finished(expected)]);
    }
}

#[tokio::test]
async fn failures_are_told_apart() {
    let cases = [
        (
            json!({"type": "response.failed", "response": {"status": "failed", "error": {"code": "rate_limit_exceeded", "message": "slow down"}}}),
            FailureCode::RateLimited,
        ),
        (
            json!({"type": "response.failed", "response": {"status": "failed", "error": {"code": "server_error", "message": "slow down"}}}),
            FailureCode::ServerFault,
        ),
        (
            json!({"type": "error", "code": "context_length_exceeded", "message": "slow down", "param": null}),
            FailureCode::TooLong,
        ),
        (
            json!({"type": "error", "error": {"type": "invalid_request_error", "code": "model_not_found", "message": "slow down"}}),
            FailureCode::UnknownModel,
        ),
        (json!({"error": {"message": "slow down"}}), FailureCode::ServerFault),
        (json!({"choices": []}), FailureCode::NotTheProtocol),
        (json!({"type": "response.output_text.delta", "delta": "x"}), FailureCode::CutOff),
    ];
    for (event, code) in cases {
        let failure =
            failure(&endpoint(&Server::saying(events(std::slice::from_ref(&event))).await)).await;
        assert_eq!(failure.code, code, "{event} {failure:?}");
        let own = matches!(code, FailureCode::NotTheProtocol | FailureCode::CutOff);
        assert!(own || failure.message.contains("slow down"), "{failure:?}");
    }
}

#[tokio::test]
async fn an_answer_may_come_in_one_piece() {
    let body = json!({
        "object": "response",
        "status": "completed",
        "error": null,
        "output": [
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}]},
            {"type": "message", "content": [{"type": "output_text", "text": "Whole."}, {"type": "refusal", "refusal": " No."}]},
        ],
        "usage": {"input_tokens": 3, "output_tokens": 4},
    });
    let expected = [
        Event::Reasoning("Hm.".into()),
        Event::Delta("Whole.".into()),
        Event::Delta(" No.".into()),
        Event::Usage(Usage { input_tokens: 3, output_tokens: 4 }),
        Event::Finished(FinishReason::Stop),
    ];
    assert_eq!(ask(&endpoint(&Server::saying(json(200, &body)).await)).await, expected);
    let error = json!({"status": "failed", "error": {"code": "server_error", "message": "x"}, "output": []});
    let server = Server::saying(json(200, &error)).await;
    assert_eq!(failure(&endpoint(&server)).await.code, FailureCode::ServerFault);
}
