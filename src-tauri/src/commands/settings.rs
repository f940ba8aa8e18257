//! Commands of the settings: what a person can set, the endpoints, and the instructions.

use assistant::{EndpointDraft, EndpointReport, EndpointView, KeyChange, Settings};
use conversation::{Conversation, ConversationId, Failure};
use tauri::{AppHandle, Manager, State};

use super::blocking;
use crate::quick::Listening;
use crate::{Profile, quick, window};

/// Keeps the settings.
#[tauri::command]
#[specta::specta]
pub async fn set_settings(
    app: AppHandle,
    profile: State<'_, Profile>,
    settings: Settings,
) -> Result<Settings, Failure> {
    let listening = app.state::<Listening>();
    let _change = listening.change.lock().await;
    let before = quick::state(&app);
    let other = settings.quick_keys != before.keys;
    if other {
        // Keys that cannot be heard are refused before they are kept.
        quick::listen(&app, &settings.quick_keys)?;
    } else if before.problem.is_some() {
        quick::begin(&app, &before.keys);
    }
    let kept = blocking(profile, move |assistant| assistant.set_settings(&settings)).await;
    if other && kept.is_err() {
        quick::begin(&app, &before.keys);
    }
    if let Ok(settings) = &kept {
        window::wear(&app, settings.theme);
    }
    kept
}

/// The configured endpoints.
#[tauri::command]
#[specta::specta]
pub async fn endpoints(profile: State<'_, Profile>) -> Result<Vec<EndpointView>, Failure> {
    blocking(profile, |assistant| assistant.endpoints()).await
}

/// Adds an endpoint, or changes the one called `previous`.
#[tauri::command]
#[specta::specta]
pub async fn save_endpoint(
    profile: State<'_, Profile>,
    previous: Option<String>,
    draft: EndpointDraft,
    key: KeyChange,
) -> Result<Vec<EndpointView>, Failure> {
    blocking(profile, move |assistant| assistant.save_endpoint(previous.as_deref(), &draft, &key))
        .await
}

/// Forgets an endpoint and its key.
#[tauri::command]
#[specta::specta]
pub async fn remove_endpoint(
    profile: State<'_, Profile>,
    name: String,
) -> Result<Vec<EndpointView>, Failure> {
    blocking(profile, move |assistant| assistant.remove_endpoint(&name)).await
}

/// Tries out an endpoint, and keeps nothing.
#[tauri::command]
#[specta::specta]
pub async fn test_endpoint(
    profile: State<'_, Profile>,
    previous: Option<String>,
    draft: EndpointDraft,
    key: KeyChange,
) -> Result<EndpointReport, Failure> {
    profile.assistant()?.test_endpoint(previous.as_deref(), &draft, &key).await
}

/// The instructions that go with every question.
#[tauri::command]
#[specta::specta]
pub async fn instructions(profile: State<'_, Profile>) -> Result<String, Failure> {
    blocking(profile, |assistant| assistant.instructions()).await
}

/// Sets the instructions that go with every question.
#[tauri::command]
#[specta::specta]
pub async fn set_instructions(profile: State<'_, Profile>, text: String) -> Result<(), Failure> {
    blocking(profile, move |assistant| assistant.set_instructions(&text)).await
}

/// Sets the instructions that go with every question of a conversation.
#[tauri::command]
#[specta::specta]
pub async fn set_conversation_instructions(
    profile: State<'_, Profile>,
    conversation: ConversationId,
    text: String,
) -> Result<Conversation, Failure> {
    blocking(profile, move |assistant| assistant.set_conversation_instructions(conversation, &text))
        .await
}
