//! Commands of what holds at the desk: the lock, the organisation's notice, and markings.

use assistant::{Assistant, Status};
use conversation::{ConversationId, Failure, Marking};
use secrecy::SecretString;
use tauri::{AppHandle, State, WebviewWindow};

use super::{blocking, entering, standing};
use crate::Profile;
use crate::events::Listeners;
use crate::leaving::{self, Leaving};
use crate::lock::HandingOver;

/// No model's id is longer, in bytes: more is not kept while the history is locked.
const LONGEST_MODEL: usize = 256;

/// Locks the history, in all windows, or ends the program; but where something ends with it that
/// was never written, only once the person has said so. Returns whether it is done.
#[tauri::command]
#[specta::specta]
pub async fn leave(app: AppHandle, leaving: Leaving, confirmed: bool) -> Result<bool, Failure> {
    if !confirmed && leaving::loses(&app) {
        return Ok(false);
    }
    // The page that asks is told as every window is.
    tauri::async_runtime::spawn_blocking(move || leaving::go(&app, leaving));
    Ok(true)
}

/// Says that the window has handed over what was being written in it. It shows this conversation
/// again once its page is loaded anew and the history unlocked, with the model that was chosen for
/// what comes next. Where nothing is about to be locked it is not heard.
#[tauri::command]
#[specta::specta]
pub async fn handed_over(
    window: WebviewWindow,
    handing_over: State<'_, HandingOver>,
    listeners: State<'_, Listeners>,
    conversation: Option<ConversationId>,
    model: Option<String>,
) -> Result<(), Failure> {
    let model = model.filter(|model| model.len() <= LONGEST_MODEL);
    // Before it is said to be done: the page is loaded anew then.
    if handing_over.waits_for(window.label()) {
        listeners.come_back(window.label(), conversation, model);
    }
    handing_over.done(window.label());
    Ok(())
}

/// Opens the history with the keychain, for a person who asks for it.
#[tauri::command]
#[specta::specta]
pub async fn unlock_with_keychain(
    app: AppHandle,
    profile: State<'_, Profile>,
) -> Result<Status, Failure> {
    entering(&app, profile, Assistant::unlock_with_keychain).await
}

/// Tells that a person is there.
#[tauri::command]
#[specta::specta]
pub async fn stir(profile: State<'_, Profile>) -> Result<(), Failure> {
    profile.assistant()?.stir();
    Ok(())
}

/// Accepts the organisation's notice.
#[tauri::command]
#[specta::specta]
pub async fn accept_notice(profile: State<'_, Profile>) -> Result<Status, Failure> {
    standing(profile, Assistant::accept_notice).await
}

/// What a conversation is marked with; none where the organisation has no markings.
#[tauri::command]
#[specta::specta]
pub async fn marking(
    profile: State<'_, Profile>,
    conversation: ConversationId,
) -> Result<Option<Marking>, Failure> {
    blocking(profile, move |assistant| assistant.marking(conversation)).await
}

/// Marks a conversation.
#[tauri::command]
#[specta::specta]
pub async fn mark(
    profile: State<'_, Profile>,
    conversation: ConversationId,
    level: String,
) -> Result<Option<Marking>, Failure> {
    blocking(profile, move |assistant| assistant.mark(conversation, &level)).await
}

/// Gives the history a passphrase, or another one in place of `old`.
#[tauri::command]
#[specta::specta]
pub async fn set_passphrase(
    profile: State<'_, Profile>,
    old: Option<String>,
    passphrase: String,
) -> Result<Status, Failure> {
    let (old, passphrase) = (old.map(SecretString::from), SecretString::from(passphrase));
    standing(profile, move |assistant| match old {
        Some(old) => assistant.change_passphrase(&old, &passphrase),
        None => assistant.add_passphrase(&passphrase),
    })
    .await
}
