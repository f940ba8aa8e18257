//! What holds at the desk: when the history is locked, the notice before anything else, and the
//! key that recovers a history.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use vault::Recipient;

/// When the history is locked, and how wrong passphrases are slowed down.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Lock {
    /// The most minutes without a key or a movement of the mouse before the history is locked; a
    /// person may choose fewer. Left out, they choose freely.
    pub idle_minutes: Option<NonZeroU32>,
    /// Whether the history is always locked with the operating system's session, and before the
    /// machine sleeps.
    pub with_system: bool,
    /// Whether the history must have a passphrase, so that a lock is one.
    pub passphrase: bool,
    /// How many passphrases may be wrong before the next one has to wait. Left out, 5.
    pub tries: Option<NonZeroU32>,
    /// The longest that one has to wait then, in minutes. Left out, 15.
    pub longest_wait_minutes: Option<NonZeroU32>,
    /// Why, in the organisation's own words.
    pub reason: Option<String>,
}

/// The notice that is to be accepted before anything else (NIST SP 800-53, AC-8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Banner {
    /// The notice by language (`en`, `fr`), as plain text; empty lines divide it. In a language
    /// that is left out, the first one that is there is shown.
    #[serde(deserialize_with = "texts")]
    pub text: BTreeMap<String, String>,
    /// How often it is to be accepted.
    #[serde(default)]
    pub accept: Acceptance,
}

/// How often the notice is to be accepted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Acceptance {
    /// At each start of the program.
    #[default]
    EachStart,
    /// Once, and again when the notice has changed.
    Once,
}

impl Banner {
    /// The notice in a language such as `fr` or `fr-CH`.
    pub fn in_language(&self, language: &str) -> &str {
        let short = language.split(['-', '_', '.']).next().unwrap_or_default();
        let text = self.text.get(language).or_else(|| self.text.get(short));
        text.or_else(|| self.text.get("en")).or_else(|| self.text.values().next()).map_or("", |t| t)
    }
}

/// The organisation's way into a history whose person is gone or has forgotten the passphrase.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Recovery {
    /// The public key of age (`age1…`) whose secret half opens every history and backup that is
    /// used under this policy.
    #[schemars(with = "Option<String>")]
    pub key: Option<Recipient>,
}

fn texts<'de, D: serde::Deserializer<'de>>(
    written: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let texts = BTreeMap::<String, String>::deserialize(written)?;
    if texts.is_empty() || texts.values().any(|text| text.trim().is_empty()) {
        return Err(serde::de::Error::custom(
            "a notice needs a text in each language that it names",
        ));
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use crate::{Format, Policy};

    fn policy(text: &str) -> Result<Policy, String> {
        Policy::parse("p", text, Format::Toml).map_err(|error| error.to_string())
    }

    #[test]
    fn a_notice_is_shown_in_the_language_that_is_spoken_or_in_one_that_is_there() {
        let text = "[banner]\ntext = { en = \"Hello\", fr = \"Bonjour\" }";
        let banner = policy(text).unwrap().banner.unwrap();
        for (language, said) in
            [("fr", "Bonjour"), ("fr-CH", "Bonjour"), ("fr_FR.UTF-8", "Bonjour"), ("de", "Hello")]
        {
            assert_eq!(banner.in_language(language), said, "{language}");
        }
        let only = policy("[banner]\ntext = { fr = \"Bonjour\" }").unwrap().banner.unwrap();
        assert_eq!(only.in_language("de"), "Bonjour");
        for wrong in ["[banner]\ntext = {}", "[banner]\ntext = { en = \" \" }", "[banner]\n"] {
            assert!(policy(wrong).unwrap_err().contains("line "), "{wrong}");
        }
    }

    #[test]
    fn a_recovery_key_is_checked_when_it_is_read() {
        let key = vault::Identity::random().unwrap().recipient();
        let read = policy(&format!("[recovery]\nkey = \"{key}\"")).unwrap();
        assert_eq!(read.recovery.key, Some(key));
        let wrong = policy("[recovery]\nkey = \"age1wrong\"").unwrap_err();
        assert!(wrong.contains("line 2, column 7") && wrong.contains("age-keygen"), "{wrong}");
        assert!(policy("[lock]\nidle_minutes = 0").is_err());
    }
}
