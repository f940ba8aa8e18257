//! Texts that are worked on, and files that an answer changes, in the window.

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
