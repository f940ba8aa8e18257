//! One history on several machines, from the terminal: through a folder and through a real S3
//! server, to which the connection is lost in the middle of an upload.

use std::fs;
use std::path::{Path, PathBuf};

use history::History;
use secrecy::SecretString;
use vault::Vault;
use whole_program::{Endpoint, PASSPHRASE, Profile, S3, contents};

const HOUR: i64 = 60 * 60 * 1000;

fn say(profile: &Profile, words: &[&str]) {
    let endpoint = Endpoint::saying("Bien reçu.");
    profile.run_with(endpoint.address(), &[&["ask"], words].concat()).ok();
}

fn listed(profile: &Profile) -> Vec<(String, String)> {
    let listed = profile.run(&["history", "list", "--json"]).ok().json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let mut listed: Vec<_> =
        listed.iter().map(|c| (text(&c["title"]), text(&c["conversation"]))).collect();
    listed.sort();
    listed
}

fn titles(profile: &Profile) -> Vec<String> {
    listed(profile).into_iter().map(|(title, _)| title).collect()
}

/// The texts of every message of a conversation, whichever branch it is on.
fn said(profile: &Profile, conversation: &str) -> Vec<String> {
    let messages = profile.run(&["history", "show", conversation, "--json"]).ok().json();
    let mut said: Vec<_> =
        messages.iter().map(|m| m["text"].as_str().unwrap().to_owned()).collect();
    said.sort();
    said
}

fn with(profile: &Profile, name: &str, secret: &str) -> PathBuf {
    let file = profile.root().join(name);
    fs::write(&file, secret).unwrap();
    file
}

fn status(profile: &Profile) -> serde_json::Value {
    profile.run(&["sync", "status", "--json"]).ok().json().remove(0)
}

/// The history of a profile, opened beside its programs.
fn history(profile: &Profile) -> History {
    let passphrase = SecretString::from(PASSPHRASE);
    let key = Vault::at(&profile.data()).unlock_with_passphrase(&passphrase).unwrap();
    History::open(&profile.data().join("history.db"), key.expose()).unwrap()
}

/// Two machines, the first of which shares its history in a store that these arguments name.
fn shared(store: &[&str]) -> (Profile, Profile) {
    let (desktop, laptop) = (Profile::new(), Profile::new());
    say(&desktop, &["Premier"]);
    say(&laptop, &["Ailleurs"]);
    let code = desktop.run(&[&["sync", "start"], store].concat()).ok().stdout;
    let code = with(&laptop, "code", &code);
    let join = [&["sync", "join", "--code-file", text(&code)], store].concat();
    laptop.run(&join).ok();
    desktop.run(&["sync", "now"]).ok();
    (desktop, laptop)
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn two_profiles_share_a_folder_though_their_clocks_are_an_hour_apart() {
    let folder = tempfile::tempdir().unwrap();
    let (desktop, laptop) = shared(&[text(folder.path())]);
    for profile in [&desktop, &laptop] {
        assert_eq!(titles(profile), ["Ailleurs", "Premier"]);
        assert_eq!(status(profile)["pending"], 0);
    }
    // The place sees neither what was said nor by whom.
    for seen in contents(folder.path()) {
        assert!(!String::from_utf8_lossy(&seen).contains("Premier"));
    }

    history(&laptop).set_sync_clock_ahead(-HOUR).unwrap();
    let (_, id) = listed(&desktop).remove(1);
    say(&desktop, &["-c", &id, "Du bureau"]);
    say(&laptop, &["-c", &id, "Du portable"]);
    laptop.run(&["history", "rename", &id, "Renommé"]).ok();
    for profile in [&laptop, &desktop, &laptop] {
        profile.run(&["sync", "now"]).ok();
    }
    let all = ["Bien reçu.", "Bien reçu.", "Bien reçu.", "Du bureau", "Du portable", "Premier"];
    for profile in [&desktop, &laptop] {
        assert_eq!(said(profile, &id), all);
        assert_eq!(titles(profile), ["Ailleurs", "Renommé"]);
        profile.run(&["history", "verify"]).ok();
    }

    // What is erased on one is erased on the other; what is temporary never leaves.
    laptop.run(&["history", "delete", &id]).ok();
    say(&laptop, &["--temporary", "Secret"]);
    for profile in [&laptop, &desktop] {
        profile.run(&["sync", "now"]).ok();
    }
    assert_eq!(titles(&desktop), ["Ailleurs"]);
}

#[test]
fn what_does_not_go_together_is_told_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (desktop, laptop) = shared(&[text(folder.path())]);
    let code = desktop.run(&["sync", "code"]).ok().stdout;
    assert!(code.starts_with("burea upair 1"), "{code}");
    assert_eq!(laptop.run(&["sync", "code"]).ok().stdout, code);
    let again = desktop.run(&["sync", "start", text(folder.path())]);
    assert_eq!(again.code, Some(2), "{again:?}");

    let other = Profile::new();
    let none = other.run(&["sync", "status"]);
    assert!(none.stderr.contains("no history yet"), "{none:?}");
    say(&other, &["Étranger"]);
    assert_eq!(status(&other)["on"], false);
    for command in ["now", "code", "stop"] {
        let refused = other.run(&["sync", command]);
        assert!(refused.stderr.contains("not shared"), "{refused:?}");
    }
    let taken = other.run(&["sync", "start", text(folder.path())]);
    assert!(taken.stderr.contains("started in this store already"), "{taken:?}");
    let nowhere = folder.path().join("nowhere");
    let refused = other.run(&["sync", "start", text(&nowhere)]);
    assert!(refused.stderr.contains("no such folder") && !nowhere.exists(), "{refused:?}");
    let code = code.trim_end();
    let (start, end) = code.split_at(code.len() - 1);
    let mistyped =
        with(&other, "mistyped", &format!("{start}{}", if end == "q" { "p" } else { "q" }));
    let elsewhere = tempfile::tempdir().unwrap();
    other.run(&["sync", "start", text(elsewhere.path())]).ok();
    let foreign = with(&other, "foreign", &other.run(&["sync", "code"]).ok().stdout);
    other.run(&["sync", "stop"]).ok();
    for (file, told) in [(mistyped, "not a pairing code"), (foreign, "does not open this store")] {
        let join = ["sync", "join", text(folder.path()), "--code-file", text(&file)];
        let refused = other.run(&join);
        assert!(refused.stderr.contains(told), "{refused:?}");
    }
    assert_eq!(status(&other)["on"], false);
    assert_eq!(titles(&other), ["Étranger"]);

    // Once it is stopped nothing goes out, and all stays.
    laptop.run(&["sync", "stop"]).ok();
    say(&laptop, &["À part"]);
    desktop.run(&["sync", "now"]).ok();
    assert_eq!(titles(&desktop), ["Ailleurs", "Premier"]);
    assert_eq!(titles(&laptop), ["Ailleurs", "Premier", "À part"]);
}

