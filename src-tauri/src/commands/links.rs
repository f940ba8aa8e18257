//! Commands of the link dialog.

use conversation::{ConversationId, Failure, FailureCode};
use markdown::link::Inspection;
use tauri::State;

use super::blocking;
use crate::Profile;

/// What to show before a link is opened.
#[tauri::command]
#[specta::specta]
pub async fn inspect_link(
    profile: State<'_, Profile>,
    conversation: Option<ConversationId>,
    address: String,
) -> Result<Inspection, Failure> {
    blocking(profile, move |assistant| assistant.inspect_link(conversation, &address)).await
}

/// Opens a link in the system's browser or mail program; http, https and mailto alone.
#[tauri::command]
#[specta::specta]
pub async fn open_link(profile: State<'_, Profile>, address: String) -> Result<(), Failure> {
    blocking(profile, move |assistant| {
        let link = assistant.link_to_open(&address)?;
        open::that_detached(link.address).map_err(|error| {
            Failure::new(FailureCode::Internal, format!("no program opens this link: {error}"))
        })
    })
    .await
}
