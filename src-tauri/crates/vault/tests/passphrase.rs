//! The vault with passphrases, on a real folder.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test, failing is the point")]

use std::fs;

use secrecy::SecretString;
use tempfile::TempDir;
use vault::{SlotKind, Vault, VaultError};

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
    fs::write(&file, "{\"version\":2,\"slots\":\"otherwise\"}").unwrap();
    assert!(matches!(vault.slots(), Err(VaultError::NewerVersion(2))));
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
