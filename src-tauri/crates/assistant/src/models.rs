//! Which model answers.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use conversation::{Failure, FailureCode};
use endpoint::{ChatModel, ChatRequest, ModelInfo, Parameters};
use futures::future::join_all;
use policy::Action;

use crate::config::Config;
use crate::prevention::{Guard, Guarded};
use crate::{Assistant, BUILT_IN_MODEL};

/// A model that was chosen to answer.
pub(crate) struct Chosen {
    /// Nothing is said to it but through [`Chosen::guarded`].
    model: Arc<dyn ChatModel>,
    /// What it is called here, so that it is found again: [`ModelInfo::id`].
    pub(crate) id: String,
    /// What its endpoint calls it.
    pub(crate) name: String,
    /// What the configuration calls its endpoint; none for the built-in model.
    pub(crate) endpoint: Option<String>,
    pub(crate) parameters: Parameters,
}

impl Chosen {
    /// The model to ask. What goes to an endpoint goes through the guard of its conversation; the
    /// model on this machine sends nothing, and needs none.
    pub(crate) fn guarded(&self, guard: Option<Arc<Guard>>) -> Result<Arc<dyn ChatModel>, Failure> {
        match (&self.endpoint, guard) {
            (None, _) => Ok(self.model.clone()),
            (Some(_), Some(guard)) => Ok(Arc::new(Guarded::new(self.model.clone(), guard))),
            (Some(_), None) => Err(crate::defect::unexpected("nothing guards what is sent")),
        }
    }

    /// What would be sent, for a person to read, and its very bytes.
    pub(crate) fn written(&self, request: &ChatRequest) -> (String, Vec<u8>) {
        (self.model.request_text(request), self.model.request_body(request))
    }

    /// What it is found again by, whatever is set up, renamed or removed later: its endpoint is
    /// always named.
    pub(crate) fn lasting_id(&self) -> String {
        lasting_id(self.endpoint.as_deref(), &self.name)
    }
}

/// A model's id that names its endpoint; the models on this machine share one.
pub(crate) fn lasting_id(endpoint: Option<&str>, model: &str) -> String {
    endpoint.map_or_else(|| BUILT_IN_MODEL.to_owned(), |endpoint| format!("{endpoint}/{model}"))
}

/// Every model that can be asked, and the endpoints that did not tell theirs.
#[derive(
    Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, specta::Type,
)]
pub struct Models {
    /// The models, those of the default endpoint first, the built-in one last.
    pub models: Vec<ModelInfo>,
    /// The id of the one that is asked where neither a person nor a setting chooses; none while
    /// that is not known.
    pub default: Option<String>,
    /// Why endpoints told none.
    pub failures: Vec<Failure>,
}

impl Assistant {
    /// Every model that can be asked. Endpoints that do not answer do not hide the others.
    pub async fn models(&self) -> Models {
        let config = self.config();
        let default = config.default_endpoint().map(|(name, _)| name.to_owned());
        let others = config.endpoints.keys().filter(|name| Some(*name) != default.as_ref());
        let names = default.iter().chain(others);
        let lists = join_all(names.map(|name| self.models_of(&config, name))).await;
        let mut all = Models::default();
        for (place, list) in lists.into_iter().enumerate() {
            match list {
                Ok(models) => {
                    // The default endpoint's come first; the first that is shown will be asked.
                    if let (0, Some(first), Some(name)) = (place, models.first(), &default) {
                        all.default = Some(first.id.clone());
                        self.remember_first(&config, name, &first.name);
                    }
                    all.models.extend(models);
                }
                Err(failure) => all.failures.push(failure),
            }
        }
        let permitted = self.permit(Action::AskBuiltInModel).is_ok();
        let local =
            if permitted { self.local.models().await.unwrap_or_default() } else { Vec::new() };
        if default.is_none() {
            all.default = local.first().map(|model| model.id.clone());
        }
        all.models.extend(local);
        all
    }

    async fn models_of(&self, config: &Arc<Config>, name: &str) -> Result<Vec<ModelInfo>, Failure> {
        let models = self.endpoint(config, name)?.models().await?;
        let policy = self.policy();
        Ok(models
            .into_iter()
            .filter(|model| policy.endpoints.allows_model(name, &model.name))
            .map(|model| ModelInfo {
                id: self.id_of(config, name, &model.name),
                endpoint: Some(name.to_owned()),
                ..model
            })
            .collect())
    }

