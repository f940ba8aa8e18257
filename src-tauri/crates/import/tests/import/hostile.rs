//! Files that are damaged, or made to do harm.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use import::{Event, Format, ImportError, Omission, Refusal, import};

use crate::support::{counted, fixture, hear, hear_bytes, zipped};

fn node(id: &str, parent: &str, role: &str) -> String {
    format!(
        r#""{id}":{{"parent":{parent},"children":[],"message":{{"author":{{"role":"{role}"}},"content":{{"content_type":"text","parts":["{id}"]}}}}}}"#
    )
}

fn chat(id: &str, nodes: &[String]) -> String {
    format!(r#"{{"id":"{id}","title":"T {id}","mapping":{{{}}}}}"#, nodes.join(","))
}

#[test]
fn broken_conversations_are_told_and_the_rest_goes_on() {
    let good = chat("good", &[node("a", "null", "user")]);
    let cycle = chat("cycle", &[node("a", "\"b\"", "user"), node("b", "\"a\"", "assistant")]);
    let own = chat("own", &[node("a", "\"a\"", "user")]);
    let types = r#"{"id":"types","title":"T types","mapping":{"a":{"message":5}}}"#;
    let unfinished = r#"{"id":"bad","title":"T bad","mapping":{"a":tru}}"#;
    let nameless = r#"{"title":"T none","mapping":{}}"#;
    let nothing = chat("empty", &[]);
    let all = [&good, &cycle, &own, types, unfinished, nameless, &nothing, "null", "7"].join(",\n");
    let (heard, outcome) = hear_bytes(format!("[\n{all}\n]").as_bytes());
    assert_eq!(outcome.unwrap(), Format::ChatGpt);
    assert_eq!(heard.keys(), ["chatgpt:good"]);
    let reasons: Vec<_> = heard.refused.iter().map(|(title, why)| (title.as_str(), why)).collect();
    assert_eq!(reasons[0], ("T cycle", &Refusal::Cycle));
    assert_eq!(reasons[1], ("T own", &Refusal::Cycle));
    assert!(matches!(reasons[2], ("T types", Refusal::WrongShape { place }) if place.line == 5));
    assert!(matches!(reasons[3], ("T bad", Refusal::NotJson { place }) if place.line == 6));
    assert_eq!(reasons[4], ("T none", &Refusal::NoId));
    assert_eq!(reasons[5], ("T empty", &Refusal::Empty));
    assert_eq!(reasons.len(), 8);
}

#[test]
fn the_place_is_that_of_the_damage() {
    let text = format!(
        "[{},\n {{\"id\":\"x\",\"mapping\":@}}]",
        chat("good", &[node("a", "null", "user")])
    );
    let (heard, _) = hear_bytes(text.as_bytes());
    let Refusal::NotJson { place } = heard.refused[0].1 else { panic!("{:?}", heard.refused) };
    assert_eq!((place.line, place.byte), (2, text.find('@').unwrap() as u64));
}

#[test]
fn a_message_without_its_parent_begins_a_branch() {
    let nodes =
        [node("a", "\"gone\"", "user"), node("b", "\"a\"", "assistant"), node("a", "null", "user")];
    let (heard, _) = hear_bytes(format!("[{}]", chat("x", &nodes)).as_bytes());
    let (conversation, left_out) = &heard.found[0];
    assert_eq!(conversation.messages.len(), 2);
    let expected = [(Omission::RepeatedMessage, 1), (Omission::MissingParent, 1)];
    assert_eq!(counted(left_out), expected);
}

#[test]
fn what_came_before_a_cut_stands() {
    let whole = fixture("chatgpt.json");
    for cut in [whole.len() - 1, whole.len() - 40, whole.len() - 700] {
        let (heard, outcome) = hear_bytes(&whole[..cut]);
        assert_eq!(outcome.unwrap(), Format::ChatGpt);
        assert!(!heard.found.is_empty());
        let (title, reason) = heard.refused.last().unwrap();
        assert!(
            matches!(reason, Refusal::CutOff { place } if place.line > 1),
            "{title} {reason:?}"
        );
    }
}

#[test]
fn half_an_emoji_is_no_reason_to_refuse() {
    let text = chat("x", &[node("a", "null", "user")]).replace("[\"a\"]", "[\"a\\ud83d\"]");
    let (heard, _) = hear_bytes(format!("[{text}]").as_bytes());
    assert_eq!(heard.found[0].0.messages[0].text, "a\u{fffd}");
}

#[test]
fn long_chains_and_deep_nests_are_read() {
    const COUNT: usize = 100_000;
    let mut nodes = vec![node("n0", "null", "user")];
    nodes.extend((1..COUNT).map(|n| node(&format!("n{n}"), &format!("\"n{}\"", n - 1), "user")));
    let (heard, _) = hear_bytes(format!("[{}]", chat("x", &nodes)).as_bytes());
    assert_eq!(heard.found[0].0.messages.len(), COUNT);

    let mut text = String::from(r#"{"conversationId":"deep","recursive":true,"messages":["#);
    for n in 0..COUNT {
        write!(
            text,
            r#"{{"messageId":"{n}","isCreatedByUser":{},"text":"t","children":["#,
            n % 2 == 0
        )
        .unwrap();
    }
    text.push_str(&"]}".repeat(COUNT));
    text.push_str("]}");
    let (heard, outcome) = hear_bytes(text.as_bytes());
    assert_eq!(outcome.unwrap(), Format::LibreChat);
    assert_eq!(heard.found[0].0.messages.len(), COUNT);
}

#[test]
fn what_is_too_deep_or_too_much_is_refused() {
    let good = chat("good", &[node("a", "null", "user")]);
    let deep = format!(
        r#"{{"id":"deep","title":"T deep","mapping":{}{}}}"#,
        "[".repeat(9000),
        "]".repeat(9000)
    );
    let many: Vec<String> = (0..200_001).map(|n| format!("\"{n}\":{{}}")).collect();
    let many = chat("many", &many);
    let (heard, _) = hear_bytes(format!("[{good},{deep},{many}]").as_bytes());
    assert_eq!(heard.keys(), ["chatgpt:good"]);
    let reasons: Vec<_> = heard.refused.iter().map(|(_, why)| why.clone()).collect();
    assert_eq!(reasons[1], Refusal::TooLarge);
    assert!(matches!(reasons[0], Refusal::WrongShape { .. } | Refusal::TooDeep), "{reasons:?}");
    for bomb in ["[".repeat(5_000_000), "{\"a\":".repeat(1_000_000), "[{\"a\":[".repeat(500_000)] {
        assert!(matches!(hear_bytes(bomb.as_bytes()).1, Err(ImportError::Unknown)));
    }
}

#[test]
fn a_conversation_without_end_is_passed_over() {
    let good = chat("good", &[node("a", "null", "user")]);
    let huge =
        format!(r#"{{"id":"huge","title":"T huge","mapping":{{"a":"{}"}}}}"#, "x".repeat(65 << 20));
    let next = chat("next", &[node("a", "null", "user")]);
    let text = format!("[{good},{huge},{next}]");
    let (_folder, path) = zipped(&[("conversations.json", text.as_bytes())]);
    let (heard, _) = hear(&path);
    assert_eq!(heard.keys(), ["chatgpt:good", "chatgpt:next"]);
    assert_eq!(heard.refused, [("T huge".to_owned(), Refusal::TooLarge)]);
}

#[test]
fn names_in_an_archive_lead_nowhere() {
    let text = r#"[{"id":"x","mapping":{"a":{"message":{"author":{"role":"user"},"content":{"content_type":"multimodal_text","parts":["t",{"content_type":"image_asset_pointer","asset_pointer":"file-service://file-1"}]},"metadata":{"attachments":[{"id":"file-1","name":"../../.ssh/key\u202e.txt"},{"id":"../../../etc/passwd","name":"p"},{"id":"","name":""}]}}}}}]"#;
    let (_folder, path) =
        zipped(&[("conversations.json", text.as_bytes()), ("../../file-1", b"text")]);
    let (heard, _) = hear(&path);
    let files = &heard.found[0].0.messages[0].files;
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].name, "key_.txt");
    assert_eq!(counted(&heard.found[0].1), [(Omission::MissingFile { name: "p".into() }, 1)]);
}

#[test]
fn files_that_are_too_large_are_left_out() {
    let text = r#"[{"id":"x","mapping":{"a":{"message":{"author":{"role":"user"},"content":{"content_type":"text","parts":["t"]},"metadata":{"attachments":[{"id":"file-1","name":"big.txt"}]}}}}}]"#;
    let big = vec![b'a'; (20 << 20) + 1];
    let (_folder, path) =
        zipped(&[("conversations.json", text.as_bytes()), ("file-1-big.txt", &big)]);
    let (heard, _) = hear(&path);
    assert_eq!(
        counted(&heard.found[0].1),
        [(Omission::FileTooLarge { name: "big.txt".into() }, 1)]
    );
}

#[test]
fn damaged_archives_are_told() {
    let (_folder, path) = zipped(&[("conversations.json", &fixture("chatgpt.json"))]);
    let mut bytes = std::fs::read(&path).unwrap();
    let (_, outcome) = hear_bytes(&bytes[..bytes.len() / 2]);
    assert!(matches!(outcome, Err(ImportError::DamagedArchive(_))), "{outcome:?}");
    let middle = bytes.len() / 3;
    bytes[middle..middle + 64].fill(0xa5);
    let (heard, _) = hear_bytes(&bytes);
    assert!(
        heard
            .refused
            .iter()
            .any(|(_, why)| matches!(why, Refusal::CutOff { .. } | Refusal::NotJson { .. }))
    );
    let (_folder, path) = zipped(&[]);
    assert!(matches!(hear(&path).1, Err(ImportError::Unknown)));
}

#[test]
fn what_is_no_export_is_said_to_be_none() {
    for other in [
        &b""[..],
        b"{}",
        b"[]",
        b"[{}]",
        b"[{\"a\":1},{\"b\":2}]",
        b"%PDF-1.7\xff\xfe",
        b"\0\0\0",
        b"a,b\n1,2\n",
    ] {
        assert!(matches!(hear_bytes(other).1, Err(ImportError::Unknown)), "{other:?}");
    }
    assert!(matches!(hear("/nowhere/at/all".as_ref()).1, Err(ImportError::Unreadable(_))));
}

#[test]
fn it_stops_when_it_is_told_to() {
    let (_folder, path) = zipped(&[("conversations.json", &fixture("chatgpt.json"))]);
    for at in 1..6 {
        let mut heard = 0;
        let outcome = import(&path, &mut |_| {
            heard += 1;
            if heard == at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let ended = heard < at;
        assert!(ended || matches!(outcome, Err(ImportError::Stopped)), "{at}: {outcome:?}");
        assert!(ended || heard == at);
    }
}

#[test]
fn progress_comes_to_its_end() {
    let (_folder, path) =
        zipped(&[("conversations.json", &fixture("chatgpt.json")), ("user.json", b"{}")]);
    let mut last = (0, 1);
    import(&path, &mut |event| {
        if let Event::Progress { read, of } = event {
            assert!(read >= last.0);
            last = (read, of);
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(last.0, last.1);
}
