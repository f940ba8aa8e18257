//! `cargo xtask bench`: what Bureau promises about speed, measured.

use std::process::ExitCode;

use crate::display::Display;
use crate::packages::{self, Purpose};
use crate::process::{self, Problem, command};
use crate::tools::{self, TAURI_DRIVER};
use crate::{model, python, ui};

/// The part that is no measure of one program, but of many at one gateway.
const DESKS: &str = "desks";

/// Builds in release and prints the table, of these parts where some are named.
pub fn run(parts: &[&str]) -> Result<ExitCode, Problem> {
    let (desks, speed): (Vec<&str>, Vec<&str>) =
        parts.iter().partition(|part| DESKS.starts_with(**part));
    if parts.is_empty() || !speed.is_empty() {
        run_speed(&speed)?;
    }
    if parts.is_empty() || !desks.is_empty() {
        run_desks()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A thousand desks at a gateway, in normal time and while it is out.
fn run_desks() -> Result<(), Problem> {
    packages::install(Purpose::Terminal)?;
    let gateway = python::gateway()?;
    process::step(
        "many desks at one gateway (a quarter of an hour)",
        command("cargo")
            .args(["bench", "--workspace", "--locked", "--bench", DESKS])
            .env("BUREAU_BENCH_GATEWAY", gateway),
        "the lines above say what could not be measured",
    )
}

fn run_speed(parts: &[&str]) -> Result<(), Problem> {
    packages::install(Purpose::Tests)?;
    ui::install()?;
    ui::install_compared()?;
    ui::build()?;
    model::fetch()?;
    let python = python::environment()?;
    tools::install(&TAURI_DRIVER)?;
    let display = Display::start()?;
    // The whole workspace each time: another choice would choose other features of what is built
    // from C, and build that again.
    let workspace = ["--workspace", "--locked", "--bench", "speed"];
    let examples = ["--example", "empty-window", "--example", "score-pdf"];
    let programs = ["build", "--release", "--bins"];
    process::step(
        "building in release",
        command("cargo").args(programs).args(examples).args(workspace),
        "the lines above say what is missing or wrong",
    )?;
    let mut bench = command("cargo");
    bench.arg("bench").args(workspace).arg("--").args(parts).env("BUREAU_BENCH_PYTHON", python);
    process::step(
        "measuring",
        display.on(tools::on(&mut bench)),
        "the lines above say what could not be measured",
    )
}
