//! What must not sign anybody in.

use std::time::Duration;

use identity::{IdentityError, ProviderConfig};
use serde_json::{Value, json};
use whole_program::Oidc;

use crate::support::{
    address_brought, config, page, parameter, session, session_of, sign_in, sign_in_with,
};

fn problem<T: std::fmt::Debug>(result: Result<T, IdentityError>) -> String {
    match result {
        Err(IdentityError::Untrusted { problem, .. }) => problem,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_id_token_that_answers_another_request_is_refused() {
    let oidc = Oidc::start(&json!({}));
    let (session, kept) = session(&oidc);
    let (signed_in, seen) = sign_in_with(&session, json!({"ask": {"nonce": "another"}})).await;
    assert!(problem(signed_in).contains("answers another request"));
    assert_eq!((seen["status"].as_u64(), kept.json()), (Some(200), Value::Null));
    // That it is one of the provider's own makes it no better; the same without it is.
    assert_eq!(sign_in(&session).await.subject, "anne");
}

#[tokio::test]
async fn an_answer_with_another_state_is_turned_away_and_the_right_one_is_taken() {
    let oidc = Oidc::start(&json!({}));
    let (session, _) = session(&oidc);
    let (told, tells) = tokio::sync::oneshot::channel();
    let page = page();
    let signs_in = session.sign_in(&page, Duration::from_secs(60), |address| {
        let _ = told.send(address.to_string());
        Ok(())
    });
    let comes = async {
        let address = tells.await.unwrap();
        let keep = json!({"keep": true});
        let browse = move || whole_program::browse(&address, &keep);
        let brought = tokio::task::spawn_blocking(browse).await.unwrap();
        let right = brought["address"].as_str().unwrap().to_owned();
        let state = parameter(&right, "state");
        for wrong in [right.replace(&state, "another"), right.replace("state=", "stat=")] {
            assert_eq!(reqwest::get(wrong).await.unwrap().status(), 404);
        }
        // Neither does a forged refusal end it.
        let forged = right.replace(&state, "another").replace("code=", "error=access_denied&c=");
        assert_eq!(reqwest::get(forged).await.unwrap().status(), 404);
        reqwest::get(right).await.unwrap().status()
    };
    let (signed_in, status) = tokio::join!(signs_in, comes);
    assert_eq!(status, 200);
    assert_eq!(signed_in.unwrap().subject, "anne");
}

#[tokio::test]
async fn another_issuer_is_refused_wherever_it_shows() {
    // In the description.
    let lying = Oidc::start(&json!({"claimedIssuer": "https://elsewhere.example"}));
    let (signed_in, kept) = {
        let (session, kept) = session(&lying);
        (
            session.sign_in(&page(), Duration::from_secs(60), |_| panic!("no browser opens")).await,
            kept,
        )
    };
    assert!(problem(signed_in).contains("issuer"));
    // In the answer that the browser brings (RFC 9207).
    let oidc = Oidc::start(&json!({}));
    let (session, _) = session(&oidc);
    for iss in [json!("https://elsewhere.example"), Value::Null] {
        let (signed_in, _) = sign_in_with(&session, json!({"bring": {"iss": iss}})).await;
        assert!(problem(signed_in).contains("another issuer's"));
    }
    // In the ID token: the same server by another name.
    let other = Oidc::start(&json!({"claimedIssuer": "http://localhost:PORT"}));
    let by_name = ProviderConfig::new(other.issuer.replace("127.0.0.1", "localhost"), Oidc::CLIENT);
    let session = session_of(&by_name, kept.clone());
    let (signed_in, _) = sign_in_with(&session, json!({"bring": {"iss": null}})).await;
    assert_eq!(problem(signed_in), "its ID token is another issuer's");
    assert_eq!(kept.json(), Value::Null);
}

#[tokio::test]
async fn a_code_serves_once_and_only_who_asked_for_it() {
    let oidc = Oidc::start(&json!({}));
    let (session, kept) = session(&oidc);
    let refused = |signed_in| match signed_in {
        Err(IdentityError::Refused { code, .. }) => assert_eq!(code, "invalid_grant"),
        other => panic!("{other:?}"),
    };
    // One that was stolen before it was used, put into another sign-in: PKCE tells.
    let stolen = address_brought(&session, json!({})).await;
    let bring = json!({"bring": {"code": parameter(&stolen, "code")}});
    refused(sign_in_with(&session, bring).await.0);
    assert_eq!(kept.json(), Value::Null);
    // One that was used.
    let (signed_in, seen) = sign_in_with(&session, json!({})).await;
    signed_in.unwrap();
    let used = parameter(seen["address"].as_str().unwrap(), "code");
    refused(sign_in_with(&session, json!({"bring": {"code": used}})).await.0);
    // And nobody listens any more where it was brought.
    assert!(reqwest::get(seen["address"].as_str().unwrap()).await.is_err());
}

#[tokio::test]
async fn a_login_that_is_cancelled_or_never_comes_signs_nobody_in() {
    let oidc = Oidc::start(&json!({}));
    let (session, kept) = session(&oidc);
    let (signed_in, seen) = sign_in_with(&session, json!({"cancel": true})).await;
    assert!(matches!(signed_in, Err(IdentityError::Cancelled)), "{signed_in:?}");
    assert!(seen["text"].as_str().unwrap().contains("Not signed in."), "{seen}");
    let mut asked = None;
    let page = page();
    let never = session.sign_in(&page, Duration::from_millis(50), |address| {
        asked = Some(address.to_string());
        Ok(())
    });
    assert!(matches!(never.await, Err(IdentityError::TimedOut)));
    let back = parameter(&asked.unwrap(), "redirect_uri");
    assert!(reqwest::get(back).await.is_err(), "the port is closed");
    let unopened = session
        .sign_in(&page, Duration::from_secs(60), |_| Err(std::io::ErrorKind::NotFound.into()));
    assert!(matches!(unopened.await, Err(IdentityError::Browser(_))));
    assert_eq!(kept.json(), Value::Null);
}

#[tokio::test]
async fn clocks_may_differ_a_little_and_not_much() {
    for (skew, problem_told) in
        [(45, None), (-90, None), (300, Some("of the future")), (-300, Some("has ended already"))]
    {
        let oidc = Oidc::start(&json!({"skew": skew}));
        let (session, _) = session(&oidc);
        let (signed_in, _) = sign_in_with(&session, json!({})).await;
        match problem_told {
            None => assert_eq!(signed_in.unwrap().subject, "anne", "{skew}"),
            Some(told) => {
                let problem = problem(signed_in);
                assert!(problem.contains(told) && problem.contains("clock"), "{skew}: {problem}");
            }
        }
        let mut patient = config(&oidc);
        patient.clock_skew_seconds = 600;
        let session = session_of(&patient, Default::default());
        assert_eq!(sign_in(&session).await.subject, "anne", "{skew}");
    }
}
