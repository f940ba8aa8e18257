//! Commands of the first screens: making, unlocking, or doing without a history.

use assistant::{Assistant, Status};
use conversation::Failure;
use secrecy::SecretString;
use tauri::{AppHandle, State};

use super::{entering, standing};
use crate::Profile;

/// How the history stands. Opens it first where nobody need be asked.
#[tauri::command]
#[specta::specta]
pub async fn status(app: AppHandle, profile: State<'_, Profile>) -> Result<Status, Failure> {
    entering(&app, profile, |assistant| assistant.open_existing().map(drop)).await
}

/// Makes the history, locked by the passphrase, or by the keychain without one.
#[tauri::command]
#[specta::specta]
pub async fn create_vault(
    profile: State<'_, Profile>,
    passphrase: Option<String>,
) -> Result<Status, Failure> {
    let passphrase = passphrase.map(SecretString::from);
    standing(profile, move |assistant| match passphrase {
        Some(passphrase) => assistant.create_with_passphrase(&passphrase),
        None => assistant.create_with_keychain(),
    })
    .await
}

/// Opens the history with the passphrase.
#[tauri::command]
#[specta::specta]
pub async fn unlock(
    app: AppHandle,
    profile: State<'_, Profile>,
    passphrase: String,
) -> Result<Status, Failure> {
    let passphrase = SecretString::from(passphrase);
    entering(&app, profile, move |assistant| assistant.unlock(&passphrase)).await
}

/// Does without a history on disk.
#[tauri::command]
#[specta::specta]
pub async fn start_temporary(profile: State<'_, Profile>) -> Result<Status, Failure> {
    standing(profile, Assistant::start_temporary).await
}
