//! What the window and the terminal program both rest on, through the crate that they call: real
//! endpoints, a real history, and nothing between.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use assistant::{
    Access, AnswerUpdate, Assistant, AttachedFile, Change, Config, EndpointDraft, Folders,
    KeyChange, Question, Settings, Theme, Updates,
};
use conversation::{Conversation, Draft, FailureCode, Message, MessageState};
use endpoint::EndpointKind;
use secrecy::SecretString;
use whole_program::{Endpoint, PASSPHRASE, Profile, Reply, chunk, stream_of};

const KEY: &str = "sk-of-this-server-alone";

/// An assistant on the profile, its history open, and this endpoint its one.
fn assistant(profile: &Profile, endpoint: &Endpoint) -> Arc<Assistant> {
    let assistant = Assistant::new(folders(profile), Config::default());
    let passphrase = SecretString::from(PASSPHRASE);
    assistant.create_with_passphrase(&passphrase).unwrap();
    let key = KeyChange::Set { key: KEY.to_owned() };
    assistant.save_endpoint(None, &draft("work", endpoint.address()), &key).unwrap();
    Arc::new(assistant)
}

fn folders(profile: &Profile) -> Folders {
    Folders { config: profile.root().join("config"), data: profile.data() }
}

fn draft(name: &str, address: &str) -> EndpointDraft {
    EndpointDraft {
        name: name.to_owned(),
        address: address.to_owned(),
        kind: EndpointKind::OpenAiChat,
        api_version: None,
        allow_http: false,
    }
}

fn question(text: &str) -> Question {
    Question { text: text.to_owned(), ..Question::default() }
}

/// Waits for the end of the answer.
async fn ended(mut updates: Updates) -> (Message, Conversation) {
    while let Some(update) = updates.recv().await {
        if let AnswerUpdate::Ended { answer, conversation } = update {
            return (*answer, conversation);
        }
    }
    panic!("the answer never ended");
}

async fn ask(assistant: &Arc<Assistant>, question: Question) -> (Message, Conversation) {
    ended(assistant.send(question).await.unwrap()).await
}

/// The JSON in what a person is shown of a request.
fn body(shown: &str) -> serde_json::Value {
    let (_, body) = shown.split_once("\n\n").unwrap();
    serde_json::from_str(body).unwrap()
}

#[tokio::test]
async fn what_was_sent_is_shown_as_it_was_sent() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|request| {
        let mut replies = stream_of(["Une ", "réponse."], Duration::ZERO);
        if request["messages"].as_array().unwrap().len() == 2 {
            // Cut off in the middle, so that it can be continued.
            replies.truncate(2);
        }
        replies
    });
    let assistant = assistant(&profile, &endpoint);
    assistant.set_instructions("Answer in verse.").unwrap();
    let (answer, _) = ask(&assistant, question("Pourquoi ?")).await;
    assert_eq!(answer.state, MessageState::Failed);
    assistant.set_instructions("Answer in prose.").unwrap();
    let first = assistant.exchange(answer.id).unwrap().unwrap();
    assert_eq!(body(&first.request), endpoint.requests()[0]);
    assert!(first.request.contains("Answer in verse.") && !first.request.contains(KEY));
    assert!(first.response.contains("Une "), "{}", first.response);

    ended(assistant.continue_answer(answer.id).await.unwrap()).await;
    let second = assistant.exchange(answer.id).unwrap().unwrap();
    assert_eq!(body(&second.request), endpoint.requests()[1]);
    assert!(second.request.contains("Answer in prose."));

    // An endpoint that was removed since takes its address with it, not the request.
    assistant.remove_endpoint("work").unwrap();
    let third = assistant.exchange(answer.id).unwrap().unwrap();
    assert!(third.request.contains("Answer in prose."), "{}", third.request);
}

#[tokio::test]
async fn a_kept_key_goes_to_no_other_server() {
    let profile = Profile::new();
    let (own, other) = (Endpoint::saying("own"), Endpoint::saying("other"));
    let assistant = assistant(&profile, &own);
    let elsewhere = draft("work", other.address());
    let refused = assistant.test_endpoint(Some("work"), &elsewhere, &KeyChange::Keep).await;
    assert_eq!(refused.unwrap_err().code, FailureCode::Invalid);
    let refused = assistant.save_endpoint(Some("work"), &elsewhere, &KeyChange::Keep);
    assert_eq!(refused.unwrap_err().code, FailureCode::Invalid);
    assert_eq!(assistant.endpoints().unwrap()[0].draft.address, own.address());

    // Under another name and path the server is the same, and the key stays.
    let renamed = draft("lab", &format!("{}/", own.address()));
    assistant.save_endpoint(Some("work"), &renamed, &KeyChange::Keep).unwrap();
    assert!(assistant.endpoints().unwrap()[0].has_key);
    assistant.save_endpoint(Some("lab"), &elsewhere, &KeyChange::Forget).unwrap();
    assert!(!assistant.endpoints().unwrap()[0].has_key);
}

