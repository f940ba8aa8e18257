//! What there is to say of something that was done, before the log gives it its place.

use std::collections::BTreeMap;

use conversation::FailureCode;
use serde::{Deserialize, Serialize};

use crate::{Action, Outcome};

/// Something that was done. It says how much and with what, and nothing of what was said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// What was done.
    pub action: Action,
    /// How it came out.
    pub outcome: Outcome,
    /// The number of the record that told of its beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun: Option<u64>,
    /// What kind of failure it was, where it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureCode>,
    /// The conversations that it was done to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conversations: Vec<String>,
    /// The model that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The endpoint that was asked: scheme, host and port.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Tokens that the model was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_in: Option<u64>,
    /// Tokens that it wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens_out: Option<u64>,
    /// Bytes that were sent or written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// How many things it was done to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// What the rules of prevention found: how many of each kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub findings: BTreeMap<String, u64>,
    /// Whatever else there is to say, by name: a format, a setting's name, a folder's id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub detail: BTreeMap<String, String>,
    /// What was said. Only where the rules ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

impl Event {
    /// That this was done.
    pub fn new(action: Action) -> Self {
        Self {
            action,
            outcome: Outcome::Done,
            begun: None,
            failure: None,
            conversations: Vec::new(),
            model: None,
            endpoint: None,
            tokens_in: None,
            tokens_out: None,
            bytes: None,
            count: None,
            findings: BTreeMap::new(),
            detail: BTreeMap::new(),
            content: None,
        }
    }

    /// The same, come out in this way.
    #[must_use]
    pub fn with_outcome(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }

    /// The same, with this to say besides.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.detail.insert(name.to_owned(), value.to_string());
        self
    }

    /// The same, of so many things.
    #[must_use]
    pub fn with_count(self, count: impl TryInto<u64>) -> Self {
        Self { count: count.try_into().ok(), ..self }
    }

    /// The same, of these conversations.
    #[must_use]
    pub fn with_conversations(self, ids: &[impl ToString]) -> Self {
        Self { conversations: ids.iter().map(ToString::to_string).collect(), ..self }
            .with_count(ids.len())
    }
}
