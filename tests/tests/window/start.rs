//! The first start, and every start after it.

use serde_json::{Value, json};
use whole_program::{Endpoint, Profile, Window, program};

#[tokio::test]
async fn first_start_chat_with_the_built_in_model_and_reopen() {
    let profile = Profile::new();
    let window = Window::open(&profile, None).await;
    window.choose_a_passphrase().await;
    window.click("[data-testid=choose-built-in]").await;
    window.ask("Say hello.").await;
    window.find("[data-testid=message][data-role=assistant][data-state=complete]").await;
    let answer =
        window.find("[data-role=assistant] [data-testid=blocks]").await.text().await.unwrap();
    assert!(!answer.trim().is_empty());
    window.click("[data-testid=exchange]").await;
    window.shows("Nothing left this computer").await;
    let put_in = window.find("[data-testid=exchange-dialog] pre").await.text().await.unwrap();
    assert!(put_in.contains("Say hello."), "{put_in}");
    window.close().await;

    let window = Window::open(&profile, None).await;
    window.write("[data-testid=passphrase]", "wrong").await;
    window.click("[data-testid=unlock]").await;
    window.find("[role=alert]").await;
    window.find("[data-testid=passphrase]").await.clear().await.unwrap();
    window.unlock().await;
    window.click("[data-testid=conversation-item]").await;
    window.shows(answer.lines().next().unwrap()).await;
    window.close().await;
}

#[tokio::test]
async fn an_endpoint_is_tried_out_and_set_up_at_the_first_start() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Bonjour de la part du serveur.");
    let window = Window::open(&profile, None).await;
    window.choose_a_passphrase().await;
    window.click("[data-testid=choose-endpoint]").await;
    window.write("[data-testid=endpoint-address]", "http://127.0.0.1:9/v1").await;
    window.click("[data-testid=test-endpoint]").await;
    window.find("[data-testid=endpoint-outcome] [data-testid=failure]").await;
    window.find("[data-testid=endpoint-address]").await.clear().await.unwrap();
    window.write("[data-testid=endpoint-address]", endpoint.address()).await;
    window.write("[data-testid=endpoint-key]", "sk-balafonkey").await;
    window.click("[data-testid=test-endpoint]").await;
    window.shows("scripted").await;
    window.click("[data-testid=save-endpoint]").await;
    window.ask("Bonjour").await;
    window.shows("de la part du serveur").await;
    window.close().await;

    let window = Window::open(&profile, None).await;
    window.unlock().await;
    window.ask("Encore").await;
    window.shows("de la part du serveur").await;
    window.close().await;
    let asked = |question: &str| {
        let last = |request: &Value| request["messages"].as_array().unwrap().last().cloned();
        let message = json!({"role": "user", "content": question});
        endpoint.requests().iter().filter(|r| last(r).as_ref() == Some(&message)).count()
    };
    assert_eq!((asked("Bonjour"), asked("Encore")), (1, 1));
}

#[tokio::test]
async fn dates_are_written_as_the_system_writes_them() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Yes.");
    for (locale, day_first) in [("en_GB.UTF-8", true), ("en_US.UTF-8", false)] {
        let mut driver = Window::driver(&profile);
        driver
            .env_remove("BUREAU_PASSPHRASE_FILE")
            .env_remove("LC_ALL")
            .env("LC_TIME", locale)
            .env("BUREAU_ENDPOINT", endpoint.address())
            .env("BUREAU_MODEL", "scripted");
        let window = Window::start(driver, &program("bureau-desktop"), &[]).await;
        if day_first {
            window.choose_a_passphrase().await;
        } else {
            window.unlock().await;
        }
        window.ask("What day is it?").await;
        let date = window.find("[data-testid=message] time").await.text().await.unwrap();
        assert_eq!(date.starts_with(|c: char| c.is_ascii_digit()), day_first, "{locale}: {date}");
        window.close().await;
    }
}
