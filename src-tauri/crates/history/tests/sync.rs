//! One history on several machines: what was changed and erased on each, brought together.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test, failing is the point"
)]

#[path = "sync/interleavings.rs"]
mod interleavings;
#[path = "sync/machines.rs"]
mod machines;

use std::num::NonZeroU32;

use conversation::{ConversationId, MessageId, MessageState, Role, Timestamp};
use history::sync::{Kind, Record, Value};
use history::{AnswerEnd, History, HistoryError, NewAttachment, NewMessage, Order};

use machines::{Machine, exchange, picture};

const HOUR: i64 = 60 * 60 * 1000;

fn say(
    machine: &Machine,
    conversation: ConversationId,
    parent: Option<MessageId>,
    text: &str,
) -> MessageId {
    let message = NewMessage {
        conversation,
        parent,
        role: Role::User,
        text,
        model: None,
        state: MessageState::Complete,
        attachments: &[],
    };
    machine.history.add_message(message).unwrap().id
}

fn two() -> [Machine; 2] {
    [Machine::new(), Machine::new()]
}

fn texts(machine: &Machine, conversation: ConversationId) -> Vec<String> {
    let messages = machine.history.messages(conversation).unwrap_or_default();
    messages.into_iter().map(|message| message.text).collect()
}

#[test]
fn what_was_there_before_is_shared_with_everything_it_has() {
    let history = History::in_memory().unwrap();
    let file = NewAttachment { name: "é.txt", media_type: "text/plain", data: b"orage" };
    let conversation = history.create_conversation("Météo", Some("m")).unwrap().id;
    let message = NewMessage {
        conversation,
        parent: None,
        role: Role::User,
        text: "Quel temps ?",
        model: None,
        state: MessageState::Complete,
        attachments: &[file, file],
    };
    history.add_message(message).unwrap();
    history
        .transaction(|t| {
            let folder = t.create_folder("Work")?.id;
            t.set_folder_instructions(folder, "Be brief.")?;
            t.set_folder_glossary(folder, "bail,lease")?;
            t.set_retention(Some(folder), NonZeroU32::new(30))?;
            t.add_folder_file(folder, &file)?;
            t.set_folder(&[conversation], Some(folder))?;
            t.add_tag(&[conversation], "Été")?;
            t.set_pinned(&[conversation], true)?;
            t.set_archived(&[conversation], true)?;
            t.hold(&[conversation], true)
        })
        .unwrap();
    history.set_instructions(conversation, "In French.").unwrap();
    let trashed = history.create_conversation("old", None).unwrap().id;
    history.delete(trashed).unwrap();
    let before = picture(&history);
    let mut machines = [Machine::of(history), Machine::new()];
    exchange(&mut machines);
    assert_eq!(picture(&machines[1].history), before);
    assert_eq!(picture(&machines[0].history), before);
    assert_eq!(machines[1].history.search("orage", Order::Newest, 9).unwrap().len(), 2);
    let attached = &machines[1].history.messages(conversation).unwrap()[0].attachments;
    assert_eq!(machines[1].history.attachment_data(attached[1].id).unwrap(), b"orage");
    assert_eq!(machines[1].history.trash().unwrap().len(), 1);
}

#[test]
fn nothing_is_noted_while_the_history_is_on_one_machine() {
    let history = History::in_memory().unwrap();
    assert_eq!(history.sync_state().unwrap(), None);
    let id = history.create_conversation("t", None).unwrap().id;
    history.rename(id, "u").unwrap();
    history.erase(id).unwrap();
    assert!(history.sync_outgoing(usize::MAX).unwrap().is_none());
    history.start_sync().unwrap();
    assert!(history.sync_outgoing(usize::MAX).unwrap().is_none(), "it holds nothing to share");
    assert!(matches!(history.start_sync(), Err(HistoryError::Synced)));
    history.create_conversation("t", None).unwrap();
    assert!(history.sync_state().unwrap().unwrap().pending > 0);
    history.stop_sync().unwrap();
    assert_eq!(history.sync_state().unwrap(), None);
    history.create_conversation("t", None).unwrap();
    assert!(history.sync_outgoing(usize::MAX).unwrap().is_none());
}

