//! The model endpoints: which there are, changing them, and trying them out. Addresses lie in
//! `config.toml`; keys lie in the encrypted history alone.

use audit::Event;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use conversation::{Failure, FailureCode};
use endpoint::{
    Auth, ChatModel, EndpointConfig, EndpointError, EndpointKind, HttpEndpoint, ModelInfo,
};
use policy::Action;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use toml_edit::Item;

use crate::config::Config;
use crate::defect::unexpected;
use crate::{Assistant, Change, SealedCertificate, SignIn, config_file, effective};

/// The most characters of an endpoint's name.
const MAX_NAME: usize = 40;

/// An endpoint as a person writes it down. What else `config.toml` says of it stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(deny_unknown_fields)]
pub struct EndpointDraft {
    /// What the person calls it: 1 to 40 characters, no `/`.
    pub name: String,
    /// Its base address.
    pub address: String,
    /// Which protocol it speaks.
    pub kind: EndpointKind,
    /// The version of Azure's API; none means the default one.
    pub api_version: Option<String>,
    /// Whether plain `http://` may be used to another machine.
    pub allow_http: bool,
}

/// An endpoint as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct EndpointView {
    /// What can be changed of it.
    pub draft: EndpointDraft,
    /// Whether a key is kept for it.
    pub has_key: bool,
    /// Whether it comes from the environment, and cannot be changed here.
    pub fixed: bool,
    /// Who is signed in to it; none where nobody need sign in.
    pub sign_in: Option<SignIn>,
    /// The client certificate, where it opens with a password or PIN.
    pub certificate: Option<SealedCertificate>,
    /// Whether the organisation provides it: of it a person can change nothing but the key.
    pub provided: bool,
}

/// What to do with an endpoint's key.
#[derive(Clone, Deserialize, specta::Type)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum KeyChange {
    /// It stays.
    Keep,
    /// This one is kept from now on.
    Set {
        /// The key.
        key: String,
    },
    /// It is forgotten.
    Forget,
}

/// What trying an endpoint out has shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct EndpointReport {
    /// The models that it offers; Azure does not tell.
    pub models: Vec<ModelInfo>,
    /// How long it took to tell.
    pub milliseconds: u32,
}

/// What of an endpoint is written to `config.toml` here.
#[derive(Serialize)]
struct Written<'a> {
    address: &'a str,
    kind: EndpointKind,
    api_version: Option<&'a str>,
    allow_http: bool,
}

impl KeyChange {
    /// What the audit log has of it.
    fn told(&self) -> &'static str {
        match self {
            Self::Keep => "kept",
            Self::Set { .. } => "set",
            Self::Forget => "forgotten",
        }
    }
}

impl EndpointDraft {
    fn of(name: &str, config: &EndpointConfig) -> Self {
        Self {
            name: name.to_owned(),
            address: config.address.clone(),
            kind: config.kind,
            api_version: config.api_version.clone(),
            allow_http: config.allow_http,
        }
    }

    fn apply(&self, config: &mut EndpointConfig) {
        config.address = self.address.trim().to_owned();
        config.kind = self.kind;
        config.api_version = self.api_version.clone().filter(|version| !version.trim().is_empty());
        config.allow_http = self.allow_http;
    }

    /// What the audit log has of it: no key that may stand in its address.
    fn told(&self, action: audit::Action) -> Event {
        let address = endpoint::without_user(&self.address);
        Event::new(action).with("name", self.name.trim()).with("address", address)
    }

