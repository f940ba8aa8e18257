//! Reading aloud in the window, and all that ends it.

use std::time::Duration;

use whole_program::{Dispatcher, Endpoint, Profile, Window, stream_of};

use crate::display::Display;

const ANSWER: &str = "Le conseil s’est réuni lundi dans l’ancien hôtel de ville. Il a lu le rapport \
                      très slowly. Puis il est parti.";
const SLOW: &str = "> Il a lu le rapport très slowly.";

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_read_by_the_systems_voice_until_it_is_stopped_locked_or_closed() {
    let profile = Profile::new();
    let dispatcher = Dispatcher::of(&profile);
    let heard =
        |line: &str, times| tokio::task::block_in_place(|| dispatcher.wait_for(line, times));
    let endpoint = Endpoint::start(|_| stream_of(ANSWER.split_inclusive(' '), Duration::ZERO));
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.ask("Que s’est-il passé ?").await;
    window.click("[data-role=assistant][data-state=complete] [data-testid=read-aloud]").await;
    heard(SLOW, 1);
    window.find("[data-testid=read-aloud][aria-pressed=true]").await;
    assert_eq!(
        dispatcher.said(),
        ["Le conseil s’est réuni lundi dans l’ancien hôtel de ville.", &SLOW[2..]]
    );
    assert!(dispatcher.told().contains(&"SET self LANGUAGE fr".to_owned()));
    window.click("[data-testid=stop-aloud]").await;
    heard("CANCEL self", 1);
    window.find("[data-role=assistant] [data-testid=read-aloud][aria-pressed=false]").await;

    // The keys of the window.
    window.write("[data-testid=composer]", "\u{E009}\u{E008}s\u{E000}").await;
    heard(SLOW, 2);
    window.write("[data-testid=composer]", "\u{E009}l\u{E000}").await;
    heard("CANCEL self", 2);
    window.unlock().await;
    window.click("[data-role=assistant] [data-testid=read-aloud]").await;
    heard(SLOW, 3);
    // It is the last window: the program ends with it.
    tokio::task::block_in_place(|| Display::connect().close_windows(window.process()));
    heard("CANCEL self", 3);
    window.ends().await;
    assert!(!dispatcher.said().iter().any(|text| text.starts_with("Puis")));
}
