//! Conversations in the window: what is asked, stopped, edited, deleted, and what a crash leaves.

use std::net::TcpListener;
use std::time::Duration;

use fantoccini::Locator;
use serde_json::json;
use whole_program::{Endpoint, Profile, Window, stream_of};

use crate::display::Display;

#[tokio::test]
async fn stop_edit_and_branch() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|request| {
        let question =
            request["messages"].as_array().unwrap().last().unwrap()["content"].to_string();
        if question.contains("long") {
            stream_of(std::iter::repeat_n("encore ", 2000), Duration::from_millis(20))
        } else {
            stream_of(["**Réponse** ", "courte."], Duration::ZERO)
        }
    });
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("Une question longue: long").await;
    window.shows("encore").await;
    window.click("[data-testid=stop]").await;
    window.find("[data-role=assistant][data-state=stopped]").await;

    window.click("[data-role=user] [data-testid=edit]").await;
    let editor = window.find("[data-testid=edit-text]").await;
    editor.clear().await.unwrap();
    editor.send_keys("Une autre").await.unwrap();
    window.click("[data-testid=edit-send]").await;
    window.find("[data-role=assistant][data-state=complete] strong").await;
    window.shows("2/2").await;
    window.click("[data-testid=previous-branch]").await;
    window.shows("encore").await;
    window.shows("1/2").await;
    window.close().await;
}

#[tokio::test]
async fn a_failure_is_told_where_it_happened_and_can_be_tried_again() {
    let profile = Profile::new();
    let calls = std::sync::atomic::AtomicUsize::new(0);
    let endpoint = Endpoint::start(move |_| {
        if calls.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 {
            whole_program::Reply::json(401, &json!({"error": {"message": "bad key"}}))
        } else {
            stream_of(["Enfin."], Duration::ZERO)
        }
    });
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("Bonjour").await;
    window.find("[data-role=assistant][data-state=failed] [data-testid=failure]").await;
    window.click("[data-testid=try-again]").await;
    window.shows("Enfin.").await;
    window.close().await;
}

#[tokio::test]
async fn a_question_waits_while_the_endpoint_is_gone_and_goes_with_one_click() {
    let profile = Profile::new();
    let place = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    profile.configure(&format!(
        "[endpoints.work]\naddress = \"http://{place}/v1\"\n[settings]\nmodel = \"scripted\"\n"
    ));
    let window = Window::open(&profile, None).await;
    window.choose_a_passphrase().await;
    window.ask("Elle attend").await;
    window.find("[data-role=assistant][data-state=failed] [data-testid=unsent]").await;
    window.shows("Elle attend").await;
    let _endpoint = Endpoint::start_at(place, |_| stream_of(["Elle est partie."], Duration::ZERO));
    window.click("[data-testid=try-again]").await;
    window.shows("Elle est partie.").await;
    window.close().await;
}

#[tokio::test]
async fn what_no_server_takes_is_not_sent_stays_written_and_goes_with_one_click() {
    let profile = Profile::new();
    let place = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    // Without a model's name the server is asked for one before anything can be sent.
    profile.configure(&format!("[endpoints.work]\naddress = \"http://{place}/v1\"\n"));
    let window = Window::open(&profile, None).await;
    window.choose_a_passphrase().await;
    window.ask("Elle attend").await;
    window.find("[data-testid=unsent]").await;
    window.shows("Not sent. Nothing answers at the endpoint’s address").await;
    window.holds("[data-testid=composer]", "Elle attend").await;
    let messages = Locator::Css("[data-testid=message]");
    assert!(window.client.find(messages).await.is_err(), "nothing was asked");
    let endpoint = Endpoint::start_at(place, |_| stream_of(["Elle est partie."], Duration::ZERO));
    window.click("[data-testid=send]").await;
    window.shows("Elle est partie.").await;
    window.holds("[data-testid=composer]", "").await;
    let unsent = Locator::Css("[data-testid=unsent]");
    assert!(window.client.find(unsent).await.is_err(), "it was sent");
    window.close().await;
    let asked = endpoint.requests()[0].clone();
    let question = asked["messages"].as_array().unwrap().last().unwrap();
    assert_eq!(asked["model"], "scripted");
    assert_eq!(question["content"], "Elle attend");
}

#[tokio::test]
async fn a_killed_window_keeps_what_had_arrived() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|_| {
        stream_of(std::iter::repeat_n("gardé ", 2000), Duration::from_millis(20))
    });
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("x").await;
    window.shows("gardé").await;
    tokio::time::sleep(Duration::from_millis(2500)).await;
    window.kill().await;

    let window = Window::open(&profile, Some(&endpoint)).await;
    window.unlock().await;
    window.click("[data-testid=conversation-item]").await;
    window.find("[data-role=assistant][data-state=interrupted] [data-testid=continue]").await;
    window.shows("gardé").await;
    window.close().await;
}

#[tokio::test]
async fn a_draft_the_settings_and_the_windows_size_outlive_a_restart() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Oui.");
    profile.configure_endpoint(&endpoint, "scripted");
    let window = Window::open(&profile, None).await;
    window.choose_a_passphrase().await;
    window.write("[data-testid=composer]", "à finir demain").await;
    window.click("[data-testid=open-settings]").await;
    window.click("[data-testid=section-appearance]").await;
    window.click("[data-testid=setting-density] label:last-of-type").await;
    window.find("html[data-density=compact]").await;
    let size = async |window: &Window| {
        let size = window.client.execute("return [innerWidth, innerHeight]", vec![]).await;
        size.unwrap()
    };
    let (display, first) = (Display::connect(), size(&window).await);
    display.resize(display.windows(window.process())[0], 874, 653);
    while size(&window).await == first {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let chosen = size(&window).await;
    // As a person closes the last window.
    display.close_windows(window.process());
    window.ends().await;

    let window = Window::open(&profile, None).await;
    window.find("html[data-density=compact]").await;
    window.unlock().await;
    window.holds("[data-testid=composer]", "à finir demain").await;
    assert_eq!(size(&window).await, chosen);
    window.click("[data-testid=send]").await;
    window.shows("Oui.").await;
    window.holds("[data-testid=composer]", "").await;
    window.close().await;
}

#[tokio::test]
async fn a_deleted_conversation_can_be_had_back() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Une réponse.");
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("Ma question").await;
    window.shows("Une réponse.").await;
    window.click("[data-testid=conversation-actions]").await;
    window.click("[data-testid=delete]").await;
    window.click("[data-testid=undo]").await;
    window.click("[data-testid=conversation-item]").await;
    window.shows("Une réponse.").await;
    window.close().await;
}

#[tokio::test]
async fn what_was_sent_can_be_looked_at() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Une réponse.");
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("Ma question").await;
    window.find("[data-role=assistant][data-state=complete]").await;
    window.click("[data-role=assistant] [data-testid=exchange]").await;
    window.find("[data-testid=exchange-dialog]").await;
    window.shows("\"model\": \"scripted\"").await;
    window.shows("/v1/chat/completions").await;
    window.close().await;
}
