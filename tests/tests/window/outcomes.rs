//! What comes of a question, a text, an import, a backup and a deletion: gone round by keys alone, as every
//! other screen.

use std::path::Path;
use std::time::Duration;

use whole_program::{Endpoint, Profile, UpdateServer, Window, stream_of, workspace};

use crate::display::choose_file;
use crate::hands::Hands;
use crate::screens::{ANSWER, COMPOSER, DIALOG, dialog, id, passphrase};

const PARTS: &str =
    "The archive has all that the council decided about the rate, the roads and the bridges,
which are to be paid for by everybody who uses them:

```rust rate.rs
fn rate() -> f64 {
    0.25
}
```

```csv
Road,Cost
North,40
South,7
```

```mermaid
flowchart LR
  Draft --> Vote
```
";

/// Files that are chosen in the system's own dialog, which leaves the keyboard to nobody.
async fn choose<'a>(
    window: &'a Window,
    hands: Hands<'a>,
    (file, comes): (&Path, &str),
    faults: &mut Vec<String>,
) -> Hands<'a> {
    choose_file(window, file).await;
    // The dialog is gone by then, and takes the keyboard from nobody.
    window.find(comes).await;
    faults.extend(hands.faults());
    Hands::on(window).await
}

/// What an answer holds besides prose: code and the file that it changes, a diagram, charts.
async fn answer(hands: &mut Hands<'_>) {
    hands.go_to(COMPOSER).await;
    hands.write("The rate is a quarter now.").await;
    hands.enter();
    hands.see(&format!("{ANSWER} [data-testid=file-change][data-state=ready]")).await;
    hands.see("[data-testid=diagram] img").await;
    // It is told apart from the page, which may be in another language.
    hands.see(&format!("{ANSWER} .block[lang=en]")).await;
    hands.press(&id("chart")).await;
    hands.see(&id("chart-figure")).await;
    hands.round("an answer with code, a chart, a diagram and a change").await;
}

/// A link, in a conversation without a document: beside one only what is found in that is linked.
async fn link(hands: &mut Hands<'_>) {
    hands.choose("New conversation").await;
    hands.go_to(COMPOSER).await;
    hands.write("Where is it?").await;
    hands.enter();
    dialog(hands, "a link", &format!("{ANSWER} a[href='https://archive.example/roads']")).await;
}

/// A text with its mistakes corrected, change by change.
async fn correction(hands: &mut Hands<'_>) {
    hands.go_to(COMPOSER).await;
    hands.write("I recieve this letter tommorow.").await;
    hands.press(&id("writing-menu")).await;
    hands.see("[role=menuitem]:focus").await;
    hands.down_to(&id("menu-correct")).await;
    hands.enter();
    hands.see(&id("change")).await;
    hands.round("a corrected text").await;
    hands.press(&id("use-writing")).await;
    // Home to where it was opened.
    hands.see("[data-testid=writing-menu]:focus").await;
}

/// The key that backups are opened with, and what the organisation has to offer.
async fn key_and_update(hands: &mut Hands<'_>) {
    hands.go_to(COMPOSER).await;
    hands.command(',').await;
    hands.see(&id("settings")).await;
    hands.press(&id("section-storage")).await;
    hands.press(&id("backup-key")).await;
    hands.see(&id("recovery-key-done")).await;
    hands.round("the recovery key").await;
    hands.press(&id("recovery-key-done")).await;
    hands.see(&id("show-recovery-key")).await;
    hands.leave("the settings", DIALOG, COMPOSER).await;
    dialog(hands, "an update", &id("update-hint")).await;
}

/// What was met with that nobody should is told once all of it was gone round.
async fn end(window: Window, faults: &[String]) {
    window.close().await;
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

fn endpoint() -> Endpoint {
    Endpoint::start(|request| {
        let asked = request.to_string();
        let said = match () {
            () if asked.contains("proofreader") => "I receive this letter tomorrow.",
            () if asked.contains("Where is it?") => {
                "In the [archive](https://archive.example/roads)."
            }
            () => PARTS,
        };
        stream_of(said.split_inclusive(' '), Duration::ZERO)
    })
}

fn profile() -> Profile {
    let profile = Profile::new();
    profile.configure("[settings]\nmodel_titles = false\nquick_keys = \"\"\n");
    profile
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_wait_and_all_that_an_answer_holds_are_gone_round_by_keys_alone() {
    let (profile, endpoint) = (profile(), endpoint());
    let code = profile.root().join("rate.rs");
    std::fs::write(&code, "fn rate() -> f64 {\n    0.2\n}\n").unwrap();
    let report = workspace().join("docs/samples/procurement.pdf");
    let (window, mut faults) = (Window::open(&profile, Some(&endpoint)).await, Vec::new());
    let mut hands = Hands::on(&window).await;
    passphrase(&mut hands).await;
    hands.see(COMPOSER).await;
    let both = "[data-testid=staged] ~ [data-testid=staged]";
    for chosen in [(&*report, "[data-testid=staged]"), (&*code, both)] {
        hands.press(&id("attach")).await;
        hands = choose(&window, hands, chosen, &mut faults).await;
    }
    hands.round("files that wait").await;
    answer(&mut hands).await;
    link(&mut hands).await;
    faults.extend(hands.faults());
    end(window, &faults).await;
}

#[tokio::test]
async fn so_are_a_corrected_text_the_recovery_key_and_an_update() {
    let (profile, endpoint, server) = (profile(), endpoint(), UpdateServer::start());
    server.offer("99.0.0", b"a package");
    profile.govern(&server.policy());
    let window = Window::open(&profile, Some(&endpoint)).await;
    let mut hands = Hands::on(&window).await;
    passphrase(&mut hands).await;
    hands.see(COMPOSER).await;
    correction(&mut hands).await;
    key_and_update(&mut hands).await;
    let faults = hands.faults();
    end(window, &faults).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_are_what_an_import_came_to_and_deletion_for_good() {
    let (profile, other, endpoint) = (profile(), Profile::new(), endpoint());
    let export = profile.root().join("export.json");
    other.run_with(endpoint.address(), &["ask", "Good day"]).ok();
    other.run(&["history", "export", "--format", "json", "-o", export.to_str().unwrap()]).ok();
    let (window, mut faults) = (Window::open(&profile, Some(&endpoint)).await, Vec::new());
    let mut hands = Hands::on(&window).await;
    passphrase(&mut hands).await;
    hands.see(COMPOSER).await;
    hands.go_to(COMPOSER).await;
    hands.choose("Import…").await;
    hands.see(&id("choose-import")).await;
    hands.press(&id("choose-import")).await;
    let chosen = (&*export, "[data-testid=import-report]");
    hands = choose(&window, hands, chosen, &mut faults).await;
    hands.round("what an import came to").await;
    hands.leave("what an import came to", DIALOG, COMPOSER).await;

    let actions = "[data-testid=conversation-actions][aria-label*='Good day']";
    hands.press(actions).await;
    hands.see("[role=menuitem]:focus").await;
    hands.down_to(&id("delete")).await;
    hands.enter();
    hands.see(&format!("body:not(:has({actions}))")).await;
    hands.choose("List: Trash").await;
    hands.see(&id("empty-trash")).await;
    hands.round("the trash").await;
    dialog(&mut hands, "deletion for good", &id("empty-trash")).await;
    faults.extend(hands.faults());
    end(window, &faults).await;
}
