//! `cargo xtask package`: what is installed on desks, made on Linux: .deb, .rpm, and what is in them
//! (SBOM).

mod contents;
mod deb;
mod rpm;
mod sbom;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use contents::Contents;
pub use deb::Compression;

use crate::packages::{self, Purpose};
use crate::process::{self, Problem, command};
use crate::{model, ui, workspace};

/// What an installer may take without the model, in bytes.
pub const BOUND: u64 = 25_000_000;

/// The version that is packed.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Builds the programs, and packs them into `target/package`.
pub fn run() -> Result<ExitCode, Problem> {
    let made = make()?;
    println!();
    let mut within = true;
    for file in &made {
        let bytes = file.metadata().map_or(0, |metadata| metadata.len());
        println!("{:>11} bytes  {}", bytes, file.display());
        within &= bytes < BOUND || is_model(file);
    }
    if within {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Problem(format!("an installer takes {BOUND} bytes or more")))
}

/// The same without the table: the files that were made.
pub fn make() -> Result<Vec<PathBuf>, Problem> {
    programs()?;
    let contents = Contents::of_programs(VERSION)?;
    let model = Contents::of_model()?;
    let mut made = vec![
        deb::pack(&contents, VERSION, Compression::Small)?,
        deb::pack(&model, VERSION, Compression::Quick)?,
        rpm::pack(&contents, VERSION)?,
        rpm::pack(&model, VERSION)?,
    ];
    made.extend(sbom::lists()?);
    Ok(made)
}

/// Both as .deb under another version, which is packed quickly: for a test of the upgrade from it.
pub fn debs_of(version: &str) -> Result<[PathBuf; 2], Problem> {
    let programs = deb::pack(&Contents::of_programs(version)?, version, Compression::Quick)?;
    let model = deb::pack(&Contents::of_model()?, version, Compression::Quick)?;
    Ok([programs, model])
}

/// Builds what is packed, with the whole workspace: another choice would choose other features of
/// what is built from C, and build that again.
fn programs() -> Result<(), Problem> {
    packages::install(Purpose::Packages)?;
    ui::install()?;
    ui::build()?;
    model::fetch()?;
    process::step(
        "building in release (half an hour the first time)",
        command("cargo").args(["build", "--release", "--workspace", "--bins", "--locked"]),
        "the lines above say what is missing or wrong",
    )
}

/// Where packages are made.
pub fn folder() -> PathBuf {
    workspace::target().join("package")
}

/// Packages of the model bear its name.
fn is_model(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("bureau-model"))
}

/// An empty folder.
fn emptied(folder: &Path) -> Result<(), Problem> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    }
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))
}

fn write(file: &Path, text: impl AsRef<[u8]>) -> Result<(), Problem> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    fs::write(file, text).map_err(|error| unwritable(file, &error))
}

fn unwritable(file: &Path, error: &std::io::Error) -> Problem {
    Problem(format!("{} cannot be written: {error}", file.display()))
}
