//! Endpoints and their keys: who is asked, and with which key.

use assistant::{Assistant, Config, KeyChange, Question, Settings};
use conversation::FailureCode;
use history::View;
use secrecy::SecretString;
use whole_program::{Endpoint, PASSPHRASE, Profile};

use crate::{KEY, ask, assistant, draft, folders, question};

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
    let file = assistant.disk_folders().config_file();
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
async fn a_conversation_stays_with_the_model_that_it_began_with() {
    let profile = Profile::new();
    let (first, second) = (Endpoint::saying("first"), Endpoint::saying("second"));
    let assistant = assistant(&profile, &first);
    let (_, conversation) = ask(&assistant, question("One")).await;
    assert!(conversation.model.is_some());
    assistant.save_endpoint(None, &draft("lab", second.address()), &KeyChange::Forget).unwrap();
    let all = assistant.models().await.models;
    let other = all.iter().find(|model| model.endpoint.as_deref() == Some("lab")).unwrap();
    let settings = Settings { model: Some(other.id.clone()), ..assistant.settings() };
    assistant.set_settings(&settings).unwrap();

    let next = Question { conversation: Some(conversation.id), ..question("Two") };
    assert_eq!(ask(&assistant, next).await.0.text, "first");
    assert_eq!(ask(&assistant, question("Three")).await.0.text, "second");

    // Nobody else hears what was said to an endpoint that is gone, although its models are called
    // alike.
    assistant.remove_endpoint("work").unwrap();
    let next = Question { conversation: Some(conversation.id), ..question("Four") };
    let refused = assistant.send(next).await.err().unwrap();
    assert_eq!(refused.code, FailureCode::UnknownModel);
}

#[tokio::test]
async fn the_default_model_is_the_default_endpoints_or_unknown() {
    let profile = Profile::new();
    let (first, second) = (Endpoint::saying("first"), Endpoint::saying("second"));
    let assistant = assistant(&profile, &first);
    assistant.save_endpoint(None, &draft("lab", second.address()), &KeyChange::Forget).unwrap();
    let told = assistant.models().await;
    assert_eq!(told.default.as_ref(), Some(&told.models[0].id));
    assert_eq!(told.models[0].endpoint.as_deref(), Some("work"));
    let gone = draft("work", "http://127.0.0.1:9/v1");
    assistant.save_endpoint(Some("work"), &gone, &KeyChange::Forget).unwrap();
    let told = assistant.models().await;
    assert_eq!(told.default, None, "the other one's is not asked");
    assert!(told.models.iter().any(|model| model.endpoint.as_deref() == Some("lab")));
}

#[tokio::test]
async fn an_image_for_a_model_that_cannot_see_is_refused_before_it_is_stored() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("x");
    let assistant = assistant(&profile, &endpoint);
    let image = assistant::AttachedFile::new("a.png", PNG.to_vec()).unwrap();
    let asked = Question {
        model: Some(assistant::BUILT_IN_MODEL.to_owned()),
        files: vec![image],
        ..question("What is this?")
    };
    let refused = assistant.send(asked).await.err().unwrap();
    assert_eq!(refused.code, FailureCode::NoImages);
    assert!(assistant.list(&View::All, None).unwrap().is_empty());
}

/// The smallest that is told to be one.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
