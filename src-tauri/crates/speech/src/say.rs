//! macOS' `say`: a process for each sentence, which ends when it was said. It reads its text from its
//! standard input.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{SpeechError, Voice};

/// Words a minute of its usual rate.
const WORDS: u32 = 180;

pub(crate) struct Say {
    program: PathBuf,
    rate: u16,
    /// The voices: language and name.
    voices: Vec<(String, String)>,
    running: Mutex<Running>,
}

#[derive(Default)]
struct Running {
    child: Option<Child>,
    over: bool,
}

impl Say {
    pub(crate) fn new(program: &Path, rate: u16) -> Result<Self, SpeechError> {
        let listed = Command::new(program).args(["-v", "?"]).stdin(Stdio::null()).output()?;
        let voices = voices_in(&String::from_utf8_lossy(&listed.stdout));
        if voices.is_empty() {
            return Err(SpeechError::NoVoice);
        }
        Ok(Self { program: program.to_owned(), rate, voices, running: Mutex::default() })
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Voice for Say {
    fn say(&self, line: &str, language: Option<&str>) -> Result<(), SpeechError> {
        let mut command = Command::new(&self.program);
        if let Some(voice) = language.and_then(|language| best(&self.voices, language)) {
            command.args(["-v", voice]);
        }
        if self.rate != 100 {
            command.args(["-r", &(WORDS * u32::from(self.rate) / 100).to_string()]);
        }
        command.args(["-f", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut running = self.running();
        if running.over {
            return Ok(());
        }
        let mut child = command.stderr(Stdio::null()).spawn()?;
        let (text, end) = (child.stdin.take(), child.stdout.take());
        running.child = Some(child);
        drop(running);
        if let Some(mut text) = text {
            text.write_all(line.as_bytes())?;
        }
        // It prints nothing: its output ends with it, and can be waited for while it may be killed.
        if let Some(mut end) = end {
            end.read_to_end(&mut Vec::new())?;
        }
        let ended = self.running().child.take();
        match ended.map(|mut child| child.wait()).transpose()? {
            Some(status) if !status.success() => {
                Err(std::io::Error::other(status.to_string()).into())
            }
            _ => Ok(()),
        }
    }

    fn stop(&self) {
        let mut running = self.running();
        running.over = true;
        if let Some(child) = &mut running.child {
            // One that has ended already needs no end.
            let _ = child.kill();
        }
    }
}

/// The voices of its list: `Thomas              fr_FR    # Bonjour, je m’appelle Thomas.`
fn voices_in(list: &str) -> Vec<(String, String)> {
    let voice = |line: &str| {
        let named = line.split('#').next()?.trim_end();
        let (name, locale) = named.rsplit_once(char::is_whitespace)?;
        let language = locale.split(['_', '-']).next()?;
        Some((language.to_owned(), name.trim().to_owned()))
    };
    list.lines().filter_map(voice).collect()
}

/// The voice for a language. Those with brackets in their names are the rough ones, and in English
/// the first of the list are jokes.
fn best<'a>(voices: &'a [(String, String)], language: &str) -> Option<&'a str> {
    let names = || voices.iter().filter(|(known, _)| known == language).map(|(_, name)| &**name);
    let usual = names().find(|name| *name == "Samantha");
    usual.or_else(|| names().find(|name| !name.contains('('))).or_else(|| names().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_gets_the_voice_that_is_best_for_it() {
        let voices = voices_in(concat!(
            "Albert              en_US    # Hello! My name is Albert.\n",
            "Eddy (Français (France)) fr_FR    # Bonjour !\n",
            "Samantha            en_US    # Hello! My name is Samantha.\n",
            "Thomas              fr_FR    # Bonjour ! Je m’appelle Thomas.\n",
            "Flo (Italiano (Italia)) it_IT    # Ciao!\n",
        ));
        assert_eq!(voices.len(), 5);
        assert_eq!(best(&voices, "fr"), Some("Thomas"));
        assert_eq!(best(&voices, "en"), Some("Samantha"));
        assert_eq!(best(&voices, "it"), Some("Flo (Italiano (Italia))"));
        assert_eq!(best(&voices, "ja"), None);
    }
}