#[test]
fn a_key_stays_with_its_server_whoever_names_another() {
    let profile = Profile::new();
    let (own, other) = (Endpoint::saying("own"), Endpoint::saying("other"));
    let assistant = assistant(&profile, &own);
    let named = draft("environment", own.address());
    let key = KeyChange::Set { key: KEY.to_owned() };
    assistant.save_endpoint(None, &named, &key).unwrap();

    // By hand.
    let file = folders(&profile).config_file();
    let written = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, written.replace(own.address(), other.address())).unwrap();
    let has_key = |config: Config| {
        let assistant = Assistant::new(folders(&profile), config);
        assistant.unlock(&SecretString::from(PASSPHRASE)).unwrap();
        assistant.endpoints().unwrap().iter().any(|endpoint| endpoint.has_key)
    };
    assert!(!has_key(Config::load(&file).unwrap()));
    std::fs::write(&file, written).unwrap();
    assert!(has_key(Config::load(&file).unwrap()));

    // By the environment, whose endpoint has a name that another one may have too.
    let environment = |address: &str| {
        let endpoint = endpoint::EndpointConfig::new(address.to_owned());
        let endpoints = [("environment".to_owned(), endpoint)].into();
        Config { endpoints, from_environment: true, ..Config::default() }
    };
    assert!(!has_key(environment(other.address())));
    assert!(has_key(environment(own.address())));
}

#[test]
fn the_environments_key_goes_to_no_server_that_the_page_names() {
    let profile = Profile::new();
    let (own, other) = (Endpoint::saying("own"), Endpoint::saying("other"));
    drop(assistant(&profile, &own));
    let config = Config {
        api_key: Some(SecretString::from(KEY)),
        ..Config::load(&folders(&profile).config_file()).unwrap()
    };
    let assistant = Assistant::new(folders(&profile), config);
    assistant.unlock(&SecretString::from(PASSPHRASE)).unwrap();
    let elsewhere = draft("work", other.address());
    for key in [KeyChange::Keep, KeyChange::Forget, KeyChange::Set { key: "x".to_owned() }] {
        assert!(assistant.save_endpoint(Some("work"), &elsewhere, &key).is_err());
    }
    // Nor does another become the default one.
    assert!(assistant.remove_endpoint("work").is_err());
    assistant.save_endpoint(None, &draft("another", other.address()), &KeyChange::Keep).unwrap();
    let default = assistant.config();
    assert_eq!(default.default_endpoint().unwrap().0, "work");
}

#[test]
fn a_key_is_lost_by_no_change_that_fails() {
    let profile = Profile::new();
    let own = Endpoint::saying("own");
    let assistant = assistant(&profile, &own);
    let file = folders(&profile).config_file();
    let written = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, "[settings").unwrap();
    let named = draft("work", own.address());
    for key in [KeyChange::Forget, KeyChange::Set { key: "another".to_owned() }] {
        let failure = assistant.save_endpoint(Some("work"), &named, &key).unwrap_err();
        assert_eq!(failure.code, FailureCode::Configuration);
    }
    assert!(assistant.remove_endpoint("work").is_err());
    std::fs::write(&file, written).unwrap();
    let kept = assistant.history().unwrap().setting("endpoint_key/work").unwrap();
    assert!(kept.is_some_and(|kept| kept.contains(KEY)));
}

#[test]
fn a_setting_that_is_left_alone_is_left_as_it_is_written() {
    let profile = Profile::new();
    let file = folders(&profile).config_file();
    // As an environment variable puts it there.
    let model = Some("of-the-environment".to_owned());
    let config =
        Config { settings: Settings { model, ..Settings::default() }, ..Config::default() };
    let assistant = Assistant::new(folders(&profile), config);
    std::fs::write(&file, "[settings]\ntext_size = 120\nmodel = \"mine\"\n").unwrap();
    let dark = Settings { theme: Theme::Dark, ..assistant.settings() };
    let now = assistant.set_settings(&dark).unwrap();
    assert_eq!((now.theme, now.text_size, now.model.as_deref()), (Theme::Dark, 120, Some("mine")));
    assert_eq!(Config::load(&file).unwrap().settings, now);
}

