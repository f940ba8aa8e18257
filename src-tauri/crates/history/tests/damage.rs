//! A damaged file, page by page: what can be read is read, and nothing else.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test, failing is the point")]

use std::path::Path;

use conversation::{ConversationId, FailureCode, MessageState, PortableConversation, Role};
use history::{History, HistoryError, NewAttachment, NewMessage};

const KEY: [u8; 32] = [7; 32];
const PAGE: usize = 4096;

fn add(history: &History, conversation: ConversationId, text: &str, data: &[u8]) {
    let file = [NewAttachment { name: "a.bin", media_type: "application/x", data }];
    let new = NewMessage {
        conversation,
        parent: None,
        role: Role::User,
        text,
        model: None,
        state: MessageState::Complete,
        attachments: if data.is_empty() { &[] } else { &file },
    };
    history.add_message(new).unwrap();
}

/// Twelve conversations over some hundred pages.
fn filled(file: &Path) -> Vec<PortableConversation> {
    let history = History::open(file, &KEY).unwrap();
    let folder = history.transaction(|t| t.create_folder("dossier")).unwrap().id;
    let ids: Vec<_> = (0..12)
        .map(|number| {
            let id = history.create_conversation(&format!("titre {number}"), None).unwrap().id;
            for part in 0..12 {
                let text = format!("texte {number} {part} {}", "mot ".repeat(part * 40));
                add(&history, id, &text, &vec![9; (part % 3) * 900]);
            }
            history.transaction(|t| t.set_folder(&[id], Some(folder))).unwrap();
            id
        })
        .collect();
    ids.into_iter().map(|id| history.portable(id).unwrap()).collect()
}

#[test]
fn whatever_page_is_damaged_the_rest_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history.db");
    let before = filled(&file);
    let of = |key: &str| before.iter().find(|conversation| conversation.key == key).unwrap();
    let whole = std::fs::read(&file).unwrap();
    let pages = whole.len() / PAGE;
    let total: usize = before.iter().map(|conversation| conversation.messages.len()).sum();
    let (mut opened, mut read) = (0, 0);
    for page in (1..pages).step_by(3) {
        let mut bytes = whole.clone();
        bytes[page * PAGE + 1000] ^= 1;
        std::fs::write(&file, &bytes).unwrap();
        let history = match History::open_damaged(&file, &KEY) {
            Ok(history) => history,
            // A page of the schema: without it nothing can be understood.
            Err(error) => {
                let is_told = matches!(error, HistoryError::Damaged(_) | HistoryError::NotAHistory);
                assert!(is_told, "page {page}: {error}");
                continue;
            }
        };
        opened += 1;
        for listed in history.conversations().unwrap() {
            let Ok(portable) = history.portable(listed.id) else { continue };
            let original = of(&portable.key);
            assert_eq!(portable.title, original.title);
            for message in &portable.messages {
                let same = original.messages.iter().find(|m| m.text == message.text).unwrap();
                assert!(message.files == same.files || message.files.is_empty());
                read += 1;
            }
        }
        drop(history);
        assert_eq!(std::fs::read(&file).unwrap(), bytes, "page {page} was changed");
    }
    assert!(opened * 10 >= pages / 3 * 8, "{opened} of {} opened", pages / 3);
    assert!(read * 10 >= opened * total * 9, "{read} of {} were read", opened * total);
}

#[test]
fn a_damaged_history_is_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history.db");
    let before = filled(&file);
    let history = History::open_damaged(&file, &KEY).unwrap();
    assert!(history.is_damaged() && !history.is_temporary());
    let listed = history.conversations().unwrap();
    let read: Vec<_> = listed.iter().rev().map(|c| history.portable(c.id).unwrap()).collect();
    assert_eq!(read, before);
    assert_eq!(history.folders().unwrap().len(), 1);
    assert_eq!(history.search("texte", history::Order::Newest, 5).unwrap().len(), 5);
    assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());

    let id = listed[0].id;
    let message = history.messages(id).unwrap()[0].id;
    let refused = [
        history.create_conversation("t", None).map(drop),
        history.rename(id, "x"),
        history.delete(id),
        history.erase(id),
        history.empty_trash().map(drop),
        history.set_setting("s", None),
        history.checkpoint(message, "x", ""),
        history.resume_answer(message, MessageState::Complete, "").map(drop),
        history.transaction(|t| t.create_folder("f")).map(drop),
    ];
    for result in refused {
        let Err(error) = result else { panic!("it was changed") };
        assert!(matches!(error, HistoryError::OnlyReadable), "{error}");
        assert_eq!(conversation::Failure::from(error).code, FailureCode::Damaged);
    }
    assert!(!folder.path().join("writers").exists());
}

#[test]
fn damage_is_told_and_does_not_end_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history.db");
    filled(&file);
    let whole = std::fs::read(&file).unwrap();
    let pages = whole.len() / PAGE;
    let mut told = 0;
    for page in (pages / 4..pages).step_by(pages / 8) {
        let mut bytes = whole.clone();
        bytes[page * PAGE + 1000] ^= 1;
        std::fs::write(&file, &bytes).unwrap();
        // Without a page of the schema nothing is opened.
        let Ok(history) = History::open_damaged(&file, &KEY) else { continue };
        assert!(!history.verify().unwrap().problems.is_empty(), "page {page}");
        told += 1;
    }
    assert!(told >= 3, "{told} of {pages} pages");
}

#[test]
fn only_the_right_key_opens_it_and_only_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history.db");
    assert!(History::open_damaged(&file, &KEY).is_err());
    assert!(!file.exists());
    filled(&file);
    let other = History::open_damaged(&file, &[8; 32]);
    assert!(matches!(other, Err(HistoryError::NotAHistory)));
}