#[test]
fn the_later_change_wins_and_other_fields_stay() {
    let mut machines = two();
    let id = machines[0].history.create_conversation("first", None).unwrap().id;
    exchange(&mut machines);
    machines[0].history.rename(id, "second").unwrap();
    machines[1].history.set_sync_clock_ahead(HOUR).unwrap();
    machines[1].history.rename(id, "third").unwrap();
    machines[0].history.set_model(id, Some("m")).unwrap();
    exchange(&mut machines);
    for machine in &machines {
        let conversation = machine.history.conversation(id).unwrap();
        assert_eq!(
            (conversation.title.as_str(), conversation.model.as_deref()),
            ("third", Some("m"))
        );
    }
}

#[test]
fn what_follows_a_change_wins_whatever_the_clocks_say() {
    let mut machines = two();
    machines[0].history.set_sync_clock_ahead(HOUR).unwrap();
    let id = machines[0].history.create_conversation("first", None).unwrap().id;
    exchange(&mut machines);
    // Its clock is an hour behind, and it has seen the first title.
    machines[1].history.rename(id, "second").unwrap();
    exchange(&mut machines);
    assert_eq!(machines[0].history.conversation(id).unwrap().title, "second");
    assert_eq!(machines[1].history.conversation(id).unwrap().title, "second");
}

#[test]
fn messages_of_both_machines_are_kept_in_one_tree() {
    let mut machines = two();
    let id = machines[0].history.create_conversation("", None).unwrap().id;
    let first = say(&machines[0], id, None, "a");
    exchange(&mut machines);
    say(&machines[0], id, Some(first), "b");
    say(&machines[1], id, Some(first), "c");
    exchange(&mut machines);
    for machine in &machines {
        let mut said = texts(machine, id);
        said.sort();
        assert_eq!(said, ["a", "b", "c"]);
        let children = machine.history.messages(id).unwrap();
        assert_eq!(children.iter().filter(|m| m.parent == Some(first)).count(), 2);
    }
}

#[test]
fn an_answer_goes_once_it_has_ended_and_again_when_it_was_continued() {
    let mut machines = two();
    let id = machines[0].history.create_conversation("", None).unwrap().id;
    let question = say(&machines[0], id, None, "why?");
    let answer = NewMessage {
        conversation: id,
        parent: Some(question),
        role: Role::Assistant,
        text: "",
        model: Some("m"),
        state: MessageState::Streaming,
        attachments: &[],
    };
    let answer = machines[0].history.add_message(answer).unwrap().id;
    machines[0].history.checkpoint(answer, "Be", "").unwrap();
    exchange(&mut machines);
    assert_eq!(texts(&machines[1], id), ["why?"]);
    let end = |text| AnswerEnd {
        text,
        reasoning: "",
        state: MessageState::Stopped,
        failure: None,
        finish: None,
        usage: None,
        milliseconds: Some(7),
    };
    machines[0].history.end_answer(answer, end("Because")).unwrap();
    exchange(&mut machines);
    assert_eq!(texts(&machines[1], id), ["why?", "Because"]);
    machines[1].history.resume_answer(answer, MessageState::Stopped, "").unwrap();
    machines[1].history.end_answer(answer, end("Because of the air")).unwrap();
    exchange(&mut machines);
    assert_eq!(texts(&machines[0], id), ["why?", "Because of the air"]);
    assert_eq!(machines[0].history.search("air", Order::Newest, 9).unwrap().len(), 1);
    assert_eq!(machines[0].history.activity().unwrap().total.words, 5);
}

