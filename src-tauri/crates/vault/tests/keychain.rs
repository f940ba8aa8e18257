//! The vault with a real keychain: gnome-keyring on a session bus of its own.
#![cfg(target_os = "linux")]

use std::process::Command;

use secrecy::{ExposeSecret, SecretString};
use vault::{Keepsake, SlotKind, Vault, VaultError};

/// Runs the ignored test below in a session that has a keychain.
#[test]
fn with_a_keychain() {
    let home = tempfile::tempdir().unwrap();
    let this = std::env::current_exe().unwrap();
    let script = "printf pass | gnome-keyring-daemon --unlock --components=secrets >/dev/null && \
                  exec \"$0\" --exact --ignored in_a_session_with_a_keychain";
    let status = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", script])
        .arg(this)
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .status()
        .expect("dbus-run-session; cargo xtask test installs it");
    assert!(status.success());
}

#[test]
#[ignore = "run by with_a_keychain, in a session of its own"]
fn in_a_session_with_a_keychain() {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::at(folder.path());
    assert!(Vault::keychain_available());
    let [one, other] = ["a", "b"].map(|purpose| Keepsake::of(folder.path(), purpose));
    one.keep(&SecretString::from("first")).unwrap();
    one.keep(&SecretString::from("second")).unwrap();
    assert_eq!(one.get().unwrap().unwrap().expose_secret(), "second");
    assert!(other.get().unwrap().is_none());
    one.forget().unwrap();
    one.forget().unwrap();
    assert!(one.get().unwrap().is_none());

    let key = vault.create_with_keychain().unwrap();
    assert_eq!(vault.unlock_with_keychain().unwrap().expose(), key.expose());
    let last = vault.remove(SlotKind::Keychain, &key, None);
    assert!(matches!(last, Err(VaultError::LastSlot)));

    let passphrase = secrecy::SecretString::from("p".to_owned());
    vault.add_passphrase(&key, &passphrase).unwrap();
    vault.add_keychain(&key).unwrap();
    assert_eq!(vault.slots().unwrap().len(), 2);
    assert_eq!(vault.unlock_with_keychain().unwrap().expose(), key.expose());
    assert_eq!(vault.unlock_with_passphrase(&passphrase).unwrap().expose(), key.expose());

    let unproven = vault.remove(SlotKind::Keychain, &key, None);
    assert!(matches!(unproven, Err(VaultError::Unproven)));
    vault.remove(SlotKind::Passphrase, &key, None).unwrap();
    vault.add_passphrase(&key, &passphrase).unwrap();
    vault.remove(SlotKind::Keychain, &key, Some(&passphrase)).unwrap();
    assert!(matches!(vault.unlock_with_keychain(), Err(VaultError::NoSlot(_))));
    assert_eq!(vault.unlock_with_passphrase(&passphrase).unwrap().expose(), key.expose());
}

#[test]
fn without_a_keychain_it_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let this = std::env::current_exe().unwrap();
    let status = Command::new(this)
        .args(["--exact", "--ignored", "in_a_session_without_one"])
        .env("XDG_RUNTIME_DIR", folder.path())
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
#[ignore = "run by without_a_keychain_it_says_so, in an environment of its own"]
fn in_a_session_without_one() {
    let folder = tempfile::tempdir().unwrap();
    assert!(!Vault::keychain_available());
    assert!(matches!(
        Vault::at(folder.path()).create_with_keychain(),
        Err(VaultError::Keychain(_))
    ));
    assert!(Vault::at(folder.path()).slots().unwrap().is_empty());
}
