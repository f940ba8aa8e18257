//! What the model is sent for a branch of a conversation.

use std::collections::HashMap;
use std::sync::Arc;

use conversation::{Attachment, AttachmentId, Message, Role, without_passages};
use endpoint::{Part, Prompt};
use history::{History, HistoryError};

use crate::attachment::is_image;
use crate::grounding::{self, Source};

/// Where the bytes of a branch's files are: in the history, or waiting to be stored.
pub(crate) struct Files<'a> {
    pub history: &'a History,
    pub waiting: HashMap<AttachmentId, &'a [u8]>,
}

impl<'a> Files<'a> {
    /// Those of the history alone.
    pub fn kept(history: &'a History) -> Self {
        Self { history, waiting: HashMap::new() }
    }

    /// The bytes of a file.
    pub fn data(&self, id: AttachmentId) -> Result<Vec<u8>, HistoryError> {
        match self.waiting.get(&id) {
            Some(data) => Ok(data.to_vec()),
            None => self.history.attachment_data(id),
        }
    }
}

/// The branch as the model gets it, the first message first. Messages without content, such as
/// an answer that failed before its first word, are left out; what then follows the same speaker's
/// words is said together with them, since strict servers want the speakers to take turns. Of
/// documents that have more than `room` bytes together, the passages go that the question is about.
pub(crate) fn prompts(
    files: &Files<'_>,
    branch: &[&Message],
    room: Option<usize>,
) -> Result<Vec<Prompt>, HistoryError> {
    let documents = Documents::of(files, branch, room)?;
    let mut prompts: Vec<Prompt> = Vec::with_capacity(branch.len());
    for message in branch {
        let mut parts = Vec::new();
        for attachment in message.attachments.iter().filter(|file| !file.is_original()) {
            if attachment.media_type == documents::MEDIA_TYPE {
                parts.extend(documents.part(&attachment.name).map(Part::Text));
            } else {
                parts.push(file(attachment, files.data(attachment.id)?));
            }
        }
        if !message.text.is_empty() {
            parts.push(Part::Text(match message.role {
                Role::Assistant => without_passages(&message.text),
                Role::System | Role::User => message.text.clone(),
            }));
        }
        match prompts.last_mut() {
            _ if parts.is_empty() => {}
            Some(last) if last.role == message.role => last.parts.append(&mut parts),
            _ => prompts.push(Prompt { role: message.role, parts }),
        }
    }
    Ok(prompts)
}

/// The documents of a branch, as far as they go to the model.
struct Documents {
    sources: Vec<Source>,
    /// What they are asked, and the bytes of each that may go; none where all of them fit.
    about: Option<(String, usize)>,
}

impl Documents {
    fn of(
        files: &Files<'_>,
        branch: &[&Message],
        room: Option<usize>,
    ) -> Result<Self, HistoryError> {
        let sources = grounding::sources(files, branch)?;
        let bytes = sources.iter().map(|source| source.text().len()).sum::<usize>();
        let about = room.filter(|room| bytes > *room).map(|room| {
            let question = branch.iter().rfind(|message| message.role == Role::User);
            let question = question.map(|message| message.text.clone()).unwrap_or_default();
            (question, room / sources.len().max(1))
        });
        Ok(Self { sources, about })
    }

    fn part(&self, name: &str) -> Option<String> {
        let source = self.sources.iter().find(|source| source.name == name)?;
        Some(match &self.about {
            None => grounding::whole(source),
            Some((question, most)) => {
                let ranges = passages::relevant(source.text(), question, *most);
                grounding::fenced(source, &ranges)
            }
        })
    }
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
    let fence = grounding::fence_around(std::iter::once(text));
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
        let sent =
            prompts(&Files::kept(&history), &messages.iter().collect::<Vec<_>>(), None).unwrap();
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
