//! What holds at the desk, as the first screen and the settings show it.

use std::collections::BTreeMap;

use conversation::{Failure, Marking};
use serde::{Deserialize, Serialize};
use vault::SlotKind;

use crate::Assistant;

/// What holds at this desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Desk {
    /// The organisation's notice by language, while it is still to be accepted.
    pub notice: Option<BTreeMap<String, String>>,
    /// The markings that a conversation can bear, from the lowest, which everything bears; empty
    /// where the organisation has none.
    pub markings: Vec<Marking>,
    /// What opens the history.
    pub slots: Vec<SlotKind>,
    /// Whether the history was locked on purpose.
    pub away: bool,
    /// Whether a temporary conversation ended when it was locked.
    pub temporary_ended: bool,
    /// How many files that waited to be sent were let go when it was locked.
    pub files_ended: u32,
    /// Whether the history needs a passphrase, and has none.
    pub passphrase_needed: bool,
    /// Seconds before the next passphrase can be tried.
    pub wait: u32,
    /// The most minutes without a stir before the history is locked that a person may choose.
    pub idle_minutes: Option<u32>,
    /// Whether the history is always locked with the operating system's session.
    pub with_system: bool,
}

impl Assistant {
    pub(crate) fn desk(&self) -> Result<Desk, Failure> {
        let (policy, vault) = (self.policy(), self.vault());
        let wait = vault.wait().as_millis().div_ceil(1000);
        Ok(Desk {
            notice: self.notice().map(|banner| banner.text),
            markings: self.markings(),
            slots: vault.slots()?.into_iter().map(|slot| slot.kind).collect(),
            away: self.is_away(),
            temporary_ended: self.has_ended_temporary(),
            files_ended: u32::try_from(self.ended_files()).unwrap_or(u32::MAX),
            passphrase_needed: self.lacks_passphrase()?,
            wait: u32::try_from(wait).unwrap_or(u32::MAX),
            idle_minutes: policy.lock.idle_minutes.map(u32::from),
            with_system: policy.lock.with_system,
        })
    }
}
