//! What holds at the desk, below every surface: the lock, the notice, markings, and what is told to who helps.

use std::sync::Arc;
use std::time::Duration;

use assistant::{Access, Assistant, Config, KeyChange, Question};
use conversation::{FailureCode, MessageState};
use policy::{Format, Policy};
use secrecy::SecretString;
use whole_program::{Endpoint, PASSPHRASE, Profile, stream_of};

use super::{KEY, ask, assistant, draft, ended, folders, question};

fn governed(profile: &Profile, toml: &str) -> Assistant {
    let policy = Policy::parse("policy", toml, Format::Toml).unwrap();
    Assistant::new(folders(profile), Config::default()).with_policy(policy)
}

fn passphrase() -> SecretString {
    SecretString::from(PASSPHRASE)
}

#[tokio::test]
async fn a_lock_keeps_what_has_arrived_and_opens_for_the_passphrase_alone() {
    let profile = Profile::new();
    let pieces: Vec<_> = std::iter::repeat_n("word ", 100).collect();
    let endpoint =
        Endpoint::start(move |_| stream_of(pieces.iter().copied(), Duration::from_millis(200)));
    let assistant = assistant(&profile, &endpoint);
    let mut updates = assistant.send(question("Begin")).await.unwrap();
    // The first words are here.
    while !matches!(updates.recv().await.unwrap(), assistant::AnswerUpdate::Delta(_)) {}
    let locking = assistant.clone();
    assert!(tokio::task::spawn_blocking(move || locking.lock()).await.unwrap());
    let (answer, conversation) = ended(updates).await;
    assert_eq!(answer.state, MessageState::Stopped);
    assert!(answer.text.starts_with("word"), "{answer:?}");

    assert_eq!(assistant.access().unwrap(), Access::Locked);
    assert!(!assistant.lock(), "it is locked already");
    assert_eq!(assistant.history().err().unwrap().code, FailureCode::Locked);
    assert_eq!(assistant.data_key().err().unwrap().code, FailureCode::Locked);
    // Neither this program nor another opens it by itself.
    assert!(!assistant.open_existing().unwrap());
    let other = Assistant::new(folders(&profile), Config::default());
    assert!(!other.open_existing().unwrap());
    assert_eq!(other.unlock_with_keychain().unwrap_err().code, FailureCode::Locked);

    assistant.unlock(&passphrase()).unwrap();
    let kept = assistant.history().unwrap().message(answer.id).unwrap();
    assert_eq!((kept.text, kept.state), (answer.text, MessageState::Stopped));
    assert_eq!(kept.conversation, conversation.id);
}

#[tokio::test]
async fn nobody_stirs_for_as_long_as_the_policy_allows_at_most() {
    let profile = Profile::new();
    let assistant = governed(&profile, "[lock]\nidle_minutes = 10");
    assert_eq!(assistant.until_idle(), None, "nothing is open");
    assistant.create_with_passphrase(&passphrase()).unwrap();
    let about = |minutes: u64| {
        let left = assistant.until_idle().unwrap();
        let most = Duration::from_secs(60 * minutes);
        assert!(left <= most && left > most - Duration::from_secs(30), "{left:?}");
    };
    about(10);
    let own = |lock_minutes| {
        let settings = assistant::Settings { lock_minutes, ..assistant.settings() };
        assistant.set_settings(&settings).unwrap();
    };
    own(2);
    about(2);
    own(60);
    about(10);
    assistant.lock();
    assert_eq!(assistant.until_idle(), None);
}

#[tokio::test]
async fn the_notice_is_accepted_before_the_history_can_be_used() {
    let profile = Profile::new();
    let assistant = governed(&profile, "[banner]\ntext = { en = \"Notice\" }");
    assistant.create_with_passphrase(&passphrase()).unwrap();
    assert_eq!(assistant.history().err().unwrap().code, FailureCode::BannerNotAccepted);
    let assistant = Arc::new(assistant);
    let refused = assistant.send(Question { text: "x".into(), ..Question::default() }).await;
    assert_eq!(refused.err().unwrap().code, FailureCode::BannerNotAccepted);
    assistant.accept_notice().unwrap();
    assert!(assistant.history().is_ok() && assistant.notice().is_none());
}

#[tokio::test]
async fn a_history_without_a_passphrase_is_refused_where_the_policy_asks_for_one() {
    let profile = Profile::new();
    let assistant = governed(&profile, "[lock]\npassphrase = true\nreason = \"So it is.\"");
    let refused = assistant.create_with_keychain().unwrap_err();
    assert_eq!(refused.code, FailureCode::Forbidden);
    assert!(refused.message.ends_with("\nSo it is."), "{refused}");
    assistant.create_with_passphrase(&passphrase()).unwrap();
    assert!(assistant.history().is_ok());
}

