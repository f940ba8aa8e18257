//! Conversations as Markdown: as Bureau saves them, and as other programs and people write them
//! down, with a heading or a bold name before what each says.

mod speaker;

use conversation::Role;
use sha2::{Digest as _, Sha256};

use crate::conversion::{Converted, Failed, begin};
use crate::report::{LeftOuts, Omission, Refusal};
use crate::tree::{Content, Node, arrange, message};
use conversation::Timestamp;
use speaker::{Marker, turns};

/// The conversation that a file of this name holds, made at this time.
pub(crate) fn convert(file: &[u8], name: &str, made: Timestamp) -> Result<Converted, Failed> {
    let Ok(text) = std::str::from_utf8(file) else { return Err(Refusal::NotText.into()) };
    let lines: Vec<&str> = text.lines().collect();
    let turns = turns(&lines);
    let Some(first) = turns.first().map(|(marker, _)| marker.line) else {
        return Err(Refusal::NoSpeakers.into());
    };

    let mut left_out = LeftOuts::default();
    let mut preamble = lines[..first].iter().filter(|line| !line.trim().is_empty()).peekable();
    let heading = preamble.peek().and_then(|line| line.strip_prefix("# "));
    if heading.is_some() {
        preamble.next();
    }
    if preamble.next().is_some() {
        left_out.add(Omission::Preamble);
    }
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut conversation = begin(key(file), Some(heading.unwrap_or(stem)), made);

    let ends = turns.iter().skip(1).map(|(marker, _)| marker.line).chain([lines.len()]);
    let mut nodes: Vec<Node> = Vec::with_capacity(turns.len());
    for ((Marker { line, rest, name, .. }, turn), end) in turns.iter().zip(ends) {
        let below = lines[line + 1..end].join("\n");
        let text = format!("{rest}\n{below}").trim().to_owned();
        let mut message = message(turn.role, text);
        if turn.role == Role::Assistant && turn.is_model {
            message.model = Some((*name).to_owned());
        }
        let parent = nodes.last().map(|node| node.id.clone());
        let (id, rank) = (line.to_string(), 0);
        nodes.push(Node { id, parent, rank, created: None, content: Content::Message(message) });
    }
    let tree = arrange(nodes, None, made, &mut left_out)?;
    conversation.leaf = tree.leaf;
    conversation.messages = tree.messages;
    Ok(Converted { conversation, left_out })
}

fn key(file: &[u8]) -> String {
    let hash = Sha256::digest(file);
    let mut key = String::from("markdown:");
    for byte in hash {
        key.push_str(&format!("{byte:02x}"));
    }
    key
}
