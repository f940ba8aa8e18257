//! Claude, Open WebUI, LibreChat and Markdown.

use conversation::{FinishReason, MessageState, Role, Timestamp, Usage};
use import::{Format, ImportError, Omission, Refusal};

use crate::support::{counted, fixture, hear, hear_bytes, zipped};

#[test]
fn claude_is_read_with_its_projects() {
    let (conversations, projects) = (fixture("claude.json"), fixture("claude-projects.json"));
    let (_folder, path) = zipped(&[
        ("conversations.json", &conversations),
        ("projects.json", &projects),
        ("users.json", br#"[{"uuid":"u","full_name":"A"}]"#),
    ]);
    let (heard, outcome) = hear(&path);
    assert_eq!(outcome.unwrap(), Format::Claude);
    assert_eq!(heard.keys(), ["claude:c1", "claude:c2"]);
    assert_eq!(heard.refused, [("Nothing".to_owned(), Refusal::Empty)]);

    let (towns, left_out) = &heard.found[0];
    assert_eq!(towns.folder.as_deref(), Some("Amalfi"));
    assert_eq!(towns.instructions, "Answer in one word.");
    let parents: Vec<_> = towns.messages.iter().map(|message| message.parent).collect();
    assert_eq!(parents, [None, Some(0), Some(0), Some(2), Some(3)]);
    assert_eq!(towns.leaf, Some(4));
    assert_eq!(towns.messages[0].files[0].name, "towns.pdf.txt");
    assert_eq!(towns.messages[1].reasoning, "Comparing.");
    assert_eq!(towns.messages[2].text, "Ravello. ([https://r.example](<https://r.example>))");
    assert!(towns.messages[2].reasoning.starts_with("web_search\n\n```json"));
    assert_eq!(towns.messages[4].text, "**Towns**\n\n```python\nt = ['Ravello']\n```");
    assert_eq!(
        counted(left_out),
        [
            (Omission::ToolMessage, 1),
            (Omission::MissingFile { name: "photo.png".into() }, 1),
            (Omission::UnknownPart { part: "flag".into() }, 1),
        ]
    );
    let old: Vec<_> =
        heard.found[1].0.messages.iter().map(|m| (m.parent, m.text.as_str())).collect();
    assert_eq!(old, [(None, "Old form"), (Some(0), "Old answer")]);
}

#[test]
fn open_webui_is_read_in_both_forms() {
    let (heard, outcome) = hear_bytes(&fixture("open-webui.json"));
    assert_eq!(outcome.unwrap(), Format::OpenWebUi);
    assert_eq!(heard.keys(), ["open-webui:w1", "open-webui:legacy"]);
    let (sums, left_out) = &heard.found[0];
    assert_eq!((sums.tags.len(), sums.folder.as_deref()), (2, Some("3f2a9c1e")));
    assert!(sums.pinned && sums.archived);
    assert_eq!(sums.instructions, "Count well.");
    let names: Vec<_> = sums.messages[0].files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["file", "r.pdf.txt"]);
    let failed = &sums.messages[1];
    assert_eq!(failed.state, MessageState::Failed);
    assert!(!format!("{failed:?}").contains("sk-123"));
    let answer = &sums.messages[2];
    assert_eq!((answer.text.as_str(), answer.reasoning.as_str()), ("255", "15 * 17"));
    assert_eq!(answer.usage, Some(Usage { input_tokens: 9, output_tokens: 7 }));
    assert_eq!(sums.leaf, Some(2));
    assert_eq!(
        counted(left_out),
        [(Omission::MissingFile { name: "lost.png".into() }, 1), (Omission::FolderName, 1)]
    );
    let legacy = &heard.found[1].0;
    assert_eq!((legacy.instructions.as_str(), legacy.title.as_str()), ("Be kind.", "Old chat"));
    assert_eq!(legacy.created, Timestamp::from_millis(1_690_000_000_000));
    assert_eq!(legacy.messages[1].state, MessageState::Interrupted);

    let list: Vec<serde_json::Value> = serde_json::from_slice(&fixture("open-webui.json")).unwrap();
    let (single, _) = hear_bytes(list[0].to_string().as_bytes());
    assert_eq!(single.found[0], heard.found[0]);
}

