//! What a person can do with Bureau, whichever surface they use: unlock the history, ask, stop,
//! edit, regenerate, branch, continue, search, follow a link.
//!
//! The window and the terminal program call this crate and nothing below it, so a rule that
//! holds here holds everywhere.

mod access;
mod answer;
mod attachment;
mod config;
mod conversations;
mod defect;
mod folders;
mod hardening;
mod models;
mod present;
mod prompt;
mod view;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use conversation::ConversationId;
use endpoint::HttpEndpoint;
use local_model::LocalModel;
use tokio_util::sync::CancellationToken;

pub use access::{Access, Opened, passphrase_file, read_passphrase};
pub use answer::{AnswerUpdate, Question, Updates};
pub use attachment::{AttachedFile, read_attachment};
pub use config::{Config, ConfigError, LocalModelConfig};
pub use defect::tell_defects_by_place;
pub use folders::{Folders, NoFolders};
pub use hardening::forbid_core_dumps;
pub use local_model::MODEL_NAME as BUILT_IN_MODEL;
pub use present::present;
pub use view::{AnswerEvent, MessageView, Status, ThreadView};

/// Everything a person can do, for one profile (one pair of folders).
///
/// It is shared by all windows of a process; its methods may be called from any thread. Those
/// that read or write the history block for as long as the disk takes.
pub struct Assistant {
    folders: Folders,
    config: Config,
    local: Arc<LocalModel>,
    /// The open history; none while it is locked or not made yet.
    session: RwLock<Option<access::Session>>,
    /// The answers in flight in this process, and how to stop each.
    running: Arc<Mutex<HashMap<ConversationId, CancellationToken>>>,
    /// The configured endpoint, made when first asked; it keeps its connections.
    endpoint: Mutex<Option<Arc<HttpEndpoint>>>,
    /// The endpoint's first model, asked for once when none is configured.
    first_model: tokio::sync::OnceCell<String>,
}

impl Assistant {
    /// An assistant on these folders with this configuration. Opens and creates nothing yet.
    pub fn new(folders: Folders, config: Config) -> Self {
        let local = Arc::new(LocalModel::new(config.local_model.options()));
        Self {
            folders,
            config,
            local,
            session: RwLock::new(None),
            running: Arc::default(),
            endpoint: Mutex::new(None),
            first_model: tokio::sync::OnceCell::new(),
        }
    }

    /// The configuration in force.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The folders in use.
    pub fn folders(&self) -> &Folders {
        &self.folders
    }

    /// Stops the conversation's answer, if one is arriving in this process. What has arrived is
    /// kept. Returns whether there was one.
    pub fn stop(&self, conversation: ConversationId) -> bool {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.get(&conversation).map(CancellationToken::cancel).is_some()
    }
}
