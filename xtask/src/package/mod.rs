//! `cargo xtask package`: what is installed on desks, made on Linux: .deb, .rpm, and what is in them
//! (SBOM).

mod contents;
mod deb;
mod rpm;
mod sbom;
mod sign;
#[cfg(test)]
mod workflow;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use contents::Contents;
pub use deb::Compression;
pub use sign::sign;

use crate::packages::Purpose;
use crate::process::Problem;
use crate::{run, workspace};

/// What the .deb may take without the model, in bytes. Nothing holds the .rpm to it: rpmbuild takes
/// no dictionary that spans both programs.
pub const BOUND: u64 = 25_000_000;

/// The version that is packed.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What was made, in each the programs' first.
pub struct Made {
    /// For Debian and what comes of it.
    pub debs: [PathBuf; 2],
    /// For Fedora and what is like it.
    pub rpms: [PathBuf; 2],
    /// What the programs are made of.
    pub lists: [PathBuf; 2],
}

/// Builds the programs, and packs them into `target/package`.
pub fn run() -> Result<ExitCode, Problem> {
    let made = make()?;
    println!();
    for file in [&made.debs, &made.rpms, &made.lists].into_iter().flatten() {
        println!("{:>11} bytes  {}", size(file), file.display());
    }
    let met = if size(&made.debs[0]) < BOUND { "met" } else { "NOT MET" };
    println!("{met}: the .deb takes less than {BOUND} bytes");
    Ok(ExitCode::SUCCESS)
}

/// The same without the table.
pub fn make() -> Result<Made, Problem> {
    run::programs(Purpose::Packages)?;
    emptied(&folder())?;
    let (programs, model) = (Contents::of_programs(VERSION)?, Contents::of_model()?);
    Ok(Made {
        debs: [
            deb::pack(&programs, VERSION, Compression::Small)?,
            deb::pack(&model, VERSION, Compression::Quick)?,
        ],
        rpms: [rpm::pack(&programs, VERSION)?, rpm::pack(&model, VERSION)?],
        lists: sbom::lists()?,
    })
}

/// Both as .deb under another version, which is packed quickly: for a test of the upgrade from it.
pub fn debs_of(version: &str) -> Result<[PathBuf; 2], Problem> {
    let programs = deb::pack(&Contents::of_programs(version)?, version, Compression::Quick)?;
    let model = deb::pack(&Contents::of_model()?, version, Compression::Quick)?;
    Ok([programs, model])
}

/// How many bytes a file has that was made.
pub fn size(file: &Path) -> u64 {
    file.metadata().map_or(u64::MAX, |metadata| metadata.len())
}

/// Where packages are made.
pub fn folder() -> PathBuf {
    workspace::target().join("package")
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
