//! What the model is sent for a branch of a conversation.

use std::sync::Arc;

use conversation::{Attachment, AttachmentId, Message, Role};
use endpoint::{Part, Prompt};
use history::{History, HistoryError};

use crate::attachment::is_image;

/// The branch as the model gets it, the first message first. Messages without content, such as
/// an answer that failed before its first word, are left out; what then follows the same speaker's
/// words is said together with them, since strict servers want the speakers to take turns.
pub(crate) fn prompts(history: &History, branch: &[&Message]) -> Result<Vec<Prompt>, HistoryError> {
    let mut prompts: Vec<Prompt> = Vec::with_capacity(branch.len());
    for message in branch {
        let mut parts = Vec::new();
        for attachment in &message.attachments {
            parts.push(file(attachment, history.attachment_data(attachment.id)?));
        }
        if !message.text.is_empty() {
            parts.push(Part::Text(message.text.clone()));
        }
        match prompts.last_mut() {
            _ if parts.is_empty() => {}
            Some(last) if last.role == message.role => last.parts.append(&mut parts),
            _ => prompts.push(Prompt { role: message.role, parts }),
        }
    }
    Ok(prompts)
}

/// Puts files of a folder before the first question. One that was taken out of the folder since
/// can no longer be told.
pub(crate) fn add_files(
    history: &History,
    files: &[AttachmentId],
    prompts: &mut [Prompt],
) -> Result<(), HistoryError> {
    let Some(first) = prompts.iter_mut().find(|prompt| prompt.role == Role::User) else {
        return Ok(());
    };
    let mut parts = Vec::new();
    for &id in files {
        match history.folder_file(id) {
            Ok(described) => parts.push(file(&described, history.folder_file_data(id)?)),
            Err(HistoryError::NoAttachment(_)) => {}
            Err(error) => return Err(error),
        }
    }
    first.parts.splice(0..0, parts);
    Ok(())
}

/// A file as the model gets it: an image as it is, text in quotes.
fn file(attachment: &Attachment, data: Vec<u8>) -> Part {
    if is_image(&attachment.media_type) {
        return Part::Image { media_type: attachment.media_type.clone(), data: Arc::from(data) };
    }
    Part::Text(quoted(&attachment.name, &String::from_utf8_lossy(&data)))
}

/// A file's text between fences that it does not itself contain.
fn quoted(name: &str, text: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat((longest + 1).max(3));
    format!("File “{name}”:\n{fence}\n{}\n{fence}", text.trim_end_matches('\n'))
}

#[cfg(test)]
mod tests {
    use conversation::{MessageState, Role};
    use history::NewMessage;

    use super::*;

    #[test]
    fn speakers_take_turns_where_an_answer_failed_before_its_first_word() {
        let history = History::in_memory().unwrap();
        let conversation = history.create_conversation("", None).unwrap().id;
        let mut parent = None;
        for (role, text) in [
            (Role::System, "Be brief."),
            (Role::User, "One?"),
            (Role::Assistant, ""),
            (Role::User, "Two?"),
            (Role::Assistant, "Yes."),
        ] {
            let message = history.add_message(NewMessage {
                conversation,
                parent,
                role,
                text,
                model: None,
                state: MessageState::Complete,
                attachments: &[],
            });
            parent = Some(message.unwrap().id);
        }
        let messages = history.messages(conversation).unwrap();
        let sent = prompts(&history, &messages.iter().collect::<Vec<_>>()).unwrap();
        let text = |text: &str| Part::Text(text.to_owned());
        assert_eq!(
            sent,
            [
                Prompt::text(Role::System, "Be brief."),
                Prompt { role: Role::User, parts: vec![text("One?"), text("Two?")] },
                Prompt::text(Role::Assistant, "Yes."),
            ]
        );
    }

    #[test]
    fn a_file_cannot_close_its_own_fence() {
        let text = quoted("a.md", "```rust\n````\n");
        assert!(text.starts_with("File “a.md”:\n`````\n```rust\n"), "{text}");
        assert!(text.ends_with("\n````\n`````"), "{text}");
    }
}
