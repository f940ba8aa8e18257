//! What servers say when they refuse, and when they are asked again.

use std::time::{Duration, Instant, SystemTime};

use crate::support::{BEFORE, KEY, Server, Step, ask, failure, good, good_events, json, response};
use conversation::FailureCode;
use endpoint::{ChatModel, EndpointConfig, HttpEndpoint};
use serde_json::json;

#[tokio::test]
async fn refusals_are_told_apart_and_not_repeated() {
    let openai = |code: &str, message: &str| json!({"error": {"message": message, "type": "invalid_request_error", "param": null, "code": code}});
    let cases = [
        (
            "OpenAI, key",
            401,
            openai("invalid_api_key", "Incorrect API key provided"),
            FailureCode::WrongKey,
        ),
        ("vLLM, key", 401, json!({"error": "Unauthorized"}), FailureCode::WrongKey),
        (
            "LiteLLM, key",
            400,
            json!({"error": {"message": "No connected db.", "type": "no_db_connection", "param": null, "code": "400"}}),
            FailureCode::WrongKey,
        ),
        (
            "LiteLLM, key",
            400,
            json!({"error": {"message": "Authentication Error", "type": "auth_error", "param": "None", "code": 400}}),
            FailureCode::WrongKey,
        ),
        ("proxy", 403, json!({"message": "forbidden"}), FailureCode::WrongKey),
        (
            "OpenAI, model",
            404,
            openai("model_not_found", "does not exist"),
            FailureCode::UnknownModel,
        ),
        (
            "Ollama, model",
            404,
            json!({"error": {"message": "model \"m-1\" not found, try pulling it first", "type": "api_error", "param": null, "code": null}}),
            FailureCode::UnknownModel,
        ),
        (
            "LiteLLM, model",
            400,
            json!({"error": {"message": "Invalid model name passed in model=m-1", "type": "None", "code": "400"}}),
            FailureCode::UnknownModel,
        ),
        (
            "OpenAI, length",
            400,
            openai("context_length_exceeded", "too long"),
            FailureCode::TooLong,
        ),
        (
            "vLLM, length",
            400,
            json!({"object": "error", "message": "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens", "type": "BadRequestError", "param": null, "code": 400}),
            FailureCode::TooLong,
        ),
        (
            "vLLM, length",
            400,
            json!({"error": {"message": "The decoder prompt (length 5000) is longer than the maximum model length of 4096.", "type": "BadRequestError", "code": 400}}),
            FailureCode::TooLong,
        ),
        (
            "llama.cpp, length",
            400,
            json!({"error": {"code": 400, "message": "the request exceeds the available context size, try increasing it", "type": "exceed_context_size_error", "n_prompt_tokens": 9, "n_ctx": 4}}),
            FailureCode::TooLong,
        ),
        (
            "llama.cpp, length",
            500,
            json!({"error": {"code": 500, "message": "the request exceeds the available context size. try increasing the context size", "type": "server_error"}}),
            FailureCode::TooLong,
        ),
        ("proxy, length", 413, json!(null), FailureCode::TooLong),
        (
            "OpenAI, filter",
            400,
            openai("content_policy_violation", "no"),
            FailureCode::ContentFilter,
        ),
        (
            "other",
            422,
            json!({"detail": [{"loc": ["body"], "msg": "field required"}]}),
            FailureCode::Rejected,
        ),
        (
            "other",
            400,
            openai("unsupported_parameter", "Unsupported parameter"),
            FailureCode::Rejected,
        ),
    ];
    for (whose, status, body, code) in cases {
        let server = Server::saying(json(status, &body)).await;
        let failure = failure(&server.endpoint()).await;
        assert_eq!(failure.code, code, "{whose} {body} {failure:?}");
        assert!(failure.message.contains(&format!("HTTP {status}")), "{failure:?}");
        assert_eq!(server.requests().len(), 1, "{whose}");
    }
}

#[tokio::test]
async fn the_servers_words_are_passed_on_short_and_harmless() {
    let long = "no \u{1b}[31m way ".repeat(500);
    let body = json!({"error": {"message": long}});
    let failure = failure(&Server::saying(json(400, &body)).await.endpoint()).await;
    assert_eq!(failure.code, FailureCode::Rejected);
    assert!(failure.message.contains("It says: “no [31m way no"), "{}", failure.message);
    assert!(failure.message.chars().count() < 800 && failure.message.ends_with('…'));
}

#[tokio::test]
async fn no_failure_holds_the_key_even_if_the_server_sends_it_back() {
    let body = |n: usize| json!({"error": {"message": format!("{}wrong: {KEY}!", "x".repeat(n))}});
    // Around the greatest length, a message that is cut first and cleaned then holds half a key.
    for n in (0..1_000).step_by(7) {
        let server = Server::saying(json(401, &body(n))).await;
        let failure = failure(&server.endpoint()).await;
        assert!(!failure.message.contains("sesame"), "{}", failure.message);
    }
    let echo = crate::support::stream(&format!("data: {}\n\n", body(0)));
    let failure = failure(&Server::saying(echo).await.endpoint()).await;
    assert!(failure.message.contains("wrong: [key]!"), "{}", failure.message);
    let server = Server::saying(json(401, &body(0))).await;
    let failure = server.endpoint().models().await.unwrap_err();
    assert!(!failure.message.contains(KEY), "{}", failure.message);
}

