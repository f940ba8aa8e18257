//! One history on several machines: with which store, what opens it, and when changes are
//! exchanged. The crate `sync` does that.
//!
//! Where the store is may stand in `config.toml`, to be offered. What is in use lies in the
//! encrypted history itself, with the secret and the store's key: whoever can read them there can
//! read the history anyway, and whoever can change `config.toml` learns nothing by it.

use audit::Event;
use std::time::{Duration, Instant};

use conversation::{Failure, FailureCode, Timestamp};
use history::{History, HistoryError};
use policy::Action;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sync::{Exchanged, Secret, Store, StoreConfig, StoreKey, SyncError};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::{Access, Assistant, Change};

/// The setting that holds all of it, as JSON.
const SETTING: &str = "sync";
/// How often the store is asked, and how long after a change: others may follow it at once.
const EVERY: Duration = Duration::from_secs(60);
const AFTER: Duration = Duration::from_secs(2);
/// How long another program's exchange is waited for, and how often it is looked whether it ended.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK: Duration = Duration::from_millis(100);
/// Of more conversations that changed at once it is told that many did.
const MANY: usize = 64;

/// How sharing the history with other machines stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct SyncState {
    /// Whether it is shared.
    pub on: bool,
    /// The store in which that is done; while it is not, the one that `config.toml` offers.
    pub store: Option<StoreConfig>,
    /// So many changes are still to be sent.
    pub pending: u32,
    /// When changes were last exchanged.
    pub last: Option<Timestamp>,
    /// Why the last attempt came to nothing, if it did.
    pub problem: Option<Failure>,
}

/// All of it, as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    store: StoreConfig,
    key: Option<StoredKey>,
    secret: [u8; 32],
    last: Option<Timestamp>,
    problem: Option<Failure>,
}

#[derive(Serialize, Deserialize)]
struct StoredKey {
    id: String,
    secret: String,
}

impl Stored {
    fn store(&self) -> Result<Store, SyncError> {
        let key = self.key.as_ref().map(|key| {
            let secret = SecretString::from(key.secret.clone());
            StoreKey { id: key.id.clone(), secret }
        });
        Store::at(&self.store, key.as_ref())
    }

    fn secret(&self) -> Secret {
        Secret::from_bytes(&self.secret)
    }
}

impl Assistant {
    /// How sharing the history stands.
    ///
    /// # Errors
    /// While the history is locked or fails.
    pub fn sync_state(&self) -> Result<SyncState, Failure> {
        let history = self.history()?;
        let Some(stored) = stored(&history)? else {
            let store = self.config().sync.clone();
            return Ok(SyncState { on: false, store, pending: 0, last: None, problem: None });
        };
        let pending = history.sync_state()?.map_or(0, |state| state.pending);
        Ok(SyncState {
            on: true,
            store: Some(stored.store),
            pending: u32::try_from(pending).unwrap_or(u32::MAX),
            last: stored.last,
            problem: stored.problem,
        })
    }

    /// Starts to share the history in an empty store; its key is that of the environment without
    /// one. Nothing is exchanged yet.
    ///
    /// # Errors
    /// [`FailureCode::Invalid`] if it is shared already, or another one is in this store; else as
    /// the store or the history fails. Nothing has changed then.
    pub async fn start_sync(
        &self,
        store: StoreConfig,
        key: Option<StoreKey>,
    ) -> Result<SyncState, Failure> {
        self.begin_sync(store, key, None).await
    }

    /// Joins the machines that share a history in this store, with the pairing code that one of
    /// them tells. Nothing is exchanged yet.
    ///
    /// # Errors
    /// As [`start_sync`](Self::start_sync); [`FailureCode::Locked`] if the code is another one's.
    pub async fn join_sync(
        &self,
        store: StoreConfig,
        key: Option<StoreKey>,
        code: &SecretString,
    ) -> Result<SyncState, Failure> {
        self.begin_sync(store, key, Some(Secret::from_code(code)?)).await
    }

    async fn begin_sync(
        &self,
        config: StoreConfig,
        key: Option<StoreKey>,
        joined: Option<Secret>,
    ) -> Result<SyncState, Failure> {
        let event = Event::new(audit::Action::SyncStart).with("joined", joined.is_some());
        let noted = self.note_beginning(event)?;
        let begun = self.share(config, key, joined).await;
        noted.end(&begun);
        begun
    }

