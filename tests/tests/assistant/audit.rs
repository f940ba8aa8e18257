//! What is recorded of what a person does, and that nothing is done that cannot be.

use std::collections::BTreeSet;
use std::sync::Arc;

use assistant::{
    Access, Assistant, BUILT_IN_MODEL, BackupSchedule, Config, FolderChange, KeyChange, Question,
    Recorded as Action, Retention, Settings, StoreConfig,
};
use audit::{Outcome, Record, Records};
use conversation::FailureCode;
use export::Format as Export;
use history::View;
use policy::{Format, Policy};
use secrecy::SecretString;
use whole_program::{Endpoint, PASSPHRASE, Profile, search_for};

use crate::{ask, draft, ended, folders, question};

/// What is said, and must not be in the log.
const SAID: &str = "Mirabelle vertrauliche Zwetschge";
const ANSWERED: &str = "Quetsche confidentielle";

pub(crate) fn under(profile: &Profile, policy: &str) -> Arc<Assistant> {
    let policy = Policy::parse("policy", policy, Format::Toml).unwrap();
    let config = Config::load(&folders(profile).config_file()).unwrap();
    Arc::new(Assistant::new(folders(profile), config).with_policy(policy))
}

fn words() -> export::Words {
    export::Words::english(BUILT_IN_MODEL)
}

fn passphrase() -> SecretString {
    SecretString::from(PASSPHRASE)
}

pub(crate) fn open(assistant: &Assistant) {
    match assistant.access().unwrap() {
        Access::New => assistant.create_with_passphrase(&passphrase()).unwrap(),
        _ => assistant.unlock(&passphrase()).unwrap(),
    }
}

fn records(assistant: &Assistant) -> Vec<Record> {
    let records = Records::after(&assistant.audit_folder(), 0).unwrap();
    records.map(|written| written.unwrap().record).collect()
}

/// Each action that was recorded, with how it came out.
pub(crate) fn told(assistant: &Assistant) -> BTreeSet<(&'static str, &'static str)> {
    let told = |r: Record| (r.event.action.as_str(), r.event.outcome.as_str());
    records(assistant).into_iter().map(told).collect()
}

#[tokio::test]
async fn without_a_policy_nothing_is_recorded() {
    let profile = Profile::new();
    let assistant = under(&profile, "version = 1");
    open(&assistant);
    assert!(!assistant.audit_folder().exists());
    assert_eq!(assistant.audit_state(), None);
}

