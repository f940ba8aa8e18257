//! What is configured, as it is under the organisation's policy.

use std::sync::{Arc, PoisonError};

use endpoint::EndpointConfig;
use policy::Policy;

use crate::config::Config;
use crate::{Assistant, Settings};

/// The configuration under a policy: without endpoints that may not be used, with those that are
/// provided, each reached and asked as is prescribed.
pub(crate) fn under(policy: &Policy, written: &Config) -> Config {
    let mut config = written.clone();
    let section = &policy.endpoints;
    config.endpoints.retain(|name, endpoint| {
        let allowed = section.allows_own(endpoint);
        if !allowed {
            config.withheld.insert(name.clone());
        }
        allowed
    });
    if config.from_environment && config.endpoints.is_empty() {
        // The environment's key is for the environment's server.
        config.from_environment = false;
        config.api_key = None;
    }
    for (name, endpoint) in &section.provided {
        config.endpoints.insert(name.clone(), endpoint.clone());
        config.withheld.remove(name);
        config.provided.insert(name.clone());
    }
    let names = |name: &String| config.endpoints.contains_key(name);
    let fallback = || section.default.as_ref().or(section.provided.keys().next());
    if !config.from_environment {
        config.endpoint = config.endpoint.clone().filter(names).or_else(|| fallback().cloned());
    }
    config.endpoints.values_mut().for_each(|endpoint| prescribe(policy, endpoint));
    config.settings = settings_under(policy, config.settings);
    config
}

/// Lets an endpoint be reached and asked as is prescribed.
pub(crate) fn prescribe(policy: &Policy, endpoint: &mut EndpointConfig) {
    let network = &policy.network;
    endpoint.proxy = network.proxy.clone().or(endpoint.proxy.take());
    for file in &network.ca_certificates {
        if !endpoint.ca_certificates.contains(file) {
            endpoint.ca_certificates.push(file.clone());
        }
    }
    endpoint.forced = policy.endpoints.parameters.clone();
}

/// The settings under a policy.
fn settings_under(policy: &Policy, own: Settings) -> Settings {
    let fixed = &policy.settings;
    Settings {
        language: fixed.language.clone().or(own.language),
        theme: fixed.theme.unwrap_or(own.theme),
        density: fixed.density.unwrap_or(own.density),
        text_size: fixed.text_size.unwrap_or(own.text_size),
        speech_rate: own.speech_rate,
        enter_sends: fixed.enter_sends.unwrap_or(own.enter_sends),
        model: fixed.model.clone().or(own.model),
        notify: fixed.notify.unwrap_or(own.notify),
        quick_keys: fixed.quick_keys.clone().unwrap_or(own.quick_keys),
        background: fixed.background.unwrap_or(own.background),
        temporary: policy.features.temporary && fixed.temporary.unwrap_or(own.temporary),
        model_titles: fixed.model_titles.unwrap_or(own.model_titles),
        keep_originals: own.keep_originals,
        // How long nobody may stir at most is a rule of its own (`locking.rs`).
        lock_minutes: own.lock_minutes,
        lock_with_system: policy.lock.with_system || own.lock_with_system,
    }
}

impl Assistant {
    /// Lets what is configured hold under the policy in force.
    pub(crate) fn configure_anew(&self) {
        let written = self.written.read().unwrap_or_else(PoisonError::into_inner).clone();
        let config = under(&self.policy(), &written);
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
        self.forget_endpoints();
    }
}

#[cfg(test)]
mod tests {
    use policy::Format;

    use super::*;

    fn config(policy: &str, written: &str) -> Config {
        let policy = Policy::parse("p", policy, Format::Toml).unwrap();
        under(&policy, &toml::from_str(written).unwrap())
    }

    const OWN: &str = "
        endpoint = \"mine\"
        [endpoints.mine]
        address = \"https://mine.example/v1\"
        ca_certificates = [\"/own.pem\"]
        [endpoints.work]
        address = \"https://evil.example/v1\"";
    const PROVIDED: &str = "
        [network]
        proxy = \"http://proxy.example:3128\"
        ca_certificates = [\"/organisation.pem\"]
        [endpoints.provided.work]
        address = \"https://llm.example/v1\"";

    #[test]
    fn what_is_provided_takes_the_place_of_what_is_ones_own() {
        let config =
            config(&format!("[endpoints]\nparameters = {{ store = false }}{PROVIDED}"), OWN);
        assert_eq!(config.endpoints["work"].address, "https://llm.example/v1");
        assert_eq!(config.default_endpoint().unwrap().0, "mine");
        let mine = &config.endpoints["mine"];
        assert_eq!(mine.proxy.as_deref(), Some("http://proxy.example:3128"));
        assert_eq!(mine.ca_certificates.len(), 2);
        assert_eq!(mine.forced["store"], false);
        assert!(config.withheld.is_empty());
    }

    #[test]
    fn an_endpoint_that_may_not_be_used_is_withheld() {
        let config = config(&format!("[endpoints]\nown = false{PROVIDED}"), OWN);
        assert_eq!(config.endpoints.keys().collect::<Vec<_>>(), ["work"]);
        assert_eq!(config.default_endpoint().unwrap().0, "work");
        assert!(config.withheld.contains("mine"));
    }

    #[test]
    fn the_environments_key_goes_to_no_other_server() {
        let policy = format!("[endpoints]\nown = false{PROVIDED}");
        let policy = Policy::parse("p", &policy, Format::Toml).unwrap();
        let mut written: Config = toml::from_str(OWN).unwrap();
        written.endpoint = None;
        written.from_environment = true;
        written.api_key = Some("sesame".to_owned().into());
        let config = under(&policy, &written);
        assert!(config.api_key.is_none() && !config.from_environment);
    }

    #[test]
    fn settings_are_as_the_policy_has_them() {
        let policy = "[settings]\ntheme = \"dark\"\nmodel = \"m\"\n[features]\ntemporary = false";
        let settings = config(policy, "[settings]\ntheme = \"light\"\ntemporary = true").settings;
        let own = Settings { theme: policy::Theme::Dark, ..Settings::default() };
        assert_eq!(settings, Settings { model: Some("m".to_owned()), ..own });
    }
}
