//! Who may read the history: making it, unlocking it, or doing without.

use audit::Event;
use std::path::Path;
use std::sync::{MutexGuard, PoisonError};

use conversation::{ConversationId, Failure, FailureCode, MessageId};
use history::History;
use policy::Action;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use vault::{DataKey, SlotKind, Vault, VaultError};

use crate::{Assistant, Status, region};

/// How the history stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// There is none yet; it must be made, or done without.
    New,
    /// It is there, and locked.
    Locked,
    /// It is open.
    Open,
    /// It is damaged, and open as far as it can be read; nothing in it can be changed.
    Damaged,
    /// Nothing is written: conversations live in memory until the process ends.
    Temporary,
}

/// What an attempt without a person came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// The history is open.
    Yes,
    /// A passphrase is needed to open it.
    NeedsPassphrase,
    /// There is no history yet, and nothing to lock one with but a passphrase to be chosen.
    NeedsNewPassphrase,
}

/// An open history, or a temporary one.
pub(crate) struct Session {
    pub(crate) history: History,
    pub(crate) temporary: bool,
    /// Kept for adding key slots; none in a temporary session.
    pub(crate) key: Option<DataKey>,
}

impl Assistant {
    /// The vault of this profile, as patient with wrong passphrases as the policy says.
    pub fn vault(&self) -> Vault {
        Vault::at(&self.folders.data).with_patience(self.patience())
    }

    /// How the history stands now.
    ///
    /// # Errors
    /// Where the vault's file is there and cannot be read.
    pub fn access(&self) -> Result<Access, Failure> {
        if let Some(session) = &*self.session.read().unwrap_or_else(PoisonError::into_inner) {
            return Ok(match session {
                Session { temporary: true, .. } => Access::Temporary,
                Session { history, .. } if history.is_damaged() => Access::Damaged,
                _ => Access::Open,
            });
        }
        Ok(if self.vault().slots()?.is_empty() { Access::New } else { Access::Locked })
    }

