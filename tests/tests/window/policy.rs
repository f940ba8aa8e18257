//! Every command that the page can call, called by the page itself against every rule of a policy.
//! What a rule forbids is refused in the program, whatever a page that was taken over may ask for.

use serde_json::{Value, json};
use whole_program::{Profile, Window, workspace};

/// Each rule, as a policy that has nothing but it.
const RULES: &[(&str, &str)] = &[
    ("endpoints.own", "[endpoints]\nown = false"),
    ("endpoints.servers", "[endpoints]\nservers = [\"https://only.example\"]"),
    ("endpoints.models", "[endpoints]\nmodels = [\"only-this\"]"),
    ("endpoints.provided", "[endpoints.provided.work]\naddress = \"http://127.0.0.1:9/v1\""),
    ("features.built_in_model", "[features]\nbuilt_in_model = false"),
    ("features.export", "[features]\nexport = []"),
    ("features.clipboard", "[features]\nclipboard = \"off\""),
    ("features.drag_out", "[features]\ndrag_out = false"),
    ("features.sync", "[features]\nsync = false"),
    ("features.temporary", "[features]\ntemporary = false"),
    ("features.import", "[features]\nimport = false"),
    ("features.links", "[features]\nlinks = false"),
    ("features.backup", "[features]\nbackup = false"),
    ("features.file_changes", "[features]\nfile_changes = false"),
    ("features.read_aloud", "[features]\nread_aloud = false"),
    ("attachments.kinds", "[attachments]\nkinds = []"),
    ("attachments.max_bytes", "[attachments]\nmax_bytes = 1"),
    ("retention.max_days", "[retention]\nmax_days = 7"),
    ("retention.hold", "[retention]\nhold = true"),
    ("settings", "[settings]\ntheme = \"dark\""),
    ("updates.channel", "[updates]\nchannel = \"none\""),
    ("prevention.kinds", "[prevention.kinds]\ncard = \"block\""),
];

/// Members of a policy that forbid no command: what they do is tested elsewhere (`assistant/policy.rs`
/// and `terminal/policy.rs` of these tests, and the crate `policy`).
const NO_COMMAND: &[&str] = &[
    "version",
    "organisation",
    "reason",
    "source",
    "endpoints.reason",
    "endpoints.default",
    "endpoints.parameters",
    "network.reason",
    "network.proxy",
    "network.ca_certificates",
    "features.reason",
    "attachments.reason",
    "retention.reason",
    "settings.reason",
    "updates.reason",
    "updates.address",
    "updates.public_key",
    "prevention.reason",
    "prevention.names",
    "prevention.words",
    "prevention.patterns",
    "prevention.markings",
    "audit",
    "lock",
    "banner",
    "marking",
    "recovery",
    "prompts",
    "groups",
];

/// What is decided for a command.
struct Decided {
    name: &'static str,
    arguments: Value,
    /// The rules that forbid it.
    forbidden_by: &'static [&'static str],
    /// Whether it is called where nothing forbids it: not what shows a dialog, or ends the history.
    called: bool,
}

fn no(name: &'static str, arguments: Value) -> Decided {
    Decided { name, arguments, forbidden_by: &[], called: true }
}

