//! The terminal program, `bureau`: answers on standard output, everything else on standard error.

mod args;
mod ask;
mod audit;
mod backup;
mod chat;
mod check;
mod doctor;
mod exit;
mod extract;
mod history;
mod interrupt;
mod manual;
mod models;
mod notice;
mod organise;
mod output;
mod policy;
mod render;
mod sign_in;
mod summarize;
mod sync;
mod transfer;
mod translate;
mod unlock;
mod vault;
mod write;

use std::sync::Arc;

use assistant::{Assistant, Config, Folders};
use clap::Parser;
use conversation::{Failure, FailureCode};

use crate::args::{Arguments, Command, PolicyCommand};
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
            if failure.code == FailureCode::ConfirmationNeeded {
                eprintln!("(--confirm sends it as it is)");
            }
            Exit::of(failure.code).into()
        }
    }
}

async fn run(command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Ask(ask) => ask::run(&assistant().await?, ask).await,
        Command::Chat(chat) => chat::run(&assistant().await?, chat).await,
        Command::Summarize(summarize) => summarize::run(&assistant().await?, summarize).await,
        Command::Write(write) => write::run(&*assistant().await?, write).await,
        Command::Extract(extract) => extract::run(&*assistant().await?, &extract),
        Command::Translate(translate) => translate::run(&assistant().await?, translate).await,
        Command::Check(check) => check::run(&*assistant().await?, &check),
        Command::Render { file } => render::run(file.as_deref()),
        Command::History(command) => history::run(&*assistant().await?, command),
        Command::Models { json } => models::run(&*assistant().await?, json).await,
        Command::Backup(command) => backup::run(&*assistant().await?, command),
        Command::Sync(command) => sync::run(&*assistant().await?, command).await,
        Command::Vault(command) => vault::run(&*assistant().await?, command),
        Command::Audit(command) => audit::run(command).await,
        Command::SignIn(arguments) => sign_in::sign_in(&*assistant().await?, arguments).await,
        Command::SignOut { endpoint } => sign_in::sign_out(&*assistant().await?, endpoint).await,
        Command::Whoami { json } => sign_in::whoami(&*assistant().await?, json),
        // Needs no profile, and none that is under a policy.
        Command::Policy(PolicyCommand::Check { file, json }) => policy::check(&file, json),
        Command::Policy(command) => policy::run(&*assistant().await?, command).await,
        Command::Doctor => doctor::run().await,
        Command::Manual { folder } => manual::run(&folder),
    }
}

/// Under the policy of this machine, which is looked for first where that is due.
pub(crate) async fn assistant() -> Result<Arc<Assistant>, Failure> {
    let folders = Folders::from_environment()?;
    let config = Config::load(&folders.config_file())?;
    let assistant = Assistant::new(folders, config).under_the_policy_of_this_machine()?;
    assistant.refresh_policy_if_due().await;
    notice::show(&assistant)?;
    Ok(Arc::new(assistant))
}