    async fn share(
        &self,
        config: StoreConfig,
        key: Option<StoreKey>,
        joined: Option<Secret>,
    ) -> Result<SyncState, Failure> {
        self.permit(Action::Sync)?;
        let _turn = self.syncing.lock().await;
        let history = self.history_to_sync()?;
        if stored(&history)?.is_some() {
            let message = "this history is shared already; stop that first";
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        let store = Store::at(&config, key.as_ref())?;
        let secret = joined.clone().map_or_else(Secret::random, Ok)?;
        let key = key.map(|StoreKey { id, secret }| StoredKey {
            id,
            secret: secret.expose_secret().to_owned(),
        });
        // It is kept before the store has anything that only it opens.
        let kept =
            Stored { store: config, key, secret: *secret.bytes(), last: None, problem: None };
        keep(&history, Some(&kept))?;
        let begun = match joined {
            None => sync::start(&history, &store, &secret).await,
            Some(_) => sync::join(&history, &store, &secret).await,
        };
        if let Err(error) = begun {
            keep(&history, None)?;
            return Err(error.into());
        }
        self.changes.tell(|| Change::Sync);
        self.sync_soon.notify_one();
        self.sync_state()
    }

    /// What another machine needs to join, beside the store.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] if the history is not shared; else as it fails.
    pub fn sync_code(&self) -> Result<SecretString, Failure> {
        self.audited(Event::new(audit::Action::SyncCode), || {
            self.permit(Action::Sync)?;
            Ok(stored(&self.history()?)?.ok_or_else(not_shared)?.secret().code())
        })
    }

    /// Shares the history no longer, and forgets the secret. What came from other machines stays
    /// here, and what was sent stays with them and in the store.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] if it is not shared; [`FailureCode::Busy`] if another program
    /// goes on exchanging; else as the history fails.
    pub async fn stop_sync(&self) -> Result<SyncState, Failure> {
        let noted = self.note_beginning(Event::new(audit::Action::SyncStop))?;
        let stopped = self.share_no_longer().await;
        noted.end(&stopped);
        stopped
    }

    async fn share_no_longer(&self) -> Result<SyncState, Failure> {
        let _turn = self.syncing.lock().await;
        let history = self.history_to_sync()?;
        stored(&history)?.ok_or_else(not_shared)?;
        let begun = Instant::now();
        let _turn_of_all = loop {
            match history.sync_turn() {
                Err(HistoryError::Exchanging) if begun.elapsed() < PATIENCE => {
                    tokio::time::sleep(LOOK).await;
                }
                turn => break turn?,
            }
        };
        history.stop_sync()?;
        keep(&history, None)?;
        self.changes.tell(|| Change::Sync);
        self.sync_state()
    }

    /// Exchanges changes with the other machines at once.
    ///
    /// # Errors
    /// [`FailureCode::NotFound`] if the history is not shared; [`FailureCode::Busy`] if another
    /// program goes on exchanging; else as the store or the history fails, which
    /// [`sync_state`](Self::sync_state) tells until an exchange succeeds.
    pub async fn sync_now(&self) -> Result<SyncState, Failure> {
        self.permit(Action::Sync)?;
        let _turn = self.syncing.lock().await;
        let history = self.history_to_sync()?;
        let stored = stored(&history)?.ok_or_else(not_shared)?;
        let begun = Instant::now();
        loop {
            match self.exchange_changes(&history, &stored).await {
                Err(SyncError::History(HistoryError::Exchanging)) if begun.elapsed() < PATIENCE => {
                    tokio::time::sleep(LOOK).await;
                }
                exchanged => break exchanged?,
            }
        }
        self.sync_state()
    }

    /// Exchanges changes from time to time and soon after each, as long as it is let: while the
    /// history is open and shared.
    pub async fn keep_synced(&self) {
        let mut changes = self.changes();
        loop {
            // What went wrong is told with how sharing stands.
            let _ = self.sync_if_on().await;
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = self.sync_soon.notified() => {}
                () = shared_change(&mut changes) => tokio::time::sleep(AFTER).await,
            }
            // The next exchange has all that was told until it begins.
            changes = changes.resubscribe();
        }
    }

