//! Bureau's own JSON.

use conversation::{
    MessageState, PortableConversation, PortableFile, PortableMessage, Role, Timestamp,
};
use import::{Format, ImportError, Refusal};

use crate::support::hear_bytes;

fn conversation(key: &str) -> PortableConversation {
    let message = |parent, role| PortableMessage {
        parent,
        role,
        text: "été \u{1f600} \u{0}".into(),
        reasoning: "r".into(),
        state: MessageState::Interrupted,
        failure: None,
        finish: None,
        model: Some("m".into()),
        usage: None,
        milliseconds: Some(7),
        created: Timestamp::from_millis(5),
        files: vec![PortableFile {
            name: "a".into(),
            media_type: "x/y".into(),
            data: vec![0, 255],
        }],
    };
    PortableConversation {
        marking: None,
        key: key.into(),
        title: "Title [\"] {".into(),
        model: None,
        instructions: "i".into(),
        folder: Some("f".into()),
        tags: vec!["t".into()],
        pinned: true,
        archived: true,
        created: Timestamp::from_millis(-5),
        updated: Timestamp::from_millis(i64::MAX),
        leaf: Some(1),
        // Two answers in a row, which other programs' conversations never keep apart.
        messages: vec![message(None, Role::Assistant), message(Some(0), Role::Assistant)],
    }
}

fn file(conversations: &str) -> Vec<u8> {
    format!("{{\"format\":\"bureau\",\"version\":1,\"conversations\":[{conversations}]}}\n")
        .into_bytes()
}

fn json(key: &str) -> String {
    serde_json::to_string(&conversation(key)).unwrap()
}

#[test]
fn nothing_is_lost() {
    let (heard, outcome) =
        hear_bytes(&file(&format!("{},\n{}", json("bureau:1"), json("chatgpt:2"))));
    assert_eq!(outcome.unwrap(), Format::Bureau);
    let found: Vec<_> = heard.found.into_iter().map(|(conversation, _)| conversation).collect();
    assert_eq!(found, [conversation("bureau:1"), conversation("chatgpt:2")]);
    assert_eq!(heard.refused, []);
    assert_eq!(hear_bytes(&file("")).1.unwrap(), Format::Bureau);
}

#[test]
fn one_that_is_not_of_this_version_is_refused_alone() {
    let unknown = json("bureau:2").replacen('{', "{\"mood\":1,", 1);
    let cycle = json("bureau:3").replace("\"parent\":0", "\"parent\":1");
    let (heard, _) = hear_bytes(&file(&format!("{unknown},{cycle},{}", json("bureau:1"))));
    assert_eq!(heard.keys(), ["bureau:1"]);
    assert_eq!(heard.refused.len(), 2);
    assert!(matches!(heard.refused[0].1, Refusal::WrongShape { .. }));
    assert_eq!(heard.refused[1], ("Title [\"] {".to_owned(), Refusal::NotATree));
}

#[test]
fn a_newer_version_is_refused_whole() {
    let newer = br#"{"format":"bureau","version":2,"people":[],"conversations":[]}"#;
    let (_, outcome) = hear_bytes(newer);
    assert!(matches!(outcome, Err(ImportError::NewerVersion { version: 2 })));
}

#[test]
fn a_file_that_goes_on_or_breaks_off_says_so() {
    let whole = file(&json("bureau:1"));
    let (heard, _) = hear_bytes(&[whole.as_slice(), b"x"].concat());
    assert!(
        matches!(heard.refused[0].1, Refusal::CutOff { place } if place.byte == whole.len() as u64)
    );
    let (heard, outcome) = hear_bytes(&whole[..whole.len() - 3]);
    assert_eq!(outcome.unwrap(), Format::Bureau);
    assert_eq!(heard.found.len() + heard.refused.len(), 1);
}
