//! The desktop program: `bureau-desktop`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    // A panic is a defect; where it happened is told, and not the text that it happened over.
    std::panic::set_hook(Box::new(|panic| match panic.location() {
        Some(place) => eprintln!("bureau-desktop: defect at {place}"),
        None => eprintln!("bureau-desktop: defect"),
    }));
    match bureau_desktop::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bureau-desktop: {error}");
            ExitCode::FAILURE
        }
    }
}
