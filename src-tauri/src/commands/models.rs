//! The model picker's command.

use conversation::Failure;
use endpoint::ModelInfo;
use tauri::State;

use crate::Profile;

/// Every model that can be asked.
#[tauri::command]
#[specta::specta]
pub async fn models(profile: State<'_, Profile>) -> Result<Vec<ModelInfo>, Failure> {
    profile.assistant()?.models().await
}
