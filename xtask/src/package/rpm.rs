//! .rpm, by rpmbuild.

use std::fs;
use std::path::PathBuf;

use super::contents::{Contents, seconds};
use super::{emptied, folder, unwritable};
use crate::process::{self, Problem, command};
use crate::workspace;

/// Packs contents into an .rpm: `packaging/linux/NAME.spec` says as what.
pub fn pack(contents: &Contents, version: &str) -> Result<PathBuf, Problem> {
    let Contents { name, root } = contents;
    let top = folder().join("rpmbuild");
    emptied(&top)?;
    let spec = workspace::root().join(format!("packaging/linux/{name}.spec"));
    let mut rpmbuild = command("rpmbuild");
    rpmbuild.arg("-bb").arg("--quiet");
    for (macro_name, value) in [
        ("_topdir", top.display().to_string()),
        ("bureau_version", version.to_owned()),
        ("bureau_contents", root.display().to_string()),
        ("use_source_date_epoch_as_buildtime", "1".to_owned()),
        ("clamp_mtime_to_source_date_epoch", "1".to_owned()),
        ("_buildhost", "localhost".to_owned()),
    ] {
        rpmbuild.arg("--define").arg(format!("{macro_name} {value}"));
    }
    rpmbuild.arg(spec).env("SOURCE_DATE_EPOCH", seconds()?);
    contents.packed_as("RPM", || {
        process::step(&format!("{name} {version}.rpm"), &mut rpmbuild, "the lines above say why")
    })?;
    // Below a folder for the architecture, in which there is nothing else.
    let folders = top.join("RPMS").read_dir().map_err(|error| unwritable(&top, &error))?;
    let files = folders.flatten().filter_map(|folder| folder.path().read_dir().ok()).flatten();
    let made = files.flatten().next().ok_or_else(|| Problem("rpmbuild made no file".to_owned()))?;
    let file = folder().join(made.file_name());
    fs::rename(made.path(), &file).map_err(|error| unwritable(&file, &error))?;
    Ok(file)
}
