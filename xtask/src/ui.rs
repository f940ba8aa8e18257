//! The web page of the window.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::packages::{self, Purpose};
use crate::process::{self, Problem, command};
use crate::workspace;

/// What the page is built from.
const SOURCES: [&str; 11] = [
    "src",
    "messages",
    "index.html",
    "package.json",
    "package-lock.json",
    "compile-messages.js",
    "catalogue-faults.js",
    "static-icons.ts",
    "svelte.config.js",
    "tsconfig.json",
    "vite.config.ts",
];

/// npm in `ui/`.
pub fn npm(arguments: &[&str]) -> Command {
    let mut npm = command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(folder()).args(arguments);
    npm
}

/// Installs the page's packages, exactly as locked, unless they are there.
pub fn install() -> Result<(), Problem> {
    install_in(&folder(), "packages of the page")
}

/// The same for the provider that the tests sign in at.
pub fn install_provider() -> Result<(), Problem> {
    install_in(&workspace::root().join("tests/oidc"), "packages of the tests' sign-in")
}

/// The same for what the page is compared with, which only the bench needs.
pub fn install_compared() -> Result<(), Problem> {
    install_in(&folder().join("bench"), "packages that the page is compared with")
}

fn install_in(folder: &Path, what: &str) -> Result<(), Problem> {
    let installed = workspace::newest(&[folder.join("node_modules/.package-lock.json")]);
    let wanted = workspace::newest(&[folder.join("package-lock.json")]);
    if installed.is_some() && installed >= wanted {
        process::skipped(what);
        return Ok(());
    }
    let advice = "install Node.js 20 or later, and check that npm reaches a registry (npm ping)";
    let mut npm = npm(&["ci", "--no-audit", "--no-fund"]);
    process::step(what, npm.current_dir(folder), advice)
}

/// Builds the page, unless it is built from what is there.
pub fn build() -> Result<(), Problem> {
    let sources: Vec<PathBuf> = SOURCES.iter().map(|name| folder().join(name)).collect();
    let built = workspace::newest(&[folder().join("dist/index.html")]);
    if built.is_some() && built >= workspace::newest(&sources) {
        process::skipped("the page");
        return Ok(());
    }
    process::step("the page", &mut npm(&["run", "build"]), "the lines above say where it is wrong")
}

/// Pictures every screen of the page into `target/screenshots`.
pub fn screenshots() -> Result<ExitCode, Problem> {
    packages::install(Purpose::Tests)?;
    install()?;
    let pictures = workspace::root().join("target/screenshots");
    process::step(
        "every screen, which takes some minutes",
        npm(&["run", "screenshots"]).env("BUREAU_SCREENSHOTS", &pictures),
        "the lines above say which screen could not be shown",
    )?;
    println!("{}", pictures.display());
    Ok(ExitCode::SUCCESS)
}

fn folder() -> PathBuf {
    workspace::root().join("ui")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_of_the_build_is_among_its_sources() {
        let files = folder().read_dir().unwrap().flatten();
        for name in files.filter_map(|file| file.file_name().into_string().ok()) {
            let of_tests = ["eslint.config.js", "playwright.config.ts"].contains(&name.as_str());
            let setting = [".js", ".ts", ".json"].iter().any(|end| name.ends_with(end));
            if setting && !of_tests {
                assert!(SOURCES.contains(&name.as_str()), "{name}");
            }
        }
        for name in SOURCES {
            assert!(folder().join(name).exists(), "{name}");
        }
    }
}