#[test]
fn a_bucket_is_shared_with_a_key_that_is_kept_though_uploads_are_cut_off() {
    let server = S3::start();
    let keys = Profile::new();
    let secret = with(&keys, "secret", S3::SECRET);
    let store = [
        "s3://bucket/of/ours",
        "--endpoint",
        server.address(),
        "--region",
        "us-east-1",
        "--key-id",
        S3::ACCESS,
        "--key-file",
        text(&secret),
    ];
    let (desktop, laptop) = shared(&store);
    assert_eq!(titles(&laptop), ["Ailleurs", "Premier"]);
    assert!(contents(&server.bucket()).len() >= 3, "the mark, and the list and segment of each");
    let data = contents(&desktop.data());
    let clear =
        |bytes: &Vec<u8>| bytes.windows(S3::SECRET.len()).any(|w| w == S3::SECRET.as_bytes());
    assert!(!data.iter().any(clear), "the key lies in the history, which is encrypted");

    let large = with(&desktop, "large.txt", &"Une ligne.\n".repeat(20_000));
    let (_, id) = listed(&desktop).remove(1);
    say(&desktop, &["-c", &id, "Avec une pièce", "--attach", text(&large)]);
    for bytes in [0, 2_000, 30_000, 200_000] {
        server.lose_after(bytes);
        let cut = desktop.run(&["sync", "now"]);
        assert_eq!(cut.code, Some(3), "{bytes}: {cut:?}");
        let told = status(&desktop);
        assert_eq!(told["problem"]["code"], "unreachable", "{told}");
        assert!(told["pending"].as_u64().unwrap() > 0, "{told}");
        server.mend();
        laptop.run(&["sync", "now"]).ok();
        assert_eq!(said(&laptop, &id).len(), 2, "nothing half");
    }
    say(&laptop, &["-c", &id, "Entre-temps"]);
    for profile in [&laptop, &desktop, &laptop] {
        profile.run(&["sync", "now"]).ok();
    }
    let all =
        ["Avec une pièce", "Bien reçu.", "Bien reçu.", "Bien reçu.", "Entre-temps", "Premier"];
    for profile in [&desktop, &laptop] {
        assert_eq!(said(profile, &id), all);
        assert!(status(profile)["problem"].is_null());
        profile.run(&["history", "verify"]).ok();
    }

    // A program that is ended in the middle of it goes on the next time.
    say(&desktop, &["-c", &id, "Encore", "--attach", text(&large)]);
    server.fall_silent_after(100_000);
    let mut sending = desktop.bureau(&["sync", "now"]).spawn().unwrap();
    server.wait_until_silent();
    sending.kill().unwrap();
    sending.wait().unwrap();
    server.mend();
    assert!(status(&desktop)["pending"].as_u64().unwrap() > 0);
    for profile in [&desktop, &laptop] {
        profile.run(&["sync", "now"]).ok();
    }
    assert_eq!(said(&laptop, &id).len(), 8);

    // The server is away, or does not know the key.
    let wrong = with(&keys, "wrong", "sesame");
    let stranger = Profile::new();
    say(&stranger, &["Étranger"]);
    let mut refused = store;
    refused[8] = text(&wrong);
    let refused = stranger.run(&[&["sync", "start"][..], &refused].concat());
    assert!(refused.stderr.contains("refuses access"), "{refused:?}");
    drop(server);
    let away = desktop.run(&["sync", "now"]);
    assert_eq!(away.code, Some(3), "{away:?}");
    let status = desktop.run(&["sync", "status"]).ok().stdout;
    assert!(status.contains("problem: the store cannot be reached"), "{status}");
}

#[test]
fn the_store_of_the_configuration_is_used_where_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let profile = Profile::new();
    say(&profile, &["Premier"]);
    let none = profile.run(&["sync", "start"]);
    assert!(none.stderr.contains("config.toml names none"), "{none:?}");
    profile.configure(&format!("[sync]\naddress = {:?}\n", text(folder.path())));
    let offered = profile.run(&["sync", "status"]).ok().stdout;
    assert!(offered.starts_with("not shared; config.toml offers"), "{offered}");
    profile.run(&["sync", "start"]).ok();
    assert_eq!(status(&profile)["on"], true);
    // Whoever changes the file later learns nothing by it.
    profile.configure("[sync]\naddress = \"s3://elsewhere\"\n");
    profile.run(&["sync", "now"]).ok();
    assert_eq!(status(&profile)["store"]["address"], text(folder.path()));
}
