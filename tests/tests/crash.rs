//! Killing the program at any moment loses at most the last second of a streaming answer, and
//! never a stored message.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use assistant::{Assistant, Config, Folders};
use conversation::{Message, MessageId, MessageState};
use secrecy::SecretString;
use whole_program::{Endpoint, PASSPHRASE, Profile, stream_of};

/// How often the program is killed.
const KILLS: u32 = 100;
/// The endpoint's pace: a numbered word each so many milliseconds.
const PACE: Duration = Duration::from_millis(5);

#[test]
fn a_kill_at_any_moment_loses_nothing_that_was_kept() {
    let profile = Profile::new();
    let words: Vec<String> = (0..2000).map(|n| format!("mot{n} ")).collect();
    let endpoint = Endpoint::start(move |_| stream_of(words.iter().map(String::as_str), PACE));
    let mut kept = BTreeMap::new();
    // A busy machine takes longer to come to the same moments.
    let start = first_word(&profile, endpoint.address());
    for round in 0..KILLS {
        // Most kills fall around the first word, where the most happens; a few fall after a
        // checkpoint was due.
        let moment = if round % 10 == 9 {
            start + Duration::from_millis(1200 + u64::from(round * 4))
        } else {
            start * ((round * 37) % 100) / 50
        };
        let heard = ask_and_kill(&profile, endpoint.address(), moment);
        if round % 5 == 4 || heard.is_some_and(|h| h.time > Duration::from_secs(1)) {
            check(&profile, &mut kept, heard);
        }
    }
    check(&profile, &mut kept, None);
    assert!(
        kept.len() > 20,
        "only {} messages were ever kept: the kills came too early",
        kept.len()
    );
}

/// What was heard of an answer before the kill.
#[derive(Clone, Copy)]
struct Heard {
    /// Words that were printed more than a second before the kill.
    settled: usize,
    /// How long after its first word the answer was killed.
    time: Duration,
}

fn ask(profile: &Profile, endpoint: &str) -> Child {
    profile
        .bureau(&["ask", "--json", "compte"])
        .env("BUREAU_ENDPOINT", endpoint)
        .env("BUREAU_MODEL", "m")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// How long the program takes to its first word here and now.
fn first_word(profile: &Profile, endpoint: &str) -> Duration {
    let begun = Instant::now();
    let mut child = ask(profile, endpoint);
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut String::new()).unwrap();
    let time = begun.elapsed();
    child.kill().unwrap();
    child.wait().unwrap();
    time
}

fn ask_and_kill(profile: &Profile, endpoint: &str, after: Duration) -> Option<Heard> {
    let mut child = ask(profile, endpoint);
    let stdout = child.stdout.take().unwrap();
    let listener = std::thread::spawn(move || {
        let lines = BufReader::new(stdout).lines().map_while(Result::ok);
        lines.filter(|l| l.contains("delta")).map(|_| Instant::now()).collect::<Vec<_>>()
    });
    std::thread::sleep(after);
    child.kill().unwrap();
    let killed = Instant::now();
    child.wait().unwrap();
    let times = listener.join().unwrap();
    let time = killed.saturating_duration_since(*times.first()?);
    let settled = times
        .iter()
        .filter(|t| killed.saturating_duration_since(**t) > Duration::from_secs(1))
        .count();
    Some(Heard { settled, time })
}

/// The database is whole, every message that was there before still is, unchanged, and a killed
/// answer shows as interrupted with all but its last second.
fn check(profile: &Profile, kept: &mut BTreeMap<MessageId, Message>, heard: Option<Heard>) {
    profile.run(&["history", "verify"]).ok();
    // Read in this process: the program would be started for each of the conversations.
    let folders = Folders { config: profile.root().join("config"), data: profile.data() };
    let reader = Assistant::new(folders, Config::default());
    reader.unlock(&SecretString::from(PASSPHRASE)).unwrap();
    let mut now = BTreeMap::new();
    for (place, conversation) in
        reader.recent_conversations(usize::MAX).unwrap().into_iter().enumerate()
    {
        let (_, messages) = reader.messages(conversation.id).unwrap();
        if place == 0
            && let Some(heard) = heard.filter(|h| h.settled > 0)
        {
            let words = messages.last().unwrap().text.split_whitespace().count();
            assert!(words >= heard.settled, "{words} words kept of {} settled", heard.settled);
        }
        for message in messages {
            assert_ne!(message.state, MessageState::Streaming, "{message:?}");
            now.insert(message.id, message);
        }
    }
    for (id, message) in kept.iter() {
        assert_eq!(now.get(id), Some(message), "message {id} was lost or changed");
    }
    *kept = now;
}
