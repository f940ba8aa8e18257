//! What an organisation decides for all who use Bureau: one file, TOML or JSON, at a place that only
//! an administrator can write, or fetched and signed.
//!
//! Each section is a file of its own, and everything that a section leaves out is allowed: the
//! default policy is that of a machine without an organisation. This crate reads and checks; what
//! a policy forbids is refused by `assistant`.

mod attachments;
mod desk;
mod endpoints;
mod error;
mod features;
mod fetched;
#[cfg(test)]
mod generated;
mod groups;
mod marking;
mod network;
mod pattern;
mod permission;
mod place;
mod prompts;
#[cfg(any(windows, test))]
mod registry;
mod retention;
mod settings;
mod source;
mod store;
mod text;
mod updates;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use attachments::{Attachments, FileKind};
pub use desk::{Acceptance, Banner, Lock, Recovery};
pub use endpoints::Endpoints;
pub use error::PolicyError;
pub use features::{Clipboard, ExportFormat, Features};
pub use fetched::{Cache, MAX_BYTES, Refusal};
pub use groups::Group;
pub use marking::{Colour, Level, Marking};
pub use network::Network;
pub use pattern::Pattern;
pub use permission::Action;
pub use place::{POLICY_FILE_VARIABLE, managed_files};
pub use prompts::{KeptPrompt, MAX_PROMPT_NAME};
pub use retention::Retention;
pub use settings::{Density, LANGUAGES, ManagedSettings, TEXT_SIZES, Theme};
pub use source::Source;
pub use text::Format;
pub use updates::Updates;

/// What an organisation decides. The default decides nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "Bureau's policy")]
pub struct Policy {
    /// Rises with every change. Where a policy is fetched, one with a smaller number than the last
    /// good one is refused.
    pub version: u64,
    /// What the organisation is called where its rules are shown.
    pub organisation: Option<String>,
    /// Why there are rules, and whom to ask, in the organisation's own words: shown wherever a
    /// section gives no reason of its own.
    pub reason: Option<String>,
    /// Where a newer policy is fetched from. It is heeded in the managed place alone.
    pub source: Option<Source>,
    /// Which servers and models may be asked, and with what.
    pub endpoints: Endpoints,
    /// How endpoints are reached.
    pub network: Network,
    /// What a person can do.
    pub features: Features,
    /// Which files may be sent.
    pub attachments: Attachments,
    /// How long conversations are kept.
    pub retention: Retention,
    /// Settings that a person cannot change.
    pub settings: ManagedSettings,
    /// How Bureau is renewed.
    pub updates: Updates,
    /// What is looked for in what is sent to endpoints, and what is done about it.
    pub prevention: prevention::Rules,
    /// The audit log; none is kept where nothing is said.
    pub audit: Option<audit::Rules>,
    /// Prompts that everybody has beside their own, in the order in which they are shown.
    #[schemars(length(max = prompts::MAX_PROMPTS))]
    pub prompts: Vec<KeptPrompt>,
    /// What is otherwise for the members of groups.
    pub groups: Vec<Group>,
    /// When the history is locked, and how wrong passphrases are slowed down.
    pub lock: Lock,
    /// The notice that is to be accepted before anything else.
    pub banner: Option<Banner>,
    /// The classification that windows, exports and prints are marked with.
    pub marking: Option<Marking>,
    /// The organisation's way into a history.
    pub recovery: Recovery,
}
