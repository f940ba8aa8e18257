//! How Bureau is renewed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How Bureau is renewed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Updates {
    /// Why, and whom to ask.
    pub reason: Option<String>,
    /// The channel that updates come from, such as `stable`. `none` forbids them: the organisation
    /// installs them itself.
    pub channel: Option<String>,
}

impl Updates {
    /// Whether Bureau may look for updates.
    pub fn allowed(&self) -> bool {
        self.channel.as_deref() != Some("none")
    }
}
