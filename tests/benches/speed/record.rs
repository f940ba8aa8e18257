//! What the program sends to its window, written down for a page in a plain browser.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use assistant::{AnswerEvent, Assistant, MessageView, Unasked, next_frame};
use conversation::{Conversation, ConversationId, MessageState, Role};
use history::{NewMessage, View};
use markdown::Stream;
use serde::Serialize;
use serde_json::json;

use crate::answer::answer;

const ANSWER_BYTES: usize = 200_000;
/// What arrives in a display frame: 8 deltas of 4 characters.
const CHARACTERS_PER_FRAME: usize = 8 * 4;
const FRAME: Duration = Duration::from_nanos(1_000_000_000 / 60);
const OPENINGS: usize = 5;

/// One display frame: the text that arrives in it, and the event that tells the window of it.
#[derive(Serialize)]
struct Frame<'a> {
    text: &'a str,
    event: Option<String>,
}

/// Writes what the program answers to the page's calls, and an answer frame by frame; tells how
/// long the program takes until it sends the end of the conversation.
pub fn record(assistant: &Assistant, folder: &Path) -> Duration {
    let conversations = assistant.list(&View::All, None).expect("the list");
    let id = conversations.first().expect("the long conversation").id;
    let models = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(assistant.models());
    let mut parts = Vec::new();
    assistant.open_in_parts(id, |part| parts.push(part)).expect("messages");
    let answers = json!({
        "status": assistant.status().expect("the status"),
        "conversations": conversations,
        "models": models,
        "folders": assistant.folders().expect("the folders"),
        "tags": assistant.tags().expect("the tags"),
        "endpoints": assistant.endpoints().expect("the endpoints"),
        "drafts": assistant.drafts().expect("the drafts"),
        "instructions": assistant.instructions().expect("the instructions"),
        "context_use": assistant.context_use(&Unasked::default()).expect("an estimate"),
        // Of each text, all of which are written in one.
        "text_languages": assistant::text_languages(&[answer(ANSWER_BYTES)])[0],
        "open_conversation": parts,
    });
    write(folder, "program", &answers);

    let text = answer(ANSWER_BYTES);
    write(folder, "frames", &frames(assistant, &text));

    let mut times: Vec<_> = (0..OPENINGS).map(|_| opening(assistant, id)).collect();
    times.sort();
    times[OPENINGS / 2]
}

/// Reading the conversation, rendering its end, and writing that as the window gets it.
fn opening(assistant: &Assistant, id: ConversationId) -> Duration {
    let begun = Instant::now();
    let mut first = None;
    let part = |part| {
        std::hint::black_box(serde_json::to_string(&part).expect("JSON"));
        first.get_or_insert_with(|| begun.elapsed());
    };
    assistant.open_in_parts(id, part).expect("messages");
    first.expect("a first part")
}

/// The answer as `assistant::present` sends it to a window, had it arrived evenly.
fn frames<'a>(assistant: &Assistant, text: &'a str) -> Vec<Frame<'a>> {
    let (question, answer, conversation) = asked(assistant, text);
    let id = answer.id;
    let started = AnswerEvent::Started {
        conversation: conversation.clone(),
        question: Some(Box::new(question)),
        answer: Box::new(MessageView {
            text: String::new(),
            blocks: Vec::new(),
            state: MessageState::Streaming,
            ..answer.clone()
        }),
    };
    let ended = AnswerEvent::Ended {
        message: Box::new(MessageView { blocks: Vec::new(), ..answer }),
        conversation,
    };
    let event = |event: &AnswerEvent| Some(serde_json::to_string(event).expect("JSON"));
    let mut frames = vec![Frame { text: "", event: event(&started) }];
    let mut stream = Stream::new();
    let patch = |stream: &mut Stream| {
        let patch = stream.patch()?;
        let (first_block, blocks) = (patch.first_block, patch.blocks);
        event(&AnswerEvent::Patch { message: id, first_block, blocks })
    };
    let mut rest = text;
    let (mut waiting, mut left) = (0, Duration::ZERO);
    while !rest.is_empty() {
        let end = rest.char_indices().nth(CHARACTERS_PER_FRAME).map_or(rest.len(), |(end, _)| end);
        let (now, after) = rest.split_at(end);
        stream.push(now);
        waiting += now.chars().count();
        left = left.saturating_sub(FRAME);
        let shown = left.is_zero() || after.is_empty();
        frames.push(Frame { text: now, event: if shown { patch(&mut stream) } else { None } });
        if shown {
            left = next_frame(std::mem::take(&mut waiting));
        }
        rest = after;
    }
    frames.push(Frame { text: "", event: event(&ended) });
    frames
}

/// A question and this answer to it, as they are shown once they are kept.
fn asked(assistant: &Assistant, text: &str) -> (MessageView, MessageView, Conversation) {
    let history = assistant.history().expect("the history is open");
    let id = history
        .transaction(|transaction| {
            let conversation = transaction.create_conversation("Délais", None)?.id;
            let message = |role, text, parent| NewMessage {
                conversation,
                parent,
                role,
                text,
                model: None,
                state: MessageState::Complete,
                attachments: &[],
            };
            let question = transaction.add_message(message(Role::User, "Quels délais ?", None))?;
            transaction.add_message(message(Role::Assistant, text, Some(question.id)))?;
            Ok(conversation)
        })
        .expect("a conversation");
    let view = assistant.open_conversation(id).expect("messages");
    let [question, answer] = view.messages.try_into().expect("two messages");
    (question, answer, view.conversation)
}

fn write(folder: &Path, name: &str, value: &impl Serialize) {
    let json = serde_json::to_vec(value).expect("JSON");
    fs::write(folder.join(format!("{name}.json")), json).expect("a file");
}
