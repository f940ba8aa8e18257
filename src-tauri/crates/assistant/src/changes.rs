//! What changes, told to every window.

use conversation::{Conversation, ConversationId, Draft};
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
}

/// Tells of changes to whoever listens.
pub(crate) struct Changes(broadcast::Sender<Change>);

impl Default for Changes {
    fn default() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }
}

impl Changes {
    /// Tells of a change; nobody need listen.
    pub(crate) fn tell(&self, change: Change) {
        let _ = self.0.send(change);
    }
}

impl Assistant {
    /// What changes from now on, in order.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.0.subscribe()
    }
}
