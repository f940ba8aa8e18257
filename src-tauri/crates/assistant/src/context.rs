//! How much of a model's context the next question would fill, estimated.

use conversation::{
    Attachment, AttachmentId, ConversationId, Failure, FolderId, Message, Role, thread,
};
use local_model::prompt_room;
use serde::{Deserialize, Serialize};

use crate::Assistant;
use crate::attachment::is_image;

/// What would be sent with the next question. The counts of tokens are estimates: only the model
/// itself could tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct ContextUse {
    /// Tokens that would be sent.
    pub tokens: u32,
    /// Tokens that fit; none where the endpoint does not tell.
    pub limit: Option<u32>,
    /// Messages that would be sent, the next question among them.
    pub messages: u32,
    /// The oldest messages, which would be left out.
    pub dropped: u32,
}

/// A question that is being written, as far as it tells how much would be sent.
#[derive(Debug, Clone, Default)]
pub struct Unasked {
    /// The conversation that it would go on with.
    pub conversation: Option<ConversationId>,
    /// What is written by now.
    pub text: String,
    /// The model that would be asked; none leaves it to the conversation and the settings.
    pub model: Option<String>,
    /// Staged files.
    pub files: Vec<AttachmentId>,
    /// The folder that a new conversation would be put into.
    pub folder: Option<FolderId>,
}

/// Bytes that make a token, as a rule of thumb for English
/// (<https://help.openai.com/en/articles/4936856>); text in other languages takes more tokens.
const BYTES_PER_TOKEN: usize = 4;
/// Tokens around each message.
const FRAME: usize = 4;
/// Tokens of an image, about, at the size that models scale it to.
const IMAGE: usize = 1000;

impl Assistant {
    /// What would be sent for a question. Reads no file's text and asks no endpoint.
    ///
    /// # Errors
    /// While the history is locked or fails, and where there is no such conversation or folder.
    pub fn context_use(&self, question: &Unasked) -> Result<ContextUse, Failure> {
        let mut instructions = self.instructions()?.len();
        let (mut said, mut chosen) = (Vec::new(), question.model.clone());
        let folder = if let Some(id) = question.conversation {
            let (conversation, messages) = self.messages(id)?;
            instructions += conversation.instructions.len();
            let branch = thread(&messages, conversation.leaf).messages;
            let (system, others): (Vec<_>, Vec<_>) =
                branch.into_iter().partition(|m| m.role == Role::System);
            instructions += system.iter().map(|m| m.text.len()).sum::<usize>();
            said.extend(others.into_iter().map(Said::of));
            let folder = self.folder_of(&conversation)?;
            chosen = chosen.or(conversation.model);
            folder
        } else {
            let folder = |id| -> Result<_, Failure> { Ok(self.history()?.folder(id)?) };
            question.folder.map(folder).transpose()?
        };
        instructions += folder.as_ref().map_or(0, |folder| folder.instructions.len());
        let files: usize = folder.iter().flat_map(|folder| &folder.files).map(file_size).sum();
        said.push(Said {
            bytes: question.text.len(),
            files: self.staged_described(&question.files),
        });
        let config = self.config();
        let built_in = match chosen.as_deref().or(config.settings.model.as_deref()) {
            Some(id) => self.is_local(id),
            None => config.endpoints.is_empty(),
        };
        let limit = built_in.then(|| self.local.context_tokens());
        let fixed = if instructions == 0 { 0 } else { tokens(instructions) };
        let sizes = sizes(&said, self.room_of(built_in).bytes);
        Ok(fit(fixed + files, &sizes, limit))
    }
}

/// What is said at once: a message, or the question that is being written.
struct Said {
    /// How long its text is.
    bytes: usize,
    files: Vec<Attachment>,
}

impl Said {
    fn of(message: &Message) -> Self {
        let sent = message.attachments.iter().filter(|file| !file.is_original());
        Self { bytes: message.text.len(), files: sent.cloned().collect() }
    }
}

/// The tokens of each. Of documents that have more than `room` bytes together only passages go,
/// as many of each.
fn sizes(said: &[Said], room: usize) -> Vec<usize> {
    let is_document = |file: &&Attachment| file.media_type == documents::MEDIA_TYPE;
    let documents: Vec<_> = said.iter().flat_map(|said| &said.files).filter(is_document).collect();
    let all: usize = documents.iter().map(|file| file.size as usize).sum();
    let most = if all > room { room / documents.len() } else { room };
    let size = |file: &Attachment| {
        let size = file_size(file);
        if is_document(&file) { size.min(tokens(most)) } else { size }
    };
    let of = |said: &Said| tokens(said.bytes) + said.files.iter().map(size).sum::<usize>();
    said.iter().map(of).collect()
}

/// Leaves out the oldest messages until the rest fits, but never the last one.
fn fit(fixed: usize, sizes: &[usize], limit: Option<u32>) -> ContextUse {
    let room = limit.map_or(usize::MAX, |limit| prompt_room(limit) as usize);
    let mut total = fixed + sizes.iter().sum::<usize>();
    let mut dropped = 0;
    while total > room && dropped + 1 < sizes.len() {
        total -= sizes[dropped];
        dropped += 1;
    }
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    ContextUse {
        tokens: count(total),
        limit,
        messages: count(sizes.len() - dropped),
        dropped: count(dropped),
    }
}

fn file_size(file: &Attachment) -> usize {
    if is_image(&file.media_type) { IMAGE } else { tokens(file.size as usize) }
}

pub(crate) fn tokens(bytes: usize) -> usize {
    bytes.div_ceil(BYTES_PER_TOKEN) + FRAME
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_first_and_the_question_stays() {
        let all = fit(10, &[100, 100, 100], None);
        assert_eq!((all.tokens, all.messages, all.dropped), (310, 3, 0));
        let some = fit(10, &[100, 100, 100], Some(300));
        assert_eq!((some.tokens, some.messages, some.dropped), (210, 2, 1));
        let last = fit(10, &[100, 100, 1000], Some(300));
        assert_eq!((last.tokens, last.messages, last.dropped), (1010, 1, 2));
    }

    #[test]
    fn of_documents_only_what_has_room_is_counted() {
        let file = |media_type: &str, size| Attachment {
            id: AttachmentId::new(),
            name: "a".to_owned(),
            media_type: media_type.to_owned(),
            size,
        };
        let document = |size| file(documents::MEDIA_TYPE, size);
        let said = |files| [Said { bytes: 40, files }];
        assert_eq!(sizes(&said(vec![]), 1000), [14]);
        assert_eq!(sizes(&said(vec![document(800)]), 1000), [14 + 204]);
        assert_eq!(sizes(&said(vec![document(8000), document(8000)]), 1000), [14 + 129 + 129]);
        // Other files go whole.
        assert_eq!(sizes(&said(vec![file("text/plain", 8000)]), 1000), [14 + 2004]);
        assert_eq!(sizes(&said(vec![file("image/png", 8000)]), 1000), [14 + IMAGE]);
    }
}
