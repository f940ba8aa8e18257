//! Which servers and models may be asked, and with what.

use std::collections::BTreeMap;

use endpoint::EndpointConfig;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Pattern;

/// Members of a request that Bureau makes itself: forcing them would break every answer.
const OWN_MEMBERS: &[&str] = &["model", "messages", "input", "stream"];

/// Which servers and models may be asked, and with what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Endpoints {
    /// Why, and whom to ask.
    pub reason: Option<String>,
    /// Whether people may use endpoints of their own beside those that are provided.
    pub own: bool,
    /// The servers that endpoints of one's own may be at, as scheme and host:
    /// `https://llm.example`, `https://*.example.org`, with a port where it is not the usual one.
    /// None listed means any.
    pub servers: Vec<Pattern>,
    /// The models that may be asked, by name (`mistral-*`) or with their endpoint (`work/*`). None
    /// listed means any.
    pub models: Vec<Pattern>,
    /// Which of the provided endpoints is asked where a model names none.
    pub default: Option<String>,
    /// The endpoints that everybody has, by the name that people see.
    pub provided: BTreeMap<String, EndpointConfig>,
    /// Members of every request's JSON, such as `store = false`. They win over whatever is
    /// configured elsewhere.
    pub parameters: serde_json::Map<String, serde_json::Value>,
}

impl Default for Endpoints {
    fn default() -> Self {
        Self {
            reason: None,
            own: true,
            servers: Vec::new(),
            models: Vec::new(),
            default: None,
            provided: BTreeMap::new(),
            parameters: serde_json::Map::new(),
        }
    }
}

impl Endpoints {
    /// Whether an endpoint of one's own may be used.
    pub fn allows_own(&self, endpoint: &EndpointConfig) -> bool {
        let listed = |origin: String| self.servers.iter().any(|server| server.matches(&origin));
        self.own && (self.servers.is_empty() || endpoint.origin().is_some_and(listed))
    }

    /// Whether this model of the endpoint may be asked.
    pub fn allows_model(&self, endpoint: &str, model: &str) -> bool {
        let whole = format!("{endpoint}/{model}");
        let named = |pattern: &Pattern| pattern.matches(model) || pattern.matches(&whole);
        self.models.is_empty() || self.models.iter().any(named)
    }

    /// What is wrong with the section, if anything is.
    pub(crate) fn problem(&self) -> Option<String> {
        if let Some(name) = self.default.as_ref().filter(|name| !self.provided.contains_key(*name))
        {
            return Some(format!("endpoints.default: no endpoint “{name}” is provided"));
        }
        for (name, endpoint) in &self.provided {
            if name.trim().is_empty() || name.contains('/') {
                return Some(format!("endpoints.provided: “{name}” cannot be an endpoint's name"));
            }
            if let Err(error) = endpoint.checked() {
                return Some(format!("endpoints.provided.{name}: {error}"));
            }
        }
        let own = self.parameters.keys().find(|name| OWN_MEMBERS.contains(&name.as_str()));
        own.map(|name| format!("endpoints.parameters: “{name}” is made by Bureau itself"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(texts: &[&str]) -> Vec<Pattern> {
        texts.iter().map(|text| Pattern((*text).to_owned())).collect()
    }

    #[test]
    fn a_server_is_compared_whole() {
        let servers = patterns(&["https://*.example.org", "http://127.0.0.1:*"]);
        let section = Endpoints { servers, ..Endpoints::default() };
        let allows = |address: &str| section.allows_own(&EndpointConfig::new(address.to_owned()));
        assert!(allows("https://llm.example.org/v1") && allows("http://127.0.0.1:8000/v1"));
        for address in [
            "https://example.org/v1",
            "http://llm.example.org/v1",
            "https://llm.example.org:444/v1",
            "https://evil.example/.example.org",
            "https://llm.example.org.evil.example",
            "nonsense",
        ] {
            assert!(!allows(address), "{address}");
        }
        let none = Endpoints { own: false, ..section };
        assert!(!none.allows_own(&EndpointConfig::new("https://llm.example.org/v1".to_owned())));
    }

    #[test]
    fn a_model_is_named_alone_or_with_its_endpoint() {
        let models = patterns(&["mistral-*", "lab/*"]);
        let section = Endpoints { models, ..Endpoints::default() };
        assert!(section.allows_model("work", "mistral-small"));
        assert!(section.allows_model("lab", "anything/at-all"));
        assert!(!section.allows_model("work", "gpt-5"));
        assert!(Endpoints::default().allows_model("work", "gpt-5"));
    }
}
