//! The decision about a request, and what stands in the place of what in a conversation.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use ::prevention::{Action, Checker, Entry, Finding, Kind, Replacements};
use conversation::{ConversationId, Failure, FailureCode, Role};
use endpoint::{ChatRequest, Part};
use history::{History, HistoryError, Replacement};

use super::edit::{Edit, count, edited};
use crate::grounding::Source;

/// How often a request is decided on anew because another process sent from the conversation.
const TRIES: usize = 3;

/// Guards what goes to an endpoint from one conversation.
pub(crate) struct Guard {
    checker: Arc<Checker>,
    /// Where its placeholders are kept; none for a conversation that is not stored yet.
    place: Option<(History, ConversationId)>,
    /// Whether a person has said that what is asked about may go.
    confirmed: bool,
    /// Why there are rules, in the organisation's words.
    reason: Option<String>,
    known: Mutex<Known>,
}

/// What is known of a conversation's words.
#[derive(Default, Clone)]
struct Known {
    replacements: Replacements,
    /// Words that may go as they are.
    allowed: BTreeSet<(Kind, String)>,
    /// What of both is not kept yet.
    new: Vec<Replacement>,
}

/// A request as it goes.
pub(crate) struct Prepared {
    pub request: ChatRequest,
    /// What of it is replaced.
    pub edits: Vec<Edit>,
    /// What comes back.
    pub replacements: Arc<Replacements>,
}

impl Prepared {
    /// How many placeholders it has.
    pub fn replaced(&self) -> u32 {
        count(&self.edits)
    }
}

impl Guard {
    /// A guard with what is known of the conversation, where it is stored.
    pub fn new(
        checker: Arc<Checker>,
        place: Option<(History, ConversationId)>,
        confirmed: bool,
        reason: Option<String>,
    ) -> Result<Self, Failure> {
        let known = place.as_ref().map(|(history, id)| Known::of(history, *id)).transpose()?;
        let known = Mutex::new(known.unwrap_or_default());
        Ok(Self { checker, place, confirmed, reason, known })
    }

    /// Decides on a request and puts placeholders into it; keeps those that are new. Of `documents`
    /// that it rests on, all is looked at, also what does not go with this request.
    ///
    /// # Errors
    /// [`FailureCode::Prevented`], [`FailureCode::ConfirmationNeeded`], or as the history fails:
    /// nothing of the request may go.
    pub fn prepare(
        &self,
        request: &ChatRequest,
        documents: &[Source],
    ) -> Result<Prepared, Failure> {
        let mut last = None;
        for _ in 0..TRIES {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let mut after = known.clone();
            let prepared = self.decide(&mut after, request, documents)?;
            match self.keep(&mut after) {
                Ok(()) => {
                    *known = after;
                    return Ok(prepared);
                }
                // Another process may have given a number meanwhile.
                Err(error) => last = Some(error),
            }
            if let Some((history, id)) = &self.place {
                *known = Known::of(history, *id)?;
            }
        }
        Err(last.map_or_else(|| crate::defect::unexpected("nothing was decided"), Failure::from))
    }

    /// The same without keeping anything: what would be sent.
    pub fn look(&self, request: &ChatRequest, documents: &[Source]) -> Result<Prepared, Failure> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        self.decide(&mut known, request, documents)
    }

    /// Whether something could be found that does not simply go.
    pub fn can_stop(&self) -> bool {
        self.checker.can_stop()
    }

    /// What is found in a text that a person writes, and what would be done about it now.
    pub fn check(&self, text: &str) -> Vec<Finding> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut findings = self.checker.check_known(text, &known.replacements);
        for finding in &mut findings {
            if finding.action == Action::Ask && known.allows(text, finding) {
                finding.action = Action::Note;
            }
        }
        findings
    }

    /// The words of a text that do not simply go, each with what it is.
    pub fn held_back(&self, text: &str) -> BTreeSet<(Kind, String)> {
        let findings = self.check(text).into_iter().filter(|found| found.action > Action::Note);
        findings.map(|finding| kind_and_words(text, &finding)).collect()
    }

    /// The words that come back for what of a text was replaced.
    pub fn come_back(&self, text: &str) -> Vec<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let findings = self.checker.check_known(text, &known.replacements);
        let replaced = findings.iter().filter(|finding| finding.action == Action::Replace);
        let first = replaced.filter_map(|finding| {
            known.replacements.first(finding.kind, text.get(finding.range.clone())?)
        });
        first.map(str::to_owned).collect()
    }

    fn decide(
        &self,
        known: &mut Known,
        request: &ChatRequest,
        documents: &[Source],
    ) -> Result<Prepared, Failure> {
        let texts = texts(request);
        let mut stopped = Stopped::default();
        let mut found = Vec::with_capacity(texts.len());
        for (message, part, role, text) in &texts {
            let mut findings = self.checker.check_known(text, &known.replacements);
            for finding in &mut findings {
                // A model's own words came from an endpoint and may go to another: what of them
                // must not go is replaced, since nobody could take it out.
                if *role == Role::Assistant && finding.action >= Action::Ask {
                    finding.action = Action::Replace;
                }
                self.judge(known, &mut stopped, text, finding);
            }
            found.push((*message, *part, *text, findings));
        }
        for document in documents {
            for finding in self.checker.check_known(document.text(), &known.replacements) {
                self.judge(known, &mut stopped, document.text(), &finding);
            }
        }
        stopped.into_result(self.reason.as_deref())?;
        let taken = |placeholder: &str| texts.iter().any(|(.., text)| text.contains(placeholder));
        let before = known.replacements.entries().len();
        for (.., text, findings) in &found {
            known.replacements.replace(text, findings, taken);
        }
        let is_news = known.replacements.entries().len() > before;
        let mut edits = Vec::new();
        for (message, part, text, mut findings) in found {
            if is_news {
                // What was found in one text is replaced in all, whatever stands beside it there.
                findings = merged(findings, self.checker.check_known(text, &known.replacements));
            }
            let replaced = known.replacements.replace(text, &findings, taken);
            if !replaced.is_empty() {
                edits.push(Edit { message, part, length: text.len(), replaced });
            }
        }
        known.new.extend(known.replacements.entries()[before..].iter().map(kept_entry));
        let request = edited(request, &edits)
            .ok_or_else(|| crate::defect::unexpected("what is replaced has no place"))?;
        let replacements = Arc::new(known.replacements.clone());
        Ok(Prepared { request, edits, replacements })
    }

    fn judge(&self, known: &mut Known, stopped: &mut Stopped, text: &str, finding: &Finding) {
        match finding.action {
            Action::Block => stopped.add(finding),
            Action::Ask if known.allows(text, finding) => {}
            Action::Ask if self.confirmed => known.allow(text, finding),
            Action::Ask => stopped.add(finding),
            Action::Off | Action::Note | Action::Replace => {}
        }
    }

    fn keep(&self, known: &mut Known) -> Result<(), HistoryError> {
        let new = std::mem::take(&mut known.new);
        match &self.place {
            Some((history, id)) if !new.is_empty() => {
                history.transaction(|t| t.add_replacements(*id, &new))
            }
            _ => Ok(()),
        }
    }
}