#[tokio::test]
async fn a_conversation_is_marked_higher_and_never_lower_and_its_copies_are_too() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Yes.");
    let plain = assistant(&profile, &endpoint);
    let (_, one) = ask(&plain, question("One")).await;
    let (_, two) = ask(&plain, question("Two")).await;
    assert_eq!(plain.marking(one.id).unwrap(), None);
    drop(plain);

    let levels = "[marking]\ndefault = \"b\"\nlevels = [\
         {id=\"a\",text=\"A\",colour=\"#ffffff\"},{id=\"b\",text=\"B\",colour=\"#0033a0\"},\
         {id=\"c\",text=\"C\",colour=\"#c8102e\"}]";
    let assistant = governed(&profile, levels);
    assistant.unlock(&passphrase()).unwrap();
    let text = |id| assistant.marking(id).unwrap().unwrap().text;
    assert_eq!(text(one.id), "B");
    assert_eq!(assistant.mark(one.id, "a").unwrap_err().code, FailureCode::Forbidden);
    assert_eq!(assistant.mark(one.id, "x").unwrap_err().code, FailureCode::Invalid);
    assistant.mark(one.id, "c").unwrap();
    assert_eq!((text(one.id), text(two.id)), ("C".to_owned(), "B".to_owned()));
    let copy = assistant.duplicate(one.id, "Copy").unwrap();
    assert_eq!(text(copy.id), "C");
    let merged = assistant.merge(&[two.id, copy.id], "Both").unwrap();
    assert_eq!(text(merged.id), "C");
}

#[tokio::test]
async fn a_lock_says_afterwards_that_a_temporary_conversation_ended() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Yes.");
    let assistant = assistant(&profile, &endpoint);
    let ended = || assistant.status().unwrap().desk.temporary_ended;
    let locked = || {
        assert!(assistant.lock());
        let told = ended();
        assistant.unlock(&passphrase()).unwrap();
        told
    };
    ask(&assistant, question("Kept")).await;
    assert!(!locked(), "nothing has ended");
    ask(&assistant, Question { temporary: true, ..question("Not kept") }).await;
    assert!(locked());
    assert!(!ended() && !locked(), "it is told once");
}

#[tokio::test]
async fn a_lock_says_afterwards_how_many_files_no_longer_wait() {
    let profile = Profile::new();
    let assistant = assistant(&profile, &Endpoint::saying("Yes."));
    let file = profile.root().join("note.txt");
    std::fs::write(&file, "A note").unwrap();
    let ended = || assistant.status().unwrap().desk.files_ended;
    assert!(assistant.lock());
    assert_eq!(ended(), 0, "nothing waited");
    assistant.unlock(&passphrase()).unwrap();
    for _ in 0..2 {
        assistant.stage_file("main", &file).unwrap();
    }
    assert!(assistant.lock());
    assert_eq!(ended(), 2);
    assistant.unlock(&passphrase()).unwrap();
    assert_eq!(ended(), 0, "it is told once");
}

#[tokio::test]
async fn diagnostics_tell_how_it_is_set_up_and_nothing_private() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("marimbaanswer");
    let own = assistant(&profile, &endpoint);
    let file = profile.root().join("balafonfile.txt");
    std::fs::write(&file, "celestatext").unwrap();
    let staged = own.stage_file("main", &file).unwrap().id;
    let files = own.staged(&[staged]).unwrap();
    let asked = Question { files, ..question("xylophonequestion") };
    let (_, conversation) = ask(&own, asked).await;
    own.rename(conversation.id, "carillontitle").unwrap();
    own.set_instructions("vibraphoneinstructions").unwrap();
    let named = draft("gamelanname", "https://glockenspielhost.example/v1");
    own.save_endpoint(None, &named, &KeyChange::Set { key: "sk-kalimbakey".to_owned() }).unwrap();
    drop(own);

    let mut config = Config::load(&folders(&profile).config_file()).unwrap();
    let named = config.endpoints.get_mut("gamelanname").unwrap();
    named.proxy = Some("http://tubularproxy.example:3128".to_owned());
    named.ca_certificates.push("/etc/bonangpath.pem".into());
    config.settings.model = Some("angklungmodel".to_owned());
    let assistant = Assistant::new(folders(&profile), config);
    assistant.unlock(&passphrase()).unwrap();
    let told = assistant.diagnostics().unwrap();
    for shown in [
        "1 conversations, 2 messages",
        "OpenAiChat, proxy false, own authorities 0",
        "OpenAiChat, proxy true, own authorities 1",
    ] {
        assert!(told.contains(shown), "no {shown} in {told}");
    }
    let root = profile.root().to_str().unwrap();
    let words = "marimba balafon celesta xylophone carillon vibraphone gamelan glockenspiel kalimba \
                 tubular bonang angklung work http 127.0.0.1";
    for private in words.split_whitespace().chain([root, KEY, PASSPHRASE]) {
        assert!(!told.contains(private), "{private} in {told}");
    }
}
