//! Translations in the terminal: texts, documents with their layout, glossaries.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};
use whole_program::{Endpoint, Profile, Reply, stream_of, workspace};

/// A document of the translator's own tests.
fn sample(name: &str) -> String {
    let folder = workspace().join("src-tauri/crates/translation/tests/corpus");
    folder.join(name).to_str().unwrap().to_owned()
}

/// The numbered lines that a request asks to translate.
fn lines(request: &Value) -> Vec<String> {
    let asked = request["messages"][0]["content"].as_str().unwrap();
    let numbered = asked.lines().filter(|line| line.starts_with('['));
    numbered.map(|line| line.split_once("] ").unwrap().1.to_owned()).collect()
}

/// An answer with every line as this makes it.
fn answer(request: &Value, with: impl Fn(&str) -> String) -> Vec<Reply> {
    let lines = lines(request);
    let numbered = lines.iter().enumerate();
    let numbered = numbered.map(|(place, line)| format!("[{}] {}\n", place + 1, with(line)));
    let text = numbered.collect::<String>();
    stream_of([text.as_str()], Duration::ZERO)
}

fn upper(line: &str) -> String {
    line.to_uppercase()
}

#[test]
fn a_text_is_translated_with_its_placeholders() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|request| answer(request, upper));
    profile.configure_endpoint(&endpoint, "scripted");
    let arguments = ["translate", "--to", "fr", "--temporary", "-"];
    let input = "Dear {name},\n\nThe council met on Monday in the old town hall.\n";
    let output = profile.run_with_input(&arguments, input).ok();
    assert_eq!(output.stdout, "DEAR {name},\n\nTHE COUNCIL MET ON MONDAY IN THE OLD TOWN HALL.\n");
    assert_eq!(output.stderr, "");
    let asked = endpoint.requests()[0]["messages"][0]["content"].to_string();
    assert!(asked.contains("from English into French"), "{asked}");
}

#[test]
fn a_document_is_translated_into_another_file_and_none_is_overwritten() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|request| answer(request, upper));
    let out = profile.root().join("lease.fr.docx");
    let out = out.to_str().unwrap();
    let lease = sample("lease.docx");
    let arguments = ["translate", "--to", "fr", "--temporary", &lease, "-o", out];
    profile.run_with(endpoint.address(), &arguments).ok();
    let text = profile.run(&["extract", out]).ok().stdout;
    assert!(text.contains("THE LEASE OF THE **OLD** HOUSE"), "{text}");
    assert!(text.contains("LATER IF THE HOUSE IS NOT READY"), "{text}");

    let before = std::fs::read(out).unwrap();
    let refused = profile.run_with(endpoint.address(), &arguments);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("--overwrite"), "{}", refused.stderr);
    assert_eq!(std::fs::read(out).unwrap(), before);
    let overwriting = [&arguments[..], &["--overwrite"]].concat();
    profile.run_with(endpoint.address(), &overwriting).ok();
}

#[test]
fn a_term_that_is_missed_is_asked_for_again_and_told() {
    let profile = Profile::new();
    let endpoint =
        Endpoint::start(|request| answer(request, |line| line.replace("council", "conseil")));
    let terms = profile.root().join("terms.csv");
    std::fs::write(&terms, "term,translation\ncouncil,assemblée\nbridge,bridge\n").unwrap();
    let text = profile.root().join("note.md");
    std::fs::write(&text, "The council met.\n\nThe bridge is old.\n").unwrap();
    let [terms, text] = [&terms, &text].map(|file| file.to_str().unwrap());
    let arguments = ["translate", "--to", "fr", "--glossary", terms, "--temporary", text];
    let output = profile.run_with(endpoint.address(), &arguments).ok();
    assert_eq!(output.stdout, "The conseil met.\n\nThe bridge is old.\n");
    let told = "text 1 (The council met.): “council” is not translated as “assemblée”";
    assert!(output.stderr.contains(told), "{}", output.stderr);
    assert!(!output.stderr.contains("bridge"), "{}", output.stderr);
    let requests = endpoint.requests();
    assert_eq!(requests.len(), 2, "once more, and no oftener");
    assert_eq!(lines(&requests[1]), ["The council met."]);
    let asked = requests[0]["messages"][0]["content"].as_str().unwrap();
    assert!(asked.contains("- “council” is “assemblée”"), "{asked}");

    std::fs::write(profile.root().join("terms.csv"), "council\n").unwrap();
    let refused = profile.run_with(endpoint.address(), &arguments);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("line 1 of the glossary"), "{}", refused.stderr);
}

