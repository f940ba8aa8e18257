//! Records as a table: CSV (RFC 4180), one line a record.

use std::io::{self, Write};

use crate::Record;

/// The columns, by the names that the members of a record have.
const COLUMNS: [&str; 24] = [
    "sequence",
    "time",
    "host",
    "account",
    "subject",
    "program",
    "process",
    "policy",
    "action",
    "outcome",
    "begun",
    "failure",
    "conversations",
    "model",
    "endpoint",
    "tokens_in",
    "tokens_out",
    "bytes",
    "count",
    "findings",
    "detail",
    "content",
    "previous",
    "hash",
];

/// Writes records as a table.
pub struct Table<W> {
    to: W,
}

impl<W: Write> Table<W> {
    /// A table with its first line.
    ///
    /// # Errors
    /// Those of the writer, as of every method.
    pub fn new(mut to: W) -> io::Result<Self> {
        write!(to, "{}\r\n", COLUMNS.join(","))?;
        Ok(Self { to })
    }

    /// Adds a record.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn add(&mut self, record: &Record) -> io::Result<()> {
        let value = serde_json::to_value(record).map_err(io::Error::other)?;
        let cells = COLUMNS.map(|column| cell(&value[column]));
        write!(self.to, "{}\r\n", cells.join(","))
    }
}

fn cell(value: &serde_json::Value) -> String {
    use serde_json::Value;
    let pairs = |pair: (&String, &Value)| format!("{}={}", pair.0, plain(pair.1));
    let text = match value {
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(" "),
        Value::Object(members) => members.iter().map(pairs).collect::<Vec<_>>().join(" "),
        other => plain(other),
    };
    // A spreadsheet takes what begins so for a formula.
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text };
    match text.contains([',', '"', '\r', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
