//! Connections that fail, hang, are dropped, redirected or led through a proxy.

use std::process::Command;
use std::time::Duration;

use crate::support::{
    BEFORE, DEADLINE, KEY, Server, Step, ask, endpoint, failure, good, good_events, request,
    response, stream_head,
};
use conversation::FailureCode;
use endpoint::{ChatModel, EndpointConfig, Event, HttpEndpoint};
use futures::StreamExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const FIRST: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";

#[tokio::test]
async fn dropping_an_answer_closes_its_connection() {
    let server =
        Server::start(|_, _| vec![Step::Send(stream_head()), Step::Send(FIRST.into()), Step::Hold])
            .await;
    let mut events = server.endpoint().stream(request());
    assert_eq!(events.next().await, Some(Event::Delta("a".into())));
    drop(events);
    tokio::time::timeout(DEADLINE, server.closed.notified()).await.unwrap();
}

#[tokio::test]
async fn dropping_a_request_before_its_answer_closes_its_connection() {
    let server = Server::start(|_, _| vec![Step::Hold]).await;
    let mut events = server.endpoint().stream(request());
    let waited = tokio::time::timeout(Duration::from_millis(300), events.next()).await;
    assert!(waited.is_err() && server.requests().len() == 1);
    drop(events);
    tokio::time::timeout(DEADLINE, server.closed.notified()).await.unwrap();
}

#[tokio::test]
async fn nothing_is_sent_before_the_stream_is_polled() {
    let server = Server::saying(good()).await;
    let events = server.endpoint().stream(request());
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(server.requests().is_empty());
    assert_eq!(events.collect::<Vec<_>>().await, good_events());
}

#[tokio::test]
async fn an_answer_that_stalls_times_out() {
    for start in [vec![], vec![Step::Send(stream_head()), Step::Send(FIRST.into())]] {
        let server = Server::start(move |_, _| [start.clone(), vec![Step::Hold]].concat()).await;
        let mut config = server.config();
        config.idle_timeout_seconds = 1;
        let failure = failure(&endpoint(config)).await;
        assert_eq!(failure.code, FailureCode::TimedOut);
        assert!(failure.message.contains("idle_timeout_seconds"), "{failure:?}");
        assert_eq!(server.requests().len(), 1);
        tokio::time::timeout(DEADLINE, server.closed.notified()).await.unwrap();
    }
}

#[tokio::test]
async fn a_slow_answer_that_keeps_coming_does_not_time_out() {
    let server = Server::start(|_, _| {
        let mut steps = vec![Step::Send(stream_head())];
        for _ in 0..4 {
            steps.extend([
                Step::Pause(Duration::from_millis(500)),
                Step::Send(b": alive\n\n".to_vec()),
            ]);
        }
        steps.push(Step::Send(good()[stream_head().len()..].to_vec()));
        steps
    })
    .await;
    let mut config = server.config();
    config.idle_timeout_seconds = 1;
    assert_eq!(ask(&endpoint(config)).await, good_events());
}

#[tokio::test]
async fn a_connection_that_is_never_accepted_times_out() {
    // A listener whose queue is full lets further connections wait.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    while let Ok(Ok(stream)) =
        tokio::time::timeout(Duration::from_millis(300), tokio::net::TcpStream::connect(address))
            .await
    {
        queue.push(stream);
    }
    let mut config = EndpointConfig::new(format!("http://{address}/v1"));
    config.connect_timeout_seconds = 1;
    let failure = failure(&endpoint(config)).await;
    assert_eq!(failure.code, FailureCode::TimedOut);
    assert!(failure.message.contains("connect_timeout_seconds"), "{failure:?}");
}

#[tokio::test]
async fn an_address_where_nothing_listens_is_told() {
    let port =
        tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let endpoint = endpoint(EndpointConfig::new(format!("http://127.0.0.1:{port}/v1")));
    let failure = failure(&endpoint).await;
    assert_eq!(failure.code, FailureCode::Unreachable);
    assert!(failure.message.starts_with("nothing listens at 127.0.0.1"), "{failure:?}");
    assert_eq!(endpoint.models().await.unwrap_err().code, FailureCode::Unreachable);
}

#[tokio::test]
async fn a_server_that_comes_back_in_time_is_reached() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = listener.local_addr().unwrap();
    let endpoint = endpoint(EndpointConfig::new(format!("http://{place}/v1")));
    let (gone, is_gone) = tokio::sync::oneshot::channel();
    let server = tokio::spawn(async move {
        for _ in 0..BEFORE {
            answer_one(&listener).await;
        }
        drop(listener);
        gone.send(()).unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        answer_one(&tokio::net::TcpListener::bind(place).await.unwrap()).await;
    });
    for _ in 0..BEFORE {
        assert_eq!(ask(&endpoint).await, good_events());
    }
    is_gone.await.unwrap();
    assert_eq!(ask(&endpoint).await, good_events());
    server.await.unwrap();
}