    fn checked_name(&self) -> Result<&str, Failure> {
        let name = self.name.trim();
        let allowed = |c: char| !c.is_control() && c != '/';
        if name.is_empty() || name.chars().count() > MAX_NAME || !name.chars().all(allowed) {
            let message = format!("an endpoint's name has 1 to {MAX_NAME} characters, and no “/”");
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        Ok(name)
    }
}

impl Assistant {
    /// The configured endpoints, by name.
    ///
    /// # Errors
    /// As the history fails.
    pub fn endpoints(&self) -> Result<Vec<EndpointView>, Failure> {
        let config = self.config();
        let view = |(name, endpoint): (&String, &EndpointConfig)| {
            let provided = config.provided.contains(name);
            Ok(EndpointView {
                draft: EndpointDraft::of(name, endpoint),
                has_key: self.key_of(&config, name)?.is_some(),
                fixed: config.from_environment && !provided,
                sign_in: self.sign_in_of(endpoint)?,
                certificate: self.sealed_certificate(endpoint)?,
                provided,
            })
        };
        config.endpoints.iter().map(view).collect()
    }

    /// Adds an endpoint, or changes the one called `previous`. The first one is the default.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] for its name; [`FailureCode::Forbidden`] where the organisation
    /// lets it not be used, or not be changed; [`FailureCode::Configuration`] where it cannot be
    /// used or `config.toml` cannot be changed; [`FailureCode::Locked`] where there is a key to
    /// keep and no history to keep it in. Nothing has changed then.
    pub fn save_endpoint(
        &self,
        previous: Option<&str>,
        draft: &EndpointDraft,
        key: &KeyChange,
    ) -> Result<Vec<EndpointView>, Failure> {
        self.audited(draft.told(audit::Action::EndpointChange).with("key", key.told()), || {
            let turn = self.turn_to_change();
            if self.config().provided.contains(draft.name.trim()) {
                return self.save_key_of_provided(previous, draft, key);
            }
            let config = self.changeable()?;
            let name = draft.checked_name()?;
            if previous != Some(name) && config.endpoints.contains_key(name) {
                let message = format!("there is an endpoint “{name}” already");
                return Err(Failure::new(FailureCode::Invalid, message));
            }
            let (endpoint, secret) = self.drafted(&config, previous, draft, key)?;
            match HttpEndpoint::new(endpoint.clone(), secret) {
                // The certificate is not of what is changed here, and may need to be opened first.
                Ok(_) | Err(EndpointError::ClientCertificate(_)) => {}
                Err(error) => return Err(error.into()),
            }
            let default = config.default_endpoint().map(|(default, _)| default);
            let is_default = default.is_none() || default == previous;
            if is_default && endpoint.origin() != config.default_origin() {
                refuse_with_environment_key(&config)?;
            }
            let history = self.history()?;
            let kept = match key {
                KeyChange::Keep => {
                    let kept = previous.map(|previous| history.setting(&key_setting(previous)));
                    kept.transpose()?.flatten()
                }
                KeyChange::Set { key } => KeptKey::of(&endpoint, key)?,
                KeyChange::Forget => None,
            };
            let before = history.setting(&key_setting(name))?;
            // The key first: until the file names its server it is sent nowhere.
            history.set_setting(&key_setting(name), kept.as_deref())?;
            let written = Written {
                address: &endpoint.address,
                kind: endpoint.kind,
                api_version: endpoint.api_version.as_deref(),
                allow_http: endpoint.allow_http,
            };
            let changed = self.change_config(&turn, |document| {
                if let Some(previous) = previous.filter(|previous| *previous != name) {
                    config_file::rename(document, "endpoints", previous, name);
                }
                // Models that name no endpoint stay those of this one, whatever is added later.
                let named = document.get("endpoint").and_then(Item::as_str);
                let default = default.filter(|_| !is_default).unwrap_or(name);
                // What is provided does not stand in the file.
                if (named.is_none() || named != Some(name) && named == previous)
                    && !config.provided.contains(default)
                {
                    document["endpoint"] = toml_edit::value(default);
                }
                config_file::put(document, &["endpoints", name], None, &written)
            });
            if changed.is_err() {
                history.set_setting(&key_setting(name), before.as_deref())?;
            }
            changed?;
            history.set_setting(&gone_setting(name), None)?;
            if let Some(previous) = previous.filter(|previous| *previous != name) {
                history.set_setting(&key_setting(previous), None)?;
                self.note_gone_endpoint(previous, Some(name))?;
            }
            self.changes.tell(|| Change::Endpoints);
            self.endpoints()
        })
    }

