//! What a person can do with Bureau, whichever surface they use: unlock the history, ask, stop,
//! edit, regenerate, branch, continue, search, follow a link.
//!
//! The window and the terminal program call this crate and nothing below it, so a rule that
//! holds here holds everywhere.

mod access;
mod aloud;
mod answer;
mod applied;
mod asking;
mod attachment;
mod audit_view;
mod auditing;
mod backups;
mod changes;
mod code;
mod config;
mod config_file;
mod context;
mod conversations;
mod defect;
mod desk;
mod drawing;
mod effective;
mod endpoints;
mod exchange;
mod exporting;
mod folders;
mod footnotes;
mod grounding;
mod hardening;
mod importing;
mod instructions;
mod language;
mod links;
mod locking;
mod marking;
mod models;
mod notice;
mod organisation;
mod organising;
mod originals;
mod present;
mod prevention;
mod prompt;
mod prompts;
mod reading;
mod recovering;
mod region;
mod restoring;
mod retention;
mod revising;
mod settings;
mod signing_in;
mod staging;
mod storage;
mod summary;
mod syncing;
mod title;
mod translating;
mod updating;
mod view;
mod whole_answer;
mod whole_file;
mod writing;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;

use conversation::{ConversationId, Failure};
use documents::{Limits, Reader};
use endpoint::HttpEndpoint;
use history::History;
use local_model::LocalModel;
use policy::Policy;
use speech::Voices;
use tokio_util::sync::CancellationToken;
use vault::DataKey;

pub use crate::prevention::{AppliedFinding, Found, FoundIn, Outgoing, PreventionChoice};
pub use ::prevention::{Action as PreventionAction, Kind as PreventionKind};
pub use access::{Access, Opened, passphrase_file, read_passphrase};
pub use aloud::{AloudEnd, SpokenText};
pub use answer::{AnswerUpdate, Updates};
pub use applied::{AppliedRule, Rule};
pub use asking::Question;
pub use attachment::{AttachedFile, read_attachment};
pub use audit::Action as Recorded;
pub use audit_view::{AuditEntry, AuditState};
pub use backups::{BackupProtection, BackupSchedule, Backups, backup_file_name};
pub use changes::Change;
pub use code::{FileChange, FileState, FolderText, GivenFile};
pub use config::{Config, ConfigError, DocumentsConfig, LocalModelConfig};
pub use context::{ContextUse, Unasked};
pub use defect::tell_defects_by_place;
pub use desk::Desk;
pub use documents::{Document, Kind, MEDIA_TYPE as DOCUMENT_TYPE, Note, READER_ARGUMENT, serve};
pub use drawing::draw_diagram;
pub use endpoints::{EndpointDraft, EndpointReport, EndpointView, KeyChange};
pub use exchange::Exchange;
pub use folders::{Folders, NoFolders};
pub use hardening::forbid_core_dumps;
pub use identity::{BrowserPage, DeviceCode};
pub use importing::{ImportProgress, ImportReport, Incomplete, Refused};
pub use language::text_languages;
pub use local_model::MODEL_NAME as BUILT_IN_MODEL;
pub use models::Models;
pub use organisation::Organisation;
pub use organising::FolderChange;
pub use policy::{Density, KeptPrompt, LANGUAGES, Theme};
pub use present::{next_frame, present};
pub use prompts::{PromptFile, PromptLibrary};
pub use reading::{DocumentInfo, DocumentPage, MAX_DOCUMENT, PASSAGE_END, PASSAGE_START};
pub use retention::Retention;
pub use revising::{DiffLine, LineChange, Piece, line_changes, revise};
pub use settings::Settings;
pub use signing_in::{SealedCertificate, SignIn, SignedIn};
pub use speech::{RATES as SPEECH_RATES, Voices as SystemVoices};
pub use staging::StagedFile;
pub use storage::Storage;
pub use summary::{SummaryChoices, SummaryForm, SummaryLength, SummaryProgress};
pub use sync::{StoreConfig, StoreKey};
pub use syncing::SyncState;
pub use translating::{
    TextTranslation, TranslatedText, Translating, Translation, TranslationChoices,
    TranslationProgress, TranslationReport,
};
pub use translation::{
    Document as TranslationDocument, Glossary, GlossaryError, Problem as TranslationProblem, Term,
};
pub use updating::{
    FoundUpdate, UpdateProblem, UpdateProblemKind, UpdateStage, UpdateState, UpdatesFrom,
};
pub use view::{AnswerEvent, MessageView, Status, ThreadView};
pub use writing::{MAX_TEXT, TextLength, Tone, WritingAction, WritingRequest, Written};

