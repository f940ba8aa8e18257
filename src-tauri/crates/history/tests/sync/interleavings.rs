//! Whatever three machines do, and in whatever order they hear of each other, they come to have the
//! same history, and nothing that was said is lost.

use std::collections::{HashMap, HashSet};

use conversation::{ConversationId, FolderId, MessageId, MessageState, Role};
use history::{AnswerEnd, HistoryError, NewAttachment, NewMessage, Transaction, View};
use proptest::prelude::*;

use super::machines::{Machine, exchange, picture};

/// What a machine does; numbers choose among what it has.
#[derive(Debug, Clone)]
enum Change {
    Create(u8),
    Say(usize, usize, bool),
    Continue(usize, usize),
    Rename(usize, u8),
    Instruct(usize, u8),
    Show(usize, usize),
    Tag(usize, u8),
    Untag(usize, u8),
    RenameTag(u8, u8),
    Pin(usize, bool),
    Archive(usize, bool),
    Hold(usize, bool),
    Trash(usize),
    Restore(usize),
    Erase(usize),
    MakeFolder(u8),
    FileInto(usize, usize),
    AttachTo(usize),
    HoldFolder(usize, bool),
    RenameFolder(usize, u8),
    DeleteFile(usize),
    DeleteFolder(usize),
    Merge(usize, usize),
    Send(usize),
    Receive(usize, usize),
    Tidy,
}

fn change() -> impl Strategy<Value = Change> {
    let n = || 0_usize..6;
    prop_oneof![
        4 => any::<u8>().prop_map(Change::Create),
        8 => (n(), n(), any::<bool>()).prop_map(|(c, m, f)| Change::Say(c, m, f)),
        3 => (n(), n()).prop_map(|(c, m)| Change::Continue(c, m)),
        2 => (n(), any::<u8>()).prop_map(|(c, t)| Change::Rename(c, t)),
        1 => (n(), any::<u8>()).prop_map(|(c, t)| Change::Instruct(c, t)),
        2 => (n(), n()).prop_map(|(c, m)| Change::Show(c, m)),
        2 => (n(), 0_u8..3).prop_map(|(c, t)| Change::Tag(c, t)),
        1 => (n(), 0_u8..3).prop_map(|(c, t)| Change::Untag(c, t)),
        1 => (0_u8..3, 0_u8..3).prop_map(|(a, b)| Change::RenameTag(a, b)),
        1 => (n(), any::<bool>()).prop_map(|(c, p)| Change::Pin(c, p)),
        1 => (n(), any::<bool>()).prop_map(|(c, a)| Change::Archive(c, a)),
        2 => (n(), any::<bool>()).prop_map(|(c, h)| Change::Hold(c, h)),
        2 => n().prop_map(Change::Trash),
        2 => n().prop_map(Change::Restore),
        4 => n().prop_map(Change::Erase),
        1 => any::<u8>().prop_map(Change::MakeFolder),
        2 => (n(), n()).prop_map(|(c, f)| Change::FileInto(c, f)),
        1 => n().prop_map(Change::AttachTo),
        1 => (n(), any::<bool>()).prop_map(|(f, h)| Change::HoldFolder(f, h)),
        1 => (n(), any::<u8>()).prop_map(|(f, t)| Change::RenameFolder(f, t)),
        1 => n().prop_map(Change::DeleteFile),
        2 => n().prop_map(Change::DeleteFolder),
        1 => (n(), n()).prop_map(|(a, b)| Change::Merge(a, b)),
        8 => (1_usize..2000).prop_map(Change::Send),
        12 => (n(), n()).prop_map(|(d, s)| Change::Receive(d, s)),
        1 => Just(Change::Tidy),
    ]
}

/// What was said, and what of it its eraser had.
#[derive(Default)]
struct Said {
    messages: HashMap<MessageId, ConversationId>,
    erased: HashSet<MessageId>,
}

fn listed(machine: &Machine, number: usize) -> Option<ConversationId> {
    let mut ids = Vec::new();
    for view in [View::All, View::Archived] {
        ids.extend(machine.history.list(&view, None, 99).unwrap().into_iter().map(|c| c.id));
    }
    ids.sort();
    pick(&ids, number)
}

