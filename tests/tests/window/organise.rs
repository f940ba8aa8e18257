//! Folders, tags, the archive and the trash, by mouse and keyboard.

use fantoccini::Locator;
use whole_program::{Endpoint, Profile, Window};

/// Keeps a conversation that begins with these words.
fn say(profile: &Profile, endpoint: &Endpoint, text: &str) {
    profile.run_with(endpoint.address(), &["ask", text]).ok();
}

/// Chooses what the menu of the conversation with this title holds under these names.
async fn choose(window: &Window, title: &str, names: &[&str]) {
    window.click(&format!("[data-testid=conversation-actions][aria-label*=“{title}”]")).await;
    for name in names {
        window.click(&format!("[role=menu] [data-testid={name}]")).await;
    }
}

/// Shows a list by its name.
async fn list(window: &Window, view: &str) {
    window.click("[data-testid=view]").await;
    window.click(&format!("[role=menu] [data-testid=view-{view}]")).await;
}

/// Waits until the list holds these titles in this order.
async fn listed(window: &Window, titles: &[&str]) {
    // Not what the driver calls text, which leaves out what an ellipsis cuts.
    let script = "return [...document.querySelectorAll('[data-testid=conversation-item]')]
        .map((item) => item.textContent.trim())";
    let mut shown = serde_json::Value::Null;
    for _ in 0..300 {
        shown = window.client.execute(script, vec![]).await.unwrap();
        if shown == serde_json::json!(titles) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{titles:?} were never listed: {shown:?}");
}

#[tokio::test]
async fn conversations_are_filed_tagged_put_away_and_merged() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Bien reçu.");
    for title in ["Prune", "Quetsche", "Mirabelle"] {
        say(&profile, &endpoint, title);
    }
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.unlock().await;
    listed(&window, &["Mirabelle", "Quetsche", "Prune"]).await;

    choose(&window, "Prune", &["move", "move-new"]).await;
    window.write("[data-testid=name]", "Verger").await;
    window.click("[data-testid=keep-name]").await;
    list(&window, "folder").await;
    listed(&window, &["Prune"]).await;
    list(&window, "all").await;

    choose(&window, "Quetsche", &["tags"]).await;
    window.write("[data-testid=tag-name]", "été").await;
    window.click("[data-testid=add-tag]").await;
    window.click("[data-testid=tags-done]").await;
    list(&window, "tag").await;
    listed(&window, &["Quetsche"]).await;
    list(&window, "all").await;

    choose(&window, "Mirabelle", &["archive"]).await;
    listed(&window, &["Quetsche", "Prune"]).await;
    list(&window, "archived").await;
    listed(&window, &["Mirabelle"]).await;
    list(&window, "all").await;

    // Two become one, which is another conversation.
    window.click("[data-testid=view]").await;
    window.click("[role=menu] [data-testid=select]").await;
    for item in
        window.client.find_all(Locator::Css("[data-testid=conversation-item]")).await.unwrap()
    {
        item.click().await.unwrap();
    }
    window.click("[data-testid=selected-merge]").await;
    let name = window.find("[data-testid=name]").await;
    name.clear().await.unwrap();
    name.send_keys("Compote").await.unwrap();
    window.click("[data-testid=keep-name]").await;
    listed(&window, &["Compote"]).await;
    window.shows("Bien reçu.").await;
    window.close().await;
    let found = profile.run(&["history", "search", "prune", "--json"]).ok().json();
    assert_eq!(found[0]["title"], "Compote");
    profile.run(&["history", "verify"]).ok();
}

#[tokio::test]
async fn what_is_deleted_comes_back_from_the_trash_or_is_gone() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Bien reçu.");
    for title in ["Prune", "Quetsche"] {
        say(&profile, &endpoint, title);
    }
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.unlock().await;
    for title in ["Prune", "Quetsche"] {
        choose(&window, title, &["delete"]).await;
    }
    listed(&window, &[]).await;
    list(&window, "deleted").await;
    listed(&window, &["Quetsche", "Prune"]).await;
    choose(&window, "Prune", &["restore"]).await;
    listed(&window, &["Quetsche"]).await;
    window.click("[data-testid=empty-trash]").await;
    window.click("[data-testid=confirm]").await;
    listed(&window, &[]).await;
    list(&window, "all").await;
    listed(&window, &["Prune"]).await;
    window.close().await;
    assert_eq!(profile.run(&["history", "list", "--deleted"]).ok().stdout, "");
}
