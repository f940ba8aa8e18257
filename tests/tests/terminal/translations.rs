//! Translations in the terminal: texts, documents with their layout, glossaries.

use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};
use whole_program::{Endpoint, Output, Profile, Reply, stream_of, workspace};

#[path = "../../../src-tauri/crates/translation/tests/translation/parts.rs"]
mod parts;

/// A document of the translator's own tests.
fn sample(name: &str) -> String {
    let folder = workspace().join("src-tauri/crates/translation/tests/corpus");
    folder.join(name).to_str().unwrap().to_owned()
}

/// The numbered lines that a request asks to translate.
fn lines(request: &Value) -> Vec<String> {
    // What is said of placeholders stands before the question.
    let question = request["messages"].as_array().unwrap().last().unwrap();
    let asked = question["content"].as_str().unwrap();
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

/// The texts that a translation tells with `--json`, and its report at their end.
fn told(output: Output) -> (Vec<Value>, Value) {
    let mut lines = output.ok().json();
    lines.retain(|line| line["type"] != "progress");
    let report = lines.pop().unwrap();
    assert_eq!(report["type"], "finished");
    (lines, report)
}

/// Whether files are made of the same parts, and these of the same elements.
fn have_the_same_elements(one: &[u8], other: &[u8]) -> bool {
    let elements = |data: &[u8]| {
        let parts = parts::parts(data).into_iter();
        parts.map(|(name, part)| (name, parts::elements(&part))).collect::<Vec<_>>()
    };
    elements(one) == elements(other)
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
    assert!(text.contains("THE LEASE OF THE OLD HOUSE"), "{text}");
    assert!(text.contains("PAYS {{amount}} A MONTH, FIRST[^c4]"), "{text}");
    assert!(text.contains("| RENT & CHARGES | 850.00 |"), "{text}");
    assert!(text.contains("[^2]: LATER IF THE HOUSE IS NOT READY"), "{text}");

    let before = std::fs::read(out).unwrap();
    let refused = profile.run_with(endpoint.address(), &arguments);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("--overwrite"), "{}", refused.stderr);
    assert_eq!(std::fs::read(out).unwrap(), before);
    let overwriting = [&arguments[..], &["--overwrite"]].concat();
    profile.run_with(endpoint.address(), &overwriting).ok();
}

