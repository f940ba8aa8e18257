//! What stands before the gateway, as a load balancer does: it counts, passes on, and is what is
//! met when the whole service is out.

use std::net::SocketAddr;

use futures::FutureExt;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::{Request, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::server::{Server, refusal};

/// A door that leads to this address.
pub async fn before(gateway: SocketAddr) -> Server {
    let client: Client<HttpConnector, Incoming> =
        Client::builder(TokioExecutor::new()).build_http();
    Server::start(move |request| {
        let client = client.clone();
        async move {
            match client.request(led_to(gateway, request)).await {
                Ok(response) => response.map(BodyExt::boxed),
                Err(_) => refusal(502, None),
            }
        }
        .boxed()
    })
    .await
}

fn led_to(gateway: SocketAddr, mut request: Request<Incoming>) -> Request<Incoming> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = Uri::builder()
        .scheme("http")
        .authority(gateway.to_string())
        .path_and_query(path)
        .build()
        .unwrap();
    request
}