#[tokio::test]
async fn everything_that_is_done_is_recorded_and_nothing_that_is_said() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying(ANSWERED);
    let assistant = under(&profile, "version = 7\n[audit]");
    open(&assistant);
    let wrong = assistant.unlock(&SecretString::from("prune")).unwrap_err();
    assert_eq!(wrong.code, FailureCode::Locked);
    let key = KeyChange::Set { key: "sk-secret-of-the-endpoint".to_owned() };
    let work = draft("work", endpoint.address());
    assistant.save_endpoint(None, &work, &key).unwrap();
    assistant.test_endpoint(Some("work"), &work, &KeyChange::Keep).await.unwrap();

    let (answer, conversation) = ask(&assistant, question(SAID)).await;
    let asked = answer.parent.unwrap();
    ended(assistant.edit(asked, &format!("{SAID} encore"), None, false).await.unwrap()).await;
    ended(assistant.regenerate(answer.id, None, false).await.unwrap()).await;

    let out = profile.root().join("out.json");
    let words = words();
    assistant.export(&[conversation.id], Export::Json, &words, &out).unwrap();
    assistant
        .export_list(&View::All, Export::Markdown, &words, &profile.root().join("all.zip"))
        .unwrap();
    assistant.take_out("drag", "text", || Ok(())).unwrap();
    assistant.import(&out, |_| std::ops::ControlFlow::Continue(())).unwrap();

    let folder = assistant.create_folder("Mirabelle").unwrap();
    let change = FolderChange {
        name: "Mirabelle".into(),
        instructions: SAID.into(),
        glossary: String::new(),
        retention: None,
    };
    assistant.change_folder(folder.id, &change).unwrap();
    assistant.hold_folder(folder.id, true).unwrap();
    assert_eq!(assistant.delete_folder(folder.id).unwrap_err().code, FailureCode::Held);
    assistant.hold_folder(folder.id, false).unwrap();
    assistant.delete_folder(folder.id).unwrap();
    assistant.set_held(&[conversation.id], true).unwrap();
    assistant.set_held(&[conversation.id], false).unwrap();
    assistant.set_instructions(SAID).unwrap();
    assistant.set_instructions("").unwrap();
    let settings = Settings { text_size: 120, ..assistant.settings() };
    assistant.set_settings(&settings).unwrap();
    assistant.set_retention(Retention { days: Some(30), hold: false }).unwrap();

    let backups = profile.root().join("backups");
    std::fs::create_dir(&backups).unwrap();
    assistant.protect_backups_with_recovery_key().unwrap();
    let secret = assistant.recovery_key().unwrap();
    let schedule = BackupSchedule { folder: backups.display().to_string(), days: 1, keep: 2 };
    assistant.schedule_backups(Some(schedule)).unwrap();
    let backup = assistant.back_up_as_scheduled().unwrap();
    assistant.restore_backup(&backup, &secret).unwrap();

    let store = profile.root().join("store");
    std::fs::create_dir(&store).unwrap();
    let store = StoreConfig::new(store.display().to_string());
    assistant.start_sync(store, None).await.unwrap();
    drop(assistant.sync_code().unwrap());
    assistant.stop_sync().await.unwrap();

    assistant.delete(&[conversation.id]).unwrap();
    assistant.restore(&[conversation.id]).unwrap();
    assistant.delete(&[conversation.id]).unwrap();
    assistant.erase(&[conversation.id]).unwrap();
    assistant.empty_trash().unwrap();
    assistant.read_damaged().unwrap();
    let signs = assistant.audit_key().unwrap();
    assistant.delete_all().unwrap();
    assistant.start_temporary().unwrap();

    let told = told(&assistant);
    for action in [
        Action::HistoryCreate,
        Action::EndpointChange,
        Action::EndpointTest,
        Action::MessageSend,
        Action::MessageEdit,
        Action::MessageRegenerate,
        Action::ConversationExport,
        Action::ConversationImport,
        Action::FolderChange,
        Action::FolderHold,
        Action::FolderDelete,
        Action::ConversationHold,
        Action::InstructionsChange,
        Action::SettingsChange,
        Action::RetentionChange,
        Action::BackupChange,
        Action::BackupKey,
        Action::BackupCreate,
        Action::BackupRestore,
        Action::SyncStart,
        Action::SyncCode,
        Action::SyncStop,
        Action::ConversationDelete,
        Action::ConversationRestore,
        Action::ConversationErase,
        Action::TrashEmpty,
        Action::HistoryDamaged,
        Action::HistoryDelete,
        Action::HistoryTemporary,
    ] {
        for outcome in ["begun", "done"] {
            assert!(told.contains(&(action.as_str(), outcome)), "{action:?} {outcome}: {told:?}");
        }
    }
    assert!(told.contains(&("history.unlock", "failed")));
    assert!(told.contains(&("folder.delete", "refused")));

    let all = records(&assistant);
    let sent = all.iter().find(|r| r.event.action == Action::MessageSend).unwrap();
    assert_eq!(sent.event.endpoint.as_deref(), Some(endpoint.address().trim_end_matches("/v1")));
    assert_eq!(sent.event.conversations, [conversation.id.to_string()]);
    assert_eq!(sent.policy, Some(7));
    let answered = all.iter().find(|r| r.event.begun == Some(sent.sequence)).unwrap();
    assert_eq!(answered.event.bytes, Some(ANSWERED.len() as u64));

    let known = audit::last(&assistant.audit_folder()).unwrap().unwrap();
    let found = audit::verify(&assistant.audit_folder(), &[signs], &[known]).unwrap();
    assert_eq!(found.problems, []);
    let words = [SAID, ANSWERED, "Mirabelle", "sk-secret", PASSPHRASE];
    search_for(&words, &assistant.audit_folder(), std::path::Path::new(""));
}

