//! Texts given to a model, and what comes back, checked.

use std::sync::{Arc, Mutex, PoisonError};

use conversation::{Failure, FailureCode, Role, Usage};
use endpoint::{ChatModel, ChatRequest, Parameters, Prompt};
use futures::future::BoxFuture;
use translation::{Glossary, Problem, Segment, Term};

use super::prompts::{self, Task};
use super::reply;
use crate::grounding::Room;
use crate::prevention::Guard;
use crate::whole_answer::{ends_all, sum_of, whole_answer};

/// A text that is shorter is not cut into halves.
const SHORTEST: usize = 200;

/// A text, and what it is checked by.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    /// The line that a model is told.
    pub line: &'a str,
    /// The first segment with this text.
    pub segment: &'a Segment,
}

/// A translation of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The line that came back.
    pub answer: Option<String>,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// The terms that it does not use.
    pub missed: Vec<Term>,
    /// Why there is none.
    pub failure: Option<Failure>,
}

impl Outcome {
    fn is_good(&self) -> bool {
        self.problems.is_empty() && self.missed.is_empty()
    }

    /// How bad it is: what is missing is worse than anything else.
    fn badness(&self) -> usize {
        let missing = usize::from(self.answer.is_none()) * 1_000;
        missing + self.problems.len() * 10 + self.missed.len()
    }
}

/// Whoever is asked, and how.
pub(super) struct Translator {
    pub model: Arc<dyn ChatModel>,
    /// What guards what the model is told; none for the model on this machine.
    pub guard: Option<Arc<Guard>>,
    pub name: String,
    pub parameters: Parameters,
    pub room: Room,
    pub from: Option<String>,
    pub to: String,
    pub glossary: Glossary,
    /// The tokens of all requests, where they are told.
    pub usage: Mutex<Option<Usage>>,
}

