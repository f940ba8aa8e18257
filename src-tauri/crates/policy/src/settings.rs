//! Settings that a person cannot change.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The smallest and the largest text, in percent.
pub const TEXT_SIZES: std::ops::RangeInclusive<u16> = 80..=160;
/// The languages that the window speaks.
pub const LANGUAGES: &[&str] = &["en", "fr", "es", "de", "pt", "it", "ja", "ar"];

/// Light or dark.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How much room there is between things.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Density {
    /// Room to breathe.
    #[default]
    Comfortable,
    /// More on the screen.
    Compact,
}

/// Settings that a person cannot change. Those that are left out are the person's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ManagedSettings {
    /// Why, and whom to ask.
    pub reason: Option<String>,
    /// The window's language.
    pub language: Option<String>,
    /// Light or dark.
    pub theme: Option<Theme>,
    /// How much room there is between things.
    pub density: Option<Density>,
    /// The size of text, in percent of the usual one: 80 to 160.
    pub text_size: Option<u16>,
    /// Whether Enter sends.
    pub enter_sends: Option<bool>,
    /// The model to ask where a conversation names none.
    pub model: Option<String>,
    /// Whether a long answer that ends while the window is hidden is told.
    pub notify: Option<bool>,
    /// The keys that bring up the window for a quick question; empty means none.
    pub quick_keys: Option<String>,
    /// Whether the program goes on in the tray when its last window is closed.
    pub background: Option<bool>,
    /// Whether new conversations are temporary unless the person says otherwise.
    pub temporary: Option<bool>,
    /// Whether the model that answered is also asked for a title.
    pub model_titles: Option<bool>,
}

impl ManagedSettings {
    /// What is wrong with the section, if anything is.
    pub(crate) fn problem(&self) -> Option<String> {
        if let Some(size) = self.text_size.filter(|size| !TEXT_SIZES.contains(size)) {
            let (least, most) = (TEXT_SIZES.start(), TEXT_SIZES.end());
            return Some(format!("settings.text_size: {size} is not from {least} to {most}"));
        }
        let unknown = |language: &&String| !LANGUAGES.contains(&language.as_str());
        self.language.as_ref().filter(unknown).map(|language| {
            let all = LANGUAGES.join(", ");
            format!("settings.language: “{language}” is not there; there are {all}")
        })
    }
}