#[test]
fn librechat_is_read_flat_and_recursive() {
    let (flat, outcome) = hear_bytes(&fixture("librechat-flat.json"));
    assert_eq!(outcome.unwrap(), Format::LibreChat);
    let (recursive, _) = hear_bytes(&fixture("librechat-recursive.json"));
    assert_eq!(flat.found, recursive.found);
    let (story, left_out) = &flat.found[0];
    assert_eq!(story.key, "librechat:l1");
    assert_eq!(story.instructions, "Be epic.");
    let parents: Vec<_> = story.messages.iter().map(|message| message.parent).collect();
    assert_eq!(parents, [None, Some(0), Some(0), Some(2), Some(3)]);
    assert_eq!(story.messages[1].finish, Some(FinishReason::Length));
    assert_eq!(story.messages[2].text, "Long ago");
    assert_eq!(
        story.messages[2].reasoning,
        "A tale.\n\nsearch\n\n```\n{\"q\":1}\n```\n\n```\nfound\n```"
    );
    assert_eq!(story.messages[4].state, MessageState::Failed);
    assert!(!format!("{story:?}").contains("sk-1"));
    assert_eq!(story.leaf, Some(4));
    assert_eq!(counted(left_out), [(Omission::MissingFile { name: "plot.txt".into() }, 1)]);
}

#[test]
fn many_librechat_files_are_one_import() {
    let one = fixture("librechat-flat.json");
    let two = String::from_utf8(one.clone()).unwrap().replace("\"l1\"", "\"l2\"");
    let (_folder, path) = zipped(&[("a.json", &one), ("b/c.json", two.as_bytes())]);
    let (heard, outcome) = hear(&path);
    assert_eq!(outcome.unwrap(), Format::LibreChat);
    assert_eq!(heard.keys(), ["librechat:l1", "librechat:l2"]);
}

#[test]
fn markdown_as_bureau_saves_it_is_read() {
    let text = "# Été\n\n## Vous\n\nBonjour\n\n## acme-large\n\nSalut.\n\n## Plan\n\n1. a\n\n## Vous\n\nEt ?\n";
    let (heard, outcome) = hear_bytes(text.as_bytes());
    assert_eq!(outcome.unwrap(), Format::Markdown);
    let (conversation, left_out) = &heard.found[0];
    assert_eq!(conversation.title, "Été");
    assert!(conversation.key.starts_with("markdown:") && conversation.key.len() == 73);
    let said: Vec<_> = conversation.messages.iter().map(|m| (m.role, m.text.as_str())).collect();
    assert_eq!(
        said,
        [
            (Role::User, "Bonjour"),
            (Role::Assistant, "Salut.\n\n## Plan\n\n1. a"),
            (Role::User, "Et ?"),
        ]
    );
    assert_eq!(conversation.messages[1].model.as_deref(), Some("acme-large"));
    assert!(left_out.is_empty());
    assert_eq!(hear_bytes(text.as_bytes()).0.keys(), heard.keys());

    let (heard, _) = hear_bytes(b"Saved on Monday\n\n**User:** a\n\n**ChatGPT:** b\n\nc\n");
    assert_eq!(heard.found[0].0.messages[1].text, "b\n\nc");
    assert_eq!(counted(&heard.found[0].1), [(Omission::Preamble, 1)]);
}

#[test]
fn a_text_in_which_nobody_speaks_is_refused() {
    let (heard, outcome) = hear_bytes(b"# Notes\n\nNothing said.\n");
    assert!(matches!(outcome, Err(ImportError::Unknown)));
    assert_eq!(heard.refused, [("file.bin".to_owned(), Refusal::NoSpeakers)]);
    assert!(Refusal::NoSpeakers.to_string().contains("## User"));
}