impl Known {
    fn of(history: &History, id: ConversationId) -> Result<Self, HistoryError> {
        let mut allowed = BTreeSet::new();
        let mut entries = Vec::new();
        for Replacement { kind, number, words } in history.replacements(id)? {
            let Some(kind) = Kind::all().find(|known| known.as_str() == kind) else { continue };
            if number == 0 {
                allowed.insert((kind, words));
            } else {
                entries.push(Entry { kind, number, words });
            }
        }
        Ok(Self { replacements: Replacements::new(entries), allowed, new: Vec::new() })
    }

    fn allows(&self, text: &str, finding: &Finding) -> bool {
        self.allowed.contains(&kind_and_words(text, finding))
    }

    fn allow(&mut self, text: &str, finding: &Finding) {
        let (kind, words) = kind_and_words(text, finding);
        if self.allowed.insert((kind, words.clone())) {
            self.new.push(Replacement { kind: kind.as_str().to_owned(), number: 0, words });
        }
    }
}

fn kind_and_words(text: &str, finding: &Finding) -> (Kind, String) {
    (finding.kind, text.get(finding.range.clone()).unwrap_or_default().to_owned())
}

fn kept_entry(entry: &Entry) -> Replacement {
    let Entry { kind, number, words } = entry;
    Replacement { kind: kind.as_str().to_owned(), number: *number, words: words.clone() }
}

/// What is to be replaced by one check or another, the first one's where both say so.
fn merged(mut first: Vec<Finding>, more: Vec<Finding>) -> Vec<Finding> {
    first.retain(|finding| finding.action == Action::Replace);
    let apart = |finding: &Finding| {
        first
            .iter()
            .all(|f| f.range.end <= finding.range.start || finding.range.end <= f.range.start)
    };
    let more: Vec<_> =
        more.into_iter().filter(|f| f.action == Action::Replace && apart(f)).collect();
    let mut all: Vec<_> = first.into_iter().chain(more).collect();
    all.sort_by_key(|finding| finding.range.start);
    all
}

/// The texts of a request that are not a model's own.
pub(crate) fn said(request: &ChatRequest) -> Vec<&str> {
    let said = texts(request).into_iter().filter(|(_, _, role, _)| *role != Role::Assistant);
    said.map(|(.., text)| text).collect()
}

/// Every text of a request: its message's place, its part's, who says it.
fn texts(request: &ChatRequest) -> Vec<(usize, usize, Role, &str)> {
    let mut texts = Vec::new();
    for (message, prompt) in request.messages.iter().enumerate() {
        for (part, content) in prompt.parts.iter().enumerate() {
            if let Part::Text(text) = content {
                texts.push((message, part, prompt.role, text.as_str()));
            }
        }
    }
    texts
}

/// What keeps a request back, by kind or the organisation's name for it; never the words.
#[derive(Default)]
struct Stopped {
    blocked: BTreeMap<String, usize>,
    asked: BTreeMap<String, usize>,
}

impl Stopped {
    fn add(&mut self, finding: &Finding) {
        let of = if finding.action == Action::Block { &mut self.blocked } else { &mut self.asked };
        let name = match &finding.rule {
            Some(rule) => format!("{} (“{rule}”)", finding.kind),
            None => finding.kind.to_string(),
        };
        *of.entry(name).or_default() += 1;
    }

    fn into_result(self, reason: Option<&str>) -> Result<(), Failure> {
        let list = |kinds: &BTreeMap<String, usize>| {
            let kinds = kinds.iter().map(|(name, count)| match count {
                1 => name.clone(),
                count => format!("{name} ({count} times)"),
            });
            kinds.collect::<Vec<_>>().join(", ")
        };
        let because = reason.map(|reason| format!("\n{reason}")).unwrap_or_default();
        if !self.blocked.is_empty() {
            let message = format!(
                "nothing was sent: it holds what must not leave this machine: {}; take that out, or ask the built-in model{because}",
                list(&self.blocked)
            );
            return Err(Failure::new(FailureCode::Prevented, message));
        }
        if !self.asked.is_empty() {
            let message = format!(
                "nothing was sent yet: it holds {}; say that it may go, or take it out{because}",
                list(&self.asked)
            );
            return Err(Failure::new(FailureCode::ConfirmationNeeded, message));
        }
        Ok(())
    }
}
