//! Commands that keep order: folders, tags, the archive, the trash, retention.

use assistant::{FolderChange, Retention, read_attachment};
use conversation::{AttachmentId, Conversation, ConversationId, Failure, Folder, FolderId};
use history::Activity;
use policy::Action;
use tauri::{State, WebviewWindow};

use super::blocking;
use crate::{Profile, dialogs};

/// Every folder.
#[tauri::command]
#[specta::specta]
pub async fn folders(profile: State<'_, Profile>) -> Result<Vec<Folder>, Failure> {
    blocking(profile, |assistant| assistant.folders()).await
}

/// Every tag.
#[tauri::command]
#[specta::specta]
pub async fn tags(profile: State<'_, Profile>) -> Result<Vec<String>, Failure> {
    blocking(profile, |assistant| assistant.tags()).await
}

/// Makes an empty folder.
#[tauri::command]
#[specta::specta]
pub async fn create_folder(profile: State<'_, Profile>, name: String) -> Result<Folder, Failure> {
    blocking(profile, move |assistant| assistant.create_folder(&name)).await
}

/// Changes a folder.
#[tauri::command]
#[specta::specta]
pub async fn change_folder(
    profile: State<'_, Profile>,
    folder: FolderId,
    change: FolderChange,
) -> Result<Folder, Failure> {
    blocking(profile, move |assistant| assistant.change_folder(folder, &change)).await
}

/// Holds a folder with what lies in it, or lets it go.
#[tauri::command]
#[specta::specta]
pub async fn hold_folder(
    profile: State<'_, Profile>,
    folder: FolderId,
    held: bool,
) -> Result<Folder, Failure> {
    blocking(profile, move |assistant| assistant.hold_folder(folder, held)).await
}

/// Deletes a folder; its conversations stay.
#[tauri::command]
#[specta::specta]
pub async fn delete_folder(profile: State<'_, Profile>, folder: FolderId) -> Result<(), Failure> {
    blocking(profile, move |assistant| assistant.delete_folder(folder)).await
}

/// Lets the person choose files that go with every question of a folder.
#[tauri::command]
#[specta::specta]
pub async fn add_folder_files(
    profile: State<'_, Profile>,
    window: WebviewWindow,
    folder: FolderId,
) -> Result<Folder, Failure> {
    blocking(profile, move |assistant| {
        assistant.permit(Action::Attach)?;
        let files: Vec<_> = dialogs::pick_files(&window)
            .iter()
            .map(|path| read_attachment(path))
            .collect::<Result<_, _>>()?;
        assistant.add_folder_files(folder, &files)
    })
    .await
}

/// Takes a file out of a folder.
#[tauri::command]
#[specta::specta]
pub async fn remove_folder_file(
    profile: State<'_, Profile>,
    folder: FolderId,
    file: AttachmentId,
) -> Result<Folder, Failure> {
    blocking(profile, move |assistant| assistant.remove_folder_file(folder, file)).await
}

/// Puts conversations into a folder, or out of any.
#[tauri::command]
#[specta::specta]
pub async fn move_to_folder(
    profile: State<'_, Profile>,
    conversations: Vec<ConversationId>,
    folder: Option<FolderId>,
) -> Result<Vec<Conversation>, Failure> {
    blocking(profile, move |assistant| assistant.move_to_folder(&conversations, folder)).await
}

/// Puts conversations away, or takes them out again.
#[tauri::command]
#[specta::specta]
pub async fn set_archived(
    profile: State<'_, Profile>,
    conversations: Vec<ConversationId>,
    archived: bool,
) -> Result<Vec<Conversation>, Failure> {
    blocking(profile, move |assistant| assistant.set_archived(&conversations, archived)).await
}

/// Puts a tag on conversations, or takes it off.
#[tauri::command]
#[specta::specta]
pub async fn set_tag(
    profile: State<'_, Profile>,
    conversations: Vec<ConversationId>,
    tag: String,
    borne: bool,
) -> Result<Vec<Conversation>, Failure> {
    blocking(profile, move |assistant| assistant.set_tag(&conversations, &tag, borne)).await
}

/// Holds conversations against every deletion, or lets them go.
#[tauri::command]
#[specta::specta]
pub async fn set_held(
    profile: State<'_, Profile>,
    conversations: Vec<ConversationId>,
    held: bool,
) -> Result<Vec<Conversation>, Failure> {
    blocking(profile, move |assistant| assistant.set_held(&conversations, held)).await
}

/// Deletes conversations, which can be undone for thirty days.
#[tauri::command]
#[specta::specta]
pub async fn delete_conversations(
    profile: State<'_, Profile>,
    conversations: Vec<ConversationId>,
) -> Result<(), Failure> {
    blocking(profile, move |assistant| assistant.delete(&conversations)).await
}

/// Has deleted conversations back.
#[tauri::command]
#[specta::specta]
pub async fn restore_conversations(
    profile: State<'_, Profile>,
    conversations: Vec<ConversationId>,
) -> Result<Vec<Conversation>, Failure> {
    blocking(profile, move |assistant| assistant.restore(&conversations)).await
}

/// Deletes conversations at once and for good.
#[tauri::command]
#[specta::specta]
pub async fn erase_conversations(
    profile: State<'_, Profile>,
    conversations: Vec<ConversationId>,
) -> Result<(), Failure> {
    blocking(profile, move |assistant| assistant.erase(&conversations)).await
}

/// Erases what was deleted, but what is held.
#[tauri::command]
#[specta::specta]
pub async fn empty_trash(profile: State<'_, Profile>) -> Result<(), Failure> {
    blocking(profile, |assistant| assistant.empty_trash()).await
}

/// A copy of a conversation.
#[tauri::command]
#[specta::specta]
pub async fn duplicate(
    profile: State<'_, Profile>,
    conversation: ConversationId,
    title: String,
) -> Result<Conversation, Failure> {
    blocking(profile, move |assistant| assistant.duplicate(conversation, &title)).await
}

/// One conversation in the place of several, which are deleted.
#[tauri::command]
#[specta::specta]
pub async fn merge(
    profile: State<'_, Profile>,
    conversations: Vec<ConversationId>,
    title: String,
) -> Result<Conversation, Failure> {
    blocking(profile, move |assistant| assistant.merge(&conversations, &title)).await
}

/// What was written, by model and by month.
#[tauri::command]
#[specta::specta]
pub async fn activity(profile: State<'_, Profile>) -> Result<Activity, Failure> {
    blocking(profile, |assistant| assistant.activity()).await
}

/// How long conversations are kept.
#[tauri::command]
#[specta::specta]
pub async fn retention(profile: State<'_, Profile>) -> Result<Retention, Failure> {
    blocking(profile, |assistant| assistant.retention()).await
}

/// Sets how long conversations are kept, and erases what is due.
#[tauri::command]
#[specta::specta]
pub async fn set_retention(
    profile: State<'_, Profile>,
    retention: Retention,
) -> Result<Retention, Failure> {
    blocking(profile, move |assistant| assistant.set_retention(retention)).await
}
