//! What is kept, how long, and what one sees of it: backups, retention, legal hold, statistics.

use std::fs;

use serde_json::json;
use whole_program::{Endpoint, PASSPHRASE, Profile, Window};

use crate::display::choose_file;

/// As WebDriver calls the key.
const ESCAPE: &str = "\u{e00c}";
const BACKUP_PASSPHRASE: &str = "une autre phrase, bien plus longue";

async fn settings(window: &Window, section: &str) {
    window.click("[data-testid=open-settings]").await;
    window.click(&format!("[data-testid=section-{section}]")).await;
}

async fn escape(window: &Window) {
    window.client.active_element().await.unwrap().send_keys(ESCAPE).await.unwrap();
}

/// Brings in a conversation that nobody has touched for years.
fn bring_in_an_old_conversation(profile: &Profile) {
    let message = |parent: Option<usize>, role: &str, text: &str| json!({"parent": parent, "role": role, "text": text, "state": "complete", "created": 1});
    let conversation = json!({
        "key": "test:old", "title": "Marché de 2015", "created": 1, "updated": 1,
        "messages": [message(None, "user", "Marché de 2015"), message(Some(0), "assistant", "Clos.")],
    });
    let export =
        format!("{{\"format\":\"bureau\",\"version\":1,\"conversations\":[\n{conversation}\n]}}");
    let file = profile.root().join("old.json");
    fs::write(&file, export).unwrap();
    profile.run(&["history", "import", file.to_str().unwrap()]).ok();
}

