//! Commands of what the organisation has recorded.

use assistant::{AuditEntry, AuditState};
use conversation::Failure;
use tauri::State;

use super::blocking;
use crate::Profile;

/// How the audit log is kept; nothing where none is.
#[tauri::command]
#[specta::specta]
pub async fn audit_state(profile: State<'_, Profile>) -> Result<Option<AuditState>, Failure> {
    blocking(profile, |assistant| Ok(assistant.audit_state())).await
}

/// The last records before the one with this number, or the last of all, the newest first.
#[tauri::command]
#[specta::specta]
pub async fn audit_entries(
    profile: State<'_, Profile>,
    before: Option<u32>,
) -> Result<Vec<AuditEntry>, Failure> {
    blocking(profile, move |assistant| assistant.audit_entries(before.map(u64::from))).await
}
