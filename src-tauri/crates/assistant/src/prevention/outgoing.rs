//! What would be sent, for a person to look at before it is.

use std::sync::Arc;

use ::prevention::Action;
use conversation::{ConversationId, Failure};
use endpoint::ChatRequest;
use history::History;
use serde::{Deserialize, Serialize};

use super::guard::said;
use super::{Draft, Found, FoundIn, Guard};
use crate::grounding::Source;
use crate::{Assistant, AttachedFile, Question};

/// What would be sent for a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Outgoing {
    /// Scheme, host and port that would be asked; none for the model on this machine, to which
    /// nothing is sent.
    pub endpoint: Option<String>,
    /// What the endpoint calls the model.
    pub model: String,
    /// The request: line, headers and body, indented; the key left out.
    pub request: String,
    /// The body, byte for byte as it would be sent; empty for the model on this machine.
    pub body: String,
    /// How many placeholders it has.
    pub replaced: u32,
    /// What is found in it, with what is done about it.
    pub found: Vec<Found>,
    /// What keeps it from being sent, if anything does.
    pub stopped: Option<Failure>,
}

impl Assistant {
    /// What is found in a text while it is written: what would be done about it if it went to this
    /// model (without one, to the one that would be asked). Nothing where that is the model on
    /// this machine. Asks no endpoint.
    ///
    /// # Errors
    /// While the history is locked or fails, or where the rules cannot be used.
    pub fn check_text(
        &self,
        conversation: Option<ConversationId>,
        text: &str,
        model: Option<&str>,
    ) -> Result<Vec<Found>, Failure> {
        let place = match conversation {
            Some(id) => Some((self.history_of(id)?, id)),
            None => None,
        };
        let kept = place.as_ref().map(|(history, id)| history.conversation(*id)).transpose()?;
        let config = self.config();
        let model = model.map(str::to_owned).or(kept.and_then(|conversation| conversation.model));
        let local = match model.as_deref().or(config.settings.model.as_deref()) {
            Some(id) => self.is_local(id),
            None => config.endpoints.is_empty(),
        };
        if local {
            return Ok(Vec::new());
        }
        let guard = Guard::new(self.checker()?, place, false, None)?;
        Ok(Found::all(text, guard.check(text), &FoundIn::Question))
    }

    /// What is found in a file with the rules in force, whichever model would be asked.
    ///
    /// # Errors
    /// Where the rules cannot be used.
    pub fn check_file(&self, file: &AttachedFile) -> Result<Vec<Found>, Failure> {
        let place = FoundIn::File { name: file.name.clone() };
        let text = text_of(file);
        Ok(Found::all(&text, self.checker()?.check(&text), &place))
    }

    /// What is found in a text with the rules in force, whichever model would be asked.
    ///
    /// # Errors
    /// Where the rules cannot be used.
    pub fn check_any(&self, text: &str) -> Result<Vec<Found>, Failure> {
        Ok(Found::all(text, self.checker()?.check(text), &FoundIn::Question))
    }

    /// What would be sent for a question, and what of it is noted, asked about, replaced or stopped.
    /// Nothing is stored or sent.
    ///
    /// # Errors
    /// As [`send`](Self::send), but for what would stop it: that is told with the rest.
    pub async fn preview(self: &Arc<Self>, question: &Question) -> Result<Outgoing, Failure> {
        let (history, existing, end) = self.place_of(question)?;
        let kept = existing.as_ref().and_then(|conversation| conversation.model.clone());
        let chosen = self.choose(question.model.clone().or(kept).as_deref()).await?;
        let draft = Draft {
            conversation: existing.as_ref(),
            parent: end,
            text: &question.text,
            system: question.system.as_deref(),
            files: &question.files,
            folder: question.folder.filter(|_| !question.temporary),
            summary: question.summary.clone(),
        };
        let (request, documents) = self.request_of_draft(&history, &chosen, &draft)?;
        let id = existing.as_ref().map(|conversation| conversation.id);
        let Some(guard) = self.guard(&chosen, &history, id, question.confirmed)? else {
            return Ok(Outgoing {
                endpoint: None,
                request: chosen.written(&request).0,
                model: chosen.name,
                body: String::new(),
                replaced: 0,
                found: Vec::new(),
                stopped: None,
            });
        };
        let found = found_in(&guard, question, &request, &documents);
        let (replaced, sent, stopped) = match guard.look(&request, &documents) {
            Ok(prepared) => (prepared.replaced(), Some(prepared.request), None),
            Err(failure) => (0, None, Some(failure)),
        };
        let (text, body) = sent.as_ref().map(|sent| chosen.written(sent)).unwrap_or_default();
        let config = self.config();
        let name = chosen.endpoint.as_deref();
        let origin = name.and_then(|name| config.endpoints.get(name)).and_then(|e| e.origin());
        Ok(Outgoing {
            endpoint: origin.or(chosen.endpoint),
            model: chosen.name,
            request: text,
            body: String::from_utf8_lossy(&body).into_owned(),
            replaced,
            found,
            stopped,
        })
    }

    /// A request as it would go from a conversation now.
    pub(crate) fn replaced_now(
        &self,
        history: &History,
        conversation: ConversationId,
        request: &ChatRequest,
    ) -> Result<ChatRequest, Failure> {
        let place = Some((history.clone(), conversation));
        let guard = Guard::new(self.checker()?, place, true, None)?;
        Ok(guard.look(request, &[]).map_or_else(|_| request.clone(), |prepared| prepared.request))
    }
}

/// What is found in a question, in its files, and in what goes beside them.
fn found_in(
    guard: &Guard,
    question: &Question,
    request: &ChatRequest,
    documents: &[Source],
) -> Vec<Found> {
    let mut found = Found::all(&question.text, guard.check(&question.text), &FoundIn::Question);
    for file in &question.files {
        let text = text_of(file);
        let place = FoundIn::File { name: file.name.clone() };
        found.extend(Found::all(&text, guard.check(&text), &place));
    }
    let is_new = |text: &str| {
        text == question.text || question.files.iter().any(|file| text.contains(&file.name))
    };
    let context = said(request).into_iter().filter(|text| !is_new(text));
    let older = documents.iter().filter(|document| !is_new(&document.name));
    for text in context.chain(older.map(Source::text)) {
        let stops = guard.check(text).into_iter().filter(|finding| finding.action > Action::Note);
        found.extend(Found::all(text, stops.collect(), &FoundIn::Context));
    }
    found
}

/// The text of a file, as far as a model gets it; none of an image.
fn text_of(file: &AttachedFile) -> String {
    if crate::attachment::is_image(&file.media_type) {
        return String::new();
    }
    let text = String::from_utf8_lossy(&file.data).into_owned();
    if file.media_type != documents::MEDIA_TYPE {
        return text;
    }
    match documents::Document::from_stored(&text) {
        Ok(document) => Source::new(&file.name, &document).text().to_owned(),
        Err(_) => text,
    }
}
