//! How Bureau is renewed.

use endpoint::EndpointConfig;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How Bureau is renewed. Without an address nothing is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Updates {
    /// Why, and whom to ask.
    pub reason: Option<String>,
    /// The channel that updates come from, such as `stable`. `none` forbids them: the organisation
    /// installs them itself.
    pub channel: Option<String>,
    /// Where the description of the newest version lies, which begins with `https://`. It may hold
    /// `{{target}}` (`linux`, `darwin`, `windows`), `{{arch}}`, `{{current_version}}` and `{{channel}}`.
    pub address: Option<String>,
    /// The public key of minisign that signs the packages: the second line of the `.pub` file.
    pub public_key: Option<String>,
}

impl Updates {
    /// Whether Bureau may look for updates.
    pub fn allowed(&self) -> bool {
        self.channel.as_deref() != Some("none")
    }

    /// Where updates are looked for, and the key that signs them; none where they are not.
    pub fn source(&self) -> Option<(&str, &str)> {
        let source = self.address.as_deref().zip(self.public_key.as_deref());
        source.filter(|_| self.allowed())
    }

    /// An address of this policy for a system, an architecture and the version that runs.
    pub fn filled(&self, address: &str, target: &str, arch: &str, version: &str) -> String {
        let channel = self.channel.as_deref().unwrap_or_default();
        let filled = address.trim().replace("{{target}}", target).replace("{{arch}}", arch);
        filled.replace("{{current_version}}", version).replace("{{channel}}", channel)
    }

    /// What is wrong with the section, if anything is.
    pub(crate) fn problem(&self) -> Option<String> {
        let (address, key) = match (&self.address, &self.public_key) {
            (None, None) => return None,
            (None, Some(_)) => return Some("updates.address: it goes with public_key".to_owned()),
            (Some(_), None) => return Some("updates.public_key: it goes with address".to_owned()),
            (Some(address), Some(key)) => (address, key),
        };
        let filled = self.filled(address, "x", "x", "1.0.0");
        if filled.contains("{{") || EndpointConfig::new(filled).checked().is_err() {
            let what = "updates.address: it must begin with https:// (http:// to this machine alone), \
                        end before any “?” or “#”, and hold nothing in braces but {{target}}, {{arch}}, \
                        {{current_version}} and {{channel}}";
            return Some(what.to_owned());
        }
        let key = minisign_verify::PublicKey::from_base64(key.trim());
        key.err().map(|error| format!("updates.public_key: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_the_machine_and_the_channel() {
        let updates = Updates { channel: Some("stable".to_owned()), ..Updates::default() };
        let address = "https://x/{{channel}}/{{target}}-{{arch}}/{{current_version}}.json";
        let filled = updates.filled(address, "linux", "x86_64", "0.1.0");
        assert_eq!(filled, "https://x/stable/linux-x86_64/0.1.0.json");
    }

    #[test]
    fn what_is_forbidden_has_no_source() {
        let mut updates = Updates {
            address: Some("https://x/latest.json".to_owned()),
            public_key: Some("y".to_owned()),
            ..Updates::default()
        };
        assert_eq!(updates.source(), Some(("https://x/latest.json", "y")));
        updates.channel = Some("none".to_owned());
        assert_eq!(updates.source(), None);
    }
}
