//! What is sent to a model for an answer, made and later shown by the same code: the branch, the
//! instructions before it, and the parameters.

use std::sync::Arc;

use conversation::{AttachmentId, Failure, Folder, Message, MessageId, Role, thread};
use endpoint::{ChatModel, ChatRequest, Parameters, Prompt};
use history::History;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::grounding::{self, Grounding};
use crate::models::{Chosen, lasting_id};
use crate::prevention::{Edit, edited};
use crate::prompt::Files;
use crate::summary::Summary;
use crate::{Assistant, instructions, prompt};

/// What a request is made of beside the branch. It is kept with its answer, since instructions
/// and configuration change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sent {
    /// The endpoint's name in the configuration; none for the built-in model.
    endpoint: Option<String>,
    model: String,
    parameters: Parameters,
    instructions: Vec<String>,
    /// The files of the conversation's folder, which go before the first question.
    #[serde(default)]
    files: Vec<AttachmentId>,
    /// How the answer rests on documents; none where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) grounding: Option<Grounding>,
    /// What of the request was replaced.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) edits: Vec<Edit>,
    /// How many bytes of the answer were there already, where it was to be continued.
    continues: Option<usize>,
}

/// A request and what came back, for a person to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Exchange {
    /// Scheme, host and port that were asked, or the endpoint's name once it is gone; none for the
    /// built-in model.
    pub endpoint: Option<String>,
    /// What the endpoint calls the model.
    pub model: String,
    /// The requests: line, headers and body, the key left out. A summary of what does not fit one
    /// request has one for each part, and one for the notes of all parts where they fit one.
    pub requests: Vec<String>,
    /// The answer, put together from its stream, as JSON.
    pub response: String,
    /// From sending the question to the end of the answer.
    pub milliseconds: Option<u32>,
}

impl Sent {
    pub(crate) fn new(
        chosen: &Chosen,
        instructions: Vec<String>,
        folder: Option<&Folder>,
        grounding: Option<Grounding>,
        continued: Option<&Message>,
    ) -> Self {
        Self {
            endpoint: chosen.endpoint.clone(),
            model: chosen.name.clone(),
            parameters: chosen.parameters.clone(),
            instructions,
            files: folder.iter().flat_map(|folder| &folder.files).map(|file| file.id).collect(),
            grounding,
            edits: Vec::new(),
            continues: continued.map(|answer| answer.text.len()),
        }
    }

    /// What its model is found again by.
    pub(crate) fn lasting_id(&self) -> String {
        lasting_id(self.endpoint.as_deref(), &self.model)
    }

    /// The request for an answer to `question`, or for the rest of `answer`; of a summary the first
    /// one.
    pub(crate) fn request(
        &self,
        history: &History,
        question: &Message,
        answer: Option<&Message>,
    ) -> Result<ChatRequest, Failure> {
        let messages = history.messages(question.conversation)?;
        let branch = thread(&messages, Some(question.id)).messages;
        let end = branch.iter().position(|m| m.id == question.id).map_or(branch.len(), |i| i + 1);
        let mut branch = branch[..end].to_vec();
        let partial = answer.zip(self.continues).map(|(answer, length)| {
            let text = answer.text.get(..length).unwrap_or(&answer.text).to_owned();
            Message { text, ..answer.clone() }
        });
        branch.extend(&partial);
        self.request_of(&Files::kept(history), question, &branch)
    }

    /// The same for a branch whose end need not be stored.
    pub(crate) fn request_of(
        &self,
        files: &Files<'_>,
        question: &Message,
        branch: &[&Message],
    ) -> Result<ChatRequest, Failure> {
        if let Some(Grounding { summary: Some(choices), room, .. }) = &self.grounding {
            let sources = grounding::sources(files, &[question])?;
            return Ok(self.summing_up(Summary::first_question(&sources, choices, *room)));
        }
        let room = self.grounding.as_ref().map(|grounding| grounding.room);
        let mut prompts = prompt::prompts(files, branch, room.map(|room| room.bytes))?;
        prompt::add_files(files.history, &self.files, &mut prompts)?;
        let mut all = self.instructions.clone();
        all.extend(room.map(grounding::instructions));
        Ok(self.with(&all, prompts))
    }

