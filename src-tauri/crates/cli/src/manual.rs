//! `bureau manual`: the manual's pages and the shells' completions, for whoever makes a package.

use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use conversation::{Failure, FailureCode};

use crate::args::Arguments;
use crate::exit::Exit;

pub fn run(folder: &Path) -> Result<Exit, Failure> {
    write(folder).map_err(|error| {
        let text = format!("{} cannot be written: {error}", folder.display());
        Failure::new(FailureCode::Storage, text)
    })?;
    Ok(Exit::Done)
}

fn write(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut Arguments::command(), "bureau", folder)?;
    }
    clap_mangen::generate_to(Arguments::command(), folder)
}
