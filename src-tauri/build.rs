//! Tells Tauri where the capabilities are, and which commands exist: a command that no
//! capability allows cannot be called.

/// Every command that the page may be allowed; a test compares them with what is registered.
const COMMANDS: &[&str] = &[
    "status",
    "create_vault",
    "unlock",
    "start_temporary",
    "conversations",
    "open_conversation",
    "select_branch",
    "rename",
    "delete_conversation",
    "search",
    "suggest",
    "send",
    "edit",
    "regenerate",
    "continue_answer",
    "stop",
    "models",
    "inspect_link",
    "open_link",
    "set_pinned",
    "restore_conversation",
    "drafts",
    "set_draft",
    "exchange",
    "context_use",
    "set_settings",
    "endpoints",
    "save_endpoint",
    "remove_endpoint",
    "test_endpoint",
    "instructions",
    "set_instructions",
    "set_conversation_instructions",
    "choose_files",
    "stage_file",
    "paste_image",
    "unstage",
    "attachment",
    "storage",
    "verify",
    "delete_all",
    "diagnostics",
    "save_text",
    "subscribe",
    "open_window",
    "drag_out",
    "notify",
    "hide_quick",
    "resize_quick",
    "quick_keys",
];

fn main() {
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/*.json")
        .app_manifest(tauri_build::AppManifest::new().commands(COMMANDS));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
