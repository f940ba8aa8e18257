//! Documents dropped on the window, summarised, and looked up.

use whole_program::{Endpoint, Profile, Window, workspace};

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