#[test]
fn a_message_said_later_takes_a_conversation_out_of_the_trash() {
    let mut machines = two();
    let id = machines[0].history.create_conversation("t", None).unwrap().id;
    let first = say(&machines[0], id, None, "a");
    exchange(&mut machines);
    machines[0].history.delete(id).unwrap();
    machines[1].history.set_sync_clock_ahead(HOUR).unwrap();
    say(&machines[1], id, Some(first), "b");
    exchange(&mut machines);
    for machine in &machines {
        assert_eq!(texts(machine, id), ["a", "b"]);
        assert!(machine.history.conversation(id).is_ok());
    }
    // What was said before it was put there does not.
    say(&machines[1], id, Some(first), "c");
    machines[0].history.set_sync_clock_ahead(2 * HOUR).unwrap();
    machines[0].history.delete(id).unwrap();
    exchange(&mut machines);
    for machine in &machines {
        assert_eq!(machine.history.trash().unwrap().len(), 1);
    }
}

#[test]
fn what_is_erased_goes_everywhere() {
    let mut machines = two();
    let id = machines[0].history.create_conversation("t", None).unwrap().id;
    say(&machines[0], id, None, "a");
    exchange(&mut machines);
    machines[1].history.erase(id).unwrap();
    // Another name is no reason to keep it.
    machines[0].history.rename(id, "named meanwhile").unwrap();
    exchange(&mut machines);
    for machine in &machines {
        assert!(matches!(machine.history.messages(id), Err(HistoryError::NoConversation(_))));
        let kept = format!("{:?}", machine.sent());
        assert!(!kept.contains("named meanwhile") && !kept.contains("\"a\""), "{kept}");
    }
}

#[test]
fn an_erasure_that_did_not_know_of_a_message_brings_everything_back() {
    let mut machines = two();
    let id = machines[0].history.create_conversation("t", None).unwrap().id;
    let first = say(&machines[0], id, None, "a");
    exchange(&mut machines);
    machines[0].history.erase(id).unwrap();
    say(&machines[1], id, Some(first), "b");
    exchange(&mut machines);
    for machine in &machines {
        assert_eq!(texts(machine, id), ["a", "b"]);
        assert_eq!(machine.history.conversation(id).unwrap().title, "t");
    }
    // Known now, it is erased with the rest.
    machines[0].history.erase(id).unwrap();
    exchange(&mut machines);
    assert!(machines[1].history.conversation(id).is_err());
}