/// The titles that the history holds, as another program reads them.
fn titles(profile: &Profile) -> Vec<String> {
    let listed = profile.run(&["history", "list", "--json"]).ok().json();
    listed.iter().map(|line| line["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_one_machine_is_put_back_on_another() {
    let endpoint = Endpoint::saying("Deux mois, par décret.");
    let (old, new) = (Profile::new(), Profile::new());
    old.run_with(endpoint.address(), &["ask", "Quels délais ?"]).ok();
    let folder = old.root().join("backups");
    fs::create_dir(&folder).unwrap();

    let window = Window::open(&old, Some(&endpoint)).await;
    window.unlock().await;
    settings(&window, "storage").await;
    window.click("[data-testid=backup-passphrase]").await;
    window.write("[data-testid=new-passphrase]", BACKUP_PASSPHRASE).await;
    window.write("[data-testid=repeat-passphrase]", BACKUP_PASSPHRASE).await;
    window.click("[data-testid=protect-backups]").await;
    window.click("[data-testid=backup-folder-choose]").await;
    choose_file(&window, &folder).await;
    window.click("[data-testid=back-up-now]").await;
    window.shows("The last one was made on").await;
    window.close().await;
    let made: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(made.len(), 1, "{made:?}");

    // At the first start of another machine: a wrong passphrase changes nothing, the right one
    // brings everything back.
    let window = Window::open(&new, None).await;
    window.choose_a_passphrase().await;
    window.click("[data-testid=restore-offer]").await;
    choose_file(&window, &made[0]).await;
    window.write("[data-testid=restore-secret]", PASSPHRASE).await;
    window.click("[data-testid=restore]").await;
    window.find("[data-testid=restore-dialog] .wrong").await;
    let secret = window.find("[data-testid=restore-secret]").await;
    secret.clear().await.unwrap();
    secret.send_keys(BACKUP_PASSPHRASE).await.unwrap();
    window.click("[data-testid=restore]").await;
    window.click("[data-testid=conversation-item]").await;
    window.shows("Deux mois, par décret.").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_history_is_read_until_its_last_backup_takes_its_place() {
    let endpoint = Endpoint::saying("Deux mois, par décret.");
    let profile = Profile::new();
    let folder = profile.root().join("backups");
    let (long, secret) = (profile.root().join("long.txt"), profile.root().join("secret"));
    fs::create_dir(&folder).unwrap();
    // So long a file that the middle of the history is this file.
    fs::write(&long, "il pleut sur la ville ".repeat(20_000)).unwrap();
    fs::write(&secret, BACKUP_PASSPHRASE).unwrap();
    let ask = ["ask", "Quels délais ?", "--attach", long.to_str().unwrap()];
    profile.run_with(endpoint.address(), &ask).ok();
    profile.run(&["backup", "protect", "--new-passphrase-file", secret.to_str().unwrap()]).ok();
    profile.run(&["backup", "schedule", folder.to_str().unwrap()]).ok();
    profile.run(&["backup", "make"]).ok();
    let history = profile.data().join("history.db");
    let mut bytes = fs::read(&history).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8 * 4096].fill(0x5a);
    fs::write(&history, &bytes).unwrap();

    let window = Window::open(&profile, Some(&endpoint)).await;
    window.unlock().await;
    settings(&window, "storage").await;
    window.click("[data-testid=verify]").await;
    window.click("[data-testid=read-damaged]").await;
    window.find("[data-testid=damaged]").await;
    window.click("[data-testid=conversation-item]").await;
    window.shows("Deux mois, par décret.").await;
    assert_eq!(fs::read(&history).unwrap(), bytes, "what is damaged is left as it is");
    window.click("[data-testid=restore-last]").await;
    window.click("[data-testid=restore]").await;
    window.shows("The history has been restored from the backup.").await;
    window.click("[data-testid=conversation-item]").await;
    window.shows("Deux mois, par décret.").await;
    window.close().await;
    profile.run(&["history", "verify"]).ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_old_goes_unless_it_is_held_and_what_was_written_is_counted() {
    let endpoint = Endpoint::saying("Deux mois, par décret.");
    let profile = Profile::new();
    profile.run_with(endpoint.address(), &["ask", "Quels délais ?"]).ok();
    bring_in_an_old_conversation(&profile);

    let window = Window::open(&profile, Some(&endpoint)).await;
    window.unlock().await;
    settings(&window, "activity").await;
    let total = window.find("[data-testid=activity-total]").await;
    let total = total.prop("textContent").await.unwrap().unwrap();
    let numbers: Vec<u32> =
        total.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
    // Conversations, messages, words: “Quels délais”, “Deux mois par décret”, “Marché de 2015”,
    // “Clos”.
    assert_eq!(numbers[..3], [2, 4, 10], "{total}");
    let months = window.client.find_all(fantoccini::Locator::Css("[data-testid=bar]")).await;
    assert!(months.unwrap().len() >= 3, "two months and a model");
    escape(&window).await;

    settings(&window, "storage").await;
    window.click("[data-testid=setting-hold] [role=switch]").await;
    window.click("[data-testid=confirm-hold]").await;
    window.click("[data-testid=retention-on]").await;
    window.click("[data-testid=save-retention]").await;
    window.shows("Everything is under legal hold").await;
    assert_eq!(titles(&profile).len(), 2);
    window.click("[data-testid=setting-hold] [role=switch]").await;
    window.click("[data-testid=confirm-hold]").await;
    for _ in 0..300 {
        if titles(&profile).len() == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(!titles(&profile).contains(&"Marché de 2015".to_owned()));
    assert_eq!(titles(&profile).len(), 1);
    window.close().await;
}

#[tokio::test]
async fn words_are_found_as_one_types_and_marked_where_they_stand() {
    let endpoint = Endpoint::saying("L’instruction dure deux mois, par décret en Conseil d’État.");
    let profile = Profile::new();
    for question in ["Quels délais ?", "Quel texte ?"] {
        profile.run_with(endpoint.address(), &["ask", question]).ok();
    }
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.unlock().await;
    window.write("[data-testid=search]", "delais").await;
    window.find("[data-testid=search-result] mark").await;
    let results = window.client.find_all(fantoccini::Locator::Css("[data-testid=search-result]"));
    assert!(!results.await.unwrap().is_empty());
    window.click("[data-testid=search-result]").await;
    window.shows("Conseil d’État").await;

    // A misspelt word leads to the nearest one of one's own.
    let search = window.find("[data-testid=search]").await;
    search.clear().await.unwrap();
    search.send_keys("instrucsion").await.unwrap();
    let offered = window.find("[data-testid=search-suggestion]").await;
    assert_eq!(offered.text().await.unwrap(), "instruction");
    window.click("[data-testid=search-suggestion]").await;
    window.find("[data-testid=search-result] mark").await;
    window.close().await;
}
