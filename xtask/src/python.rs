//! A Python of the tests' own, with an OpenAI-compatible server to talk to and the client to be
//! compared with.

use std::path::PathBuf;

use crate::process::{self, Problem, command};
use crate::workspace;

/// The Python of an environment that holds what `python.txt` lists; made on the first call.
pub fn environment() -> Result<PathBuf, Problem> {
    let folder = workspace::target().join("python");
    let python = folder.join("bin/python");
    let list = workspace::root().join("xtask/python.txt");
    let done = folder.join("installed");
    if workspace::newest(std::slice::from_ref(&done))
        >= workspace::newest(std::slice::from_ref(&list))
    {
        process::skipped("Python packages for the tests");
        return Ok(python);
    }
    process::step(
        "a Python for the tests",
        command("python3").args(["-m", "venv", "--clear"]).arg(&folder),
        "install Python 3 with its venv module",
    )?;
    process::step(
        "Python packages for the tests (built from source the first time)",
        command(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(&list)
            // The sources are compiled for this machine by as many processes as it has cores.
            .env("CMAKE_BUILD_PARALLEL_LEVEL", cores()),
        "check that pip reaches a package index",
    )?;
    std::fs::write(&done, "").map_err(|e| Problem(format!("{}: {e}", done.display())))?;
    Ok(python)
}

fn cores() -> String {
    std::thread::available_parallelism().map_or(1, usize::from).to_string()
}