    /// Keeps the key of an endpoint that the organisation provides; nothing else of it can change.
    fn save_key_of_provided(
        &self,
        previous: Option<&str>,
        draft: &EndpointDraft,
        key: &KeyChange,
    ) -> Result<Vec<EndpointView>, Failure> {
        let config = self.config();
        let name = draft.checked_name()?;
        let (endpoint, secret) = self.drafted(&config, previous, draft, key)?;
        HttpEndpoint::new(endpoint.clone(), secret)?;
        let kept = match key {
            KeyChange::Keep => return self.endpoints(),
            KeyChange::Set { key } => KeptKey::of(&endpoint, key)?,
            KeyChange::Forget => None,
        };
        self.history()?.set_setting(&key_setting(name), kept.as_deref())?;
        self.forget_endpoints();
        self.changes.tell(|| Change::Endpoints);
        self.endpoints()
    }

    /// Refuses an endpoint that the organisation lets nobody use, and to change one that it
    /// provides.
    fn permit_endpoint(
        &self,
        config: &Config,
        previous: Option<&str>,
        draft: &EndpointDraft,
        endpoint: &EndpointConfig,
    ) -> Result<(), Failure> {
        let policy = self.policy();
        let forbidden = |what: &str| policy.forbidden(what, policy.endpoints.reason.as_deref());
        let provided = |name: &str| config.provided.contains(name);
        if previous.is_some_and(provided) || provided(draft.name.trim()) {
            let same = previous == Some(draft.name.trim())
                && previous.and_then(|name| config.endpoints.get(name)) == Some(endpoint);
            let what = "an endpoint that the organisation provides is not to be changed";
            return if same { Ok(()) } else { Err(forbidden(what)) };
        }
        policy.permit(Action::ConfigureEndpoints)?;
        match policy.endpoints.allows_own(endpoint) {
            true => Ok(()),
            false => Err(forbidden("endpoints of one's own are not to be at this server")),
        }
    }

    /// Forgets an endpoint, its key and sign-in, and the default model where that was one of its.
    ///
    /// # Errors
    /// As [`save_endpoint`](Self::save_endpoint).
    pub fn remove_endpoint(&self, name: &str) -> Result<Vec<EndpointView>, Failure> {
        self.audited(Event::new(audit::Action::EndpointRemove).with("name", name), || {
            let turn = self.turn_to_change();
            if self.config().provided.contains(name) {
                let policy = self.policy();
                let what = "an endpoint that the organisation provides is not to be removed";
                return Err(policy.forbidden(what, policy.endpoints.reason.as_deref()));
            }
            let config = self.changeable()?;
            if config.default_endpoint().is_some_and(|(default, _)| default == name) {
                refuse_with_environment_key(&config)?;
            }
            let history = self.history()?;
            let default = config.default_endpoint().map_or("", |(default, _)| default);
            let model = config.settings.model.as_deref().filter(|model| !self.is_local(model));
            let is_default_model = model.is_some_and(|model| {
                self.parts(&config, default, model).is_ok_and(|(endpoint, _)| endpoint == name)
            });
            self.change_config(&turn, |document| {
                if config.endpoint.as_deref() == Some(name) {
                    document.remove("endpoint");
                }
                config_file::remove(document, "endpoints", name);
                if is_default_model {
                    config_file::remove(document, "settings", "model");
                }
                Ok(())
            })?;
            history.set_setting(&key_setting(name), None)?;
            if let Some(removed) = config.endpoints.get(name) {
                self.forget_tokens(removed);
            }
            self.note_gone_endpoint(name, None)?;
            if is_default_model {
                self.changes.tell(|| Change::Settings { settings: self.settings() });
            }
            self.changes.tell(|| Change::Endpoints);
            self.endpoints()
        })
    }

