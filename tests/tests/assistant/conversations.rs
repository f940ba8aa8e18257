//! Conversations: what was sent, temporary ones, undo, titles, waiting files.

use std::sync::Arc;
use std::time::Duration;

use assistant::{Access, Assistant, AttachedFile, Config, Question, Unasked};
use conversation::{Draft, FailureCode, MessageState, Role};
use history::{NewMessage, Order, View};
use secrecy::SecretString;
use whole_program::{Endpoint, PASSPHRASE, Profile, stream_of};

use crate::{KEY, ask, assistant, ended, folders, question};

/// The JSON in what a person is shown of a request.
fn body(shown: &str) -> serde_json::Value {
    let (_, body) = shown.split_once("\n\n").unwrap();
    serde_json::from_str(body).unwrap()
}

#[tokio::test]
async fn what_was_sent_is_shown_as_it_was_sent() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|request| {
        let mut replies = stream_of(["Une ", "réponse."], Duration::ZERO);
        if request["messages"].as_array().unwrap().len() == 2 {
            // Cut off in the middle, so that it can be continued.
            replies.truncate(2);
        }
        replies
    });
    let assistant = assistant(&profile, &endpoint);
    assistant.set_instructions("Answer in verse.").unwrap();
    let (answer, _) = ask(&assistant, question("Pourquoi ?")).await;
    assert_eq!(answer.state, MessageState::Failed);
    assistant.set_instructions("Answer in prose.").unwrap();
    let first = assistant.exchange(answer.id).unwrap().unwrap();
    assert_eq!(body(&first.requests[0]), endpoint.requests()[0]);
    assert!(first.requests[0].contains("Answer in verse.") && !first.requests[0].contains(KEY));
    assert!(first.response.contains("Une "), "{}", first.response);

    ended(assistant.continue_answer(answer.id, false).await.unwrap()).await;
    let second = assistant.exchange(answer.id).unwrap().unwrap();
    assert_eq!(body(&second.requests[0]), endpoint.requests()[1]);
    assert!(second.requests[0].contains("Answer in prose."));

    // An endpoint that was removed since takes its address with it, not the request.
    assistant.remove_endpoint("work").unwrap();
    let third = assistant.exchange(answer.id).unwrap().unwrap();
    assert!(third.requests[0].contains("Answer in prose."), "{}", third.requests[0]);
}

#[tokio::test]
async fn a_temporary_conversation_is_never_written() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Oui.");
    let assistant = assistant(&profile, &endpoint);
    let (_, conversation) = ask(&assistant, Question { temporary: true, ..question("x") }).await;
    assert!(conversation.temporary);
    let next = Question { conversation: Some(conversation.id), ..question("encore") };
    assert!(ask(&assistant, next).await.1.temporary);
    assert_eq!(assistant.messages(conversation.id).unwrap().1.len(), 4);
    assert!(assistant.list(&View::All, None).unwrap().is_empty());
    assert_eq!(assistant.history().unwrap().statistics().unwrap().messages, 0);
}

#[tokio::test]
async fn what_is_deleted_can_be_had_back_with_its_draft() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Oui.");
    let assistant = assistant(&profile, &endpoint);
    let (_, conversation) = ask(&assistant, question("Pourquoi ?")).await;
    let draft = Draft { conversation: Some(conversation.id), text: "à suivre".to_owned() };
    assistant.set_draft(draft.clone()).unwrap();
    assistant.delete(&[conversation.id]).unwrap();
    assert!(assistant.list(&View::All, None).unwrap().is_empty());
    assert!(assistant.search("Pourquoi", Order::Newest, 10).unwrap().is_empty());
    assert_eq!(
        assistant.open_conversation(conversation.id).unwrap_err().code,
        FailureCode::NotFound
    );
    assistant.restore(&[conversation.id]).unwrap();
    assert_eq!(assistant.list(&View::All, None).unwrap().len(), 1);
    assert_eq!(assistant.drafts().unwrap(), [draft]);
    assert!(!assistant.search("Pourquoi", Order::Newest, 10).unwrap().is_empty());
}

#[tokio::test]
async fn a_first_exchange_gives_a_title_unless_a_person_has() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|request| {
        let titled = request.to_string().contains("Write a title");
        stream_of([if titled { "“Le ciel bleu.”" } else { "Diffusion." }], Duration::ZERO)
    });
    let assistant = assistant(&profile, &endpoint);
    let (_, first) = ask(&assistant, question("Pourquoi le ciel est-il bleu ?")).await;
    assert_eq!(first.title, "Pourquoi le ciel est-il bleu ?");
    assistant.improve_title(first.id).await;
    assert_eq!(assistant.messages(first.id).unwrap().0.title, "Le ciel bleu");

    let (_, second) = ask(&assistant, question("Et la mer ?")).await;
    assistant.rename(second.id, "La mer").unwrap();
    assistant.improve_title(second.id).await;
    assert_eq!(assistant.messages(second.id).unwrap().0.title, "La mer");
}

