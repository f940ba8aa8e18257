//! Conversations to export.

use conversation::{
    Failure, FailureCode, FinishReason, Marking, MessageState, PortableConversation, PortableFile,
    PortableMessage, Role, Timestamp, Usage,
};
use export::{Format, Words};
use proptest::prelude::*;

/// A PNG of 2 × 2 pixels.
pub const PNG: &[u8] = include_bytes!("../data/dots.png");

pub fn words() -> Words {
    Words::english("small")
}

pub fn exported(conversation: &PortableConversation, format: Format) -> Vec<u8> {
    let mut out = Vec::new();
    export::write(conversation, format, &words(), &mut out).unwrap();
    out
}

pub fn message(parent: Option<usize>, role: Role, text: &str) -> PortableMessage {
    PortableMessage {
        parent,
        role,
        text: text.into(),
        reasoning: String::new(),
        state: MessageState::Complete,
        failure: None,
        finish: None,
        model: (role == Role::Assistant).then(|| "atlas".into()),
        usage: None,
        milliseconds: None,
        created: Timestamp::from_millis(1_767_225_600_000),
        files: Vec::new(),
    }
}

pub fn conversation(title: &str, messages: Vec<PortableMessage>) -> PortableConversation {
    PortableConversation {
        key: "bureau:0000000000001".into(),
        title: title.into(),
        model: None,
        instructions: String::new(),
        folder: None,
        tags: Vec::new(),
        pinned: false,
        archived: false,
        marking: None,
        created: Timestamp::from_millis(1_767_225_600_000),
        updated: Timestamp::from_millis(1_767_225_660_000),
        leaf: messages.len().checked_sub(1),
        messages,
    }
}

/// A question and its answer.
pub fn answered(answer: &str) -> PortableConversation {
    let question = message(None, Role::User, "What is it?");
    conversation("The plan", vec![question, message(Some(0), Role::Assistant, answer)])
}

pub fn file(name: &str, media_type: &str, data: &[u8]) -> PortableFile {
    PortableFile { name: name.into(), media_type: media_type.into(), data: data.to_vec() }
}

/// A conversation in which every field says something.
pub fn everything() -> PortableConversation {
    PortableConversation {
        key: "bureau:0000000000001".into(),
        title: "Everything".into(),
        model: Some("work/atlas".into()),
        instructions: "Be brief.".into(),
        marking: Some(Marking {
            id: "restricted".into(),
            text: "Diffusion restreinte".into(),
            colour: "#b00020".into(),
            ink: "#ffffff".into(),
        }),
        folder: Some("Work".into()),
        tags: vec!["été".into(), "x".into()],
        pinned: true,
        archived: true,
        created: Timestamp::from_millis(-1),
        updated: Timestamp::from_millis(1_767_225_660_000),
        leaf: Some(1),
        messages: vec![
            message(None, Role::System, "Speak French."),
            PortableMessage {
                parent: Some(0),
                role: Role::Assistant,
                text: "Voilà\u{0}\u{202e}".into(),
                reasoning: "Hm.".into(),
                state: MessageState::Failed,
                failure: Some(Failure {
                    retry_after: Some(3),
                    ..Failure::new(FailureCode::RateLimited, "Too many requests.")
                }),
                finish: Some(FinishReason::Length),
                model: Some("atlas".into()),
                usage: Some(Usage { input_tokens: u32::MAX, output_tokens: 0 }),
                milliseconds: Some(1200),
                created: Timestamp::from_millis(1_767_225_660_000),
                files: vec![file("dots.png", "image/png", PNG)],
            },
        ],
    }
}

