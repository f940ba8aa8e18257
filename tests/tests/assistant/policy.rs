//! What the organisation's policy forbids, below every surface: each rule, and what it lets be.

use std::sync::Arc;

use assistant::{
    Assistant, Config, KeptPrompt, KeyChange, PreventionAction, PreventionKind, PromptFile,
    Question, Retention, Rule, Settings, Theme,
};
use conversation::{Failure, FailureCode};
use history::View;
use policy::{Format, Policy};
use secrecy::SecretString;
use whole_program::{Endpoint, PASSPHRASE, Profile};

use crate::{KEY, ask, assistant, draft, folders, question};

pub(crate) fn under(profile: &Profile, policy: &str) -> Arc<Assistant> {
    let policy = Policy::parse("policy", policy, Format::Toml).unwrap();
    let config = Config::load(&folders(profile).config_file()).unwrap();
    let assistant = Assistant::new(folders(profile), config)
        .with_policy(policy)
        .with_reader(whole_program::program("bureau"));
    let passphrase = SecretString::from(PASSPHRASE);
    match assistant.vault().slots().unwrap().is_empty() {
        true => assistant.create_with_passphrase(&passphrase).unwrap(),
        false => assistant.unlock(&passphrase).unwrap(),
    }
    Arc::new(assistant)
}

