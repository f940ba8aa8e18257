//! Failed passphrases, counted on the disk beside the vault: after a few, each one more makes
//! whoever tries wait twice as long (NIST SP 800-53, AC-7).
//!
//! A try is written down before it is made, by the one process that holds the vault's lock, so
//! neither ending the program nor running many of them gives one more. How long there is still to
//! wait goes by a clock that nobody sets, where the system has one: after a restart of the machine
//! the wait begins anew.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{VaultError, file};

const NAME: &str = "vault-tries.json";
/// The first wait.
const SHORTEST: Duration = Duration::from_secs(5);

/// How failed passphrases are slowed down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// So many may be wrong before there is anything to wait for.
    pub tries: u32,
    /// The longest wait.
    pub longest: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { tries: 5, longest: Duration::from_secs(15 * 60) }
    }
}

impl Patience {
    /// How long to wait after so many failed.
    fn wait(self, failed: u32) -> Duration {
        let Some(beyond) = failed.checked_sub(self.tries.max(1)) else { return Duration::ZERO };
        let longer = 2_u32.checked_pow(beyond).and_then(|times| SHORTEST.checked_mul(times));
        longer.unwrap_or(self.longest).min(self.longest)
    }
}

/// What is known of the tries so far.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tries {
    /// So many failed, one after another.
    failed: u32,
    /// The clock that the last one was made by.
    clock: String,
    /// When that was, in milliseconds by that clock.
    at: u64,
}

/// Counts one more try, to be made now. The caller holds the vault's lock until it knows whether
/// the try failed.
///
/// # Errors
/// [`VaultError::TooManyTries`] while there is something to wait for; [`VaultError::Storage`].
/// The try is not to be made then.
pub(crate) fn begin(folder: &Path, patience: Patience) -> Result<(), VaultError> {
    begin_at(folder, patience, &Clock::now())
}

/// Forgets those that failed, after one that did not.
pub(crate) fn forget(folder: &Path) -> Result<(), VaultError> {
    let file = folder.join(NAME);
    match fs::remove_file(&file) {
        Err(source) if source.kind() != ErrorKind::NotFound => {
            unless_full(Err(VaultError::Storage { file, source }))
        }
        _ => Ok(()),
    }
}

/// How long there is still to wait; nothing if a try may be made now.
pub(crate) fn left(folder: &Path, patience: Patience) -> Duration {
    let (tries, clock) = (read(folder), Clock::now());
    let waited = tries.waited(&clock).unwrap_or_default();
    patience.wait(tries.failed).saturating_sub(waited)
}

fn begin_at(folder: &Path, patience: Patience, clock: &Clock) -> Result<(), VaultError> {
    let mut tries = read(folder);
    let wait = patience.wait(tries.failed);
    let waited = tries.waited(clock);
    if waited.is_none() {
        // By this clock the wait begins now.
        tries = Tries { failed: tries.failed, ..clock.no_tries() };
        write(folder, &tries)?;
    }
    let left = wait.saturating_sub(waited.unwrap_or_default());
    if !left.is_zero() {
        return Err(VaultError::TooManyTries(left));
    }
    write(folder, &Tries { failed: tries.failed.saturating_add(1), ..clock.no_tries() })
}

impl Tries {
    /// The time since the last one; none where that was by another clock, or one set back.
    fn waited(&self, clock: &Clock) -> Option<Duration> {
        if self.failed == 0 {
            return Some(Duration::ZERO);
        }
        let same = self.clock == clock.name;
        same.then(|| clock.now.checked_sub(self.at)).flatten().map(Duration::from_millis)
    }
}

fn read(folder: &Path) -> Tries {
    let Ok(bytes) = fs::read(folder.join(NAME)) else { return Tries::default() };
    // One that was written by hand is not trusted to be kind.
    serde_json::from_slice(&bytes)
        .unwrap_or_else(|_| Tries { failed: u32::MAX, ..Tries::default() })
}

fn write(folder: &Path, tries: &Tries) -> Result<(), VaultError> {
    let json = serde_json::to_vec(tries).map_err(|error| VaultError::Damaged(error.to_string()))?;
    unless_full(file::replace(folder, NAME, &json))
}

/// A disk that takes nothing new keeps nobody from reading what is on it; tries are not counted
/// there.
fn unless_full(kept: Result<(), VaultError>) -> Result<(), VaultError> {
    match kept {
        Err(error) if error.is_full_or_read_only() => Ok(()),
        kept => kept,
    }
}

