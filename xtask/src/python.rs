//! Environments of Python for tests and benches, each with what a list in `xtask/` names.

use std::path::PathBuf;

use crate::process::{self, Problem, command};
use crate::workspace;

/// The Python with an OpenAI-compatible server to talk to and the client to be compared with.
pub fn environment() -> Result<PathBuf, Problem> {
    Ok(made("python", "Python packages for the tests (built from source the first time)")?
        .join("bin/python"))
}

/// The environment with the gateway that the bench's desks ask.
pub fn gateway() -> Result<PathBuf, Problem> {
    made("gateway", "the gateway that the desks ask")
}

/// The folder of the environment with what the list of this name holds; made on the first call.
fn made(name: &str, what: &str) -> Result<PathBuf, Problem> {
    let folder = workspace::target().join(name);
    let list = workspace::root().join("xtask").join(name).with_extension("txt");
    let done = folder.join("installed");
    if workspace::newest(std::slice::from_ref(&done))
        >= workspace::newest(std::slice::from_ref(&list))
    {
        process::skipped(what);
        return Ok(folder);
    }
    process::step(
        "a Python of its own",
        command("python3").args(["-m", "venv", "--clear"]).arg(&folder),
        "install Python 3 with its venv module",
    )?;
    process::step(
        what,
        command(folder.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(&list)
            // The sources are compiled for this machine by as many processes as it has cores.
            .env("CMAKE_BUILD_PARALLEL_LEVEL", cores()),
        "check that pip reaches a package index",
    )?;
    std::fs::write(&done, "").map_err(|e| Problem(format!("{}: {e}", done.display())))?;
    Ok(folder)
}

fn cores() -> String {
    std::thread::available_parallelism().map_or(1, usize::from).to_string()
}
