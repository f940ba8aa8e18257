//! What a person can set. It is kept in `config.toml`, in clear, since it must be known before
//! the history is unlocked; so it holds nothing private.

use audit::Event;
use std::sync::PoisonError;

use conversation::{Failure, FailureCode};
use policy::{Density, LANGUAGES, TEXT_SIZES, Theme};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use speech::RATES;

use crate::applied::managed_settings;
use crate::{Assistant, Change, config_file};

/// The settings, each with a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `en` or `fr`; none follows the system.
    pub language: Option<String>,
    /// Light or dark.
    pub theme: Theme,
    /// How much room there is between things.
    pub density: Density,
    /// The size of text, in percent of the usual one: 80 to 160.
    pub text_size: u16,
    /// How fast is read aloud, in percent of a voice's usual rate: 50 to 300.
    pub speech_rate: u16,
    /// Whether Enter sends; otherwise it begins a line, and Ctrl or Cmd with it sends.
    pub enter_sends: bool,
    /// The model to ask where a conversation names none; none means the default endpoint's first,
    /// or the built-in model where there is no endpoint.
    pub model: Option<String>,
    /// Whether a long answer that ends while the window is hidden is told.
    pub notify: bool,
    /// The keys that bring up the window for a quick question over other programs, such as
    /// `CommandOrControl+Shift+Space`; empty means none.
    pub quick_keys: String,
    /// Whether the program goes on in the tray when its last window is closed.
    pub background: bool,
    /// Whether new conversations are temporary unless the person says otherwise.
    pub temporary: bool,
    /// Whether the model that answered is also asked for a title.
    pub model_titles: bool,
    /// Whether the files that documents are read of are kept with them, encrypted as they are.
    pub keep_originals: bool,
    /// Minutes without a stir before the history is locked; 0 means never.
    pub lock_minutes: u16,
    /// Whether the history is locked when the operating system's session is, or sleeps.
    pub lock_with_system: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: None,
            theme: Theme::default(),
            density: Density::default(),
            text_size: 100,
            speech_rate: 100,
            enter_sends: true,
            model: None,
            notify: true,
            quick_keys: "CommandOrControl+Shift+Space".to_owned(),
            background: false,
            temporary: false,
            model_titles: true,
            keep_originals: false,
            lock_minutes: 0,
            lock_with_system: true,
        }
    }
}

/// Reads settings as a file has them: what it leaves out has its default.
pub(crate) fn partial<'de, D: Deserializer<'de>>(file: D) -> Result<Settings, D::Error> {
    let given = toml::Table::deserialize(file)?;
    let mut all = toml::Table::try_from(Settings::default()).map_err(D::Error::custom)?;
    all.extend(given);
    all.try_into().map_err(D::Error::custom)
}

impl Settings {
    /// The names of the settings in which these differ.
    fn differences(&self, others: &Self) -> String {
        let member = |settings: &Self| serde_json::to_value(settings).unwrap_or_default();
        let (own, others) = (member(self), member(others));
        let all = own.as_object().into_iter().flatten();
        let differ = all.filter(|(name, value)| others.get(name.as_str()) != Some(*value));
        differ.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// What is wrong with these settings, if anything is.
    pub(crate) fn problem(&self) -> Option<String> {
        if !TEXT_SIZES.contains(&self.text_size) {
            let (least, most) = (TEXT_SIZES.start(), TEXT_SIZES.end());
            return Some(format!("text_size must be from {least} to {most}"));
        }
        if !RATES.contains(&self.speech_rate) {
            let (least, most) = (RATES.start(), RATES.end());
            return Some(format!("speech_rate must be from {least} to {most}"));
        }
        let unknown = |language: &&String| !LANGUAGES.contains(&language.as_str());
        self.language.as_ref().filter(unknown).map(|language| {
            format!("language “{language}” is not there; there are {}", LANGUAGES.join(", "))
        })
    }
}

impl Assistant {
    /// The settings in force.
    pub fn settings(&self) -> Settings {
        self.config.read().unwrap_or_else(PoisonError::into_inner).settings.clone()
    }

    /// Keeps these settings.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] where one cannot be; [`FailureCode::Forbidden`] where the
    /// organisation fixes one that differs; [`FailureCode::Configuration`] where `config.toml`
    /// cannot be read or written. Nothing has changed then.
    pub fn set_settings(&self, settings: &Settings) -> Result<Settings, Failure> {
        self.audited(
            Event::new(audit::Action::SettingsChange)
                .with("settings", self.settings().differences(settings)),
            || {
                if let Some(problem) = settings.problem() {
                    return Err(Failure::new(FailureCode::Invalid, problem));
                }
                let turn = self.turn_to_change();
                // What is left as it is in force is left as it is written: by hand since the program
                // began, or under an environment variable that holds for now.
                let before = self.settings();
                self.permit_settings(&before, settings)?;
                self.change_config(&turn, |document| {
                    config_file::put(document, &["settings"], Some(&before), settings)
                })?;
                self.changes.tell(|| Change::Settings { settings: self.settings() });
                Ok(self.settings())
            },
        )
    }

    /// Refuses another value for a setting that the organisation fixes.
    fn permit_settings(&self, before: &Settings, wanted: &Settings) -> Result<(), Failure> {
        let member = |settings: &Settings| serde_json::to_value(settings).unwrap_or_default();
        let (before, wanted, policy) = (member(before), member(wanted), self.policy());
        let fixed = managed_settings(&policy);
        match fixed.into_iter().find(|name| before.get(name) != wanted.get(name)) {
            Some(name) => {
                let what = format!("the setting {name} is the organisation's");
                let forbidden_temporary = name == "temporary" && !policy.features.temporary;
                let section = if forbidden_temporary {
                    &policy.features.reason
                } else {
                    &policy.settings.reason
                };
                Err(policy.forbidden(&what, section.as_deref()))
            }
            None => Ok(()),
        }
    }
}
