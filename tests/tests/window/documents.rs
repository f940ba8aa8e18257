//! Documents dropped on the window, summarised, and looked up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use whole_program::{Endpoint, LlamaServer, Profile, Reply, Window, program, stream_of, workspace};

use crate::dropping::drop_files;

/// Drops a sample on the window, asks for its summary, and opens the first passage that it names.
async fn summarised(window: &Window, name: &str) -> String {
    drop_files(window, vec![workspace().join("docs/samples").join(name)]).await;
    window.find("[data-testid=staged]").await;
    // A small model takes its time on a small machine.
    window.click("[data-testid=summary-length] option[value=short]").await;
    window.click("[data-testid=summarise]").await;
    window.find("[data-testid=message][data-role=assistant] a[href^='passage:']").await;
    // Once it has ended, nothing moves any more.
    window.find("[data-testid=message][data-role=assistant][data-state=complete]").await;
    window.click("[data-testid=message][data-role=assistant] a[href^='passage:']:not([href='passage:not-found'])").await;
    window.find("[data-testid=document-panel] mark").await;
    let text = "return [...document.querySelectorAll('[data-testid=document-panel] mark')].map((m) => m.textContent).join('')";
    window.client.execute(text, Vec::new()).await.unwrap().as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_document_is_summarised_and_its_passages_are_shown() {
    let endpoint = Endpoint::saying(
        "- Corvus Health is recommended. [[The project team recommends Corvus Health]]\n\
         - Its pumps are the fastest of all. [[pumps which are the fastest of all of them]]\n",
    );
    let profile = Profile::new();
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    let marked = summarised(&window, "procurement.pdf").await;
    assert_eq!(marked, "The project team recommends Corvus Health");
    // What was not found is told in words.
    window.shows("unverified").await;
    // The page is drawn from the file, which is still there.
    assert!(picture(&window).await > 100, "the picture of the page is no picture");
    window.close().await;

    // Offline, the next day: the document is there, encrypted, and found by its words.
    let found = profile.run(&["history", "search", "recycling", "--json"]).ok().json();
    assert_eq!(found.len(), 1, "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_built_in_model_summarises_a_dropped_document_with_passages() {
    let profile = Profile::new();
    let window = Window::open(&profile, None).await;
    window.choose_a_passphrase().await;
    window.click("[data-testid=choose-built-in]").await;
    let marked = summarised(&window, "bail.pdf").await;
    assert!(marked.split_whitespace().count() > 5, "{marked}");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_server_summarises_a_dropped_document_with_passages() {
    let server = LlamaServer::start(2048);
    let profile = Profile::new();
    let mut driver = Window::driver(&profile);
    driver
        .env_remove("BUREAU_PASSPHRASE_FILE")
        .env("BUREAU_ENDPOINT", server.address())
        .env("BUREAU_API_KEY", LlamaServer::KEY)
        .env("BUREAU_MODEL", LlamaServer::MODEL);
    let window = Window::start(driver, &program("bureau-desktop"), &[]).await;
    window.choose_a_passphrase().await;
    let marked = summarised(&window, "procurement.pdf").await;
    assert!(marked.split_whitespace().count() > 2, "{marked}");
    window.close().await;
}

/// Scrolls to the picture of the page, waits for it, and gives how wide it is.
async fn picture(window: &Window) -> u64 {
    let show = "document.querySelector('[data-testid=page-picture]').scrollIntoView()";
    window.client.execute(show, Vec::new()).await.unwrap();
    window.find("[data-testid=page-picture] img[src^='data:image/png']").await;
    // A picture that the policy of the page refuses, or that is none, has no width.
    let width = "const i = document.querySelector('[data-testid=page-picture] img'); await i.decode().catch(() => null); return i.naturalWidth";
    let width = format!("return (async () => {{ {width} }})()");
    window.client.execute(&width, Vec::new()).await.unwrap().as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_summary_goes_on_by_itself_after_the_window_was_killed() {
    let hangs = Arc::new(AtomicBool::new(true));
    let hanging = hangs.clone();
    let endpoint = Endpoint::start(move |_| {
        let pause = Duration::from_secs(if hanging.load(Ordering::SeqCst) { 60 } else { 0 });
        let mut replies = vec![Reply::Pause(pause)];
        replies.extend(stream_of(["It goes on."], Duration::ZERO));
        replies
    });
    let profile = Profile::new();
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    drop_files(&window, vec![workspace().join("docs/samples/procurement.pdf")]).await;
    window.find("[data-testid=staged]").await;
    window.click("[data-testid=summarise]").await;
    window.find("[data-testid=message][data-role=assistant][data-state=streaming]").await;
    window.kill().await;

    hangs.store(false, Ordering::SeqCst);
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.unlock().await;
    window.click("[data-testid=conversation-item]").await;
    window.find("[data-testid=message][data-role=assistant][data-state=complete]").await;
    window.shows("It goes on.").await;
    window.close().await;
}
