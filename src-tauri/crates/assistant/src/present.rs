//! From an answer's updates to a window's events: text becomes block patches, at most twenty a
//! second, as often as the window shows them; ten where it comes faster than anyone reads.

use std::time::Duration;

use conversation::{ConversationId, Message, MessageId, thread};
use markdown::Stream;
use tokio::time::Instant;

use crate::{AnswerEvent, AnswerUpdate, Assistant, MessageView, Updates};

/// Between two patches: a text that grows so often grows smoothly.
const FRAME: Duration = Duration::from_millis(50);
/// Between two patches of a text that grows by lines: it is watched rather than read, and the
/// machine has half as much to draw.
const LINES_FRAME: Duration = Duration::from_millis(100);
/// A line, in characters. What has grown by more in one frame grows by lines.
const LINE: usize = 80;

/// How long after a patch that showed so many new characters the next one comes.
pub fn next_frame(characters: usize) -> Duration {
    if characters > LINE { LINES_FRAME } else { FRAME }
}

/// Sends the events of one answer to `sink` until it has ended; tells of which conversation it
/// was. A `sink` whose window is gone may ignore them: the answer is kept all the same.
pub async fn present(
    assistant: &Assistant,
    mut updates: Updates,
    mut sink: impl FnMut(AnswerEvent),
) -> Option<ConversationId> {
    let mut answer = Pending::default();
    let mut frame = Instant::now();
    loop {
        let update = tokio::select! {
            biased;
            () = tokio::time::sleep_until(frame), if answer.waiting() => {
                frame = Instant::now() + next_frame(answer.characters);
                answer.flush(&mut sink);
                continue;
            }
            update = updates.recv() => update,
        };
        match update {
            Some(AnswerUpdate::Started { conversation, question, answer: message }) => {
                let view = |message: &Message| {
                    Box::new(MessageView::new(message, siblings(assistant, message)))
                };
                let question = question.map(|question| view(&question));
                answer = Pending::of(&message);
                sink(AnswerEvent::Started { conversation, question, answer: view(&message) });
            }
            Some(AnswerUpdate::Delta(text)) => {
                answer.blocks.push(&text);
                answer.text_waits = true;
                answer.characters += text.chars().count();
            }
            Some(AnswerUpdate::Reasoning(text)) => {
                answer.characters += text.chars().count();
                answer.reasoning.push_str(&text);
            }
            Some(AnswerUpdate::Dropped(count)) => {
                if let Some(message) = answer.id {
                    let count = u32::try_from(count).unwrap_or(u32::MAX);
                    sink(AnswerEvent::Dropped { message, count });
                }
            }
            Some(AnswerUpdate::Progress(progress)) => {
                if let Some(message) = answer.id {
                    sink(AnswerEvent::Progress { message, progress });
                }
            }
            Some(AnswerUpdate::Ended { answer: message, conversation }) => {
                answer.flush(&mut sink);
                let siblings = siblings(assistant, &message);
                let message = Box::new(MessageView::with_blocks(&message, siblings, Vec::new()));
                let id = conversation.id;
                sink(AnswerEvent::Ended { message, conversation });
                return Some(id);
            }
            None => return None,
        }
    }
}

/// What has arrived and was not yet shown.
#[derive(Default)]
struct Pending {
    id: Option<MessageId>,
    blocks: Stream,
    text_waits: bool,
    reasoning: String,
    /// Of both.
    characters: usize,
}

impl Pending {
    fn of(message: &Message) -> Self {
        let mut blocks = Stream::new();
        blocks.push(&message.text);
        // These blocks travel with the `started` event.
        blocks.patch();
        Self { id: Some(message.id), blocks, ..Self::default() }
    }

    fn waiting(&self) -> bool {
        self.text_waits || !self.reasoning.is_empty()
    }

    fn flush(&mut self, sink: &mut impl FnMut(AnswerEvent)) {
        let Some(message) = self.id else { return };
        self.characters = 0;
        if !self.reasoning.is_empty() {
            let text = std::mem::take(&mut self.reasoning);
            sink(AnswerEvent::Reasoning { message, text });
        }
        if std::mem::take(&mut self.text_waits)
            && let Some(patch) = self.blocks.patch()
        {
            sink(AnswerEvent::Patch {
                message,
                first_block: patch.first_block,
                blocks: patch.blocks,
            });
        }
    }
}

/// The message and its siblings; itself alone where the history cannot tell.
fn siblings(assistant: &Assistant, message: &Message) -> Vec<MessageId> {
    let Ok((_, messages)) = assistant.messages(message.conversation) else {
        return vec![message.id];
    };
    let branch = thread(&messages, Some(message.id));
    let place = branch.messages.iter().position(|m| m.id == message.id);
    place.and_then(|i| branch.siblings.get(i).cloned()).unwrap_or_else(|| vec![message.id])
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use conversation::{MessageState, Role};
    use history::NewMessage;
    use tokio::sync::mpsc;

    use super::*;
    use crate::asking::new_message;
    use crate::{Config, Folders};

    /// How many patches show a text that grows by so many characters every 10 ms for two seconds.
    async fn patches(characters: usize) -> usize {
        let folders = Folders { config: PathBuf::new(), data: PathBuf::new() };
        let assistant = Assistant::new(folders, Config::default());
        assistant.start_temporary().unwrap();
        let answer = assistant.history().unwrap().transaction(|transaction| {
            let conversation = transaction.create_conversation("", None)?;
            let answer = transaction.add_message(NewMessage {
                state: MessageState::Streaming,
                ..new_message(conversation.id, None, Role::Assistant, "")
            })?;
            Ok((conversation, answer))
        });
        let (conversation, answer) = answer.unwrap();
        let (sender, updates) = mpsc::unbounded_channel();
        let answer = Box::new(answer);
        let started = AnswerUpdate::Started { conversation, question: None, answer };
        sender.send(started).unwrap();
        tokio::spawn(async move {
            for _ in 0..200 {
                tokio::time::sleep(Duration::from_millis(10)).await;
                sender.send(AnswerUpdate::Delta("a".repeat(characters))).unwrap();
            }
        });
        let mut patches = 0;
        let sink = |event| patches += usize::from(matches!(event, AnswerEvent::Patch { .. }));
        present(&assistant, updates, sink).await;
        patches
    }

    #[tokio::test(start_paused = true)]
    async fn a_text_that_grows_by_lines_is_shown_half_as_often() {
        let read = patches(2).await;
        assert!((38..=42).contains(&read), "{read}");
        let watched = patches(20).await;
        assert!((19..=23).contains(&watched), "{watched}");
    }
}