/// The reason of what must have been refused.
pub(crate) fn refused<T>(result: Result<T, Failure>) -> String {
    let failure = result.err().expect("it is forbidden");
    assert_eq!(failure.code, FailureCode::Forbidden, "{failure}");
    failure.message.lines().nth(1).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn provided_endpoints_alone_are_asked_with_what_is_prescribed() {
    let profile = Profile::new();
    let (own, provided) = (Endpoint::saying("own"), Endpoint::saying("provided"));
    let before = assistant(&profile, &own);
    let (_, kept) = ask(&before, question("to my own")).await;
    drop(before);
    let policy = format!(
        "reason = \"general\"
         [endpoints]
         reason = \"ask the desk\"
         own = false
         parameters = {{ store = false, temperature = 0.5 }}
         [endpoints.provided.agency]
         address = \"{}\"",
        provided.address()
    );
    let assistant = under(&profile, &policy);
    assert_eq!(assistant.endpoints().unwrap().len(), 1);
    let (answer, _) = ask(&assistant, question("to whom?")).await;
    assert_eq!(answer.text, "provided");
    let request = &provided.requests()[0];
    assert_eq!((&request["store"], &request["temperature"]), (&false.into(), &0.5.into()));

    // A conversation with an endpoint that may not be used any more goes to no other one.
    let more = Question { conversation: Some(kept.id), ..question("and now?") };
    assert_eq!(refused(assistant.send(more).await), "ask the desk");
    assert_eq!(own.requests().len(), 1 + usize::from(own.requests().len() > 1));
    assert_eq!(provided.requests().len(), 1);

    let key = KeyChange::Keep;
    refused(assistant.save_endpoint(None, &draft("mine", own.address()), &key));
    refused(assistant.test_endpoint(None, &draft("mine", own.address()), &key).await);
    refused(assistant.save_endpoint(Some("agency"), &draft("agency", own.address()), &key));
    refused(assistant.test_endpoint(Some("agency"), &draft("agency", own.address()), &key).await);
    refused(assistant.save_endpoint(Some("agency"), &draft("x", provided.address()), &key));
    refused(assistant.remove_endpoint("agency"));

    // Its key is the person's.
    let set = KeyChange::Set { key: KEY.to_owned() };
    let same = draft("agency", provided.address());
    let views = assistant.save_endpoint(Some("agency"), &same, &set).unwrap();
    assert!(views[0].has_key && views[0].provided);
    assistant.test_endpoint(Some("agency"), &same, &key).await.unwrap();
}

#[tokio::test]
async fn ones_own_endpoints_are_at_the_servers_that_are_named() {
    let profile = Profile::new();
    let (near, far) = (Endpoint::saying("near"), Endpoint::saying("far"));
    let server = near.address().trim_end_matches("/v1").to_owned();
    let assistant = under(&profile, &format!("[endpoints]\nservers = [\"{server}\"]"));
    refused(assistant.save_endpoint(None, &draft("far", far.address()), &KeyChange::Keep));
    refused(assistant.test_endpoint(None, &draft("far", far.address()), &KeyChange::Keep).await);
    assistant.save_endpoint(None, &draft("near", near.address()), &KeyChange::Keep).unwrap();
    assert_eq!(ask(&assistant, question("?")).await.0.text, "near");
    assert!(far.requests().is_empty());
}

#[tokio::test]
async fn models_that_are_not_named_are_not_asked() {
    let profile = Profile::new();
    let own = Endpoint::saying("yes");
    drop(assistant(&profile, &own));
    let policy = "[endpoints]\nmodels = [\"allowed-*\"]\n[features]\nbuilt_in_model = false";
    let assistant = under(&profile, policy);
    let with = |model: &str| Question { model: Some(model.to_owned()), ..question("?") };
    let built_in = assistant::BUILT_IN_MODEL;
    for model in ["other", "work/other", built_in] {
        refused(assistant.send(with(model)).await);
    }
    assert!(own.requests().is_empty());
    assert_eq!(ask(&assistant, with("allowed-one")).await.0.text, "yes");
    assert!(assistant.models().await.models.iter().all(|model| !model.built_in));
    // Nor is one that was chosen before.
    let id = assistant.list(&View::All, None).unwrap()[0].id;
    let stricter = under(&profile, "[endpoints]\nmodels = [\"none\"]");
    refused(stricter.send(Question { conversation: Some(id), ..question("?") }).await);
    assert_eq!(own.requests().len(), 1);
}

#[test]
fn files_go_by_their_kind_and_their_size() {
    let assistant = under(
        &Profile::new(),
        "[attachments]\nkinds = [\"text\"]\nmax_bytes = 20\nreason = \"no pictures\"",
    );
    let png = b"\x89PNG\r\n\x1a\n....";
    assert_eq!(refused(assistant.attach("a.png", png, None)), "no pictures");
    // Its name is not asked.
    refused(assistant.attach("a.txt", b"%PDF-1.7", None));
    refused(assistant.stage("w", "a.txt", b"%PDF-1.7".to_vec()));
    refused(assistant.attach("a.txt", b"more than twenty bytes", None));
    let file = assistant.attach("a.txt", b"twenty bytes at most", None).unwrap();
    let folder = assistant.create_folder("f").unwrap();
    assistant.add_folder_files(folder.id, &[file]).unwrap();
    let picture = assistant::AttachedFile::new("a.png", png.to_vec()).unwrap();
    refused(assistant.add_folder_files(folder.id, &[picture]));

    let none = under(&Profile::new(), "[attachments]\nkinds = []");
    refused(none.attach("a.txt", b"x", None));
    refused(none.read_folder(std::path::Path::new(".")));
}

#[tokio::test]
async fn a_file_that_was_made_elsewhere_is_not_sent_either() {
    let own = Endpoint::saying("x");
    let profile = Profile::new();
    drop(assistant(&profile, &own));
    let assistant = under(&profile, "[attachments]\nmax_bytes = 3");
    let files = vec![assistant::AttachedFile::new("a.txt", b"long".to_vec()).unwrap()];
    refused(assistant.send(Question { files, ..question("?") }).await);
    assert!(own.requests().is_empty());
}

#[tokio::test]
async fn a_hold_is_below_everything_that_deletes() {
    let profile = Profile::new();
    let own = Endpoint::saying("x");
    let free = assistant(&profile, &own);
    let (_, conversation) = ask(&free, question("?")).await;
    let (_, second) = ask(&free, question("again?")).await;
    drop(free);
    let assistant = under(&profile, "[retention]\nhold = true\nmax_days = 1\nreason = \"a court\"");
    let ids = [conversation.id, second.id];
    assert_eq!(refused(assistant.delete(&ids)), "a court");
    refused(assistant.erase(&ids));
    refused(assistant.merge(&ids, "one"));
    refused(assistant.empty_trash());
    refused(assistant.delete_all());
    refused(assistant.restore_last_backup());
    refused(assistant.set_retention(Retention { days: Some(1), hold: false }));
    // Below the assistant as well: nobody who has the history deletes.
    let history = assistant.history().unwrap();
    assert!(history.holds_everything().unwrap());
    assert!(history.transaction(|t| t.delete(&ids)).is_err());
    drop((history, assistant));
    // The person's own hold is as it was.
    let after = under(&profile, "");
    assert!(!after.retention().unwrap().hold);
    after.delete(&ids).unwrap();
}

#[test]
fn nothing_is_kept_for_longer_than_is_let() {
    let profile = Profile::new();
    let assistant = under(&profile, "[retention]\nmax_days = 30");
    assert_eq!(assistant.retention().unwrap(), Retention { days: Some(30), hold: false });
    refused(assistant.set_retention(Retention { days: Some(31), hold: false }));
    refused(assistant.set_retention(Retention { days: None, hold: false }));
    let fewer = Retention { days: Some(7), hold: false };
    assert_eq!(assistant.set_retention(fewer).unwrap(), fewer);
    let folder = assistant.create_folder("f").unwrap();
    let change = |retention| assistant::FolderChange {
        name: "f".to_owned(),
        instructions: String::new(),
        glossary: String::new(),
        retention,
    };
    refused(assistant.change_folder(folder.id, &change(Some(31))));
    assistant.change_folder(folder.id, &change(Some(30))).unwrap();
    // What was set before is shortened.
    let history = assistant.history().unwrap();
    let day = |n: i64| conversation::Timestamp::from_millis(n * 24 * 60 * 60 * 1000);
    let months = std::num::NonZeroU32::new(400);
    history.transaction(|t| t.set_retention(None, months)).unwrap();
    history.transaction(|t| t.create_conversation("old", None)).unwrap();
    let now = conversation::Timestamp::now().as_millis() / (24 * 60 * 60 * 1000);
    let most = assistant.policy().retention.max_days;
    assert_eq!(history.apply_retention_within(day(now + 29), most).unwrap(), 0);
    assert_eq!(history.apply_retention_within(day(now + 32), most).unwrap(), 1);
}

#[test]
fn fixed_settings_stay_and_others_are_the_persons() {
    let profile = Profile::new();
    profile.configure("[settings]\ntheme = \"light\"\n");
    let policy = "[settings]\ntheme = \"dark\"\nreason = \"one look\"\n[features]\ntemporary = false\nreason = \"kept\"";
    let assistant = under(&profile, policy);
    let settings = assistant.settings();
    assert_eq!(settings.theme, Theme::Dark);
    let light = Settings { theme: Theme::Light, ..settings.clone() };
    assert_eq!(refused(assistant.set_settings(&light)), "one look");
    let temporary = Settings { temporary: true, ..settings.clone() };
    assert_eq!(refused(assistant.set_settings(&temporary)), "kept");
    assistant.set_settings(&Settings { text_size: 120, ..settings }).unwrap();
    let file = std::fs::read_to_string(folders(&profile).config_file()).unwrap();
    assert!(file.contains("theme = \"light\"") && file.contains("120"), "{file}");
    let managed = assistant.organisation().unwrap().settings;
    assert_eq!(managed, ["theme", "temporary"]);
}

#[test]
fn a_person_has_more_looked_for_and_never_less_than_the_organisation() {
    use PreventionAction::{Ask, Block, Note, Off, Replace};
    let profile = Profile::new();
    profile.configure("# Mine.\n[prevention.kinds]\nemail = \"note\" # all of them\n");
    let policy = "[prevention]\nreason = \"ask the desk\"\n[prevention.kinds]\niban = \"ask\"";
    let assistant = under(&profile, policy);
    let choice = |kind| {
        let choices = assistant.prevention_choices();
        let choice = choices.into_iter().find(|choice| choice.kind == kind).unwrap();
        (choice.action, choice.least)
    };
    assert_eq!(choice(PreventionKind::Iban), (Ask, Ask));
    assert_eq!(choice(PreventionKind::Email), (Note, Off));
    let milder = assistant.set_prevention(PreventionKind::Iban, Note);
    assert_eq!(refused(milder), "ask the desk");
    assistant.set_prevention(PreventionKind::Iban, Block).unwrap();
    assistant.set_prevention(PreventionKind::Email, Replace).unwrap();
    assistant.set_prevention(PreventionKind::Card, Off).unwrap();
    assert_eq!(choice(PreventionKind::Iban), (Block, Ask));
    assert_eq!(choice(PreventionKind::Email), (Replace, Off));
    assert!(assistant.check_any("4111 1111 1111 1111").unwrap().is_empty());
    let listed = assistant.set_prevention(PreventionKind::Name, Block).unwrap_err();
    assert_eq!(listed.code, FailureCode::Invalid);
    let file = std::fs::read_to_string(folders(&profile).config_file()).unwrap();
    assert!(file.starts_with("# Mine.\n") && file.contains("email = \"replace\" # all"), "{file}");
    // The organisation's rules are told as they are, whatever a person adds.
    let told = assistant.organisation().unwrap();
    assert_eq!(told.prevention_reason.as_deref(), Some("ask the desk"));
    assert_eq!(told.prevention.len(), 1);
    assert_eq!(told.prevention[0].action, Ask);
}

#[test]
fn prompts_of_the_organisation_stand_beside_a_persons_own_and_only_those_are_taken_out() {
    let profile = Profile::new();
    let policy = "[[prompts]]\nfolder = \"Letters\"\nname = \"Reply\"\ntext = \"As the agency replies: {{what}}\"";
    let assistant = under(&profile, policy);
    let texts = |prompts: &[KeptPrompt]| -> Vec<String> {
        prompts.iter().map(|prompt| prompt.text.clone()).collect()
    };
    let provided = assistant.prompts("en").unwrap().organisation;
    assert_eq!(texts(&provided), ["As the agency replies: {{what}}"]);
    // One of the same name is the person's own, beside it.
    let mine = KeptPrompt { text: "As I reply".to_owned(), ..provided[0].clone() };
    let library = assistant.set_prompts(vec![mine]).unwrap();
    assert_eq!(
        (&library.organisation, texts(&library.own)),
        (&provided, vec!["As I reply".to_owned()])
    );

    let file = profile.root().join("prompts.json");
    assistant.export_prompts(&file, "en").unwrap();
    assert_eq!(
        texts(&PromptFile::parse(&std::fs::read_to_string(&file).unwrap()).unwrap().prompts),
        ["As I reply"]
    );
    let theirs = PromptFile {
        bureau_prompts: 1,
        prompts: vec![KeptPrompt { text: "As others reply".to_owned(), ..provided[0].clone() }],
    };
    std::fs::write(&file, serde_json::to_string(&theirs).unwrap()).unwrap();
    let library = assistant.import_prompts(&file, "en").unwrap();
    assert_eq!(texts(&library.own), ["As I reply", "As others reply"]);
    assert_eq!(library.organisation, provided);
    let told = assistant.organisation().unwrap().rules;
    assert_eq!(told.iter().map(|told| told.rule).collect::<Vec<_>>(), [Rule::ProvidedPrompts]);
    drop(assistant);

    // They are the policy's: with another one they are others, and the person's stay.
    let library = under(&profile, "version = 2").prompts("en").unwrap();
    assert_eq!(
        (library.organisation, texts(&library.own)),
        (vec![], vec!["As I reply".to_owned(), "As others reply".to_owned()])
    );
}

#[test]
fn without_a_policy_there_is_no_organisation() {
    assert!(under(&Profile::new(), "").organisation().is_none());
    let organisation = under(&Profile::new(), "organisation = \"Agency\"").organisation().unwrap();
    assert_eq!(organisation.name.as_deref(), Some("Agency"));
    assert!(organisation.rules.is_empty());
}
