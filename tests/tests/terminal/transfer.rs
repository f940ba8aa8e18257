//! Bringing conversations in and taking them out from the terminal.

use std::fs;

use serde_json::json;
use whole_program::{Endpoint, Profile};

/// An export of ChatGPT's with a branch: the question was asked again in other words.
fn chatgpt() -> String {
    let mut time = 1_700_000_000.5;
    let mut node = |id: &str, parent: Option<&str>, children: &[&str], role: &str, text: &str| {
        time += 1.0;
        json!({
            "id": id, "parent": parent, "children": children,
            "message": {
                "id": id, "author": {"role": role}, "create_time": time,
                "content": {"content_type": "text", "parts": [text]},
                "metadata": {"model_slug": "gpt-4o"}, "recipient": "all", "weight": 1.0,
            },
        })
    };
    json!([{
        "id": "0b6e", "conversation_id": "0b6e", "title": "Délais d’instruction",
        "create_time": 1_700_000_000.0, "update_time": 1_700_000_100.0, "current_node": "a2",
        "mapping": {
            "root": {"id": "root", "parent": null, "children": ["q1", "q2"], "message": null},
            "q1": node("q1", Some("root"), &["a1"], "user", "Quels délais ?"),
            "a1": node("a1", Some("q1"), &[], "assistant", "Deux mois."),
            "q2": node("q2", Some("root"), &["a2"], "user", "Quels délais, et pourquoi ?"),
            "a2": node("a2", Some("q2"), &[], "assistant", "Deux mois, par décret."),
        },
    }])
    .to_string()
}

#[test]
fn an_export_is_brought_in_once() {
    let profile = Profile::new();
    let file = profile.root().join("conversations.json");
    fs::write(&file, chatgpt()).unwrap();
    let file = file.to_str().unwrap();
    let first = profile.run(&["history", "import", file, "--json"]).ok().json();
    assert_eq!(first[0]["format"], "chat_gpt");
    assert_eq!((&first[0]["added"], &first[0]["known"]), (&json!(1), &json!(0)));
    let again = profile.run(&["history", "import", file]).ok();
    assert_eq!(again.stdout, "0 imported, 1 here already, 0 not imported\n");

    let listed = profile.run(&["history", "list", "--json"]).ok().json();
    assert_eq!(listed.len(), 1);
    let id = listed[0]["conversation"].as_str().unwrap();
    assert_eq!(profile.run(&["history", "show", id, "--json"]).ok().json().len(), 4);
    let shown = profile.run(&["history", "show", id]).ok().stdout;
    assert!(shown.contains("par décret") && !shown.contains("Deux mois.\n"), "{shown}");
    let found = profile.run(&["history", "search", "decret", "--json"]).ok().json();
    assert_eq!(found[0]["conversation"], id);
    profile.run(&["history", "verify"]).ok();
}

#[test]
fn what_was_exported_whole_is_imported_whole() {
    let from = Profile::new();
    let endpoint = Endpoint::saying("L’été.");
    from.run_with(endpoint.address(), &["ask", "Quelle saison ?"]).ok();
    let chatgpt_file = from.root().join("c.json");
    fs::write(&chatgpt_file, chatgpt()).unwrap();
    from.run(&["history", "import", chatgpt_file.to_str().unwrap()]).ok();
    let everything = from.root().join("everything.json");
    let everything = everything.to_str().unwrap();
    from.run(&["history", "export", "--format", "json", "--output", everything]).ok();

    let to = Profile::new();
    let report = to.run(&["history", "import", everything]).ok().stdout;
    assert_eq!(report, "2 imported, 0 here already, 0 not imported\n");
    let again = to.root().join("again.json");
    to.run(&["history", "export", "--format", "json", "-o", again.to_str().unwrap()]).ok();
    let read = |path: &str| -> serde_json::Value {
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    };
    assert_eq!(read(everything), read(again.to_str().unwrap()));
    // Back where they come from, they are known.
    let back = from.run(&["history", "import", again.to_str().unwrap()]).ok().stdout;
    assert_eq!(back, "0 imported, 2 here already, 0 not imported\n");
}

#[test]
fn documents_of_every_format_hold_the_words() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Voici **l’été**.");
    let asked = profile.run_with(endpoint.address(), &["ask", "--json", "Quelle saison ?"]).ok();
    let id = asked.json().last().unwrap()["conversation"].as_str().unwrap().to_owned();
    let markdown = profile.run(&["history", "export", &id]).ok().stdout;
    assert!(markdown.contains("Quelle saison ?") && markdown.contains("**l’été**"), "{markdown}");
    let html = profile.run(&["history", "export", &id, "--format", "html"]).ok().stdout;
    assert!(html.contains("<strong>l’été</strong>"), "{html}");
    for (format, beginning) in [("pdf", &b"%PDF-"[..]), ("docx", b"PK")] {
        let file = profile.root().join(format);
        let path = file.to_str().unwrap();
        profile.run(&["history", "export", &id, "--format", format, "--output", path]).ok();
        let written = fs::read(&file).unwrap();
        assert!(written.starts_with(beginning) && written.len() > 1000, "{format}");
    }
    // Several are an archive of documents.
    profile.run_with(endpoint.address(), &["ask", "Et ensuite ?"]).ok();
    let archive = profile.root().join("all.zip");
    profile.run(&["history", "export", "--output", archive.to_str().unwrap()]).ok();
    assert!(fs::read(&archive).unwrap().starts_with(b"PK"));
}

#[test]
fn what_is_no_export_is_refused_and_leaves_nothing() {
    let profile = Profile::new();
    let file = profile.root().join("x.json");
    for text in ["", "{}", "[1, 2]", "hello", "PK\u{3}\u{4}"] {
        fs::write(&file, text).unwrap();
        let refused = profile.run(&["history", "import", file.to_str().unwrap()]);
        assert_eq!(refused.code, Some(2), "{text:?}: {}{}", refused.stdout, refused.stderr);
        assert!(!refused.stderr.is_empty());
    }
    assert_eq!(profile.run(&["history", "list"]).ok().stdout, "");
    // A file that is there is replaced by a whole one, or not at all.
    let kept = profile.root().join("kept.json");
    fs::write(&kept, "kept").unwrap();
    let id = "0000000000000";
    profile.run(&["history", "export", id, "-o", kept.to_str().unwrap()]);
    assert_eq!(fs::read_to_string(&kept).unwrap(), "kept");
}
