//! Values of JSON as other programs write them: read with tolerance where nothing hangs on them.

use std::fmt;
use std::marker::PhantomData;

use conversation::Timestamp;
use serde::de::{DeserializeOwned, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::limits;

/// What the error says of a list that is too long; how it is told from others.
pub(crate) const TOO_MANY: &str = "more entries than any conversation has";
/// The last moment that an id of Bureau's can hold: 42 bits of milliseconds, the year 2109.
const LAST: i64 = (1 << 42) - 1;

/// A value that is not needed: one of another type counts as none.
pub(crate) fn lenient<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// A moment, as seconds, milliseconds, microseconds or nanoseconds since 1970, or as text after
/// RFC 3339. Null, a value of another type, and what lies outside the years that Bureau can hold
/// are none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Moment(pub(crate) Option<Timestamp>);

impl Moment {
    fn from_number(number: f64) -> Self {
        // 10¹¹ seconds are the year 5138, 10¹¹ milliseconds 1973.
        let millis = match number.abs() {
            n if n < 1e11 => number * 1e3,
            n if n < 1e14 => number,
            n if n < 1e17 => number / 1e3,
            _ => number / 1e6,
        };
        Self::from_millis(millis.round() as i64)
    }

    fn from_millis(millis: i64) -> Self {
        Self((1..=LAST).contains(&millis).then(|| Timestamp::from_millis(millis)))
    }

    fn from_text(text: &str) -> Self {
        text.trim()
            .parse::<jiff::Timestamp>()
            .map_or(Self(None), |time| Self::from_millis(time.as_millisecond()))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::Number(number) => number.as_f64().map_or(Self(None), Self::from_number),
            Value::String(text) => Self::from_text(&text),
            _ => Self(None),
        })
    }
}

/// A list that may be missing or null, and is not endless.
#[derive(Debug)]
pub(crate) struct List<T>(pub(crate) Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
            type Value = List<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
                Ok(List::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    if list.len() == limits::MESSAGES {
                        return Err(A::Error::custom(TOO_MANY));
                    }
                    list.push(item);
                }
                Ok(List(list))
            }
        }
        deserializer.deserialize_any(Items(PhantomData))
    }
}

/// The members of an object, in their order and with every repetition.
#[derive(Debug)]
pub(crate) struct Members<T>(pub(crate) Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Members<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(entry) = entries.next_entry()? {
                    if members.len() == limits::MESSAGES {
                        return Err(A::Error::custom(TOO_MANY));
                    }
                    members.push(entry);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

/// The title of a conversation that may not be read otherwise: the first member of this kind,
/// even of an object that breaks off or is broken later on.
pub(crate) fn title_of(json: &[u8]) -> String {
    struct Titles<'a>(&'a mut String);
    impl<'de> Visitor<'de> for Titles<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
            while let Some(key) = entries.next_key::<String>()? {
                match key.as_str() {
                    "title" | "name" => {
                        if let Value::String(title) = entries.next_value()? {
                            *self.0 = title;
                            return Ok(());
                        }
                    }
                    "key" | "id" | "uuid" | "conversation_id" | "conversationId" => {
                        if let Value::String(id) = entries.next_value()? {
                            *self.0 = id;
                        }
                    }
                    _ => {
                        entries.next_value::<IgnoredAny>()?;
                    }
                }
            }
            Ok(())
        }
    }
    let mut title = String::new();
    // What fails further on does not matter: what was found until then is the title.
    let _ = serde_json::Deserializer::from_slice(json).deserialize_map(Titles(&mut title));
    crate::line::plain_line(&title)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(json: &str) -> Option<i64> {
        serde_json::from_str::<Moment>(json).unwrap().0.map(Timestamp::as_millis)
    }

    #[test]
    fn moments_of_every_kind_are_read() {
        for same in [
            "1700000000.5",
            "1700000000500",
            "1700000000500000",
            "\"2023-11-14T22:13:20.5Z\"",
            "\"2023-11-14T23:13:20.500000+01:00\"",
        ] {
            assert_eq!(moment(same), Some(1_700_000_000_500), "{same}");
        }
        for none in ["null", "0", "-5", "1e300", "99999999999", "\"NaN\"", "\"\"", "[]", "true"] {
            assert_eq!(moment(none), None, "{none}");
        }
    }

    #[test]
    fn a_title_is_found_in_what_is_broken() {
        assert_eq!(title_of(br#"{"id":"7","title":"Caf\u00e9","mapping":{"#), "Café");
        assert_eq!(title_of(br#"{"id":"7","mapping":{"x""#), "7");
        assert_eq!(title_of(b"[1,2]"), "");
    }
}
