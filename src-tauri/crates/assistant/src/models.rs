//! Which model answers.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use conversation::{Failure, FailureCode};
use endpoint::{ChatModel, HttpEndpoint, ModelInfo, Parameters};
use secrecy::SecretString;

use crate::{Assistant, BUILT_IN_MODEL};

/// The setting in the encrypted history that holds the endpoint's key.
const API_KEY_SETTING: &str = "endpoint_api_key";

/// A model that was chosen to answer.
pub(crate) struct Chosen {
    pub(crate) model: Arc<dyn ChatModel>,
    pub(crate) name: String,
    pub(crate) parameters: Parameters,
}

impl Assistant {
    /// Every model that can be asked: the endpoint's, then the built-in one.
    ///
    /// # Errors
    /// Where an endpoint is configured and does not answer.
    pub async fn models(&self) -> Result<Vec<ModelInfo>, Failure> {
        let mut models = match self.endpoint()? {
            Some(endpoint) => endpoint.models().await?,
            None => Vec::new(),
        };
        models.extend(self.local.models().await?);
        Ok(models)
    }

    /// The built-in model's file, if it is there.
    pub fn local_model_file(&self) -> Option<PathBuf> {
        let file = self.config.local_model.options().file;
        file.is_file().then_some(file)
    }

    /// Keeps the endpoint's key in the encrypted history; `None` forgets it.
    ///
    /// # Errors
    /// [`FailureCode::Locked`] while the history is not open.
    pub fn set_api_key(&self, key: Option<&str>) -> Result<(), Failure> {
        self.history()?.set_setting(API_KEY_SETTING, key)?;
        // The next question uses the new key.
        *self.endpoint.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }

    /// The model of this name; without one the configured default, then the endpoint's first,
    /// then the built-in model.
    pub(crate) async fn choose(&self, name: Option<&str>) -> Result<Chosen, Failure> {
        let name = name.or(self.config.model.as_deref());
        if name == Some(BUILT_IN_MODEL) {
            return Ok(self.built_in());
        }
        let (name, endpoint) = match (name, self.endpoint()?) {
            (None, None) => return Ok(self.built_in()),
            (Some(name), Some(endpoint)) => (name.to_owned(), endpoint),
            (None, Some(endpoint)) => (self.first_model(&endpoint).await?, endpoint),
            (Some(name), None) => {
                return Err(Failure::new(
                    FailureCode::UnknownModel,
                    format!(
                        "there is no model “{name}”: no endpoint is configured, and the built-in model is “{BUILT_IN_MODEL}”"
                    ),
                ));
            }
        };
        let parameters = self.config.endpoint.as_ref().map(|e| e.parameters.clone());
        Ok(Chosen { model: endpoint, name, parameters: parameters.unwrap_or_default() })
    }

    fn built_in(&self) -> Chosen {
        Chosen {
            model: self.local.clone(),
            name: BUILT_IN_MODEL.to_owned(),
            parameters: Parameters::default(),
        }
    }

    async fn first_model(&self, endpoint: &Arc<HttpEndpoint>) -> Result<String, Failure> {
        let first = self.first_model.get_or_try_init(async || {
            let models = endpoint.models().await?;
            models.into_iter().next().map(|model| model.id).ok_or_else(|| {
                Failure::new(
                    FailureCode::UnknownModel,
                    "the endpoint offers no model; name one with BUREAU_MODEL or in the configuration",
                )
            })
        });
        first.await.cloned()
    }

    fn endpoint(&self) -> Result<Option<Arc<HttpEndpoint>>, Failure> {
        let Some(config) = &self.config.endpoint else { return Ok(None) };
        let mut slot = self.endpoint.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.is_none() {
            *slot = Some(Arc::new(HttpEndpoint::new(config.clone(), self.api_key()?)?));
        }
        Ok(slot.clone())
    }

    fn api_key(&self) -> Result<Option<SecretString>, Failure> {
        if let Some(key) = &self.config.api_key {
            return Ok(Some(key.clone()));
        }
        let Ok(history) = self.history() else { return Ok(None) };
        Ok(history.setting(API_KEY_SETTING)?.map(SecretString::from))
    }
}
