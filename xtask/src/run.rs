//! `cargo xtask run`: from a fresh checkout to a conversation.

use std::io::IsTerminal;
use std::process::ExitCode;

use crate::packages::{self, Purpose};
use crate::process::{self, Problem, command};
use crate::{model, ui, workspace};

/// Asked where nobody can be asked for a question.
const QUESTION: &str = "Why is the sky blue?";

/// Builds everything and opens the window; without a display, talks in the terminal.
pub fn window() -> Result<ExitCode, Problem> {
    if !has_display() {
        eprintln!("There is no display, so no window can be opened; this is the terminal program.");
        if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
            return terminal(&["chat"]);
        }
        eprintln!("There is no terminal either; asking the built-in model: {QUESTION}");
        return terminal(&["ask", "--model", model::NAME, QUESTION]);
    }
    programs(Purpose::Window)?;
    eprintln!("▸ opening the window");
    start("bureau-desktop", &[])
}

/// Builds both programs in release, after what they need. They alone, and not the whole workspace:
/// what tests and benches want of crates is no part of what people run, or of what is packed.
pub fn programs(purpose: Purpose) -> Result<(), Problem> {
    packages::install(purpose)?;
    ui::install()?;
    ui::build()?;
    model::fetch()?;
    build(&["--package", "bureau-desktop", "--package", "bureau-cli"])
}

/// Builds the terminal program and runs it with these arguments.
pub fn terminal(arguments: &[&str]) -> Result<ExitCode, Problem> {
    packages::install(Purpose::Terminal)?;
    model::fetch()?;
    build(&["--package", "bureau-cli"])?;
    start("bureau", arguments)
}

fn build(packages: &[&str]) -> Result<(), Problem> {
    process::step(
        "building in release (several minutes the first time)",
        command("cargo").args(["build", "--release", "--locked"]).args(packages),
        "the lines above say what is missing or wrong",
    )
}

fn start(program: &str, arguments: &[&str]) -> Result<ExitCode, Problem> {
    let file = workspace::target()
        .join("release")
        .join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    // In the caller's own folder: arguments may name files there.
    let mut program = std::process::Command::new(file);
    let status =
        program.args(arguments).status().map_err(|e| process::not_started(&program, &e))?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