    /// The further requests of a summary, as far as they are known: those of its parts that were
    /// asked one by one, and where it came to an end the one of their notes.
    fn further(
        &self,
        history: &History,
        question: &Message,
        answer: &Message,
    ) -> Result<Vec<ChatRequest>, Failure> {
        let Some(Grounding { summary: Some(choices), room, kept }) = &self.grounding else {
            return Ok(Vec::new());
        };
        let sources = grounding::sources(&Files::kept(history), &[question])?;
        let questions =
            Summary::further_questions(&sources, choices, *room, kept, answer.is_whole());
        Ok(questions.into_iter().map(|question| self.summing_up(question)).collect())
    }

    fn summing_up(&self, question: String) -> ChatRequest {
        self.with(&self.instructions, vec![Prompt::text(Role::User, question)])
    }

    fn with(&self, all: &[String], prompts: Vec<Prompt>) -> ChatRequest {
        ChatRequest {
            model: self.model.clone(),
            messages: instructions::before(all, prompts),
            parameters: self.parameters.clone(),
        }
    }

    pub(crate) fn to_text(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(crate::defect::unexpected)
    }
}

impl Assistant {
    /// What was sent for an answer, and what came back; none where that was not kept.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`](conversation::FailureCode::NotFound) if there is no such message;
    /// else as the history fails.
    pub fn exchange(&self, message: MessageId) -> Result<Option<Exchange>, Failure> {
        let history = self.history_with(message)?;
        let answer = history.message(message)?;
        let (Some(sent), Some(parent)) = (history.request(message)?, answer.parent) else {
            return Ok(None);
        };
        let sent: Sent = serde_json::from_str(&sent).map_err(crate::defect::unexpected)?;
        let question = history.message(parent)?;
        let request = sent.request(&history, &question, Some(&answer))?;
        // A file that was taken out of its folder since can no longer be told, and with it not which
        // bytes stood where: then what would be replaced now is.
        let request = match edited(&request, &sent.edits) {
            Some(edited) => edited,
            None => self.replaced_now(&history, answer.conversation, &request)?,
        };
        let mut requests = vec![request];
        for request in sent.further(&history, &question, &answer)? {
            // The same words go as the same placeholders in all of them.
            requests.push(match sent.edits.is_empty() {
                true => request,
                false => self.replaced_now(&history, answer.conversation, &request)?,
            });
        }
        let config = self.config();
        let name = sent.endpoint.as_deref();
        let origin = name.and_then(|name| config.endpoints.get(name)).and_then(|e| e.origin());
        let model: Option<Arc<dyn ChatModel>> = match name {
            Some(name) => self.endpoint(&config, name).ok().map(|endpoint| endpoint as _),
            None => Some(self.local.clone()),
        };
        let written = |request: &ChatRequest| match &model {
            Some(model) => model.request_text(request),
            // An endpoint that is not configured any more no longer says how it was asked.
            None => request.to_string(),
        };
        Ok(Some(Exchange {
            endpoint: origin.or_else(|| sent.endpoint.clone()),
            model: sent.model,
            requests: requests.iter().map(written).collect(),
            response: response(&answer),
            milliseconds: answer.milliseconds,
        }))
    }
}

/// The answer as one JSON object, as endpoints give it that do not stream.
fn response(answer: &Message) -> String {
    let json = json!({
        "role": Role::Assistant,
        "content": answer.text,
        "reasoning": Some(&answer.reasoning).filter(|text| !text.is_empty()),
        "finish_reason": answer.finish,
        "usage": answer.usage,
        "error": answer.failure,
    });
    format!("{json:#}")
}
