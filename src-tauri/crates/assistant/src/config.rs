//! The configuration: `config.toml`, and the environment variables that replace parts of it.
//! `config_file` changes it.
//!
//! It holds nothing private: no key, no instruction, no text. A file that cannot be read or does
//! not parse is an error with line and column; it is never replaced by defaults.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ::prevention::Rules;
use conversation::{Failure, FailureCode};
use endpoint::EndpointConfig;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use sync::StoreConfig;

use crate::{Settings, settings};

/// What a person or an administrator configured.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// What a person can set.
    #[serde(deserialize_with = "settings::partial")]
    pub settings: Settings,
    /// The name of the endpoint that is asked where a model names none; none means the first.
    pub endpoint: Option<String>,
    /// The model endpoints by name; none means that the built-in model answers.
    pub endpoints: BTreeMap<String, EndpointConfig>,
    /// Where a history is shared with other machines once a person says so.
    pub sync: Option<StoreConfig>,
    /// The model that runs on this machine.
    pub local_model: LocalModelConfig,
    /// How documents are sent to models.
    pub documents: DocumentsConfig,
    /// What is looked for before anything is sent, beside what the organisation says.
    pub prevention: Rules,
    /// The default endpoint's key, where the environment gives one; others lie in the encrypted
    /// history.
    #[serde(skip)]
    pub api_key: Option<SecretString>,
    /// Whether the environment names the endpoint, in place of all configured ones.
    #[serde(skip)]
    pub from_environment: bool,
    /// The endpoints that the organisation provides, by name.
    #[serde(skip)]
    pub provided: BTreeSet<String>,
    /// The endpoints that are configured and that the organisation lets nobody use, by name.
    #[serde(skip)]
    pub withheld: BTreeSet<String>,
}

/// What the endpoint of the environment is called.
const ENVIRONMENT: &str = "environment";

/// How the model on this machine runs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LocalModelConfig {
    /// A GGUF file to use instead of the one that comes with Bureau.
    pub file: Option<PathBuf>,
    /// Threads to compute with; by default one core is left free.
    pub threads: Option<usize>,
    /// Tokens of context; 2048 by default, at most what the model was trained for.
    pub context_tokens: Option<u32>,
    /// Seconds without a question after which the model leaves the memory; 300 by default.
    pub idle_seconds: Option<u64>,
}

impl LocalModelConfig {
    pub(crate) fn options(&self) -> local_model::Options {
        let file = local_model::model_file(self.file.clone());
        let mut options = local_model::Options::new(file.unwrap_or_default());
        options.threads = self.threads.or(options.threads);
        options.context_tokens = self.context_tokens.unwrap_or(options.context_tokens);
        options.idle = self.idle_seconds.map_or(options.idle, Duration::from_secs);
        options
    }
}

/// How documents are sent to models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentsConfig {
    /// Tokens of documents in one request to an endpoint, about; 16000 by default. Where a model
    /// takes fewer, requests are made smaller by themselves.
    pub request_tokens: u32,
    /// Requests to an endpoint at once, while a long document is summarised; 4 by default.
    pub requests_at_once: u32,
}

impl Default for DocumentsConfig {
    fn default() -> Self {
        Self { request_tokens: 16_000, requests_at_once: 4 }
    }
}

/// The configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there but cannot be read.
    #[error("{} cannot be read ({source}); check its permissions", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML, or holds a key or value that Bureau does not know.
    #[error("{}: {problem}", file.display())]
    Malformed {
        /// The file.
        file: PathBuf,
        /// What is wrong, with line and column.
        problem: String,
    },
    /// The file cannot be written.
    #[error("{} cannot be written ({source}); check the disk and its permissions", file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A value has no form in TOML.
    #[error("a setting cannot be written to config.toml: {0}")]
    Unserialisable(toml_edit::ser::Error),
    /// A name that must be a table is something else.
    #[error("“{0}” in config.toml is not a table")]
    NotATable(String),
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Failure::new(FailureCode::Configuration, error.to_string())
    }
}