    /// Tries out an endpoint as it would be after [`save_endpoint`](Self::save_endpoint), and
    /// keeps nothing.
    ///
    /// # Errors
    /// The failure that a person would meet with it.
    pub async fn test_endpoint(
        &self,
        previous: Option<&str>,
        draft: &EndpointDraft,
        key: &KeyChange,
    ) -> Result<EndpointReport, Failure> {
        let noted = self.note_beginning(draft.told(audit::Action::EndpointTest))?;
        let tried = self.try_endpoint(previous, draft, key).await;
        noted.end(&tried);
        tried
    }

    async fn try_endpoint(
        &self,
        previous: Option<&str>,
        draft: &EndpointDraft,
        key: &KeyChange,
    ) -> Result<EndpointReport, Failure> {
        let (config, secret) = self.drafted(&self.config(), previous, draft, key)?;
        let endpoint = self.opened_with(&config, secret)?;
        let begun = Instant::now();
        let models = endpoint.models().await?;
        let milliseconds = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
        Ok(EndpointReport { models, milliseconds })
    }

    /// The configuration, if the endpoints may be changed here.
    fn changeable(&self) -> Result<Arc<Config>, Failure> {
        let config = self.config();
        if config.from_environment {
            let message = "the endpoint comes from BUREAU_ENDPOINT; unset it to configure others";
            return Err(Failure::new(FailureCode::Configuration, message));
        }
        Ok(config)
    }

