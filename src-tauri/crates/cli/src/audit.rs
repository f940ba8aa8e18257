//! `bureau audit`: what the organisation has recorded.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use ::audit::{Action, Event, Head, PublicKey, Record, Records, Table, Verification};
use assistant::Assistant;
use conversation::{Failure, FailureCode};

use crate::args::{AuditCommand, AuditFormat};
use crate::exit::Exit;
use crate::{assistant as this_profile, output, unlock};

pub async fn run(command: AuditCommand) -> Result<Exit, Failure> {
    match command {
        AuditCommand::Show { last, json } => {
            show(&this_profile().await?.audit_folder(), last, json)
        }
        AuditCommand::Verify { folder, key, record, json } => {
            let found = match folder {
                Some(folder) => ::audit::verify(&folder, &keys(&key)?, &known(&folder, &record)?)?,
                None => {
                    let assistant = this_profile().await?;
                    unlock::open(&assistant)?;
                    let known = known(&assistant.audit_folder(), &record)?;
                    assistant.verify_audit(keys(&key)?, known)?
                }
            };
            told(&found, json)
        }
        AuditCommand::Export { file, format, folder } => match folder {
            Some(folder) => export(&folder, format, &file),
            None => {
                let assistant = this_profile().await?;
                let folder = assistant.audit_folder();
                let event = Event::new(Action::AuditExport);
                assistant.audited(event, || export(&folder, format, &file))
            }
        },
        AuditCommand::Key => key(&*this_profile().await?),
    }
}

fn show(folder: &Path, last: u64, json: bool) -> Result<Exit, Failure> {
    let Some(end) = ::audit::last(folder)? else {
        eprintln!("Nothing is recorded here.");
        return Ok(Exit::Done);
    };
    for written in Records::after(folder, end.sequence.saturating_sub(last))? {
        let written = written?;
        if json {
            output::write(&format!("{}\n", written.line))?;
        } else {
            output::write(&line(&written.record))?;
        }
    }
    Ok(Exit::Done)
}

/// A record for a person to read.
fn line(record: &Record) -> String {
    let Record { sequence, time, account, event, .. } = record;
    let mut line = format!(
        "{sequence:>6}  {time}  {account}  {} {}",
        event.action.as_str(),
        event.outcome.as_str()
    );
    let more = [
        ("model", event.model.clone()),
        ("endpoint", event.endpoint.clone()),
        ("tokens", event.tokens_in.zip(event.tokens_out).map(|(i, o)| format!("{i}+{o}"))),
        ("bytes", event.bytes.map(|bytes| bytes.to_string())),
        ("count", event.count.map(|count| count.to_string())),
        ("failure", event.failure.map(|code| code.as_str().to_owned())),
    ];
    for (name, value) in more.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        line.push_str(&format!("  {name}={value}"));
    }
    for (name, value) in event.detail.iter().filter(|(name, _)| *name != "pem") {
        line.push_str(&format!("  {name}={value}"));
    }
    format!("{}\n", output::printable_line(&line))
}

fn told(found: &Verification, json: bool) -> Result<Exit, Failure> {
    if json {
        output::write_json(found)?;
    } else {
        for problem in &found.problems {
            output::write(&format!("{}\n", output::printable_line(&problem.to_string())))?;
        }
        if found.more_problems > 0 {
            output::write(&format!("and {} more\n", found.more_problems))?;
        }
        if found.is_well() {
            let unsigned = found.last.saturating_sub(found.signed);
            output::write(&format!(
                "All is well: records {} to {}, signed up to {}{}.\n",
                found.first,
                found.last,
                found.signed,
                if unsigned > 0 { "; what follows is chained, and not signed yet" } else { "" }
            ))?;
        }
    }
    Ok(if found.is_well() { Exit::Done } else { Exit::Failed })
}

fn export(folder: &Path, format: AuditFormat, file: &Path) -> Result<Exit, Failure> {
    let failed = |error: std::io::Error| {
        let message = format!("{} cannot be written: {error}", file.display());
        Failure::new(FailureCode::Storage, message)
    };
    let records = Records::after(folder, 0)?;
    let mut out = BufWriter::new(File::create(file).map_err(failed)?);
    match format {
        AuditFormat::Json => {
            for written in records {
                writeln!(out, "{}", written?.line).map_err(failed)?;
            }
        }
        AuditFormat::Csv => {
            let mut table = Table::new(&mut out).map_err(failed)?;
            for written in records {
                table.add(&written?.record).map_err(failed)?;
            }
        }
    }
    out.flush().map_err(failed)?;
    Ok(Exit::Done)
}

fn key(assistant: &Assistant) -> Result<Exit, Failure> {
    unlock::open(assistant)?;
    let key = assistant.audit_key()?;
    eprintln!("SHA-256 {}", key.fingerprint());
    output::write(&key.to_pem())?;
    Ok(Exit::Done)
}

fn keys(files: &[PathBuf]) -> Result<Vec<PublicKey>, Failure> {
    let read = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).map_err(|error| {
            let message = format!("{} cannot be read: {error}", file.display());
            Failure::new(FailureCode::Invalid, message)
        })?;
        Ok(PublicKey::from_pem(&text)?)
    };
    files.iter().map(read).collect()
}

/// The records that are known to be in a log, as NUMBER:HASH.
fn known(folder: &Path, records: &[String]) -> Result<Vec<Head>, Failure> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let log = match Records::after(folder, 0)?.next().transpose()? {
        Some(first) => first.record.log,
        None => String::new(),
    };
    let head = |text: &String| {
        let (sequence, hash) = text.split_once(':')?;
        let (sequence, hash) = (sequence.parse().ok()?, hash.parse().ok()?);
        Some(Head { log: log.clone(), sequence, hash })
    };
    let invalid = |text: &String| {
        let message = format!("“{text}” is no record; it has to be such as 17:HASH");
        Failure::new(FailureCode::Invalid, message)
    };
    records.iter().map(|text| head(text).ok_or_else(|| invalid(text))).collect()
}