fn pick<T: Copy>(all: &[T], number: usize) -> Option<T> {
    (!all.is_empty()).then(|| all[number % all.len()])
}

fn message(machine: &Machine, conversation: ConversationId, number: usize) -> Option<MessageId> {
    let ids: Vec<_> =
        machine.history.messages(conversation).unwrap().iter().map(|m| m.id).collect();
    pick(&ids, number)
}

fn folder(machine: &Machine, number: usize) -> Option<FolderId> {
    let mut ids: Vec<_> = machine.history.folders().unwrap().iter().map(|f| f.id).collect();
    ids.sort();
    pick(&ids, number)
}

/// Does what may be done; a hold forbids some of it.
fn attempt(machine: &Machine, change: impl FnOnce(&Transaction<'_>) -> Result<(), HistoryError>) {
    match machine.history.transaction(change) {
        Ok(())
        | Err(
            HistoryError::Held(_) | HistoryError::HeldFolder(_) | HistoryError::NoConversation(_),
        ) => {}
        Err(error) => panic!("{error}"),
    }
}

#[allow(clippy::too_many_lines, reason = "one arm for each change")]
fn apply(machine: &Machine, said: &mut Said, change: &Change) {
    let conversation = |number: &usize| listed(machine, *number);
    let each =
        |number: &usize,
         change: &dyn Fn(&Transaction<'_>, ConversationId) -> Result<(), HistoryError>| {
            if let Some(id) = conversation(number) {
                attempt(machine, |t| change(t, id));
            }
        };
    let each_folder =
        |number: &usize,
         change: &dyn Fn(&Transaction<'_>, FolderId) -> Result<(), HistoryError>| {
            if let Some(id) = folder(machine, *number) {
                attempt(machine, |t| change(t, id));
            }
        };
    let file = NewAttachment { name: "f", media_type: "text/plain", data: b"words in a file" };
    match change {
        Change::Create(title) => {
            machine.history.create_conversation(&format!("t{title}"), None).unwrap();
        }
        Change::Say(c, m, with_file) => {
            let Some(id) = conversation(c) else { return };
            let files = [file];
            let new = NewMessage {
                conversation: id,
                parent: message(machine, id, *m),
                role: Role::Assistant,
                text: "some words",
                model: Some("m"),
                state: MessageState::Stopped,
                attachments: if *with_file { &files } else { &[] },
            };
            said.messages.insert(machine.history.add_message(new).unwrap().id, id);
        }
        Change::Continue(c, m) => {
            let Some(answer) = conversation(c).and_then(|id| message(machine, id, *m)) else {
                return;
            };
            let state = machine.history.message(answer).unwrap().state;
            match machine.history.resume_answer(answer, state, "") {
                Err(HistoryError::Held(_)) => return,
                resumed => resumed.unwrap(),
            };
            let text = format!("some words and {c} more");
            let end = AnswerEnd {
                text: &text,
                reasoning: "r",
                state: MessageState::Complete,
                failure: None,
                finish: None,
                usage: None,
                milliseconds: Some(1),
            };
            machine.history.end_answer(answer, end).unwrap();
        }
        Change::Rename(c, title) => {
            let Some(id) = conversation(c) else { return };
            match machine.history.rename(id, &format!("u{title}")) {
                Err(HistoryError::Held(_)) => {}
                renamed => renamed.unwrap(),
            }
        }
        Change::Instruct(c, text) => {
            let Some(id) = conversation(c) else { return };
            match machine.history.set_instructions(id, &format!("i{text}")) {
                Err(HistoryError::Held(_)) => {}
                set => set.unwrap(),
            }
        }
        Change::Show(c, m) => {
            let Some(id) = conversation(c) else { return };
            let Some(leaf) = message(machine, id, *m) else { return };
            machine.history.set_leaf(id, leaf).unwrap();
        }
        Change::Tag(c, tag) => each(c, &|t, id| t.add_tag(&[id], &format!("tag{tag}"))),
        Change::Untag(c, tag) => each(c, &|t, id| t.remove_tag(&[id], &format!("tag{tag}"))),
        Change::RenameTag(from, to) => {
            attempt(machine, |t| t.rename_tag(&format!("tag{from}"), &format!("tag{to}")))
        }
        Change::Pin(c, pinned) => each(c, &|t, id| t.set_pinned(&[id], *pinned)),
        Change::Archive(c, archived) => each(c, &|t, id| t.set_archived(&[id], *archived)),
        Change::Hold(c, held) => each(c, &|t, id| t.hold(&[id], *held)),
        Change::Trash(c) => each(c, &|t, id| t.delete(&[id])),
        Change::Restore(c) => {
            let trashed = machine.history.trash().unwrap();
            let mut ids: Vec<_> = trashed.iter().map(|t| t.conversation.id).collect();
            ids.sort();
            if let Some(id) = pick(&ids, *c) {
                attempt(machine, |t| t.restore(&[id]));
            }
        }
        Change::Erase(c) => {
            let Some(id) = conversation(c) else { return };
            let had = machine.history.messages(id).unwrap();
            attempt(machine, |t| t.erase(&[id]));
            if machine.history.conversation(id).is_err() {
                said.erased.extend(had.iter().map(|message| message.id));
            }
        }
        Change::MakeFolder(name) => {
            attempt(machine, |t| t.create_folder(&format!("f{name}")).map(drop));
        }
        Change::FileInto(c, f) => {
            let folder = folder(machine, *f);
            each(c, &|t, id| t.set_folder(&[id], folder));
        }
        Change::AttachTo(f) => each_folder(f, &|t, id| t.add_folder_file(id, &file).map(drop)),
        Change::HoldFolder(f, held) => each_folder(f, &|t, id| t.hold_folder(id, *held)),
        Change::RenameFolder(f, name) => {
            each_folder(f, &|t, id| t.rename_folder(id, &format!("g{name}")));
        }
        Change::DeleteFile(f) => {
            let Some(id) = folder(machine, *f) else { return };
            let files = machine.history.folder(id).unwrap().files;
            if let Some(file) = files.first() {
                attempt(machine, |t| t.delete_folder_file(file.id));
            }
        }
        Change::DeleteFolder(f) => each_folder(f, &|t, id| t.delete_folder(id)),
        Change::Merge(a, b) => {
            let (Some(a), Some(b)) = (conversation(a), conversation(b)) else { return };
            attempt(machine, |t| t.merge(&[a, b], "merged").map(drop));
        }
        Change::Send(_) | Change::Receive(..) | Change::Tidy => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn three_machines_come_to_have_the_same_history(
        ahead in proptest::collection::vec(-3_600_000_i64..3_600_000, 3),
        changes in proptest::collection::vec((0_usize..3, change()), 1..70),
    ) {
        let mut machines = [Machine::new(), Machine::new(), Machine::new()];
        for (machine, ahead) in machines.iter().zip(ahead) {
            machine.history.set_sync_clock_ahead(ahead).unwrap();
        }
        let mut said = Said::default();
        for (at, change) in &changes {
            match change {
                Change::Send(most) => { machines[*at].send(*most); }
                Change::Tidy => machines[*at].tidy(),
                Change::Receive(from, segment) => {
                    let from = (at + 1 + from % 2) % 3;
                    let [to, from] = machines.get_disjoint_mut([*at, from]).unwrap();
                    to.receive_one(from, *segment);
                }
                change => apply(&machines[*at], &mut said, change),
            }
        }
        exchange(&mut machines);
        let first = picture(&machines[0].history);
        for machine in &machines {
            prop_assert_eq!(&picture(&machine.history), &first);
            prop_assert_eq!(machine.history.verify().unwrap().problems, Vec::<String>::new());
        }
        for (id, conversation) in said.messages.iter().filter(|(id, _)| !said.erased.contains(id)) {
            let message = machines[0].history.message(*id);
            prop_assert!(message.is_ok_and(|m| m.conversation == *conversation), "{} is lost", id);
        }
        // Who comes last has the same from what is in the store then, and tells nobody otherwise.
        let [one, other, third] = machines;
        let mut machines = [one, other, third, Machine::new()];
        exchange(&mut machines);
        for machine in &machines {
            prop_assert_eq!(&picture(&machine.history), &first);
            prop_assert_eq!(machine.history.verify().unwrap().problems, Vec::<String>::new());
        }
    }
}