#[test]
fn what_is_in_force_is_what_was_written_last() {
    let profile = Profile::new();
    let assistant = Assistant::new(folders(&profile), Config::default());
    std::thread::scope(|threads| {
        for text_size in 80..96 {
            let assistant = &assistant;
            threads.spawn(move || {
                let settings = Settings { text_size, ..Settings::default() };
                assistant.set_settings(&settings).unwrap();
            });
        }
    });
    let written = Config::load(&folders(&profile).config_file()).unwrap();
    assert_eq!(written.settings, assistant.settings());
}

#[test]
fn the_default_endpoint_stays_whatever_is_added() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("x");
    let folders = folders(&profile);
    let config = format!("[endpoints.work]\naddress = \"{}\"\n", endpoint.address());
    std::fs::write(folders.config_file(), config).unwrap();
    let config = Config::load(&folders.config_file()).unwrap();
    let assistant = Assistant::new(folders, config);
    assistant.start_temporary().unwrap();
    let added = draft("another", "http://127.0.0.1:9/v1");
    assistant.save_endpoint(None, &added, &KeyChange::Keep).unwrap();
    let config = assistant.config();
    assert_eq!(config.default_endpoint().unwrap().0, "work");

    // Nor is what was chosen by hand meanwhile taken back, or its comment lost.
    let file = assistant.folders().config_file();
    let written = std::fs::read_to_string(&file).unwrap();
    let chosen = "endpoint = \"another\" # for the audit";
    std::fs::write(&file, written.replace("endpoint = \"work\"", chosen)).unwrap();
    let kept = draft("work", "http://127.0.0.1:9/v2");
    assistant.save_endpoint(Some("work"), &kept, &KeyChange::Keep).unwrap();
    assert!(std::fs::read_to_string(&file).unwrap().contains(chosen));
}

#[tokio::test]
async fn an_endpoint_that_is_gone_hides_no_other_model() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Bonjour.");
    let assistant = assistant(&profile, &endpoint);
    let gone = draft("gone", "http://127.0.0.1:9/v1");
    assistant.save_endpoint(None, &gone, &KeyChange::Keep).unwrap();
    let models = assistant.models().await;
    let ids: Vec<_> = models.models.iter().map(|model| model.id.as_str()).collect();
    assert_eq!(ids, ["work/scripted", assistant::BUILT_IN_MODEL]);
    assert_eq!(models.failures.len(), 1);
    let asked = Question { model: Some("work/scripted".to_owned()), ..question("x") };
    let (answer, _) = ask(&assistant, asked).await;
    assert_eq!(answer.text, "Bonjour.");
    assert_eq!(endpoint.requests()[0]["model"], "scripted");
}

#[tokio::test]
async fn a_conversation_stays_with_its_endpoint() {
    let profile = Profile::new();
    let (own, other) = (Endpoint::saying("own"), Endpoint::saying("other"));
    let assistant = assistant(&profile, &own);
    assistant.save_endpoint(None, &draft("lab", other.address()), &KeyChange::Forget).unwrap();
    let model = Some("lab/scripted".to_owned());
    let settings = Settings { model: model.clone(), ..assistant.settings() };
    assistant.set_settings(&settings).unwrap();
    let (_, conversation) = ask(&assistant, Question { model, ..question("x") }).await;
    let next = || Question { conversation: Some(conversation.id), ..question("encore") };

    // Under another name it is still the one that is asked.
    let renamed = draft("laboratory", other.address());
    assistant.save_endpoint(Some("lab"), &renamed, &KeyChange::Forget).unwrap();
    assert_eq!(ask(&assistant, next()).await.0.text, "other");
    assert_eq!(other.requests()[1]["model"], "scripted");

    // Once it is gone, no other one gets to read what was said to it.
    assistant.remove_endpoint("laboratory").unwrap();
    let refused = assistant.send(next()).await.unwrap_err();
    assert_eq!(refused.code, FailureCode::UnknownModel);
    assert!(own.requests().is_empty());
    assert_eq!(assistant.settings().model, None);
}

#[tokio::test]
async fn a_temporary_conversation_is_never_written() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Oui.");
    let assistant = assistant(&profile, &endpoint);
    let (_, conversation) = ask(&assistant, Question { temporary: true, ..question("x") }).await;
    assert!(conversation.temporary);
    let next = Question { conversation: Some(conversation.id), ..question("encore") };
    assert!(ask(&assistant, next).await.1.temporary);
    assert_eq!(assistant.messages(conversation.id).unwrap().1.len(), 4);
    assert!(assistant.conversations().unwrap().is_empty());
    assert_eq!(assistant.history().unwrap().statistics().unwrap().messages, 0);
}

