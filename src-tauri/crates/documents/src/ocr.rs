//! The text of pictures, recognised by `tesseract` where that is installed.
//!
//! It gets pictures that were decoded and encoded again by the process that reads, so that a picture
//! made to break it does not reach it.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::ReadError;
use crate::line::clean;
use crate::reader::run;

/// How long one picture may take.
const SECONDS: u64 = 60;

/// How many languages a picture is looked through for; each takes its time.
const LANGUAGES: usize = 4;

/// The languages that are chosen first, as `tesseract` names them: those that Bureau speaks, and
/// those around them. Each of the others is chosen while there is room.
const FIRST: [&str; 6] = ["fra", "eng", "deu", "spa", "ita", "nld"];

/// The program that recognises text.
#[derive(Debug, Clone)]
pub struct Recogniser {
    program: PathBuf,
    languages: String,
}

impl Recogniser {
    /// The program, where it is installed with a language at least.
    pub fn find() -> Option<Self> {
        let path = std::env::var_os("PATH")?;
        let name = format!("tesseract{}", std::env::consts::EXE_SUFFIX);
        // No relative folder: what lies where a program was started is not of the system.
        let mut folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
        let program = folders.find_map(|folder| {
            let program = folder.join(&name);
            program.is_file().then_some(program)
        })?;
        let mut command = Command::new(&program);
        command.arg("--list-langs");
        let listed = run(command, &[], Duration::from_secs(10), &|| false).ok()?;
        let listed = String::from_utf8_lossy(&listed.output).into_owned();
        let languages = choose(listed.lines().skip(1))?;
        Some(Self { program, languages })
    }

    /// The text of a picture, in plain words.
    ///
    /// # Errors
    /// [`ReadError::TooSlow`], [`ReadError::Cancelled`], [`ReadError::NoReader`] where it cannot be
    /// started, [`ReadError::Crashed`] where it fails.
    pub fn recognise(&self, png: &[u8], cancelled: &dyn Fn() -> bool) -> Result<String, ReadError> {
        let mut command = Command::new(&self.program);
        // Pages of text, with columns, as they come.
        command.args(["-", "-", "-l", &self.languages, "--psm", "3", "--dpi", "300"]);
        // It would start a thread for every core, which on a page wait more than they work.
        command.env("OMP_THREAD_LIMIT", "1");
        let ended = run(command, &[png], Duration::from_secs(SECONDS), cancelled)?;
        if !ended.status.success() {
            return Err(ReadError::Crashed(format!("tesseract: {}", ended.status)));
        }
        Ok(clean(&String::from_utf8_lossy(&ended.output)).trim().to_owned())
    }
}

/// The languages to recognise, of those that are installed.
fn choose<'a>(installed: impl Iterator<Item = &'a str>) -> Option<String> {
    // Orientation and equations are no languages.
    let installed: Vec<&str> =
        installed.map(str::trim).filter(|name| !matches!(*name, "" | "osd" | "equ")).collect();
    let first = FIRST.iter().filter(|name| installed.contains(name)).copied();
    let others = installed.iter().filter(|name| !FIRST.contains(name)).copied();
    let chosen: Vec<&str> = first.chain(others).take(LANGUAGES).collect();
    (!chosen.is_empty()).then(|| chosen.join("+"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_chosen_of_those_that_are_installed() {
        let chosen = choose(["osd", "eng", "rus", "fra"].into_iter());
        assert_eq!(chosen.as_deref(), Some("fra+eng+rus"));
        assert_eq!(choose(["osd"].into_iter()), None);
    }
}
