//! The rules in force: the organisation's, and what a person adds to them.

use std::sync::{Arc, PoisonError};

use ::prevention::{Checker, Rules};
use conversation::{ConversationId, Failure, FailureCode};
use history::History;

use super::Guard;
use crate::Assistant;
use crate::models::Chosen;

/// Rules made ready, and what of.
#[derive(Default)]
pub(crate) struct Ready(Option<(Rules, Arc<Checker>)>);

impl Assistant {
    /// What is looked for before anything is sent: what the organisation says, made stricter by what
    /// a person does. What theirs would allow beyond it is not.
    pub fn prevention_rules(&self) -> Rules {
        self.policy().prevention.stricter(&self.config().prevention)
    }

    /// Whether the rules can find something that a person is to be told of before it is sent.
    pub fn looks_at_what_is_sent(&self) -> bool {
        self.prevention_rules() != Rules::default()
    }

    /// The check that these rules make. The files of their lists are read when the rules change, and
    /// when the program starts.
    ///
    /// # Errors
    /// [`FailureCode::Configuration`] where they cannot be used: nothing goes unchecked then.
    pub(crate) fn checker(&self) -> Result<Arc<Checker>, Failure> {
        let rules = self.prevention_rules();
        let mut ready = self.checker.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, checker)) = ready.0.as_ref().filter(|(known, _)| *known == rules) {
            return Ok(checker.clone());
        }
        let checker = Checker::new(&rules)
            .map_err(|error| Failure::new(FailureCode::Configuration, error.to_string()))?;
        let checker = Arc::new(checker);
        ready.0 = Some((rules, checker.clone()));
        Ok(checker)
    }

    /// What guards what is said to a chosen model in a conversation, or in one to be; none for the
    /// model on this machine.
    pub(crate) fn guard(
        &self,
        chosen: &Chosen,
        history: &History,
        conversation: Option<ConversationId>,
        confirmed: bool,
    ) -> Result<Option<Arc<Guard>>, Failure> {
        if chosen.endpoint.is_none() {
            return Ok(None);
        }
        let policy = self.policy();
        let reason = policy.reason_or(policy.prevention.reason.as_deref()).map(str::to_owned);
        let place = conversation.map(|id| (history.clone(), id));
        Ok(Some(Arc::new(Guard::new(self.checker()?, place, confirmed, reason)?)))
    }
}
