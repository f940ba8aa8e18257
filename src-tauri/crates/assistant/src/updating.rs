//! Bureau's own renewal: what the organisation's server announces, fetched once a person wants it,
//! and installed once they say so. The crate `update` fetches and checks; how a package is installed
//! is the window's. Bureau asks nobody that the policy does not name.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use audit::Event;
use conversation::{Failure, FailureCode, Timestamp};
use endpoint::{EndpointConfig, fetch};
use policy::Action;
use semver::Version;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio_util::sync::CancellationToken;
use update::{Key, Release, Store, System, UpdateError};

use crate::{Assistant, Change, effective};

/// What is announced has this many bytes at most.
const MAX_ANNOUNCEMENT: usize = 1 << 20;
/// The longest that this may take to come, in whatever pieces.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often Bureau looks by itself.
const EVERY: Duration = Duration::from_secs(24 * 60 * 60);
/// How often windows hear how far a download has come.
const TELL: Duration = Duration::from_millis(250);

/// Where updates are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum UpdatesFrom {
    /// The organisation installs them itself.
    Forbidden,
    /// Nobody has named a server.
    Nowhere,
    /// A server that the organisation names.
    Server {
        /// Its host.
        host: String,
    },
}

/// A newer version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct FoundUpdate {
    /// Which one.
    pub version: String,
    /// What is new in it, as whoever made it says; text, and nothing else.
    pub notes: Option<String>,
}

/// What is being done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum UpdateStage {
    /// Nothing.
    #[default]
    Idle,
    /// The server is asked.
    Looking,
    /// The package is coming.
    Downloading {
        /// So many bytes are here.
        #[specta(type = u32)]
        received: u64,
        /// Of so many, if the server says so.
        #[specta(type = Option<u32>)]
        total: Option<u64>,
    },
    /// The package is here and is what the organisation signed.
    Ready,
    /// It is being installed.
    Installing,
    /// It is installed, and runs when Bureau is started again.
    Installed,
}

/// Why there is no update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum UpdateProblemKind {
    /// The server cannot be reached, or has nothing there.
    Unreachable,
    /// The connection broke; what came is kept.
    Cut,
    /// What the server announces cannot be read.
    Announcement,
    /// There is no package for this installation.
    NoPackage,
    /// The server has an older version.
    Older,
    /// The package is not what the organisation signed.
    Signature,
    /// The package was replaced while it came.
    Changed,
    /// The package is larger than one may be.
    TooLarge,
    /// The disk is full.
    NoSpace,
    /// The disk fails.
    Disk,
    /// The system did not install it.
    NotInstalled,
}

/// Why the last attempt came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct UpdateProblem {
    /// What it is.
    pub kind: UpdateProblemKind,
    /// The same with its circumstances, in English.
    pub detail: String,
}

/// How Bureau's own renewal stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct UpdateState {
    /// Where updates are looked for.
    pub from: UpdatesFrom,
    /// Why, in the organisation's own words.
    pub reason: Option<String>,
    /// Whether this installation can be renewed by itself: not one that comes from no package.
    pub installable: bool,
    /// The newer version that there is.
    pub found: Option<FoundUpdate>,
    /// What is being done.
    pub stage: UpdateStage,
    /// When the server last answered.
    pub looked: Option<Timestamp>,
    /// Why the last attempt came to nothing, if it did.
    pub problem: Option<UpdateProblem>,
}

/// The same, as it is kept while the program runs.
#[derive(Default)]
pub(crate) struct Updating {
    /// What this was installed from, by Tauri's name for it.
    bundle: Option<&'static str>,
    now: Mutex<Now>,
}

#[derive(Default)]
struct Now {
    release: Option<Release>,
    /// The address that it was asked at: under a policy that names another one, nothing is known.
    of: String,
    stage: UpdateStage,
    looked: Option<Timestamp>,
    /// When Bureau last looked, whatever came of it.
    tried: Option<Instant>,
    problem: Option<UpdateProblem>,
    stop: CancellationToken,
}

impl Assistant {
    /// The same, installed from such a package: `deb`, `rpm`, `appimage`, `msi`, `nsis`, `app`.
    #[must_use]
    pub fn installed_from(mut self, bundle: Option<&'static str>) -> Self {
        self.updating.bundle = bundle;
        self
    }

