//! The store on a real encrypted file.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test, failing is the point")]

use std::path::PathBuf;

use conversation::{
    ConversationId, Failure, FailureCode, FinishReason, MessageId, MessageState, Role, Usage,
};
use history::{AnswerEnd, History, HistoryError, NewAttachment, NewMessage, Order};
use tempfile::TempDir;

const KEY: [u8; 32] = [7; 32];

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("data/history.db")
    }

    fn open(&self) -> History {
        History::open(&self.file(), &KEY).unwrap()
    }
}

fn question(conversation: ConversationId, parent: Option<MessageId>, text: &str) -> NewMessage<'_> {
    NewMessage {
        conversation,
        parent,
        role: Role::User,
        text,
        model: None,
        state: MessageState::Complete,
        attachments: &[],
    }
}

fn answer<'a>(conversation: ConversationId, parent: MessageId) -> NewMessage<'a> {
    NewMessage {
        role: Role::Assistant,
        model: Some("m"),
        state: MessageState::Streaming,
        ..question(conversation, Some(parent), "")
    }
}

fn complete(text: &str) -> AnswerEnd<'_> {
    AnswerEnd {
        text,
        reasoning: "",
        state: MessageState::Complete,
        failure: None,
        finish: Some(FinishReason::Stop),
        usage: Some(Usage { input_tokens: 3, output_tokens: 4 }),
        milliseconds: Some(1500),
    }
}

#[test]
fn what_was_stored_is_there_after_reopening() {
    let folder = Folder::new();
    let history = folder.open();
    let conversation = history.create_conversation("Été", Some("m")).unwrap();
    let files = [NewAttachment { name: "a.png", media_type: "image/png", data: &[1, 2, 3] }];
    let asked = history
        .add_message(NewMessage { attachments: &files, ..question(conversation.id, None, "Où ?") })
        .unwrap();
    let begun = history.add_message(answer(conversation.id, asked.id)).unwrap();
    history.checkpoint(begun.id, "Ic", "hm").unwrap();
    let failure =
        Failure { code: FailureCode::RateLimited, message: "wait".into(), retry_after: Some(9) };
    let end = AnswerEnd { state: MessageState::Failed, failure: Some(&failure), ..complete("Ici") };
    let ended = history.end_answer(begun.id, end).unwrap();
    assert_eq!(ended.failure.as_ref(), Some(&failure));
    history.set_setting("s", Some("v")).unwrap();
    drop(history);

    let history = folder.open();
    assert_eq!(history.messages(conversation.id).unwrap(), [asked.clone(), ended.clone()]);
    assert_eq!(history.conversation(conversation.id).unwrap().leaf, Some(ended.id));
    assert_eq!(history.attachment_data(asked.attachments[0].id).unwrap(), [1, 2, 3]);
    assert_eq!(history.setting("s").unwrap().as_deref(), Some("v"));
    assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
    let statistics = history.statistics().unwrap();
    assert_eq!((statistics.conversations, statistics.messages), (1, 2));
}

#[test]
fn another_key_opens_nothing_and_changes_nothing() {
    let folder = Folder::new();
    drop(folder.open());
    let before = std::fs::read(folder.file()).unwrap();
    assert!(matches!(History::open(&folder.file(), &[8; 32]), Err(HistoryError::NotAHistory)));
    assert_eq!(std::fs::read(folder.file()).unwrap(), before);
}

#[test]
fn a_damaged_page_is_told_and_not_read() {
    let folder = Folder::new();
    let history = folder.open();
    let conversation = history.create_conversation("t", None).unwrap();
    let long = "mot ".repeat(20_000);
    history.add_message(question(conversation.id, None, &long)).unwrap();
    drop(history);
    let mut bytes = std::fs::read(folder.file()).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(folder.file(), &bytes).unwrap();
    let problems = match History::open(&folder.file(), &KEY) {
        Ok(history) => history.verify().map(|v| v.problems),
        Err(error) => Err(error),
    };
    match problems {
        Ok(problems) => assert!(!problems.is_empty()),
        Err(error) => assert!(
            matches!(error, HistoryError::Damaged(_) | HistoryError::NotAHistory),
            "{error}"
        ),
    }
}

