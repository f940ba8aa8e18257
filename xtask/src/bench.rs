//! `cargo xtask bench`: what Bureau promises about speed, measured.

use std::process::ExitCode;

use crate::packages::{self, Purpose};
use crate::process::{self, Problem, command};
use crate::{model, python, ui};

/// Builds in release and prints the table, of these parts where some are named.
pub fn run(parts: &[&str]) -> Result<ExitCode, Problem> {
    packages::install(Purpose::Tests)?;
    ui::install()?;
    ui::install_compared()?;
    ui::build()?;
    model::fetch()?;
    let python = python::environment()?;
    process::step(
        "building in release",
        command("cargo").args(["build", "--release", "--locked", "--package", "bureau-cli"]),
        "the lines above say what is missing or wrong",
    )?;
    process::step(
        "measuring",
        command("cargo")
            .args(["bench", "--locked", "--package", "whole-program", "--bench", "speed", "--"])
            .args(parts)
            .env("BUREAU_BENCH_PYTHON", python),
        "the lines above say what could not be measured",
    )?;
    Ok(ExitCode::SUCCESS)
}
