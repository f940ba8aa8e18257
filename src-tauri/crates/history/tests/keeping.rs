//! How long conversations are kept, and what is held against every deletion.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test, failing is the point")]

use std::num::NonZeroU32;

use conversation::{ConversationId, FailureCode, FolderId, MessageState, Role, Timestamp};
use history::{AnswerEnd, History, HistoryError, NewAttachment, NewMessage};
use proptest::prelude::*;

const DAY: i64 = 24 * 60 * 60 * 1000;

fn days(days: u32) -> Option<NonZeroU32> {
    NonZeroU32::new(days)
}

fn in_days(days: i64) -> Timestamp {
    Timestamp::from_millis(Timestamp::now().as_millis() + days * DAY)
}

fn conversation(history: &History) -> ConversationId {
    history.create_conversation("titre", None).unwrap().id
}

fn folder_with(history: &History, ids: &[ConversationId]) -> FolderId {
    history
        .transaction(|t| {
            let folder = t.create_folder("dossier")?;
            t.set_folder(ids, Some(folder.id))?;
            Ok(folder.id)
        })
        .unwrap()
}

#[test]
fn what_was_not_changed_for_long_is_erased() {
    let history = History::in_memory().unwrap();
    let [plain, trashed, archived, short, long] = [(); 5].map(|()| conversation(&history));
    let (brief, lasting) = (folder_with(&history, &[short]), folder_with(&history, &[long]));
    history.delete(trashed).unwrap();
    history.transaction(|t| t.set_archived(&[archived], true)).unwrap();
    let left = || -> Vec<_> {
        [plain, trashed, archived, short, long]
            .into_iter()
            .filter(|id| history.transaction(|t| t.restore(&[*id])).is_ok())
            .collect()
    };
    assert_eq!(history.apply_retention(in_days(40_000)).unwrap(), 0, "nothing is set");
    history
        .transaction(|t| {
            t.set_retention(Some(brief), days(10))?;
            t.set_retention(Some(lasting), days(1000))?;
            t.set_retention(None, days(100))
        })
        .unwrap();
    assert_eq!(history.retention().unwrap(), days(100));
    assert_eq!(history.folder(lasting).unwrap().retention, Some(1000));
    assert_eq!(history.apply_retention(in_days(9)).unwrap(), 0);
    assert_eq!(history.apply_retention(in_days(11)).unwrap(), 1);
    assert_eq!(left(), [plain, trashed, archived, long]);
    assert_eq!(history.apply_retention(in_days(101)).unwrap(), 3);
    assert_eq!(left(), [long]);
    // Without a time of its own the folder has that of all.
    history.transaction(|t| t.set_retention(Some(lasting), None)).unwrap();
    assert_eq!(history.apply_retention(in_days(101)).unwrap(), 1);
    history.transaction(|t| t.set_retention(None, None)).unwrap();
    assert_eq!(history.retention().unwrap(), None);
    assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
    history.set_setting("retention", Some("bientôt")).unwrap();
    assert!(matches!(history.apply_retention(in_days(0)), Err(HistoryError::Damaged(_))));
    assert_eq!(history.verify().unwrap().problems.len(), 1);
}

/// The ways to hold a conversation.
#[derive(Debug, Clone, Copy)]
enum By {
    Itself,
    Folder,
    Everything,
}

fn hold(history: &History, by: By, id: ConversationId, folder: FolderId, held: bool) {
    history
        .transaction(|t| match by {
            By::Itself => t.hold(&[id], held),
            By::Folder => t.hold_folder(folder, held),
            By::Everything => t.hold_everything(held),
        })
        .unwrap();
}

