//! `bureau backup`: the history in one file, made, checked, put back.

use assistant::{Access, Assistant, BackupProtection, BackupSchedule, Backups};
use conversation::{Failure, FailureCode};
use secrecy::{ExposeSecret, SecretString};

use crate::args::{Backup, BackupCommand, NewPassphrase};
use crate::exit::Exit;
use crate::{output, unlock};

pub fn run(assistant: &Assistant, command: BackupCommand) -> Result<Exit, Failure> {
    match command {
        BackupCommand::Check(backup) => return check(assistant, &backup),
        BackupCommand::Restore(backup) => return restore(assistant, &backup),
        _ => {}
    }
    if assistant.access()? == Access::New {
        let message = "there is no history yet; the first conversation makes one";
        return Err(Failure::new(FailureCode::NotFound, message));
    }
    unlock::open(assistant)?;
    match command {
        BackupCommand::Status { json } => status(&assistant.backups()?, json)?,
        BackupCommand::Protect { recovery_key: true, .. } => {
            assistant.protect_backups_with_recovery_key()?;
            write_recovery_key(assistant)?;
            eprintln!("Keep it where you will find it: nothing else opens these backups.");
        }
        BackupCommand::Protect { passphrase: NewPassphrase { new_passphrase_file }, .. } => {
            let passphrase = unlock::new_passphrase(new_passphrase_file.as_deref())?;
            assistant.protect_backups_with_passphrase(&passphrase)?;
            eprintln!("Done.");
        }
        BackupCommand::RecoveryKey => write_recovery_key(assistant)?,
        BackupCommand::Make { file: Some(file) } => {
            assistant.back_up(&file)?;
            eprintln!("Done.");
        }
        BackupCommand::Make { file: None } => {
            let file = assistant.back_up_as_scheduled()?;
            output::write(&format!("{}\n", file.display()))?;
            if let Some(problem) = assistant.backups()?.problem {
                eprintln!("bureau: the backup was made, but {problem}");
            }
        }
        BackupCommand::Schedule { folder, days, keep, .. } => {
            let schedule = folder.map(|folder| {
                // A relative one is meant from here.
                let folder = std::path::absolute(&folder).unwrap_or(folder);
                BackupSchedule { folder: folder.display().to_string(), days, keep }
            });
            assistant.schedule_backups(schedule)?;
            eprintln!("Done.");
        }
        BackupCommand::Check(_) | BackupCommand::Restore(_) => {}
    }
    Ok(Exit::Done)
}

fn check(assistant: &Assistant, backup: &Backup) -> Result<Exit, Failure> {
    let problems = assistant.check_backup(&backup.file, &secret(backup)?)?;
    for problem in &problems {
        output::write(&format!("{problem}\n"))?;
    }
    if problems.is_empty() {
        eprintln!("The backup is whole.");
        return Ok(Exit::Done);
    }
    Ok(Exit::Failed)
}

fn restore(assistant: &Assistant, backup: &Backup) -> Result<Exit, Failure> {
    match unlock::open(assistant) {
        // What cannot be read is what a backup is for.
        Err(failure) if failure.code == FailureCode::Damaged => {}
        opened => opened?,
    }
    assistant.restore_backup(&backup.file, &secret(backup)?)?;
    eprintln!("The history is that of the backup now.");
    Ok(Exit::Done)
}

fn secret(backup: &Backup) -> Result<SecretString, Failure> {
    match &backup.secret_file {
        Some(file) => unlock::read_secret(file),
        None => unlock::ask("Passphrase or recovery key of the backup: "),
    }
}

fn write_recovery_key(assistant: &Assistant) -> Result<(), Failure> {
    output::write(&format!("{}\n", assistant.recovery_key()?.expose_secret()))
}

fn status(backups: &Backups, json: bool) -> Result<(), Failure> {
    if json {
        return output::write_json(backups);
    }
    output::write(match backups.protection {
        None => "nothing protects backups yet; see `bureau backup protect`\n",
        Some(BackupProtection::Passphrase) => "opened by a passphrase\n",
        Some(BackupProtection::RecoveryKey) => "opened by a recovery key\n",
    })?;
    if let Some(BackupSchedule { folder, days, keep }) = &backups.schedule {
        let folder = output::printable_line(folder);
        output::write(&format!("every {days} days into {folder}, the last {keep} are kept\n"))?;
    }
    if let Some(last) = backups.last {
        output::write(&format!("last made {}\n", output::local_time(last)))?;
    }
    if let Some(problem) = &backups.problem {
        output::write(&format!("problem: {}\n", output::printable_line(problem)))?;
    }
    Ok(())
}
