//! Azure OpenAI's addresses, header and refusals.

use crate::support::{KEY, Server, ask, ask_for, failure, good, good_events, json, request};
use conversation::FailureCode;
use endpoint::{ChatModel, EndpointConfig, EndpointKind};
use serde_json::json;

fn config(server: &Server) -> EndpointConfig {
    let mut config = EndpointConfig::new(format!("http://127.0.0.1:{}/", server.port));
    config.kind = EndpointKind::Azure;
    config
}

#[tokio::test]
async fn a_deployment_is_asked_with_its_version_and_key() {
    let server = Server::saying(good()).await;
    let mut request = request();
    request.model = "my model/1".into();
    request.parameters.max_tokens = Some(5);
    assert_eq!(ask_for(&crate::support::endpoint(config(&server)), request).await, good_events());
    let mut newer = config(&server);
    newer.api_version = Some("2025-04-01-preview".into());
    ask(&crate::support::endpoint(newer)).await;
    let seen = server.requests();
    assert_eq!(
        seen[0].line,
        "POST /openai/deployments/my%20model%2F1/chat/completions?api-version=2024-10-21 HTTP/1.1"
    );
    assert_eq!(seen[0].header("api-key"), Some(KEY));
    assert_eq!(seen[0].header("authorization"), None);
    assert_eq!(seen[0].body["max_completion_tokens"], json!(5));
    assert_eq!(seen[0].body.get("max_tokens"), None);
    assert!(seen[1].line.ends_with("?api-version=2025-04-01-preview HTTP/1.1"));
}

#[tokio::test]
async fn deployments_are_not_listed_but_the_key_is_tried() {
    let list = json!({"data": [{"id": "gpt-4o", "object": "model"}]});
    let server = Server::saying(json(200, &list)).await;
    assert_eq!(crate::support::endpoint(config(&server)).models().await, Ok(Vec::new()));
    assert_eq!(server.requests()[0].line, "GET /openai/models?api-version=2024-10-21 HTTP/1.1");
    let wrong = json!({"error": {"code": "401", "message": "Access denied due to invalid subscription key."}});
    let server = Server::saying(json(401, &wrong)).await;
    let failure = crate::support::endpoint(config(&server)).models().await.unwrap_err();
    assert_eq!(failure.code, FailureCode::WrongKey);
}

#[tokio::test]
async fn azures_refusals_are_told_apart() {
    let cases = [
        (
            404,
            json!({"error": {"code": "DeploymentNotFound", "message": "The API deployment for this resource does not exist."}}),
            FailureCode::UnknownModel,
        ),
        (
            400,
            json!({"error": {"code": "content_filter", "message": "The response was filtered.", "innererror": {"code": "ResponsibleAIPolicyViolation"}}}),
            FailureCode::ContentFilter,
        ),
        (
            400,
            json!({"error": {"code": "BadRequest", "message": "x", "innererror": {"code": "ResponsibleAIPolicyViolation"}}}),
            FailureCode::ContentFilter,
        ),
        (
            401,
            json!({"statusCode": 401, "message": "Unauthorized. Access token is missing."}),
            FailureCode::WrongKey,
        ),
        (
            400,
            json!({"error": {"message": "This model's maximum context length is 8192 tokens.", "code": "context_length_exceeded"}}),
            FailureCode::TooLong,
        ),
    ];
    for (status, body, code) in cases {
        let server = Server::saying(json(status, &body)).await;
        let failure = failure(&crate::support::endpoint(config(&server))).await;
        assert_eq!(failure.code, code, "{body} {failure:?}");
    }
}