    fn drafted(
        &self,
        config: &Config,
        previous: Option<&str>,
        draft: &EndpointDraft,
        key: &KeyChange,
    ) -> Result<(EndpointConfig, Option<SecretString>), Failure> {
        let existing = previous.and_then(|name| config.endpoints.get(name)).cloned();
        let origin = existing.as_ref().and_then(EndpointConfig::origin);
        let mut endpoint = existing.unwrap_or_else(|| EndpointConfig::new(String::new()));
        draft.apply(&mut endpoint);
        self.permit_endpoint(config, previous, draft, &endpoint)?;
        effective::prescribe(&self.policy(), &mut endpoint);
        let secret = match (key, previous) {
            (KeyChange::Set { key }, _) => Some(SecretString::from(key.trim().to_owned())),
            (KeyChange::Keep, Some(previous)) => self.key_of(config, previous)?,
            (KeyChange::Keep, None) | (KeyChange::Forget, _) => None,
        };
        if endpoint.auth == Auth::Oidc && endpoint.origin() != origin {
            let message = "who is signed in to this endpoint is known to its server alone; another address is set in config.toml";
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        // Whoever can change the address must not learn the key by it.
        if matches!(key, KeyChange::Keep) && secret.is_some() && endpoint.origin() != origin {
            let message = "the key was given for another server; enter the key of this one";
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        Ok((endpoint, secret))
    }

    /// The key of an endpoint: the environment's for the default one, else the kept one, if it
    /// was given for the server that the endpoint is at now.
    fn key_of(&self, config: &Config, name: &str) -> Result<Option<SecretString>, Failure> {
        let default = config.default_endpoint().is_some_and(|(default, _)| default == name);
        if let Some(key) = config.api_key.as_ref().filter(|_| default) {
            return Ok(Some(key.clone()));
        }
        let Ok(history) = self.history() else { return Ok(None) };
        let server = config.endpoints.get(name).and_then(EndpointConfig::origin);
        let kept = history.setting(&key_setting(name))?;
        let kept = kept.and_then(|text| serde_json::from_str::<KeptKey>(&text).ok());
        Ok(kept
            .filter(|kept| Some(&kept.server) == server.as_ref())
            .map(|kept| SecretString::from(kept.key)))
    }

    /// Notes that an endpoint has another name now, or none any more: the conversations that ask
    /// its models by the old name must not be sent to another server.
    pub(crate) fn note_gone_endpoint(&self, name: &str, now: Option<&str>) -> Result<(), Failure> {
        Ok(self.history()?.set_setting(&gone_setting(name), Some(now.unwrap_or_default()))?)
    }

    /// The name now of an endpoint that had this one; empty if it was removed.
    pub(crate) fn gone_endpoint(&self, name: &str) -> Result<Option<String>, Failure> {
        let Ok(history) = self.history() else { return Ok(None) };
        Ok(history.setting(&gone_setting(name))?)
    }

    /// The endpoint of this name, made when it is first asked; it keeps its connections.
    pub(crate) fn endpoint(
        &self,
        config: &Arc<Config>,
        name: &str,
    ) -> Result<Arc<HttpEndpoint>, Failure> {
        let Some(endpoint) = config.endpoints.get(name) else {
            let message = format!("there is no endpoint “{name}”; choose another model");
            return Err(Failure::new(FailureCode::UnknownModel, message));
        };
        let mut made = self.endpoints.lock().unwrap_or_else(PoisonError::into_inner);
        let in_force = self.is_in_force(config);
        if let Some(made) = made.get(name).filter(|_| in_force) {
            return Ok(made.clone());
        }
        let new = Arc::new(self.opened_with(endpoint, self.key_of(config, name)?)?);
        if in_force {
            made.insert(name.to_owned(), new.clone());
        }
        Ok(new)
    }
}

/// The setting in the encrypted history that holds an endpoint's key.
fn key_setting(name: &str) -> String {
    format!("endpoint_key/{name}")
}

/// The setting in the encrypted history that tells what became of an endpoint.
fn gone_setting(name: &str) -> String {
    format!("endpoint_gone/{name}")
}

/// A key as it is kept. `config.toml` can be changed by hand, and the environment can name another
/// endpoint: the key still goes to no other server than it was given for.
#[derive(Serialize, Deserialize)]
struct KeptKey {
    /// Scheme, host and port of the server.
    server: String,
    key: String,
}

impl KeptKey {
    /// This key for this endpoint, as it is kept; none where it is empty.
    fn of(endpoint: &EndpointConfig, key: &str) -> Result<Option<String>, Failure> {
        let Some(server) = endpoint.origin().filter(|_| !key.trim().is_empty()) else {
            return Ok(None);
        };
        let kept = Self { server, key: key.trim().to_owned() };
        serde_json::to_string(&kept).map(Some).map_err(unexpected)
    }
}

/// Refuses to let another server become the default one while the environment gives its key:
/// whoever can change an address must not learn the key by it.
fn refuse_with_environment_key(config: &Config) -> Result<(), Failure> {
    if config.api_key.is_none() {
        return Ok(());
    }
    let message = "BUREAU_API_KEY is the default endpoint's key; unset it to change that endpoint";
    Err(Failure::new(FailureCode::Configuration, message))
}

#[cfg(test)]
mod tests {
    use endpoint::{ChatRequest, Parameters};

    use super::*;
    use crate::Folders;

    #[test]
    fn what_an_earlier_configuration_made_is_asked_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let (config, data) = (folder.path().to_owned(), folder.path().to_owned());
        let assistant = Assistant::new(Folders { config, data }, Config::default());
        assistant.start_temporary().unwrap();
        let save = |previous, address: &str| {
            let config = EndpointConfig::new(address.to_owned());
            let draft = EndpointDraft::of("work", &config);
            assistant.save_endpoint(previous, &draft, &KeyChange::Forget).unwrap();
        };
        save(None, "https://old.example/v1");
        // A question that is just being asked.
        let earlier = assistant.config();
        save(Some("work"), "https://new.example/v1");
        assistant.endpoint(&earlier, "work").unwrap();

        let (model, parameters) = ("m".to_owned(), Parameters::default());
        let request = ChatRequest { model, messages: Vec::new(), parameters };
        let asked = assistant.endpoint(&assistant.config(), "work").unwrap();
        assert!(asked.request_text(&request).contains("https://new.example"));
    }
}
