//! What a person chooses to have looked for, beside what the organisation does.

use std::collections::BTreeMap;

use ::prevention::{Action, Kind, Rules};
use audit::Event;
use conversation::{Failure, FailureCode};
use serde::{Deserialize, Serialize};

use crate::{Assistant, config_file};

/// What is done about a kind of thing, and what a person can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct PreventionChoice {
    /// The kind.
    pub kind: Kind,
    /// What is done about it.
    pub action: Action,
    /// What the organisation has done about it: nothing milder can be chosen.
    pub least: Action,
}

impl Assistant {
    /// What is done about each kind of thing, but for lists and patterns, which say it themselves.
    pub fn prevention_choices(&self) -> Vec<PreventionChoice> {
        let (policy, rules) = (self.policy(), self.prevention_rules());
        let choice = |kind| PreventionChoice {
            kind,
            action: rules.action(kind),
            least: least(&policy.prevention, kind),
        };
        Kind::all().filter(|kind| !kind.is_listed()).map(choice).collect()
    }

    /// Keeps what a person wants done about a kind of thing.
    ///
    /// # Errors
    /// [`FailureCode::Forbidden`] where the organisation has something stricter done;
    /// [`FailureCode::Invalid`] for what is set with each list or pattern;
    /// [`FailureCode::Configuration`] where `config.toml` cannot be read or written. Nothing has
    /// changed then.
    pub fn set_prevention(
        &self,
        kind: Kind,
        action: Action,
    ) -> Result<Vec<PreventionChoice>, Failure> {
        let name = format!("prevention.{}", kind.as_str());
        self.audited(Event::new(audit::Action::SettingsChange).with("settings", &name), || {
            if kind.is_listed() {
                let message = format!("what is done about {kind} is set with each of them");
                return Err(Failure::new(FailureCode::Invalid, message));
            }
            let policy = self.policy();
            if action < least(&policy.prevention, kind) {
                let what =
                    format!("the setting {name} can only be stricter than the organisation's");
                return Err(policy.forbidden(&what, policy.prevention.reason.as_deref()));
            }
            let turn = self.turn_to_change();
            self.change_config(&turn, |document| {
                let chosen = BTreeMap::from([(kind, action)]);
                config_file::put(document, &["prevention", "kinds"], None, &chosen)
            })?;
            Ok(self.prevention_choices())
        })
    }
}

/// What these rules have done about a kind at least.
fn least(rules: &Rules, kind: Kind) -> Action {
    rules.kinds.get(&kind).copied().unwrap_or(Action::Off)
}
