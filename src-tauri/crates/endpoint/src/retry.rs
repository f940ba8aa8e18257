//! When a request is worth sending again, and how long to wait before.

use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable};
use conversation::{Failure, FailureCode};

use crate::budget::Budget;

/// The most times that one request is sent again. Together they add less than two seconds of
/// waiting, unless the server asks for more.
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

/// Sends a request until it is answered, or failed for good, too often, or more often than the
/// budget has room for. Waits grow exponentially, with jitter, so that many clients do not come
/// back at once; a wait that the server asks for is kept, unless it is too long to be waited for
/// here.
pub(crate) async fn until_answered<T, F>(
    budget: &Budget,
    send: impl FnMut() -> F,
) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Refused>>,
{
    budget.count(Instant::now());
    let waits =
        ExponentialBuilder::new().with_min_delay(FIRST_WAIT).with_max_times(RETRIES).with_jitter();
    send.retry(waits)
        .when(|refused: &Refused| refused.passing)
        .adjust(|refused, planned| {
            let wait = wait(planned?, refused.wait, fastrand::f64());
            let again = wait <= LONGEST_WAIT && budget.take(Instant::now(), fastrand::f64());
            again.then_some(wait)
        })
        .await
        .map_err(|refused| refused.failure)
}

/// How long to wait: as planned, or what the server asks for and up to half as long again, since it
/// asks the same of everybody.
fn wait(planned: Duration, asked: Option<Duration>, chance: f64) -> Duration {
    // What is too long at once stays so, however large a number the server sent.
    let asked = asked.unwrap_or_default().min(2 * LONGEST_WAIT);
    planned.max(asked + asked.mul_f64(chance / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn desks_that_were_asked_to_wait_alike_do_not_come_back_together() {
        let (planned, asked) = (Duration::from_millis(250), Some(Duration::from_secs(5)));
        let waits: Vec<_> =
            (0..10).map(|tenth| wait(planned, asked, f64::from(tenth) / 10.0)).collect();
        assert_eq!(waits[0], Duration::from_secs(5));
        assert!(waits.is_sorted_by(|a, b| a < b), "{waits:?}");
        assert!(waits[9] > Duration::from_secs(7), "{waits:?}");
    }

    #[test]
    fn a_wait_is_never_shorter_than_planned_or_asked() {
        let planned = Duration::from_millis(250);
        assert_eq!(wait(planned, None, 0.9), planned);
        assert_eq!(wait(planned, Some(Duration::from_millis(10)), 0.9), planned);
        assert!(wait(planned, Some(Duration::MAX), 0.0) > LONGEST_WAIT);
    }
}
