//! The vault with passphrases, on a real folder.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test, failing is the point")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;
use vault::{Identity, Patience, SlotKind, Vault, VaultError};

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn new() -> (TempDir, Vault) {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::at(&folder.path().join("data"));
    (folder, vault)
}

#[test]
fn the_passphrase_opens_the_same_key() {
    let (_folder, vault) = new();
    assert!(vault.slots().unwrap().is_empty());
    let key = vault.create_with_passphrase(&secret("été")).unwrap();
    assert_eq!(vault.unlock_with_passphrase(&secret("été")).unwrap().expose(), key.expose());
    assert_eq!(vault.slots().unwrap()[0].kind, SlotKind::Passphrase);
    assert_eq!(format!("{key:?}"), "DataKey(…)");
}

#[test]
fn a_wrong_passphrase_changes_nothing() {
    let (folder, vault) = new();
    vault.create_with_passphrase(&secret("right")).unwrap();
    let before = fs::read(folder.path().join("data/vault.json")).unwrap();
    assert!(matches!(
        vault.unlock_with_passphrase(&secret("wrong")),
        Err(VaultError::WrongPassphrase)
    ));
    assert!(matches!(
        vault.change_passphrase(&secret("wrong"), &secret("new")),
        Err(VaultError::WrongPassphrase)
    ));
    assert_eq!(fs::read(folder.path().join("data/vault.json")).unwrap(), before);
}

#[test]
fn a_changed_passphrase_opens_and_the_old_one_does_not() {
    let (_folder, vault) = new();
    let key = vault.create_with_passphrase(&secret("old")).unwrap();
    vault.change_passphrase(&secret("old"), &secret("new")).unwrap();
    assert_eq!(vault.unlock_with_passphrase(&secret("new")).unwrap().expose(), key.expose());
    assert!(vault.unlock_with_passphrase(&secret("old")).is_err());
    assert_eq!(vault.slots().unwrap().len(), 1);
}

#[test]
fn a_second_vault_is_never_made_over_a_first() {
    let (_folder, vault) = new();
    let key = vault.create_with_passphrase(&secret("one")).unwrap();
    assert!(matches!(vault.create_with_passphrase(&secret("two")), Err(VaultError::Exists)));
    assert_eq!(vault.unlock_with_passphrase(&secret("one")).unwrap().expose(), key.expose());
}

#[test]
fn the_last_slot_stays_and_an_empty_passphrase_is_refused() {
    let (_folder, vault) = new();
    assert!(matches!(vault.create_with_passphrase(&secret("")), Err(VaultError::EmptyPassphrase)));
    assert!(vault.slots().unwrap().is_empty());
    let key = vault.create_with_passphrase(&secret("p")).unwrap();
    let remove = |kind| vault.remove(kind, &key, Some(&secret("p")));
    assert!(matches!(remove(SlotKind::Passphrase), Err(VaultError::LastSlot)));
    assert!(matches!(remove(SlotKind::Keychain), Err(VaultError::NoSlot(_))));
    let empty = vault.unlock_with_passphrase(&secret(""));
    assert!(matches!(empty, Err(VaultError::WrongPassphrase)), "{empty:?}");
}

#[test]
fn a_slot_is_removed_only_when_another_was_seen_to_open() {
    let (folder, vault) = new();
    let key = vault.create_with_passphrase(&secret("p")).unwrap();
    // A second slot whose keychain is not this machine's.
    let file = folder.path().join("data/vault.json");
    let mut contents: serde_json::Value =
        serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let mut slot = contents["slots"][0].clone();
    slot["unlock"] = serde_json::json!({"kind": "keychain", "account": "history 0"});
    contents["slots"].as_array_mut().unwrap().push(slot);
    fs::write(&file, contents.to_string()).unwrap();

    let passphrase = vault.remove(SlotKind::Passphrase, &key, Some(&secret("p")));
    assert!(matches!(passphrase, Err(VaultError::Unproven)), "{passphrase:?}");
    for given in [None, Some(secret("q"))] {
        let keychain = vault.remove(SlotKind::Keychain, &key, given.as_ref());
        assert!(matches!(keychain, Err(VaultError::Unproven)), "{keychain:?}");
    }
    assert_eq!(vault.slots().unwrap().len(), 2);
    vault.remove(SlotKind::Keychain, &key, Some(&secret("p"))).unwrap();
    assert!(vault.unlock_with_passphrase(&secret("p")).is_ok());
}

#[test]
fn weaker_parameters_are_raised_when_the_passphrase_is_next_used() {
    // Written with 64 KiB and one pass for the passphrase "old vault".
    let (folder, vault) = new();
    fs::create_dir(folder.path().join("data")).unwrap();
    let file = folder.path().join("data/vault.json");
    fs::write(&file, include_str!("weak-vault.json")).unwrap();
    let key = vault.unlock_with_passphrase(&secret("old vault")).unwrap();
    assert!(!fs::read_to_string(&file).unwrap().contains("\"memory_kib\": 64,"));
    assert_eq!(vault.unlock_with_passphrase(&secret("old vault")).unwrap().expose(), key.expose());
}