impl Config {
    /// Reads `file` (defaults where there is none), then lets the environment replace the
    /// endpoints (`BUREAU_ENDPOINT`), the model (`BUREAU_MODEL`) and the key (`BUREAU_API_KEY`).
    ///
    /// # Errors
    /// [`ConfigError`] where the file is there and cannot be used.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let mut config = Self::parse(file, &Self::text(file)?.unwrap_or_default())?;
        if let Some(address) = variable("BUREAU_ENDPOINT") {
            let endpoint = EndpointConfig::new(address);
            config.endpoints = BTreeMap::from([(ENVIRONMENT.to_owned(), endpoint)]);
            config.endpoint = None;
            config.from_environment = true;
        }
        if let Some(model) = variable("BUREAU_MODEL") {
            config.settings.model = Some(model);
        }
        config.api_key = variable("BUREAU_API_KEY").map(SecretString::from);
        Ok(config)
    }

    /// The file's text; `None` if there is no file.
    pub(crate) fn text(file: &Path) -> Result<Option<String>, ConfigError> {
        match std::fs::read_to_string(file) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(ConfigError::Unreadable { file: file.to_owned(), source }),
        }
    }

    /// Reads the text of `file`, without the environment.
    pub(crate) fn parse(file: &Path, text: &str) -> Result<Self, ConfigError> {
        let malformed = |problem: String| ConfigError::Malformed { file: file.to_owned(), problem };
        let config: Self = toml::from_str(text)
            .map_err(|error| malformed(placed(error.message(), error.span(), text)))?;
        let missing = config.endpoint.as_ref().filter(|name| !config.endpoints.contains_key(*name));
        match (config.settings.problem(), missing) {
            (Some(problem), _) => Err(malformed(problem)),
            (None, Some(name)) => Err(malformed(format!("there is no endpoint “{name}”"))),
            (None, None) => Ok(config),
        }
    }

    /// The endpoint that is asked where a model names none.
    pub fn default_endpoint(&self) -> Option<(&str, &EndpointConfig)> {
        let named = self.endpoint.as_ref().and_then(|name| self.endpoints.get_key_value(name));
        named.or_else(|| self.endpoints.first_key_value()).map(|(name, e)| (name.as_str(), e))
    }

    /// The server of that endpoint: scheme, host and port.
    pub(crate) fn default_origin(&self) -> Option<String> {
        self.default_endpoint().and_then(|(_, endpoint)| endpoint.origin())
    }
}

/// A problem with its line and column. The line itself is not quoted: what is wrong with it may be
/// that it holds a key.
pub(crate) fn placed(problem: &str, span: Option<Range<usize>>, text: &str) -> String {
    let Some(before) = span.and_then(|span| text.get(..span.start)) else {
        return problem.to_owned();
    };
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
    format!("line {line}, column {column}: {problem}")
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, ConfigError> {
        Config::parse(Path::new("config.toml"), text)
    }

    #[test]
    fn no_file_means_defaults() {
        let config = Config::load(Path::new("/nonexistent/config.toml")).unwrap();
        assert!(config.endpoints.is_empty() && config.settings == Settings::default());
    }

    #[test]
    fn endpoints_are_read_and_the_first_is_the_default() {
        let text = "[endpoints.b]\naddress = \"https://b.example/v1\"\n[endpoints.a]\naddress = \"https://a.example/v1\"\n";
        assert_eq!(read(text).unwrap().default_endpoint().unwrap().0, "a");
        let chosen = read(&format!("endpoint = \"b\"\n{text}")).unwrap();
        let (name, endpoint) = chosen.default_endpoint().unwrap();
        assert_eq!((name, endpoint.address.as_str()), ("b", "https://b.example/v1"));
        assert!(read(&format!("endpoint = \"c\"\n{text}")).is_err());
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let error = read("endpoint = \"m\"\n\nmodle = \"n\"\n").unwrap_err().to_string();
        assert!(error.contains("line 3") && error.contains("modle"), "{error}");
    }

    #[test]
    fn a_key_in_the_file_is_refused_and_not_repeated() {
        let error = read("\n  api_key = \"sesame\"\n").unwrap_err().to_string();
        assert!(error.contains("line 2, column 3") && error.contains("api_key"), "{error}");
        assert!(!error.contains("sesame"), "{error}");
    }

    #[test]
    fn a_store_is_named_and_its_key_is_not() {
        let text = "[sync]\naddress = \"s3://bucket/bureau\"\nregion = \"eu-west-3\"\n";
        let store = read(text).unwrap().sync.unwrap();
        assert_eq!(
            (&*store.address, store.region.as_deref()),
            ("s3://bucket/bureau", Some("eu-west-3"))
        );
        let error = read(&format!("{text}secret = \"sesame\"\n")).unwrap_err().to_string();
        assert!(error.contains("line 4") && !error.contains("sesame"), "{error}");
        assert!(read("[sync]\nregion = \"eu-west-3\"\n").is_err(), "no address");
    }

    #[test]
    fn a_setting_that_cannot_be_is_refused() {
        assert!(read("[settings]\ntext_size = 500\n").is_err());
        assert!(read("[settings]\nlanguage = \"klingon\"\n").is_err());
    }

    #[test]
    fn settings_that_are_left_out_have_their_defaults() {
        let settings = read("[settings]\ntext_size = 120\n").unwrap().settings;
        assert_eq!(settings, Settings { text_size: 120, ..Settings::default() });
        let error = read("\n[settings]\nteme = 1\n").unwrap_err().to_string();
        assert!(error.contains("line 2") && error.contains("teme"), "{error}");
    }
}
