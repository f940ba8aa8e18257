//! Keeping order from the terminal.

use serde_json::Value;
use whole_program::{Endpoint, Profile};

/// Asks so many questions, each in a conversation of its own; tells these.
fn asked(profile: &Profile, endpoint: &Endpoint, questions: &[&str]) -> Vec<String> {
    let ask = |question: &&str| {
        let events = profile.run_with(endpoint.address(), &["ask", "--json", question]).ok().json();
        events.last().unwrap()["conversation"].as_str().unwrap().to_owned()
    };
    questions.iter().map(ask).collect()
}

fn listed(profile: &Profile, which: &[&str]) -> Vec<Value> {
    let arguments = [&["history", "list", "--json"], which].concat();
    profile.run(&arguments).ok().json()
}

fn titles(profile: &Profile, which: &[&str]) -> Vec<String> {
    let title = |line: &Value| line["title"].as_str().unwrap().to_owned();
    listed(profile, which).iter().map(title).collect()
}

#[test]
fn a_folder_keeps_conversations_and_tells_the_model_what_it_is_about() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Oui.");
    let [un, deux] = &asked(&profile, &endpoint, &["Un", "Deux"])[..] else { panic!() };
    let notes = profile.root().join("notes.txt");
    std::fs::write(&notes, "Le délai est de deux mois.").unwrap();
    profile.run(&["history", "folder", "create", "Dossier"]).ok();
    let notes = notes.to_str().unwrap();
    let change = ["--instructions", "Sois bref.", "--attach", notes];
    profile.run(&[&["history", "folder", "change", "Dossier"], &change[..]].concat()).ok();
    profile.run(&["history", "move", un, "--folder", "Dossier"]).ok();
    assert_eq!(titles(&profile, &["--folder", "Dossier"]), ["Un"]);
    assert_eq!(listed(&profile, &["--folder", "Dossier"])[0]["folder"], "Dossier");
    assert_eq!(titles(&profile, &[]), ["Deux", "Un"]);

    profile.run_with(endpoint.address(), &["ask", "--conversation", un, "Et alors ?"]).ok();
    let sent = endpoint.requests().last().unwrap()["messages"].to_string();
    assert!(sent.contains("Sois bref.") && sent.contains("deux mois"), "{sent}");
    profile.run_with(endpoint.address(), &["ask", "--conversation", deux, "Et alors ?"]).ok();
    let sent = endpoint.requests().last().unwrap()["messages"].to_string();
    assert!(!sent.contains("Sois bref.") && !sent.contains("deux mois"), "{sent}");

    profile.run(&["history", "folder", "delete", "Dossier"]).ok();
    assert_eq!(titles(&profile, &[]).len(), 2);
    let gone = profile.run(&["history", "move", un, "--folder", "Dossier"]);
    assert_eq!(gone.code, Some(1));
    assert!(gone.stderr.contains("there is no folder “Dossier”"), "{}", gone.stderr);
}

#[test]
fn tags_the_archive_and_the_trash() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Oui.");
    let [un, deux, trois] = &asked(&profile, &endpoint, &["Un", "Deux", "Trois"])[..] else {
        panic!()
    };
    profile.run(&["history", "tag", un, deux, "--add", "Urgent", "--add", "été"]).ok();
    assert_eq!(titles(&profile, &["--tag", "URGENT"]), ["Deux", "Un"]);
    profile.run(&["history", "tag", un, "--remove", "urgent"]).ok();
    assert_eq!(listed(&profile, &["--tag", "Été"])[1]["tags"], serde_json::json!(["été"]));

    profile.run(&["history", "archive", un]).ok();
    assert_eq!(titles(&profile, &["--archived"]), ["Un"]);
    assert_eq!(titles(&profile, &[]), ["Trois", "Deux"]);
    assert!(profile.run(&["history", "search", "Un"]).ok().stdout.contains("Un"));
    profile.run(&["history", "archive", un, "--undo"]).ok();

    profile.run(&["history", "trash", deux, trois]).ok();
    assert_eq!(titles(&profile, &[]), ["Un"]);
    profile.run(&["history", "restore", deux]).ok();
    assert_eq!(titles(&profile, &["--deleted"]), ["Trois"]);
    profile.run(&["history", "trash", "--empty"]).ok();
    assert_eq!(titles(&profile, &["--deleted"]), Vec::<String>::new());
    assert_eq!(profile.run(&["history", "restore", trois]).code, Some(1));
}

#[test]
fn what_is_held_cannot_be_deleted() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Oui.");
    let [un, deux] = &asked(&profile, &endpoint, &["Un", "Deux"])[..] else { panic!() };
    profile.run(&["history", "hold", un]).ok();
    for command in ["trash", "delete"] {
        let refused = profile.run(&["history", command, deux, un]);
        assert_ne!(refused.code, Some(0));
        assert!(refused.stderr.contains("is held"), "{}", refused.stderr);
    }
    assert_eq!(titles(&profile, &[]).len(), 2, "all or none");
    profile.run(&["history", "hold", un, "--undo"]).ok();
    profile.run(&["history", "retention", "--hold", "yes"]).ok();
    assert_ne!(profile.run(&["history", "delete", un]).code, Some(0));
    let kept = profile.run(&["history", "retention", "--hold", "no", "--days", "30"]).ok();
    assert_eq!(kept.stdout, "deleted after 30 days without a change\n");
    profile.run(&["history", "delete", un]).ok();
}

#[test]
fn copies_and_merged_conversations_hold_every_message() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Oui.");
    let [un, deux] = &asked(&profile, &endpoint, &["Un", "Deux"])[..] else { panic!() };
    let copy = profile.run(&["history", "duplicate", un]).ok().stdout;
    let merged = profile.run(&["history", "merge", un, deux, "--title", "Tout"]).ok().stdout;
    let texts = |id: &str| {
        let messages = profile.run(&["history", "show", id.trim(), "--json"]).ok().json();
        messages.iter().map(|m| m["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(texts(&copy), ["Un", "Oui."]);
    assert_eq!(texts(&merged), ["Un", "Oui.", "Deux", "Oui."]);
    assert_eq!(titles(&profile, &[]), ["Tout", "Un"]);
    let stats = profile.run(&["history", "stats", "--json"]).ok().json();
    assert_eq!(stats[0]["total"]["messages"], 6);
    profile.run(&["history", "verify"]).ok();
}
