//! How much of a model's context the next question would fill, estimated.

use conversation::{Attachment, ConversationId, Failure, Message, Role, thread};
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

/// Bytes that make a token, as a rule of thumb for English
/// (<https://help.openai.com/en/articles/4936856>); text in other languages takes more tokens.
const BYTES_PER_TOKEN: usize = 4;
/// Tokens around each message.
const FRAME: usize = 4;
/// Tokens of an image, about, at the size that models scale it to.
const IMAGE: usize = 1000;

impl Assistant {
    /// What a question with this text would send to this model (without one, to the one that
    /// would be asked). Reads no file's text and asks no endpoint.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn context_use(
        &self,
        conversation: Option<ConversationId>,
        text: &str,
        model: Option<&str>,
    ) -> Result<ContextUse, Failure> {
        let mut instructions = self.instructions()?.len();
        let mut files = 0;
        let (mut sizes, mut chosen) = (Vec::new(), model.map(str::to_owned));
        if let Some(id) = conversation {
            let (conversation, messages) = self.messages(id)?;
            instructions += conversation.instructions.len();
            if let Some(folder) = self.folder_of(&conversation)? {
                instructions += folder.instructions.len();
                files = folder.files.iter().map(file_size).sum();
            }
            let branch = thread(&messages, conversation.leaf).messages;
            instructions += branch
                .iter()
                .filter(|m| m.role == Role::System)
                .map(|m| m.text.len())
                .sum::<usize>();
            sizes.extend(branch.into_iter().filter(|m| m.role != Role::System).map(size));
            chosen = chosen.or(conversation.model);
        }
        sizes.push(tokens(text.len()));
        let config = self.config();
        let built_in = match chosen.as_deref().or(config.settings.model.as_deref()) {
            Some(id) => self.is_local(id),
            None => config.endpoints.is_empty(),
        };
        let limit = built_in.then(|| self.local.context_tokens());
        let fixed = if instructions == 0 { 0 } else { tokens(instructions) };
        Ok(fit(fixed + files, &sizes, limit))
    }
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

fn size(message: &Message) -> usize {
    tokens(message.text.len())
        + message
            .attachments
            .iter()
            .filter(|file| !file.is_original())
            .map(file_size)
            .sum::<usize>()
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
}