    /// How Bureau's own renewal stands.
    pub fn update_state(&self) -> UpdateState {
        let policy = self.policy();
        let now = self.update_now();
        let from = match policy.updates.source() {
            _ if !policy.updates.allowed() => UpdatesFrom::Forbidden,
            None => UpdatesFrom::Nowhere,
            Some((address, _)) => {
                UpdatesFrom::Server { host: self.update_server(address).host().unwrap_or_default() }
            }
        };
        let asked = policy.updates.source().is_some_and(|(address, _)| address == now.of);
        let release = now.release.as_ref().filter(|_| asked);
        UpdateState {
            from,
            reason: policy.reason_or(policy.updates.reason.as_deref()).map(str::to_owned),
            installable: self.updating.bundle.is_some(),
            found: release.map(|release| FoundUpdate {
                version: release.version.to_string(),
                notes: release.notes.clone(),
            }),
            stage: now.stage.clone(),
            looked: now.looked,
            problem: now.problem.clone(),
        }
    }

    /// Asks the organisation's server whether there is a newer version. Why there is none stands in
    /// what comes back.
    ///
    /// # Errors
    /// [`FailureCode::Forbidden`] by policy; [`FailureCode::Invalid`] where no server is named;
    /// [`FailureCode::Busy`] while something else is done about updates.
    pub async fn look_for_update(&self) -> Result<UpdateState, Failure> {
        let (address, _) = self.update_source()?;
        self.begin_update(UpdateStage::Looking, |stage| {
            matches!(stage, UpdateStage::Idle | UpdateStage::Ready)
        })?;
        let server = self.update_server(&address);
        self.note_looking(address);
        let found = self.announced(&server).await;
        let mut now = self.update_now();
        let (release, problem) = match found {
            Ok(found) => (found, None),
            // What was found before is no less true.
            Err(error @ UpdateError::Server(_)) => (now.release.take(), Some(told(&error))),
            Err(error) => (None, Some(told(&error))),
        };
        if problem.as_ref().is_none_or(|problem| problem.kind != UpdateProblemKind::Unreachable) {
            now.looked = Some(Timestamp::now());
        }
        let ready = release.as_ref().is_some_and(|release| self.update_store().has(release));
        if release.is_none() && problem.is_none() {
            // What was fetched is installed by now, or withdrawn.
            self.update_store().clear();
        }
        now.release = release;
        drop(now);
        Ok(self.end_update(if ready { UpdateStage::Ready } else { UpdateStage::Idle }, problem))
    }

    /// The same once a day, and when Bureau has just begun; where no server is named, nothing.
    pub async fn look_for_update_if_due(&self) {
        let Ok((address, _)) = self.update_source() else { return };
        if self.is_look_due(&address) {
            // What is being done about updates goes on; why nothing was found is told in the settings.
            drop(self.look_for_update().await);
        }
    }

    fn is_look_due(&self, address: &str) -> bool {
        let now = self.update_now();
        now.of != address || now.tried.is_none_or(|tried| tried.elapsed() >= EVERY)
    }

    /// What another server has said is not true of this one.
    fn note_looking(&self, address: String) {
        let mut now = self.update_now();
        now.tried = Some(Instant::now());
        if now.of != address {
            now.release = None;
            now.of = address;
        }
    }

    /// Fetches the package of the version that was found, and checks its signature. It goes on
    /// where an earlier attempt ended, in an earlier run of the program too.
    ///
    /// # Errors
    /// As [`look_for_update`](Self::look_for_update); [`FailureCode::NotFound`] where no newer
    /// version is known.
    pub async fn download_update(&self) -> Result<UpdateState, Failure> {
        let (_, key) = self.update_source()?;
        let release = self.found_update()?;
        let event =
            Event::new(audit::Action::UpdateDownload).with("version", release.version.to_string());
        let begun = UpdateStage::Downloading { received: 0, total: None };
        self.begin_update(begun, |stage| *stage == UpdateStage::Idle)?;
        let noted = match self.note_beginning(event) {
            Ok(noted) => noted,
            Err(failure) => {
                self.end_update(UpdateStage::Idle, None);
                return Err(failure);
            }
        };
        let stop = self.update_now().stop.clone();
        let fetched = tokio::select! {
            biased;
            () = stop.cancelled() => None,
            fetched = self.fetch_update(&release, &key) => Some(fetched),
        };
        Ok(match fetched {
            Some(Ok(())) => {
                noted.end(&Ok(()));
                self.end_update(UpdateStage::Ready, None)
            }
            Some(Err(error)) => {
                noted.end(&Err::<(), _>(Failure::from(&error)));
                self.end_update(UpdateStage::Idle, Some(told(&error)))
            }
            None => {
                let stopped = Failure::new(FailureCode::CutOff, "stopped; what came is kept");
                noted.end(&Err::<(), _>(stopped));
                let ready = self.update_store().has(&release);
                self.end_update(if ready { UpdateStage::Ready } else { UpdateStage::Idle }, None)
            }
        })
    }

