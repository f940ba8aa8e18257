//! Documents in the terminal: their text, their summaries, questions about them.

use std::path::PathBuf;

use serde_json::{Value, json};
use whole_program::{Endpoint, Profile, workspace};

/// A document of the readers' own tests.
fn sample(name: &str) -> String {
    let folder = workspace().join("src-tauri/crates/documents/tests/corpus");
    folder.join(name).to_str().unwrap().to_owned()
}

fn written(profile: &Profile, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let file: PathBuf = profile.root().join(name);
    std::fs::write(&file, bytes).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn the_text_of_a_document_is_given_page_by_page() {
    let profile = Profile::new();
    let text = profile.run(&["extract", &sample("table.pdf")]).ok().stdout;
    assert!(
        text.starts_with("# Prices\n") && text.contains("| Paper, white | 12 | 4.50 |"),
        "{text}"
    );

    let lines = profile.run(&["extract", "--json", &sample("hidden.pdf")]).ok().json();
    let [page, document] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!((&page["type"], &page["page"]), (&json!("page"), &json!(1)));
    let text = page["text"].as_str().unwrap();
    let place = |number: &Value| number.as_u64().unwrap() as usize;
    let hidden = page["hidden"].as_array().unwrap().iter();
    let hidden: String = hidden.map(|range| &text[place(&range[0])..place(&range[1])]).collect();
    assert!(hidden.contains("Ignore what was said") && !hidden.contains("hospitals"), "{hidden}");
    assert_eq!(document["kind"], "page");
}

#[test]
fn a_document_of_many_pages_is_read_to_its_end() {
    let profile = Profile::new();
    let text: String =
        (1..=1500).map(|n| format!("Sentence number {n} of the answer.\n\n")).collect();
    let text: &'static str = text.leak();
    let endpoint = Endpoint::saying(text);
    profile.run_with(endpoint.address(), &["ask", "All of it?"]).ok();
    let listed = profile.run(&["history", "list", "--json"]).ok().json();
    let id = listed[0]["conversation"].as_str().unwrap();
    let pdf = profile.root().join("long.pdf");
    let pdf = pdf.to_str().unwrap();
    profile.run(&["history", "export", id, "--format", "pdf", "-o", pdf]).ok();
    let lines = profile.run(&["extract", "--json", pdf]).ok().json();
    let document = lines.last().unwrap();
    assert!(document["pages"].as_u64().unwrap() > 20, "{document}");
    assert_eq!(document["notes"], json!([]));
    let all: String = lines.iter().filter_map(|line| line["text"].as_str()).collect();
    assert!((1..=1500).all(|n| all.contains(&format!("number {n} of the answer"))));
}

#[test]
fn what_cannot_be_read_is_said_and_nothing_else_happens() {
    let profile = Profile::new();
    let cases: [(&str, &[u8], &str); 4] = [
        ("empty.pdf", b"", "empty"),
        ("broken.pdf", b"%PDF-1.7\nnothing that follows", "damaged"),
        ("broken.docx", b"PK\x03\x04 and no more", "damaged"),
        ("program", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0", "cannot be read"),
    ];
    for (name, bytes, said) in cases {
        let output = profile.run(&["extract", &written(&profile, name, bytes)]);
        assert_eq!((output.code, output.stdout.as_str()), (Some(1), ""), "{name}");
        assert!(output.stderr.contains(said), "{name}: {}", output.stderr);
    }
    let missing = profile.run(&["extract", "there-is-none.pdf"]);
    assert_eq!(missing.code, Some(1));
    assert!(missing.stderr.contains("there-is-none.pdf cannot be read"), "{}", missing.stderr);
}

#[test]
fn a_password_is_asked_for_and_taken() {
    let profile = Profile::new();
    let sealed = sample("encrypted.pdf");
    let none = profile.run(&["extract", &sealed]);
    assert_eq!(none.code, Some(1));
    assert!(none.stderr.contains("password is needed"), "{}", none.stderr);
    let wrong = written(&profile, "wrong", "not this one\n");
    let wrong = profile.run(&["extract", "--password-file", &wrong, &sealed]);
    assert!(wrong.stderr.contains("does not open"), "{}", wrong.stderr);
    let right = written(&profile, "right", "open sesame\n");
    let right = profile.run(&["extract", "--password-file", &right, &sealed]).ok();
    let expected = std::fs::read_to_string(sample("encrypted.md")).unwrap();
    assert_eq!(right.stdout.trim(), expected.trim());
}

#[test]
fn a_summary_leads_to_its_pages() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying(
        "- Delivery takes five days. [[Delivery takes \\*five\\* days]]\n\
         - Everything is free of charge for everyone. [[all of it is free of any charge]]\n",
    );
    let arguments = ["summarize", "--language", "fr", "--length", "short", &sample("table.pdf")];
    let output = profile.run_with(endpoint.address(), &arguments).ok();
    assert_eq!(
        output.stdout,
        "- Delivery takes five days. [p. 1]\n\
         - Everything is free of charge for everyone. [non vérifié]\n"
    );
    let request = endpoint.requests()[0].to_string();
    assert!(request.contains("in French") && request.contains("at most 100 words"), "{request}");
    assert!(request.contains("| Paper, white | 12 | 4.50 |"), "{request}");

    // It lies in the history, is found by the document's words, and goes on from there.
    let found = profile.run(&["history", "search", "Stamps", "--json"]).ok().json();
    let id = found[0]["conversation"].as_str().unwrap();
    let messages = profile.run(&["history", "show", id, "--json"]).ok().json();
    assert!(messages[1]["text"].as_str().unwrap().contains("](passage:"), "{messages:?}");
    let about = profile.run_with(endpoint.address(), &["ask", "-c", id, "How long?"]).ok();
    assert!(about.stdout.contains("[p. 1]"), "{}", about.stdout);

    // Taken out, it quotes what it rests on; as JSON it comes back as it was.
    let markdown = profile.run(&["history", "export", id, "--format", "markdown"]).ok().stdout;
    assert!(markdown.contains("[^passage-1]: table.pdf, p. 1: “Delivery takes"), "{markdown}");
    assert!(!markdown.contains("(passage:"), "{markdown}");
    let json = profile.run(&["history", "export", id, "--format", "json"]).ok().stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert!(json.to_string().contains("(passage:"), "{json}");
}

#[test]
fn the_built_in_model_summarises_with_passages_that_stand_there() {
    let profile = Profile::new();
    for (name, language, title) in
        [("french.pdf", "fr", "Passages clés"), ("letter.pdf", "en", "Key passages")]
    {
        let arguments =
            ["summarize", "--json", "--length", "short", "--language", language, &sample(name)];
        let events = profile.run(&arguments).ok().json();
        let text: String = events.iter().filter_map(|event| event["text"].as_str()).collect();
        assert!(text.contains(title) && text.contains("[p. 1](passage:"), "{text}");
        assert_eq!(events.last().unwrap()["type"], "finished", "{text}");
    }
}

#[test]
fn choices_that_mean_nothing_are_refused() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("x");
    let arguments = ["summarize", "--language", "fr\n", &sample("letter.pdf")];
    let output = profile.run_with(endpoint.address(), &arguments);
    assert_eq!(output.code, Some(2), "{}", output.stderr);
    assert_eq!(profile.run(&["summarize"]).code, Some(2));
    assert!(endpoint.requests().is_empty());
}