#[tokio::test]
async fn debug_output_holds_no_key() {
    let endpoint = crate::support::endpoint(EndpointConfig::new("https://llm.example/v1".into()));
    let shown = format!("{endpoint:?} {endpoint:#?}");
    assert!(shown.contains("llm.example") && !shown.contains("sesame"), "{shown}");
}

#[tokio::test]
async fn a_key_is_trimmed_and_a_broken_one_refused() {
    let server = Server::saying(good()).await;
    let key = |key: &str| HttpEndpoint::new(server.config(), Some(key.into()));
    ask(&key(" sk-a\n").unwrap()).await;
    ask(&key("  ").unwrap()).await;
    let seen = server.requests();
    assert_eq!(seen[0].header("authorization"), Some("Bearer sk-a"));
    assert_eq!(seen[1].header("authorization"), None);
    let failure = conversation::Failure::from(key("sk-a\nsk-b").unwrap_err());
    assert_eq!(failure.code, FailureCode::Configuration);
    assert!(!failure.message.contains("sk-a"));
}

#[tokio::test]
async fn without_a_key_the_failure_asks_for_one() {
    let server = Server::saying(json(401, &json!({}))).await;
    let endpoint = HttpEndpoint::new(server.config(), None).unwrap();
    let failure = failure(&endpoint).await;
    assert_eq!(failure.code, FailureCode::WrongKey);
    assert!(failure.message.contains("none is set"), "{}", failure.message);
}

/// A server that was asked so often, and from then on answers as told: with the number of the
/// request since.
async fn server_in_use(
    script: impl Fn(usize) -> Vec<u8> + Send + Sync + 'static,
) -> (Server, HttpEndpoint) {
    let server = Server::start(move |number, _| {
        vec![Step::Send(number.checked_sub(BEFORE).map_or_else(good, &script))]
    })
    .await;
    let endpoint = server.endpoint();
    for _ in 0..BEFORE {
        assert_eq!(ask(&endpoint).await, good_events());
    }
    (server, endpoint)
}

#[tokio::test]
async fn a_passing_fault_is_asked_again() {
    for status in [429, 500, 502, 503] {
        let script = move |number| if number < 2 { json(status, &json!({})) } else { good() };
        let (server, endpoint) = server_in_use(script).await;
        assert_eq!(ask(&endpoint).await, good_events(), "{status}");
        assert_eq!(server.requests().len(), BEFORE + 3);
    }
}

#[tokio::test]
async fn a_lasting_fault_is_told_after_a_few_tries() {
    let down = || response(503, "content-type: text/html\r\n", "<html>down</html>");
    let (server, endpoint) = server_in_use(move |_| down()).await;
    let failure = failure(&endpoint).await;
    assert_eq!(failure.code, FailureCode::ServerFault);
    assert!(!failure.message.contains('<'), "{}", failure.message);
    assert_eq!(server.requests().len(), BEFORE + 3);
    let (server, endpoint) = server_in_use(|_| json(500, &json!({}))).await;
    assert_eq!(endpoint.models().await.unwrap_err().code, FailureCode::ServerFault);
    assert_eq!(server.requests().len(), BEFORE + 3);
}

#[tokio::test]
async fn many_desks_do_not_multiply_what_a_service_that_is_out_gets() {
    const DESKS: usize = 300;
    for refusal in [json(503, &json!({})), response(429, "retry-after-ms: 300\r\n", "{}")] {
        let server = Server::saying(refusal).await;
        let desks: Vec<_> = (0..DESKS).map(|_| server.endpoint()).collect();
        let failures = futures::future::join_all(desks.iter().map(failure)).await;
        assert_eq!(failures.len(), DESKS);
        // About a tenth is sent again; that it should be twice as many has odds of 1 to 10⁸.
        let came = server.requests().len();
        assert!((DESKS..=DESKS * 6 / 5).contains(&came), "{came}");
    }
}

#[tokio::test]
async fn nothing_is_asked_again_once_an_answer_has_begun() {
    let body = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\ndata: {\"error\":{\"message\":\"busy\",\"code\":\"rate_limit_exceeded\"}}\n\n";
    let server = Server::saying(crate::support::stream(body)).await;
    assert_eq!(failure(&server.endpoint()).await.code, FailureCode::RateLimited);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_short_wait_is_kept() {
    let wait = || response(429, "retry-after-ms: 1200\r\nretry-after: 9\r\n", "{}");
    let (_server, endpoint) =
        server_in_use(move |number| if number == 0 { wait() } else { good() }).await;
    let start = Instant::now();
    assert_eq!(ask(&endpoint).await, good_events());
    assert!(start.elapsed() >= Duration::from_millis(1200), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_long_wait_is_told_and_not_kept() {
    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(90));
    for (header, from) in [
        ("Retry-After: 90".to_owned(), 90),
        (format!("retry-after: {date}"), 80),
        ("retry-after-ms: 89500".into(), 90),
    ] {
        let server = Server::saying(response(429, &format!("{header}\r\n"), "{}")).await;
        let failure = failure(&server.endpoint()).await;
        assert_eq!(failure.code, FailureCode::RateLimited);
        let seconds = failure.retry_after.unwrap();
        assert!((from..=90).contains(&seconds), "{header} {failure:?}");
        assert!(failure.message.contains(&format!("try again in {seconds} s")), "{failure:?}");
        assert_eq!(server.requests().len(), 1);
    }
}
