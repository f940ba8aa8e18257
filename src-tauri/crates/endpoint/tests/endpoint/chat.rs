//! Chat completions over a real connection.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use crate::support::{
    Server, Step, ask, ask_for, failure, good, good_events, json, request, response, stream,
    stream_head,
};
use conversation::{FailureCode, FinishReason, Role, Usage};
use endpoint::{ChatModel, Event, Part, Prompt};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

fn delta(text: &str) -> Event {
    Event::Delta(text.into())
}

fn reasoning(text: &str) -> Event {
    Event::Reasoning(text.into())
}

const STOPPED: Event = Event::Finished(FinishReason::Stop);

/// What comes of a stream with this body.
async fn events(body: &str) -> Vec<Event> {
    ask(&Server::saying(stream(body)).await.endpoint()).await
}

#[tokio::test]
async fn the_request_is_as_the_protocol_wants_it() {
    let server = Server::saying(good()).await;
    let mut request = request();
    let image = Part::Image { media_type: "image/png".into(), data: Arc::from(*b"\x89PNG") };
    request.messages = vec![
        Prompt::text(Role::System, "Be kind."),
        Prompt { role: Role::User, parts: vec![Part::Text("A".into()), Part::Text("B".into())] },
        Prompt::text(Role::Assistant, "C"),
        Prompt { role: Role::User, parts: vec![image, Part::Text("What is it?".into())] },
    ];
    request.parameters.temperature = Some(0.7);
    request.parameters.reasoning_effort = Some("low".into());
    request.parameters.max_tokens = Some(9);
    request.parameters.extra =
        json!({"top_k": 3, "temperature": 1, "stream_options": null}).as_object().unwrap().clone();
    assert_eq!(ask_for(&server.endpoint(), request).await, good_events());
    let [seen] = &server.requests()[..] else { panic!() };
    assert_eq!(seen.line, "POST /v1/chat/completions HTTP/1.1");
    assert_eq!(
        seen.header("authorization"),
        Some(format!("Bearer {}", crate::support::KEY).as_str())
    );
    assert_eq!(seen.header("content-type"), Some("application/json"));
    assert_eq!(
        seen.body,
        json!({
            "model": "m-1",
            "messages": [
                {"role": "system", "content": "Be kind."},
                {"role": "user", "content": "A\n\nB"},
                {"role": "assistant", "content": "C"},
                {"role": "user", "content": [
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}},
                    {"type": "text", "text": "What is it?"},
                ]},
            ],
            "stream": true,
            "stream_options": null,
            "temperature": 1,
            "reasoning_effort": "low",
            "max_tokens": 9,
            "top_k": 3,
        })
    );
}

#[tokio::test]
async fn defaults_are_not_sent() {
    let server = Server::saying(good()).await;
    ask(&server.endpoint()).await;
    let expected = json!({
        "model": "m-1",
        "messages": [{"role": "user", "content": "Hello"}],
        "stream": true,
        "stream_options": {"include_usage": true},
    });
    assert_eq!(server.requests()[0].body, expected);
}

#[tokio::test]
async fn keeping_is_asked_for_only_if_wanted() {
    let server = Server::saying(good()).await;
    let mut config = server.config();
    config.store = true;
    ask(&crate::support::endpoint(config)).await;
    assert_eq!(server.requests()[0].body["store"], json!(true));
}

#[tokio::test]
async fn chunks_of_every_shape_are_read() {
    let body = concat!(
        "\u{FEFF}: keep-alive\n\n",
        "data: {\"choices\":[],\"prompt_filter_results\":[{\"prompt_index\":0}]}\n\n",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":null}}],\"usage\":null}\r\n\r\n",
        "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"Hm. \"}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"reasoning\":\"So.\",\"content\":\"\"}}]}\n\n",
        ":\n\n",
        "event: message\ndata: {\"choices\":[{\"index\":0,\ndata: \"delta\":{\"content\":\"Grü\\u00dfe\"},\"logprobs\":null}],\"new\":{\"a\":[1]}}\n\n",
        "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"other\"}}]}\r\r",
        "data:{\"choices\":[{\"delta\":{\"refusal\":\" No.\"},\"finish_reason\":\"\"}]}\n\n",
        "data: {\"choices\":[{\"delta\":null,\"finish_reason\":\"length\"}]}\n\n",
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":5,\"total_tokens\":12}}\n\n",
        "data: [DONE]\n\n",
    );
    let expected = [
        reasoning("Hm. "),
        reasoning("So."),
        delta("Grüße"),
        delta(" No."),
        Event::Usage(Usage { input_tokens: 7, output_tokens: 5 }),
        Event::Finished(FinishReason::Length),
    ];
    assert_eq!(events(body).await, expected);
}

