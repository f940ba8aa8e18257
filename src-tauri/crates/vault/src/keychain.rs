//! The operating system's keychain: Secret Service on Linux, Keychain on macOS, Credential
//! Manager on Windows. It keeps one random wrapping key for each vault.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use keyring_core::{CredentialStore, Entry};
use zeroize::Zeroizing;

use crate::{DataKey, VaultError};

/// The name that the person sees in their keychain.
const SERVICE: &str = "bureau";

/// The platform's keychain.
#[cfg(target_os = "linux")]
pub(crate) fn store() -> Result<Arc<CredentialStore>, VaultError> {
    // Without an address there is no session bus; asking would try to start one.
    if std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_none()
        && !std::env::var_os("XDG_RUNTIME_DIR")
            .is_some_and(|folder| std::path::Path::new(&folder).join("bus").exists())
    {
        return Err(VaultError::Keychain("there is no session bus".to_owned()));
    }
    Ok(zbus_secret_service_keyring_store::Store::new().map_err(failed)?)
}

/// The platform's keychain.
#[cfg(target_os = "macos")]
pub(crate) fn store() -> Result<Arc<CredentialStore>, VaultError> {
    Ok(apple_native_keyring_store::keychain::Store::new().map_err(failed)?)
}

/// The platform's keychain.
#[cfg(target_os = "windows")]
pub(crate) fn store() -> Result<Arc<CredentialStore>, VaultError> {
    Ok(windows_native_keyring_store::Store::new().map_err(failed)?)
}

/// The platform's keychain.
#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
pub(crate) fn store() -> Result<Arc<CredentialStore>, VaultError> {
    Err(VaultError::Keychain("this platform has none that Bureau knows".to_owned()))
}

/// Makes a wrapping key, puts it in the keychain, and gives the account it lies under.
pub(crate) fn store_new() -> Result<(String, DataKey), VaultError> {
    let store = store()?;
    let key = DataKey::random()?;
    let account = format!("history {:016x}", random()?);
    let text = Zeroizing::new(STANDARD.encode(key.expose()));
    entry(&store, &account)?.set_password(&text).map_err(failed)?;
    Ok((account, key))
}

/// The wrapping key under this account.
pub(crate) fn load(account: &str) -> Result<DataKey, VaultError> {
    let text = Zeroizing::new(entry(&store()?, account)?.get_password().map_err(failed)?);
    let broken = || VaultError::Keychain("its entry is not Bureau's".to_owned());
    DataKey::filled(|bytes| {
        let decoded = Zeroizing::new(STANDARD.decode(text.as_bytes()).map_err(|_| broken())?);
        if decoded.len() != bytes.len() {
            return Err(broken());
        }
        bytes.copy_from_slice(&decoded);
        Ok(())
    })
}

/// Takes the account out of the keychain.
pub(crate) fn delete(account: &str) -> Result<(), VaultError> {
    entry(&store()?, account)?.delete_credential().map_err(failed)
}

/// Puts a text under this account, in place of what was there.
pub(crate) fn put(account: &str, text: &str) -> Result<(), VaultError> {
    entry(&store()?, account)?.set_password(text).map_err(failed)
}

/// The text under this account; none if there is none.
pub(crate) fn get(account: &str) -> Result<Option<Zeroizing<String>>, VaultError> {
    match entry(&store()?, account)?.get_password() {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(keyring_core::Error::NoEntry) => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

fn entry(store: &Arc<CredentialStore>, account: &str) -> Result<Entry, VaultError> {
    store.build(SERVICE, account, None).map_err(failed)
}

fn random() -> Result<u64, VaultError> {
    getrandom::u64().map_err(|_| VaultError::NoRandomness)
}

/// The error in words. Those kinds that carry a stored secret's bytes are told without them.
fn failed(error: keyring_core::Error) -> VaultError {
    use keyring_core::Error;
    VaultError::Keychain(match error {
        Error::NoEntry => "it has no entry for it any more".to_owned(),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "its entry is not Bureau's".to_owned(),
        other => other.to_string(),
    })
}
