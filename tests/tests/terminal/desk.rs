//! What holds at the desk, in the terminal: the notice, wrong passphrases, and recovery.

use std::path::Path;

use secrecy::ExposeSecret;
use vault::Identity;
use whole_program::{Endpoint, PASSPHRASE, Profile};

fn write(profile: &Profile, name: &str, text: &str) -> String {
    let file = profile.root().join(name);
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

fn ask(profile: &Profile, question: &str) {
    let endpoint = Endpoint::saying("Noted.");
    profile.run_with(endpoint.address(), &["ask", question]).ok();
}

#[test]
fn the_notice_goes_to_standard_error_and_answers_stay_alone_on_standard_output() {
    let profile = Profile::new();
    profile.govern("[banner]\naccept = \"once\"\ntext = { en = \"Official use.\\nRecorded.\" }");
    let endpoint = Endpoint::saying("Hello.");
    let first = profile.run_with(endpoint.address(), &["ask", "x"]).ok();
    assert_eq!(first.stdout, "Hello.\n");
    assert!(first.stderr.starts_with("Official use.\nRecorded.\n"), "{first:?}");
    let second = profile.run_with(endpoint.address(), &["ask", "x"]).ok();
    assert!(!second.stderr.contains("Official use."), "once is enough: {second:?}");
    profile.govern("[banner]\naccept = \"once\"\ntext = { en = \"Another notice.\" }");
    let changed = profile.run_with(endpoint.address(), &["ask", "x"]).ok();
    assert!(changed.stderr.contains("Another notice."), "{changed:?}");
    profile.govern("[banner]\ntext = { en = \"Each time.\" }");
    for _ in 0..2 {
        assert!(profile.run(&["history", "list"]).ok().stderr.contains("Each time."));
    }
}

#[test]
fn wrong_passphrases_are_slowed_down_for_every_program() {
    let profile = Profile::new();
    profile.govern("[lock]\ntries = 2\nlongest_wait_minutes = 1");
    ask(&profile, "Anything");
    std::fs::write(profile.passphrase_file(), "wrong\n").unwrap();
    for _ in 0..2 {
        let wrong = profile.run(&["history", "list"]);
        assert_eq!((wrong.code, wrong.stderr.contains("wrong")), (Some(5), true), "{wrong:?}");
    }
    std::fs::write(profile.passphrase_file(), PASSPHRASE).unwrap();
    let right = profile.run(&["history", "list"]);
    assert_eq!(right.code, Some(5), "the right one has to wait as well: {right:?}");
    assert!(right.stderr.contains("too many passphrases were wrong; wait "), "{right:?}");
}

#[test]
fn the_recovery_key_opens_a_history_whose_passphrase_is_lost() {
    let profile = Profile::new();
    let key = Identity::random().unwrap();
    profile.govern(&format!("[recovery]\nkey = \"{}\"", key.recipient()));
    ask(&profile, "What nobody must lose");
    let status = profile.run(&["vault", "status"]).ok().stdout;
    assert!(status.contains("recovery key of the organisation"), "{status}");

    let key = write(&profile, "key.txt", key.to_file().expose_secret());
    let other = Identity::random().unwrap();
    let other = write(&profile, "other.txt", other.to_file().expose_secret());
    let new = write(&profile, "new", "a new passphrase\n");
    let recover =
        |key: &str| profile.run(&["vault", "recover", key, "--new-passphrase-file", &new]);
    std::fs::write(profile.passphrase_file(), "forgotten\n").unwrap();
    assert_eq!(recover(&other).code, Some(5));
    assert_eq!(recover(&new).code, Some(2), "it is no key at all");
    recover(&key).ok();
    std::fs::copy(&new, profile.passphrase_file()).unwrap();
    let listed = profile.run(&["history", "list"]).ok().stdout;
    assert!(listed.contains("What nobody must lose"), "{listed}");
}

#[test]
fn the_recovery_key_opens_a_backup_on_another_machine() {
    let (lost, found) = (Profile::new(), Profile::new());
    let key = Identity::random().unwrap();
    lost.govern(&format!("[recovery]\nkey = \"{}\"", key.recipient()));
    ask(&lost, "On a machine that was lost");
    let secret = write(&lost, "backups", "only the person knew\n");
    lost.run(&["backup", "protect", "--new-passphrase-file", &secret]).ok();
    let backup = found.root().join("kept.bureau-backup");
    lost.run(&["backup", "make", backup.to_str().unwrap()]).ok();
    assert!(Path::new(&format!("{}.age", backup.display())).is_file());

    let key = write(&found, "key.txt", key.to_file().expose_secret());
    let new = found.passphrase_file().display().to_string();
    let backup = backup.display().to_string();
    found.run(&["vault", "recover", &key, "--backup", &backup, "--new-passphrase-file", &new]).ok();
    let listed = found.run(&["history", "list"]).ok().stdout;
    assert!(listed.contains("On a machine that was lost"), "{listed}");
}
