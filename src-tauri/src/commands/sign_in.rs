//! Commands of signing in to endpoints. The browser is opened from here: the page never sees an
//! address of a sign-in, a code or a token.

use assistant::{BrowserPage, EndpointView};
use conversation::{Failure, FailureCode};
use secrecy::SecretString;
use tauri::State;

use super::blocking;
use crate::{Profile, text};

/// Signs the person in to an endpoint with the system's browser, and waits for them.
#[tauri::command]
#[specta::specta]
pub async fn sign_in(
    profile: State<'_, Profile>,
    endpoint: String,
) -> Result<Vec<EndpointView>, Failure> {
    let assistant = profile.assistant()?;
    let chosen = assistant.settings().language;
    let of = |key| text::of(chosen.as_deref(), key);
    let page = BrowserPage {
        language: chosen.clone().or_else(sys_locale::get_locale).unwrap_or_else(|| "en".to_owned()),
        done: of("sign_in_page_done"),
        failed: of("sign_in_page_failed"),
    };
    assistant.sign_in(&endpoint, &page, |address| open::that_detached(address.as_str())).await?;
    blocking(profile, |assistant| assistant.endpoints()).await
}

/// Gives up a sign-in that waits.
#[tauri::command]
#[specta::specta]
pub fn cancel_sign_in(profile: State<'_, Profile>, endpoint: String) -> Result<(), Failure> {
    profile.assistant()?.cancel_sign_in(&endpoint);
    Ok(())
}

/// Signs out of an endpoint, and lets the browser sign out too.
#[tauri::command]
#[specta::specta]
pub async fn sign_out(
    profile: State<'_, Profile>,
    endpoint: String,
) -> Result<Vec<EndpointView>, Failure> {
    if let Some(address) = profile.assistant()?.sign_out(&endpoint).await? {
        open::that_detached(address.as_str()).map_err(|error| {
            let message = format!("no browser opens to sign out of it too: {error}");
            Failure::new(FailureCode::SignInFailed, message)
        })?;
    }
    blocking(profile, |assistant| assistant.endpoints()).await
}

/// Keeps the password or PIN of an endpoint's client certificate; an empty one forgets it.
#[tauri::command]
#[specta::specta]
pub async fn set_certificate_secret(
    profile: State<'_, Profile>,
    endpoint: String,
    secret: String,
) -> Result<Vec<EndpointView>, Failure> {
    blocking(profile, move |assistant| {
        assistant.set_certificate_secret(&endpoint, Some(&SecretString::from(secret)))?;
        assistant.endpoints()
    })
    .await
}
