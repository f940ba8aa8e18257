//! Texts that are worked on, and folders of code, in the terminal.

use serde_json::json;
use whole_program::{Endpoint, Profile};

#[test]
fn a_text_is_corrected_its_changes_are_told_and_nothing_is_kept() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Here is the corrected text:\n\nI receive the letter.");
    let arguments = ["write", "correct", "I recieve the letter."];
    let output = profile.run_with(endpoint.address(), &arguments).ok();
    assert_eq!(output.stdout, "I receive the letter.\n");
    let told = profile.run_with(endpoint.address(), &[&arguments[..], &["--json"]].concat()).ok();
    let pieces = &told.json()[0]["pieces"];
    assert_eq!(pieces[1], json!({"before": "recieve", "after": "receive"}), "{pieces}");
    assert!(profile.run(&["history", "list", "--json"]).ok().json().is_empty());
}

#[test]
fn a_folder_of_code_goes_without_what_it_ignores() {
    let profile = Profile::new();
    let folder = profile.root().join("code");
    std::fs::create_dir(&folder).unwrap();
    for (name, text) in
        [("rate.rs", "fn rate() {}\n"), (".gitignore", "*.log\n"), ("x.log", "ignored words\n")]
    {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let endpoint = Endpoint::saying("A rate.");
    let arguments = ["ask", "--attach", folder.to_str().unwrap(), "What is it?"];
    let output = profile.run_with(endpoint.address(), &arguments).ok();
    assert!(output.stderr.contains("code: 1 files, about"), "{}", output.stderr);
    let sent = endpoint.requests()[0].to_string();
    assert!(sent.contains("code/rate.rs") && sent.contains("fn rate() {}"), "{sent}");
    assert!(!sent.contains("ignored words"), "{sent}");
}
