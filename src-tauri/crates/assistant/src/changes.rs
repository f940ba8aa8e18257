//! What changes, told to every window.

use std::sync::{Mutex, MutexGuard, PoisonError};

use conversation::{Conversation, ConversationId, Draft, Failure};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

use crate::{Assistant, Settings};

/// Changes that a slow listener may lag behind before it misses some.
const BACKLOG: usize = 256;

/// Something that has changed, whoever changed it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Change {
    /// A conversation is new or has changed.
    Conversation {
        /// The conversation as it is now.
        conversation: Conversation,
    },
    /// A conversation was deleted.
    Removed {
        /// Which one.
        conversation: ConversationId,
    },
    /// Many conversations have changed at once: what is listed is to be read again.
    Conversations,
    /// Folders or tags have changed.
    Organised,
    /// A draft was kept.
    Drafted {
        /// The draft as it is now.
        draft: Draft,
    },
    /// The settings have changed.
    Settings {
        /// The settings as they are now.
        settings: Settings,
    },
    /// The endpoints have changed, or their models.
    Endpoints,
    /// The organisation's policy has changed, or what became of a newer one.
    Policy,
    /// How backups stand has changed.
    Backups,
    /// How sharing the history with other machines stands has changed.
    Sync,
    /// How Bureau's own renewal stands has changed.
    Update,
    /// The history was locked: nothing of it is to be shown or kept.
    Locked,
    /// How the history stands has changed, or the organisation's notice was accepted.
    Access,
    /// A conversation was marked otherwise.
    Marked {
        /// Which one.
        conversation: ConversationId,
    },
    /// The history was taken away for good, or another was put in its place: all begins anew.
    Replaced,
}

/// Tells of changes to whoever listens.
pub(crate) struct Changes {
    listeners: broadcast::Sender<Change>,
    /// Held from reading how something is until it is told, so that what is told last is true.
    turn: Mutex<()>,
}

impl Default for Changes {
    fn default() -> Self {
        Self { listeners: broadcast::Sender::new(BACKLOG), turn: Mutex::default() }
    }
}

impl Changes {
    /// Tells of a change, which is read in its turn; nobody need listen.
    pub(crate) fn tell(&self, change: impl FnOnce() -> Change) {
        let _turn = self.turn();
        let _ = self.listeners.send(change());
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Assistant {
    /// What changes from now on, in order.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.listeners.subscribe()
    }

    /// Tells how a conversation is now, and gives it. Nothing is told of one that is gone: whoever
    /// has heard of its end must not hear of it again.
    pub(crate) fn tell_of(&self, id: ConversationId) -> Result<Conversation, Failure> {
        let _turn = self.changes.turn();
        let conversation = self.history_of(id)?.conversation(id)?;
        let _ = self
            .changes
            .listeners
            .send(Change::Conversation { conversation: conversation.clone() });
        Ok(conversation)
    }
}
