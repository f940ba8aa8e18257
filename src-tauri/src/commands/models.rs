//! The model picker's command.

use assistant::Models;
use conversation::Failure;
use tauri::State;

use crate::Profile;

/// Every model that can be asked, and why endpoints told none.
#[tauri::command]
#[specta::specta]
pub async fn models(profile: State<'_, Profile>) -> Result<Models, Failure> {
    Ok(profile.assistant()?.models().await)
}