fn by(name: &'static str, arguments: Value, forbidden_by: &'static [&'static str]) -> Decided {
    Decided { name, arguments, forbidden_by, called: true }
}

/// As [`by`], and not called where it is allowed.
fn asks(name: &'static str, arguments: Value, forbidden_by: &'static [&'static str]) -> Decided {
    Decided { name, arguments, forbidden_by, called: false }
}

const NOBODY: &str = "0000000000001";

/// Every command, and what is decided for it: a new one stands here, or the test fails.
fn decided() -> Vec<Decided> {
    let id = NOBODY;
    let draft = json!({"name": "mine", "address": "https://mine.example/v1", "kind": "open-ai-chat",
        "api_version": null, "allow_http": false});
    let key = json!({"type": "keep"});
    let view = json!({"type": "all"});
    let question = json!({"conversation": null, "text": "?", "model": "SmolLM2-135M-Instruct",
        "files": [], "temporary": true, "folder": null, "summary": null, "confirmed": false});
    let channel = json!("__CHANNEL__");
    let writing = json!({"action": "correct", "tone": "as_is", "length": "as_is", "text": "?", "wish": "",
        "model": "SmolLM2-135M-Instruct", "confirmed": false});
    let choices = json!({"to": "fr", "from": null, "model": "SmolLM2-135M-Instruct",
        "conversation": null, "confirmed": false});
    let light = json!({"language": null, "theme": "light", "density": "comfortable", "text_size": 100,
        "speech_rate": 100,
        "enter_sends": true, "model": null, "notify": true, "quick_keys": "", "background": false,
        "temporary": false, "model_titles": true, "keep_originals": false, "lock_minutes": 0, "lock_with_system": true});
    const DELETES: &[&str] = &["retention.hold"];
    const EXPORTS: &[&str] = &["features.export"];
    const SYNC: &[&str] = &["features.sync"];
    const BACKUP: &[&str] = &["features.backup"];
    const FILES: &[&str] = &["attachments.kinds"];
    const UPDATES: &[&str] = &["updates.channel"];
    const FILE_CHANGES: &[&str] = &["features.file_changes"];
    vec![
        no("status", json!({})),
        no("create_vault", json!({"passphrase": null})),
        no("unlock", json!({"passphrase": "wrong"})),
        asks("start_temporary", json!({}), &["features.temporary"]),
        no("conversations", json!({"view": view, "after": null})),
        no("conversation", json!({"conversation": id})),
        no("titled", json!({"words": "x"})),
        no("open_conversation", json!({"conversation": id, "parts": channel})),
        no("select_branch", json!({"message": id})),
        no("rename", json!({"conversation": id, "title": "x"})),
        no("search", json!({"query": "x", "order": "newest"})),
        no("suggest", json!({"query": "x"})),
        asks(
            "send",
            json!({"question": question, "events": channel}),
            &["features.temporary", "features.built_in_model"],
        ),
        // Of what is not there nothing is asked; that the same model is refused is tested below.
        no(
            "edit",
            json!({"message": id, "text": "x", "model": null, "confirmed": false, "events": channel}),
        ),
        no(
            "regenerate",
            json!({"message": id, "model": null, "confirmed": false, "events": channel}),
        ),
        no("continue_answer", json!({"message": id, "confirmed": false, "events": channel})),
        no("stop", json!({"conversation": id})),
        no("models", json!({})),
        no("inspect_link", json!({"conversation": null, "address": "https://x.example/"})),
        asks("open_link", json!({"address": "https://x.example/"}), &["features.links"]),
        no("set_pinned", json!({"conversation": id, "pinned": true})),
        no("drafts", json!({})),
        no("set_draft", json!({"conversation": null, "text": "x"})),
        no("exchange", json!({"message": id})),
        no("context_use", json!({"question": question})),
        no("folders", json!({})),
        no("tags", json!({})),
        no("create_folder", json!({"name": "x"})),
        by(
            "change_folder",
            json!({"folder": id, "change": {"name": "x", "instructions": "", "glossary": "", "retention": 30}}),
            &["retention.max_days"],
        ),
        no("hold_folder", json!({"folder": id, "held": true})),
        by("delete_folder", json!({"folder": id}), DELETES),
        asks("add_folder_files", json!({"folder": id}), FILES),
        by("remove_folder_file", json!({"folder": id, "file": id}), DELETES),
        no("move_to_folder", json!({"conversations": [id], "folder": null})),
        no("set_archived", json!({"conversations": [id], "archived": true})),
        no("set_tag", json!({"conversations": [id], "tag": "x", "borne": true})),
        no("set_held", json!({"conversations": [id], "held": true})),
        by("delete_conversations", json!({"conversations": [id]}), DELETES),
        no("restore_conversations", json!({"conversations": [id]})),
        by("erase_conversations", json!({"conversations": [id]}), DELETES),
        by("empty_trash", json!({}), DELETES),
        no("duplicate", json!({"conversation": id, "title": "x"})),
        by("merge", json!({"conversations": [id, id], "title": "x"}), DELETES),
        no("activity", json!({})),
        no("retention", json!({})),
        by(
            "set_retention",
            json!({"retention": {"days": null, "hold": false}}),
            &["retention.max_days", "retention.hold"],
        ),
        by("set_settings", json!({"settings": light}), &["settings"]),
        no("endpoints", json!({})),
        asks(
            "save_endpoint",
            json!({"previous": null, "draft": draft, "key": key}),
            &["endpoints.own", "endpoints.servers"],
        ),
        by("remove_endpoint", json!({"name": "work"}), &["endpoints.provided"]),
        asks(
            "test_endpoint",
            json!({"previous": null, "draft": draft, "key": key}),
            &["endpoints.own", "endpoints.servers"],
        ),
        no("instructions", json!({})),
        no("set_instructions", json!({"text": ""})),
        no("set_conversation_instructions", json!({"conversation": id, "text": ""})),
        asks("choose_files", json!({}), FILES),
        by(
            "stage_file",
            json!({"name": "a.txt", "data": [97, 98]}),
            &["features.clipboard", "attachments.kinds", "attachments.max_bytes"],
        ),
        by("paste_image", json!({"name": "a.png"}), &["features.clipboard"]),
        by("paste_text", json!({}), &["features.clipboard"]),
        by("staged_text", json!({"id": id}), FILES),
        no("unlock_staged", json!({"id": id, "password": "x"})),
        no("unstage", json!({"id": id})),
        no("attachment", json!({"id": id})),
        no("document_page", json!({"id": id, "page": 0})),
        no("page_picture", json!({"id": id, "page": 0, "width": 500})),
        no("passage", json!({"conversation": id, "address": "x"})),
        asks("export_conversations", json!({"conversations": [id], "format": "pdf"}), EXPORTS),
        asks("export_view", json!({"view": view, "format": "json"}), EXPORTS),
        asks("import_conversations", json!({"progress": channel}), &["features.import"]),
        no("stop_import", json!({})),
        no("backups", json!({})),
        no("protect_backups", json!({"passphrase": null})),
        no("recovery_key", json!({})),
        asks("choose_backup_folder", json!({}), BACKUP),
        by("set_backup_schedule", json!({"days": 1, "keep": 1}), BACKUP),
        no("stop_backups", json!({})),
        asks("back_up", json!({}), BACKUP),
        by("back_up_now", json!({}), BACKUP),
        asks("choose_backup", json!({}), DELETES),
        by("restore_backup", json!({"secret": "x"}), DELETES),
        by("restore_last_backup", json!({}), DELETES),
        asks("read_damaged", json!({}), &[]),
        no("sync_state", json!({})),
        asks("choose_sync_folder", json!({}), SYNC),
        by("start_sync", json!({"store": null, "key": null}), SYNC),
        by("join_sync", json!({"store": null, "key": null, "code": "x"}), SYNC),
        by("sync_now", json!({}), SYNC),
        by("sync_code", json!({}), SYNC),
        no("stop_sync", json!({})),
        no("storage", json!({})),
        no("verify", json!({})),
        asks("delete_all", json!({}), DELETES),
        no("diagnostics", json!({})),
        asks("save_text", json!({"name": "a.md", "text": "x"}), EXPORTS),
        asks("subscribe", json!({"events": channel}), &[]),
        asks("open_window", json!({"conversation": null}), &[]),
        asks("close_window", json!({}), &[]),
        by("drag_out", json!({"name": "a.md", "text": "x"}), &["features.drag_out"]),
        no("notify", json!({"text": "x"})),
        asks("show_quick", json!({}), &[]),
        no("hide_quick", json!({})),
        no("resize_quick", json!({"height": 100})),
        no("quick_keys", json!({})),
        asks("sign_in", json!({"endpoint": "x"}), &[]),
        no("cancel_sign_in", json!({"endpoint": "x"})),
        no("sign_out", json!({"endpoint": "x"})),
        no("set_certificate_secret", json!({"endpoint": "x", "secret": "x"})),
        no("draw_diagram", json!({"language": "dot", "source": "graph { a }", "dark": false})),
        no("text_languages", json!({"texts": ["x"]})),
        by(
            "write_text",
            json!({"number": 1, "request": writing, "soFar": channel}),
            &["features.built_in_model"],
        ),
        no("stop_writing", json!({"number": 1})),
        no("prompts", json!({"locale": "en"})),
        no("set_prompts", json!({"prompts": []})),
        asks("import_prompts", json!({"locale": "en"}), &["features.import"]),
        asks("export_prompts", json!({"locale": "en"}), EXPORTS),
        no("code_changes", json!({"message": id})),
        by("apply_change", json!({"message": id, "name": "x", "version": "x"}), FILE_CHANGES),
        by("undo_change", json!({"message": id, "name": "x"}), FILE_CHANGES),
        by("read_aloud", json!({"sentences": [], "begun": channel}), &["features.read_aloud"]),
        no("stop_reading_aloud", json!({})),
        no("refresh_policy", json!({})),
        no("prevention", json!({})),
        by("set_prevention", json!({"kind": "card", "action": "note"}), &["prevention.kinds"]),
        no("check_text", json!({"conversation": null, "text": "x", "model": null})),
        by("preview", json!({"question": question}), &["features.built_in_model"]),
        no("audit_state", json!({})),
        no("audit_entries", json!({"before": null})),
        asks("leave", json!({"leaving": "lock", "confirmed": true}), &[]),
        no("handed_over", json!({})),
        no("unlock_with_keychain", json!({})),
        no("stir", json!({})),
        no("accept_notice", json!({})),
        no("marking", json!({"conversation": id})),
        no("mark", json!({"conversation": id, "level": "x"})),
        no("set_passphrase", json!({"old": "wrong", "passphrase": "x"})),
        asks(
            "translate_text",
            json!({"text": "x", "choices": choices, "progress": channel}),
            &["features.built_in_model"],
        ),
        by("translate_file", json!({"file": id, "choices": choices, "progress": channel}), FILES),
        no("stop_translation", json!({})),
        by("save_translation", json!({}), EXPORTS),
        no("update_state", json!({})),
        by("look_for_update", json!({}), UPDATES),
        by("download_update", json!({}), UPDATES),
        no("stop_update", json!({})),
        by("install_update", json!({}), UPDATES),
        by("restart", json!({ "confirmed": true }), UPDATES),
    ]
}

#[test]
fn every_command_and_every_rule_is_decided() {
    let source = std::fs::read_to_string(workspace().join("src-tauri/build.rs")).unwrap();
    let (_, list) = source.split_once("const COMMANDS: &[&str] = &[").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    let commands: Vec<_> = list.split('"').skip(1).step_by(2).collect();
    let known: Vec<_> = decided().iter().map(|command| command.name).collect();
    for command in &commands {
        assert!(known.contains(command), "it is not decided which rules forbid {command}");
    }
    assert_eq!(commands.len(), known.len());

    let schema = std::fs::read_to_string(workspace().join("docs/policy.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let covered =
        |name: &str| RULES.iter().any(|(rule, _)| *rule == name) || NO_COMMAND.contains(&name);
    for (section, value) in schema["properties"].as_object().unwrap() {
        let members = value["$ref"].as_str().and_then(|reference| schema.pointer(&reference[1..]));
        let members = members.and_then(|section| section["properties"].as_object());
        for member in members.into_iter().flatten().map(|(name, _)| format!("{section}.{name}")) {
            assert!(covered(&member) || covered(section), "no command is tried against {member}");
        }
        assert!(members.is_some() || covered(section), "no command is tried against {section}");
    }
    for command in decided() {
        for rule in command.forbidden_by {
            assert!(RULES.iter().any(|(name, _)| name == rule), "{rule} is no rule");
        }
    }
}

/// Calls commands one after another, and gives the code of each one's failure, or nothing.
const CALL: &str = "
    const [calls, done] = arguments;
    const { invoke, transformCallback } = window.__TAURI_INTERNALS__;
    (async () => {
      const codes = [];
      for (const [name, given] of calls) {
        const own = Object.fromEntries(Object.entries(given).map(([key, value]) =>
          [key, value === '__CHANNEL__' ? '__CHANNEL__:' + transformCallback(() => undefined) : value]));
        codes.push(await invoke(name, own).then(() => null, (failure) => failure?.code ?? String(failure)));
      }
      done(codes);
    })();";

#[tokio::test]
async fn every_command_is_refused_by_the_rules_that_forbid_it_and_by_no_other() {
    let profile = Profile::new();
    let file = profile.root().join("policy.toml");
    std::fs::write(&file, "version = 1").unwrap();
    let mut driver = Window::driver(&profile);
    driver.env_remove("BUREAU_PASSPHRASE_FILE").env("BUREAU_POLICY_FILE", &file);
    let window = Window::start(driver, &whole_program::program("bureau-desktop"), &[]).await;
    window.choose_a_passphrase().await;
    window.click("[data-testid=choose-built-in]").await;
    window.find("[data-testid=composer]").await;
    let call = async |calls: &[(&str, &Value)]| {
        let codes = window.client.execute_async(CALL, vec![json!(calls)]).await.unwrap();
        serde_json::from_value::<Vec<Option<String>>>(codes).unwrap()
    };
    let all = decided();
    for (rule, policy) in RULES {
        std::fs::write(&file, format!("version = 1\nreason = \"tested\"\n{policy}")).unwrap();
        assert_eq!(call(&[("refresh_policy", &json!({}))]).await, [None], "{rule}");
        let tried = |command: &&Decided| command.called || command.forbidden_by.contains(rule);
        let tried: Vec<_> = all.iter().filter(tried).collect();
        let calls: Vec<_> =
            tried.iter().map(|command| (command.name, &command.arguments)).collect();
        for (command, code) in tried.iter().zip(call(&calls).await) {
            let forbidden = code.as_deref() == Some("forbidden");
            let expected = command.forbidden_by.contains(rule);
            assert_eq!(forbidden, expected, "{} under {rule}: {code:?}", command.name);
            let unreadable = code.as_deref().is_some_and(|code| code.contains(' '));
            assert!(!unreadable, "{} was not called as it wants to be: {code:?}", command.name);
        }
    }
    window.close().await;
}

#[tokio::test]
async fn a_page_that_may_not_copy_cannot() {
    let profile = Profile::new();
    let file = profile.root().join("policy.toml");
    std::fs::write(&file, "[features]\nclipboard = \"paste\"").unwrap();
    let mut driver = Window::driver(&profile);
    driver.env_remove("BUREAU_PASSPHRASE_FILE").env("BUREAU_POLICY_FILE", &file);
    let window = Window::start(driver, &whole_program::program("bureau-desktop"), &[]).await;
    window.choose_a_passphrase().await;
    window.click("[data-testid=choose-built-in]").await;
    window.write("[data-testid=composer]", "secretword").await;
    let tried = window
        .client
        .execute_async(
            "const done = arguments[0];
             const field = document.querySelector('[data-testid=composer]');
             field.focus(); field.select();
             const event = new ClipboardEvent('copy', { bubbles: true, cancelable: true });
             const prevented = !field.dispatchEvent(event);
             const commanded = document.execCommand('copy');
             navigator.clipboard.writeText('x').then(() => done('written'), () => done(prevented + ' ' + commanded));",
            vec![],
        )
        .await;
    assert_eq!(tried.unwrap(), "true false");
    window.close().await;
}
