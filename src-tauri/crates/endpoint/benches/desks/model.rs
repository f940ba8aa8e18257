//! The model behind the gateway: it answers everybody alike, in as many pieces as are asked for.

use std::time::Duration;

use async_stream::stream;
use bytes::Bytes;
use futures::FutureExt;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use hyper::{Method, Response};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::server::Server;

/// What it is called.
pub const NAME: &str = "desk-model";
/// How long it thinks before its first word.
pub const FIRST: Duration = Duration::from_millis(200);
/// Between two pieces of an answer.
const PAUSE: Duration = Duration::from_millis(20);

/// Starts it.
pub async fn start() -> Server {
    Server::start(|request| {
        async move {
            let listed = request.method() == Method::GET;
            let body = request.into_body().collect().await.map(|body| body.to_bytes());
            let asked: Value =
                serde_json::from_slice(&body.unwrap_or_default()).unwrap_or_default();
            let pieces = asked["max_tokens"].as_u64().unwrap_or(1);
            let body = StreamBody::new(stream! {
                if listed {
                    let list = json!({"object": "list", "data": [{"id": NAME, "object": "model"}]});
                    yield Ok(Frame::data(Bytes::from(list.to_string())));
                    return;
                }
                sleep(FIRST).await;
                for piece in 0..pieces {
                    yield Ok(Frame::data(event(json!({"content": format!("word{piece} ")}), None)));
                    sleep(PAUSE).await;
                }
                yield Ok(Frame::data(event(json!({}), Some("stop"))));
                yield Ok(Frame::data(Bytes::from_static(b"data: [DONE]\n\n")));
            });
            let kind = if listed { "application/json" } else { "text/event-stream" };
            Response::builder().header("content-type", kind).body(BodyExt::boxed(body)).unwrap()
        }
        .boxed()
    })
    .await
}

fn event(delta: Value, finish: Option<&str>) -> Bytes {
    let choice = json!({"index": 0, "delta": delta, "finish_reason": finish});
    let chunk = json!({
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": NAME,
        "choices": [choice],
    });
    Bytes::from(format!("data: {chunk}\n\n"))
}
