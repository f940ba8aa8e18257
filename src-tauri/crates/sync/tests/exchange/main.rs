//! Machines that share a history through a folder and through a real S3 server, whatever is cut
//! off meanwhile and whatever their clocks say.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test, failing is the point"
)]

mod cutting;

use std::sync::Arc;

use conversation::{ConversationId, MessageId, MessageState, Role};
use history::{History, NewAttachment, NewMessage};
use object_store::local::LocalFileSystem;
use secrecy::SecretString;
use sync::{Exchanged, Secret, Store, StoreConfig, StoreKey, SyncError};
use whole_program::S3;

use cutting::Cutting;

async fn exchange(
    history: &History,
    store: &Store,
    secret: &Secret,
) -> Result<Exchanged, SyncError> {
    let mut done = Exchanged::default();
    sync::exchange(history, store, secret, &mut done).await?;
    Ok(done)
}

/// A folder of the server's bucket, asked with this secret.
fn bucket(server: &S3, secret: &str) -> Store {
    let config = StoreConfig {
        endpoint: Some(server.address().to_owned()),
        region: Some("us-east-1".to_owned()),
        ..StoreConfig::new("s3://bucket/of/ours")
    };
    let secret = SecretString::from(secret.to_owned());
    Store::at(&config, Some(&StoreKey { id: S3::ACCESS.to_owned(), secret })).unwrap()
}

const HOUR: i64 = 60 * 60 * 1000;

fn say(history: &History, conversation: ConversationId, parent: Option<MessageId>, text: &str) {
    add(history, conversation, parent, text, &[]);
}