impl Translator {
    /// Translates these texts in one request, or in as many as it takes: what is missing is asked for
    /// again in halves, and what came back wrong is asked for once more.
    ///
    /// # Errors
    /// A failure that every other request would meet as well.
    pub async fn translate(&self, texts: &[Text<'_>]) -> Result<Vec<Outcome>, Failure> {
        let mut outcomes = self.all(texts).await?;
        if self.room.small {
            // The same question has the same answer.
            return Ok(outcomes);
        }
        let bad: Vec<usize> = (0..texts.len())
            .filter(|place| outcomes[*place].answer.is_some() && !outcomes[*place].is_good())
            // Marks that were not told do not come back.
            .filter(|place| texts[*place].line == texts[*place].segment.source())
            .collect();
        if bad.is_empty() {
            return Ok(outcomes);
        }
        let again: Vec<Text<'_>> = bad.iter().map(|place| texts[*place]).collect();
        for (place, outcome) in bad.into_iter().zip(self.ask(&again, true).await?) {
            if outcome.badness() < outcomes[place].badness() {
                outcomes[place] = outcome;
            }
        }
        Ok(outcomes)
    }

    /// Asks until every text has an answer, or has none by itself.
    fn all<'a>(&'a self, texts: &'a [Text<'_>]) -> BoxFuture<'a, Result<Vec<Outcome>, Failure>> {
        Box::pin(async move {
            let mut outcomes = self.ask(texts, false).await?;
            let missing: Vec<usize> =
                (0..texts.len()).filter(|place| outcomes[*place].answer.is_none()).collect();
            let refused = outcomes.iter().find_map(|outcome| outcome.failure.clone());
            let too_long = refused.as_ref().is_some_and(|f| f.code == FailureCode::TooLong);
            if let ([text], true) = (texts, too_long) {
                return Ok(vec![self.cut(text).await?]);
            }
            if missing.is_empty() || texts.len() == 1 || refused.is_some() && !too_long {
                return Ok(outcomes);
            }
            for half in missing.chunks(missing.len().div_ceil(2)) {
                let again: Vec<Text<'_>> = half.iter().map(|place| texts[*place]).collect();
                for (place, outcome) in half.iter().zip(self.all(&again).await?) {
                    outcomes[*place] = outcome;
                }
            }
            Ok(outcomes)
        })
    }

    /// Translates a text that is too long for the model in parts.
    async fn cut(&self, text: &Text<'_>) -> Result<Outcome, Failure> {
        if text.line.len() < SHORTEST {
            return Ok(Outcome { problems: vec![Problem::Missing], ..Outcome::default() });
        }
        let mut whole = Vec::new();
        for range in passages::cut(text.line, text.line.len() / 2 + 1) {
            let line = text.line[range].trim();
            let part = Text { line, segment: text.segment };
            let outcome = self.all(&[part]).await?.pop().unwrap_or_default();
            match outcome.answer {
                Some(answer) => whole.push(answer),
                None => return Ok(outcome),
            }
        }
        Ok(self.checked(text, Ok(Some(whole.join(" ")))))
    }

    /// The request that asks for these texts.
    pub fn request(&self, texts: &[Text<'_>], again: bool) -> ChatRequest {
        let lines: Vec<&str> = texts.iter().map(|text| text.line).collect();
        let mut terms: Vec<&Term> = Vec::new();
        for text in texts {
            for term in self.glossary.within(&text.segment.plain(text.line)) {
                if !terms.contains(&term) {
                    terms.push(term);
                }
            }
        }
        let task = Task { from: self.from.as_deref(), to: &self.to, terms, again };
        let question = match lines.as_slice() {
            [line] if self.room.small => prompts::one(line, &task),
            lines => prompts::lines(lines, &task),
        };
        let mut parameters = self.parameters.clone();
        if self.room.small {
            // So small a model goes in circles: a translation is about as long as its text.
            let bytes: usize = lines.iter().map(|line| line.len()).sum();
            parameters.max_tokens = Some(u32::try_from(bytes / 2 + 24).unwrap_or(u32::MAX));
        }
        ChatRequest {
            model: self.name.clone(),
            messages: vec![Prompt::text(Role::User, question)],
            parameters,
        }
    }

    /// Asks once.
    async fn ask(&self, texts: &[Text<'_>], again: bool) -> Result<Vec<Outcome>, Failure> {
        match whole_answer(&*self.model, &self.request(texts, again)).await {
            Ok((answer, usage)) => {
                if let Some(usage) = usage {
                    let mut sum = self.usage.lock().unwrap_or_else(PoisonError::into_inner);
                    *sum = Some(sum.map_or(usage, |before| sum_of(before, usage)));
                }
                let replies = reply::read(&answer, texts.len());
                let outcomes = texts.iter().zip(replies);
                Ok(outcomes.map(|(text, reply)| self.checked(text, Ok(reply))).collect())
            }
            Err(failure) if ends_all(failure.code) => Err(failure),
            Err(failure) => {
                Ok(texts.iter().map(|text| self.checked(text, Err(failure.clone()))).collect())
            }
        }
    }

    /// Whether words that went as a placeholder did not come back.
    fn has_lost_words(&self, line: &str, answer: &str) -> bool {
        let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let Some(guard) = &self.guard else { return false };
        let answer = spaced(answer);
        guard.come_back(line).iter().any(|words| !answer.contains(&spaced(words)))
    }

    /// What came back for a text, with what is wrong with it.
    fn checked(&self, text: &Text<'_>, reply: Result<Option<String>, Failure>) -> Outcome {
        let missing =
            |failure| Outcome { problems: vec![Problem::Missing], failure, ..Outcome::default() };
        let answer = match reply {
            Ok(Some(answer)) => answer,
            Ok(None) => return missing(None),
            Err(failure) => return missing(Some(failure)),
        };
        let mut problems = text.segment.check(&answer);
        if problems.contains(&Problem::Missing) {
            return missing(None);
        }
        // A placeholder that the model has lost is a mark that it has lost.
        if !problems.contains(&Problem::Marks) && self.has_lost_words(text.line, &answer) {
            problems.push(Problem::Marks);
        }
        let plain = |line: &str| text.segment.plain(line);
        let missed = self.glossary.missed(&plain(text.segment.source()), &plain(&answer));
        let missed = missed.into_iter().cloned().collect();
        Outcome { answer: Some(answer), problems, missed, failure: None }
    }
}
