//! What lies on this machine: how much, where, whether it is whole, and taking it all away.

use audit::Event;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use conversation::{Failure, FailureCode};
use policy::Action;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use vault::{SlotKind, Vault};

use crate::{Assistant, Change};

/// The longest that answers and an exchange may take to end before the history is taken away under
/// them.
const PATIENCE: Duration = Duration::from_secs(5);

/// What lies on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Storage {
    /// The folder of the history.
    pub folder: String,
    /// Bytes of the history's files, which stay far below the 2⁵³ that the page can count; 0 for
    /// one that is never written.
    #[specta(type = u32)]
    pub bytes: u64,
    /// Conversations.
    pub conversations: u32,
    /// Messages of all branches.
    pub messages: u32,
    /// What opens the history.
    pub slots: Vec<SlotKind>,
}

impl Assistant {
    /// How much the history holds, and where.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn storage(&self) -> Result<Storage, Failure> {
        let statistics = self.history()?.statistics()?;
        let number = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(Storage {
            folder: self.folders.data.display().to_string(),
            bytes: if statistics.bytes == 0 { 0 } else { self.bytes_on_disk() },
            conversations: number(statistics.conversations),
            messages: number(statistics.messages),
            slots: self.vault().slots()?.into_iter().map(|slot| slot.kind).collect(),
        })
    }

    /// Takes the history away for good: its file, its key, every endpoint's key and
    /// sign-in. What
    /// `config.toml` says stays. Afterwards all is as before the first start.
    ///
    /// # Errors
    /// [`FailureCode::Forbidden`] where the organisation wants nothing deleted. Else as the disk
    /// refuses; what could be taken away is gone then.
    pub fn delete_all(&self) -> Result<(), Failure> {
        self.audited(Event::new(audit::Action::HistoryDelete), || {
            self.permit(Action::Delete)?;
            let _turn = self.turn_to_open();
            self.close();
            self.config().endpoints.values().for_each(|endpoint| self.forget_tokens(endpoint));
            // The key first: without it the rest can no longer be read.
            self.vault().destroy()?;
            self.come_back();
            for path in self.history_files() {
                match std::fs::remove_file(&path) {
                    Err(error) if error.kind() != ErrorKind::NotFound => {
                        let message = format!("{} cannot be removed: {error}", path.display());
                        return Err(Failure::new(FailureCode::Storage, message));
                    }
                    _ => {}
                }
            }
            self.changes.tell(|| Change::Replaced);
            Ok(())
        })
    }

    /// The history's file, and those that SQLite keeps beside it.
    fn history_files(&self) -> impl Iterator<Item = PathBuf> {
        let file = self.folders.history_file();
        ["", "-wal", "-shm", "-journal"].into_iter().map(move |suffix| {
            let mut path = file.clone().into_os_string();
            path.push(suffix);
            path.into()
        })
    }

    fn bytes_on_disk(&self) -> u64 {
        self.history_files().filter_map(|file| file.metadata().ok()).map(|told| told.len()).sum()
    }

    /// Lets go of the history, after its answers and an exchange with other machines have ended.
    pub(crate) fn close(&self) {
        self.end_signing_audit();
        *self.session.write().unwrap_or_else(PoisonError::into_inner) = None;
        *self.aside.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.forget_endpoints();
        self.end_what_runs();
    }

    /// Stops every answer and an exchange, and waits until they have let go of the history.
    fn end_what_runs(&self) {
        let begun = Instant::now();
        loop {
            let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            running.values().for_each(CancellationToken::cancel);
            let ended = running.is_empty();
            drop(running);
            if ended && self.end_exchange() || begun.elapsed() > PATIENCE {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What a person can send to those who help them: nothing of a conversation, no address, no
    /// name and no key is in it. In Markdown.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn diagnostics(&self) -> Result<String, Failure> {
        let storage = self.storage()?;
        let config = self.config();
        let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
        let mut lines = vec![
            format!("- Bureau {} on {os} ({arch})", env!("CARGO_PKG_VERSION")),
            format!(
                "- history: {} conversations, {} messages, {} bytes, opened by {:?}",
                storage.conversations, storage.messages, storage.bytes, storage.slots
            ),
            format!("- keychain answers: {}", Vault::keychain_available()),
            format!("- built-in model there: {}", self.local_model_file().is_some()),
        ];
        for endpoint in config.endpoints.values() {
            lines.push(format!(
                "- endpoint: {:?}, proxy {}, own authorities {}, client certificate {}",
                endpoint.kind,
                endpoint.proxy.is_some(),
                endpoint.ca_certificates.len(),
                endpoint.client_certificate.is_some()
            ));
        }
        Ok(lines.join("\n") + "\n")
    }
}