#[tokio::test]
async fn an_end_is_known_by_done_or_by_its_reason() {
    let text = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
    let stop = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}";
    for end in
        [format!("{stop}\n\n"), stop.to_owned(), "data: [DONE]\n\n".into(), "data: [DONE]".into()]
    {
        assert_eq!(events(&format!("{text}{end}")).await, [delta("a"), STOPPED], "{end}");
    }
    let filtered = "data: {\"choices\":[{\"finish_reason\":\"content_filter\"}]}\n\n";
    assert_eq!(events(filtered).await, [Event::Finished(FinishReason::ContentFilter)]);
}

#[tokio::test]
async fn an_answer_without_an_end_is_cut_off() {
    let text = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
    for rest in ["", "data: {\"choices\":[{\"del"] {
        let events = events(&format!("{text}{rest}")).await;
        assert_eq!(events[0], delta("a"));
        assert!(
            matches!(&events[1], Event::Failed(f) if f.code == FailureCode::CutOff),
            "{events:?}"
        );
    }
    let empty = failure(&Server::saying(response(200, "", "")).await.endpoint()).await;
    assert_eq!(empty.code, FailureCode::CutOff);
}

#[tokio::test]
async fn a_connection_that_breaks_cuts_off_only_what_was_not_whole() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 9999\r\n\r\n";
    let text = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
    let broken = Server::saying(format!("{head}{text}")).await;
    assert_eq!(failure(&broken.endpoint()).await.code, FailureCode::CutOff);
    let stop = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    let whole = Server::saying(format!("{head}{text}{stop}")).await;
    assert_eq!(ask(&whole.endpoint()).await, [delta("a"), STOPPED]);
}

#[tokio::test]
async fn an_answer_may_come_in_one_piece() {
    let body = json!({
        "object": "chat.completion",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Whole.", "reasoning_content": "Hm."}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2},
    });
    let expected = [
        reasoning("Hm."),
        delta("Whole."),
        Event::Usage(Usage { input_tokens: 1, output_tokens: 2 }),
        STOPPED,
    ];
    for headers in ["content-type: application/json\r\n", "content-type: text/plain\r\n", ""] {
        let server = Server::saying(response(200, headers, format!("\n {body:#}"))).await;
        assert_eq!(ask(&server.endpoint()).await, expected);
    }
}

#[tokio::test]
async fn a_stream_without_its_content_type_is_read() {
    let body = stream("").len();
    let server =
        Server::saying(response(200, "content-type: text/plain\r\n", &good()[body..])).await;
    assert_eq!(ask(&server.endpoint()).await, good_events());
}

#[tokio::test]
async fn an_error_may_come_in_mid_stream() {
    let text = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
    let cases = [
        (
            "{\"error\":{\"message\":\"out of memory\",\"type\":\"server_error\",\"code\":500}}",
            FailureCode::ServerFault,
        ),
        (
            "{\"error\":{\"message\":\"x\",\"code\":\"context_length_exceeded\"}}",
            FailureCode::TooLong,
        ),
        ("{\"error\":\"out of memory\"}", FailureCode::ServerFault),
        (
            "{\"object\":\"error\",\"message\":\"out of memory\",\"code\":40303}",
            FailureCode::ServerFault,
        ),
    ];
    for (error, code) in cases {
        let events =
            events(&format!("{text}event: error\ndata: {error}\n\ndata: [DONE]\n\n")).await;
        let [first, Event::Failed(failure)] = &events[..] else { panic!("{events:?}") };
        assert_eq!((first, failure.code), (&delta("a"), code), "{error}");
        assert!(failure.message.contains("out of memory") || code == FailureCode::TooLong);
    }
    let server =
        Server::saying(json(200, &json!({"error": {"message": "no", "code": "model_not_found"}})))
            .await;
    assert_eq!(failure(&server.endpoint()).await.code, FailureCode::UnknownModel);
}

