//! The terminal program, `bureau`: answers on standard output, everything else on standard error.

mod args;
mod ask;
mod backup;
mod chat;
mod doctor;
mod exit;
mod extract;
mod history;
mod interrupt;
mod models;
mod organise;
mod output;
mod render;
mod summarize;
mod sync;
mod transfer;
mod translate;
mod unlock;
mod vault;

use std::sync::Arc;

use ::policy::Policy;
use assistant::{Assistant, Config, Folders};
use clap::Parser;
use conversation::Failure;

use crate::args::{Arguments, Command};
use crate::exit::Exit;

fn main() -> std::process::ExitCode {
    if std::env::args().nth(1).as_deref() == Some(assistant::READER_ARGUMENT) {
        return assistant::serve();
    }
    serve_person()
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn serve_person() -> std::process::ExitCode {
    assistant::forbid_core_dumps();
    assistant::tell_defects_by_place("bureau");
    let arguments = Arguments::parse();
    match run(arguments.command).await {
        Ok(exit) => exit.into(),
        Err(failure) => {
            eprintln!("bureau: {failure}");
            Exit::of(failure.code).into()
        }
    }
}

async fn run(command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Ask(ask) => ask::run(&assistant()?, ask).await,
        Command::Chat(chat) => chat::run(&assistant()?, chat).await,
        Command::Summarize(summarize) => summarize::run(&assistant()?, summarize).await,
        Command::Extract(extract) => extract::run(&*assistant()?, &extract),
        Command::Translate(translate) => translate::run(&assistant()?, translate).await,
        Command::Render { file } => render::run(file.as_deref()),
        Command::History(command) => history::run(&*assistant()?, command),
        Command::Models { json } => models::run(&*assistant()?, json).await,
        Command::Backup(command) => backup::run(&*assistant()?, command),
        Command::Sync(command) => sync::run(&*assistant()?, command).await,
        Command::Vault(command) => vault::run(&*assistant()?, command),
        Command::Doctor => doctor::run().await,
    }
}

fn assistant() -> Result<Arc<Assistant>, Failure> {
    let policy = Policy::of_this_machine()?;
    let folders = Folders::from_environment()?;
    let config = Config::load(&folders.config_file())?;
    Ok(Arc::new(Assistant::new(folders, config).with_policy(policy)))
}