    /// The built-in model's file, if it is there.
    pub fn local_model_file(&self) -> Option<PathBuf> {
        let file = self.config().local_model.options().file;
        file.is_file().then_some(file)
    }

    /// The model of this id; without one the default model, then the default endpoint's first,
    /// then the built-in model.
    pub(crate) async fn choose(&self, id: Option<&str>) -> Result<Chosen, Failure> {
        let config = self.config();
        let id = id.or(config.settings.model.as_deref());
        if id.is_some_and(|id| self.is_local(id)) {
            self.permit(Action::AskBuiltInModel)?;
            return Ok(self.built_in());
        }
        let Some((default, _)) = config.default_endpoint() else {
            self.refuse_withheld(&config, id)?;
            return match id {
                None => self.permit(Action::AskBuiltInModel).map(|()| self.built_in()),
                Some(id) => Err(Failure::new(
                    FailureCode::UnknownModel,
                    format!(
                        "there is no model “{id}”: no endpoint is configured, and the model on this machine is “{}”",
                        self.local.name()
                    ),
                )),
            };
        };
        let (endpoint, name) = match id {
            Some(id) => self.parts(&config, default, id)?,
            None => (default.to_owned(), self.first_model(&config, default).await?),
        };
        self.permit_model(&endpoint, &name)?;
        let configured = config.endpoints.get(&endpoint);
        // An answer says who gave it: where the endpoint was renamed, by the name that it has now.
        let current = id.filter(|id| *id == name || *id == format!("{endpoint}/{name}"));
        Ok(Chosen {
            model: self.endpoint(&config, &endpoint)?,
            id: current.map_or_else(|| self.id_of(&config, &endpoint, &name), str::to_owned),
            parameters: configured.map(|e| e.parameters.clone()).unwrap_or_default(),
            endpoint: Some(endpoint),
            name,
        })
    }

    /// The default endpoint, without asking it what its models are called; none where there is none.
    ///
    /// # Errors
    /// Where it cannot be used.
    pub(crate) fn default_without_name(&self) -> Result<Option<Chosen>, Failure> {
        let config = self.config();
        let Some((endpoint, configured)) = config.default_endpoint() else { return Ok(None) };
        Ok(Some(Chosen {
            model: self.endpoint(&config, endpoint)?,
            id: endpoint.to_owned(),
            parameters: configured.parameters.clone(),
            endpoint: Some(endpoint.to_owned()),
            name: String::new(),
        }))
    }

    /// The endpoint that an id names, and the model's name there. An id without an endpoint is of
    /// the default one; a model's name may hold slashes of its own.
    ///
    /// # Errors
    /// [`FailureCode::UnknownModel`] where the endpoint was removed: what was said to it is not
    /// for another's ears.
    pub(crate) fn parts(
        &self,
        config: &Config,
        default: &str,
        id: &str,
    ) -> Result<(String, String), Failure> {
        let Some((named, model)) = id.split_once('/') else {
            return Ok((default.to_owned(), id.to_owned()));
        };
        self.refuse_withheld(config, Some(id))?;
        let mut endpoint = named.to_owned();
        while !config.endpoints.contains_key(&endpoint) {
            match self.gone_endpoint(&endpoint)? {
                None => return Ok((default.to_owned(), id.to_owned())),
                Some(name) if name.is_empty() => {
                    let message =
                        format!("the endpoint “{named}” was removed; choose another model");
                    return Err(Failure::new(FailureCode::UnknownModel, message));
                }
                Some(name) => endpoint = name,
            }
        }
        Ok((endpoint, model.to_owned()))
    }

    /// Refuses a model of an endpoint that the organisation lets nobody use: it is not to be taken
    /// for another one's.
    fn refuse_withheld(&self, config: &Config, id: Option<&str>) -> Result<(), Failure> {
        let named = id.and_then(|id| id.split_once('/')).map(|(endpoint, _)| endpoint);
        let Some(name) = named.filter(|name| config.withheld.contains(*name)) else {
            return Ok(());
        };
        let policy = self.policy();
        let what = format!("the endpoint “{name}” is not to be used");
        Err(policy.forbidden(&what, policy.endpoints.reason.as_deref()))
    }

    /// Refuses a model that the organisation lets nobody ask.
    fn permit_model(&self, endpoint: &str, model: &str) -> Result<(), Failure> {
        let policy = self.policy();
        if policy.endpoints.allows_model(endpoint, model) {
            return Ok(());
        }
        let what = format!("the model “{model}” is not to be asked");
        Err(policy.forbidden(&what, policy.endpoints.reason.as_deref()))
    }

