//! The request that a question would be, before the question is stored.

use std::collections::HashMap;

use conversation::{
    Attachment, AttachmentId, Conversation, ConversationId, Failure, FolderId, Message, MessageId,
    MessageState, Role, Timestamp, thread,
};
use endpoint::ChatRequest;
use history::History;

use crate::exchange::Sent;
use crate::grounding::{self, Source};
use crate::models::Chosen;
use crate::prompt::Files;
use crate::summary::SummaryChoices;
use crate::{Assistant, AttachedFile};

/// A question that is not stored yet.
pub(crate) struct Draft<'a> {
    /// The conversation that it goes on; none for a new one.
    pub conversation: Option<&'a Conversation>,
    /// The message that it follows.
    pub parent: Option<MessageId>,
    pub text: &'a str,
    /// Instructions that begin a new conversation.
    pub system: Option<&'a str>,
    pub files: &'a [AttachedFile],
    /// The folder of a new conversation.
    pub folder: Option<FolderId>,
    pub summary: Option<SummaryChoices>,
}

impl Assistant {
    /// Lets a question go, or says why not, before any of it is stored.
    ///
    /// # Errors
    /// As [`Guard::prepare`](super::Guard::prepare).
    pub(crate) fn let_go(
        &self,
        history: &History,
        chosen: &Chosen,
        draft: &Draft<'_>,
        confirmed: bool,
    ) -> Result<(), Failure> {
        let id = draft.conversation.map(|conversation| conversation.id);
        let Some(guard) = self.guard(chosen, history, id, confirmed)? else { return Ok(()) };
        if guard.can_stop() {
            let (request, documents) = self.request_of_draft(history, chosen, draft)?;
            guard.look(&request, &documents)?;
        }
        Ok(())
    }

    /// The request that a question would be, and the documents that it rests on.
    pub(crate) fn request_of_draft(
        &self,
        history: &History,
        chosen: &Chosen,
        draft: &Draft<'_>,
    ) -> Result<(ChatRequest, Vec<Source>), Failure> {
        let conversation = match draft.conversation {
            Some(conversation) => conversation.clone(),
            None => conversation_to_be(draft.folder),
        };
        let said = match (draft.conversation, draft.parent) {
            (Some(conversation), Some(_)) => history.messages(conversation.id)?,
            _ => Vec::new(),
        };
        let mut branch = thread(&said, draft.parent).messages;
        let end = branch.iter().position(|message| Some(message.id) == draft.parent);
        branch.truncate(end.map_or(0, |end| end + 1));
        let message = |role, text: &str| message(conversation.id, draft.parent, role, text);
        let system = draft.system.filter(|text| !text.trim().is_empty());
        let system = system.map(|text| message(Role::System, text));
        branch.extend(&system);
        let mut question = message(Role::User, draft.text);
        let mut files = Files::kept(history);
        files.waiting = HashMap::with_capacity(draft.files.len());
        for file in draft.files {
            let id = AttachmentId::new();
            files.waiting.insert(id, &file.data);
            question.attachments.push(Attachment {
                id,
                name: file.name.clone(),
                media_type: file.media_type.clone(),
                size: u32::try_from(file.data.len()).unwrap_or(u32::MAX),
            });
        }
        branch.push(&question);
        let grounding = self.grounding(chosen, &branch, draft.summary.clone());
        let documents = match &grounding {
            Some(_) => grounding::sources(&files, &branch)?,
            None => Vec::new(),
        };
        let folder = self.folder_of(&conversation)?;
        let instructions = self.instructions_for(&conversation, folder.as_ref())?;
        let sent = Sent::new(chosen, instructions, folder.as_ref(), grounding, None);
        Ok((sent.request_of(&files, &question, &branch)?, documents))
    }
}

fn conversation_to_be(folder: Option<FolderId>) -> Conversation {
    let now = Timestamp::now();
    Conversation {
        id: ConversationId::new(),
        title: String::new(),
        leaf: None,
        model: None,
        pinned: false,
        instructions: String::new(),
        folder,
        tags: Vec::new(),
        archived: false,
        held: false,
        temporary: false,
        created: now,
        updated: now,
    }
}

fn message(
    conversation: ConversationId,
    parent: Option<MessageId>,
    role: Role,
    text: &str,
) -> Message {
    Message {
        id: MessageId::new(),
        conversation,
        parent,
        role,
        text: text.to_owned(),
        reasoning: String::new(),
        state: MessageState::Complete,
        failure: None,
        finish: None,
        model: None,
        usage: None,
        milliseconds: None,
        replaced: 0,
        attachments: Vec::new(),
        created: Timestamp::now(),
    }
}
