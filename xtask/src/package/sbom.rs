//! What the programs are made of, as CycloneDX: crates, and packages of the page.

use std::path::PathBuf;

use super::{VERSION, folder, write};
use crate::process::{self, Problem, command};
use crate::tools::{self, SBOM};
use crate::ui;

/// Writes both lists.
pub fn lists() -> Result<[PathBuf; 2], Problem> {
    tools::install(&SBOM)?;
    let mut crates = command("cargo-sbom");
    crates.args(["sbom", "--output-format", "cyclone_dx_json_1_6"]);
    let mut page = ui::npm(&["sbom", "--sbom-format", "cyclonedx", "--omit", "dev"]);
    let programs = [("crates", tools::on(&mut crates)), ("page", &mut page)];
    let [crates, page] = programs.map(|(name, program)| {
        let file = folder().join(format!("bureau-{VERSION}-{name}.cdx.json"));
        write(&file, process::output(program)?)?;
        Ok(file)
    });
    Ok([crates?, page?])
}
