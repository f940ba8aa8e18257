//! Bringing conversations in and taking them out.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test, failing is the point")]

use std::collections::BTreeMap;

use conversation::{
    ConversationId, Failure, FailureCode, FinishReason, MessageState, PortableConversation,
    PortableFile, PortableMessage, Role, Timestamp, Usage,
};
use history::{Added, History, HistoryError, Order};
use proptest::prelude::*;

fn message(parent: Option<usize>, text: &str, created: i64) -> PortableMessage {
    PortableMessage {
        parent,
        role: Role::User,
        text: text.into(),
        reasoning: String::new(),
        state: MessageState::Complete,
        failure: None,
        finish: None,
        model: None,
        usage: None,
        milliseconds: None,
        created: Timestamp::from_millis(created),
        files: Vec::new(),
    }
}

fn conversation(key: &str, messages: Vec<PortableMessage>) -> PortableConversation {
    PortableConversation {
        key: key.into(),
        title: "Titre".into(),
        model: None,
        instructions: String::new(),
        folder: None,
        tags: Vec::new(),
        pinned: false,
        archived: false,
        marking: None,
        created: Timestamp::from_millis(1_600_000_000_000),
        updated: Timestamp::from_millis(1_600_000_100_000),
        leaf: None,
        messages,
    }
}

fn bring(history: &History, new: &PortableConversation) -> Added {
    history.transaction(|t| t.add_portable(new)).unwrap()
}

fn new(history: &History, conversation: &PortableConversation) -> ConversationId {
    let added = bring(history, conversation);
    let (Added::New(id) | Added::Known(id)) = added;
    assert_eq!(added, Added::New(id));
    id
}

#[test]
fn what_was_brought_in_lies_at_its_own_time() {
    let history = History::in_memory().unwrap();
    let there = |text: &str| NoonOf(text).millis();
    let messages = vec![
        message(None, "prune", there("2021-03-05")),
        message(Some(0), "prune", there("2022-03-05")),
        // Older than what it follows, and of the future.
        message(Some(1), "prune", there("2019-03-05")),
        message(Some(0), "prune", i64::MAX),
    ];
    let id = new(&history, &conversation("x:1", messages));
    let found = |query: &str| history.search(query, Order::Newest, 9).unwrap().len();
    assert_eq!(found("prune after:2021-03 before:2021-04"), 1);
    assert_eq!(found("prune after:2022-03 before:2022-04"), 2);
    assert_eq!(found("prune before:2100"), 4);
    assert_eq!(found("titre before:2021"), 1);
    let listed = history.conversation(id).unwrap();
    assert_eq!(listed.updated, Timestamp::from_millis(1_600_000_100_000));
    let kept: Vec<_> = history.portable(id).unwrap().messages.iter().map(|m| m.created).collect();
    assert!(kept.contains(&Timestamp::from_millis(i64::MAX)), "{kept:?}");
    // What is written next is not dragged along into the future.
    let next = history.create_conversation("t", None).unwrap().id;
    assert!(next.as_i64() < ConversationId::least_at(NoonOf("2100-01-01").moment()));
    assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
}

/// A day's noon, so that no time zone makes another month of it.
struct NoonOf<'a>(&'a str);

impl NoonOf<'_> {
    fn moment(&self) -> Timestamp {
        Timestamp::from_millis(self.millis())
    }

    fn millis(&self) -> i64 {
        let at: jiff::Timestamp = format!("{}T12:00:00Z", self.0).parse().unwrap();
        at.as_millisecond()
    }
}

#[test]
fn twice_is_once_until_it_is_erased() {
    let history = History::in_memory().unwrap();
    let one = conversation("x:1", vec![message(None, "a", 1)]);
    let id = new(&history, &one);
    history.rename(id, "autrement").unwrap();
    assert_eq!(bring(&history, &one), Added::Known(id));
    history.delete(id).unwrap();
    assert_eq!(bring(&history, &one), Added::Known(id), "it can still be had back");
    history.erase(id).unwrap();
    let again = new(&history, &one);
    assert_eq!(history.conversation(again).unwrap().title, "Titre");

    // Taken out, it keeps its name; what was made here is known by its id.
    assert_eq!(history.portable(again).unwrap().key, "x:1");
    let own = history.create_conversation("t", None).unwrap().id;
    let taken = history.portable(own).unwrap();
    assert_eq!(taken.key, format!("bureau:{own}"));
    assert_eq!(bring(&history, &taken), Added::Known(own));
    history.erase(own).unwrap();
    let back = new(&history, &taken);
    assert_eq!(bring(&history, &taken), Added::Known(back));
    let elsewhere = History::in_memory().unwrap();
    let there = new(&elsewhere, &taken);
    assert_eq!(elsewhere.portable(there).unwrap().key, taken.key);
}

#[test]
fn what_is_refused_changes_nothing() {
    let history = History::in_memory().unwrap();
    let good = conversation("x:1", vec![message(None, "prune", 1)]);
    let bad = [
        conversation("x:2", vec![message(Some(0), "b", 1)]),
        PortableConversation { tags: vec!["x".repeat(51)], ..good.clone() },
        PortableConversation { folder: Some(" ".into()), ..good.clone() },
    ];
    for bad in &bad {
        let bad = PortableConversation { key: "x:2".into(), ..bad.clone() };
        let both = history.transaction(|t| {
            t.add_portable(&good)?;
            t.add_portable(&bad)
        });
        assert!(
            matches!(
                both,
                Err(HistoryError::NotPortable(_) | HistoryError::NotATag | HistoryError::Unnamed)
            ),
            "{both:?}"
        );
    }
    assert!(history.conversations().unwrap().is_empty() && history.folders().unwrap().is_empty());
    assert!(history.search("prune", Order::Newest, 9).unwrap().is_empty());
    new(&history, &good);
    assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
}

