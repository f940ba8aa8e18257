//! Times as a document shows them.

use conversation::Timestamp;
use jiff::tz::TimeZone;

/// A moment to read, on this machine's clock: the date as ISO 8601 has it, which every language
/// reads alike, and the time. Empty for what is no date.
pub fn shown(moment: Timestamp) -> String {
    let moment = jiff::Timestamp::from_millisecond(moment.as_millis()).ok();
    moment.map_or_else(String::new, |moment| {
        moment.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
    })
}

/// A moment for a program: RFC 3339 in UTC, to the second. `None` for what is no date.
pub fn exact(moment: Timestamp) -> Option<String> {
    let moment = jiff::Timestamp::from_millisecond(moment.as_millis()).ok()?;
    Some(moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}
