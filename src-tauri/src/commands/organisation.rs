//! Commands of the organisation's policy, and of what a person adds to it.

use assistant::{Organisation, PreventionAction, PreventionChoice, PreventionKind};
use conversation::Failure;
use tauri::State;

use super::blocking;
use crate::Profile;

/// Looks for a newer policy at once; the organisation as it decides then, none where there is none.
#[tauri::command]
#[specta::specta]
pub async fn refresh_policy(profile: State<'_, Profile>) -> Result<Option<Organisation>, Failure> {
    Ok(profile.assistant()?.refresh_policy().await)
}

/// What is done about each kind of thing that is found in what is sent.
#[tauri::command]
#[specta::specta]
pub async fn prevention(profile: State<'_, Profile>) -> Result<Vec<PreventionChoice>, Failure> {
    blocking(profile, |assistant| Ok(assistant.prevention_choices())).await
}

/// Keeps what a person wants done about a kind of thing.
#[tauri::command]
#[specta::specta]
pub async fn set_prevention(
    profile: State<'_, Profile>,
    kind: PreventionKind,
    action: PreventionAction,
) -> Result<Vec<PreventionChoice>, Failure> {
    blocking(profile, move |assistant| assistant.set_prevention(kind, action)).await
}
