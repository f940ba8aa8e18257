//! The configuration: `config.toml`, and the environment variables that replace parts of it.
//!
//! It holds nothing private: no key, no instruction, no text. A file that cannot be read or does
//! not parse is an error with line and column; it is never replaced by defaults.

use std::path::{Path, PathBuf};
use std::time::Duration;

use conversation::{Failure, FailureCode};
use endpoint::EndpointConfig;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// What a person or an administrator configured.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The model to ask where a conversation names none.
    pub model: Option<String>,
    /// The organisation's model endpoint; none means that the built-in model answers.
    pub endpoint: Option<EndpointConfig>,
    /// The model that runs on this machine.
    pub local_model: LocalModelConfig,
    /// The endpoint's key, which comes from the environment or the encrypted history alone.
    #[serde(skip)]
    pub api_key: Option<SecretString>,
}

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
        let file = self.file.clone().or_else(local_model::default_model_file);
        let mut options = local_model::Options::new(file.unwrap_or_default());
        options.threads = self.threads.or(options.threads);
        options.context_tokens = self.context_tokens.unwrap_or(options.context_tokens);
        options.idle = self.idle_seconds.map_or(options.idle, Duration::from_secs);
        options
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
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Failure::new(FailureCode::Configuration, error.to_string())
    }
}

impl Config {
    /// Reads `file` (defaults where there is none), then lets the environment replace the
    /// endpoint (`BUREAU_ENDPOINT`), the model (`BUREAU_MODEL`) and the key (`BUREAU_API_KEY`).
    ///
    /// # Errors
    /// [`ConfigError`] where the file is there and cannot be used.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let mut config = Self::read(file)?;
        if let Some(address) = variable("BUREAU_ENDPOINT") {
            config.endpoint = Some(EndpointConfig::new(address));
        }
        if let Some(model) = variable("BUREAU_MODEL") {
            config.model = Some(model);
        }
        config.api_key = variable("BUREAU_API_KEY").map(SecretString::from);
        Ok(config)
    }

    fn read(file: &Path) -> Result<Self, ConfigError> {
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(source) => return Err(ConfigError::Unreadable { file: file.to_owned(), source }),
        };
        toml::from_str(&text).map_err(|error| ConfigError::Malformed {
            file: file.to_owned(),
            problem: error.to_string().trim_end().to_owned(),
        })
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, text).unwrap();
        Config::read(&file)
    }

    #[test]
    fn no_file_means_defaults() {
        assert!(Config::read(Path::new("/nonexistent/config.toml")).unwrap().endpoint.is_none());
    }

    #[test]
    fn an_endpoint_is_read() {
        let config =
            read("model = \"m\"\n[endpoint]\naddress = \"https://llm.example/v1\"\n").unwrap();
        assert_eq!(config.model.as_deref(), Some("m"));
        assert_eq!(config.endpoint.unwrap().address, "https://llm.example/v1");
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let error = read("model = \"m\"\n\nmodle = \"n\"\n").unwrap_err().to_string();
        assert!(error.contains("line 3") && error.contains("modle"), "{error}");
    }

    #[test]
    fn a_key_in_the_file_is_refused() {
        assert!(read("api_key = \"s\"\n").is_err());
    }
}
