//! `bureau render`: Markdown in, the window's HTML out.

use std::io::Read;
use std::path::Path;

use conversation::{Failure, FailureCode};

use crate::exit::Exit;
use crate::output;

pub fn run(file: Option<&Path>) -> Result<Exit, Failure> {
    let mut bytes = Vec::new();
    let read = match file.filter(|f| *f != Path::new("-")) {
        Some(file) => std::fs::File::open(file).and_then(|mut f| f.read_to_end(&mut bytes)),
        None => std::io::stdin().read_to_end(&mut bytes),
    };
    read.map_err(|error| {
        let name = file.map_or("standard input".into(), |f| f.display().to_string());
        Failure::new(FailureCode::NotFound, format!("{name} cannot be read: {error}"))
    })?;
    for block in markdown::render(&String::from_utf8_lossy(&bytes)) {
        output::write(&block.html)?;
        output::write("\n")?;
    }
    Ok(Exit::Done)
}
