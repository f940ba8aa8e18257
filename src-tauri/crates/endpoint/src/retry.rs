//! When a request is worth sending again, and how long to wait before.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use conversation::{Failure, FailureCode};

/// Times a request is sent again. Together they add less than two seconds of waiting, unless
/// the server asks for more.
const RETRIES: usize = 2;
const FIRST_WAIT: Duration = Duration::from_millis(250);
/// A person does not sit before a still window for longer than this.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// A request that failed before anything of its answer came.
pub(crate) struct Refused {
    pub(crate) failure: Failure,
    /// Whether the same request may well succeed a moment later.
    pub(crate) passing: bool,
    /// How long the server asked to wait.
    pub(crate) wait: Option<Duration>,
}

impl Refused {
    /// A request that did not arrive.
    pub(crate) fn unsent(failure: Failure) -> Self {
        let passing = failure.code == FailureCode::Unreachable;
        Self { failure, passing, wait: None }
    }

    /// A failure that the same request would meet again.
    pub(crate) fn lasting(failure: Failure) -> Self {
        Self { failure, passing: false, wait: None }
    }
}

/// Sends a request until it is answered, or failed for good or too often. Waits grow
/// exponentially, with jitter, so that many clients do not come back at once; a wait that the
/// server asks for is kept, unless it is too long to be waited for here.
pub(crate) async fn until_answered<T, F>(send: impl FnMut() -> F) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Refused>>,
{
    let waits =
        ExponentialBuilder::new().with_min_delay(FIRST_WAIT).with_max_times(RETRIES).with_jitter();
    send.retry(waits)
        .when(|refused: &Refused| refused.passing)
        .adjust(|refused, planned| {
            let wait = planned?.max(refused.wait.unwrap_or_default());
            (wait <= LONGEST_WAIT).then_some(wait)
        })
        .await
        .map_err(|refused| refused.failure)
}
