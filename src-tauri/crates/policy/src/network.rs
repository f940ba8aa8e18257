//! How endpoints are reached.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How endpoints are reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Network {
    /// Why, and whom to ask.
    pub reason: Option<String>,
    /// The proxy of every endpoint, such as `http://proxy.example:3128`, whatever is configured
    /// elsewhere. Endpoints on this machine are reached without any.
    pub proxy: Option<String>,
    /// PEM files of certificate authorities that every endpoint's certificate may come from,
    /// besides the system's and those of the endpoint's own configuration.
    pub ca_certificates: Vec<PathBuf>,
}