#[test]
fn lines_that_are_missing_or_wrong_are_asked_for_again() {
    let profile = Profile::new();
    let first = Mutex::new(true);
    let endpoint = Endpoint::start(move |request| {
        let was_first = std::mem::replace(&mut *first.lock().unwrap(), false);
        // At first the second line is left out and the third one's number is changed.
        answer(request, |line| match line {
            "Two." if was_first => String::new(),
            "It has 3 arches." if was_first => "IT HAS 4 ARCHES.".to_owned(),
            line => line.to_uppercase(),
        })
    });
    let text = profile.root().join("note.md");
    std::fs::write(&text, "One.\n\nTwo.\n\nIt has 3 arches.\n").unwrap();
    let text = text.to_str().unwrap();
    let arguments = ["translate", "--to", "fr", "--temporary", "--json", text];
    let lines = profile.run_with(endpoint.address(), &arguments).ok().json();
    let texts: Vec<_> = lines.iter().filter(|line| line["type"] == "text").collect();
    let targets: Vec<_> = texts.iter().map(|line| line["target"].as_str().unwrap()).collect();
    assert_eq!(targets, ["ONE.", "TWO.", "IT HAS 3 ARCHES."]);
    let last = lines.last().unwrap();
    assert_eq!((&last["type"], &last["issues"]), (&json!("finished"), &json!([])));
    assert!(lines.iter().any(|line| line["type"] == "progress" && line["total"] == 3));
}

#[test]
fn what_a_model_does_not_translate_stays_and_is_told() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|request| {
        answer(request, |line| if line == "Two." { String::new() } else { line.to_uppercase() })
    });
    let text = profile.root().join("note.md");
    std::fs::write(&text, "One.\n\nTwo.\n").unwrap();
    let text = text.to_str().unwrap();
    let arguments = ["translate", "--to", "fr", "--temporary", text];
    let output = profile.run_with(endpoint.address(), &arguments).ok();
    assert_eq!(output.stdout, "ONE.\n\nTwo.\n");
    assert!(output.stderr.contains("text 2 (Two.): not translated"), "{}", output.stderr);
    assert!(output.stderr.contains("1 of 2 texts are translated"), "{}", output.stderr);
}

#[test]
fn the_built_in_model_translates_as_well_as_it_can() {
    let profile = Profile::new();
    let text = profile.root().join("note.txt");
    std::fs::write(&text, "Good morning.\n").unwrap();
    let arguments = ["translate", "--to", "fr", "--temporary", "--json", text.to_str().unwrap()];
    let lines = profile.run(&arguments).ok().json();
    let last = lines.last().unwrap();
    assert_eq!((&last["type"], &last["texts"]), (&json!("finished"), &json!(1)));
    assert_eq!(last["to"], "fr");
}

#[test]
fn what_cannot_be_translated_is_said() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|request| answer(request, upper));
    let pdf = workspace().join("src-tauri/crates/documents/tests/corpus/letter.pdf");
    for (arguments, code, said) in [
        (["translate", "--to", "fr", "--temporary", pdf.to_str().unwrap()], 1, "PDF"),
        (["translate", "--to", "French language", "--temporary", &sample("letter.txt")], 2, "tag"),
        (["translate", "--to", "fr", "--temporary", "/nonexistent.docx"], 1, "cannot be read"),
    ] {
        let output = profile.run_with(endpoint.address(), &arguments);
        assert_eq!(output.code, Some(code), "{}", output.stderr);
        assert!(output.stderr.contains(said), "{}", output.stderr);
    }
    assert!(endpoint.requests().is_empty());
    let unreachable = ["translate", "--to", "fr", "--temporary", &sample("letter.txt")];
    let output = profile.run_with("http://127.0.0.1:1/v1", &unreachable);
    assert_eq!((output.code, output.stdout.as_str()), (Some(3), ""), "{}", output.stderr);
}
