//! `bureau sync`: one history on several machines.

use assistant::{Access, Assistant, StoreConfig, StoreKey, SyncState};
use conversation::{Failure, FailureCode};
use secrecy::ExposeSecret;

use crate::args::{SyncCommand, SyncStore};
use crate::exit::Exit;
use crate::{output, unlock};

pub async fn run(assistant: &Assistant, command: SyncCommand) -> Result<Exit, Failure> {
    let joins = matches!(command, SyncCommand::Join { .. });
    // Whoever joins may have no history yet: that of the others is theirs.
    if !joins && assistant.access()? == Access::New {
        let message = "there is no history yet; the first conversation makes one";
        return Err(Failure::new(FailureCode::NotFound, message));
    }
    unlock::open(assistant)?;
    match command {
        SyncCommand::Start { store } => {
            let (store, key) = chosen(assistant, store)?;
            assistant.start_sync(store, key).await?;
            write_code(assistant)?;
            eprintln!("With this code another machine joins; who has it can read the history.");
            assistant.sync_now().await?;
        }
        SyncCommand::Join { store, code_file } => {
            let (store, key) = chosen(assistant, store)?;
            let code = match code_file {
                Some(file) => unlock::read_secret(&file)?,
                None => unlock::ask("Pairing code: ")?,
            };
            assistant.join_sync(store, key, &code).await?;
            assistant.sync_now().await?;
            eprintln!("Done.");
        }
        SyncCommand::Now => {
            assistant.sync_now().await?;
            eprintln!("Done.");
        }
        SyncCommand::Status { json } => status(&assistant.sync_state()?, json)?,
        SyncCommand::Code => write_code(assistant)?,
        SyncCommand::Stop => {
            assistant.stop_sync().await?;
            eprintln!("Done. What was sent stays in the store.");
        }
    }
    Ok(Exit::Done)
}

/// The store that is named, or else the one in `config.toml`, and its key if one is given.
fn chosen(
    assistant: &Assistant,
    named: SyncStore,
) -> Result<(StoreConfig, Option<StoreKey>), Failure> {
    let SyncStore { address, endpoint, region, allow_http, key_id, key_file } = named;
    let store = match address {
        Some(address) => StoreConfig { address: full(address), endpoint, region, allow_http },
        None => assistant.config().sync.clone().ok_or_else(|| {
            let message = "name a store: config.toml names none";
            Failure::new(FailureCode::Invalid, message)
        })?,
    };
    let key = match (key_id, key_file) {
        (None, None) => None,
        (id, file) => {
            let secret = match file {
                Some(file) => unlock::read_secret(&file)?,
                None => unlock::ask("Secret key of the store: ")?,
            };
            Some(StoreKey { id: id.unwrap_or_default(), secret })
        }
    };
    Ok((store, key))
}

/// A folder that is named from here, named in full.
fn full(address: String) -> String {
    if address.contains("://") {
        return address;
    }
    std::path::absolute(&address).map_or(address, |folder| folder.display().to_string())
}

fn write_code(assistant: &Assistant) -> Result<(), Failure> {
    output::write(&format!("{}\n", assistant.sync_code()?.expose_secret()))
}

fn status(state: &SyncState, json: bool) -> Result<(), Failure> {
    if json {
        return output::write_json(state);
    }
    let address = state.store.as_ref().map(|store| output::printable_line(&store.address));
    output::write(&match (state.on, address) {
        (true, address) => format!("shared through {}\n", address.unwrap_or_default()),
        (false, Some(address)) => format!("not shared; config.toml offers {address}\n"),
        (false, None) => "not shared\n".to_owned(),
    })?;
    if !state.on {
        return Ok(());
    }
    output::write(&format!("{} changes to be sent\n", state.pending))?;
    if let Some(last) = state.last {
        output::write(&format!("last exchanged {}\n", output::local_time(last)))?;
    }
    if let Some(problem) = &state.problem {
        let problem = output::printable_line(&problem.message);
        output::write(&format!("problem: {problem}\n"))?;
    }
    Ok(())
}