/// A clock that runs through the machine's sleep, and the moment it shows.
struct Clock {
    /// Which one: it is another after a restart of the machine.
    name: String,
    /// Milliseconds.
    now: u64,
}

impl Clock {
    #[cfg(target_os = "linux")]
    fn now() -> Self {
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id");
        let uptime = fs::read_to_string("/proc/uptime");
        let seconds = uptime.ok().and_then(|text| {
            text.split_whitespace().next().and_then(|seconds| seconds.parse().ok())
        });
        match (boot, seconds.map(Duration::try_from_secs_f64)) {
            (Ok(boot), Some(Ok(since))) => Self {
                name: boot.trim().to_owned(),
                now: u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
            },
            _ => Self::of_the_wall(),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn now() -> Self {
        Self::of_the_wall()
    }

    /// The clock that a person can set: back, and the wait begins anew.
    fn of_the_wall() -> Self {
        let now = conversation::Timestamp::now().as_millis();
        Self { name: "wall".to_owned(), now: u64::try_from(now).unwrap_or_default() }
    }

    fn no_tries(&self) -> Tries {
        Tries { failed: 0, clock: self.name.clone(), at: self.now }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PATIENCE: Patience = Patience { tries: 3, longest: Duration::from_secs(60) };

    fn at(seconds: u64) -> Clock {
        Clock { name: "boot 1".to_owned(), now: seconds * 1000 }
    }

    fn left(tried: Result<(), VaultError>) -> u64 {
        match tried {
            Ok(()) => 0,
            Err(VaultError::TooManyTries(left)) => left.as_secs(),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn waits_grow_up_to_the_longest() {
        let waits: Vec<_> = (0..9).map(|failed| PATIENCE.wait(failed).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 5, 10, 20, 40, 60, 60]);
        assert_eq!(PATIENCE.wait(u32::MAX).as_secs(), 60);
    }

    #[test]
    fn whoever_waits_may_try_and_whoever_does_not_may_not() {
        let folder = tempfile::tempdir().unwrap();
        let try_at = |seconds| left(begin_at(folder.path(), PATIENCE, &at(seconds)));
        assert_eq!([100, 100, 100].map(try_at), [0, 0, 0]);
        assert_eq!([100, 101, 104].map(try_at), [5, 4, 1]);
        assert_eq!(try_at(105), 0);
        assert_eq!(try_at(106), 9);
        forget(folder.path()).unwrap();
        assert_eq!([106, 106, 106, 106].map(try_at), [0, 0, 0, 5]);
    }

    #[test]
    fn a_clock_set_back_and_a_restart_begin_the_wait_anew() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..3 {
            begin_at(folder.path(), PATIENCE, &at(1000)).unwrap();
        }
        assert_eq!(left(begin_at(folder.path(), PATIENCE, &at(10))), 5);
        assert_eq!(left(begin_at(folder.path(), PATIENCE, &at(12))), 3);
        let restarted = |seconds| Clock { name: "boot 2".to_owned(), ..at(seconds) };
        assert_eq!(left(begin_at(folder.path(), PATIENCE, &restarted(5000))), 5);
        assert_eq!(left(begin_at(folder.path(), PATIENCE, &restarted(5005))), 0);
    }

    #[test]
    fn a_file_that_is_not_ours_makes_them_wait_longest() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(NAME), "{\"failed\":0}").unwrap();
        assert_eq!(left(begin_at(folder.path(), PATIENCE, &at(7))), 60);
        assert_eq!(left(begin_at(folder.path(), PATIENCE, &at(67))), 0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        /// However tries and clocks fall, none is made before its wait is over.
        #[test]
        fn no_order_of_tries_gives_more_than_the_waits_allow(
            steps in prop::collection::vec((0_u64..30, any::<bool>()), 1..60),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let (mut now, mut real, mut allowed) = (1000, 0_u64, 0_u32);
            for (passed, set_back) in steps {
                real += passed;
                now = if set_back { now / 2 } else { now + passed };
                if begin_at(folder.path(), PATIENCE, &at(now)).is_ok() {
                    allowed += 1;
                }
            }
            let cost: u64 = (0..allowed).map(|failed| PATIENCE.wait(failed).as_secs()).sum();
            prop_assert!(cost <= real, "{allowed} tries in {real} s");
        }
    }
}