    /// What the first screen needs to know.
    ///
    /// # Errors
    /// As [`access`](Self::access).
    pub fn status(&self) -> Result<Status, Failure> {
        let config = self.config();
        let default = config.default_endpoint().filter(|_| !config.from_environment);
        Ok(Status {
            endpoint_name: default.map(|(name, _)| name.to_owned()),
            access: self.access()?,
            keychain: Vault::keychain_available(),
            endpoint: config
                .default_endpoint()
                .map(|(_, e)| e.host().unwrap_or_else(|| e.shown_address())),
            settings: self.settings(),
            locale: region::of_system(),
            voices: self.has_voices(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            organisation: self.organisation(),
            desk: self.desk()?,
        })
    }

    /// Makes the vault and the history, locked by the operating system's keychain.
    ///
    /// # Errors
    /// Where there is a vault already, no keychain, or the disk refuses.
    pub fn create_with_keychain(&self) -> Result<(), Failure> {
        self.audited(Event::new(audit::Action::HistoryCreate).with("by", "keychain"), || {
            self.forbid_keychain_alone()?;
            let turn = self.turn_to_open();
            let key = self.vault().create_with_keychain()?;
            self.open(&turn, key)
        })
    }

    /// Makes the vault and the history, locked by a passphrase.
    ///
    /// # Errors
    /// Where there is a vault already, the passphrase is empty, or the disk refuses.
    pub fn create_with_passphrase(&self, passphrase: &SecretString) -> Result<(), Failure> {
        self.audited(Event::new(audit::Action::HistoryCreate).with("by", "passphrase"), || {
            let turn = self.turn_to_open();
            let key = self.vault().create_with_passphrase(passphrase)?;
            self.open(&turn, key)
        })
    }

    /// Opens the history with the passphrase. One that is open stays as it is.
    ///
    /// # Errors
    /// [`FailureCode::Locked`] if the passphrase is wrong, [`FailureCode::TooManyTries`] if too
    /// many were; nothing has changed then.
    pub fn unlock(&self, passphrase: &SecretString) -> Result<(), Failure> {
        self.audited(Event::new(audit::Action::HistoryUnlock).with("by", "passphrase"), || {
            let turn = self.turn_to_open();
            let key = self.vault().unlock_with_passphrase(passphrase)?;
            self.open(&turn, key)
        })
    }

    /// Opens the history if there is one and nobody need be asked; says whether it is open.
    ///
    /// # Errors
    /// As [`open_unattended`](Self::open_unattended).
    pub fn open_existing(&self) -> Result<bool, Failure> {
        let turn = self.turn_to_open();
        // Somebody else may just have opened it.
        let access = self.access()?;
        drop(turn);
        Ok(match access {
            Access::Open | Access::Damaged => true,
            // What was locked on purpose opens for a person alone.
            Access::Locked if self.is_away() => false,
            Access::Locked => self.open_unattended()? == Opened::Yes,
            Access::New | Access::Temporary => false,
        })
    }

    /// Opens the history with the file that `BUREAU_PASSPHRASE_FILE` names or with the keychain;
    /// makes it that way if there is none. Asks nobody.
    ///
    /// # Errors
    /// Where the named file cannot be read or holds a wrong passphrase, or the history fails.
    pub fn open_unattended(&self) -> Result<Opened, Failure> {
        let turn = self.turn_to_open();
        let slots = self.vault().slots()?;
        let passphrase = passphrase_file()?;
        let made = |by| Event::new(audit::Action::HistoryCreate).with("by", by);
        let unlocked = |by| Event::new(audit::Action::HistoryUnlock).with("by", by);
        let open = |event, key| self.audited(event, || self.open(&turn, key)).map(|()| Opened::Yes);
        if slots.is_empty() {
            if let Some(passphrase) = passphrase {
                let key = self.vault().create_with_passphrase(&passphrase)?;
                return open(made("passphrase file"), key);
            }
            if !Vault::keychain_available() || self.policy().lock.passphrase {
                return Ok(Opened::NeedsNewPassphrase);
            }
            return match self.vault().create_with_keychain() {
                Ok(key) => open(made("keychain"), key),
                // It answers and keeps nothing, as one does that was never set up.
                Err(VaultError::Keychain(_)) => Ok(Opened::NeedsNewPassphrase),
                Err(error) => Err(error.into()),
            };
        }
        let has = |kind| slots.iter().any(|slot| slot.kind == kind);
        if let Some(passphrase) = passphrase.filter(|_| has(SlotKind::Passphrase)) {
            let opened = || {
                let key = self.vault().unlock_with_passphrase(&passphrase)?;
                self.open(&turn, key)
            };
            return self.audited(unlocked("passphrase file"), opened).map(|()| Opened::Yes);
        }
        // A lock that the keychain opened again would be none where there is a passphrase.
        if !has(SlotKind::Keychain) || (self.is_away() && has(SlotKind::Passphrase)) {
            return Ok(Opened::NeedsPassphrase);
        }
        match self.vault().unlock_with_keychain() {
            Ok(key) => open(unlocked("keychain"), key),
            // The keychain is gone or lost its entry: the other slot still opens.
            Err(_) if has(SlotKind::Passphrase) => Ok(Opened::NeedsPassphrase),
            Err(error) => Err(error.into()),
        }
    }

    /// Does without a history on disk: everything stays in memory. One that is open stays as it
    /// is.
    ///
    /// # Errors
    /// [`FailureCode::Forbidden`] where the organisation wants conversations to be kept, or where
    /// even the memory fails.
    pub fn start_temporary(&self) -> Result<(), Failure> {
        self.audited(Event::new(audit::Action::HistoryTemporary), || {
            self.permit(Action::ConverseTemporarily)?;
            let turn = self.turn_to_open();
            let history = History::in_memory()?;
            self.enter(&turn, Session { history, temporary: true, key: None });
            Ok(())
        })
    }

    /// The open data key, to add a key slot with.
    ///
    /// # Errors
    /// [`FailureCode::Locked`] while the history is not open.
    pub fn data_key(&self) -> Result<DataKey, Failure> {
        let session = self.session.read().unwrap_or_else(PoisonError::into_inner);
        session.as_ref().and_then(|s| s.key.clone()).ok_or_else(locked)
    }

    /// The open history, temporary or not.
    ///
    /// # Errors
    /// [`FailureCode::Locked`] while none is open; [`FailureCode::BannerNotAccepted`] while the
    /// organisation's notice is not accepted.
    pub fn history(&self) -> Result<History, Failure> {
        self.require_accepted()?;
        if self.lacks_passphrase()? {
            self.forbid_keychain_alone()?;
        }
        let session = self.session.read().unwrap_or_else(PoisonError::into_inner);
        session.as_ref().map(|s| s.history.clone()).ok_or_else(locked)
    }

    /// Where conversations lie that are never written, beside those that are.
    pub(crate) fn temporary_history(&self) -> Result<History, Failure> {
        self.history()?;
        let mut aside = self.aside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(aside) = &*aside {
            return Ok(aside.clone());
        }
        let new = History::in_memory()?;
        *aside = Some(new.clone());
        Ok(new)
    }

    /// Where conversations lie that are never written, if there ever was one.
    pub(crate) fn existing_temporary_history(&self) -> Option<History> {
        self.aside.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The history of temporary conversations, if `holds` says that it has what is looked for;
    /// else the kept one.
    pub(crate) fn history_where(
        &self,
        holds: impl Fn(&History) -> bool,
    ) -> Result<History, Failure> {
        match self.existing_temporary_history().filter(holds) {
            Some(aside) => Ok(aside),
            None => self.history(),
        }
    }

    /// The history that holds this conversation, or would.
    ///
    /// # Errors
    /// [`FailureCode::Locked`] while none is open.
    pub fn history_of(&self, id: ConversationId) -> Result<History, Failure> {
        self.history_where(|history| history.conversation(id).is_ok())
    }

    /// The history that holds this message, or would.
    pub(crate) fn history_with(&self, id: MessageId) -> Result<History, Failure> {
        self.history_where(|history| history.message(id).is_ok())
    }

    /// The turn to open, make or take away the history, to be taken before its key is asked for.
    pub(crate) fn turn_to_open(&self) -> MutexGuard<'_, ()> {
        self.opening.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn open(&self, turn: &MutexGuard<'_, ()>, key: DataKey) -> Result<(), Failure> {
        let history = self.open_whatever_can_be(&key)?;
        self.add_recovery(&key);
        self.enter(turn, Session { history, temporary: false, key: Some(key) });
        Ok(())
    }

    pub(crate) fn enter(&self, _turn: &MutexGuard<'_, ()>, session: Session) {
        let mut entered = self.session.write().unwrap_or_else(PoisonError::into_inner);
        // Other windows write to what is open: nothing takes its place but a history on the disk
        // that of one in memory.
        if entered.as_ref().is_some_and(|entered| !entered.temporary || session.temporary) {
            return;
        }
        let history = session.history.clone();
        *entered = Some(session);
        drop(entered);
        self.sign_audit(&history);
        self.come_back();
        *self.aside.lock().unwrap_or_else(PoisonError::into_inner) = None;
        // The endpoints' keys may lie in this history.
        self.forget_endpoints();
        self.heed_groups();
        self.sync_soon.notify_one();
    }
}

pub(crate) fn locked() -> Failure {
    Failure::new(FailureCode::Locked, "the history is locked; unlock it first")
}

/// The passphrase in the file that `BUREAU_PASSPHRASE_FILE` names, without its last line end;
/// none where it names no file.
///
/// # Errors
/// [`FailureCode::NoKey`] where the file cannot be read.
pub fn passphrase_file() -> Result<Option<SecretString>, Failure> {
    let Some(file) = std::env::var_os("BUREAU_PASSPHRASE_FILE").filter(|v| !v.is_empty()) else {
        return Ok(None);
    };
    read_passphrase(Path::new(&file)).map(Some).map_err(|error| {
        let file = Path::new(&file).display();
        Failure::new(
            FailureCode::NoKey,
            format!(
                "the passphrase file {file} cannot be read ({error}); check BUREAU_PASSPHRASE_FILE"
            ),
        )
    })
}

/// The passphrase that a file holds, without the file's last line end.
///
/// # Errors
/// Where the file cannot be read, or is not UTF-8.
pub fn read_passphrase(file: &Path) -> std::io::Result<SecretString> {
    let text = SecretString::from(std::fs::read_to_string(file)?);
    let text = text.expose_secret();
    let line = text.strip_suffix('\n').unwrap_or(text);
    Ok(SecretString::from(line.strip_suffix('\r').unwrap_or(line).to_owned()))
}
