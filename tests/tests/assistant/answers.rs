//! Answers under way: stopped, deleted, or refused by a busy history.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use assistant::{Access, AnswerUpdate, Assistant, Change, Config, Updates};
use conversation::{Conversation, FailureCode, MessageState, Usage};
use history::View;
use secrecy::SecretString;
use serde_json::json;
use whole_program::{Endpoint, PASSPHRASE, Profile, Reply, chunk, stream_of};

use crate::{ask, assistant, ended, folders, question};

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

/// Asks, and gives the conversation and what comes after the beginning of its answer.
async fn begun(assistant: &Arc<Assistant>) -> (Conversation, Updates) {
    let mut updates = assistant.send(question("x")).await.unwrap();
    let Some(AnswerUpdate::Started { conversation, .. }) = updates.recv().await else { panic!() };
    (conversation, updates)
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_is_heard_while_the_history_is_busy() {
    let profile = Profile::new();
    let (endpoint, sent) = endless();
    let assistant = assistant(&profile, &endpoint);
    let (conversation, updates) = begun(&assistant).await;
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
    let (conversation, updates) = begun(&assistant).await;
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
    let (conversation, mut updates) = begun(&assistant).await;
    let Some(AnswerUpdate::Delta(_)) = updates.recv().await else { panic!() };
    let mut changes = assistant.changes();
    assistant.delete(&[conversation.id]).unwrap();
    let (answer, _) = ended(updates).await;
    assert_eq!((answer.state, answer.failure), (MessageState::Stopped, None));
    assert_eq!(told(&mut changes), [Change::Removed { conversation: conversation.id }]);

    // It is had back with all that had arrived.
    assistant.restore(&[conversation.id]).unwrap();
    let (_, messages) = assistant.messages(conversation.id).unwrap();
    assert_eq!((messages[1].state, &messages[1].text), (MessageState::Stopped, &answer.text));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_its_end_is_told_of_a_history_that_was_taken_away() {
    let profile = Profile::new();
    let (endpoint, _) = endless();
    let assistant = assistant(&profile, &endpoint);
    let (conversation, updates) = begun(&assistant).await;
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
    assert_eq!(told(&mut changes), [Change::Access, Change::Replaced]);
    assert_eq!(assistant.access().unwrap(), Access::New);

    assistant.create_with_passphrase(&SecretString::from(PASSPHRASE)).unwrap();
    assert!(assistant.messages(conversation.id).is_err());
    assert!(assistant.list(&View::All, None).unwrap().is_empty());
    assert_eq!(assistant.history().unwrap().verify().unwrap().problems, Vec::<String>::new());
}

#[tokio::test]
async fn what_all_parts_of_a_continued_answer_cost_is_told_together() {
    let profile = Profile::new();
    let told = json!({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}});
    let told = Reply::Bytes(format!("data: {told}\n\n").into_bytes());
    let endpoint = Endpoint::start(move |request| {
        let mut replies = stream_of(["Half of ", "it."], Duration::ZERO);
        let text = request["messages"].to_string();
        if !text.contains("Half of") {
            // Cut off in the middle.
            replies.truncate(2);
            replies.extend(text.contains("tell").then(|| told.clone()));
        }
        replies
    });
    let assistant = assistant(&profile, &endpoint);
    let whole = async |text| {
        let (answer, _) = ask(&assistant, question(text)).await;
        assert_eq!(answer.state, MessageState::Failed);
        let rest = assistant.continue_answer(answer.id, false).await.unwrap();
        (answer, ended(rest).await.0)
    };
    let (part, all) = whole("tell").await;
    assert_eq!(part.usage, Some(Usage { input_tokens: 3, output_tokens: 2 }));
    assert_eq!(all.usage, Some(Usage { input_tokens: 10, output_tokens: 7 }));
    assert!(all.milliseconds >= part.milliseconds);
    // What the rest has cost is not told as if it were all.
    assert_eq!(whole("keep it to yourself").await.1.usage, None);
}

#[tokio::test]
async fn a_try_that_never_said_a_word_is_no_version_of_its_answer() {
    let profile = Profile::new();
    let tries = AtomicUsize::new(0);
    let told = json!({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}});
    let told = Reply::Bytes(format!("data: {told}\n\n").into_bytes());
    let endpoint = Endpoint::start(move |_| match tries.fetch_add(1, Ordering::SeqCst) {
        // Two refusals, and an answer that is cut off in the middle.
        0 | 1 => Reply::json(400, &json!({"error": {"message": "not now"}})),
        2 => {
            let mut replies = stream_of(["Half of ", "it."], Duration::ZERO);
            replies.splice(2.., [told.clone()]);
            replies
        }
        _ => stream_of(["All of it."], Duration::ZERO),
    });
    let assistant = assistant(&profile, &endpoint);
    let (first, conversation) = ask(&assistant, question("x")).await;
    assert_eq!((first.state, first.text.as_str()), (MessageState::Failed, ""));
    let again =
        async |message| ended(assistant.regenerate(message, None, false).await.unwrap()).await.0;
    let second = again(first.id).await;
    assert_eq!((second.id, second.state), (first.id, MessageState::Failed));
    let third = again(first.id).await;
    assert_eq!((third.id, third.text.as_str()), (first.id, "Half of "));
    assert_eq!(third.usage, Some(Usage { input_tokens: 3, output_tokens: 2 }));
    assert_eq!(assistant.messages(conversation.id).unwrap().1.len(), 2);
    // What said something stays as a version.
    let fourth = again(first.id).await;
    assert_ne!(fourth.id, first.id);
    assert_eq!(assistant.messages(conversation.id).unwrap().1.len(), 3);
    // Each try asks what was asked, and nothing else.
    let requests = endpoint.requests();
    assert!(requests.iter().all(|request| *request == requests[0]), "{requests:?}");
}
