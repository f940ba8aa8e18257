//! The check itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::candidate::Candidate;
use crate::lists::Lists;
use crate::overlap::{self, Weighed};
use crate::{Action, Finding, Kind, Replacements, Rules, RulesError, detect};

/// Rules made ready to check texts with, from any thread.
pub struct Checker {
    actions: BTreeMap<Kind, Action>,
    lists: Lists,
    names: Vec<Arc<str>>,
}

impl Checker {
    /// Makes rules ready; reads the files of their lists.
    ///
    /// # Errors
    /// [`RulesError`] where they cannot be used.
    pub fn new(rules: &Rules) -> Result<Self, RulesError> {
        rules.check()?;
        let lists = Lists::new(rules)?;
        let names = lists.rules.iter().map(|(_, name, _)| name.as_str().into()).collect();
        let actions = Kind::all().map(|kind| (kind, rules.action(kind))).collect();
        Ok(Self { actions, lists, names })
    }

    /// Whether something can be found that does not simply go as it is.
    pub fn can_stop(&self) -> bool {
        let lists = self.lists.rules.iter().map(|(.., action)| action);
        self.actions.values().chain(lists).any(|action| *action > Action::Note)
    }

    /// What is found in a text: in order, without overlaps, each range at the bounds of
    /// characters.
    pub fn check(&self, text: &str) -> Vec<Finding> {
        self.check_known(text, &Replacements::default())
    }

    /// The same, and beside it what was replaced before, wherever it stands: what gave it away the
    /// first time need not stand beside it again.
    pub fn check_known(&self, text: &str, known: &Replacements) -> Vec<Finding> {
        let wanted = |kind: Kind| self.actions.get(&kind).is_some_and(|a| *a > Action::Off);
        let mut candidates = detect::candidates(text, &wanted);
        if !self.lists.is_empty() {
            self.lists.find(text, &mut candidates);
        }
        let mut weighed: Vec<_> = candidates.into_iter().map(|c| self.weighed(c)).collect();
        weighed.extend(known.find(text).map(|(kind, range)| Weighed {
            finding: Finding { kind, rule: None, action: Action::Replace, range },
            certainty: crate::candidate::Certainty::Shape,
        }));
        overlap::resolved(weighed)
    }

    fn weighed(&self, candidate: Candidate) -> Weighed {
        let Candidate { kind, range, certainty, rule } = candidate;
        let action = match rule {
            Some(rule) => self.lists.rules.get(rule).map_or(Action::Off, |(.., action)| *action),
            None => self.actions.get(&kind).copied().unwrap_or(Action::Off),
        };
        let rule = rule.and_then(|rule| self.names.get(rule).cloned());
        // A marking's list has no name of its own.
        let rule = rule.filter(|_| kind != Kind::Marking);
        Weighed { finding: Finding { kind, rule, action, range }, certainty }
    }
}
