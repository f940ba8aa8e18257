//! One history on two machines, set up in the window.

use std::path::Path;
use std::time::Duration;

use whole_program::{Endpoint, Profile, Window};

use crate::display::choose_file;

async fn join(window: &Window, folder: &Path, code: &str) {
    window.click("[data-testid=open-settings]").await;
    window.click("[data-testid=section-storage]").await;
    window.click("[data-testid=sync-join]").await;
    window.click("[data-testid=sync-folder-choose]").await;
    choose_file(window, folder).await;
    window.find("[data-testid=sync-folder]").await;
    window.find("[data-testid=sync-code-field]").await.send_keys(code).await.unwrap();
    window.click("[data-testid=sync-begin]").await;
    window.find("[data-testid=sync-place]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_of_another_machine_appears_and_goes_on_there() {
    let endpoint = Endpoint::saying("Deux mois, par décret.");
    let (office, profile) = (Profile::new(), Profile::new());
    office.run_with(endpoint.address(), &["ask", "Quels délais ?"]).ok();
    let folder = profile.root().join("shared");
    std::fs::create_dir(&folder).unwrap();
    let code = office.run(&["sync", "start", folder.to_str().unwrap()]).ok().stdout;

    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    join(&window, &folder, code.trim()).await;
    window.client.active_element().await.unwrap().send_keys("\u{e00c}").await.unwrap();
    // What the other machine has appears by itself, and so does what it adds.
    window.click("[data-testid=conversation-item]").await;
    window.shows("Deux mois, par décret.").await;
    let listed = office.run(&["history", "list", "--json"]).ok().json();
    let id = listed[0]["conversation"].as_str().unwrap();
    let other = Endpoint::saying("Trois mois, par arrêté.");
    office.run_with(other.address(), &["ask", "-c", id, "Et sinon ?"]).ok();
    office.run(&["sync", "now"]).ok();
    window.click("[data-testid=open-settings]").await;
    window.click("[data-testid=section-storage]").await;
    window.click("[data-testid=sync-now]").await;
    window.shows("Trois mois, par arrêté.").await;
    window.client.active_element().await.unwrap().send_keys("\u{e00c}").await.unwrap();

    // What is said here is on the other machine soon after, although nobody asks for it.
    window.ask("Merci").await;
    let mut said = 0;
    for _ in 0..300 {
        office.run(&["sync", "now"]).ok();
        said = office.run(&["history", "show", id, "--json"]).ok().json().len();
        if said == 6 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(said, 6);
    window.close().await;
}