#[tokio::test]
async fn a_compressed_stream_arrives_as_it_is_sent() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n";
    let server = Server::start(move |_, request| {
        assert!(request.header("accept-encoding").is_some_and(|value| value.contains("gzip")));
        let mut encoder = GzEncoder::new(head.as_bytes().to_vec(), Compression::default());
        encoder.write_all(b"data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n").unwrap();
        encoder.flush().unwrap();
        vec![Step::Send(encoder.get_ref().clone()), Step::Hold]
    })
    .await;
    let mut events = server.endpoint().stream(request());
    let first =
        tokio::time::timeout(Duration::from_secs(10), futures::StreamExt::next(&mut events));
    assert_eq!(first.await.unwrap(), Some(delta("a")));
}

#[tokio::test]
async fn an_event_cut_within_a_letter_is_put_together() {
    let body = "data: {\"choices\":[{\"delta\":{\"content\":\"€😀\"},\"finish_reason\":\"stop\"}]}\r\n\r\n";
    let server = Server::start(move |_, _| {
        let bytes = body
            .bytes()
            .flat_map(|byte| [Step::Send(vec![byte]), Step::Pause(Duration::from_millis(1))]);
        std::iter::once(Step::Send(stream_head())).chain(bytes).collect()
    })
    .await;
    assert_eq!(ask(&server.endpoint()).await, [delta("€😀"), STOPPED]);
}

#[tokio::test]
async fn an_oversized_event_fails_cleanly() {
    let long = "x".repeat(5 * 1024 * 1024);
    let text = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
    let events = events(&format!("{text}data: {long}\n\n")).await;
    assert_eq!(events[0], delta("a"));
    assert!(
        matches!(&events[1], Event::Failed(f) if f.code == FailureCode::NotTheProtocol && f.message.contains("4 MiB"))
    );
    let whole = Server::saying(response(200, "", format!("{{\"a\":\"{long}\"}}"))).await;
    assert_eq!(failure(&whole.endpoint()).await.code, FailureCode::NotTheProtocol);
}

#[tokio::test]
async fn what_is_not_the_protocol_is_told() {
    let page = "<!doctype html><title>Log in</title>";
    let pages = [
        response(200, "content-type: text/html\r\n", page),
        response(200, "", page),
        response(404, "content-type: text/html\r\n", page),
        response(403, "content-type: text/html\r\n", page),
        stream("data: not json\n\n"),
        json(200, &json!({"hello": 1})),
        json(200, &json!([1])),
        b"SSH-2.0-OpenSSH_9.9\r\n\r\n".to_vec(),
    ];
    for (number, page) in pages.into_iter().enumerate() {
        let failure = failure(&Server::saying(page).await.endpoint()).await;
        assert_eq!(failure.code, FailureCode::NotTheProtocol, "{number} {failure:?}");
        assert!(failure.message.starts_with("127.0.0.1"), "{number} {failure:?}");
    }
}

#[tokio::test]
async fn models_keep_their_order() {
    let body = json!({"object": "list", "data": [{"id": "b", "object": "model"}, {"id": "a"}, {"id": "c"}]});
    let server = Server::saying(json(200, &body)).await;
    let models = server.endpoint().models().await.unwrap();
    let ids: Vec<_> = models.iter().map(|model| (model.id.as_str(), model.built_in)).collect();
    assert_eq!(ids, [("b", false), ("a", false), ("c", false)]);
    let [seen] = &server.requests()[..] else { panic!() };
    assert_eq!(seen.line, "GET /v1/models HTTP/1.1");
    assert!(seen.header("authorization").is_some());
}

#[tokio::test]
async fn a_list_of_models_that_is_none_is_told() {
    for body in [
        json(200, &json!({"data": 1})),
        response(200, "", "<html>"),
        json(404, &json!({"detail": "Not Found"})),
    ] {
        let failure = Server::saying(body).await.endpoint().models().await.unwrap_err();
        assert_eq!(failure.code, FailureCode::NotTheProtocol, "{failure:?}");
    }
    let failure =
        Server::saying(json(401, &json!({}))).await.endpoint().models().await.unwrap_err();
    assert_eq!(failure.code, FailureCode::WrongKey);
}