#[test]
fn a_message_that_nobody_else_has_is_kept_although_its_conversation_was_erased() {
    let mut machines = two();
    let id = machines[0].history.create_conversation("t", None).unwrap().id;
    let first = say(&machines[0], id, None, "a");
    exchange(&mut machines);
    say(&machines[1], id, Some(first), "b");
    machines[1].send(usize::MAX);
    machines[0].history.erase(id).unwrap();
    // The other machine is never seen again.
    let [mut eraser, mut lost] = machines;
    eraser.receive(&mut lost);
    assert_eq!(texts(&eraser, id), ["b"]);
    assert_eq!(eraser.history.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn what_is_held_is_not_erased_by_another_machine() {
    for everything in [false, true] {
        let mut machines = two();
        let id = machines[0].history.create_conversation("t", None).unwrap().id;
        say(&machines[0], id, None, "a");
        exchange(&mut machines);
        machines[1]
            .history
            .transaction(|t| if everything { t.hold_everything(true) } else { t.hold(&[id], true) })
            .unwrap();
        machines[0].history.erase(id).unwrap();
        exchange(&mut machines);
        for machine in &machines {
            assert_eq!(texts(machine, id), ["a"]);
            assert!(machine.history.is_held(id).unwrap());
            assert!(matches!(machine.history.erase(id), Err(HistoryError::Held(_))));
        }
    }
}

#[test]
fn what_was_held_by_then_is_not_put_into_the_trash_by_another_machine() {
    let mut machines = two();
    let id = machines[0].history.create_conversation("t", None).unwrap().id;
    exchange(&mut machines);
    machines[1].history.transaction(|t| t.hold(&[id], true)).unwrap();
    machines[0].history.set_sync_clock_ahead(HOUR).unwrap();
    machines[0].history.delete(id).unwrap();
    exchange(&mut machines);
    for machine in &machines {
        assert!(machine.history.conversation(id).is_ok());
    }
}

#[test]
fn a_folder_that_is_held_or_has_a_new_file_comes_back_with_its_conversations() {
    let file = NewAttachment { name: "new.txt", media_type: "text/plain", data: b"new" };
    for held in [false, true] {
        let mut machines = two();
        let id = machines[0].history.create_conversation("t", None).unwrap().id;
        let folder = machines[0].history.transaction(|t| {
            let folder = t.create_folder("Work")?.id;
            t.add_folder_file(folder, &NewAttachment { name: "old.txt", ..file })?;
            t.set_folder(&[id], Some(folder))?;
            Ok(folder)
        });
        let folder = folder.unwrap();
        exchange(&mut machines);
        machines[0].history.transaction(|t| t.delete_folder(folder)).unwrap();
        assert_eq!(machines[0].history.conversation(id).unwrap().folder, None);
        machines[1]
            .history
            .transaction(|t| match held {
                true => t.hold_folder(folder, true),
                false => t.add_folder_file(folder, &file).map(drop),
            })
            .unwrap();
        exchange(&mut machines);
        for machine in &machines {
            assert_eq!(machine.history.folder(folder).unwrap().name, "Work");
            let files = machine.history.folder(folder).unwrap().files;
            assert_eq!(files.len(), if held { 1 } else { 2 });
            assert_eq!(machine.history.conversation(id).unwrap().folder, Some(folder));
        }
        if !held {
            let folder = machines[1].history.folder(folder).unwrap();
            machines[1].history.transaction(|t| t.delete_folder_file(folder.files[0].id)).unwrap();
            exchange(&mut machines);
            assert_eq!(machines[0].history.folder(folder.id).unwrap().files.len(), 1);
            machines[1].history.transaction(|t| t.delete_folder(folder.id)).unwrap();
            exchange(&mut machines);
            assert!(machines[0].history.folder(folder.id).is_err());
            assert_eq!(machines[0].history.conversation(id).unwrap().folder, None);
        }
    }
}

#[test]
fn tags_are_put_on_taken_off_and_renamed_one_by_one() {
    let mut machines = two();
    let id = machines[0].history.create_conversation("t", None).unwrap().id;
    machines[0].history.transaction(|t| t.add_tag(&[id], "one")).unwrap();
    exchange(&mut machines);
    machines[0].history.transaction(|t| t.add_tag(&[id], "two")).unwrap();
    machines[1].history.transaction(|t| t.add_tag(&[id], "three")).unwrap();
    machines[1].history.transaction(|t| t.remove_tag(&[id], "one")).unwrap();
    exchange(&mut machines);
    machines[0].history.transaction(|t| t.rename_tag("two", "Three")).unwrap();
    machines[0].history.transaction(|t| t.add_tag(&[id], "one")).unwrap();
    exchange(&mut machines);
    for machine in &machines {
        assert_eq!(machine.history.conversation(id).unwrap().tags, ["one", "three"]);
    }
    machines[1].history.transaction(|t| t.rename_tag("three", "THREE")).unwrap();
    exchange(&mut machines);
    assert_eq!(machines[0].history.conversation(id).unwrap().tags, ["one", "THREE"]);
}

#[test]
fn what_was_imported_on_one_machine_is_known_on_the_other() {
    let mut machines = two();
    let other = History::in_memory().unwrap();
    let id = other.create_conversation("from elsewhere", None).unwrap().id;
    let portable = other.portable(id).unwrap();
    machines[0].history.transaction(|t| t.add_portable(&portable)).unwrap();
    exchange(&mut machines);
    let again = machines[1].history.transaction(|t| t.add_portable(&portable)).unwrap();
    assert!(matches!(again, history::Added::Known(_)));
}

#[test]
fn sharing_anew_brings_back_nothing_that_was_erased_or_renamed_meanwhile() {
    let mut machines = two();
    let erased = machines[0].history.create_conversation("erased", None).unwrap().id;
    say(&machines[0], erased, None, "a");
    let renamed = machines[0].history.create_conversation("old", None).unwrap().id;
    exchange(&mut machines);
    let [mut first, second] = machines;
    second.history.stop_sync().unwrap();
    first.history.erase(erased).unwrap();
    first.history.rename(renamed, "new").unwrap();
    first.send(usize::MAX);
    let mut machines = [first, Machine::of(second.history)];
    exchange(&mut machines);
    for machine in &machines {
        assert!(machine.history.conversation(erased).is_err());
        assert_eq!(machine.history.conversation(renamed).unwrap().title, "new");
    }
}

#[test]
fn what_is_no_change_is_refused_as_a_whole() {
    let mut machines = two();
    let id = machines[0].history.create_conversation("t", None).unwrap().id;
    say(&machines[0], id, None, "a");
    machines[0].history.transaction(|t| t.add_tag(&[id], "tag")).unwrap();
    machines[0].send(usize::MAX);
    let good = machines[0].sent();
    type Spoil = fn(&mut Record);
    let spoils: &[Spoil] = &[
        |record| match record {
            Record::Field(field) => field.field = "unknown".to_owned(),
            Record::Message(message) => message.parent = Some(message.id),
            _ => {}
        },
        |record| match record {
            Record::Field(field) if field.field == "created" => field.value = Value::None,
            Record::Message(message) => message.content.state = "streaming".to_owned(),
            Record::Field(field) => field.version.time = i64::MAX,
            _ => {}
        },
        |record| match record {
            Record::Message(message) => message.content.finish = Some("never".to_owned()),
            Record::Field(field) if field.field.starts_with("tag:") => {
                field.field = "tag:other".to_owned();
            }
            Record::Field(field) => field.kind = Kind::Folder,
            _ => {}
        },
    ];
    let empty = picture(&machines[1].history);
    for place in 0..good.len() {
        for spoil in spoils {
            let mut records = good.clone();
            spoil(&mut records[place]);
            let refused = machines[1].history.apply_records(&records, &machines[0].peer());
            // A title as a folder's field is as wrong as a creation; a name would not be.
            assert!(matches!(refused, Err(HistoryError::NotAChange(_))), "{:?}", records[place]);
            assert_eq!(picture(&machines[1].history), empty);
            assert_eq!(machines[1].history.sync_peers().unwrap(), []);
        }
    }
    let lone = History::in_memory().unwrap();
    let refused = lone.apply_records(&good, &machines[0].peer());
    assert!(matches!(refused, Err(HistoryError::NotSynced)));
}

#[test]
fn retention_does_not_erase_again_what_another_machine_holds() {
    let mut machines = two();
    let id = machines[0].history.create_conversation("t", None).unwrap().id;
    exchange(&mut machines);
    machines[1].history.transaction(|t| t.hold_everything(true)).unwrap();
    let tomorrow = Timestamp::from_millis(Timestamp::now().as_millis() + 25 * HOUR);
    machines[0].history.transaction(|t| t.set_retention(None, NonZeroU32::new(1))).unwrap();
    assert_eq!(machines[0].history.apply_retention(tomorrow).unwrap(), 1);
    exchange(&mut machines);
    assert!(machines[0].history.conversation(id).is_ok());
    assert_eq!(machines[0].history.apply_retention(tomorrow).unwrap(), 0);
}

#[test]
fn two_processes_never_exchange_changes_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("history.db");
    let [one, other] = [0, 1].map(|_| History::open(&file, &[7; 32]).unwrap());
    let turn = one.sync_turn().unwrap();
    assert!(matches!(other.sync_turn(), Err(HistoryError::Exchanging)));
    drop(turn);
    other.sync_turn().unwrap();
}