#[test]
fn every_changed_byte_is_noticed() {
    let (folder, vault) = new();
    fs::create_dir(folder.path().join("data")).unwrap();
    let file = folder.path().join("data/vault.json");
    let original = include_str!("weak-vault.json");
    fs::write(&file, original).unwrap();
    let key = vault.unlock_with_passphrase(&secret("old vault")).unwrap();
    for place in 0..original.len() {
        let mut bytes = original.as_bytes().to_vec();
        bytes[place] = if bytes[place] == b'1' { b'2' } else { b'1' };
        fs::write(&file, &bytes).unwrap();
        // Each is looked at, however many failed before.
        let _ = fs::remove_file(folder.path().join("data/vault-tries.json"));
        // A change is refused, or touches nothing that matters (a space, the time of making).
        if let Ok(opened) = vault.unlock_with_passphrase(&secret("old vault")) {
            assert_eq!(opened.expose(), key.expose());
        }
    }
}

#[test]
fn rubbish_and_versions_to_come_are_told_apart() {
    let (folder, vault) = new();
    fs::create_dir(folder.path().join("data")).unwrap();
    let file = folder.path().join("data/vault.json");
    for rubbish in ["", "{", "[]", "{\"version\":1}", "{\"version\":1,\"slots\":[]}", "\0\0\0\0"] {
        fs::write(&file, rubbish).unwrap();
        assert!(matches!(vault.slots(), Err(VaultError::Damaged(_))), "{rubbish}");
        assert!(vault.create_with_passphrase(&secret("p")).is_err(), "{rubbish}");
        assert_eq!(fs::read_to_string(&file).unwrap(), rubbish);
    }
    fs::write(&file, "{\"version\":3,\"slots\":\"otherwise\"}").unwrap();
    assert!(matches!(vault.slots(), Err(VaultError::NewerVersion(3))));
}

#[cfg(unix)]
#[test]
fn others_cannot_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, vault) = new();
    vault.create_with_passphrase(&secret("p")).unwrap();
    let mode =
        |path: &str| fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("data"), 0o700);
    assert_eq!(mode("data/vault.json"), 0o600);
}

#[test]
fn two_makers_at_once_make_one() {
    let (_folder, vault) = new();
    let makers: Vec<_> = (0..4)
        .map(|n| {
            let vault = vault.clone();
            std::thread::spawn(move || {
                vault.create_with_passphrase(&secret(&n.to_string())).is_ok()
            })
        })
        .collect();
    assert_eq!(makers.into_iter().map(|m| m.join().unwrap()).filter(|&ok| ok).count(), 1);
}

#[test]
fn wrong_passphrases_are_slowed_down_and_the_right_one_must_wait_too() {
    let (_folder, vault) = new();
    let vault = vault.with_patience(Patience { tries: 2, longest: Duration::from_secs(600) });
    vault.create_with_passphrase(&secret("right")).unwrap();
    let tried = |passphrase| vault.unlock_with_passphrase(&secret(passphrase));
    assert!(matches!(tried("wrong"), Err(VaultError::WrongPassphrase)));
    assert!(tried("right").is_ok(), "it begins anew after the right one");
    for _ in 0..2 {
        assert!(matches!(tried("wrong"), Err(VaultError::WrongPassphrase)));
    }
    // Whoever asks, and however: another process has the same file.
    let again = vault.clone();
    for error in [
        tried("right").unwrap_err(),
        again.unlock_with_passphrase(&secret("right")).unwrap_err(),
        vault.change_passphrase(&secret("right"), &secret("new")).unwrap_err(),
    ] {
        let VaultError::TooManyTries(left) = error else { panic!("{error}") };
        assert!(left <= Duration::from_secs(5), "{left:?}");
        let failure = conversation::Failure::from(error);
        assert_eq!(failure.code, conversation::FailureCode::TooManyTries);
        assert!(failure.retry_after.is_some_and(|seconds| seconds >= 1));
    }
    assert!(!vault.wait().is_zero());
}

#[test]
fn many_at_once_get_no_more_tries() {
    let (_folder, vault) = new();
    let vault = vault.with_patience(Patience { tries: 3, longest: Duration::from_secs(600) });
    vault.create_with_passphrase(&secret("right")).unwrap();
    let tries: Vec<_> = (0..8)
        .map(|n| {
            let vault = vault.clone();
            std::thread::spawn(move || {
                vault.unlock_with_passphrase(&secret(&n.to_string())).unwrap_err()
            })
        })
        .collect();
    let errors: Vec<_> = tries.into_iter().map(|tried| tried.join().unwrap()).collect();
    let looked_at = errors.iter().filter(|e| matches!(e, VaultError::WrongPassphrase)).count();
    assert_eq!(looked_at, 3, "{errors:?}");
}