#[test]
fn folders_and_tags_are_the_ones_of_that_name() {
    let history = History::in_memory().unwrap();
    let folder = history.transaction(|t| t.create_folder("Été")).unwrap();
    for (key, name) in [("x:1", "éTÉ "), ("x:2", "Hiver"), ("x:3", "hiver")] {
        let one = PortableConversation {
            folder: Some(name.into()),
            tags: vec![name.into()],
            ..conversation(key, Vec::new())
        };
        new(&history, &one);
    }
    assert_eq!(history.folders().unwrap().len(), 2);
    assert_eq!(history.tags().unwrap().len(), 2);
    let inside = |c: &conversation::Conversation| c.folder == Some(folder.id);
    assert_eq!(history.conversations().unwrap().iter().filter(|c| inside(c)).count(), 1);
}

#[test]
fn a_moment_that_many_share_is_enough() {
    let history = History::in_memory().unwrap();
    let messages: Vec<_> =
        (0..4000).map(|n| message((n > 0).then_some(0), "x", 1_600_000_000_000)).collect();
    let id = new(&history, &conversation("x:1", messages));
    assert_eq!(history.messages(id).unwrap().len(), 4000);
    assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
}

/// A tree as it is read: a message, and what follows it, in order.
#[derive(Debug, PartialEq)]
struct Tree {
    message: PortableMessage,
    is_shown: bool,
    children: Vec<Tree>,
}

fn trees(conversation: &PortableConversation) -> Vec<Tree> {
    let mut children: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for (place, message) in conversation.messages.iter().enumerate() {
        children.entry(message.parent).or_default().push(place);
    }
    fn below(
        at: Option<usize>,
        conversation: &PortableConversation,
        children: &BTreeMap<Option<usize>, Vec<usize>>,
    ) -> Vec<Tree> {
        let places = children.get(&at).map(Vec::as_slice).unwrap_or_default();
        let tree = |place: &usize| Tree {
            message: PortableMessage { parent: None, ..conversation.messages[*place].clone() },
            is_shown: conversation.leaf == Some(*place),
            children: below(Some(*place), conversation, children),
        };
        places.iter().map(tree).collect()
    }
    below(None, conversation, &children)
}

fn any_message() -> impl Strategy<Value = (usize, PortableMessage)> {
    let file = (any::<String>(), any::<String>(), any::<Vec<u8>>())
        .prop_map(|(name, media_type, data)| PortableFile { name, media_type, data });
    let failure = (any::<String>(), any::<Option<u32>>()).prop_map(|(message, retry_after)| {
        Failure { code: FailureCode::ServerFault, message, retry_after }
    });
    let usage = (any::<u32>(), any::<u32>())
        .prop_map(|(input_tokens, output_tokens)| Usage { input_tokens, output_tokens });
    let words = (any::<String>(), any::<String>(), any::<Option<String>>());
    let kind = (
        prop::sample::select(vec![Role::System, Role::User, Role::Assistant]),
        prop::sample::select(vec![
            MessageState::Complete,
            MessageState::Stopped,
            MessageState::Interrupted,
            MessageState::Failed,
        ]),
        prop::option::of(prop::sample::select(vec![FinishReason::Stop, FinishReason::Length])),
    );
    let clock = prop_oneof![any::<i64>(), 1_600_000_000_000..1_600_000_000_009_i64];
    (
        (any::<usize>(), words, kind, clock),
        prop::collection::vec(file, 0..3),
        prop::option::of(failure),
        prop::option::of(usage),
        any::<Option<u32>>(),
    )
        .prop_map(|((parent, words, kind, clock), files, failure, usage, milliseconds)| {
            let message = PortableMessage {
                role: kind.0,
                state: kind.1,
                finish: kind.2,
                reasoning: words.1,
                model: words.2,
                failure,
                usage,
                milliseconds,
                files,
                ..message(None, &words.0, clock)
            };
            (parent, message)
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_tree_is_the_same_in_another_history(
        messages in prop::collection::vec(any_message(), 0..12),
        leaf in any::<Option<usize>>(),
        words in (any::<String>(), any::<String>(), any::<Option<String>>(), any::<String>()),
        marks in (any::<bool>(), any::<bool>(), any::<i64>(), any::<i64>()),
    ) {
        let count = messages.len();
        let messages: Vec<_> = messages
            .into_iter()
            .enumerate()
            .map(|(place, (parent, message))| {
                let parent = parent % (place + 1);
                PortableMessage { parent: parent.checked_sub(1), ..message }
            })
            .collect();
        let before = PortableConversation {
            title: words.0,
            instructions: words.1,
            model: words.2,
            folder: Some("Dossier".into()),
            tags: vec!["deux mots".into(), "été".into()],
            pinned: marks.0,
            archived: marks.1,
            created: Timestamp::from_millis(marks.2),
            updated: Timestamp::from_millis(marks.3),
            leaf: leaf.filter(|_| count > 0).map(|leaf| leaf % count),
            ..conversation(&format!("x:{}", words.3), messages)
        };
        let history = History::in_memory().unwrap();
        let id = new(&history, &before);
        let after = history.portable(id).unwrap();
        prop_assert_eq!(trees(&after), trees(&before));
        let bare = |c: &PortableConversation| PortableConversation {
            messages: Vec::new(),
            leaf: None,
            ..c.clone()
        };
        prop_assert_eq!(bare(&after), bare(&before));
        prop_assert_eq!(history.verify().unwrap().problems, Vec::<String>::new());
    }
}