#[test]
fn nothing_that_is_held_is_lost() {
    for by in [By::Itself, By::Folder, By::Everything] {
        let history = History::in_memory().unwrap();
        let (id, other) = (conversation(&history), conversation(&history));
        let folder = folder_with(&history, &[id]);
        let file = NewAttachment { name: "a", media_type: "b", data: b"c" };
        let file = history
            .transaction(|t| {
                t.add_tag(&[id], "mot")?;
                t.set_folder_instructions(folder, "bref")?;
                t.set_folder_glossary(folder, "bail,lease")?;
                t.set_retention(None, days(1))?;
                Ok(t.add_folder_file(folder, &file)?.id)
            })
            .unwrap();
        history.set_instructions(id, "poli").unwrap();
        let message = NewMessage {
            conversation: id,
            parent: None,
            role: Role::Assistant,
            text: "",
            model: None,
            state: MessageState::Streaming,
            attachments: &[],
        };
        let answer = history.add_message(message).unwrap().id;
        let end = AnswerEnd {
            text: "réponse",
            reasoning: "",
            state: MessageState::Stopped,
            failure: None,
            finish: None,
            usage: None,
            milliseconds: None,
        };
        hold(&history, by, id, folder, true);
        assert!(history.is_held(id).unwrap());
        assert_eq!(history.holds_everything().unwrap(), matches!(by, By::Everything));
        // What is new may come.
        history.end_answer(answer, end).unwrap();
        let before = history.portable(id).unwrap();

        let refused = |what: &str, result: Result<(), HistoryError>| {
            let Err(error) = result else { panic!("{what} held by {by:?} was done") };
            assert!(
                matches!(error, HistoryError::Held(_) | HistoryError::HeldFolder(_)),
                "{what} held by {by:?}: {error}"
            );
            assert_eq!(conversation::Failure::from(error).code, FailureCode::Held);
        };
        let t = |change: &dyn Fn(&history::Transaction<'_>) -> Result<(), HistoryError>| {
            history.transaction(|t| change(t))
        };
        refused("deleting", history.delete(id));
        refused("deleting among others", t(&|t| t.delete(&[other, id])));
        refused("erasing", history.erase(id));
        refused("merging", t(&|t| t.merge(&[other, id], "x").map(drop)));
        refused("renaming", history.rename(id, "x"));
        refused("other instructions", history.set_instructions(id, ""));
        refused("removing a tag", t(&|t| t.remove_tag(&[id], "mot")));
        refused("renaming a tag", t(&|t| t.rename_tag("mot", "autre")));
        refused("going on", history.resume_answer(answer, MessageState::Stopped, "").map(drop));
        if !matches!(by, By::Itself) {
            refused("leaving the folder", t(&|t| t.set_folder(&[id], None)));
            refused("deleting the folder", t(&|t| t.delete_folder(folder)));
            refused("renaming the folder", t(&|t| t.rename_folder(folder, "x")));
            refused("the folder's instructions", t(&|t| t.set_folder_instructions(folder, "")));
            refused("the folder's glossary", t(&|t| t.set_folder_glossary(folder, "")));
            refused("the folder's file", t(&|t| t.delete_folder_file(file)));
        }
        let expected = if matches!(by, By::Everything) { 0 } else { 1 };
        assert_eq!(history.apply_retention(in_days(9)).unwrap(), expected);
        assert_eq!(history.portable(id).unwrap(), before, "held by {by:?}");

        // In the trash already, it stays there.
        hold(&history, by, id, folder, false);
        history.delete(id).unwrap();
        hold(&history, by, id, folder, true);
        let emptied = history.empty_trash().unwrap();
        assert_eq!((emptied.erased, emptied.held), (0, 1));
        refused("erasing from the trash", history.erase(id));
        hold(&history, by, id, folder, false);
        assert_eq!(history.empty_trash().unwrap().erased, 1);
        assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
    }
}

#[test]
fn a_held_conversation_outlasts_its_time_in_the_trash() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history.db");
    let history = History::open(&file, &[7; 32]).unwrap();
    let ids = [(); 2].map(|()| conversation(&history));
    history.transaction(|t| t.delete(&ids)).unwrap();
    history.transaction(|t| t.hold(&ids[..1], true)).unwrap();
    drop(history);
    let old = Timestamp::now().as_millis() - 31 * DAY;
    let sql = rusqlite::Connection::open(&file).unwrap();
    sql.execute_batch(&format!("PRAGMA key = \"x'{}'\"", "07".repeat(32))).unwrap();
    sql.execute("UPDATE conversation SET deleted = ?1", [old]).unwrap();
    drop(sql);
    let history = History::open(&file, &[7; 32]).unwrap();
    let left: Vec<_> = history.trash().unwrap().iter().map(|t| t.conversation.id).collect();
    assert_eq!(left, ids[..1]);
}

proptest! {
    #[test]
    fn what_is_younger_than_its_time_is_kept(
        limit in 1_u32..400, age in 0_i64..500, own in prop::option::of(1_u32..400)
    ) {
        let history = History::in_memory().unwrap();
        let id = conversation(&history);
        let folder = folder_with(&history, &[id]);
        history
            .transaction(|t| {
                t.set_retention(None, days(limit))?;
                t.set_retention(Some(folder), own.and_then(days))
            })
            .unwrap();
        // An hour on either side of the day.
        let later = Timestamp::from_millis(in_days(age).as_millis() - DAY / 24);
        let erased = history.apply_retention(later).unwrap();
        prop_assert_eq!(erased == 1, age > i64::from(own.unwrap_or(limit)), "{}", erased);
    }
}
