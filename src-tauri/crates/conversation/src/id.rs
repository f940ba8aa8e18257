//! Identifiers: unique across a person's machines, ordered by time, and cheap as a database key.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Bits of randomness below the 42 bits of milliseconds.
const RANDOM_BITS: u32 = 21;
/// Characters of an identifier in text: 13 × 5 bits hold the 63 used ones.
const TEXT_LENGTH: usize = 13;
/// Crockford's base 32 in lower case: no `i`, `l`, `o`, `u`, so that a copied id is not misread.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The last value given out in this process; ids made in the same millisecond count up from it.
static LAST: AtomicI64 = AtomicI64::new(0);

/// A positive 63-bit number: 42 bits of milliseconds since the Unix epoch, then 21 random bits.
///
/// It is the row id of its table, so no second index is needed, and rows are appended in order.
fn next() -> i64 {
    next_after(0)
}

/// The same, but greater than `floor` even if the clock has stepped back since that was made.
fn next_after(floor: i64) -> i64 {
    let candidate = ((Timestamp::now().as_millis() & ((1 << 42) - 1)) << RANDOM_BITS) | random();
    let least = candidate.max(floor.saturating_add(1));
    let following = |last: i64| least.max(last.saturating_add(1));
    let previous =
        LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(following(last)));
    // The closure always returns a value, so both arms hold the one before the update.
    let (Ok(last) | Err(last)) = previous;
    following(last)
}

/// The lower bits. Without a source of randomness the callers still keep a process's ids apart.
fn random() -> i64 {
    let mut random = [0_u8; 4];
    let _ = getrandom::fill(&mut random);
    i64::from(u32::from_le_bytes(random)) & ((1 << RANDOM_BITS) - 1)
}

/// A number of this moment, for what was made then; one that is yet to come counts as now, so that
/// what is made after it can be told from it. Greater than `floor`, whatever the moment.
fn at(moment: Timestamp, floor: i64) -> i64 {
    let moment = moment.min(Timestamp::now());
    (least_at(moment) | random()).max(floor.saturating_add(1))
}

/// The number in which this moment is followed by no randomness; times that an identifier cannot
/// hold are the first and the last that it can.
fn least_at(moment: Timestamp) -> i64 {
    moment.as_millis().clamp(0, (1 << 42) - 1) << RANDOM_BITS
}

/// The text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an id: an id has 13 of the characters 0-9 and a-z")]
pub struct ParseIdError(String);

fn encode(value: i64) -> String {
    (0..TEXT_LENGTH as u32)
        .rev()
        .map(|place| char::from(ALPHABET[((value >> (place * 5)) & 31) as usize]))
        .collect()
}

fn decode(text: &str) -> Result<i64, ParseIdError> {
    let error = || ParseIdError(text.chars().take(40).collect());
    if text.len() != TEXT_LENGTH {
        return Err(error());
    }
    text.bytes()
        .try_fold(0_i64, |value, byte| {
            let digit = ALPHABET.iter().position(|&c| c == byte.to_ascii_lowercase())?;
            value.checked_mul(32)?.checked_add(digit as i64)
        })
        .filter(|&value| value > 0)
        .ok_or_else(error)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(i64);

        impl $name {
            /// A new identifier, greater than every one made before it in this process.
            #[allow(clippy::new_without_default, reason = "two defaults must be equal; two ids never are")]
            pub fn new() -> Self {
                Self(next())
            }

            /// A new identifier that is greater than `earlier` as well, which may come from a
            /// machine whose clock was ahead of this one's.
            pub fn after(earlier: Self) -> Self {
                Self(next_after(earlier.0))
            }

            /// An identifier for what was made at this moment, as it says of itself, and if need
            /// be a later one, so that it is greater than `earlier`. A moment that is yet to come
            /// counts as now. It may be taken already: what was made at that moment is not known.
            pub fn at(moment: Timestamp, earlier: Option<Self>) -> Self {
                Self(at(moment, earlier.map_or(0, |earlier| earlier.0)))
            }

            /// The least number of an identifier made at this moment or later, by the clock of the
            /// machine that made it.
            pub fn least_at(moment: Timestamp) -> i64 {
                least_at(moment)
            }

            /// The identifier with this number, as stored; `None` unless it is positive.
            pub fn from_i64(value: i64) -> Option<Self> {
                (value > 0).then_some(Self(value))
            }

            /// The number, for use as a database key.
            pub fn as_i64(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), encode(self.0))
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                decode(text).map(Self)
            }
        }

        impl TryFrom<String> for $name {
            type Error = ParseIdError;
            fn try_from(text: String) -> Result<Self, ParseIdError> {
                decode(&text).map(Self)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                encode(id.0)
            }
        }

        impl specta::Type for $name {
            fn definition(types: &mut specta::Types) -> specta::datatype::DataType {
                <String as specta::Type>::definition(types)
            }
        }
    };
}

