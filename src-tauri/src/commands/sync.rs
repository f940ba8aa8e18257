//! Commands of one history on several machines. The page never names a folder: the system's dialog
//! does.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use assistant::{Assistant, StoreConfig, StoreKey, SyncState};
use conversation::{Failure, FailureCode};
use policy::Action;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tauri::{State, WebviewWindow};

use super::blocking;
use crate::{Profile, dialogs};

/// The folder that the person chose to share the history through.
#[derive(Clone, Default)]
pub(crate) struct Folder(Arc<Mutex<Option<PathBuf>>>);

/// What lets this machine into a store.
#[derive(Deserialize, specta::Type)]
pub struct StoreAccess {
    /// The access key's id or the account.
    id: String,
    /// The secret key.
    secret: String,
}

impl From<StoreAccess> for StoreKey {
    fn from(access: StoreAccess) -> Self {
        Self { id: access.id, secret: SecretString::from(access.secret) }
    }
}

/// How sharing the history with other machines stands.
#[tauri::command]
#[specta::specta]
pub async fn sync_state(profile: State<'_, Profile>) -> Result<SyncState, Failure> {
    blocking(profile, |assistant| assistant.sync_state()).await
}

/// Lets the person choose the folder to share the history through; it, or nothing if they choose
/// none.
#[tauri::command]
#[specta::specta]
pub async fn choose_sync_folder(
    profile: State<'_, Profile>,
    folder: State<'_, Folder>,
    window: WebviewWindow,
) -> Result<Option<String>, Failure> {
    let folder = Folder::clone(&folder);
    blocking(profile, move |assistant| {
        assistant.permit(Action::Sync)?;
        let Some(chosen) = dialogs::pick_folder(&window) else { return Ok(None) };
        let shown = chosen.display().to_string();
        *folder.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(chosen);
        Ok(Some(shown))
    })
    .await
}

/// Starts to share the history in an empty store, or in the chosen folder without one.
#[tauri::command]
#[specta::specta]
pub async fn start_sync(
    profile: State<'_, Profile>,
    folder: State<'_, Folder>,
    store: Option<StoreConfig>,
    key: Option<StoreAccess>,
) -> Result<SyncState, Failure> {
    let assistant = profile.assistant()?;
    assistant.permit(Action::Sync)?;
    let store = named(&assistant, &folder, store)?;
    assistant.start_sync(store, key.map(StoreKey::from)).await
}

/// Joins the machines that share a history in a store, or in the chosen folder without one.
#[tauri::command]
#[specta::specta]
pub async fn join_sync(
    profile: State<'_, Profile>,
    folder: State<'_, Folder>,
    store: Option<StoreConfig>,
    key: Option<StoreAccess>,
    code: String,
) -> Result<SyncState, Failure> {
    let assistant = profile.assistant()?;
    assistant.permit(Action::Sync)?;
    let store = named(&assistant, &folder, store)?;
    assistant.join_sync(store, key.map(StoreKey::from), &SecretString::from(code)).await
}

/// Exchanges changes with the other machines at once.
#[tauri::command]
#[specta::specta]
pub async fn sync_now(profile: State<'_, Profile>) -> Result<SyncState, Failure> {
    profile.assistant()?.sync_now().await
}

/// The pairing code, for the person to enter on another machine.
#[tauri::command]
#[specta::specta]
pub async fn sync_code(profile: State<'_, Profile>) -> Result<String, Failure> {
    blocking(profile, |assistant| Ok(assistant.sync_code()?.expose_secret().to_owned())).await
}

/// Shares the history no longer.
#[tauri::command]
#[specta::specta]
pub async fn stop_sync(profile: State<'_, Profile>) -> Result<SyncState, Failure> {
    profile.assistant()?.stop_sync().await
}

/// The store that the page means. A folder is only ever the one that the person chose in the
/// system's dialog, or the one that `config.toml` names.
fn named(
    assistant: &Assistant,
    folder: &Folder,
    store: Option<StoreConfig>,
) -> Result<StoreConfig, Failure> {
    let refused = || Failure::new(FailureCode::Invalid, "choose the folder first");
    match store {
        Some(store) if store.is_folder() && assistant.config().sync.as_ref() != Some(&store) => {
            Err(refused())
        }
        Some(store) => Ok(store),
        None => {
            let chosen = folder.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
            Ok(StoreConfig::new(chosen.ok_or_else(refused)?.display().to_string()))
        }
    }
}