    /// Stops a download; what has come is kept. Returns whether there was one.
    pub fn stop_update(&self) -> bool {
        let now = self.update_now();
        let downloading = matches!(now.stage, UpdateStage::Downloading { .. });
        if downloading {
            now.stop.cancel();
        }
        downloading
    }

    /// Installs the version whose package is ready, by the system's means: `install` is given what
    /// was announced, the key as Tauri's updater wants it, and the package's bytes, whose signature
    /// was checked again. It may take as long as a person takes to enter a password.
    ///
    /// # Errors
    /// As [`download_update`](Self::download_update); [`FailureCode::Busy`] while an answer is being
    /// written; [`FailureCode::Invalid`] where Bureau was not installed from a package.
    pub fn install_update(
        &self,
        install: impl FnOnce(Value, String, &[u8]) -> Result<(), String>,
    ) -> Result<UpdateState, Failure> {
        let (_, key) = self.update_source()?;
        if self.updating.bundle.is_none() {
            let message = "Bureau was not installed from a package, so that it cannot be renewed by itself; install the new version as this one was";
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        self.refuse_while_answering()?;
        let release = self.found_update()?;
        self.begin_update(UpdateStage::Installing, |stage| *stage == UpdateStage::Ready)?;
        let event =
            Event::new(audit::Action::UpdateInstall).with("version", release.version.to_string());
        let (mut stage, mut problem) = (UpdateStage::Ready, None);
        let done = self.audited(event, || {
            let package = self.update_store().read(&release, &key).map_err(|error| {
                (stage, problem) = (UpdateStage::Idle, Some(told(&error)));
                Failure::from(&error)
            })?;
            install(release.announcement.clone(), key.for_tauri(), &package).map_err(|detail| {
                let kind = UpdateProblemKind::NotInstalled;
                problem = Some(UpdateProblem { kind, detail: detail.clone() });
                Failure::new(FailureCode::Rejected, detail)
            })
        });
        match done {
            Ok(()) => {
                self.update_store().clear();
                Ok(self.end_update(UpdateStage::Installed, None))
            }
            // What is told with how it stands is no failure of the command.
            Err(_) if problem.is_some() => Ok(self.end_update(stage, problem)),
            Err(failure) => {
                self.end_update(stage, None);
                Err(failure)
            }
        }
    }

    /// Whether Bureau may end now: not while an answer would be lost with it.
    ///
    /// # Errors
    /// [`FailureCode::Busy`].
    pub fn refuse_while_answering(&self) -> Result<(), Failure> {
        let answering = !self.running.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
        let writing = !self.writings.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
        if answering || writing {
            let message = "an answer is being written; wait for its end, or stop it, and try again";
            return Err(Failure::new(FailureCode::Busy, message));
        }
        Ok(())
    }

    async fn announced(&self, server: &EndpointConfig) -> Result<Option<Release>, UpdateError> {
        let late = |_| {
            let message = "what the server announces does not come to its end";
            Err(Failure::new(FailureCode::TimedOut, message))
        };
        let coming = tokio::time::timeout(PATIENCE, fetch(server, MAX_ANNOUNCEMENT));
        let announcement = coming.await.unwrap_or_else(late).map_err(UpdateError::Server)?;
        let running = Version::parse(env!("CARGO_PKG_VERSION"))
            .map_err(|error| UpdateError::Announcement(error.to_string()))?;
        Release::read(&announcement, &System::here(self.updating.bundle), &running)
    }

    async fn fetch_update(&self, release: &Release, key: &Key) -> Result<(), UpdateError> {
        let server = self.update_server(&release.address);
        let (address, _) = self.update_source().map_err(UpdateError::Server)?;
        // What is announced is not signed, and must not send desks anywhere else.
        if server.origin() != self.update_server(&address).origin() {
            let message = "its package lies on another server than what announces it";
            return Err(UpdateError::Announcement(message.to_owned()));
        }
        let last = Mutex::new(None::<Instant>);
        let told = |received, total| {
            let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
            self.update_now().stage = UpdateStage::Downloading { received, total };
            if last.is_none_or(|last| last.elapsed() >= TELL) {
                *last = Some(Instant::now());
                self.changes.tell(|| Change::Update);
                // A policy that has come in between ends it.
                if self.permit(Action::Update).is_err() {
                    self.update_now().stop.cancel();
                }
            }
        };
        self.update_store().fetch(&server, release, key, told).await
    }

    /// The server and the key that the policy names.
    fn update_source(&self) -> Result<(String, Key), Failure> {
        self.permit(Action::Update)?;
        let policy = self.policy();
        let Some((address, key)) = policy.updates.source() else {
            let message = "no server is named that has updates; the organisation's policy can name one (updates.address)";
            return Err(Failure::new(FailureCode::Invalid, message));
        };
        Ok((address.to_owned(), Key::parse(key).map_err(|error| Failure::from(&error))?))
    }

    /// A server as the policy wants servers to be reached.
    fn update_server(&self, address: &str) -> EndpointConfig {
        let (policy, system) = (self.policy(), System::here(self.updating.bundle));
        let version = env!("CARGO_PKG_VERSION");
        let filled = policy.updates.filled(address, system.target, system.arch, version);
        let mut server = EndpointConfig::new(filled);
        effective::prescribe(&policy, &mut server);
        server
    }

    fn found_update(&self) -> Result<Release, Failure> {
        let none =
            || Failure::new(FailureCode::NotFound, "no newer version is known; look for one");
        let (address, _) = self.update_source()?;
        let now = self.update_now();
        now.release.clone().filter(|_| now.of == address).ok_or_else(none)
    }

    fn update_store(&self) -> Store {
        Store::at(self.folders.data.join("update"))
    }

    /// One thing at a time is done about updates.
    fn begin_update(
        &self,
        stage: UpdateStage,
        from: impl FnOnce(&UpdateStage) -> bool,
    ) -> Result<(), Failure> {
        let mut now = self.update_now();
        if !from(&now.stage) {
            let message = "something else is being done about updates, or has to be done first";
            return Err(Failure::new(FailureCode::Busy, message));
        }
        now.stage = stage;
        now.problem = None;
        now.stop = CancellationToken::new();
        drop(now);
        self.changes.tell(|| Change::Update);
        Ok(())
    }

    fn end_update(&self, stage: UpdateStage, problem: Option<UpdateProblem>) -> UpdateState {
        let mut now = self.update_now();
        now.stage = stage;
        now.problem = problem;
        drop(now);
        self.changes.tell(|| Change::Update);
        self.update_state()
    }

    fn update_now(&self) -> MutexGuard<'_, Now> {
        self.updating.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn told(error: &UpdateError) -> UpdateProblem {
    let kind = match error {
        UpdateError::Server(_) => UpdateProblemKind::Unreachable,
        UpdateError::Cut(_) => UpdateProblemKind::Cut,
        UpdateError::Announcement(_) => UpdateProblemKind::Announcement,
        UpdateError::NoPackage { .. } => UpdateProblemKind::NoPackage,
        UpdateError::Older { .. } => UpdateProblemKind::Older,
        UpdateError::Signature(_) | UpdateError::SignedVersion { .. } => {
            UpdateProblemKind::Signature
        }
        UpdateError::Changed => UpdateProblemKind::Changed,
        UpdateError::TooLarge { .. } => UpdateProblemKind::TooLarge,
        UpdateError::NoSpace(_) => UpdateProblemKind::NoSpace,
        UpdateError::Disk(_) => UpdateProblemKind::Disk,
    };
    UpdateProblem { kind, detail: error.to_string() }
}
