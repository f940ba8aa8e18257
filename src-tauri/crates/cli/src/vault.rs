//! `bureau vault`: what opens the history.

use ::audit::{Action, Event};
use ::vault::{Identity, SlotKind, Vault, VaultError};
use assistant::Assistant;
use conversation::Failure;
use secrecy::SecretString;

use crate::args::{NewPassphrase, SlotName, VaultCommand};
use crate::exit::Exit;
use crate::{output, unlock};

pub fn run(assistant: &Assistant, command: VaultCommand) -> Result<Exit, Failure> {
    let vault = assistant.vault();
    match command {
        VaultCommand::Status { json } => return status(&vault, json),
        VaultCommand::AddPassphrase(NewPassphrase { new_passphrase_file }) => {
            unlock::open(assistant)?;
            let passphrase = unlock::new_passphrase(new_passphrase_file.as_deref())?;
            let key = assistant.data_key()?;
            let change = changes("add passphrase");
            assistant.audited(change, || Ok(vault.add_passphrase(&key, &passphrase)?))?;
        }
        VaultCommand::AddKeychain => {
            unlock::open(assistant)?;
            let key = assistant.data_key()?;
            assistant.audited(changes("add keychain"), || Ok(vault.add_keychain(&key)?))?;
        }
        VaultCommand::ChangePassphrase(NewPassphrase { new_passphrase_file }) => {
            let old = passphrase_in_force()?;
            // A wrong one is told before a new one is asked for.
            vault.unlock_with_passphrase(&old)?;
            let new = unlock::new_passphrase(new_passphrase_file.as_deref())?;
            let change = changes("change passphrase");
            assistant.audited(change, || Ok(vault.change_passphrase(&old, &new)?))?;
        }
        VaultCommand::Recover { key_file, backup, passphrase } => {
            let key = unlock::read_secret(&key_file)?;
            // A file that is none is told before a passphrase is asked for.
            Identity::of_file(&key)?;
            let passphrase = unlock::new_passphrase(passphrase.new_passphrase_file.as_deref())?;
            match backup {
                Some(backup) => assistant.recover_backup(&backup, &key, &passphrase)?,
                None => assistant.recover(&key, &passphrase)?,
            }
            unlock::tell_of_damage(assistant)?;
        }
        VaultCommand::Remove { slot } => {
            unlock::open(assistant)?;
            return remove(assistant, slot);
        }
    }
    eprintln!("Done.");
    Ok(Exit::Done)
}

/// Removes a slot; the passphrase is asked for where it is what will be left.
fn remove(assistant: &Assistant, slot: SlotName) -> Result<Exit, Failure> {
    let vault = assistant.vault();
    let left = vault.slots()?.iter().any(|slot| slot.kind == SlotKind::Passphrase);
    let (kind, passphrase) = match slot {
        SlotName::Keychain if left => (SlotKind::Keychain, Some(passphrase_in_force()?)),
        SlotName::Keychain => (SlotKind::Keychain, None),
        SlotName::Passphrase => (SlotKind::Passphrase, None),
        SlotName::Recovery => (SlotKind::Recovery, None),
    };
    let key = assistant.data_key()?;
    assistant.audited(changes("remove"), || {
        match vault.remove(kind, &key, passphrase.as_ref()) {
            // The command was right, and the vault keeps what it needs.
            Err(error @ (VaultError::LastSlot | VaultError::Unproven)) => {
                eprintln!("bureau: {error}");
                Ok(Exit::Failed)
            }
            result => {
                result?;
                eprintln!("Done.");
                Ok(Exit::Done)
            }
        }
    })
}

/// A change of what opens the history, as it is recorded.
fn changes(what: &str) -> Event {
    Event::new(Action::HistoryKeys).with("change", what)
}

fn passphrase_in_force() -> Result<SecretString, Failure> {
    match assistant::passphrase_file()? {
        Some(passphrase) => Ok(passphrase),
        None => unlock::ask("Passphrase in force: "),
    }
}

fn status(vault: &Vault, json: bool) -> Result<Exit, Failure> {
    let slots = vault.slots()?;
    for slot in &slots {
        if json {
            output::write_json(slot)?;
        } else {
            let name = match slot.kind {
                SlotKind::Keychain => "keychain",
                SlotKind::Passphrase => "passphrase",
                SlotKind::Recovery => "recovery key of the organisation",
            };
            output::write(&format!("{name}, since {}\n", output::local_time(slot.created)))?;
        }
    }
    if slots.is_empty() {
        eprintln!("There is no history yet; the first conversation makes one.");
    }
    Ok(Exit::Done)
}
