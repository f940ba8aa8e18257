//! Commands of Bureau's own renewal.

use assistant::{Assistant, UpdateState};
use conversation::{Failure, FailureCode};
use tauri::{AppHandle, State};

use super::blocking;
use crate::{Profile, installation, leaving, lock};

/// How Bureau's own renewal stands.
#[tauri::command]
#[specta::specta]
pub async fn update_state(profile: State<'_, Profile>) -> Result<UpdateState, Failure> {
    Ok(profile.assistant()?.update_state())
}

/// Asks the organisation's server whether there is a newer version.
#[tauri::command]
#[specta::specta]
pub async fn look_for_update(profile: State<'_, Profile>) -> Result<UpdateState, Failure> {
    profile.assistant()?.look_for_update().await
}

/// Fetches the package of the newer version, or what of it is not here yet.
#[tauri::command]
#[specta::specta]
pub async fn download_update(profile: State<'_, Profile>) -> Result<UpdateState, Failure> {
    profile.assistant()?.download_update().await
}

/// Stops that. What has come is kept.
#[tauri::command]
#[specta::specta]
pub async fn stop_update(profile: State<'_, Profile>) -> Result<bool, Failure> {
    Ok(profile.assistant()?.stop_update())
}

/// Installs the package that is ready.
#[tauri::command]
#[specta::specta]
pub async fn install_update(
    app: AppHandle,
    profile: State<'_, Profile>,
) -> Result<UpdateState, Failure> {
    blocking(profile, move |assistant: &Assistant| {
        assistant.install_update(|announcement, key, package| {
            installation::install(&app, announcement, key, package)
        })
    })
    .await
}

/// Starts Bureau again, once a newer version is installed; but where something ends with it that was
/// never written, only once the person has said so. Returns whether it does.
#[tauri::command]
#[specta::specta]
pub async fn restart(
    app: AppHandle,
    profile: State<'_, Profile>,
    confirmed: bool,
) -> Result<bool, Failure> {
    let assistant = profile.assistant()?;
    assistant.permit(policy::Action::Update)?;
    if assistant.update_state().stage != assistant::UpdateStage::Installed {
        return Err(Failure::new(FailureCode::Invalid, "no newer version was installed"));
    }
    assistant.refuse_while_answering()?;
    if !confirmed && leaving::loses(&app) {
        return Ok(false);
    }
    // The page hands over what is being written in it, for which it must have this answer first.
    tauri::async_runtime::spawn_blocking(move || {
        lock::hand_over(&app);
        app.request_restart();
    });
    Ok(true)
}