    async fn sync_if_on(&self) -> Result<(), Failure> {
        self.permit(Action::Sync)?;
        let _turn = self.syncing.lock().await;
        if self.access()? != Access::Open {
            return Ok(());
        }
        let history = self.history()?;
        let Some(stored) = stored(&history)? else { return Ok(()) };
        match self.exchange_changes(&history, &stored).await {
            // Another program does it meanwhile.
            Err(SyncError::History(HistoryError::Exchanging)) => Ok(()),
            exchanged => Ok(exchanged?),
        }
    }

    /// Exchanges, notes how that went, and tells the windows what came in, also before it failed.
    async fn exchange_changes(&self, history: &History, with: &Stored) -> Result<(), SyncError> {
        let (secret, mut done) = (with.secret(), Exchanged::default());
        let exchanged = match with.store() {
            Ok(store) => tokio::select! {
                exchanged = sync::exchange(history, &store, &secret, &mut done) => exchanged,
                // It may be cut off anywhere.
                () = self.sync_ends.notified() => return Err(HistoryError::Busy.into()),
            },
            Err(error) => Err(error),
        };
        if matches!(exchanged, Err(SyncError::History(HistoryError::Exchanging))) {
            return exchanged;
        }
        self.tell_of_exchanged(&done);
        // Another program may have stopped it, or noted something, since.
        if let Some(mut now) = stored(history).unwrap_or(None) {
            match &exchanged {
                Ok(()) => (now.last, now.problem) = (Some(Timestamp::now()), None),
                Err(error) => now.problem = Some(error.failure()),
            }
            if let Err(failure) = keep(history, Some(&now)) {
                tracing::warn!(code = ?failure.code, "how sharing stands could not be kept");
            }
        }
        self.changes.tell(|| Change::Sync);
        exchanged
    }

    fn tell_of_exchanged(&self, done: &Exchanged) {
        if done.applied.folders {
            self.changes.tell(|| Change::Organised);
        }
        if done.applied.conversations.len() > MANY {
            self.changes.tell(|| Change::Conversations);
            return;
        }
        for id in &done.applied.conversations {
            match self.tell_of(*id) {
                Err(failure) if failure.code == FailureCode::NotFound => self.gone(*id),
                _ => {}
            }
        }
    }

    /// Cuts off an exchange, and says whether it has let go of the history.
    pub(crate) fn end_exchange(&self) -> bool {
        self.sync_ends.notify_waiters();
        self.syncing.try_lock().is_ok()
    }

    /// The history, if it is one that can be shared.
    fn history_to_sync(&self) -> Result<History, Failure> {
        match self.access()? {
            Access::Temporary => {
                let message = "a history that is never written is not shared";
                Err(Failure::new(FailureCode::Invalid, message))
            }
            Access::Damaged => {
                let message = "a damaged history is not shared; put a backup in its place first";
                Err(Failure::new(FailureCode::Damaged, message))
            }
            Access::New | Access::Locked | Access::Open => self.history(),
        }
    }
}

fn not_shared() -> Failure {
    Failure::new(FailureCode::NotFound, "this history is not shared with other machines")
}

fn stored(history: &History) -> Result<Option<Stored>, Failure> {
    let damaged = |error| Failure::new(FailureCode::Damaged, format!("{SETTING}: {error}"));
    history.setting(SETTING)?.map(|text| serde_json::from_str(&text).map_err(damaged)).transpose()
}

fn keep(history: &History, stored: Option<&Stored>) -> Result<(), Failure> {
    let text = stored
        .map(serde_json::to_string)
        .transpose()
        .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
    Ok(history.set_setting(SETTING, text.as_deref())?)
}

/// Waits for a change that other machines are told of.
async fn shared_change(changes: &mut Receiver<Change>) {
    loop {
        match changes.recv().await {
            Ok(Change::Conversation { conversation }) if conversation.temporary => {}
            Ok(
                Change::Conversation { .. }
                | Change::Removed { .. }
                | Change::Conversations
                | Change::Organised,
            )
            | Err(RecvError::Lagged(_)) => return,
            Ok(_) => {}
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
