//! The web page of the window.

use std::path::PathBuf;
use std::process::Command;

use crate::process::{self, Problem, command};
use crate::workspace;

/// npm in `ui/`.
pub fn npm(arguments: &[&str]) -> Command {
    let mut npm = command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(folder()).args(arguments);
    npm
}

/// Installs the page's packages, exactly as locked, unless they are there.
pub fn install() -> Result<(), Problem> {
    let what = "packages of the page";
    let installed = workspace::newest(&[folder().join("node_modules/.package-lock.json")]);
    let wanted = workspace::newest(&[folder().join("package-lock.json")]);
    if installed.is_some() && installed >= wanted {
        process::skipped(what);
        return Ok(());
    }
    let advice = "install Node.js 20 or later, and check that npm reaches a registry (npm ping)";
    process::step(what, &mut npm(&["ci", "--no-audit", "--no-fund"]), advice)
}

/// Builds the page, unless it is built from what is there.
pub fn build() -> Result<(), Problem> {
    let sources =
        ["src", "messages", "public", "index.html", "package-lock.json", "vite.config.ts"];
    let sources: Vec<PathBuf> = sources.iter().map(|name| folder().join(name)).collect();
    let built = workspace::newest(&[folder().join("dist/index.html")]);
    if built.is_some() && built >= workspace::newest(&sources) {
        process::skipped("the page");
        return Ok(());
    }
    process::step("the page", &mut npm(&["run", "build"]), "the lines above say where it is wrong")
}

fn folder() -> PathBuf {
    workspace::root().join("ui")
}