fn any_message(place: usize) -> impl Strategy<Value = PortableMessage> {
    let parent =
        if place == 0 { Just(None).boxed() } else { proptest::option::of(0..place).boxed() };
    let state = prop_oneof![
        Just(MessageState::Complete),
        Just(MessageState::Stopped),
        Just(MessageState::Interrupted),
        Just(MessageState::Failed),
    ];
    let role = prop_oneof![Just(Role::System), Just(Role::User), Just(Role::Assistant)];
    let files = proptest::collection::vec((any::<String>(), any::<Vec<u8>>()), 0..3);
    let rest =
        (any::<String>(), any::<Option<String>>(), any::<Option<u32>>(), any::<i64>(), files);
    (parent, role, state, any::<String>(), rest).prop_map(|(parent, role, state, text, rest)| {
        let (reasoning, model, milliseconds, created, files) = rest;
        PortableMessage {
            parent,
            role,
            text,
            failure: (state == MessageState::Failed)
                .then(|| Failure::new(FailureCode::ServerFault, reasoning.clone())),
            reasoning,
            state,
            finish: milliseconds.map(|_| FinishReason::Other),
            usage: milliseconds.map(|n| Usage { input_tokens: n, output_tokens: n / 2 }),
            model,
            milliseconds,
            created: Timestamp::from_millis(created),
            files: files.into_iter().map(|(name, data)| file(&name, "a/b", &data)).collect(),
        }
    })
}

/// Conversations of every shape.
pub fn any_conversation() -> impl Strategy<Value = PortableConversation> {
    let messages =
        (0_usize..6).prop_flat_map(|count| (0..count).map(any_message).collect::<Vec<_>>());
    let texts = (any::<String>(), any::<String>(), any::<Option<String>>(), any::<Vec<String>>());
    let rest = (any::<[bool; 2]>(), any::<i64>(), any::<prop::sample::Index>());
    (messages, texts, rest).prop_map(|(messages, texts, ([pinned, archived], time, leaf))| {
        let (title, instructions, folder, tags) = texts;
        PortableConversation {
            title,
            model: folder.clone(),
            instructions,
            folder,
            tags,
            pinned,
            archived,
            created: Timestamp::from_millis(time),
            leaf: (!messages.is_empty()).then(|| leaf.index(messages.len())),
            ..conversation("", messages)
        }
    })
}

/// Markdown that was not written to be read: marks of every construct, what other formats mistake
/// for their own, and characters that they forbid.
pub fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(PIECES).prop_map(str::to_owned),
        (prop::sample::select(PIECES), 1_usize..300).prop_map(|(piece, n)| piece.repeat(n)),
        any::<String>(),
        "[a-zé]{1,9}",
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    " ",
    "    ",
    "\t",
    "> ",
    "- ",
    "1. ",
    "999999999. ",
    "- [x] ",
    "# ",
    "| a | b |\n|--|--|\n| c |\n",
    "```\n",
    "```rust\nfn a() {}\n```\n",
    "`",
    "*",
    "**",
    "_",
    "~~",
    "[a](https://a.example/)",
    "[a](javascript:x)",
    "![a](https://a.example/i.png)",
    "<script src=//a.example>alert(1)</script>",
    "<img src=https://a.example/x onerror=x>",
    "<b>",
    "</b>",
    "<table><tr><td>",
    "</td>",
    "<ul>",
    "<li>",
    "<details>",
    "<a href=https://a.example>",
    "<style>@import 'x'",
    "<svg/onload=x>",
    "<iframe src=x>",
    "<link rel=stylesheet href=https://a.example>",
    "</article></main></body>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "&amp;",
    "&#0;",
    "&#x1;",
    "&lt;",
    "$x^2$",
    "$$\\frac{a}{\\sqrt{b}}$$",
    "$\\begin{pmatrix}1&2\\end{pmatrix}$",
    "$\\left(\\frac{",
    "[^1]",
    "\n\n[^1]: note\n\n",
    "\0",
    "\u{1}",
    "\u{7f}",
    "\u{85}",
    "\u{b}",
    "\u{c}",
    "\r",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{200d}",
    "\u{301}",
    "\u{ad}",
    "مرحبا",
    "日本語",
    "שלום",
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "𝕏",
    "ﷺ",
    "hr]{w:t}</w:t>",
    "---\n",
    "https://a.example/?q=<b>&x=\"y\" ",
    "mailto:a@a.example ",
];
