//! An endpoint that wants the token of whoever is signed in.

use std::sync::Arc;

use conversation::FailureCode;
use endpoint::{
    ChatModel, ChatRequest, Credentials, EndpointConfig, Event, HttpEndpoint, Parameters, Prompt,
};
use futures::StreamExt;
use identity::{ExchangeConfig, ProviderConfig, Session};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use serde_json::{Value, json};
use whole_program::Oidc;

use crate::support::{Kept, config, grants, session_of, sign_in};

/// A certificate for `localhost`, and the authority to trust for it.
struct Tls {
    options: Value,
    folder: tempfile::TempDir,
}

impl Tls {
    fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &issuer).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        let options = json!({"cert": certificate.pem(), "key": key.serialize_pem()});
        Self { options, folder }
    }

    fn endpoint(&self, oidc: &Oidc, path: &str) -> EndpointConfig {
        let mut config = EndpointConfig::new(format!("{}{path}", oidc.endpoint));
        config.ca_certificates.push(self.folder.path().join("ca.pem"));
        config
    }
}

fn opened(config: EndpointConfig, session: &Session) -> HttpEndpoint {
    let credentials = Credentials { session: Some(session.clone()), ..Credentials::default() };
    HttpEndpoint::with(config, credentials).unwrap()
}

fn request() -> ChatRequest {
    ChatRequest {
        model: "atlas".into(),
        messages: vec![Prompt::text(conversation::Role::User, "Good day")],
        parameters: Parameters::default(),
    }
}

fn signed_in(provider: &ProviderConfig) -> (Session, Arc<Kept>) {
    let kept = Arc::<Kept>::default();
    (session_of(provider, kept.clone()), kept)
}

#[tokio::test]
async fn whoever_is_signed_in_is_answered_over_tls() {
    let tls = Tls::new();
    let oidc = Oidc::start(&json!({"tls": tls.options}));
    let (session, kept) = signed_in(&config(&oidc));
    let endpoint = opened(tls.endpoint(&oidc, ""), &session);
    let failure = endpoint.models().await.unwrap_err();
    assert_eq!(failure.code, FailureCode::SignInNeeded, "{failure}");
    sign_in(&session).await;
    assert_eq!(endpoint.models().await.unwrap()[0].name, "atlas");
    let events: Vec<_> = endpoint.stream(request()).collect().await;
    assert_eq!(events[0], Event::Delta("Good day, anne.".to_owned()));
    let shown = endpoint.request_text(&request());
    assert!(shown.contains("authorization: ••••") && !shown.contains(&kept.text("access")));

    // One that ended before its time is renewed once, and the request sent again.
    let access = kept.text("access");
    reqwest::get(format!("{}/test/forget/{access}", oidc.issuer)).await.unwrap();
    assert_eq!(endpoint.models().await.unwrap().len(), 1);
    assert_eq!(grants(&oidc, "refresh_token").await, 1);
    assert_ne!(kept.text("access"), access);

    // Who is known and may not is not asked to sign in again.
    let failure = opened(tls.endpoint(&oidc, "/forbidden"), &session).models().await.unwrap_err();
    assert_eq!(failure.code, FailureCode::Rejected, "{failure}");
    assert!(failure.message.contains("your account"), "{failure}");

    session.sign_out().await.unwrap();
    let failure = endpoint.models().await.unwrap_err();
    assert_eq!(failure.code, FailureCode::SignInNeeded, "{failure}");
}

#[tokio::test]
async fn a_token_that_is_refused_again_asks_for_the_person_and_is_not_shown() {
    let oidc = Oidc::start(&json!({"exchangedOnly": true}));
    let (session, kept) = signed_in(&config(&oidc));
    sign_in(&session).await;
    let endpoint = opened(EndpointConfig::new(oidc.endpoint.clone()), &session);
    let failure = endpoint.models().await.unwrap_err();
    assert_eq!(failure.code, FailureCode::SignInNeeded, "{failure}");
    assert!(failure.message.contains("not for me"), "{failure}");
    assert!(!failure.message.contains(&kept.text("access")), "{failure}");

    // The endpoint's own provider would have been asked for another.
    let mut exchanging = config(&oidc);
    exchanging.exchange =
        Some(ExchangeConfig { audience: Some("llm".to_owned()), ..ExchangeConfig::default() });
    let exchanged = session_of(&exchanging, kept);
    let endpoint = opened(EndpointConfig::new(oidc.endpoint.clone()), &exchanged);
    assert_eq!(endpoint.models().await.unwrap()[0].name, "atlas");
}

#[tokio::test]
async fn a_token_can_be_for_one_endpoint_alone() {
    let oidc = Oidc::start(&json!({}));
    let mut provider = config(&oidc);
    provider.audience = Some("https://llm.example".to_owned());
    let (session, _) = signed_in(&provider);
    sign_in(&session).await;
    let endpoint = opened(EndpointConfig::new(oidc.endpoint.clone()), &session);
    endpoint.models().await.unwrap();
    let seen = reqwest::Client::new()
        .get(oidc.endpoint.replace("/v1", "/seen"))
        .bearer_auth(secrecy::ExposeSecret::expose_secret(&session.token().await.unwrap()))
        .send();
    let seen: Value = seen.await.unwrap().json().await.unwrap();
    assert_eq!(seen[0]["audience"], "https://llm.example", "{seen}");
}
