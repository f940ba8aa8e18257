//! Commands of backups, and of what is done with a damaged history. The page never names a path:
//! the system's dialogs do.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use assistant::{BackupSchedule, Backups, backup_file_name};
use conversation::{Failure, FailureCode};
use policy::Action;
use secrecy::{ExposeSecret, SecretString};
use tauri::{State, WebviewWindow};

use super::blocking;
use crate::{Profile, dialogs};

/// The backup that the person chose to put back, and has not yet given the passphrase of.
#[derive(Clone, Default)]
pub(crate) struct Chosen(Arc<Mutex<Option<PathBuf>>>);

/// How backups stand.
#[tauri::command]
#[specta::specta]
pub async fn backups(profile: State<'_, Profile>) -> Result<Backups, Failure> {
    blocking(profile, |assistant| assistant.backups()).await
}

/// Lets the passphrase open the backups to come, or a new recovery key without one.
#[tauri::command]
#[specta::specta]
pub async fn protect_backups(
    profile: State<'_, Profile>,
    passphrase: Option<String>,
) -> Result<Backups, Failure> {
    let passphrase = passphrase.map(SecretString::from);
    blocking(profile, move |assistant| match passphrase {
        Some(passphrase) => assistant.protect_backups_with_passphrase(&passphrase),
        None => assistant.protect_backups_with_recovery_key(),
    })
    .await
}

/// The recovery key that is in force, for the person to write down.
#[tauri::command]
#[specta::specta]
pub async fn recovery_key(profile: State<'_, Profile>) -> Result<String, Failure> {
    blocking(profile, |assistant| Ok(assistant.recovery_key()?.expose_secret().to_owned())).await
}

/// Lets the person choose the folder into which backups are made by themselves; nothing has
/// changed if they choose none.
#[tauri::command]
#[specta::specta]
pub async fn choose_backup_folder(
    profile: State<'_, Profile>,
    window: WebviewWindow,
) -> Result<Backups, Failure> {
    blocking(profile, move |assistant| {
        assistant.permit(Action::BackUp)?;
        let before = assistant.backups()?;
        let Some(folder) = dialogs::pick_folder(&window) else { return Ok(before) };
        let (days, keep) = before.schedule.map_or((1, 7), |before| (before.days, before.keep));
        let folder = folder.display().to_string();
        assistant.schedule_backups(Some(BackupSchedule { folder, days, keep }))
    })
    .await
}

/// Sets how often backups are made by themselves, and how many are kept.
#[tauri::command]
#[specta::specta]
pub async fn set_backup_schedule(
    profile: State<'_, Profile>,
    days: u32,
    keep: u32,
) -> Result<Backups, Failure> {
    blocking(profile, move |assistant| {
        assistant.permit(Action::BackUp)?;
        let Some(schedule) = assistant.backups()?.schedule else {
            return Err(Failure::new(FailureCode::Invalid, "choose a folder for backups first"));
        };
        assistant.schedule_backups(Some(BackupSchedule { days, keep, ..schedule }))
    })
    .await
}

/// Makes backups by themselves no longer; those that are there stay.
#[tauri::command]
#[specta::specta]
pub async fn stop_backups(profile: State<'_, Profile>) -> Result<Backups, Failure> {
    blocking(profile, |assistant| assistant.schedule_backups(None)).await
}

/// Makes a backup where the person says; whether they said where.
#[tauri::command]
#[specta::specta]
pub async fn back_up(profile: State<'_, Profile>, window: WebviewWindow) -> Result<bool, Failure> {
    blocking(profile, move |assistant| {
        assistant.permit(Action::BackUp)?;
        let Some(file) = dialogs::save_file(&window, &backup_file_name()) else { return Ok(false) };
        assistant.back_up(&file).map(|()| true)
    })
    .await
}

/// Makes the scheduled backup at once.
#[tauri::command]
#[specta::specta]
pub async fn back_up_now(profile: State<'_, Profile>) -> Result<Backups, Failure> {
    blocking(profile, |assistant| {
        assistant.back_up_as_scheduled()?;
        assistant.backups()
    })
    .await
}

/// Lets the person choose a backup to put back; its name, or nothing if they choose none.
#[tauri::command]
#[specta::specta]
pub async fn choose_backup(
    profile: State<'_, Profile>,
    chosen: State<'_, Chosen>,
    window: WebviewWindow,
) -> Result<Option<String>, Failure> {
    let chosen = Chosen::clone(&chosen);
    blocking(profile, move |assistant| {
        assistant.permit(Action::Delete)?;
        let Some(file) = dialogs::pick_file(&window) else { return Ok(None) };
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        *chosen.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
        Ok(Some(name))
    })
    .await
}

/// Puts the chosen backup in the place of the history, given its passphrase or recovery key.
#[tauri::command]
#[specta::specta]
pub async fn restore_backup(
    profile: State<'_, Profile>,
    chosen: State<'_, Chosen>,
    secret: String,
) -> Result<(), Failure> {
    let secret = SecretString::from(secret);
    let file = chosen.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    blocking(profile, move |assistant| {
        assistant.permit(Action::Delete)?;
        let unchosen = || Failure::new(FailureCode::Invalid, "choose a backup first");
        assistant.restore_backup(file.as_deref().ok_or_else(unchosen)?, &secret)
    })
    .await
}

/// Puts the last backup that was made by itself in the place of the history.
#[tauri::command]
#[specta::specta]
pub async fn restore_last_backup(profile: State<'_, Profile>) -> Result<(), Failure> {
    blocking(profile, |assistant| assistant.restore_last_backup()).await
}

/// Opens a history in which damage was found, to be read alone.
#[tauri::command]
#[specta::specta]
pub async fn read_damaged(profile: State<'_, Profile>) -> Result<(), Failure> {
    blocking(profile, |assistant| assistant.read_damaged()).await
}
