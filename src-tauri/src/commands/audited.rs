//! What of the commands is in the audit log: for each its record, or why it has none.

use assistant::Recorded as Action;

use Told::{No, Yes};

/// What the log has of a command.
enum Told {
    /// This record.
    Yes(Action),
    /// None, for this reason.
    No(&'static str),
}

const READS: &str = "it shows what lies on this machine to whoever has unlocked it";
const ORDERS: &str = "it puts what is there in another order; nothing leaves and nothing goes";
const WINDOW: &str = "it moves windows";
const STAGES: &str = "it is recorded once it is sent";
const PROMPTS: &str = "a prompt is recorded once it is sent";
const ASKS: &str = "it asks where something is to go; what is done then is recorded";

const COMMANDS: &[(&str, Told)] = &[
    ("status", Yes(Action::HistoryUnlock)),
    ("create_vault", Yes(Action::HistoryCreate)),
    ("unlock", Yes(Action::HistoryUnlock)),
    ("start_temporary", Yes(Action::HistoryTemporary)),
    ("conversations", No(READS)),
    ("conversation", No(READS)),
    ("titled", No(READS)),
    ("open_conversation", No(READS)),
    ("select_branch", No(READS)),
    ("rename", No(ORDERS)),
    ("search", No(READS)),
    ("suggest", No(READS)),
    ("send", Yes(Action::MessageSend)),
    ("edit", Yes(Action::MessageEdit)),
    ("regenerate", Yes(Action::MessageRegenerate)),
    ("continue_answer", Yes(Action::MessageContinue)),
    ("stop", No("the record of the answer's end says that it was stopped")),
    ("models", No("it asks endpoints what they offer, and tells them nothing")),
    ("inspect_link", No(READS)),
    ("open_link", No("the system's browser opens it, which has a log of its own")),
    ("set_pinned", No(ORDERS)),
    ("drafts", No(READS)),
    ("set_draft", No("a draft is recorded once it is sent")),
    ("exchange", No(READS)),
    ("context_use", No(READS)),
    ("folders", No(READS)),
    ("tags", No(READS)),
    ("create_folder", No(ORDERS)),
    ("change_folder", Yes(Action::FolderChange)),
    ("hold_folder", Yes(Action::FolderHold)),
    ("delete_folder", Yes(Action::FolderDelete)),
    ("add_folder_files", Yes(Action::FolderChange)),
    ("remove_folder_file", Yes(Action::FolderChange)),
    ("move_to_folder", No(ORDERS)),
    ("set_archived", No(ORDERS)),
    ("set_tag", No(ORDERS)),
    ("set_held", Yes(Action::ConversationHold)),
    ("delete_conversations", Yes(Action::ConversationDelete)),
    ("restore_conversations", Yes(Action::ConversationRestore)),
    ("erase_conversations", Yes(Action::ConversationErase)),
    ("empty_trash", Yes(Action::TrashEmpty)),
    ("duplicate", No(ORDERS)),
    ("merge", Yes(Action::ConversationDelete)),
    ("activity", No(READS)),
    ("retention", No(READS)),
    ("set_retention", Yes(Action::RetentionChange)),
    ("set_settings", Yes(Action::SettingsChange)),
    ("endpoints", No(READS)),
    ("save_endpoint", Yes(Action::EndpointChange)),
    ("remove_endpoint", Yes(Action::EndpointRemove)),
    ("test_endpoint", Yes(Action::EndpointTest)),
    ("instructions", No(READS)),
    ("set_instructions", Yes(Action::InstructionsChange)),
    ("set_conversation_instructions", Yes(Action::InstructionsChange)),
    ("choose_files", No(STAGES)),
    ("stage_file", No(STAGES)),
    ("paste_image", No(STAGES)),
    ("paste_text", No(STAGES)),
    ("staged_text", No(STAGES)),
    ("unlock_staged", No(STAGES)),
    ("unstage", No(STAGES)),
    ("attachment", No(READS)),
    ("document_page", No(READS)),
    ("page_picture", No(READS)),
    ("passage", No(READS)),
    ("export_conversations", Yes(Action::ConversationExport)),
    ("export_view", Yes(Action::ConversationExport)),
    ("import_conversations", Yes(Action::ConversationImport)),
    ("stop_import", No("the record of the import's end says how much came in")),
    ("backups", No(READS)),
    ("protect_backups", Yes(Action::BackupChange)),
    ("recovery_key", Yes(Action::BackupKey)),
    ("choose_backup_folder", No(ASKS)),
    ("set_backup_schedule", Yes(Action::BackupChange)),
    ("stop_backups", Yes(Action::BackupChange)),
    ("back_up", Yes(Action::BackupCreate)),
    ("back_up_now", Yes(Action::BackupCreate)),
    ("choose_backup", No(ASKS)),
    ("restore_backup", Yes(Action::BackupRestore)),
    ("restore_last_backup", Yes(Action::BackupRestore)),
    ("read_damaged", Yes(Action::HistoryDamaged)),
    ("sync_state", No(READS)),
    ("choose_sync_folder", No(ASKS)),
    ("start_sync", Yes(Action::SyncStart)),
    ("join_sync", Yes(Action::SyncStart)),
    ("sync_now", No("that the history is shared is recorded when it begins and ends")),
    ("sync_code", Yes(Action::SyncCode)),
    ("stop_sync", Yes(Action::SyncStop)),
    ("storage", No(READS)),
    ("verify", No(READS)),
    ("delete_all", Yes(Action::HistoryDelete)),
    ("diagnostics", No("it holds nothing of a conversation")),
    ("save_text", Yes(Action::ConversationExport)),
    ("subscribe", No(WINDOW)),
    ("open_window", No(WINDOW)),
    ("close_window", No(WINDOW)),
    ("drag_out", Yes(Action::ConversationExport)),
    ("notify", No("it shows a title to whoever has unlocked it")),
    ("show_quick", No(WINDOW)),
    ("hide_quick", No(WINDOW)),
    ("resize_quick", No(WINDOW)),
    ("quick_keys", No(WINDOW)),
    ("sign_in", Yes(Action::SignIn)),
    ("cancel_sign_in", No("the record of the sign-in's end says that it failed")),
    ("sign_out", Yes(Action::SignOut)),
    ("set_certificate_secret", No("the provider of the certificate sees its use")),
    ("draw_diagram", No(READS)),
    ("text_languages", No(READS)),
    ("write_text", Yes(Action::TextWrite)),
    ("stop_writing", No("the record of the text's end says how much was written")),
    ("prompts", No(READS)),
    ("set_prompts", No(PROMPTS)),
    ("import_prompts", No(PROMPTS)),
    ("export_prompts", Yes(Action::ConversationExport)),
    ("code_changes", No(READS)),
    ("apply_change", Yes(Action::FileChange)),
    ("undo_change", Yes(Action::FileChange)),
    ("read_aloud", No(READS)),
    ("stop_reading_aloud", No(READS)),
    ("refresh_policy", Yes(Action::PolicyLoad)),
    ("prevention", No(READS)),
    ("set_prevention", Yes(Action::SettingsChange)),
    ("check_text", No("nothing is sent")),
    ("preview", No("nothing is sent")),
    ("audit_state", No(READS)),
    ("audit_entries", No(READS)),
    ("leave", Yes(Action::HistoryLock)),
    ("handed_over", No(WINDOW)),
    ("unlock_with_keychain", Yes(Action::HistoryUnlock)),
    ("stir", No("somebody is there, and nothing is done")),
    ("accept_notice", Yes(Action::BannerAccept)),
    ("marking", No(READS)),
    ("mark", No(ORDERS)),
    ("set_passphrase", Yes(Action::HistoryKeys)),
    ("translate_text", Yes(Action::MessageSend)),
    ("translate_file", Yes(Action::MessageSend)),
    ("stop_translation", No("the record of the translation's end says that it was stopped")),
    ("save_translation", Yes(Action::ConversationExport)),
    ("update_state", No(READS)),
    ("look_for_update", No("it asks the organisation's server, and tells it nothing")),
    ("download_update", Yes(Action::UpdateDownload)),
    ("stop_update", No("the record of the download's end says that it was stopped")),
    ("install_update", Yes(Action::UpdateInstall)),
    ("restart", No("the program's start is recorded")),
];

/// What no command of the window does: the programs by themselves, the terminal program, the log.
const WITHOUT_COMMAND: &[Action] = &[
    Action::ProgramStart,
    Action::PolicyRefuse,
    Action::HistoryRecover,
    Action::RetentionErase,
    Action::AuditBegin,
    Action::AuditKey,
    Action::AuditCheckpoint,
    Action::AuditMend,
    Action::AuditGap,
    Action::AuditRemove,
    Action::AuditReject,
    Action::AuditExport,
];

#[test]
fn every_command_has_its_record_or_a_reason_to_have_none() {
    let source = include_str!("mod.rs");
    let (_, list) = source.split_once("collect_commands![").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    let registered: Vec<_> =
        list.split(',').filter_map(|path| path.trim().split_once("::")).map(|(_, n)| n).collect();
    for name in &registered {
        let known = COMMANDS.iter().filter(|(known, _)| known == name).count();
        assert_eq!(known, 1, "say in audited.rs what the audit log has of {name}");
    }
    assert_eq!(registered.len(), COMMANDS.len(), "audited.rs knows commands that are gone");
    for (name, told) in COMMANDS {
        assert!(!matches!(told, No(reason) if reason.is_empty()), "{name}");
    }
    for action in Action::ALL {
        let told = COMMANDS.iter().any(|(_, told)| matches!(told, Yes(of) if of == action));
        assert!(told != WITHOUT_COMMAND.contains(action), "{}", action.as_str());
    }
}