id! {
    /// Names a conversation.
    ConversationId
}
id! {
    /// Names a folder.
    FolderId
}
id! {
    /// Names a message.
    MessageId
}
id! {
    /// Names an attachment.
    AttachmentId
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_grow_even_within_a_millisecond() {
        let ids: Vec<_> = (0..10_000).map(|_| MessageId::new()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn a_clock_that_stepped_back_does_not_matter() {
        let tomorrow = MessageId::new().as_i64() + (86_400_000 << RANDOM_BITS);
        let parent = MessageId::from_i64(tomorrow).unwrap();
        let child = MessageId::after(parent);
        assert!(child > parent && MessageId::new() > child);
    }

    #[test]
    fn a_moment_lies_between_the_ids_before_and_after_it() {
        let before = Timestamp::now();
        let id = MessageId::new().as_i64();
        assert!(MessageId::least_at(before) <= id);
        // Another test makes ids of tomorrow.
        let later = Timestamp::from_millis(before.as_millis() + 7 * 86_400_000);
        assert!(MessageId::least_at(later) > id);
        assert_eq!(MessageId::least_at(Timestamp::from_millis(-1)), 0);
        assert!(MessageId::least_at(Timestamp::from_millis(i64::MAX)) > 0);
    }

    #[test]
    fn what_was_made_at_a_moment_lies_there_but_after_what_it_follows() {
        let moment = Timestamp::from_millis(1_700_000_000_000);
        let next = Timestamp::from_millis(1_700_000_000_001);
        let id = MessageId::at(moment, None);
        assert!(MessageId::least_at(moment) <= id.as_i64());
        assert!(id.as_i64() < MessageId::least_at(next));
        assert!(MessageId::at(Timestamp::from_millis(-5), Some(id)) > id);
        assert!(MessageId::at(Timestamp::from_millis(i64::MIN), None).as_i64() > 0);
        let soon = Timestamp::from_millis(Timestamp::now().as_millis() + 60_000);
        assert!(
            MessageId::at(Timestamp::from_millis(i64::MAX), None).as_i64()
                < MessageId::least_at(soon)
        );
    }

    #[test]
    fn threads_never_share_an_id() {
        let handles: Vec<_> = (0..4)
            .map(|_| {
                std::thread::spawn(|| (0..5_000).map(|_| MessageId::new()).collect::<Vec<_>>())
            })
            .collect();
        let mut ids: Vec<_> = handles.into_iter().flat_map(|h| h.join().unwrap()).collect();
        let made = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), made);
    }

    proptest! {
        #[test]
        fn text_and_back(value in 1..i64::MAX) {
            let id = MessageId::from_i64(value).unwrap();
            prop_assert_eq!(id.to_string().parse::<MessageId>().unwrap(), id);
        }

        #[test]
        fn any_text_parses_or_is_refused(text in ".{0,40}") {
            if let Ok(id) = text.parse::<MessageId>() {
                prop_assert_eq!(id.to_string(), text.to_ascii_lowercase());
            }
        }
    }
}