#[test]
fn a_document_of_every_format_is_read_and_written_whole() {
    let profile = Profile::new();
    let echoing = Endpoint::start(|request| answer(request, str::to_owned));
    let shouting = Endpoint::start(|request| answer(request, upper));
    for name in parts::NAMES {
        let original = sample(name);
        let [same, shouted, again] = ["same", "shouted", "again"]
            .map(|stem| profile.root().join(format!("{stem}-{name}")).to_str().unwrap().to_owned());
        let translate = |endpoint: &Endpoint, from: &str, into: &str| {
            let arguments = ["translate", "--to", "fr", "--temporary", "--json", from, "-o", into];
            told(profile.run_with(endpoint.address(), &arguments))
        };
        let read = |file: &str| std::fs::read(file).unwrap();
        let column = |texts: &[Value], which: &str| {
            texts.iter().map(|text| text[which].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };

        let (texts, report) = translate(&echoing, &original, &same);
        assert!(!texts.is_empty(), "{name}");
        assert_eq!(report["issues"], json!([]), "{name}");
        assert_eq!(report["translated"], texts.len(), "{name}");
        let [before, after] = [&original, &same].map(|file| parts::parts(&read(file)));
        assert!(before == after, "{name} is not what it was");

        let (texts, report) = translate(&shouting, &original, &shouted);
        assert_eq!(report["issues"], json!([]), "{name}");
        assert!(have_the_same_elements(&read(&shouted), &read(&original)), "{name}");
        let (sources, targets) = (column(&texts, "source"), column(&texts, "target"));
        assert!(sources.iter().zip(&targets).all(|(text, loud)| text != loud), "{name}");
        let (texts, _) = translate(&echoing, &shouted, &again);
        assert_eq!(column(&texts, "source"), targets, "{name}");
    }
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
fn the_glossary_of_a_folder_holds_for_what_is_translated_for_it() {
    let profile = Profile::new();
    let endpoint =
        Endpoint::start(|request| answer(request, |line| line.replace("council", "conseil")));
    let write = |name: &str, text: &str| {
        let file = profile.root().join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    let terms = write("terms.csv", "term,translation\ncouncil,assemblée\n");
    let note = write("note.md", "The council met.\n");
    profile.run(&["history", "folder", "create", "Minutes"]).ok();
    profile.run(&["history", "folder", "create", "Letters"]).ok();
    profile.run(&["history", "folder", "change", "Minutes", "--glossary", &terms]).ok();
    let translate = |folder: &[&str]| {
        let arguments = [&["translate", "--to", "fr", &note], folder].concat();
        profile.run_with(endpoint.address(), &arguments)
    };
    let output = translate(&["--folder", "Minutes"]).ok();
    assert_eq!(output.stdout, "The conseil met.\n");
    let missed = "text 1 (The council met.): “council” is not translated as “assemblée”";
    assert!(output.stderr.contains(missed), "{}", output.stderr);
    let requests = endpoint.requests();
    assert_eq!(requests.len(), 2, "once more, and no oftener");
    for request in requests {
        let asked = request["messages"][0]["content"].as_str().unwrap();
        assert!(asked.contains("- “council” is “assemblée”"), "{asked}");
    }

    for elsewhere in [&["--folder", "Letters"][..], &[]] {
        let output = translate(elsewhere).ok();
        assert_eq!(output.stderr, "", "{elsewhere:?}");
        let asked = endpoint.requests().pop().unwrap().to_string();
        assert!(!asked.contains("assemblée"), "{asked}");
    }
    let sent = endpoint.requests().len();
    assert_eq!(translate(&["--folder", "Nowhere"]).code, Some(1));
    assert_eq!(endpoint.requests().len(), sent);
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
fn the_built_in_model_loses_no_paragraph_of_a_document() {
    let profile = Profile::new();
    let echoing = Endpoint::start(|request| answer(request, str::to_owned));
    let (mut all, mut unchanged) = (0, 0);
    for name in ["lease.docx", "slides.pptx", "costs.xlsx"] {
        let original = sample(name);
        let [out, again] = ["out", "again"]
            .map(|stem| profile.root().join(format!("{stem}-{name}")).to_str().unwrap().to_owned());
        let translate = ["translate", "--to", "fr", "--temporary", "--json"];
        let (texts, report) =
            told(profile.run(&[&translate[..], &[&original, "-o", &out]].concat()));
        // Each text is translated, or told as one that is not.
        let is_missing = |text: &&Value| {
            let problems = text["problems"].as_array().unwrap();
            problems.contains(&json!("missing"))
        };
        let missing = report["issues"].as_array().unwrap().iter().filter(is_missing).count();
        assert!(!texts.is_empty(), "{name}");
        assert_eq!(report["texts"], texts.len(), "{name}");
        assert_eq!(report["translated"], texts.len() - missing, "{name}: {report}");
        let stayed = |text: &&Value| text["source"] == text["target"];
        assert!(texts.iter().filter(is_missing).all(|text| stayed(&text)), "{name}: {texts:?}");
        all += texts.len();
        unchanged += texts.iter().filter(stayed).count();

        // The file is what it was but for its texts, and all that the model said stands in these.
        let [before, after] = [&original, &out].map(|file| std::fs::read(file).unwrap());
        assert!(have_the_same_elements(&before, &after), "{name}");
        let read = [&translate[..], &[&out, "-o", &again]].concat();
        let (written, _) = told(profile.run_with(echoing.address(), &read));
        let said = texts.iter().map(|text| text["target"].as_str().unwrap());
        // What the model answers with a number alone is no text when it is read again.
        let said: Vec<_> = said.filter(|said| said.contains(char::is_alphabetic)).collect();
        assert_eq!(written.len(), said.len(), "{name}");
        for (said, written) in said.iter().zip(&written) {
            let found = written["source"].as_str().unwrap();
            let words = said.split(|c: char| !c.is_alphanumeric());
            let lost: Vec<_> = words.filter(|word| !found.contains(word)).collect();
            assert!(lost.is_empty(), "{name}: {said} is written as {found}: {lost:?} is lost");
        }
    }
    // So small a model gives a few texts back as they are.
    assert!(unchanged * 2 < all, "{unchanged} of {all}");
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

const CARD: &str = "4111 1111 1111 1111";
const IBAN: &str = "FR14 2004 1010 0505 0001 3M02 606";

#[test]
fn what_must_not_leave_keeps_the_whole_document_and_is_recorded_without_its_words() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|request| answer(request, upper));
    profile.govern("[audit]\n[prevention]\nkinds = { card = \"block\", iban = \"ask\" }\n");
    let run = |arguments: &[&str]| {
        let whole = [&["translate", "--to", "fr"], arguments].concat();
        profile.run_with(endpoint.address(), &whole)
    };
    let write = |name: &str, text: &str| {
        let file = profile.root().join(name);
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    // Enough text for several requests before the one that holds the number.
    let before: String = (0..400).map(|n| format!("The council met in room {n}.\n\n")).collect();
    let blocked = run(&[&write("card.md", &format!("{before}Pay with {CARD}.\n"))]);
    assert_eq!(blocked.code, Some(4), "{blocked:?}");
    assert!(blocked.stderr.contains("must not leave") && blocked.stdout.is_empty(), "{blocked:?}");
    // One half of it is bold.
    let iban = write("iban.html", "<p>Pay into FR14 2004 1010 <b>0505 0001 3M02 606</b>.</p>");
    let asked = run(&[&iban]);
    assert_eq!(asked.code, Some(4), "{asked:?}");
    assert!(endpoint.requests().is_empty());
    run(&[&iban, "--confirm"]).ok();
    assert_eq!(lines(&endpoint.requests()[0]), [format!("Pay into {IBAN}.")]);

    let records = profile.run(&["audit", "show", "--json", "--last", "1000"]).ok().json();
    let sent = records.iter().filter(|record| record["action"] == "message.send");
    let told: Vec<_> = sent.clone().map(|record| record["outcome"].as_str().unwrap()).collect();
    assert_eq!(told, ["begun", "refused", "begun", "refused", "begun", "done"]);
    for record in sent {
        assert_eq!(record["detail"]["for"], "a translation");
        let line = record.to_string();
        assert!(!line.contains("council") && !line.contains("1111"), "{line}");
    }
}

#[test]
fn a_name_goes_as_a_placeholder_and_comes_back() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|request| {
        // The model loses the one of the last line.
        answer(request, |line| line.replace("[PERSON_1] is away", "She is away"))
    });
    profile.govern(
        "[[prevention.names]]\nname = \"Patients\"\naction = \"replace\"\nentries = [\"Jeanne Moreau\"]\n",
    );
    let page = profile.root().join("page.html");
    let text = "<p>Dear Jeanne <b>Moreau</b>, come in.</p>\n<p>Jeanne Moreau is away.</p>\n";
    std::fs::write(&page, text).unwrap();
    let out = profile.root().join("page.fr.html");
    let [page, out] = [&page, &out].map(|file| file.to_str().unwrap());
    let arguments = ["translate", "--to", "fr", "--temporary", page, "-o", out];
    let output = profile.run_with(endpoint.address(), &arguments).ok();
    let sent: String = endpoint.requests().iter().map(Value::to_string).collect();
    assert!(sent.contains("[1] Dear [PERSON_1], come in."), "{sent}");
    assert!(!sent.contains("Jeanne") && !sent.contains("Moreau"), "{sent}");
    let translated = std::fs::read_to_string(out).unwrap();
    assert!(translated.contains("Dear Jeanne Moreau, come in."), "{translated}");
    assert!(translated.contains("<p>She is away.</p>"), "{translated}");
    let told = |text: &str| output.stderr.contains(text);
    assert!(told("(“Patients”): Jeanne Moreau"), "{}", output.stderr);
    assert!(told("text 2 (Jeanne Moreau is away.): its formats"), "{}", output.stderr);
}

#[test]
fn a_policy_decides_which_documents_are_translated_and_saved() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|request| answer(request, upper));
    let lease = sample("lease.docx");
    let out = profile.root().join("lease.fr.docx");
    let arguments = ["translate", "--to", "fr", "--temporary", &lease, "-o", out.to_str().unwrap()];
    for policy in [
        "[attachments]\nkinds = [\"text\"]",
        "[attachments]\nmax_bytes = 100",
        "[features]\nexport = []",
    ] {
        profile.govern(policy);
        let refused = profile.run_with(endpoint.address(), &arguments);
        assert_eq!(refused.code, Some(4), "{policy}: {refused:?}");
        assert!(refused.stderr.contains("forbidden by policy"), "{refused:?}");
    }
    assert!(endpoint.requests().is_empty() && !out.exists());
}