#[tokio::test]
async fn a_first_try_that_failed_keeps_no_conversation_from_its_title() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|request| {
        if request.to_string().contains("Write a title") {
            return stream_of(["Das Ratsprotokoll"], Duration::ZERO);
        }
        let mut replies = stream_of(["Gern."], Duration::ZERO);
        if !request.to_string().contains("Antworte kurz") {
            replies.truncate(1);
        }
        replies
    });
    let assistant = assistant(&profile, &endpoint);
    let asked = "Die Rechnung ist innerhalb von dreißig Tagen zu begleichen?";
    let (failed, conversation) = ask(&assistant, question(asked)).await;
    assert_eq!(failed.state, MessageState::Failed);
    assistant.improve_title(conversation.id).await;
    assert_eq!(assistant.messages(conversation.id).unwrap().0.title, asked);

    assistant.set_instructions("Antworte kurz.").unwrap();
    ended(assistant.regenerate(failed.id, None, false).await.unwrap()).await;
    assistant.improve_title(conversation.id).await;
    assert_eq!(assistant.messages(conversation.id).unwrap().0.title, "Das Ratsprotokoll");
    // The language is named where it can be told.
    let request = endpoint.requests().pop().unwrap().to_string();
    assert!(request.contains("conversation below, in German."), "{request}");
}

#[tokio::test]
async fn a_window_that_does_without_a_history_takes_none_from_the_others() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Oui.");
    let assistant = assistant(&profile, &endpoint);
    let aside = Question { temporary: true, ..question("x") };
    let (_, temporary) = ask(&assistant, aside).await;
    assistant.start_temporary().unwrap();
    assert_eq!(assistant.access().unwrap(), Access::Open);
    assistant.unlock(&SecretString::from(PASSPHRASE)).unwrap();
    assert!(assistant.messages(temporary.id).is_ok());

    let alone = Arc::new(Assistant::new(folders(&Profile::new()), (*assistant.config()).clone()));
    alone.start_temporary().unwrap();
    let (_, first) = ask(&alone, question("x")).await;
    alone.start_temporary().unwrap();
    assert!(alone.messages(first.id).is_ok());
}

#[test]
fn files_wait_no_longer_than_their_window() {
    let profile = Profile::new();
    let assistant = Assistant::new(folders(&profile), Config::default());
    let stage = |window: &str| assistant.stage(window, "a.txt", b"text".to_vec());
    let kept = stage("window-0").unwrap();
    let last = std::iter::from_fn(|| stage("window-1").ok()).last().unwrap();
    assistant.unstage_all("window-1");
    assert!(assistant.staged(&[last.id]).is_err());
    assert_eq!(assistant.staged(&[kept.id, kept.id]).unwrap().len(), 1);
    stage("window-0").unwrap();
}

#[tokio::test]
async fn the_context_is_filled_by_what_would_be_sent() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Oui.");
    let assistant = assistant(&profile, &endpoint);
    let tokens = |question: &Unasked| assistant.context_use(question).unwrap().tokens;
    let file = assistant.stage("window-0", "a.txt", vec![b'a'; 4000]).unwrap();
    let bare = Unasked::default();
    let waiting = Unasked { files: vec![file.id], ..Unasked::default() };
    assert_eq!(tokens(&waiting), tokens(&bare) + 1004);
    assistant.unstage(file.id);
    assert_eq!(tokens(&waiting), tokens(&bare));

    let folder = assistant.create_folder("f").unwrap();
    let text = AttachedFile::new("b.txt", vec![b'b'; 800]).unwrap();
    assistant.add_folder_files(folder.id, &[text]).unwrap();
    let inside = Unasked { folder: Some(folder.id), ..Unasked::default() };
    assert_eq!(tokens(&inside), tokens(&bare) + 204);
    // Of a conversation that there is, its own folder counts.
    let (_, conversation) = ask(&assistant, question("x")).await;
    let next = Unasked { conversation: Some(conversation.id), ..inside };
    let outside = tokens(&next);
    assistant.move_to_folder(&[conversation.id], Some(folder.id)).unwrap();
    assert_eq!(tokens(&next), outside + 204);
}

#[test]
fn a_long_conversation_opens_whole_and_in_order() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Oui.");
    let assistant = assistant(&profile, &endpoint);
    let mut leaf = None;
    let id = assistant
        .history()
        .unwrap()
        .transaction(|transaction| {
            let conversation = transaction.create_conversation("long", None)?.id;
            let add = |number: usize, parent| {
                transaction.add_message(NewMessage {
                    conversation,
                    parent,
                    role: if number.is_multiple_of(2) { Role::User } else { Role::Assistant },
                    text: &format!("**{number}**"),
                    model: None,
                    state: MessageState::Complete,
                    attachments: &[],
                })
            };
            let mut ids = Vec::new();
            // The last messages have others beside them that were made before and after them.
            for number in 0..1000 {
                let parent = ids.last().copied();
                if number % 9 == 0 {
                    add(number, parent)?;
                }
                ids.push(add(number, parent)?.id);
            }
            for number in [3, 935, 936, 937, 999] {
                add(number, Some(ids[number - 1]))?;
            }
            leaf = ids.last().copied();
            Ok(conversation)
        })
        .unwrap();
    assistant.history().unwrap().set_leaf(id, leaf.unwrap()).unwrap();
    let shown = assistant.open_conversation(id).unwrap().messages;
    assert_eq!(shown.len(), 1000);
    let mut parts = Vec::new();
    assistant.open_in_parts(id, |part| parts.insert(0, part)).unwrap();
    let lengths: Vec<_> = parts.iter().map(|part| (part.messages.len(), part.from_start)).collect();
    assert_eq!(lengths, [(424, true), (512, false), (64, false)]);
    let in_parts: Vec<_> = parts.into_iter().flat_map(|part| part.messages).collect();
    assert_eq!(in_parts, shown);
    for (number, message) in shown.iter().enumerate() {
        assert!(
            message.blocks[0].html.contains(&format!("<strong>{number}</strong>")),
            "{message:?}"
        );
    }
}
