//! Commands of reading aloud.

use assistant::{AloudEnd, SpokenText};
use conversation::Failure;
use tauri::ipc::Channel;
use tauri::{State, WebviewWindow};

use super::blocking;
use crate::Profile;

/// Reads these sentences aloud, in place of whatever is being read; the channel is told of each, by
/// its place among them, as it begins.
#[tauri::command]
#[specta::specta]
pub async fn read_aloud(
    profile: State<'_, Profile>,
    window: WebviewWindow,
    sentences: Vec<SpokenText>,
    begun: Channel<u32>,
) -> Result<AloudEnd, Failure> {
    blocking(profile, move |assistant| {
        assistant.read_aloud(window.label(), &sentences, |place| {
            // A window that is gone no longer listens, and stops what is read to it.
            let _ = begun.send(place);
        })
    })
    .await
}

/// Stops what is being read aloud.
#[tauri::command]
#[specta::specta]
pub async fn stop_reading_aloud(profile: State<'_, Profile>) -> Result<(), Failure> {
    profile.assistant()?.stop_reading_aloud();
    Ok(())
}
