//! How far a summary has come.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// How far a summary has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct SummaryProgress {
    /// Requests that are answered.
    pub done: u32,
    /// Requests in all, as far as it can be told.
    pub total: u32,
    /// Pages whose parts are answered.
    pub pages_done: u32,
    /// Pages in all.
    pub pages: u32,
    /// Seconds that are left, about; none until that can be told.
    pub seconds_left: Option<u32>,
    /// Tokens that were read and written so far, where the endpoint tells.
    pub tokens: u32,
}

/// What there is to know of a summary beside its words, while it is made.
pub(crate) struct Underway {
    /// How far it has come.
    pub progress: watch::Receiver<SummaryProgress>,
    /// What there is to show of it if it ends now, before its first word.
    pub partial: Arc<Mutex<String>>,
}

/// What is left of a work of which so much was done since it began.
pub(super) fn seconds_left(begun: Instant, done: u32, total: u32) -> Option<u32> {
    let each = begun.elapsed().checked_div(done).filter(|_| done > 0)?;
    let left: Duration = each.saturating_mul(total.saturating_sub(done));
    u32::try_from(left.as_secs_f64().ceil() as u64).ok()
}
