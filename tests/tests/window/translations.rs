//! Messages and documents translated in the window, and saved by the system's own dialog.

use std::time::Duration;

use whole_program::{Endpoint, Profile, Window, stream_of, workspace};

use crate::display::choose_file;
use crate::dropping::drop_files;

/// An endpoint that says this, and turns what it is asked to translate into capitals.
fn translator(said: &'static str) -> Endpoint {
    Endpoint::start(move |request| {
        let question = request["messages"].as_array().unwrap().last().unwrap();
        let asked = question["content"].as_str().unwrap();
        if !asked.starts_with("Translate each numbered line") {
            return stream_of([said], Duration::ZERO);
        }
        let numbered = asked.lines().filter(|line| line.starts_with('['));
        let answer: String = numbered.map(|line| format!("{}\n", line.to_uppercase())).collect();
        stream_of([answer.as_str()], Duration::ZERO)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_stands_beside_its_translation_and_a_document_is_saved_in_another_language() {
    let endpoint = translator("The council met on Monday.\n\nThe **bridge** is old.");
    let profile = Profile::new();
    profile.govern(
        "[[prevention.words]]\nname = \"Places\"\naction = \"replace\"\nentries = [\"bridge\"]\n",
    );
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("What happened?").await;
    window.find("[data-role=assistant][data-state=complete]").await;
    window.click("[data-role=assistant] [data-testid=translate-message]").await;
    window.click("[data-testid=translate-to] option[value=fr]").await;
    window.click("[data-testid=translate]").await;
    window.find("[data-testid=translated]").await;
    let rows = "return [...document.querySelectorAll('[data-testid=translated]')].map((row) => \
        [...row.querySelectorAll('.selectable')].map((cell) => cell.textContent).join(' | ')).join('; ')";
    let rows = window.client.execute(rows, Vec::new()).await.unwrap();
    let both = "The council met on Monday. | THE COUNCIL MET ON MONDAY.; \
        The bridge is old. | THE bridge IS OLD.";
    assert_eq!(rows, both);
    // What went as a placeholder is told, and did not go.
    window.shows("replaced").await;
    let last = endpoint.requests().pop().unwrap().to_string();
    assert!(last.contains("[TERM_1]") && !last.contains("bridge"), "{last}");
    // It was copied nowhere yet, and is not thrown away by one press.
    window.click("[data-testid=translate-dialog] .layer-head button").await;
    window.find("[data-testid=translation-unused]").await;
    window.click("[data-testid=translate-dialog] .layer-head button").await;

    let corpus = workspace().join("src-tauri/crates/translation/tests/corpus");
    drop_files(&window, vec![corpus.join("lease.docx")]).await;
    window.click("[data-testid=translate-file]").await;
    window.click("[data-testid=translate]").await;
    window.click("[data-testid=save-translation]").await;
    let file = profile.root().join("lease.fr.docx");
    choose_file(&window, &file).await;
    for _ in 0..300 {
        if file.exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    window.close().await;
    let text = profile.run(&["extract", file.to_str().unwrap()]).ok().stdout;
    assert!(text.contains("THE LEASE OF THE OLD HOUSE"), "{text}");
}
