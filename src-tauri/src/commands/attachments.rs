//! Commands of attached files. The page never names a path: the system's dialog and the person's
//! own drops do.

use assistant::{DocumentPage, StagedFile};
use conversation::{AttachmentId, ConversationId, Failure};
use policy::Action;
use tauri::{State, WebviewWindow};

use super::blocking;
use crate::{Profile, clipboard, dialogs};

/// Lets the person choose files to send; none if they choose none.
#[tauri::command]
#[specta::specta]
pub async fn choose_files(
    profile: State<'_, Profile>,
    window: WebviewWindow,
) -> Result<Vec<StagedFile>, Failure> {
    blocking(profile, move |assistant| {
        assistant.permit(Action::Attach)?;
        let mut staged = Vec::new();
        for path in dialogs::pick_files(&window) {
            match assistant.stage_file(window.label(), &path) {
                Ok(file) => staged.push(file),
                Err(failure) => {
                    // The page learns of none of them.
                    staged.iter().for_each(|file: &StagedFile| assistant.unstage(file.id));
                    return Err(failure);
                }
            }
        }
        Ok(staged)
    })
    .await
}

/// Lets the bytes of a pasted file wait for their question.
#[tauri::command]
#[specta::specta]
pub async fn stage_file(
    profile: State<'_, Profile>,
    window: WebviewWindow,
    name: String,
    data: Vec<u8>,
) -> Result<StagedFile, Failure> {
    blocking(profile, move |assistant| assistant.stage_pasted(window.label(), &name, data)).await
}

/// Lets the image that lies on the clipboard wait for its question, where the web view does not
/// hand it to the page; none where there is none, or the person does not look at this window.
#[tauri::command]
#[specta::specta]
pub async fn paste_image(
    profile: State<'_, Profile>,
    window: WebviewWindow,
    name: String,
) -> Result<Option<StagedFile>, Failure> {
    profile.assistant()?.permit(Action::Paste)?;
    if !window.is_focused().unwrap_or(false) {
        return Ok(None);
    }
    let Some(data) = clipboard::image(&window).await else { return Ok(None) };
    blocking(profile, move |assistant| {
        assistant.stage_pasted(window.label(), &name, data).map(Some)
    })
    .await
}

/// The text that lies on the clipboard, where the web view does not hand it to the page; none where
/// there is none, or the person does not look at this window.
#[tauri::command]
#[specta::specta]
pub async fn paste_text(
    profile: State<'_, Profile>,
    window: WebviewWindow,
) -> Result<Option<String>, Failure> {
    profile.assistant()?.permit(Action::Paste)?;
    if !window.is_focused().unwrap_or(false) {
        return Ok(None);
    }
    Ok(clipboard::text(&window).await)
}

/// The text of a waiting file.
#[tauri::command]
#[specta::specta]
pub async fn staged_text(profile: State<'_, Profile>, id: AttachmentId) -> Result<String, Failure> {
    blocking(profile, move |assistant| assistant.staged_text(id)).await
}

/// Reads a waiting file that opens with a password.
#[tauri::command]
#[specta::specta]
pub async fn unlock_staged(
    profile: State<'_, Profile>,
    id: AttachmentId,
    password: String,
) -> Result<StagedFile, Failure> {
    blocking(profile, move |assistant| assistant.unlock_staged(id, &password)).await
}

/// Forgets a waiting file.
#[tauri::command]
#[specta::specta]
pub async fn unstage(profile: State<'_, Profile>, id: AttachmentId) -> Result<(), Failure> {
    profile.assistant()?.unstage(id);
    Ok(())
}

/// An attached image, as an address that holds all of it.
#[tauri::command]
#[specta::specta]
pub async fn attachment(profile: State<'_, Profile>, id: AttachmentId) -> Result<String, Failure> {
    blocking(profile, move |assistant| assistant.attached_image(id)).await
}

/// A page of a document that was sent; the first is 0.
#[tauri::command]
#[specta::specta]
pub async fn document_page(
    profile: State<'_, Profile>,
    id: AttachmentId,
    page: u32,
) -> Result<DocumentPage, Failure> {
    blocking(profile, move |assistant| assistant.document_page(id, page)).await
}

/// The picture of a page of a document that was sent (the first is 0), about so many pixels wide, as
/// an address that holds all of it; none where the original is no longer to be had.
#[tauri::command]
#[specta::specta]
pub async fn page_picture(
    profile: State<'_, Profile>,
    id: AttachmentId,
    page: u32,
    width: u32,
) -> Result<Option<String>, Failure> {
    blocking(profile, move |assistant| assistant.page_picture(id, page, width)).await
}

/// The page with the passage that a link of an answer names, the passage marked.
#[tauri::command]
#[specta::specta]
pub async fn passage(
    profile: State<'_, Profile>,
    conversation: ConversationId,
    address: String,
) -> Result<DocumentPage, Failure> {
    blocking(profile, move |assistant| assistant.passage(conversation, &address)).await
}