#[test]
fn an_answer_of_a_dead_process_is_interrupted_and_can_be_continued() {
    let folder = Folder::new();
    let writer = folder.open();
    let conversation = writer.create_conversation("t", None).unwrap();
    let asked = writer.add_message(question(conversation.id, None, "q")).unwrap();
    let begun = writer.add_message(answer(conversation.id, asked.id)).unwrap();
    writer.checkpoint(begun.id, "jusqu'ici", "").unwrap();

    // A second process sees it streaming, and may not write to it.
    let other = folder.open();
    assert_eq!(other.message(begun.id).unwrap().state, MessageState::Streaming);
    assert!(matches!(
        other.resume_answer(begun.id, MessageState::Streaming, "{}"),
        Err(HistoryError::NotWritable(_))
    ));
    assert!(matches!(other.checkpoint(begun.id, "x", ""), Err(HistoryError::NotWritable(_))));
    assert!(other.search("jusqu", Order::Newest, 9).unwrap().is_empty());

    // Dropping the history frees its lease as the end of its process does.
    drop(writer);
    let seen = other.message(begun.id).unwrap();
    assert_eq!((seen.state, seen.text.as_str()), (MessageState::Interrupted, "jusqu'ici"));
    assert_eq!(other.search("jusqu", Order::Newest, 9).unwrap().len(), 1);
    let interrupted = MessageState::Interrupted;
    let resumed = other.resume_answer(begun.id, interrupted, "{}").unwrap();
    assert_eq!(resumed.state, MessageState::Streaming);
    // Nor may a third one that saw it interrupted.
    let third = folder.open();
    let refused = |state| {
        matches!(third.resume_answer(begun.id, state, "{}"), Err(HistoryError::NotWritable(_)))
    };
    assert!(refused(interrupted) && refused(MessageState::Streaming));
    assert!(other.search("jusqu", Order::Newest, 9).unwrap().is_empty());
    let ended = other.end_answer(begun.id, complete("jusqu'ici et plus loin")).unwrap();
    assert_eq!(ended.finish, Some(FinishReason::Stop));
    assert_eq!(other.search("loin", Order::Newest, 9).unwrap().len(), 1);
    assert_eq!(other.verify().unwrap().problems, Vec::<String>::new());
    assert!(refused(interrupted), "nor once it has ended");
    drop(third);
    assert_eq!(std::fs::read_dir(folder.0.path().join("data/writers")).unwrap().count(), 1);
}

#[test]
fn what_dead_processes_left_behind_is_swept() {
    let folder = Folder::new();
    let living = folder.open();
    let conversation = living.create_conversation("", None).unwrap();
    let asked = living.add_message(question(conversation.id, None, "x")).unwrap();
    living.add_message(answer(conversation.id, asked.id)).unwrap();
    let writers = folder.0.path().join("data/writers");
    std::fs::write(writers.join("0123456789abcdef"), "").unwrap();
    folder.open();
    let left: Vec<_> = std::fs::read_dir(&writers).unwrap().collect();
    assert_eq!(left.len(), 1, "only that of the living: {left:?}");
}

#[test]
fn every_branch_stays() {
    let history = History::in_memory().unwrap();
    let conversation = history.create_conversation("t", None).unwrap().id;
    let first = history.add_message(question(conversation, None, "a")).unwrap();
    let second = history.add_message(question(conversation, Some(first.id), "b")).unwrap();
    let beside = history.add_message(question(conversation, Some(first.id), "c")).unwrap();
    assert_eq!(history.conversation(conversation).unwrap().leaf, Some(beside.id));
    history.set_leaf(conversation, second.id).unwrap();
    assert_eq!(history.conversation(conversation).unwrap().leaf, Some(second.id));
    assert_eq!(history.messages(conversation).unwrap().len(), 3);
}

#[test]
fn what_does_not_exist_or_belong_is_refused() {
    let history = History::in_memory().unwrap();
    let one = history.create_conversation("1", None).unwrap().id;
    let two = history.create_conversation("2", None).unwrap().id;
    let message = history.add_message(question(one, None, "a")).unwrap();
    let nothing = MessageId::new();
    let nowhere = ConversationId::new();
    assert!(matches!(
        history.add_message(question(two, Some(message.id), "b")),
        Err(HistoryError::Elsewhere(_))
    ));
    assert!(matches!(
        history.add_message(question(one, Some(nothing), "b")),
        Err(HistoryError::NoMessage(_))
    ));
    assert!(matches!(
        history.add_message(question(nowhere, None, "b")),
        Err(HistoryError::NoConversation(_))
    ));
    assert!(matches!(history.set_leaf(two, message.id), Err(HistoryError::Elsewhere(_))));
    assert!(matches!(history.messages(nowhere), Err(HistoryError::NoConversation(_))));
    assert!(matches!(history.message(nothing), Err(HistoryError::NoMessage(_))));
    assert!(matches!(history.rename(nowhere, "x"), Err(HistoryError::NoConversation(_))));
    assert!(matches!(history.delete(nowhere), Err(HistoryError::NoConversation(_))));
    assert!(matches!(
        history.resume_answer(message.id, MessageState::Complete, "{}"),
        Err(HistoryError::NotWritable(_))
    ));
    assert!(matches!(
        history.end_answer(message.id, complete("x")),
        Err(HistoryError::NotWritable(_))
    ));
    assert_eq!(history.statistics().unwrap().messages, 1);
}

