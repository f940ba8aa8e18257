//! One history on two machines, set up in the window.

use std::time::{Duration, Instant};

use whole_program::{Endpoint, Profile, Window};

use crate::display::choose_file;

/// As WebDriver calls the key.
const ESCAPE: &str = "\u{e00c}";

async fn storage_settings(window: &Window) {
    window.click("[data-testid=open-settings]").await;
    window.click("[data-testid=section-storage]").await;
}

async fn escape(window: &Window) {
    window.client.active_element().await.unwrap().send_keys(ESCAPE).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_of_another_machine_appears_and_goes_on_there() {
    let endpoint = Endpoint::saying("Deux mois, par décret.");
    let (office, profile) = (Profile::new(), Profile::new());
    office.run_with(endpoint.address(), &["ask", "Quels délais ?"]).ok();
    let folder = profile.root().join("shared");
    std::fs::create_dir(&folder).unwrap();

    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    storage_settings(&window).await;
    window.click("[data-testid=sync-start]").await;
    window.click("[data-testid=sync-folder-choose]").await;
    choose_file(&window, &folder).await;
    window.find("[data-testid=sync-folder]").await;
    window.click("[data-testid=sync-begin]").await;
    let code = window.find("[data-testid=sync-code]").await.text().await.unwrap();
    window.click("[data-testid=sync-code-done]").await;

    let file = office.root().join("code");
    std::fs::write(&file, code).unwrap();
    let joined = ["sync", "join", folder.to_str().unwrap(), "--code-file", file.to_str().unwrap()];
    office.run(&joined).ok();
    window.click("[data-testid=sync-now]").await;
    window.shows("Last exchanged").await;
    escape(&window).await;
    window.click("[data-testid=conversation-item]").await;
    window.shows("Deux mois, par décret.").await;

    // What the other machine adds appears where it is looked at, without being asked for.
    let listed = office.run(&["history", "list", "--json"]).ok().json();
    let id = listed[0]["conversation"].as_str().unwrap();
    let other = Endpoint::saying("Trois mois, par arrêté.");
    office.run_with(other.address(), &["ask", "-c", id, "Et sinon ?"]).ok();
    office.run(&["sync", "now"]).ok();
    for _ in 0..900 {
        if window.text().await.contains("Trois mois, par arrêté.") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    window.shows("Trois mois, par arrêté.").await;

    // And so does here what is said there, soon after.
    window.ask("Merci").await;
    let begun = Instant::now();
    loop {
        office.run(&["sync", "now"]).ok();
        let said = office.run(&["history", "show", id, "--json"]).ok().json().len();
        if said == 6 {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(45), "{said}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    window.close().await;
}