#[test]
fn the_recovery_key_opens_what_a_forgotten_passphrase_does_not() {
    let (folder, vault) = new();
    let (office, other) = (Identity::random().unwrap(), Identity::random().unwrap());
    let key = vault.create_with_passphrase(&secret("forgotten")).unwrap();
    assert!(vault.recover(&office, &secret("new")).is_err(), "it was not added yet");
    assert!(vault.add_recovery(&key, &office.recipient()).unwrap());
    assert!(!vault.add_recovery(&key, &office.recipient()).unwrap(), "it is there already");
    let kinds: Vec<_> = vault.slots().unwrap().into_iter().map(|slot| slot.kind).collect();
    assert_eq!(kinds, [SlotKind::Passphrase, SlotKind::Recovery]);

    let wrong = vault.recover(&other, &secret("new"));
    assert!(matches!(wrong, Err(VaultError::OtherRecoveryKey)), "{wrong:?}");
    assert!(vault.unlock_with_passphrase(&secret("forgotten")).is_ok(), "nothing has changed");
    let recovered = vault.recover(&office, &secret("new")).unwrap();
    assert_eq!(recovered.expose(), key.expose());
    assert!(vault.unlock_with_passphrase(&secret("forgotten")).is_err());
    assert_eq!(vault.unlock_with_passphrase(&secret("new")).unwrap().expose(), key.expose());

    // It is nothing that a person has: it does not count as what is left.
    let last = vault.remove(SlotKind::Passphrase, &key, Some(&secret("new")));
    assert!(matches!(last, Err(VaultError::LastSlot)), "{last:?}");
    // Another key of the organisation takes its place.
    assert!(vault.add_recovery(&key, &other.recipient()).unwrap());
    assert!(vault.recover(&office, &secret("n")).is_err());
    vault.recover(&other, &secret("n")).unwrap();
    let file = folder.path().join("data/vault.json");
    assert!(fs::read_to_string(&file).unwrap().contains("\"version\": 2"));
    vault.remove(SlotKind::Recovery, &key, None).unwrap();
    assert!(fs::read_to_string(&file).unwrap().contains("\"version\": 1"));
}

#[test]
fn a_recovery_slot_that_was_changed_opens_nothing() {
    let (folder, vault) = new();
    let (office, other) = (Identity::random().unwrap(), Identity::random().unwrap());
    let key = vault.create_with_passphrase(&secret("p")).unwrap();
    vault.add_recovery(&key, &office.recipient()).unwrap();
    let file = folder.path().join("data/vault.json");
    let written = fs::read_to_string(&file).unwrap();
    let [own, theirs] = [&office, &other].map(|identity| identity.recipient().to_string());
    fs::write(&file, written.replace(&own, &theirs)).unwrap();
    let changed = vault.recover(&office, &secret("new"));
    assert!(matches!(changed, Err(VaultError::OtherRecoveryKey)), "{changed:?}");
}

/// With `age` itself, as an administrator has it.
#[cfg(target_os = "linux")]
#[test]
fn age_opens_what_was_sealed_with_a_key_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let key_file = folder.path().join("key.txt");
    let made = Command::new("age-keygen").arg("-o").arg(&key_file).status();
    assert!(made.expect("age-keygen; cargo xtask test installs it").success());
    let identity = Identity::of_file(&secret(&fs::read_to_string(&key_file).unwrap())).unwrap();
    let public = Command::new("age-keygen").arg("-y").arg(&key_file).output().unwrap();
    let public = String::from_utf8(public.stdout).unwrap();
    assert_eq!(public.trim().parse(), Ok(identity.recipient()));

    let sealed = folder.path().join("sealed.age");
    fs::write(&sealed, identity.recipient().seal(&secret("burea u1 …")).unwrap()).unwrap();
    let open = |file: &Path| {
        Command::new("age").arg("-d").arg("-i").arg(&key_file).arg(file).output().unwrap()
    };
    let opened = open(&sealed);
    assert_eq!(String::from_utf8_lossy(&opened.stdout), "burea u1 …", "{opened:?}");

    let theirs = folder.path().join("theirs.age");
    let plain = folder.path().join("plain");
    fs::write(&plain, "from age").unwrap();
    let mut made = Command::new("age");
    made.args(["-r", public.trim(), "-o"]).arg(&theirs).arg(&plain);
    assert!(made.status().unwrap().success());
    let read = identity.open(&fs::read(&theirs).unwrap()).unwrap();
    assert_eq!(read.expose_secret(), "from age");
}
