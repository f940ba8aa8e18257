//! What conversations are marked with: the organisation's classification.

use conversation::{ConversationId, Failure, FailureCode, Marking};
use policy::Level;

use crate::{Assistant, Change};

impl Assistant {
    /// The markings that a conversation can bear, from the lowest, which everything bears.
    pub fn markings(&self) -> Vec<Marking> {
        let policy = self.policy();
        policy.marking.iter().flat_map(|marking| marking.choices()).map(shown).collect()
    }

    /// What a conversation is marked with; none where the organisation has no markings. It is
    /// never below what everything bears.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn marking(&self, id: ConversationId) -> Result<Option<Marking>, Failure> {
        let policy = self.policy();
        let Some(marking) = &policy.marking else { return Ok(None) };
        let chosen = self.history_of(id)?.marking(id)?;
        Ok(marking.of(chosen.as_deref()).map(shown))
    }

    /// Marks a conversation.
    ///
    /// # Errors
    /// [`FailureCode::Forbidden`] below what everything bears; [`FailureCode::Invalid`] where the
    /// organisation has no such marking; [`FailureCode::NotFound`].
    pub fn mark(&self, id: ConversationId, level: &str) -> Result<Option<Marking>, Failure> {
        let policy = self.policy();
        let known = |levels: &[Level]| levels.iter().any(|other| other.id == level);
        let marking = policy.marking.as_ref().filter(|marking| known(marking.levels()));
        let Some(marking) = marking else {
            let message = format!("the organisation has no marking “{level}”");
            return Err(Failure::new(FailureCode::Invalid, message));
        };
        if !known(marking.choices()) {
            return Err(policy.forbidden("a marking below the lowest that is allowed", None));
        }
        self.history_of(id)?.mark(id, Some(level))?;
        self.changes.tell(|| Change::Marked { conversation: id });
        Ok(marking.of(Some(level)).map(shown))
    }

    /// Marks a conversation that was put together as the highest of its parts is.
    pub(crate) fn mark_highest(
        &self,
        whole: ConversationId,
        parts: &[ConversationId],
    ) -> Result<(), Failure> {
        let policy = self.policy();
        let Some(marking) = &policy.marking else { return Ok(()) };
        let history = self.history()?;
        let chosen: Vec<_> =
            parts.iter().map(|id| history.marking(*id)).collect::<Result<_, _>>()?;
        let highest = marking.highest(chosen.iter().map(Option::as_deref));
        Ok(history.mark(whole, highest.map(|level| level.id.as_str()))?)
    }
}

fn shown(level: &Level) -> Marking {
    Marking {
        id: level.id.clone(),
        text: level.text.clone(),
        colour: level.colour.into(),
        ink: level.colour.ink().into(),
    }
}
