//! Folders, tags, putting away, copies, the trash.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test, failing is the point")]

use conversation::{ConversationId, Message, MessageId, MessageState, Role, thread};
use history::{AnswerEnd, History, HistoryError, NewAttachment, NewMessage, Order};

fn history() -> History {
    History::in_memory().unwrap()
}

fn conversation(history: &History, title: &str) -> ConversationId {
    history.create_conversation(title, None).unwrap().id
}

fn say(history: &History, c: ConversationId, parent: Option<MessageId>, text: &str) -> MessageId {
    add(history, c, parent, text, &[])
}

fn add(
    history: &History,
    conversation: ConversationId,
    parent: Option<MessageId>,
    text: &str,
    attachments: &[NewAttachment<'_>],
) -> MessageId {
    let state = MessageState::Complete;
    let role = Role::User;
    let model = None;
    let new = NewMessage { conversation, parent, role, text, model, state, attachments };
    history.add_message(new).unwrap().id
}

fn whole(history: &History) {
    assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
}

/// The shown branch, and how many siblings each of its messages has.
fn shown(history: &History, id: ConversationId) -> Vec<(String, usize)> {
    let messages = history.messages(id).unwrap();
    let thread = thread(&messages, history.conversation(id).unwrap().leaf);
    let texts = thread.messages.iter().map(|message| message.text.clone());
    texts.zip(thread.siblings.iter().map(Vec::len)).collect()
}

#[test]
fn folders_hold_conversations_instructions_and_files() {
    let history = history();
    let (a, b) = (conversation(&history, "a"), conversation(&history, "b"));
    let folder = history.transaction(|t| t.create_folder("  Budget ")).unwrap();
    assert_eq!(folder.name, "Budget");
    history.transaction(|t| t.create_folder("actes")).unwrap();
    let file = |name| NewAttachment { name, media_type: "text/plain", data: b"texte" };
    history
        .transaction(|t| {
            t.set_folder(&[a, b], Some(folder.id))?;
            t.set_folder_instructions(folder.id, "bref")?;
            t.set_folder_glossary(folder.id, "bail,lease")?;
            t.add_folder_file(folder.id, &file("b.txt"))?;
            t.add_folder_file(folder.id, &file("A.txt"))
        })
        .unwrap();
    let folders = history.folders().unwrap();
    let names: Vec<_> = folders.iter().map(|folder| folder.name.as_str()).collect();
    assert_eq!(names, ["actes", "Budget"]);
    let files: Vec<_> = folders[1].files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!((files, folders[1].instructions.as_str()), (vec!["A.txt", "b.txt"], "bref"));
    assert_eq!(folders[1].glossary, "bail,lease");
    assert_eq!(history.folder_file_data(folders[1].files[0].id).unwrap(), b"texte");
    assert_eq!(history.conversation(a).unwrap().folder, Some(folder.id));

    history.transaction(|t| t.delete_folder_file(folders[1].files[0].id)).unwrap();
    assert_eq!(history.folder(folder.id).unwrap().files.len(), 1);
    history.transaction(|t| t.set_folder(&[b], None)).unwrap();
    history.transaction(|t| t.delete_folder(folder.id)).unwrap();
    assert_eq!(history.conversation(a).unwrap().folder, None);
    let gone = history.transaction(|t| t.set_folder(&[a], Some(folder.id)));
    assert!(matches!(gone, Err(HistoryError::NoFolder(_))));
    assert!(history.folder_file_data(folders[1].files[1].id).is_err());
    assert!(matches!(history.transaction(|t| t.create_folder(" \n")), Err(HistoryError::Unnamed)));
    whole(&history);
}

#[test]
fn tags_are_one_whatever_their_case_and_go_with_the_last_that_bears_them() {
    let history = history();
    let (a, b) = (conversation(&history, "a"), conversation(&history, "b"));
    history
        .transaction(|t| {
            t.add_tag(&[a, b], " Été ")?;
            t.add_tag(&[a], "éTÉ")?;
            t.add_tag(&[a], "ardent")
        })
        .unwrap();
    assert_eq!(history.conversation(a).unwrap().tags, ["ardent", "Été"]);
    let counts = || -> Vec<_> {
        history.tags().unwrap().into_iter().map(|tag| (tag.tag, tag.conversations)).collect()
    };
    assert_eq!(counts(), [("ardent".to_owned(), 1), ("Été".to_owned(), 2)]);
    // One that is there already takes the other in.
    history.transaction(|t| t.rename_tag("ÉTÉ", "ARDENT")).unwrap();
    assert_eq!(counts(), [("ardent".to_owned(), 2)]);
    history.transaction(|t| t.rename_tag("ardent", "Ardent")).unwrap();
    assert_eq!(history.conversation(b).unwrap().tags, ["Ardent"]);
    history.transaction(|t| t.remove_tag(&[b], "ardent")).unwrap();
    assert_eq!(counts(), [("Ardent".to_owned(), 1)]);
    history.delete(a).unwrap();
    assert_eq!(counts(), [("Ardent".to_owned(), 0)]);
    history.erase(a).unwrap();
    assert_eq!(counts(), []);
    // Of several, all are changed or none.
    let refused = history.transaction(|t| t.add_tag(&[b, a], "x"));
    assert!(matches!(refused, Err(HistoryError::NoConversation(id)) if id == a));
    assert_eq!(history.conversation(b).unwrap().tags, Vec::<String>::new());
    whole(&history);
}

#[test]
fn many_are_changed_at_once() {
    let history = history();
    let ids: Vec<_> = (0..5).map(|n| conversation(&history, &n.to_string())).collect();
    history
        .transaction(|t| {
            t.set_archived(&ids[..3], true)?;
            t.set_pinned(&ids[1..2], true)?;
            t.delete(&ids[4..])
        })
        .unwrap();
    let listed = history.conversations().unwrap();
    assert_eq!(listed.len(), 4, "archived ones are among them");
    assert_eq!(listed.iter().filter(|c| c.archived).count(), 3);
    assert!(history.conversation(ids[1]).unwrap().pinned);
    let gone = history.transaction(|t| t.set_archived(&[ids[3], ids[4]], true));
    assert!(matches!(gone, Err(HistoryError::NoConversation(id)) if id == ids[4]));
    assert!(!history.conversation(ids[3]).unwrap().archived);
}

#[test]
fn what_is_deleted_is_listed_and_had_back_until_the_trash_is_emptied() {
    let history = history();
    let ids: Vec<_> = (0..3).map(|n| conversation(&history, &format!("titre {n}"))).collect();
    history.delete(ids[0]).unwrap();
    history.delete(ids[1]).unwrap();
    let trash = history.trash().unwrap();
    let listed: Vec<_> = trash.iter().map(|trashed| trashed.conversation.id).collect();
    assert_eq!(listed, [ids[1], ids[0]]);
    let days = (trash[0].until.as_millis() - trash[0].deleted.as_millis()) / 86_400_000;
    assert_eq!(days, 30);
    history.restore(ids[0]).unwrap();
    let emptied = history.empty_trash().unwrap();
    assert_eq!((emptied.erased, emptied.held), (1, 0));
    assert_eq!((history.trash().unwrap().len(), history.conversations().unwrap().len()), (0, 2));
    assert!(matches!(history.restore(ids[1]), Err(HistoryError::NoConversation(_))));
    whole(&history);
}

/// Two branches with a file, a tag and a folder; the older branch is shown.
fn branched(history: &History) -> (ConversationId, Vec<MessageId>) {
    let id = conversation(history, "original");
    let file = [NewAttachment { name: "a.txt", media_type: "text/plain", data: b"prune" }];
    let root = add(history, id, None, "question", &file);
    let old = say(history, id, Some(root), "une");
    let new = say(history, id, Some(root), "autre");
    history.set_leaf(id, old).unwrap();
    history
        .transaction(|t| {
            let folder = t.create_folder("F")?;
            t.set_folder(&[id], Some(folder.id))?;
            t.set_archived(&[id], true)?;
            t.hold(&[id], true)?;
            t.add_tag(&[id], "x")
        })
        .unwrap();
    (id, vec![root, old, new])
}

#[test]
fn a_copy_has_every_branch_and_is_its_own() {
    let history = history();
    let (id, _) = branched(&history);
    let copy = history.transaction(|t| t.duplicate(id, "copie")).unwrap();
    assert_eq!(history.conversation(copy.id).unwrap(), copy);
    assert!(copy.id != id && copy.title == "copie" && copy.archived && copy.tags == ["x"]);
    assert!(copy.folder.is_some() && !copy.held);
    assert_eq!(shown(&history, copy.id), shown(&history, id));
    let content = |message: &Message| {
        let files: Vec<_> = message
            .attachments
            .iter()
            .map(|file| (file.name.clone(), history.attachment_data(file.id).unwrap()))
            .collect();
        (message.text.clone(), message.created, files)
    };
    let of = |id| history.messages(id).unwrap().iter().map(content).collect::<Vec<_>>();
    assert_eq!(of(copy.id), of(id));
    assert_eq!(history.search("prune", Order::Newest, 9).unwrap().len(), 2);
    history.erase(copy.id).unwrap();
    assert_eq!(history.search("prune autre", Order::Newest, 9).unwrap().len(), 0);
    assert_eq!(shown(&history, id), [("question".to_owned(), 1), ("une".to_owned(), 2)]);
    whole(&history);
}

#[test]
fn a_copy_of_an_arriving_answer_is_interrupted() {
    let history = history();
    let id = conversation(&history, "t");
    let asked = say(&history, id, None, "q");
    let answer = NewMessage {
        conversation: id,
        parent: Some(asked),
        role: Role::Assistant,
        text: "",
        model: Some("m"),
        state: MessageState::Streaming,
        attachments: &[],
    };
    let answer = history.add_message(answer).unwrap().id;
    history.checkpoint(answer, "jusqu'ici", "").unwrap();
    assert!(matches!(
        history.transaction(|t| t.merge(&[id], "m")),
        Err(HistoryError::Arriving(at)) if at == id
    ));
    let copy = history.transaction(|t| t.duplicate(id, "c")).unwrap();
    let copied = history.messages(copy.id).unwrap().pop().unwrap();
    assert_eq!((copied.text.as_str(), copied.state), ("jusqu'ici", MessageState::Interrupted));
    let end = AnswerEnd {
        text: "jusqu'ici et plus loin",
        reasoning: "",
        state: MessageState::Complete,
        failure: None,
        finish: None,
        usage: None,
        milliseconds: None,
    };
    history.end_answer(answer, end).unwrap();
    assert_eq!(history.search("jusqu'ici", Order::Newest, 9).unwrap().len(), 2);
    whole(&history);
}

#[test]
fn two_become_one_and_can_be_had_back() {
    let history = history();
    let (first, _) = branched(&history);
    history.transaction(|t| t.hold(&[first], false)).unwrap();
    let second = conversation(&history, "suite");
    let b = say(&history, second, None, "plus tard");
    say(&history, second, Some(b), "fin");
    say(&history, second, None, "à côté");
    history.set_leaf(second, b).unwrap();
    history.set_instructions(first, "bref").unwrap();
    history.set_instructions(second, "poli").unwrap();
    for (conversation, text) in [(first, "un"), (second, "deux")] {
        let draft = conversation::Draft { conversation: Some(conversation), text: text.into() };
        history.set_draft(&draft).unwrap();
    }
    history.transaction(|t| t.add_tag(&[second], "y")).unwrap();

    let merged = history.transaction(|t| t.merge(&[second, first], "les deux")).unwrap();
    // The first branch in the order of time, then the second one, each with what stood beside.
    let texts = ["question", "une", "plus tard", "fin"];
    let siblings = [1, 2, 2, 1];
    let expected: Vec<_> = texts.map(str::to_owned).into_iter().zip(siblings).collect();
    assert_eq!(shown(&history, merged.id), expected);
    assert_eq!(history.messages(merged.id).unwrap().len(), 6);
    assert_eq!((merged.title.as_str(), merged.instructions.as_str()), ("les deux", "poli\n\nbref"));
    assert_eq!((merged.tags.as_slice(), merged.archived), (&["x".into(), "y".into()][..], false));
    let drafts = history.drafts().unwrap();
    assert!(drafts.iter().any(|d| d.conversation == Some(merged.id) && d.text == "un\n\ndeux"));
    assert_eq!(history.conversations().unwrap().len(), 1);

    history.transaction(|t| t.restore(&[first, second])).unwrap();
    history.delete(merged.id).unwrap();
    assert_eq!(shown(&history, first), [("question".to_owned(), 1), ("une".to_owned(), 2)]);
    assert_eq!(shown(&history, second), [("plus tard".to_owned(), 2), ("fin".to_owned(), 1)]);
    for ids in [&[][..], &[first, first], &[first, merged.id]] {
        assert!(history.transaction(|t| t.merge(ids, "x")).is_err());
        assert_eq!(history.conversations().unwrap().len(), 2);
    }
    whole(&history);
}

#[test]
fn what_is_written_is_counted_until_it_is_erased() {
    let history = history();
    let (id, _) = branched(&history);
    let asked = say(&history, id, None, "deux mots");
    let answer = NewMessage {
        conversation: id,
        parent: Some(asked),
        role: Role::Assistant,
        text: "",
        model: Some("m"),
        state: MessageState::Streaming,
        attachments: &[],
    };
    let answer = history.add_message(answer).unwrap().id;
    assert_eq!(history.activity().unwrap().total.messages, 4, "not before it has ended");
    let end = AnswerEnd {
        text: "ça va 東京",
        reasoning: "non compté",
        state: MessageState::Complete,
        failure: None,
        finish: None,
        usage: Some(conversation::Usage { input_tokens: 7, output_tokens: 5 }),
        milliseconds: None,
    };
    history.end_answer(answer, end).unwrap();
    whole(&history);
    // Going on with it counts it once.
    history.transaction(|t| t.hold(&[id], false)).unwrap();
    history.resume_answer(answer, MessageState::Complete, "{}").unwrap();
    whole(&history);
    history.end_answer(answer, end).unwrap();
    let activity = history.activity().unwrap();
    assert_eq!((activity.conversations, activity.total.messages, activity.total.words), (1, 5, 9));
    assert_eq!((activity.total.input_tokens, activity.total.output_tokens), (7, 5));
    let models: Vec<_> = activity
        .models
        .iter()
        .map(|model| (model.model.as_deref(), model.counts.messages, model.counts.words))
        .collect();
    assert_eq!(models, [(None, 4, 5), (Some("m"), 1, 4)]);
    assert_eq!((activity.months.len(), activity.months[0].counts), (1, activity.total));
    history.delete(id).unwrap();
    assert_eq!(history.activity().unwrap().total.messages, 0);
    history.restore(id).unwrap();
    assert_eq!(history.activity().unwrap(), activity);
    history.erase(id).unwrap();
    assert_eq!(history.activity().unwrap(), history::Activity::default());
    whole(&history);
}
