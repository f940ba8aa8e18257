//! Commands of the conversation list.

use assistant::{Exchange, ThreadView};
use conversation::{Conversation, ConversationId, Draft, Failure, MessageId};
use history::{Match, Order, Place, View};
use tauri::State;
use tauri::ipc::Channel;

use super::blocking;
use crate::Profile;

/// The most matches that one search gives.
const SEARCH_LIMIT: usize = 50;

/// A page of a list, after a place or from the beginning.
#[tauri::command]
#[specta::specta]
pub async fn conversations(
    profile: State<'_, Profile>,
    view: View,
    after: Option<Place>,
) -> Result<Vec<Conversation>, Failure> {
    blocking(profile, move |assistant| assistant.list(&view, after.as_ref())).await
}

/// A conversation, without its messages.
#[tauri::command]
#[specta::specta]
pub async fn conversation(
    profile: State<'_, Profile>,
    conversation: ConversationId,
) -> Result<Conversation, Failure> {
    blocking(profile, move |assistant| assistant.conversation(conversation)).await
}

/// The conversations whose titles have words that begin as these do.
#[tauri::command]
#[specta::specta]
pub async fn titled(
    profile: State<'_, Profile>,
    words: String,
) -> Result<Vec<Conversation>, Failure> {
    blocking(profile, move |assistant| assistant.titled(&words)).await
}

/// Tells of a conversation's shown branch part by part: its end first, then what comes before it.
#[tauri::command]
#[specta::specta]
pub async fn open_conversation(
    profile: State<'_, Profile>,
    conversation: ConversationId,
    parts: Channel<ThreadView>,
) -> Result<(), Failure> {
    // A window that was closed meanwhile needs none.
    let on = move |part| drop(parts.send(part));
    blocking(profile, move |assistant| assistant.open_in_parts(conversation, on)).await
}

/// Shows the newest branch through the message.
#[tauri::command]
#[specta::specta]
pub async fn select_branch(
    profile: State<'_, Profile>,
    message: MessageId,
) -> Result<ThreadView, Failure> {
    blocking(profile, move |assistant| assistant.select_branch(message)).await
}

/// Gives a conversation another title.
#[tauri::command]
#[specta::specta]
pub async fn rename(
    profile: State<'_, Profile>,
    conversation: ConversationId,
    title: String,
) -> Result<Conversation, Failure> {
    blocking(profile, move |assistant| assistant.rename(conversation, &title)).await
}

/// Lets a conversation stand above the others, or not.
#[tauri::command]
#[specta::specta]
pub async fn set_pinned(
    profile: State<'_, Profile>,
    conversation: ConversationId,
    pinned: bool,
) -> Result<Conversation, Failure> {
    blocking(profile, move |assistant| assistant.set_pinned(conversation, pinned)).await
}

/// What was written and not yet sent.
#[tauri::command]
#[specta::specta]
pub async fn drafts(profile: State<'_, Profile>) -> Result<Vec<Draft>, Failure> {
    blocking(profile, |assistant| assistant.drafts()).await
}

/// Keeps what was written and not yet sent.
#[tauri::command]
#[specta::specta]
pub async fn set_draft(
    profile: State<'_, Profile>,
    conversation: Option<ConversationId>,
    text: String,
) -> Result<(), Failure> {
    blocking(profile, move |assistant| assistant.set_draft(Draft { conversation, text })).await
}

/// The conversations and messages that hold these words.
#[tauri::command]
#[specta::specta]
pub async fn search(
    profile: State<'_, Profile>,
    query: String,
    order: Order,
) -> Result<Vec<Match>, Failure> {
    blocking(profile, move |assistant| assistant.search(&query, order, SEARCH_LIMIT)).await
}

/// The query with its misspelt words put right, for one that finds nothing.
#[tauri::command]
#[specta::specta]
pub async fn suggest(
    profile: State<'_, Profile>,
    query: String,
) -> Result<Option<String>, Failure> {
    blocking(profile, move |assistant| assistant.suggest(&query)).await
}

/// What was sent for an answer, and what came back.
#[tauri::command]
#[specta::specta]
pub async fn exchange(
    profile: State<'_, Profile>,
    message: MessageId,
) -> Result<Option<Exchange>, Failure> {
    blocking(profile, move |assistant| assistant.exchange(message)).await
}