fn add(
    history: &History,
    conversation: ConversationId,
    parent: Option<MessageId>,
    text: &str,
    attachments: &[NewAttachment<'_>],
) {
    let message = NewMessage {
        conversation,
        parent,
        role: Role::User,
        text,
        model: None,
        state: MessageState::Complete,
        attachments,
    };
    history.add_message(message).unwrap();
}

fn texts(history: &History, conversation: ConversationId) -> Vec<String> {
    let messages = history.messages(conversation).unwrap();
    let mut texts: Vec<_> = messages.into_iter().map(|message| message.text).collect();
    texts.sort();
    texts
}

/// Everything that a person does on two machines, one of whose clocks is an hour ahead, with files
/// of so many bytes.
async fn two_profiles_see_one_history(store: Store, bytes: usize) {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [desktop, laptop] =
        [0, 1].map(|at| History::open(&folders[at].path().join("history.db"), &[7; 32]).unwrap());
    let secret = Secret::random().unwrap();
    let id = desktop.create_conversation("first", None).unwrap().id;
    let picture = vec![7; bytes];
    let file = NewAttachment { name: "large.png", media_type: "image/png", data: &picture };
    add(&desktop, id, None, "with files", &[file, file, file, file]);
    say(&desktop, id, None, "question");
    sync::start(&desktop, &store, &secret).await.unwrap();
    let sent = exchange(&desktop, &store, &secret).await.unwrap();
    // A segment has about eight megabytes.
    assert_eq!(sent.sent > 1, 4 * bytes > 8 << 20, "{sent:?}");

    let secret = Secret::from_code(&secret.code()).unwrap();
    sync::join(&laptop, &store, &secret).await.unwrap();
    laptop.set_sync_clock_ahead(-HOUR).unwrap();
    let received = exchange(&laptop, &store, &secret).await.unwrap();
    assert_eq!(received.received, sent.sent);
    assert_eq!(texts(&laptop, id), ["question", "with files"]);
    let attached = &laptop.messages(id).unwrap()[0].attachments;
    assert_eq!(laptop.attachment_data(attached[3].id).unwrap(), picture);

    // Both go on without having heard of each other.
    let question = laptop.messages(id).unwrap()[1].id;
    say(&laptop, id, Some(question), "from the laptop");
    say(&desktop, id, Some(question), "from the desktop");
    laptop.rename(id, "renamed on the laptop").unwrap();
    for history in [&desktop, &laptop, &desktop] {
        exchange(history, &store, &secret).await.unwrap();
    }
    for history in [&desktop, &laptop] {
        let said = texts(history, id);
        assert_eq!(said, ["from the desktop", "from the laptop", "question", "with files"]);
        assert_eq!(history.conversation(id).unwrap().title, "renamed on the laptop");
        assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
    }
    assert_eq!(exchange(&laptop, &store, &secret).await.unwrap(), Exchanged::default());

    laptop.erase(id).unwrap();
    for history in [&laptop, &desktop, &laptop] {
        exchange(history, &store, &secret).await.unwrap();
    }
    assert!(desktop.conversations().unwrap().is_empty());
}

#[tokio::test]
async fn two_profiles_share_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let objects = LocalFileSystem::new_with_prefix(folder.path()).unwrap();
    two_profiles_see_one_history(Store::of(Arc::new(objects), "of/ours"), 9 << 18).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_profiles_share_a_bucket() {
    let server = S3::start();
    two_profiles_see_one_history(bucket(&server, S3::SECRET), 1 << 18).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_credentials_are_told_without_repeating_them() {
    let server = S3::start();
    let store = bucket(&server, "sesame");
    let history = History::in_memory().unwrap();
    let refused = sync::start(&history, &store, &Secret::random().unwrap()).await.unwrap_err();
    assert!(matches!(refused, SyncError::Refused), "{refused:?}");
    assert!(!format!("{refused} {refused:?}").contains("sesame"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_is_away_is_told_and_changes_wait() {
    let server = S3::start();
    let bucket = bucket(&server, S3::SECRET);
    let history = History::in_memory().unwrap();
    let secret = Secret::random().unwrap();
    sync::start(&history, &bucket, &secret).await.unwrap();
    history.create_conversation("t", None).unwrap();
    drop(server);
    let away = exchange(&history, &bucket, &secret).await;
    assert!(matches!(away, Err(SyncError::Away(_))), "{away:?}");
    assert!(history.sync_state().unwrap().unwrap().pending > 0);
}

/// Wherever an upload is cut off, and whether or not the store has what was sent, others see
/// nothing half, and the next exchange goes on.
#[tokio::test]
async fn an_upload_may_be_cut_off_anywhere() {
    for arrives in [false, true] {
        for cut in 0..5 {
            let folder = tempfile::tempdir().unwrap();
            let objects = Arc::new(LocalFileSystem::new_with_prefix(folder.path()).unwrap());
            let store = Store::of(objects.clone(), "");
            let [one, other] = [0, 1].map(|_| History::in_memory().unwrap());
            let secret = Secret::random().unwrap();
            sync::start(&one, &store, &secret).await.unwrap();
            sync::join(&other, &store, &secret).await.unwrap();
            let erased = one.create_conversation("erased", None).unwrap().id;
            one.create_conversation("beside it", None).unwrap();
            exchange(&one, &store, &secret).await.unwrap();
            exchange(&other, &store, &secret).await.unwrap();

            let id = one.create_conversation("t", None).unwrap().id;
            say(&one, id, None, "first");
            say(&one, id, None, "second");
            one.erase(erased).unwrap();
            let cutting = Store::of(Arc::new(Cutting::after(objects, cut, arrives)), "");
            let done = exchange(&one, &cutting, &secret).await;
            let heard = exchange(&other, &store, &secret).await;
            assert!(heard.is_ok(), "{cut}: {heard:?}");
            assert_eq!(other.verify().unwrap().problems, Vec::<String>::new());
            // What is changed meanwhile goes with the rest.
            say(&one, id, None, "third");
            match done {
                // A segment and a list, and both again without what was erased.
                Ok(_) => assert!(cut >= 4, "it was never cut off"),
                Err(error) => assert!(matches!(error, SyncError::Away(_)), "{error:?}"),
            }
            let device = one.sync_state().unwrap().unwrap().device;
            exchange(&one, &store, &secret).await.unwrap();
            exchange(&other, &store, &secret).await.unwrap();
            assert_eq!(one.sync_state().unwrap().unwrap().device, device, "{cut}");
            assert_eq!(texts(&other, id), ["first", "second", "third"]);
            assert!(other.conversation(erased).is_err());
            let list = std::fs::read_dir(folder.path().join(format!("{device:016x}"))).unwrap();
            let segments = history_segments(&one);
            assert_eq!(list.count(), segments + 1, "{cut}: nothing is left that no list names");
        }
    }
}

fn history_segments(history: &History) -> usize {
    history.sync_segments().unwrap().len()
}

#[tokio::test]
async fn a_history_restored_from_a_backup_learns_what_it_once_sent() {
    let folder = tempfile::tempdir().unwrap();
    let shared = tempfile::tempdir().unwrap();
    let objects = LocalFileSystem::new_with_prefix(shared.path()).unwrap();
    let store = Store::of(Arc::new(objects), "");
    let secret = Secret::random().unwrap();
    let [file, backup] = ["history.db", "backup.db"].map(|name| folder.path().join(name));
    let history = History::open(&file, &[7; 32]).unwrap();
    sync::start(&history, &store, &secret).await.unwrap();
    history.create_conversation("before", None).unwrap();
    exchange(&history, &store, &secret).await.unwrap();
    history.backup(&backup, &[8; 32], &[9; 16]).unwrap();
    history.create_conversation("after", None).unwrap();
    exchange(&history, &store, &secret).await.unwrap();
    drop(history);

    let restored = folder.path().join("restored.db");
    let restored = History::restore_backup(&backup, &[8; 32], &restored, &[7; 32], || {}).unwrap();
    restored.create_conversation("since", None).unwrap();
    exchange(&restored, &store, &secret).await.unwrap();
    let mut titles: Vec<_> =
        restored.conversations().unwrap().into_iter().map(|c| c.title).collect();
    titles.sort();
    assert_eq!(titles, ["after", "before", "since"]);
    // The copy that goes on beside it hears of what was made here.
    let other = History::open(&file, &[7; 32]).unwrap();
    exchange(&other, &store, &secret).await.unwrap();
    assert_eq!(other.conversations().unwrap().len(), 3);
}

#[tokio::test]
async fn many_small_segments_become_few() {
    let shared = tempfile::tempdir().unwrap();
    let objects = LocalFileSystem::new_with_prefix(shared.path()).unwrap();
    let store = Store::of(Arc::new(objects), "");
    let secret = Secret::random().unwrap();
    let [one, other] = [0, 1].map(|_| History::in_memory().unwrap());
    sync::start(&one, &store, &secret).await.unwrap();
    for number in 0..40 {
        one.create_conversation(&format!("t{number}"), None).unwrap();
        exchange(&one, &store, &secret).await.unwrap();
    }
    assert!(history_segments(&one) <= 33, "{}", history_segments(&one));
    sync::join(&other, &store, &secret).await.unwrap();
    exchange(&other, &store, &secret).await.unwrap();
    assert_eq!(other.conversations().unwrap().len(), 40);
}
