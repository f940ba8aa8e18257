//! How much of documents a model is given at once.

use local_model::prompt_room;
use serde::{Deserialize, Serialize};

use crate::Assistant;
use crate::models::Chosen;

/// What goes into one request, and how many are asked at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Room {
    /// Bytes of documents in a request.
    pub bytes: usize,
    /// Requests at once.
    pub at_once: usize,
    /// Whether the model is too small to quote.
    pub small: bool,
}

/// Bytes of a token, fewer than usual: a request that is too long is sent in vain.
const BYTES_PER_TOKEN: usize = 3;
/// What the built-in model's vocabulary, made for English, takes of French.
const BUILT_IN_BYTES_PER_TOKEN: usize = 2;
/// Tokens of what is asked about the documents.
const QUESTION: u32 = 200;

impl Assistant {
    /// How much of documents goes to this model at once.
    pub(crate) fn room(&self, chosen: &Chosen) -> Room {
        self.room_of(chosen.endpoint.is_none())
    }

    /// The same for the built-in model, or for a model of an endpoint.
    pub(crate) fn room_of(&self, built_in: bool) -> Room {
        if built_in {
            let tokens = prompt_room(self.local.context_tokens()).saturating_sub(QUESTION).max(64);
            let bytes = tokens as usize * BUILT_IN_BYTES_PER_TOKEN;
            return Room { bytes, at_once: 1, small: true };
        }
        let config = self.config().documents;
        Room {
            bytes: config.request_tokens.max(256) as usize * BYTES_PER_TOKEN,
            at_once: config.requests_at_once.clamp(1, 64) as usize,
            small: false,
        }
    }
}
