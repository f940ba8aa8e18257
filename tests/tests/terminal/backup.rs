//! Backups from the terminal: made while in use, checked, put back, and what is left of a damaged
//! history.

use std::fs;
use std::path::{Path, PathBuf};

use whole_program::{Endpoint, Profile};

/// Keeps a conversation of this title.
fn say(profile: &Profile, text: &str) {
    let endpoint = Endpoint::saying("Bien reçu.");
    profile.run_with(endpoint.address(), &["ask", text]).ok();
}

fn titles(profile: &Profile) -> Vec<String> {
    let listed = profile.run(&["history", "list", "--json"]).ok().json();
    let mut titles: Vec<_> =
        listed.iter().map(|c| c["title"].as_str().unwrap().to_owned()).collect();
    titles.sort();
    titles
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn with(profile: &Profile, name: &str, secret: &str) -> PathBuf {
    let file = profile.root().join(name);
    fs::write(&file, secret).unwrap();
    file
}

#[test]
fn a_backup_is_opened_by_its_passphrase_on_another_machine() {
    let office = Profile::new();
    say(&office, "Premier");
    let file = office.root().join("copie.bureau-backup");
    let unprotected = office.run(&["backup", "make", text(&file)]);
    assert!(unprotected.stderr.contains("choose a passphrase"), "{}", unprotected.stderr);
    let own = with(&office, "own", "prune et quetsche\n");
    office.run(&["backup", "protect", "--new-passphrase-file", text(&own)]).ok();
    office.run(&["backup", "make", text(&file)]).ok();
    say(&office, "Second");

    let home = Profile::new();
    say(&home, "Ailleurs");
    let wrong = with(&home, "wrong", "mirabelle");
    let check = ["backup", "check", text(&file), "--secret-file"];
    let refused = home.run(&[&check[..], &[text(&wrong)]].concat());
    assert_eq!(refused.code, Some(5), "{}", refused.stderr);
    assert!(refused.stderr.contains("does not open"), "{}", refused.stderr);
    home.run(&[&check[..], &[text(&own)]].concat()).ok();
    let restore = ["backup", "restore", text(&file), "--secret-file"];
    let refused = home.run(&[&restore[..], &[text(&wrong)]].concat());
    assert_eq!(refused.code, Some(5), "{}", refused.stderr);
    assert_eq!(titles(&home), ["Ailleurs"]);
    home.run(&[&restore[..], &[text(&own)]].concat()).ok();
    assert_eq!(titles(&home), ["Premier"]);
    home.run(&["history", "verify"]).ok();

    // A whole file with one changed byte takes no place.
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    assert_eq!(home.run(&[&check[..], &[text(&own)]].concat()).code, Some(1));
    let refused = home.run(&[&restore[..], &[text(&own)]].concat());
    assert_eq!(refused.code, Some(1), "{}", refused.stderr);
    assert_eq!(titles(&home), ["Premier"]);
}

#[test]
fn scheduled_backups_are_opened_by_the_recovery_key_and_the_last_ones_kept() {
    let profile = Profile::new();
    say(&profile, "Premier");
    let folder = profile.root().join("copies");
    fs::create_dir(&folder).unwrap();
    let stranger = folder.join("bureau-2020-01-01-000000-00000000.bureau-backup");
    fs::write(&stranger, "of another machine").unwrap();
    let key = profile.run(&["backup", "protect", "--recovery-key"]).ok().stdout;
    assert_eq!(profile.run(&["backup", "recovery-key"]).ok().stdout, key);
    profile.run(&["backup", "schedule", text(&folder), "--days", "2", "--keep", "2"]).ok();
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(profile.run(&["backup", "make"]).ok().stdout.trim().to_owned());
        // Their names tell the second.
        std::thread::sleep(std::time::Duration::from_millis(1100));
    }
    assert!(!Path::new(&made[0]).exists() && stranger.exists());
    let status = profile.run(&["backup", "status", "--json"]).ok().json();
    assert_eq!(status[0]["protection"], "recovery_key");
    assert_eq!(status[0]["schedule"]["keep"], 2);
    assert!(status[0]["last"].is_number() && status[0]["problem"].is_null(), "{status:?}");

    say(&profile, "Second");
    // As a person types it.
    let key = with(&profile, "key", &key.to_uppercase());
    profile.run(&["backup", "restore", &made[2], "--secret-file", text(&key)]).ok();
    assert_eq!(titles(&profile), ["Premier"]);

    fs::remove_dir_all(&folder).unwrap();
    let failed = profile.run(&["backup", "make"]);
    assert!(failed.stderr.contains("copies"), "{}", failed.stderr);
    let status = profile.run(&["backup", "status", "--json"]).ok().json();
    assert!(status[0]["problem"].as_str().unwrap().contains("copies"), "{status:?}");
    profile.run(&["backup", "schedule", "--off"]).ok();
    assert!(profile.run(&["backup", "status", "--json"]).ok().json()[0]["schedule"].is_null());
}

#[test]
fn what_is_left_of_a_damaged_history_is_read_and_a_backup_takes_its_place() {
    let profile = Profile::new();
    let file = profile.data().join("history.db");
    // So long a file that most of the history is this file.
    let long = with(&profile, "long.txt", &"il pleut sur la ville ".repeat(20_000));
    let endpoint = Endpoint::saying("Bien reçu.");
    profile.run_with(endpoint.address(), &["ask", "Premier", "--attach", text(&long)]).ok();
    let copy = profile.root().join("copie");
    let secret = with(&profile, "own", "prune et quetsche");
    profile.run(&["backup", "protect", "--new-passphrase-file", text(&secret)]).ok();
    profile.run(&["backup", "make", text(&copy)]).ok();

    let listed = profile.run(&["history", "list", "--json"]).ok().json();
    let id = listed[0]["conversation"].as_str().unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8 * 4096].fill(0x5a);
    fs::write(&file, &bytes).unwrap();
    let damaged = profile.run(&["history", "verify"]);
    assert_ne!(damaged.code, Some(0), "{}", damaged.stdout);
    let rest = profile.run(&["history", "export", id]).ok();
    assert!(rest.stderr.contains("the history is damaged"), "{}", rest.stderr);
    assert!(rest.stdout.contains("Bien reçu."), "{}", rest.stdout);
    let restored =
        profile.run(&["backup", "restore", text(&copy), "--secret-file", text(&secret)]).ok();
    assert!(restored.stderr.contains("is that of the backup now"), "{}", restored.stderr);
    assert_eq!(titles(&profile), ["Premier"]);

    // Not even the first page can be read.
    bytes[..4096].fill(0x5a);
    fs::write(&file, &bytes).unwrap();
    assert!(profile.run(&["history", "list"]).stderr.contains("restore it from a backup"));
    profile.run(&["backup", "restore", text(&copy), "--secret-file", text(&secret)]).ok();
    assert_eq!(titles(&profile), ["Premier"]);
    profile.run(&["history", "verify"]).ok();
}
