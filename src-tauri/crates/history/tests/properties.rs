//! What holds for any sequence of changes and any text.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test, failing is the point")]

use std::collections::HashMap;

use conversation::{ConversationId, Message, MessageId, MessageState, Role, thread};
use history::{AnswerEnd, History, NewMessage, Order};
use proptest::prelude::*;

/// A change to the history; numbers choose among what is there.
#[derive(Debug, Clone)]
enum Change {
    Create(String),
    Ask(usize, usize, String),
    Answer(usize, usize, String),
    Checkpoint(usize, String),
    End(usize, String),
    Delete(usize),
    Rename(usize, String),
    Search(String),
}

fn change() -> impl Strategy<Value = Change> {
    let text = || "\\PC{0,12}";
    prop_oneof![
        text().prop_map(Change::Create),
        (any::<usize>(), any::<usize>(), text()).prop_map(|(c, p, t)| Change::Ask(c, p, t)),
        (any::<usize>(), any::<usize>(), text()).prop_map(|(c, p, t)| Change::Answer(c, p, t)),
        (any::<usize>(), text()).prop_map(|(m, t)| Change::Checkpoint(m, t)),
        (any::<usize>(), text()).prop_map(|(m, t)| Change::End(m, t)),
        any::<usize>().prop_map(Change::Delete),
        (any::<usize>(), text()).prop_map(|(c, t)| Change::Rename(c, t)),
        any::<String>().prop_map(Change::Search),
    ]
}

/// What the history should hold, kept in plain maps.
#[derive(Default)]
struct Model {
    conversations: Vec<ConversationId>,
    messages: HashMap<ConversationId, Vec<Message>>,
    streaming: Vec<(ConversationId, MessageId)>,
}

impl Model {
    fn pick(&self, number: usize) -> Option<ConversationId> {
        (!self.conversations.is_empty())
            .then(|| self.conversations[number % self.conversations.len()])
    }

    fn parent(&self, conversation: ConversationId, number: usize) -> Option<MessageId> {
        let messages = &self.messages[&conversation];
        messages.get(number % (messages.len() + 1)).map(|m| m.id)
    }

    fn streaming(&self, number: usize) -> Option<(ConversationId, MessageId)> {
        (!self.streaming.is_empty()).then(|| self.streaming[number % self.streaming.len()])
    }

    fn message(&mut self, (conversation, id): (ConversationId, MessageId)) -> &mut Message {
        self.messages.get_mut(&conversation).unwrap().iter_mut().find(|m| m.id == id).unwrap()
    }
}

fn apply(history: &History, model: &mut Model, change: Change) {
    let add = |conversation, parent, role, text: &str, state| {
        let new =
            NewMessage { conversation, parent, role, text, model: None, state, attachments: &[] };
        history.add_message(new).unwrap()
    };
    match change {
        Change::Create(title) => {
            let id = history.create_conversation(&title, None).unwrap().id;
            model.conversations.push(id);
            model.messages.insert(id, Vec::new());
        }
        Change::Ask(c, p, text) => {
            let Some(id) = model.pick(c) else { return };
            let stored = add(id, model.parent(id, p), Role::User, &text, MessageState::Complete);
            model.messages.get_mut(&id).unwrap().push(stored);
        }
        Change::Answer(c, p, text) => {
            let Some(id) = model.pick(c) else { return };
            let stored =
                add(id, model.parent(id, p), Role::Assistant, &text, MessageState::Streaming);
            model.streaming.push((id, stored.id));
            model.messages.get_mut(&id).unwrap().push(stored);
        }
        Change::Checkpoint(m, text) => {
            let Some(at) = model.streaming(m) else { return };
            history.checkpoint(at.1, &text, "r").unwrap();
            let message = model.message(at);
            message.text = text;
            message.reasoning = "r".to_owned();
        }
        Change::End(m, text) => {
            let Some(at) = model.streaming(m) else { return };
            model.streaming.retain(|s| *s != at);
            let end = AnswerEnd {
                text: &text,
                reasoning: "",
                state: MessageState::Stopped,
                failure: None,
                finish: None,
                usage: None,
                milliseconds: None,
            };
            *model.message(at) = history.end_answer(at.1, end).unwrap();
            assert_eq!(model.message(at).text, text);
        }
        Change::Delete(c) => {
            let Some(id) = model.pick(c) else { return };
            history.delete(id).unwrap();
            model.conversations.retain(|known| *known != id);
            model.messages.remove(&id);
            model.streaming.retain(|(conversation, _)| *conversation != id);
        }
        Change::Rename(c, title) => {
            let Some(id) = model.pick(c) else { return };
            history.rename(id, &title).unwrap();
            assert_eq!(history.conversation(id).unwrap().title, title);
        }
        Change::Search(query) => {
            assert!(history.search(&query, Order::Newest, 5).unwrap().len() <= 5);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_history_holds_what_was_put_in_and_stays_whole(
        changes in proptest::collection::vec(change(), 1..40)
    ) {
        let history = History::in_memory().unwrap();
        let mut model = Model::default();
        for change in changes {
            apply(&history, &mut model, change);
        }
        prop_assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
        prop_assert_eq!(history.conversations().unwrap().len(), model.conversations.len());
        for (id, messages) in &model.messages {
            prop_assert_eq!(&history.messages(*id).unwrap(), messages);
        }
    }

    /// The end of a branch reads alike, its siblings included, whether or not all of the
    /// conversation is read for it.
    #[test]
    fn the_end_of_a_branch_is_that_of_the_whole(
        parents in proptest::collection::vec(0_usize..1000, 1..40),
        leaf in any::<prop::sample::Index>(),
        most in 1_usize..12,
    ) {
        let history = History::in_memory().unwrap();
        let conversation = history.create_conversation("", None).unwrap().id;
        let mut ids: Vec<MessageId> = Vec::new();
        for number in parents {
            let parent = ids.get(number % (ids.len() + 1)).copied();
            let message = NewMessage {
                conversation,
                parent,
                role: Role::User,
                text: "",
                model: None,
                state: MessageState::Complete,
                attachments: &[],
            };
            ids.push(history.add_message(message).unwrap().id);
        }
        let leaf = *leaf.get(&ids);
        let all = history.messages(conversation).unwrap();
        let whole = thread(&all, Some(leaf));
        let latest = history.latest_messages(leaf, most + 1).unwrap();
        let end = thread(&latest, Some(leaf));
        // What its first message has beside it is not known, unless that is the first of all.
        let known = usize::from(end.messages[0].parent.is_some());
        let from = whole.messages.len() - end.messages.len() + known;
        prop_assert!(whole.messages.len() - from >= most.min(whole.messages.len()));
        prop_assert_eq!(&end.messages[known..], &whole.messages[from..]);
        prop_assert_eq!(&end.siblings[known..], &whole.siblings[from..]);
    }

    #[test]
    fn any_text_is_a_query_and_any_word_stored_is_found(
        word in "[a-zA-Zéèçàüñœ0-9]{1,16}",
        around in "\\PC{0,20}",
        query in any::<String>(),
    ) {
        let history = History::in_memory().unwrap();
        let conversation = history.create_conversation("", None).unwrap().id;
        let text = format!("{around} {word} {around}");
        let new = NewMessage {
            conversation,
            parent: None,
            role: Role::User,
            text: &text,
            model: None,
            state: MessageState::Complete,
            attachments: &[],
        };
        history.add_message(new).unwrap();
        prop_assert_eq!(history.search(&word, Order::Newest, 9).unwrap().len(), 1);
        history.search(&query, Order::Newest, 9).unwrap();
    }
}