#[test]
fn what_is_deleted_is_gone_from_the_search_too() {
    let history = History::in_memory().unwrap();
    let conversation = history.create_conversation("Ministère", None).unwrap().id;
    let asked = history.add_message(question(conversation, None, "Où est l'hôpital ?")).unwrap();
    let begun = history.add_message(answer(conversation, asked.id)).unwrap();
    history.delete(conversation).unwrap();
    assert!(history.search("hopital", Order::Newest, 9).unwrap().is_empty());
    assert!(history.search("ministere", Order::Newest, 9).unwrap().is_empty());
    assert!(history.conversations().unwrap().is_empty());
    assert!(matches!(
        history.add_message(question(conversation, None, "encore")),
        Err(HistoryError::NoConversation(_))
    ));
    // It can still be had back, with the answer that was still arriving.
    history.end_answer(begun.id, complete("tard")).unwrap();
    history.restore(conversation).unwrap();
    assert_eq!(history.search("tard", Order::Newest, 9).unwrap().len(), 1);
    assert_eq!(history.search("hopital", Order::Newest, 9).unwrap().len(), 1);

    history.erase(conversation).unwrap();
    assert!(history.restore(conversation).is_err());
    assert!(history.search("tard", Order::Newest, 9).unwrap().is_empty());
    // What is gone for good is not brought back by what arrives late.
    assert!(history.end_answer(begun.id, complete("plus tard")).is_err());
    assert_eq!(history.statistics().unwrap().messages, 0);
    assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn search_folds_accents_and_marks_words() {
    let history = History::in_memory().unwrap();
    let conversation = history.create_conversation("Le français", None).unwrap().id;
    let message =
        history.add_message(question(conversation, None, "La cédille du mot Français")).unwrap();
    let matches = history.search("FRANCAIS", Order::Newest, 9).unwrap();
    assert_eq!(matches.len(), 2);
    assert_eq!((matches[0].message, matches[1].message), (None, Some(message.id)));
    assert_eq!(matches[1].snippet, "La cédille du mot \u{2}Français\u{3}");
    assert_eq!(history.search("\"mot francais\"", Order::Newest, 9).unwrap().len(), 1);
    assert!(history.search("\"francais mot\"", Order::Newest, 9).unwrap().is_empty());
    history.rename(conversation, "Autre").unwrap();
    assert_eq!(history.search("francais", Order::Newest, 9).unwrap().len(), 1);
    assert_eq!(history.search("autr", Order::Newest, 9).unwrap().len(), 1);
    assert_eq!(history.search("francais", Order::Newest, 0).unwrap().len(), 0);
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let folder = Folder::new();
    std::fs::write(folder.0.path().join("data"), "a file").unwrap();
    let Err(error) = History::open(&folder.file(), &KEY) else { panic!("it opened") };
    assert_eq!(Failure::from(error).code, FailureCode::Storage);
}

#[test]
fn two_processes_write_at_once() {
    let folder = Folder::new();
    drop(folder.open());
    let writers: Vec<_> = (0..3)
        .map(|_| {
            let history = folder.open();
            std::thread::spawn(move || {
                let conversation = history.create_conversation("t", None).unwrap().id;
                let mut parent = None;
                for n in 0..50 {
                    parent = Some(
                        history
                            .add_message(question(conversation, parent, &n.to_string()))
                            .unwrap()
                            .id,
                    );
                }
            })
        })
        .collect();
    writers.into_iter().for_each(|w| w.join().unwrap());
    let history = folder.open();
    assert_eq!(history.statistics().unwrap().messages, 150);
    assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
}