#[tokio::test]
async fn what_is_deleted_can_be_had_back_with_its_draft() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Oui.");
    let assistant = assistant(&profile, &endpoint);
    let (_, conversation) = ask(&assistant, question("Pourquoi ?")).await;
    let draft = Draft { conversation: Some(conversation.id), text: "à suivre".to_owned() };
    assistant.set_draft(draft.clone()).unwrap();
    assistant.delete(conversation.id).unwrap();
    assert!(assistant.conversations().unwrap().is_empty());
    assert!(assistant.search("Pourquoi", 10).unwrap().is_empty());
    assert_eq!(
        assistant.open_conversation(conversation.id).unwrap_err().code,
        FailureCode::NotFound
    );
    assistant.restore(conversation.id).unwrap();
    assert_eq!(assistant.conversations().unwrap().len(), 1);
    assert_eq!(assistant.drafts().unwrap(), [draft]);
    assert!(!assistant.search("Pourquoi", 10).unwrap().is_empty());
}

#[tokio::test]
async fn a_first_exchange_gives_a_title_unless_a_person_has() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|request| {
        let titled = request.to_string().contains("Write a title");
        stream_of([if titled { "“Le ciel bleu.”" } else { "Diffusion." }], Duration::ZERO)
    });
    let assistant = assistant(&profile, &endpoint);
    let (_, first) = ask(&assistant, question("Pourquoi le ciel est-il bleu ?")).await;
    assert_eq!(first.title, "Pourquoi le ciel est-il bleu ?");
    assistant.improve_title(first.id).await;
    assert_eq!(assistant.messages(first.id).unwrap().0.title, "Le ciel bleu");

    let (_, second) = ask(&assistant, question("Et la mer ?")).await;
    assistant.rename(second.id, "La mer").unwrap();
    assistant.improve_title(second.id).await;
    assert_eq!(assistant.messages(second.id).unwrap().0.title, "La mer");
}

/// An endpoint that never ends, and the pieces that it could send so far.
fn endless() -> (Endpoint, Arc<AtomicUsize>) {
    let sent = Arc::new(AtomicUsize::new(0));
    let count = sent.clone();
    let endpoint = Endpoint::start(move |_| {
        let mut replies = stream_of([], Duration::ZERO);
        replies.truncate(1);
        for _ in 0..2000 {
            let count = count.clone();
            replies.push(Reply::Pause(Duration::from_millis(10)));
            replies.push(chunk("encore "));
            replies.push(Reply::Call(Arc::new(move || {
                count.fetch_add(1, Ordering::SeqCst);
            })));
        }
        replies
    });
    (endpoint, sent)
}

