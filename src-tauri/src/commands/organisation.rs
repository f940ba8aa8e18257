//! Commands of the organisation's policy.

use assistant::Organisation;
use conversation::Failure;
use tauri::State;

use crate::Profile;

/// Looks for a newer policy at once; the organisation as it decides then, none where there is none.
#[tauri::command]
#[specta::specta]
pub async fn refresh_policy(profile: State<'_, Profile>) -> Result<Option<Organisation>, Failure> {
    Ok(profile.assistant()?.refresh_policy().await)
}
