//! What becomes of a sign-in: renewed, ended, exchanged.

use std::time::Duration;

use futures::future::join_all;
use identity::{ExchangeConfig, IdentityError};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use whole_program::{Oidc, browse};

use crate::support::{config, grants, post, session, session_of, sign_in};

#[tokio::test]
async fn a_person_signs_in_with_the_browser_and_is_known_with_their_groups() {
    for whole_id_token in [true, false] {
        let oidc = Oidc::start(&json!({"wholeIdToken": whole_id_token}));
        let (session, kept) = session(&oidc);
        assert_eq!(session.account().unwrap(), None);
        assert!(matches!(session.token().await, Err(IdentityError::NeedsPerson(_))));
        let account = sign_in(&session).await;
        assert_eq!((&*account.subject, account.label()), ("anne", "anne Example"));
        assert_eq!(account.groups, ["staff", "legal"]);
        assert_eq!(session.account().unwrap(), Some(account));
        assert_eq!(session.token().await.unwrap().expose_secret(), kept.text("access"));
    }
}

#[tokio::test]
async fn a_token_is_renewed_once_however_many_ask_and_whichever_program() {
    let oidc = Oidc::start(&json!({"accessSeconds": 4}));
    let (first, kept) = session(&oidc);
    // Another program that goes by the same keychain.
    let second = session_of(&config(&oidc), kept.clone());
    sign_in(&first).await;
    let old = first.token().await.unwrap();
    assert_eq!(second.token().await.unwrap().expose_secret(), old.expose_secret());
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let asking = (0..4).flat_map(|_| [first.token(), second.token()]);
    let tokens = join_all(asking).await;
    for token in tokens {
        let token = token.unwrap();
        assert_ne!(token.expose_secret(), old.expose_secret());
        assert_eq!(token.expose_secret(), kept.text("access"));
    }
    assert_eq!(grants(&oidc, "refresh_token").await, 1);
}

#[tokio::test]
async fn the_refresh_token_that_comes_is_kept_and_the_grant_ends_when_an_old_one_is_used() {
    let oidc = Oidc::start(&json!({"accessSeconds": 1}));
    let (session, kept) = session(&oidc);
    sign_in(&session).await;
    let old = kept.text("refresh");
    session.token().await.unwrap();
    let new = kept.text("refresh");
    assert_ne!(new, old);
    session.token().await.unwrap();
    assert_ne!(kept.text("refresh"), new);
    assert_eq!(kept.json()["account"]["groups"], json!(["staff", "legal"]));
    // A thief uses the first one. The provider ends all that came of it, and so does Bureau.
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", Oidc::CLIENT),
        ("refresh_token", old.as_str()),
    ];
    assert_eq!(post(&oidc, "/token", &fields).await.0, 400);
    let ended = session.token().await;
    assert!(matches!(ended, Err(IdentityError::NeedsPerson(_))), "{ended:?}");
    assert_eq!(kept.json(), Value::Null);
}

#[tokio::test]
async fn a_renewal_is_carried_through_though_nobody_waits_for_it() {
    let oidc = Oidc::start(&json!({"accessSeconds": 1}));
    let (session, kept) = session(&oidc);
    sign_in(&session).await;
    let old = kept.text("refresh");
    // As when an answer is stopped while its token is being renewed.
    let asked = tokio::time::timeout(Duration::from_millis(1), session.token()).await;
    assert!(asked.is_err());
    for _ in 0..200 {
        if kept.text("refresh") != old {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("what was issued is lost");
}

#[tokio::test]
async fn a_provider_that_is_away_stops_nobody_whose_token_holds() {
    let oidc = Oidc::start(&json!({"accessSeconds": 6}));
    let (session, kept) = session(&oidc);
    sign_in(&session).await;
    let _ = reqwest::get(format!("{}/test/away", oidc.issuer)).await;
    tokio::time::sleep(Duration::from_millis(3100)).await;
    assert_eq!(session.token().await.unwrap().expose_secret(), kept.text("access"));
    tokio::time::sleep(Duration::from_secs(3)).await;
    let away = session.token().await;
    assert!(matches!(away, Err(IdentityError::Request(_))), "{away:?}");
    // It is not held against the person: they are signed in when it is there again.
    assert_ne!(kept.json(), Value::Null);
}

#[tokio::test]
async fn signing_out_revokes_what_was_issued_and_ends_the_browsers_session() {
    let oidc = Oidc::start(&json!({}));
    let (session, kept) = session(&oidc);
    sign_in(&session).await;
    let (refresh, access) = (kept.text("refresh"), kept.text("access"));
    let ends = session.sign_out().await.unwrap().unwrap();
    assert!(ends.as_str().starts_with(&format!("{}/session/end?", oidc.issuer)), "{ends}");
    assert_eq!(kept.json(), Value::Null);
    assert!(matches!(session.token().await, Err(IdentityError::NeedsPerson(_))));
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", Oidc::CLIENT),
        ("refresh_token", refresh.as_str()),
    ];
    let (status, answer) = post(&oidc, "/token", &fields).await;
    assert_eq!((status, answer["error"].as_str()), (400, Some("invalid_grant")));
    let asked = reqwest::Client::new()
        .get(format!("{}/models", oidc.endpoint))
        .header("authorization", format!("Bearer {access}"))
        .send();
    assert_eq!(asked.await.unwrap().status(), 401);
    // Once more changes nothing.
    assert_eq!(session.sign_out().await.unwrap(), None);
}

#[tokio::test]
async fn a_code_typed_on_another_device_signs_in() {
    let oidc = Oidc::start(&json!({}));
    let (session, _) = session(&oidc);
    let account = session
        .sign_in_by_device(|device| {
            assert!(device.address.starts_with(&oidc.issuer), "{device:?}");
            assert!(device.code.len() > 6, "{device:?}");
            let whole = device.whole_address.clone().unwrap();
            std::thread::spawn(move || browse(&whole, &json!({"login": "benoît"})));
        })
        .await
        .unwrap();
    assert_eq!(account.subject, "benoît");
    assert!(session.token().await.is_ok());
    let denied = session
        .sign_in_by_device(|device| {
            let whole = device.whole_address.clone().unwrap();
            std::thread::spawn(move || browse(&whole, &json!({"cancel": true})));
        })
        .await;
    assert!(matches!(denied, Err(IdentityError::Cancelled)), "{denied:?}");
}

#[tokio::test]
async fn a_token_is_exchanged_for_the_one_that_an_endpoint_takes() {
    let oidc = Oidc::start(&json!({}));
    let mut exchanging = config(&oidc);
    exchanging.exchange =
        Some(ExchangeConfig { audience: Some("llm".to_owned()), ..ExchangeConfig::default() });
    let kept = std::sync::Arc::<crate::support::Kept>::default();
    let session = session_of(&exchanging, kept.clone());
    sign_in(&session).await;
    let token = session.token().await.unwrap();
    assert_ne!(token.expose_secret(), kept.text("access"));
    // It is used for as long as it lives.
    assert_eq!(session.token().await.unwrap().expose_secret(), token.expose_secret());
    exchanging.exchange =
        Some(ExchangeConfig { audience: Some("other".to_owned()), ..ExchangeConfig::default() });
    match session_of(&exchanging, kept).token().await {
        Err(IdentityError::Refused { reason, .. }) => {
            assert!(reason.contains("this is not exchanged"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
}