/// Everything a person can do, for one profile (one pair of folders).
///
/// It is shared by all windows of a process; its methods may be called from any thread. Those
/// that read or write the history block for as long as the disk takes.
pub struct Assistant {
    folders: Folders,
    /// What the file and the environment say.
    written: RwLock<Arc<Config>>,
    /// What of that holds under the policy.
    config: RwLock<Arc<Config>>,
    policy: RwLock<Arc<Policy>>,
    governing: Mutex<organisation::Governing>,
    /// The audit log, where the policy asks for one.
    auditing: auditing::Auditing,
    /// Held while `config.toml` is changed, so that what is in force is what was written last.
    changing: Mutex<()>,
    local: Arc<LocalModel>,
    /// The open history; none while it is locked or not made yet.
    session: RwLock<Option<access::Session>>,
    /// Held while the history is opened, made or taken away.
    opening: Mutex<()>,
    /// The key of a history that is too damaged to be read, to put a backup in its place.
    unread: Mutex<Option<DataKey>>,
    /// Held while a backup is made by itself, or how that stands is changed.
    backing_up: Mutex<()>,
    /// Held while changes are exchanged with other machines, or that is begun or ended.
    syncing: tokio::sync::Mutex<()>,
    /// Told when there is something to exchange that no [`Change`] tells of.
    sync_soon: tokio::sync::Notify,
    /// Told when the history is to be let go of.
    sync_ends: tokio::sync::Notify,
    /// Conversations that are never written, beside those that are; made when first wanted.
    aside: Mutex<Option<History>>,
    /// The answers in flight in this process, and how to stop each.
    running: Arc<Mutex<HashMap<ConversationId, CancellationToken>>>,
    /// The configured endpoints, each made when first asked; they keep their connections.
    endpoints: Mutex<HashMap<String, Arc<HttpEndpoint>>>,
    /// The default endpoint and its first model, asked for once when none is configured.
    first_model: Mutex<Option<(String, String)>>,
    /// The rules for what leaves, made ready when first needed.
    checker: Mutex<prevention::Ready>,
    sign_ins: signing_in::SignIns,
    staging: staging::Staging,
    reader: Reader,
    /// Held while a page is drawn.
    drawing: Mutex<()>,
    changes: changes::Changes,
    /// The texts that are being worked on, and how to stop each.
    writings: Mutex<HashMap<u32, CancellationToken>>,
    /// What reads aloud, and what it reads.
    voices: Voices,
    reading_aloud: Mutex<Option<Arc<aloud::Reading>>>,
    /// How Bureau's own renewal stands.
    updating: updating::Updating,
    /// The files and folders that a person gave to conversations, and may let them change.
    given: code::Given,
    /// Whether the history was locked on purpose, by this program.
    away: AtomicBool,
    /// Whether a temporary conversation ended with that lock.
    temporary_ended: AtomicBool,
    /// How many files that waited ended with the last lock.
    files_ended: AtomicUsize,
    /// Whether the organisation's notice was accepted since the program began.
    accepted: AtomicBool,
    /// When a person last did something, while the history is open.
    stirred: Mutex<Instant>,
}

impl Assistant {
    /// An assistant on these folders with this configuration. Opens and creates nothing yet.
    pub fn new(folders: Folders, config: Config) -> Self {
        let local = Arc::new(LocalModel::new(config.local_model.options()));
        let config = Arc::new(config);
        Self {
            folders,
            written: RwLock::new(config.clone()),
            config: RwLock::new(config),
            policy: RwLock::default(),
            governing: Mutex::default(),
            auditing: auditing::Auditing::default(),
            changing: Mutex::default(),
            local,
            session: RwLock::new(None),
            opening: Mutex::default(),
            unread: Mutex::default(),
            backing_up: Mutex::default(),
            syncing: tokio::sync::Mutex::default(),
            sync_soon: tokio::sync::Notify::new(),
            sync_ends: tokio::sync::Notify::new(),
            aside: Mutex::default(),
            running: Arc::default(),
            endpoints: Mutex::default(),
            first_model: Mutex::default(),
            checker: Mutex::default(),
            sign_ins: signing_in::SignIns::default(),
            staging: staging::Staging::default(),
            drawing: Mutex::default(),
            reader: Reader::new(std::env::current_exe().unwrap_or_default(), Limits::default()),
            changes: changes::Changes::default(),
            writings: Mutex::default(),
            voices: Voices::of_system(),
            reading_aloud: Mutex::default(),
            updating: updating::Updating::default(),
            given: code::Given::default(),
            away: AtomicBool::default(),
            temporary_ended: AtomicBool::default(),
            files_ended: AtomicUsize::default(),
            accepted: AtomicBool::default(),
            stirred: Mutex::new(Instant::now()),
        }
    }

    /// The same, with files read by another program of Bureau than this one.
    #[must_use]
    pub fn with_reader(self, program: PathBuf) -> Self {
        Self { reader: Reader::new(program, Limits::default()), ..self }
    }

    /// The configuration in force, as it is under the policy.
    pub fn config(&self) -> Arc<Config> {
        self.config.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The turn to change `config.toml`, to be taken before what is in force is looked at.
    fn turn_to_change(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes `config.toml`, and what is in force with it, in one's turn.
    fn change_config(
        &self,
        _turn: &MutexGuard<'_, ()>,
        change: impl FnOnce(&mut toml_edit::DocumentMut) -> Result<(), ConfigError>,
    ) -> Result<(), Failure> {
        let file = self.folders.config_file();
        config_file::change(&file, change)?;
        let config = Config::load(&file)?;
        *self.written.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(config);
        self.configure_anew();
        Ok(())
    }

    /// Whether this is still the configuration in force. What was made or found out by another one
    /// is not remembered; whoever asks holds the place where it would be.
    fn is_in_force(&self, config: &Arc<Config>) -> bool {
        Arc::ptr_eq(config, &self.config())
    }

    /// Lets the endpoints be made anew, after their addresses or keys may have changed.
    fn forget_endpoints(&self) {
        self.endpoints.lock().unwrap_or_else(PoisonError::into_inner).clear();
        *self.first_model.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.sign_ins.forget();
    }

    /// The folders on the disk that are in use.
    pub fn disk_folders(&self) -> &Folders {
        &self.folders
    }

    /// Stops the conversation's answer, if one is arriving in this process. What has arrived is
    /// kept. Returns whether there was one.
    pub fn stop(&self, conversation: ConversationId) -> bool {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.get(&conversation).map(CancellationToken::cancel).is_some()
    }
}
