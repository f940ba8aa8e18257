//! The real window by its keys alone, in a language whose lines begin at the right.

use serde_json::json;
use whole_program::{Endpoint, Profile, Window};

/// Keys as WebDriver calls them.
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
/// More presses than any screen has places.
const LIMIT: usize = 80;

async fn press(window: &Window, key: &str) {
    window.client.active_element().await.unwrap().send_keys(key).await.unwrap();
}

/// Goes on by Tab until this has the focus, which is to be seen at every step.
async fn tab_to(window: &Window, name: &str) {
    window.find(&format!("[data-testid={name}]")).await;
    let seen = "const e = document.activeElement; const s = e => e && (getComputedStyle(e).outlineStyle !== 'none' \
                || getComputedStyle(e).boxShadow !== 'none'); \
                return e === document.body || s(e) || s(e.parentElement) || s(e.nextElementSibling)";
    for _ in 0..LIMIT {
        let active = window.client.active_element().await.unwrap();
        if active.attr("data-testid").await.unwrap().as_deref() == Some(name) {
            return;
        }
        press(window, TAB).await;
        let visible = window.client.execute(seen, vec![]).await.unwrap();
        if visible != json!(true) {
            let active = window.client.active_element().await.unwrap();
            panic!("no visible focus on the way to {name}: {}", active.html(false).await.unwrap());
        }
    }
    panic!("Tab never comes to {name}");
}

#[tokio::test]
async fn from_the_first_start_to_an_answer_and_the_settings_by_keys_alone_in_arabic() {
    let profile = Profile::new();
    profile.configure("[settings]\nlanguage = \"ar\"\n");
    let endpoint = Endpoint::saying("الموعد يوم الاثنين.");
    let window = Window::open(&profile, Some(&endpoint)).await;
    tab_to(&window, "choose-passphrase").await;
    press(&window, ENTER).await;
    for field in ["new-passphrase", "repeat-passphrase"] {
        tab_to(&window, field).await;
        press(&window, "correct horse battery staple").await;
    }
    press(&window, ENTER).await;
    window.find("[data-testid=composer]").await;
    let direction =
        "return [document.documentElement.lang, getComputedStyle(document.body).direction]";
    let said = window.client.execute(direction, vec![]).await.unwrap();
    assert_eq!(said, json!(["ar", "rtl"]));

    tab_to(&window, "composer").await;
    press(&window, "ما الموعد؟").await;
    press(&window, ENTER).await;
    window.find("[data-role=assistant][data-state=complete]").await;
    window.shows("الموعد يوم الاثنين.").await;
    tab_to(&window, "open-settings").await;
    press(&window, ENTER).await;
    window.find("[data-testid=settings]").await;
    tab_to(&window, "section-appearance").await;
    press(&window, ENTER).await;
    window.shows("حجم النص").await;
    press(&window, ESCAPE).await;
    // The focus comes home, and nothing was a trap.
    tab_to(&window, "composer").await;
    window.close().await;
}