    /// What an endpoint's model is called here: its name, and before it the endpoint's where the
    /// name alone would be taken for another's.
    fn id_of(&self, config: &Config, endpoint: &str, name: &str) -> String {
        let alone = config.endpoints.len() == 1
            && self.parts(config, endpoint, name).is_ok_and(|(_, model)| model == name);
        if alone { name.to_owned() } else { format!("{endpoint}/{name}") }
    }

    /// Whether this is the model on this machine: the one in use, or the one that comes with Bureau
    /// and is asked by its name in older conversations.
    pub(crate) fn is_local(&self, id: &str) -> bool {
        id == self.local.name() || id == BUILT_IN_MODEL
    }

    pub(crate) fn built_in(&self) -> Chosen {
        Chosen {
            model: self.local.clone(),
            id: self.local.name().to_owned(),
            name: self.local.name().to_owned(),
            endpoint: None,
            parameters: Parameters::default(),
        }
    }

    /// The endpoint's first model, asked for once.
    async fn first_model(&self, config: &Arc<Config>, endpoint: &str) -> Result<String, Failure> {
        let known = self.first_model.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, model)) = known.filter(|(name, _)| name == endpoint) {
            return Ok(model);
        }
        let models = self.endpoint(config, endpoint)?.models().await?;
        let policy = self.policy();
        let allowed = |model: &ModelInfo| policy.endpoints.allows_model(endpoint, &model.name);
        let first = models.into_iter().find(allowed).map(|model| model.id).ok_or_else(|| {
            Failure::new(
                FailureCode::UnknownModel,
                "the endpoint offers no model; name one with BUREAU_MODEL or in the settings",
            )
        })?;
        self.remember_first(config, endpoint, &first);
        Ok(first)
    }

    fn remember_first(&self, config: &Arc<Config>, endpoint: &str, model: &str) {
        let mut known = self.first_model.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_in_force(config) {
            *known = Some((endpoint.to_owned(), model.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use endpoint::EndpointConfig;

    use super::*;
    use crate::Folders;

    fn with(names: &[&str]) -> Assistant {
        let endpoint = EndpointConfig::new("https://llm.example/v1".to_owned());
        let endpoints = names.iter().map(|name| ((*name).to_owned(), endpoint.clone()));
        let endpoints = BTreeMap::from_iter(endpoints);
        let folders = Folders { config: PathBuf::new(), data: PathBuf::new() };
        let assistant = Assistant::new(folders, Config { endpoints, ..Config::default() });
        assistant.start_temporary().unwrap();
        assistant
    }

    #[test]
    fn an_id_names_its_endpoint_or_the_default_one() {
        let assistant = with(&["lab", "work"]);
        let parts = |id: &str| assistant.parts(&assistant.config(), "work", id).unwrap();
        let is = |endpoint: &str, model: &str| (endpoint.to_owned(), model.to_owned());
        assert_eq!(parts("lab/m"), is("lab", "m"));
        assert_eq!(parts("m"), is("work", "m"));
        assert_eq!(parts("org/m"), is("work", "org/m"));
        assert_eq!(parts("lab/org/m"), is("lab", "org/m"));
    }

    #[tokio::test]
    async fn a_chosen_model_bears_the_name_that_its_endpoint_has_now() {
        let assistant = with(&["lab", "work"]);
        assistant.note_gone_endpoint("old", Some("lab")).unwrap();
        for (asked, called) in
            [("old/m", "lab/m"), ("lab/m", "lab/m"), ("m", "m"), ("org/m", "org/m")]
        {
            assert_eq!(assistant.choose(Some(asked)).await.unwrap().id, called);
        }
    }

    #[test]
    fn no_model_is_called_what_another_endpoints_would_be() {
        let several = with(&["lab", "work"]);
        assert_eq!(several.id_of(&several.config(), "work", "lab/m"), "work/lab/m");
        let one = with(&["work"]);
        assert_eq!(one.id_of(&one.config(), "work", "lab/m"), "lab/m");
        assert_eq!(one.id_of(&one.config(), "work", "work/m"), "work/work/m");
        one.note_gone_endpoint("lab", None).unwrap();
        assert_eq!(one.id_of(&one.config(), "work", "lab/m"), "work/lab/m");
    }
}
