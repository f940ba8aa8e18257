//! Other programs, run with a line that says what for.

use std::ffi::OsStr;
use std::fmt;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::workspace;

/// Why a command of the project could not go on, and what to do.
#[derive(Debug)]
pub struct Problem(pub String);

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A command that runs in the checkout.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root());
    command
}

/// Runs a step: says what it is, shows what it prints, and how long it took.
pub fn step(what: &str, command: &mut Command, if_it_fails: &str) -> Result<(), Problem> {
    eprintln!("▸ {what} …");
    let begun = Instant::now();
    if succeeds(command)? {
        eprintln!("  {what}: done in {} s", begun.elapsed().as_secs());
        return Ok(());
    }
    Err(Problem(format!("{what} failed: {if_it_fails}")))
}

/// Says that a step has nothing to do.
pub fn skipped(what: &str) {
    eprintln!("▸ {what}: nothing to do");
}

/// Runs a program to its end; whether it ended well.
pub fn succeeds(command: &mut Command) -> Result<bool, Problem> {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    Ok(status.success())
}

/// What a program that ends well prints, without the space around it.
pub fn output(command: &mut Command) -> Result<String, Problem> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| not_started(command, &error))?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() {
        return Ok(text);
    }
    let program = command.get_program().to_string_lossy();
    Err(Problem(format!("{program} failed ({}): {text}", output.status)))
}

/// Whether a program is there and answers to these arguments, quietly.
pub fn answers(program: &str, arguments: &[&str]) -> bool {
    let quiet = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    quiet.is_ok_and(|status| status.success())
}

/// The words for a program that could not be started.
pub fn not_started(command: &Command, error: &std::io::Error) -> Problem {
    let program = command.get_program().to_string_lossy();
    Problem(format!("{program} cannot be started ({error}); install it and try again"))
}
