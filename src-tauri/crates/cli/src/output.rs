//! Writing to standard output, which may be closed at any moment.

use std::io::{self, Write};

use conversation::{Failure, FailureCode, Timestamp};
use serde::Serialize;

/// Writes and flushes, so that text is seen as it arrives.
pub fn write(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(closed)
}

/// Writes a file that is no text.
pub fn write_bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(closed)
}

/// Writes one JSON object on a line of its own.
pub fn write_json(value: &impl Serialize) -> Result<(), Failure> {
    let mut line = serde_json::to_string(value)
        .map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
    line.push('\n');
    write(&line)
}

fn closed(error: io::Error) -> Failure {
    Failure::new(FailureCode::Storage, format!("standard output cannot be written to: {error}"))
}

/// A moment in the machine's time zone, to the minute.
pub fn local_time(moment: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(moment.as_millis())
        .map(|t| t.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}

/// Text from a model or a file, safe to show on a terminal: control characters, which could
/// move its cursor, change its title or paste, are shown as the replacement character.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() && !matches!(c, '\n' | '\t') { '\u{fffd}' } else { c })
        .collect()
}

/// The same for what belongs on one line, such as a name.
pub fn printable_line(text: &str) -> String {
    printable(text).replace(['\n', '\t'], "\u{fffd}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_escape_sequence_reaches_the_terminal() {
        assert_eq!(
            super::printable("a\u{1b}]0;t\u{7}b\r\n\té"),
            "a\u{fffd}]0;t\u{fffd}b\u{fffd}\n\té"
        );
        assert_eq!(super::printable_line("m\u{1b}[2J\nx"), "m\u{fffd}[2J\u{fffd}x");
    }
}
