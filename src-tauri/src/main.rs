//! The desktop program: `bureau-desktop`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(assistant::READER_ARGUMENT) {
        return assistant::serve();
    }
    assistant::forbid_core_dumps();
    assistant::tell_defects_by_place("bureau-desktop");
    match bureau_desktop::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bureau-desktop: {error}");
            ExitCode::FAILURE
        }
    }
}
