//! A record as it is written: one line of JSON in ASCII, which ends with its own hash and holds the
//! hash of the record before it. `docs/audit.md` describes the format.

use serde::{Deserialize, Serialize};

use crate::{Action, CheckpointKey, Event, Hash};

/// The version of the format.
pub(crate) const VERSION: u32 = 1;

/// What goes before the hash at the end of a line.
const HASH_MEMBER: &str = ",\"hash\":\"";
/// What goes before the signature of a checkpoint.
const SIGNATURE_MEMBER: &str = ",\"signature\":\"";
/// What ends a line.
const END: &str = "\"}";

/// An event in its place in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The version of the format.
    pub v: u32,
    /// Which log it is of.
    pub log: String,
    /// Its number, from 1 without a gap.
    pub sequence: u64,
    /// The hash of the record before it; zeros before the first.
    pub previous: Hash,
    /// When it was written, by the machine's clock: RFC 3339 in UTC with milliseconds.
    pub time: String,
    /// The machine.
    pub host: String,
    /// The account of the operating system.
    pub account: String,
    /// Who was signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The program and its version.
    pub program: String,
    /// The number of the process.
    pub process: u32,
    /// The version of the policy in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<u64>,
    /// What was done.
    #[serde(flatten)]
    pub event: Event,
    /// Of a checkpoint: Ed25519 over the line without this member and the next, in Base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// SHA-256 of the line without this member. None only until the line is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<Hash>,
}

/// Why a line is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It is not what it was when it was written.
    Changed,
    /// It does not have a record's form.
    Malformed,
    /// A newer version of Bureau wrote it.
    Newer,
}

impl Record {
    /// The record's line, without its line end, and its hash. A checkpoint is signed.
    pub(crate) fn to_line(
        &self,
        signed_by: Option<&CheckpointKey>,
    ) -> Result<(String, Hash), serde_json::Error> {
        let mut body = ascii(&serde_json::to_string(self)?);
        if let Some(key) = signed_by {
            let signature = key.sign(body.as_bytes());
            body.pop();
            body = format!("{body}{SIGNATURE_MEMBER}{signature}{END}");
        }
        let hash = Hash::of(body.as_bytes());
        body.pop();
        Ok((format!("{body}{HASH_MEMBER}{hash}{END}"), hash))
    }

    /// Reads a line, and checks that it is what was written.
    pub(crate) fn of_line(line: &[u8]) -> Result<(Self, Hash), Flaw> {
        let line = std::str::from_utf8(line).map_err(|_| Flaw::Changed)?;
        let (body, written) = without(line, HASH_MEMBER).ok_or(Flaw::Malformed)?;
        let hash: Hash = written.parse().map_err(|_| Flaw::Malformed)?;
        if Hash::of(body.as_bytes()) != hash {
            return Err(Flaw::Changed);
        }
        let record: Self = serde_json::from_str(line).map_err(|_| match version(line) {
            Some(version) if version > VERSION => Flaw::Newer,
            _ => Flaw::Malformed,
        })?;
        match record.v {
            VERSION => Ok((record, hash)),
            newer if newer > VERSION => Err(Flaw::Newer),
            _ => Err(Flaw::Malformed),
        }
    }

    /// What the signature of a checkpoint's line is of.
    pub(crate) fn signed_part(line: &str) -> Option<String> {
        let (body, _) = without(line, HASH_MEMBER)?;
        without(&body, SIGNATURE_MEMBER).map(|(signed, _)| signed)
    }

    /// Whether it is a checkpoint.
    pub(crate) fn is_checkpoint(&self) -> bool {
        self.event.action == Action::AuditCheckpoint
    }
}

/// The line without its last member, where that is this one, and the member's value.
fn without<'a>(line: &'a str, member: &str) -> Option<(String, &'a str)> {
    let (before, value) = line.strip_suffix(END)?.rsplit_once(member)?;
    Some((format!("{before}}}"), value))
}

fn version(line: &str) -> Option<u32> {
    #[derive(Deserialize)]
    struct Version {
        v: u32,
    }
    serde_json::from_str::<Version>(line).ok().map(|version| version.v)
}

/// The same JSON in ASCII: outside of strings it is that anyway.
fn ascii(json: &str) -> String {
    let mut ascii = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() && character != '\u{7f}' {
            ascii.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                ascii.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record(account: &str) -> Record {
        Record {
            v: VERSION,
            log: "0".repeat(32),
            sequence: 1,
            previous: Hash::NONE,
            time: "2026-01-01T00:00:00.000Z".to_owned(),
            host: "poste-7".to_owned(),
            account: account.to_owned(),
            subject: None,
            program: "bureau 0.1.0".to_owned(),
            process: 7,
            policy: Some(3),
            event: Event::new(Action::AuditCheckpoint),
            signature: None,
            hash: None,
        }
    }

    proptest! {
        #[test]
        fn a_record_is_one_line_of_ascii_and_reads_as_it_was(account in any::<String>()) {
            let key = CheckpointKey::generate().unwrap();
            let record = record(&account);
            let (line, hash) = record.to_line(Some(&key)).unwrap();
            prop_assert!(line.bytes().all(|b| (b' '..0x7f).contains(&b)));
            let (read, told) = Record::of_line(line.as_bytes()).unwrap();
            prop_assert_eq!(told, hash);
            let signature = read.signature.clone().unwrap();
            prop_assert!(key.public().has_signed(Record::signed_part(&line).unwrap().as_bytes(), &signature));
            prop_assert_eq!(Record { signature: None, hash: None, ..read }, record);
        }
    }

    #[test]
    fn a_record_of_a_newer_version_says_so() {
        let newer = Record { v: VERSION + 1, ..record("a") };
        let (line, _) = newer.to_line(None).unwrap();
        assert_eq!(Record::of_line(line.as_bytes()).unwrap_err(), Flaw::Newer);
    }
}
