//! Texts that are worked on, files that an answer changes, and folders that are asked about, in the window.

use std::path::Path;
use std::time::Duration;

use whole_program::{Endpoint, Profile, Window, stream_of};

use crate::dropping::drop_files;

const CHANGED: &str = "Here it is:\n\n```rust rate.rs\nfn rate() -> f64 {\n    0.25\n}\n```\n";
const CORRECTED: &str = "I receive this letter tomorrow.";

/// Waits until the file holds this.
async fn holds(file: &Path, text: &str) {
    for _ in 0..300 {
        if std::fs::read_to_string(file).unwrap() == text {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the file holds {:?}", std::fs::read_to_string(file));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_written_into_its_file_and_undone_and_a_text_is_corrected_change_by_change() {
    let endpoint = Endpoint::start(|request| {
        let corrects = request.to_string().contains("proofreader");
        let said = if corrects { CORRECTED } else { CHANGED };
        stream_of(said.split_inclusive(' '), Duration::ZERO)
    });
    let profile = Profile::new();
    let file = profile.root().join("rate.rs");
    let before = "fn rate() -> f64 {\n    0.2\n}\n";
    std::fs::write(&file, before).unwrap();
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.find("[data-testid=composer]").await;

    drop_files(&window, vec![file.clone()]).await;
    window.find("[data-testid=staged]").await;
    window.ask("The rate is 25 % now.").await;
    window.find("[data-testid=file-change][data-state=ready]").await;
    holds(&file, before).await;
    window.click("[data-testid=apply-change]").await;
    window.find("[data-testid=file-change][data-state=applied]").await;
    holds(&file, "fn rate() -> f64 {\n    0.25\n}\n").await;
    window.click("[data-testid=undo-change]").await;
    window.find("[data-testid=file-change][data-state=ready]").await;
    holds(&file, before).await;

    window.write("[data-testid=composer]", "I recieve this letter tommorow.").await;
    window.click("[data-testid=writing-menu]").await;
    window.click("[data-testid=menu-correct]").await;
    // The second change is rejected.
    window.click("[data-testid=change] ~ [data-testid=change]").await;
    window.click("[data-testid=use-writing]").await;
    window.holds("[data-testid=composer]", "I receive this letter tommorow.").await;
    window.close().await;
}

/// Begins to work on what stands in the composer.
async fn take_the_pen(window: &Window, action: &str) {
    window.click("[data-testid=writing-menu]").await;
    window.click(&format!("[data-testid=menu-{action}]")).await;
}

#[tokio::test]
async fn a_text_is_rewritten_change_by_change_and_then_summarised() {
    let endpoint = Endpoint::start(|request| {
        let summarises = request.to_string().contains("Summarise the text");
        let said =
            if summarises { "Nobody met." } else { "The board met on Monday. Everybody came." };
        stream_of(said.split_inclusive(' '), Duration::ZERO)
    });
    let profile = Profile::new();
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    let text = "The council met on Monday. Nobody came.";
    window.write("[data-testid=composer]", text).await;
    take_the_pen(&window, "rewrite").await;
    window.find("[data-testid=tone]").await.select_by_value("formal").await.unwrap();
    window.click("[data-testid=write]").await;
    window.shows("Changes: 2, rejected: 0").await;
    window.click("[data-testid=reject-all]").await;
    window.shows("Changes: 2, rejected: 2").await;
    // The first one is accepted again.
    window.click("[data-testid=change]").await;
    window.shows("Changes: 2, rejected: 1").await;
    window.click("[data-testid=use-writing]").await;
    let rewritten = "The board met on Monday. Nobody came.";
    window.holds("[data-testid=composer]", rewritten).await;

    take_the_pen(&window, "summarise").await;
    window.write("[data-testid=wish]", "for the mayor").await;
    window.click("[data-testid=write]").await;
    window.find("[data-testid=use-writing]").await;
    let result = window.find("[data-testid=writing-result]").await.text().await.unwrap();
    assert_eq!(result, "Nobody met.");
    window.holds("[data-testid=composer]", rewritten).await;
    window.click("[data-testid=use-writing]").await;
    window.holds("[data-testid=composer]", "Nobody met.").await;
    window.close().await;

    let asked: Vec<_> = endpoint.requests().iter().map(|request| request.to_string()).collect();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(asked[0].contains("Tone: formal") && asked[0].contains(text), "{}", asked[0]);
    assert!(asked[1].contains("Also: for the mayor") && asked[1].contains(rewritten), "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_folder_tells_how_much_it_is_and_goes_without_what_it_ignores() {
    let profile = Profile::new();
    let folder = profile.root().join("roads");
    std::fs::create_dir_all(folder.join("src")).unwrap();
    for (name, text) in [
        ("src/rate.rs", "fn rate() {}\n"),
        ("toll.txt", "Four crowns.\n"),
        (".gitignore", "*.log\n"),
        ("x.log", "ignored words\n"),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let endpoint = Endpoint::saying("A rate and a toll.");
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.find("[data-testid=composer]").await;
    drop_files(&window, vec![folder]).await;
    let staged = window.find("[data-testid=staged]").await.text().await.unwrap();
    let tokens = staged.split_once("Files: 2, tokens: about ").expect(&staged).1;
    let tokens: u32 = tokens.trim().parse().expect(&staged);
    assert!((10..100).contains(&tokens), "{staged}");
    assert!(endpoint.bodies().is_empty(), "nothing goes before it is sent");

    window.ask("What is it?").await;
    window.shows("A rate and a toll.").await;
    window.close().await;
    let sent = endpoint.requests()[0].to_string();
    for word in ["roads/src/rate.rs", "fn rate() {}", "roads/toll.txt", "Four crowns."] {
        assert!(sent.contains(word), "no {word} in {sent}");
    }
    assert!(!sent.contains("x.log") && !sent.contains("ignored words"), "{sent}");
}
