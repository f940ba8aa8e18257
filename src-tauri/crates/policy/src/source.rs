//! Where a newer policy is fetched from.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a newer policy is fetched from. Until one was, and where none is good, the policy in which
/// this stands is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its address, which begins with `https://`; JSON where it ends in `.json`, else TOML. The
    /// signature lies beside it, with `.minisig` at the end.
    pub address: String,
    /// The public key of minisign that signs it: the second line of the `.pub` file.
    pub public_key: String,
    /// How many hours pass until it is looked for again.
    #[serde(default = "four")]
    pub hours: u32,
    /// The proxy to use instead of the environment's or the system's.
    #[serde(default)]
    pub proxy: Option<String>,
    /// PEM files of certificate authorities to trust besides the system's.
    #[serde(default)]
    pub ca_certificates: Vec<PathBuf>,
}

fn four() -> u32 {
    4
}

impl Source {
    /// Where the signature lies.
    pub fn signature_address(&self) -> String {
        format!("{}.minisig", self.address)
    }

    /// What is wrong with the section, if anything is.
    pub(crate) fn problem(&self) -> Option<String> {
        if !self.address.starts_with("https://") {
            return Some("source.address: it must begin with https://".to_owned());
        }
        let key = minisign_verify::PublicKey::from_base64(self.public_key.trim());
        key.err().map(|error| format!("source.public_key: {error}"))
    }
}
