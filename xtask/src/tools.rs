//! Programs that only tests and packages need, built once into the target folder.

use std::path::PathBuf;
use std::process::Command;

use crate::process::{self, Problem, command};
use crate::workspace;

/// A program from the package registry.
pub struct Tool {
    /// The package.
    pub package: &'static str,
    /// Its version, as cargo takes it.
    pub version: &'static str,
}

/// Runs the tests.
pub const NEXTEST: Tool = Tool { package: "cargo-nextest", version: "0.9" };
/// Checks licences, bans and sources.
pub const DENY: Tool = Tool { package: "cargo-deny", version: "0.20" };
/// Drives the real window.
pub const TAURI_DRIVER: Tool = Tool { package: "tauri-driver", version: "2" };

/// Lists what the programs are made of.
pub const SBOM: Tool = Tool { package: "cargo-sbom", version: "0.10" };

/// Makes sure that the tool can be run.
pub fn install(tool: &Tool) -> Result<(), Problem> {
    let Tool { package, version } = tool;
    if on_path(package) || folder().join("bin").join(package).is_file() {
        process::skipped(package);
        return Ok(());
    }
    process::step(
        package,
        command("cargo")
            // They do little themselves: to be built in half the time is worth more than speed.
            .args(["install", "--locked", "--quiet", "--debug", "--root"])
            .arg(folder())
            .args(["--version", &format!("~{version}"), package])
            .env("CARGO_TARGET_DIR", folder().join("build")),
        "check that cargo reaches its registry",
    )
}

/// Lets a command find the tools.
pub fn on(command: &mut Command) -> &mut Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = vec![folder().join("bin")];
    folders.extend(std::env::split_paths(&path));
    if let Ok(joined) = std::env::join_paths(folders) {
        command.env("PATH", joined);
    }
    command
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn folder() -> PathBuf {
    workspace::target().join("tools")
}
