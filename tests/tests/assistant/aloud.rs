//! Reading aloud: what a voice is told, and what ends it.

use std::path::Path;
use std::sync::Arc;

use assistant::{AloudEnd, Assistant, Config, Settings, SpokenText, SystemVoices};
use conversation::FailureCode;
use secrecy::SecretString;
use whole_program::{Dispatcher, PASSPHRASE, Profile};

use crate::folders;
use crate::policy::{self, refused};

fn sentence(text: &str) -> SpokenText {
    SpokenText { text: text.to_owned(), language: None }
}

/// The assistant of the profile, its history open, with the voices of this socket.
fn at(profile: &Profile, socket: &Path) -> Arc<Assistant> {
    let voices = SystemVoices::Dispatcher(socket.to_owned());
    let assistant =
        Arc::new(Assistant::new(folders(profile), Config::default()).with_voices(voices));
    assistant.create_with_passphrase(&SecretString::from(PASSPHRASE)).unwrap();
    assistant
}

/// Reads this on a thread of its own.
fn begin(
    assistant: &Arc<Assistant>,
    reader: &'static str,
    texts: &[&str],
) -> std::thread::JoinHandle<AloudEnd> {
    let sentences: Vec<_> = texts.iter().map(|text| sentence(text)).collect();
    let assistant = assistant.clone();
    std::thread::spawn(move || assistant.read_aloud(reader, &sentences, |_| {}).unwrap())
}

#[test]
fn sentences_are_said_in_turn_in_the_language_of_the_text_and_at_the_rate_that_is_set() {
    let profile = Profile::new();
    let dispatcher = Dispatcher::of(&profile);
    let assistant = at(&profile, dispatcher.socket());
    let rate = Settings { speech_rate: 150, ..assistant.settings() };
    assistant.set_settings(&rate).unwrap();
    let too_fast = Settings { speech_rate: 301, ..rate };
    assert_eq!(assistant.set_settings(&too_fast).unwrap_err().code, FailureCode::Invalid);
    assert!(assistant.status().unwrap().voices);

    let code = SpokenText { text: "Code, 3 lines.".to_owned(), language: Some("en".to_owned()) };
    let texts = [
        sentence("Le conseil s’est réuni le premier lundi du mois."),
        sentence(".hidden\r\n.\r\nSET all RATE 100\r\n"),
        code,
        sentence(" … "),
        sentence("Il a adopté le rapport dans l’ancien hôtel de ville."),
    ];
    let mut begun = Vec::new();
    let end = assistant.read_aloud("main", &texts, |place| begun.push(place)).unwrap();
    assert_eq!((end, begun), (AloudEnd::Whole, vec![0, 1, 2, 3, 4]));
    let told = dispatcher.told();
    assert!(told.contains(&"SET self RATE 25".to_owned()), "{told:#?}");
    let spoken: Vec<_> = told
        .iter()
        .filter(|line| line.starts_with("> ") || line.starts_with("SET self LANGUAGE"))
        .collect();
    assert_eq!(
        spoken,
        [
            "SET self LANGUAGE fr",
            "> Le conseil s’est réuni le premier lundi du mois.",
            "SET self LANGUAGE fr",
            "> .hidden . SET all RATE 100",
            "SET self LANGUAGE en",
            "> Code, 3 lines.",
            "SET self LANGUAGE fr",
            "> Il a adopté le rapport dans l’ancien hôtel de ville.",
        ]
    );
}

#[test]
fn whatever_ends_a_reading_cancels_what_is_being_said() {
    let profile = Profile::new();
    let dispatcher = Dispatcher::of(&profile);
    let assistant = at(&profile, dispatcher.socket());
    let texts = ["This is said slowly.", "This is never said."];
    let cancelled = |times| {
        dispatcher.wait_for("CANCEL self", times);
        assert_eq!(dispatcher.said().len(), times, "nothing comes after it");
    };

    let reading = begin(&assistant, "main", &texts);
    dispatcher.wait_for("> This is said slowly.", 1);
    assistant.stop_reading_aloud();
    assert_eq!(reading.join().unwrap(), AloudEnd::Stopped);
    cancelled(1);

    // Another text takes the place of the first.
    let first = begin(&assistant, "main", &texts);
    dispatcher.wait_for("> This is said slowly.", 2);
    let second = begin(&assistant, "other", &texts);
    assert_eq!(first.join().unwrap(), AloudEnd::Stopped);
    dispatcher.wait_for("> This is said slowly.", 3);
    // A window that did not ask for it is gone, then the one that did.
    assistant.stop_reading_aloud_to("main");
    assert!(!second.is_finished());
    assistant.stop_reading_aloud_to("other");
    assert_eq!(second.join().unwrap(), AloudEnd::Stopped);
    cancelled(3);

    let reading = begin(&assistant, "main", &texts);
    dispatcher.wait_for("> This is said slowly.", 4);
    assert!(assistant.lock());
    assert_eq!(reading.join().unwrap(), AloudEnd::Stopped);
    cancelled(4);
    // Nothing is begun while it is locked.
    let end = assistant.read_aloud("main", &[sentence("This is never said.")], |_| {});
    assert_eq!(end.unwrap(), AloudEnd::Stopped);
    assert_eq!(dispatcher.said().len(), 4);
}

#[test]
fn without_a_voice_that_is_told_and_nothing_is_waited_for() {
    let profile = Profile::new();
    let nowhere = profile.root().join("nothing.sock");
    let assistant = at(&profile, &nowhere);
    // What answers here is no Speech Dispatcher.
    std::fs::write(&nowhere, "").unwrap();
    let read = |assistant: &Assistant| {
        assistant.read_aloud("main", &[sentence("Nobody hears it.")], |_| {}).unwrap()
    };
    assert_eq!(read(&assistant), AloudEnd::NoVoice);

    let profile = Profile::new();
    let dispatcher = Dispatcher::with_modules(&profile, &["dummy"]);
    assert_eq!(read(&at(&profile, dispatcher.socket())), AloudEnd::NoVoice);
    assert!(dispatcher.said().is_empty());
}

#[test]
fn an_organisation_can_forbid_it_and_what_is_too_long_is_refused() {
    let profile = Profile::new();
    let dispatcher = Dispatcher::of(&profile);
    let assistant = at(&profile, dispatcher.socket());
    let long = sentence(&"a".repeat(10_001));
    let failure = assistant.read_aloud("main", &[long], |_| {}).unwrap_err();
    assert_eq!(failure.code, FailureCode::Invalid);
    drop(assistant);

    let assistant = policy::under(&profile, "[features]\nread_aloud = false");
    refused(assistant.read_aloud("main", &[sentence("Not here.")], |_| {}));
    assert!(dispatcher.told().is_empty());
}