/// Keeps every other writer out of the history, as a long import in another process would.
/// Dropping what it returns lets them in again.
fn occupied(profile: &Profile) -> mpsc::Sender<()> {
    let other = Assistant::new(folders(profile), Config::default());
    other.unlock(&SecretString::from(PASSPHRASE)).unwrap();
    let history = other.history().unwrap();
    let (release, released) = mpsc::channel::<()>();
    let (tell, occupied) = mpsc::channel();
    std::thread::spawn(move || {
        history.transaction(|t| {
            t.create_conversation("occupied", None)?;
            tell.send(()).unwrap();
            let _ = released.recv();
            Ok(())
        })
    });
    occupied.recv().unwrap();
    release
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_is_heard_while_the_history_is_busy() {
    let profile = Profile::new();
    let (endpoint, sent) = endless();
    let assistant = assistant(&profile, &endpoint);
    let mut updates = assistant.send(question("x")).await.unwrap();
    let Some(AnswerUpdate::Started { conversation, .. }) = updates.recv().await else { panic!() };
    let release = occupied(&profile);
    // By then a write waits for the history.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(assistant.stop(conversation.id));
    loop {
        let before = sent.load(Ordering::SeqCst);
        assert!(before < 700, "the connection stays open while the history is busy");
        tokio::time::sleep(Duration::from_millis(200)).await;
        if sent.load(Ordering::SeqCst) == before {
            break;
        }
    }
    drop(release);
    let (answer, _) = ended(updates).await;
    assert_eq!(answer.state, MessageState::Stopped);
    let (_, messages) = assistant.messages(conversation.id).unwrap();
    assert_eq!(messages[1].text, answer.text);
    assert!(answer.text.contains("encore"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_the_history_refused_is_stored_when_it_can_be() {
    let profile = Profile::new();
    let (endpoint, _) = endless();
    let assistant = assistant(&profile, &endpoint);
    let mut updates = assistant.send(question("x")).await.unwrap();
    let Some(AnswerUpdate::Started { conversation, .. }) = updates.recv().await else { panic!() };
    let release = occupied(&profile);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assistant.stop(conversation.id);
    let (answer, shown) = ended(updates).await;
    assert_eq!(answer.failure.unwrap().code, FailureCode::Busy);
    assert_eq!(shown.title, conversation.title);
    drop(release);
    loop {
        let stored = assistant.messages(conversation.id).unwrap().1[1].clone();
        if stored.state == MessageState::Stopped {
            assert_eq!(stored.text, answer.text);
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// What was told so far.
fn told(changes: &mut tokio::sync::broadcast::Receiver<Change>) -> Vec<Change> {
    std::iter::from_fn(|| changes.try_recv().ok()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_deleted_while_its_answer_arrives_is_not_told_of_again() {
    let profile = Profile::new();
    let (endpoint, _) = endless();
    let assistant = assistant(&profile, &endpoint);
    let mut updates = assistant.send(question("x")).await.unwrap();
    let Some(AnswerUpdate::Started { conversation, .. }) = updates.recv().await else { panic!() };
    let Some(AnswerUpdate::Delta(_)) = updates.recv().await else { panic!() };
    let mut changes = assistant.changes();
    assistant.delete(conversation.id).unwrap();
    let (answer, _) = ended(updates).await;
    assert_eq!((answer.state, answer.failure), (MessageState::Stopped, None));
    assert_eq!(told(&mut changes), [Change::Removed { conversation: conversation.id }]);

    // It is had back with all that had arrived.
    assistant.restore(conversation.id).unwrap();
    let (_, messages) = assistant.messages(conversation.id).unwrap();
    assert_eq!((messages[1].state, &messages[1].text), (MessageState::Stopped, &answer.text));
}

#[tokio::test]
async fn a_window_that_does_without_a_history_takes_none_from_the_others() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Oui.");
    let assistant = assistant(&profile, &endpoint);
    let aside = Question { temporary: true, ..question("x") };
    let (_, temporary) = ask(&assistant, aside).await;
    assistant.start_temporary().unwrap();
    assert_eq!(assistant.access().unwrap(), Access::Open);
    assistant.unlock(&SecretString::from(PASSPHRASE)).unwrap();
    assert!(assistant.messages(temporary.id).is_ok());

    let alone = Arc::new(Assistant::new(folders(&Profile::new()), (*assistant.config()).clone()));
    alone.start_temporary().unwrap();
    let (_, first) = ask(&alone, question("x")).await;
    alone.start_temporary().unwrap();
    assert!(alone.messages(first.id).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_told_of_a_history_that_was_taken_away() {
    let profile = Profile::new();
    let (endpoint, _) = endless();
    let assistant = assistant(&profile, &endpoint);
    let mut updates = assistant.send(question("x")).await.unwrap();
    let Some(AnswerUpdate::Started { conversation, .. }) = updates.recv().await else { panic!() };
    // Another process keeps the answer from ending in time.
    let release = occupied(&profile);
    let mut changes = assistant.changes();
    let taken = tokio::task::spawn_blocking({
        let assistant = assistant.clone();
        move || assistant.delete_all()
    });
    taken.await.unwrap().unwrap();
    drop(release);
    ended(updates).await;
    assert_eq!(told(&mut changes), []);
    assert_eq!(assistant.access().unwrap(), Access::New);

    assistant.create_with_passphrase(&SecretString::from(PASSPHRASE)).unwrap();
    assert!(assistant.messages(conversation.id).is_err());
    assert!(assistant.conversations().unwrap().is_empty());
    assert_eq!(assistant.history().unwrap().verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn files_wait_no_longer_than_their_window() {
    let profile = Profile::new();
    let assistant = Assistant::new(folders(&profile), Config::default());
    let file = || AttachedFile::new("a.txt", b"text".to_vec()).unwrap();
    let kept = assistant.stage("window-0", file()).unwrap();
    let last = std::iter::from_fn(|| assistant.stage("window-1", file()).ok()).last().unwrap();
    assistant.unstage_all("window-1");
    assert!(assistant.staged(&[last.id]).is_err());
    assert_eq!(assistant.staged(&[kept.id, kept.id]).unwrap().len(), 1);
    assistant.stage("window-0", file()).unwrap();
}