async fn answer_one(listener: &tokio::net::TcpListener) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    while !request.ends_with(b"}") {
        stream.read_buf(&mut request).await.unwrap();
    }
    stream.write_all(&good()).await.unwrap();
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_told() {
    let endpoint = endpoint(EndpointConfig::new("https://llm.invalid/v1".into()));
    let failure = failure(&endpoint).await;
    assert_eq!(failure.code, FailureCode::UnknownHost, "{failure:?}");
    assert!(failure.message.contains("llm.invalid"), "{failure:?}");
}

#[tokio::test]
async fn a_server_that_hangs_up_cuts_off() {
    let server = Server::start(|_, _| Vec::new()).await;
    assert_eq!(failure(&server.endpoint()).await.code, FailureCode::CutOff);
}

#[tokio::test]
async fn a_redirect_within_the_server_is_followed_with_its_method() {
    for status in [307, 308] {
        let server = Server::start(move |number, _| {
            let there = response(status, "location: /v2/chat/completions\r\n", "");
            vec![Step::Send(if number == 0 { there } else { good() })]
        })
        .await;
        assert_eq!(ask(&server.endpoint()).await, good_events());
        let seen = &server.requests()[1];
        assert_eq!(seen.line, "POST /v2/chat/completions HTTP/1.1");
        assert_eq!(seen.body["model"], "m-1");
        assert!(seen.header("authorization").is_some());
    }
}

#[tokio::test]
async fn a_redirect_elsewhere_gets_neither_key_nor_question() {
    let other = Server::saying(good()).await;
    let targets = [
        (307, format!("http://127.0.0.1:{}/v1/chat/completions", other.port)),
        (308, format!("http://localhost:{}/v1/x?key={KEY}", other.port)),
        (307, "https://llm.example/v1".into()),
        (302, "/login".into()),
    ];
    for (status, target) in targets {
        let location = format!("location: {target}\r\n");
        let server = Server::saying(response(status, &location, "")).await;
        let failure = failure(&server.endpoint()).await;
        assert_eq!(failure.code, FailureCode::Rejected);
        let shown = target.split('?').next().unwrap();
        assert!(failure.message.contains(shown), "{failure:?}");
        assert_eq!(server.requests().len(), 1);
    }
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn a_circle_of_redirects_ends() {
    let server = Server::saying(response(307, "location: /v1/chat/completions\r\n", "")).await;
    assert_eq!(failure(&server.endpoint()).await.code, FailureCode::Rejected);
    assert!(server.requests().len() < 10);
}

fn elsewhere() -> EndpointConfig {
    let mut config = EndpointConfig::new("http://llm.invalid/v1".into());
    config.allow_http = true;
    config
}

#[tokio::test]
async fn the_configured_proxy_is_used() {
    let proxy = Server::saying(good()).await;
    let mut config = elsewhere();
    config.proxy = Some(format!("http://me:sesame@127.0.0.1:{}", proxy.port));
    assert_eq!(ask(&endpoint(config)).await, good_events());
    let seen = &proxy.requests()[0];
    assert_eq!(seen.line, "POST http://llm.invalid/v1/chat/completions HTTP/1.1");
    assert_eq!(seen.header("proxy-authorization"), Some("Basic bWU6c2VzYW1l"));
}

#[tokio::test]
async fn a_proxy_that_refuses_is_told() {
    for (status, words) in
        [(407, "asks for a name and password"), (403, "did not let the connection through")]
    {
        let proxy = Server::saying(response(status, "", "")).await;
        let mut config = EndpointConfig::new("https://llm.invalid/v1".into());
        config.proxy = Some(format!("http://me:sesame@127.0.0.1:{}", proxy.port));
        let failure = failure(&endpoint(config)).await;
        assert_eq!(failure.code, FailureCode::Unreachable);
        assert!(
            failure.message.contains(words) && !failure.message.contains("sesame"),
            "{failure:?}"
        );
        assert!(proxy.requests()[0].line.starts_with("CONNECT llm.invalid:443 "));
    }
}

#[tokio::test]
async fn a_proxys_address_that_is_none_is_refused() {
    let mut config = elsewhere();
    config.proxy = Some("http://me:sesame@:x".into());
    let error = HttpEndpoint::new(config, None).unwrap_err().to_string();
    assert!(error.contains("proxy") && !error.contains("sesame"), "{error}");
}

#[tokio::test]
async fn the_environments_proxy_is_used_except_for_this_machine() {
    const CHILD: &str = "ENDPOINT_TEST_OWN_PORT";
    if let Ok(port) = std::env::var(CHILD) {
        let own = endpoint(EndpointConfig::new(format!("http://127.0.0.1:{port}/v1")));
        assert_eq!(ask(&own).await, good_events());
        assert_eq!(ask(&endpoint(elsewhere())).await, good_events());
        return;
    }
    let (own, proxy) = (Server::saying(good()).await, Server::saying(good()).await);
    // Its environment is read when a client is made, so it takes a process of its own.
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", "connections::the_environments_proxy_is_used_except_for_this_machine"])
        .env(CHILD, own.port.to_string())
        .env("http_proxy", format!("http://127.0.0.1:{}", proxy.port));
    let output = tokio::task::spawn_blocking(move || child.output().unwrap()).await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(own.requests().len(), 1);
    let seen = proxy.requests();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].line, "POST http://llm.invalid/v1/chat/completions HTTP/1.1");
}
