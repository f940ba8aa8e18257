//! Made-up exports of any size, for tests and benches.

use std::io::{self, Write};

/// Questions of one conversation, each with its answer.
const TURNS: u64 = 12;
/// Every so often an answer was asked for twice, so that the tree has branches.
const BRANCH: u64 = 5;
const SENTENCE: &str = "The minutes of the meeting say that the draft goes to the committee before \
                        the end of the month, and that the figures of the third quarter are to be \
                        checked again — “sans délai”, as the note puts it. ";

/// Writes a `conversations.json` of ChatGPT's of at least this many bytes, conversation by
/// conversation, and says how many there are. The same size gives the same bytes.
///
/// # Errors
/// What `out` fails with.
pub fn write_chatgpt_export(out: &mut impl Write, bytes: u64) -> io::Result<u64> {
    let mut written = 0;
    let mut count = 0;
    out.write_all(b"[")?;
    while written < bytes || count == 0 {
        if count > 0 {
            out.write_all(b", ")?;
        }
        let json = conversation(count);
        out.write_all(json.as_bytes())?;
        written += json.len() as u64;
        count += 1;
    }
    out.write_all(b"]")?;
    Ok(count)
}

fn conversation(number: u64) -> String {
    let start = 1_700_000_000 + number * 60;
    let id = format!("{number:08x}-0000-4000-8000-000000000000");
    let mut nodes = vec![format!(
        r#""root": {{"id": "root", "message": null, "parent": null, "children": ["q0"]}}"#
    )];
    let mut parent = "root".to_owned();
    for turn in 0..TURNS {
        let (question, answer) = (format!("q{turn}"), format!("a{turn}"));
        let second = (number + turn).is_multiple_of(BRANCH);
        let other = if second { format!(r#", "{answer}b""#) } else { String::new() };
        let time = start + turn;
        nodes.push(node(
            &question,
            &parent,
            &format!(r#""{answer}"{other}"#),
            "user",
            time,
            number + turn,
            1,
        ));
        let next = if turn + 1 < TURNS { format!(r#""q{}""#, turn + 1) } else { String::new() };
        nodes.push(node(&answer, &question, &next, "assistant", time, number + turn, 12));
        if second {
            nodes.push(node(&format!("{answer}b"), &question, "", "assistant", time, number, 7));
        }
        parent = answer;
    }
    format!(
        r#"{{"title": "Conversation {number}", "create_time": {start}.5, "update_time": {}.25, "mapping": {{{}}}, "moderation_results": [], "current_node": "{parent}", "conversation_id": "{id}", "is_archived": false, "is_starred": null, "default_model_slug": "gpt-4o", "id": "{id}"}}"#,
        start + TURNS,
        nodes.join(", "),
    )
}

fn node(
    id: &str,
    parent: &str,
    children: &str,
    role: &str,
    time: u64,
    seed: u64,
    sentences: usize,
) -> String {
    let text = SENTENCE.repeat(sentences + (seed % 7) as usize);
    format!(
        r#""{id}": {{"id": "{id}", "message": {{"id": "{id}", "author": {{"role": "{role}", "name": null, "metadata": {{}}}}, "create_time": {time}.0, "update_time": null, "content": {{"content_type": "text", "parts": ["{text}\n\n{id} of {seed}"]}}, "status": "finished_successfully", "end_turn": true, "weight": 1.0, "metadata": {{"model_slug": "gpt-4o", "finish_details": {{"type": "stop"}}}}, "recipient": "all", "channel": null}}, "parent": "{parent}", "children": [{children}]}}"#
    )
}
