//! What holds for any file.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{fixture, hear, hear_bytes, zipped};

/// A tree of ChatGPT's of any shape: parents before or after their children, missing, or in a
/// circle; messages that are kept, left out, or part of others.
fn mapping() -> impl Strategy<Value = Value> {
    prop::collection::vec((0_usize..14, 0_u8..7, any::<Option<f64>>()), 0..14).prop_map(|nodes| {
        let mut mapping = serde_json::Map::new();
        for (place, (parent, kind, time)) in nodes.iter().enumerate() {
            let (role, recipient, content) = match kind {
                0 => ("user", "all", json!({"content_type": "text", "parts": ["q"]})),
                1 => {
                    ("assistant", "all", json!({"content_type": "text", "parts": ["a", null, {}]}))
                }
                2 => ("assistant", "python", json!({"content_type": "code", "text": "c"})),
                3 => ("tool", "all", json!({"content_type": "execution_output", "text": "o"})),
                4 => (
                    "assistant",
                    "all",
                    json!({"content_type": "thoughts", "thoughts": [{"content": "t"}]}),
                ),
                5 => ("system", "all", json!({"content_type": "text", "parts": [""]})),
                _ => ("user", "all", json!({"content_type": "text", "parts": [""]})),
            };
            // One past the end names nothing; the node itself is none's parent but its own.
            let parent = if *parent == 13 { Value::Null } else { json!(format!("n{parent}")) };
            mapping.insert(
                format!("n{place}"),
                json!({"parent": parent, "children": [], "message": {
                    "author": {"role": role}, "recipient": recipient, "create_time": time,
                    "content": content, "metadata": {},
                }}),
            );
        }
        Value::Object(mapping)
    })
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z]{0,6}".prop_map(Value::from),
    ];
    let keys = prop::sample::select(vec![
        "id",
        "uuid",
        "title",
        "mapping",
        "message",
        "author",
        "role",
        "content",
        "content_type",
        "parts",
        "parent",
        "children",
        "chat_messages",
        "sender",
        "text",
        "chat",
        "history",
        "messages",
        "parentId",
        "currentId",
        "conversationId",
        "messageId",
        "isCreatedByUser",
        "files",
        "metadata",
        "attachments",
        "create_time",
    ]);
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..7).prop_map(|members| {
                Value::Object(
                    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
                )
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    // `hear` itself asserts that all that is found passes `check`.
    #[test]
    fn any_tree_is_found_or_refused(mapping in mapping(), shown in 0_usize..14) {
        let chat = json!([{"id": "x", "mapping": mapping, "current_node": format!("n{shown}")}]);
        let (heard, _) = hear_bytes(chat.to_string().as_bytes());
        prop_assert_eq!(heard.found.len() + heard.refused.len(), 1);
        if let Some((conversation, _)) = heard.found.first() {
            // Every word is there once, wherever it went.
            let words = |kind: &str| chat.to_string().matches(kind).count();
            let text: String = conversation.messages.iter().map(|m| m.text.as_str()).collect();
            prop_assert_eq!(text.matches('q').count(), words(r#"["q"]"#));
            prop_assert_eq!(text.matches('a').count(), words(r#"["a","#));
            let thought: String = conversation.messages.iter().map(|m| m.reasoning.as_str()).collect();
            prop_assert_eq!(thought.matches('t').count(), words(r#""content":"t""#));
            prop_assert_eq!(thought.matches("\nc\n").count(), words(r#""text":"c""#));
            prop_assert_eq!(thought.matches("\no\n").count(), words(r#""text":"o""#));
        }
    }

    #[test]
    fn shards_say_the_same(mappings in prop::collection::vec(mapping(), 1..6), cut in 0_usize..6) {
        let chats: Vec<Value> = mappings
            .into_iter()
            .enumerate()
            .map(|(n, mapping)| json!({"id": n.to_string(), "create_time": 1_700_000_000, "mapping": mapping}))
            .collect();
        let (one, two) = chats.split_at(cut.min(chats.len()));
        let bytes = |chats: &[Value]| serde_json::to_vec(chats).unwrap();
        let (_a, whole) = zipped(&[("conversations.json", &bytes(&chats))]);
        let (_b, shards) = zipped(&[
            ("conversations-000.json", &bytes(one)),
            ("conversations-001.json", &bytes(two)),
        ]);
        let (whole, shards) = (hear(&whole).0, hear(&shards).0);
        prop_assert_eq!(whole.found, shards.found);
        prop_assert_eq!(whole.refused.len(), shards.refused.len());
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = hear_bytes(&bytes);
        let _ = hear_bytes(&[b"PK\x03\x04", bytes.as_slice()].concat());
        let _ = hear_bytes(&[b"[{\"mapping\":", bytes.as_slice()].concat());
    }

    #[test]
    fn any_json_is_survived(values in prop::collection::vec(value(), 0..4)) {
        let _ = hear_bytes(Value::from(values.clone()).to_string().as_bytes());
        for value in values {
            let _ = hear_bytes(value.to_string().as_bytes());
        }
    }

    #[test]
    fn any_damage_is_survived(
        name in prop::sample::select(vec![
            "chatgpt.json", "claude.json", "open-webui.json", "librechat-flat.json",
            "librechat-recursive.json",
        ]),
        at in any::<prop::sample::Index>(),
        length in 0_usize..20,
        into in prop::collection::vec(any::<u8>(), 0..10),
    ) {
        let mut bytes = fixture(name);
        let start = at.index(bytes.len());
        let end = (start + length).min(bytes.len());
        bytes.splice(start..end, into);
        let _ = hear_bytes(&bytes);
    }

    #[test]
    fn any_text_is_survived(text in "([#*`~ \\n]|User|Assistant|Vous|[a-z:]){0,60}") {
        let _ = hear_bytes(text.as_bytes());
    }
}
