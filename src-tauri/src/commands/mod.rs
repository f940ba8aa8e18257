//! The commands that the page can call, one file per area. Each takes its arguments, calls the
//! assistant, and gives back its result; each is also named in a capability.

mod aloud;
mod answers;
mod attachments;
mod audit;
#[cfg(test)]
mod audited;
mod backups;
mod conversations;
mod desk;
mod gate;
mod links;
mod models;
mod organisation;
mod organising;
mod settings;
mod sign_in;
mod storage;
mod sync;
mod transfer;
mod translations;
mod updates;
mod vault;
mod windows;
mod writing;

use assistant::{Assistant, Status};
use conversation::{Failure, FailureCode};
use tauri::{AppHandle, State, Wry};

use crate::{Profile, tray};

pub(crate) use backups::Chosen;
pub(crate) use gate::guarded;
pub(crate) use sync::Folder;
pub(crate) use transfer::Importing;
pub(crate) use translations::Translations;

/// Every command, with its types: for Tauri to dispatch, and to generate the page's bindings.
pub(crate) fn registered() -> tauri_specta::Builder<Wry> {
    tauri_specta::Builder::new().disable_serde_phases().commands(tauri_specta::collect_commands![
        vault::status,
        vault::create_vault,
        vault::unlock,
        vault::start_temporary,
        conversations::conversations,
        conversations::conversation,
        conversations::titled,
        conversations::open_conversation,
        conversations::select_branch,
        conversations::rename,
        conversations::search,
        conversations::suggest,
        answers::send,
        answers::edit,
        answers::regenerate,
        answers::continue_answer,
        answers::stop,
        models::models,
        links::inspect_link,
        links::open_link,
        conversations::set_pinned,
        conversations::drafts,
        conversations::set_draft,
        conversations::exchange,
        answers::context_use,
        organising::folders,
        organising::tags,
        organising::create_folder,
        organising::change_folder,
        organising::hold_folder,
        organising::delete_folder,
        organising::add_folder_files,
        organising::remove_folder_file,
        organising::move_to_folder,
        organising::set_archived,
        organising::set_tag,
        organising::set_held,
        organising::delete_conversations,
        organising::restore_conversations,
        organising::erase_conversations,
        organising::empty_trash,
        organising::duplicate,
        organising::merge,
        organising::activity,
        organising::retention,
        organising::set_retention,
        settings::set_settings,
        settings::endpoints,
        settings::save_endpoint,
        settings::remove_endpoint,
        settings::test_endpoint,
        settings::instructions,
        settings::set_instructions,
        settings::set_conversation_instructions,
        attachments::choose_files,
        attachments::stage_file,
        attachments::paste_image,
        attachments::paste_text,
        attachments::staged_text,
        attachments::unlock_staged,
        attachments::unstage,
        attachments::attachment,
        attachments::document_page,
        attachments::page_picture,
        attachments::passage,
        transfer::export_conversations,
        transfer::export_view,
        transfer::import_conversations,
        transfer::stop_import,
        backups::backups,
        backups::protect_backups,
        backups::recovery_key,
        backups::choose_backup_folder,
        backups::set_backup_schedule,
        backups::stop_backups,
        backups::back_up,
        backups::back_up_now,
        backups::choose_backup,
        backups::restore_backup,
        backups::restore_last_backup,
        backups::read_damaged,
        sync::sync_state,
        sync::choose_sync_folder,
        sync::start_sync,
        sync::join_sync,
        sync::sync_now,
        sync::sync_code,
        sync::stop_sync,
        storage::storage,
        storage::verify,
        storage::delete_all,
        storage::diagnostics,
        storage::save_text,
        windows::subscribe,
        windows::open_window,
        windows::close_window,
        windows::drag_out,
        windows::notify,
        windows::show_quick,
        windows::hide_quick,
        windows::resize_quick,
        windows::quick_keys,
        sign_in::sign_in,
        sign_in::cancel_sign_in,
        sign_in::sign_out,
        sign_in::set_certificate_secret,
        writing::draw_diagram,
        writing::text_languages,
        writing::write_text,
        writing::stop_writing,
        writing::prompts,
        writing::set_prompts,
        writing::import_prompts,
        writing::export_prompts,
        writing::code_changes,
        writing::apply_change,
        writing::undo_change,
        aloud::read_aloud,
        aloud::stop_reading_aloud,
        organisation::refresh_policy,
        organisation::prevention,
        organisation::set_prevention,
        answers::check_text,
        answers::preview,
        audit::audit_state,
        audit::audit_entries,
        desk::leave,
        desk::handed_over,
        desk::unlock_with_keychain,
        desk::stir,
        desk::accept_notice,
        desk::marking,
        desk::mark,
        desk::set_passphrase,
        translations::translate_text,
        translations::translate_file,
        translations::stop_translation,
        translations::save_translation,
        updates::update_state,
        updates::look_for_update,
        updates::download_update,
        updates::stop_update,
        updates::install_update,
        updates::restart,
    ])
}

/// Runs a call that reads or writes the disk on a thread that may wait.
async fn blocking<T: Send + 'static>(
    profile: State<'_, Profile>,
    call: impl FnOnce(&Assistant) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let assistant = profile.assistant()?;
    match tauri::async_runtime::spawn_blocking(move || call(&assistant)).await {
        Ok(result) => result,
        Err(_) => Err(Failure::new(FailureCode::Internal, "the command was broken off")),
    }
}

/// As [`blocking`], for what changes how the history stands; gives back how it stands then.
async fn standing(
    profile: State<'_, Profile>,
    call: impl FnOnce(&Assistant) -> Result<(), Failure> + Send + 'static,
) -> Result<Status, Failure> {
    blocking(profile, move |assistant| {
        call(assistant)?;
        assistant.status()
    })
    .await
}

/// As [`standing`], for what may open the history: the tray lists its conversations then.
async fn entering(
    app: &AppHandle,
    profile: State<'_, Profile>,
    call: impl FnOnce(&Assistant) -> Result<(), Failure> + Send + 'static,
) -> Result<Status, Failure> {
    let status = standing(profile, call).await;
    tray::refresh(app);
    status
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_command_is_in_the_capability_and_nothing_else_is() {
        let capability = include_str!("../../capabilities/main.json");
        let allowed: Vec<_> =
            capability.split('"').filter_map(|w| w.strip_prefix("allow-")).collect();
        let source = include_str!("mod.rs");
        let (_, list) = source.split_once("collect_commands![").unwrap();
        let (list, _) = list.split_once(']').unwrap();
        let registered: Vec<_> = list
            .split(',')
            .filter_map(|path| path.trim().split_once("::"))
            .map(|(_, name)| name.replace('_', "-"))
            .collect();
        assert_eq!(allowed, registered);
        assert!(!capability.contains("core:"), "the page needs nothing of Tauri's own");
    }
}