#[tokio::test]
async fn what_is_said_is_recorded_where_the_policy_asks_for_it() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying(ANSWERED);
    let assistant = under(&profile, "[audit]\ncontent = true");
    open(&assistant);
    let key = KeyChange::Forget;
    assistant.save_endpoint(None, &draft("work", endpoint.address()), &key).unwrap();
    ask(&assistant, question(SAID)).await;
    let said: Vec<_> = records(&assistant).into_iter().filter_map(|r| r.event.content).collect();
    assert_eq!(said, [SAID, ANSWERED]);
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_done() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying(ANSWERED);
    let assistant = under(&profile, "[audit]");
    open(&assistant);
    let key = KeyChange::Forget;
    assistant.save_endpoint(None, &draft("work", endpoint.address()), &key).unwrap();
    let (_, conversation) = ask(&assistant, question("before")).await;
    let asked = endpoint.requests().len();
    // A folder in the place of the lock refuses whoever runs the test.
    let lock = assistant.audit_folder().join("lock");
    std::fs::remove_file(&lock).unwrap();
    std::fs::create_dir(&lock).unwrap();

    let refused = assistant.delete(&[conversation.id]).unwrap_err();
    assert_eq!(refused.code, FailureCode::Storage);
    assert!(refused.message.contains("recorded"), "{}", refused.message);
    assert!(assistant.conversation(conversation.id).is_ok());
    let more = Question { conversation: Some(conversation.id), ..question("after") };
    assert_eq!(assistant.send(more).await.unwrap_err().code, FailureCode::Storage);
    assert_eq!(endpoint.requests().len(), asked, "nothing was sent");

    std::fs::remove_dir(&lock).unwrap();
    assistant.delete(&[conversation.id]).unwrap();

    // Where the policy lets it go on, it does.
    let lenient = under(&profile, "[audit]\nrequired = false");
    lenient.unlock(&passphrase()).unwrap();
    std::fs::remove_file(&lock).unwrap();
    std::fs::create_dir(&lock).unwrap();
    lenient.restore(&[conversation.id]).unwrap();
    std::fs::remove_dir(&lock).unwrap();
}

#[tokio::test]
async fn a_log_that_was_taken_away_or_put_back_is_missed_when_the_history_opens() {
    let profile = Profile::new();
    let assistant = under(&profile, "[audit]");
    open(&assistant);
    assistant.create_folder("a").unwrap();
    let folder = assistant.audit_folder();
    drop(assistant);
    std::fs::remove_dir_all(&folder).unwrap();
    let assistant = under(&profile, "[audit]");
    open(&assistant);
    let mut gaps = records(&assistant).into_iter().filter(|r| r.event.action == Action::AuditGap);
    let gap = gaps.next_back().expect("the history knows of another log");
    assert_eq!(gap.event.outcome, Outcome::Failed);
    let found = assistant.verify_audit(Vec::new(), Vec::new()).unwrap();
    assert!(!found.is_well());
}

#[tokio::test]
async fn what_the_policy_forbids_is_recorded_as_refused() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying(ANSWERED);
    let policy =
        "[audit]\n[features]\ntemporary = false\nexport = []\n[endpoints]\nmodels = [\"other\"]";
    let assistant = under(&profile, policy);
    open(&assistant);
    let key = KeyChange::Forget;
    assistant.save_endpoint(None, &draft("work", endpoint.address()), &key).unwrap();
    let temporary = Question { temporary: true, ..question(SAID) };
    assert_eq!(assistant.send(temporary).await.unwrap_err().code, FailureCode::Forbidden);
    let words = words();
    let out = profile.root().join("out.json");
    let refused = assistant.export_list(&View::All, Export::Json, &words, &out).unwrap_err();
    assert_eq!(refused.code, FailureCode::Forbidden);
    let told = told(&assistant);
    assert!(told.contains(&("message.send", "refused")), "{told:?}");
    assert!(told.contains(&("conversation.export", "refused")), "{told:?}");
}
