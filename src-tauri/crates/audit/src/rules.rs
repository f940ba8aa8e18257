//! What an organisation decides about the log: a section of its policy.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the log is kept, and where it goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// Whether what cannot be recorded must not be done (NIST SP 800-53, AU-5).
    pub required: bool,
    /// Whether questions and answers themselves are recorded. They then lie in clear in the log,
    /// and at its destinations.
    pub content: bool,
    /// When a record is safe from a loss of power. It is safe from a crash of Bureau at once.
    pub sync: SyncRule,
    /// From which size on the log goes on in a new file, in MB.
    #[schemars(range(min = 1, max = 1024))]
    pub file_megabytes: u32,
    /// For how many days records are kept on the machine; for good where nothing is said. A file is
    /// removed when every record in it is older and was delivered to every destination.
    #[schemars(range(min = 1))]
    pub keep_days: Option<u32>,
    /// Where records are delivered to.
    pub destinations: Vec<Destination>,
    /// Why, in the organisation's own words.
    pub reason: Option<String>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            required: true,
            content: false,
            sync: SyncRule::Record,
            file_megabytes: 10,
            keep_days: None,
            destinations: Vec::new(),
            reason: None,
        }
    }
}

/// When a record is safe from a loss of power.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SyncRule {
    /// Before what it tells of goes on.
    #[default]
    Record,
    /// Within seconds, as the operating system writes to its disk.
    System,
}

/// Where records are delivered to, in order, from the first one on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Destination {
    /// What it is called: letters, digits, `-` and `_`. How far it was served is remembered by it.
    #[schemars(regex(pattern = "^[A-Za-z0-9_-]{1,64}$"))]
    pub name: String,
    /// What it speaks.
    pub kind: DestinationKind,
    /// `host:port` of a syslog server; the whole address, `https://host:4318/v1/logs`, of a
    /// collector. Plain `http://` is refused but for this machine.
    pub address: String,
    /// Files of certificate authorities in PEM that are trusted besides the system's.
    #[serde(default)]
    pub ca_certificates: Vec<PathBuf>,
    /// A file with a client's certificate and its private key, in PEM.
    #[serde(default)]
    pub client_certificate: Option<PathBuf>,
    /// Headers that are sent to a collector, such as `authorization`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Whether a syslog server may end a connection without saying so, against RFC 5425 §4.4, as
    /// rsyslog does with its driver for GnuTLS. Whoever can cut connections on the way can then make
    /// records count as delivered that are not.
    #[serde(default)]
    pub accept_silent_close: bool,
    /// The organisation's private enterprise number, for the structured data of syslog (RFC 5424
    /// §7.2.2). Without one it is 32473, which is nobody's (RFC 5612).
    #[serde(default = "nobodys_number")]
    pub enterprise_number: u32,
}

/// What a destination speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum DestinationKind {
    /// Syslog (RFC 5424) over TLS (RFC 5425).
    Syslog,
    /// OTLP over HTTP, in JSON.
    Otlp,
}

fn nobodys_number() -> u32 {
    32473
}

impl Rules {
    /// What of these rules cannot be used, for a policy to be refused.
    pub fn problem(&self) -> Option<String> {
        if !(1..=1024).contains(&self.file_megabytes) {
            return Some("audit.file_megabytes has to be from 1 to 1024".to_owned());
        }
        if self.keep_days == Some(0) {
            return Some("audit.keep_days has to be at least 1".to_owned());
        }
        let mut names: Vec<_> = self.destinations.iter().map(|d| d.name.as_str()).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Some(format!("two of audit.destinations are called “{}”", pair[0]));
        }
        self.destinations.iter().find_map(Destination::problem)
    }
}

impl Destination {
    fn problem(&self) -> Option<String> {
        let Self { name, address, .. } = self;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if name.is_empty() || name.len() > 64 || !name.bytes().all(fits) {
            return Some(format!(
                "“{name}” cannot be the name of a destination: letters, digits, - and _ can"
            ));
        }
        let problem = match self.kind {
            DestinationKind::Syslog => crate::syslog::host_and_port(address).err(),
            DestinationKind::Otlp => crate::otlp::url(address).err(),
        };
        problem.map(|problem| format!("the address “{address}” of destination “{name}” {problem}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn destination(name: &str, kind: &str, address: &str) -> String {
        format!(r#"{{"name": "{name}", "kind": "{kind}", "address": "{address}"}}"#)
    }

    #[test]
    fn what_cannot_be_used_is_said() {
        for (destinations, problem) in [
            (vec![destination("siem", "syslog", "siem.example:6514")], None),
            (vec![destination("otel", "otlp", "https://otel.example:4318/v1/logs")], None),
            (vec![destination("otel", "otlp", "http://127.0.0.1:4318/v1/logs")], None),
            (vec![destination("otel", "otlp", "http://otel.example/v1/logs")], Some("https")),
            (vec![destination("otel", "otlp", "otel")], Some("is no address")),
            (vec![destination("siem", "syslog", "siem.example")], Some("port")),
            (vec![destination("../x", "syslog", "siem.example:6514")], Some("name")),
            (
                vec![destination("a", "syslog", "b:1"), destination("a", "syslog", "c:1")],
                Some("two"),
            ),
        ] {
            let text = format!(r#"{{"destinations": [{}]}}"#, destinations.join(","));
            let rules: Rules = serde_json::from_str(&text).unwrap();
            match (rules.problem(), problem) {
                (None, None) => {}
                (Some(told), Some(word)) => assert!(told.contains(word), "{told}"),
                (told, _) => panic!("{text}: {told:?}"),
            }
        }
        assert!(serde_json::from_str::<Rules>(r#"{"keep": 1}"#).is_err());
    }
}
