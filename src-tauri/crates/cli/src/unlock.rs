//! Opening the history from a terminal: unattended where possible, else by asking.

use std::io::IsTerminal;
use std::path::Path;

use assistant::{Access, Assistant, Opened, read_passphrase};
use conversation::{ConversationId, Failure, FailureCode};
use secrecy::{ExposeSecret, SecretString};

/// How often a passphrase is asked for before giving up.
const ATTEMPTS: usize = 3;

/// Opens the history, making it if there is none. Of a damaged one it says so.
///
/// # Errors
/// [`FailureCode::NoKey`] where there is neither a keychain, nor a passphrase file, nor a
/// terminal to ask on.
pub fn open(assistant: &Assistant) -> Result<(), Failure> {
    open_somehow(assistant)?;
    tell_of_damage(assistant)
}

/// Says that the history is damaged, if it is and was opened so.
pub fn tell_of_damage(assistant: &Assistant) -> Result<(), Failure> {
    if assistant.access()? == Access::Damaged {
        eprintln!(
            "bureau: the history is damaged: what can be read of it is shown, and nothing in it \
             can be changed. Export what you need, then `bureau backup restore`."
        );
    }
    Ok(())
}

/// Lets the policy hold as it is for the person's groups, if it has any: who they are lies in the
/// history, which is opened for that where nobody need be asked.
pub fn know_the_person(assistant: &Assistant) -> Result<(), Failure> {
    if !assistant.policy().groups.is_empty() {
        assistant.open_existing()?;
    }
    Ok(())
}

/// The password of documents, from a file.
pub fn document_password(file: Option<&Path>) -> Result<Option<String>, Failure> {
    let Some(file) = file else { return Ok(None) };
    let password = read_passphrase(file).map_err(|error| {
        let message = format!("{} cannot be read: {error}", file.display());
        Failure::new(FailureCode::NotFound, message)
    })?;
    Ok(Some(password.expose_secret().to_owned()))
}

fn open_somehow(assistant: &Assistant) -> Result<(), Failure> {
    match assistant.open_unattended()? {
        Opened::Yes => Ok(()),
        _ if !can_ask() => Err(Failure::new(
            FailureCode::NoKey,
            "no keychain keeps a key here, and there is no terminal to ask for a passphrase on; \
             set BUREAU_PASSPHRASE_FILE to a file that holds it",
        )),
        Opened::NeedsPassphrase => unlock(assistant),
        Opened::NeedsNewPassphrase => {
            eprintln!(
                "Your conversations will be kept on this machine, encrypted with a passphrase."
            );
            let passphrase = ask_new()?;
            assistant.create_with_passphrase(&passphrase)
        }
    }
}

/// Opens the history, or does without one and says so; never where a conversation of it is named.
pub fn open_or_temporary(
    assistant: &Assistant,
    temporary: bool,
    conversation: Option<ConversationId>,
) -> Result<(), Failure> {
    if temporary {
        return assistant.start_temporary();
    }
    match open(assistant) {
        Err(failure)
            if failure.code == FailureCode::NoKey
                && conversation.is_none()
                && !passphrase_file_is_set() =>
        {
            eprintln!("bureau: this conversation is temporary, nothing is written: {failure}");
            assistant.start_temporary()
        }
        result => result,
    }
}

/// Asks for a passphrase to be chosen, twice, or reads it from `file`.
pub fn new_passphrase(file: Option<&Path>) -> Result<SecretString, Failure> {
    file.map_or_else(ask_new, read_secret)
}

/// The passphrase or key in a file that an argument names.
pub fn read_secret(file: &Path) -> Result<SecretString, Failure> {
    read_passphrase(file).map_err(|error| {
        Failure::new(FailureCode::NotFound, format!("{} cannot be read: {error}", file.display()))
    })
}

/// Asks for the passphrase that is in force.
///
/// # Errors
/// [`FailureCode::Locked`] if none is given, as with Ctrl-D: whoever was asked did not choose to
/// do without.
pub fn ask(prompt: &str) -> Result<SecretString, Failure> {
    rpassword::prompt_password(prompt).map(SecretString::from).map_err(|error| {
        Failure::new(FailureCode::Locked, format!("no passphrase was given: {error}"))
    })
}

fn unlock(assistant: &Assistant) -> Result<(), Failure> {
    let mut attempt = 1;
    loop {
        match assistant.unlock(&ask("Passphrase: ")?) {
            Err(failure) if failure.code == FailureCode::Locked && attempt < ATTEMPTS => {
                eprintln!("bureau: {failure}");
                attempt += 1;
            }
            result => return result,
        }
    }
}

fn ask_new() -> Result<SecretString, Failure> {
    loop {
        let first = ask("New passphrase: ")?;
        if first.expose_secret().is_empty() {
            return Err(Failure::new(FailureCode::Invalid, "a passphrase must not be empty"));
        }
        if ask("Once more: ")?.expose_secret() == first.expose_secret() {
            return Ok(first);
        }
        eprintln!("The two differ; try again.");
    }
}

fn passphrase_file_is_set() -> bool {
    std::env::var_os("BUREAU_PASSPHRASE_FILE").is_some_and(|v| !v.is_empty())
}

/// Whether a person sits at a terminal that a passphrase can be asked on.
fn can_ask() -> bool {
    let terminal = if cfg!(windows) { "CONIN$" } else { "/dev/tty" };
    std::io::stderr().is_terminal() && std::fs::File::open(terminal).is_ok()
}
