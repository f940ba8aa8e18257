//! ChatGPT's export.

use conversation::{FinishReason, MessageState, Role, Timestamp};
use import::{Format, Omission, Refusal};

use crate::support::{counted, fixture, hear, hear_bytes, unpacked, zipped};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

fn files() -> Vec<(&'static str, &'static [u8])> {
    vec![
        ("export/file-AbC123-chart.png", PNG),
        ("export/file_gone1.png", PNG),
        ("export/user-x/file_0000beef-sanitized.png", PNG),
        ("export/dalle-generations/file-Drawn.dat", PNG),
        ("export/file-Notes9-notes.txt", b"notes"),
        ("export/conversation_asset_file_names.json", br#"{"file-Drawn.dat":"line.webp"}"#),
        ("export/user.json", br#"{"id":"user-1","email":"a@example.org"}"#),
        ("export/message_feedback.json", br#"[{"id":"1"},{"id":"2"}]"#),
        ("export/README.md", b"## User\na\n## Assistant\nb"),
    ]
}

#[test]
fn a_whole_export_is_read_with_its_files() {
    let conversations = fixture("chatgpt.json");
    let mut all = files();
    all.push(("export/conversations.json", &conversations));
    let (_folder, path) = zipped(&all);
    let (heard, outcome) = hear(&path);
    assert_eq!(outcome.unwrap(), Format::ChatGpt);
    assert_eq!(heard.refused.len(), 1, "{:?}", heard.refused);
    assert_eq!(heard.refused[0].0, "Corrupted entry");
    assert!(matches!(heard.refused[0].1, Refusal::WrongShape { .. }));

    let (trend, left_out) = &heard.found[0];
    assert_eq!(trend.key, "chatgpt:6b0f0d9c-0000-4000-8000-000000000001");
    assert_eq!(trend.title, "Trend of the year");
    assert_eq!(trend.model.as_deref(), Some("gpt-5-thinking"));
    assert_eq!(trend.folder.as_deref(), Some("685bb57d"));
    assert!(trend.pinned && trend.archived);
    assert_eq!(trend.created, Timestamp::from_millis(1_756_000_000_123));
    assert_eq!(trend.updated, Timestamp::from_millis(1_756_000_400_500));
    let parents: Vec<_> = trend.messages.iter().map(|message| message.parent).collect();
    assert_eq!(parents, [None, Some(0), Some(1), Some(2), Some(0)]);
    assert_eq!(trend.leaf, Some(3));

    let question = &trend.messages[0];
    assert_eq!((question.role, question.text.as_str()), (Role::User, "What is the trend?"));
    assert_eq!(question.created, Timestamp::from_millis(1_756_000_001_500));
    let names: Vec<_> = question.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["chart.png", "file_0000beef-sanitized.png", "notes.txt"]);
    assert_eq!(question.files[0].data, PNG);

    let answer = &trend.messages[1];
    assert_eq!(answer.text, "It rises ([A](<https://a.example/>)).");
    assert_eq!(
        answer.reasoning,
        "**Reading the chart**\n\nIt goes up.\n\n```\nprint(1)\n```\n\n```\n1\n```"
    );
    assert_eq!(answer.model.as_deref(), Some("gpt-5-thinking"));
    assert_eq!(answer.finish, Some(FinishReason::Stop));

    let drawn = &trend.messages[3];
    assert_eq!(trend.messages[2].text, "Draw it");
    assert_eq!(
        trend.messages[2].created, answer.created,
        "one without a time takes the last one's"
    );
    assert!(drawn.reasoning.contains("a rising line"), "{}", drawn.reasoning);
    assert_eq!(drawn.files[0].name, "line.webp");
    assert_eq!(trend.messages[4].state, MessageState::Stopped);

    let expected = [
        (Omission::HiddenMessage, 2),
        (Omission::ToolMessage, 1),
        (Omission::Recording, 1),
        (Omission::MissingFile { name: "file_gone".into() }, 1),
        (Omission::FolderName, 1),
    ];
    assert_eq!(counted(left_out), expected);
}

#[test]
fn answers_in_pieces_are_one_answer() {
    let (heard, _) = hear_bytes(&fixture("chatgpt.json"));
    let (conversation, left_out) = &heard.found[1];
    assert_eq!(conversation.messages.len(), 2);
    assert_eq!(conversation.messages[1].text, "Let me write it.\n\n```python\nx = 1\n```\n\nDone.");
    assert_eq!((conversation.leaf, conversation.title.as_str()), (Some(1), ""));
    assert!(conversation.created.as_millis() > 1_700_000_000_000, "the file's own time");
    assert_eq!(counted(left_out), [(Omission::ToolMessage, 1), (Omission::CustomAssistant, 1)]);
}

#[test]
fn shards_a_folder_and_a_bare_file_say_the_same() {
    let whole = fixture("chatgpt.json");
    let list: Vec<serde_json::Value> = serde_json::from_slice(&whole).unwrap();
    let shards: Vec<Vec<u8>> = list.iter().map(|one| serde_json::to_vec(&[one]).unwrap()).collect();
    let mut sharded = files();
    let names = [
        "export/conversations-000.json",
        "export/conversations-001.json",
        "export/conversations-002.json",
    ];
    sharded.extend(names.into_iter().zip(shards.iter().map(Vec::as_slice)));
    let mut one = files();
    one.push(("export/conversations.json", &whole));

    let in_folder = unpacked(&one);
    let (_a, packed) = zipped(&one);
    let (_b, packed_shards) = zipped(&sharded);
    let (expected, _) = hear(&packed);
    for path in [in_folder.path(), &packed_shards] {
        let (heard, outcome) = hear(path);
        assert_eq!(outcome.unwrap(), Format::ChatGpt);
        assert_eq!(heard.refused.len(), expected.refused.len());
        assert_eq!(heard.found[0], expected.found[0]);
        assert_eq!(heard.found[1].0.messages.len(), expected.found[1].0.messages.len());
    }
    let (bare, _) = hear_bytes(&whole);
    assert_eq!(bare.keys(), expected.keys());
    assert_eq!(bare.found[0].0.messages[0].files, []);
}

#[test]
fn a_conversation_that_is_there_twice_comes_once() {
    let whole = fixture("chatgpt.json");
    let (_folder, path) =
        zipped(&[("conversations.json", &whole), ("conversations-000.json", &whole)]);
    let (heard, _) = hear(&path);
    assert_eq!(heard.found.len(), 2);
    assert_eq!(heard.refused.iter().filter(|(_, why)| *why == Refusal::Repeated).count(), 2);
}
