//! How often an endpoint may be asked again.
//!
//! Where a service fails, every desk's request fails, and what each sends again comes on top of
//! what the service could not take before. So requests that are sent again are a small share of
//! all. A desk asks about once a minute: counted out one by one, its share would be either nothing
//! or twice what all desks may send together. Therefore what is not a whole request is left to
//! chance, which keeps the share for a thousand desks as for one.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Of the requests of the last while, about so many are sent again.
const SHARE: f64 = 0.1;
/// How long a request counts. It is short, so that a quiet time before an outage gives nothing to
/// spend in it.
const WHILE: Duration = Duration::from_secs(10);

/// What one program may send again to one endpoint.
#[derive(Default)]
pub(crate) struct Budget(Mutex<Spent>);

#[derive(Default)]
struct Spent {
    /// When requests were sent for the first time, and when one was sent again.
    first: VecDeque<Instant>,
    again: VecDeque<Instant>,
}

impl Budget {
    /// A request is sent for the first time.
    pub(crate) fn count(&self, now: Instant) {
        let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        spent.forget_before(now);
        spent.first.push_back(now);
    }

    /// Whether a request may be sent again; if so, it is counted. `chance` is a random number from
    /// 0 to 1.
    pub(crate) fn take(&self, now: Instant, chance: f64) -> bool {
        let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        spent.forget_before(now);
        let left = SHARE * spent.first.len() as f64 - spent.again.len() as f64;
        let may = chance < left;
        if may {
            spent.again.push_back(now);
        }
        may
    }
}

impl Spent {
    fn forget_before(&mut self, now: Instant) {
        let old = |when: &Instant| now.saturating_duration_since(*when) >= WHILE;
        for times in [&mut self.first, &mut self.again] {
            while times.front().is_some_and(old) {
                times.pop_front();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evenly spread, as many as there are.
    fn chances(count: u32) -> impl Iterator<Item = f64> {
        (0..count).map(move |n| f64::from(n) / f64::from(count))
    }

    #[test]
    fn of_a_thousand_desks_that_ask_once_a_tenth_asks_again() {
        let now = Instant::now();
        let again = chances(1_000).filter(|chance| {
            let desk = Budget::default();
            desk.count(now);
            desk.take(now, *chance)
        });
        assert_eq!(again.count(), 100);
    }

    #[test]
    fn desks_whose_every_request_fails_for_a_minute_send_a_fifth_more_at_most() {
        // Each asks once in a normal minute, then as often as its turn says, all of which fails.
        let begun = Instant::now();
        for every in [1, 3, 10, 30, 60] {
            let mut sent = (0_u32, 0_usize);
            for desk in 0..1_000_u64 {
                let budget = Budget::default();
                let mut random = fastrand::Rng::with_seed(desk);
                budget.count(begun + Duration::from_secs(random.u64(0..60)));
                let first = random.u64(0..every);
                for second in (first..60).step_by(every as usize) {
                    let now = begun + Duration::from_secs(60 + second);
                    budget.count(now);
                    sent.0 += 1;
                    sent.1 += (0..2).take_while(|_| budget.take(now, random.f64())).count();
                }
            }
            let share = sent.1 as f64 / f64::from(sent.0);
            assert!(share < 0.2, "one question in {every} s: {share}");
        }
    }

    #[test]
    fn whoever_asks_much_may_ask_again_for_certain_and_not_more_than_a_tenth() {
        let (budget, now) = (Budget::default(), Instant::now());
        (0..20).for_each(|_| budget.count(now));
        let again = (0..20).filter(|_| budget.take(now, 0.999)).count();
        assert_eq!(again, 2);
        assert!(!budget.take(now, 0.0));
    }

    #[test]
    fn what_was_asked_long_ago_gives_nothing_to_spend() {
        let (budget, now) = (Budget::default(), Instant::now());
        (0..100).for_each(|_| budget.count(now));
        assert!(budget.take(now + WHILE / 2, 0.5), "it still counts");
        assert!(!budget.take(now + WHILE, 0.0));
    }
}
