//! Speech Dispatcher, spoken to in its own protocol (SSIP,
//! <https://htmlpreview.github.io/?https://github.com/brailcom/speechd/blob/master/doc/ssip.html>).
//! Its program `spd-say` would not do: whoever ends it does not end what is being said, and it can
//! only silence everybody, screen readers as well. Of the protocol nothing is needed but a handful
//! of lines.
//!
//! What is said goes through a Unix socket of this machine alone.

use std::io::{BufRead, BufReader, Error, ErrorKind, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::{SpeechError, Voice};

/// The longest that it may take for a line to be taken from us, or for it to answer when it is opened.
const PATIENCE: Duration = Duration::from_secs(2);
/// The longest line that is read.
const LONGEST: u64 = 64 * 1024;
/// The module that says no more than that no other one works.
const DUMMY: &str = "dummy";

/// Where it listens, as its own library finds it; none where that would be another machine's.
pub(crate) fn socket() -> Option<PathBuf> {
    if let Some(address) = std::env::var_os("SPEECHD_ADDRESS") {
        let address = address.into_string().ok()?;
        let (method, path) = address.split_once(':').unwrap_or((&address, ""));
        match (method, path) {
            ("unix_socket", "") => {}
            ("unix_socket", path) => return Some(PathBuf::from(path)),
            _ => return None,
        }
    }
    let folder = |name: &str| std::env::var_os(name).filter(|folder| !folder.is_empty());
    let runtime = folder("XDG_RUNTIME_DIR").map(PathBuf::from);
    let folder = runtime.or_else(|| Some(Path::new(&folder("HOME")?).join(".cache")))?;
    Some(folder.join("speech-dispatcher/speechd.sock"))
}

/// The program that listens there once it was started, if it is installed.
pub(crate) fn program() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders)
        .map(|folder| folder.join("speech-dispatcher"))
        .find(|program| program.is_file())
}

/// A connection to it.
pub(crate) struct Dispatcher {
    stream: UnixStream,
    told: Mutex<BufReader<UnixStream>>,
    /// Held while something is written, which must not fall into the middle of a text; whether it
    /// is over.
    over: Mutex<bool>,
}

/// A message of it: its number, and its lines.
type Told = (u16, Vec<String>);

impl Dispatcher {
    pub(crate) fn open(socket: &Path, rate: u16) -> Result<Self, SpeechError> {
        let stream = match UnixStream::connect(socket) {
            Ok(stream) => stream,
            Err(_) => {
                start(socket)?;
                UnixStream::connect(socket)?
            }
        };
        stream.set_write_timeout(Some(PATIENCE))?;
        // Until it has answered, nobody could stop the waiting.
        stream.set_read_timeout(Some(PATIENCE))?;
        let told = Mutex::new(BufReader::new(stream.try_clone()?));
        let dispatcher = Self { stream, told, over: Mutex::default() };
        dispatcher.ask("SET self CLIENT_NAME bureau:bureau:reading")?;
        dispatcher.ask("SET self NOTIFICATION END ON")?;
        dispatcher.ask("SET self NOTIFICATION CANCEL ON")?;
        // Without a wish, the rate is as the person has set it for all programs.
        if rate != 100 {
            dispatcher.ask(&format!("SET self RATE {}", rate_of(rate)))?;
        }
        let modules = dispatcher.ask("LIST OUTPUT_MODULES")?;
        // The last line says that this was all of them.
        let named = modules.len().saturating_sub(1);
        match modules.iter().take(named).any(|module| module != DUMMY) {
            true => {
                dispatcher.stream.set_read_timeout(None)?;
                Ok(dispatcher)
            }
            false => Err(SpeechError::NoVoice),
        }
    }

    /// Asks for something, and gives the lines of the answer.
    fn ask(&self, line: &str) -> Result<Vec<String>, Error> {
        let mut told = self.told();
        self.write(&format!("{line}\r\n"))?;
        loop {
            match next(&mut *told)? {
                // What happened to an earlier text.
                (700..=799, _) => {}
                (200..=299, lines) => return Ok(lines),
                (code, _) => return Err(refused(code)),
            }
        }
    }

    /// Writes nothing once it is over.
    fn write(&self, text: &str) -> Result<(), Error> {
        let over = self.over();
        if *over {
            return Err(ErrorKind::Interrupted.into());
        }
        (&self.stream).write_all(text.as_bytes())
    }

    fn told(&self) -> MutexGuard<'_, BufReader<UnixStream>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn over(&self) -> MutexGuard<'_, bool> {
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Voice for Dispatcher {
    fn say(&self, line: &str, language: Option<&str>) -> Result<(), SpeechError> {
        if let Some(language) = language {
            self.ask(&format!("SET self LANGUAGE {language}"))?;
        }
        let mut told = self.told();
        // A dot alone ends a text, so that one at its beginning is doubled.
        let dot = if line.starts_with('.') { "." } else { "" };
        self.write(&format!("SPEAK\r\n{dot}{line}\r\n.\r\n"))?;
        // That it ended can be told before that it was taken.
        let (mut taken, mut ended) = (false, false);
        while !(taken && ended) {
            match next(&mut *told)? {
                (225, _) => taken = true,
                (702 | 703, _) => ended = true,
                (code @ 300..=699, _) => return Err(refused(code).into()),
                _ => {}
            }
        }
        Ok(())
    }

    fn stop(&self) {
        let mut over = self.over();
        *over = true;
        // One that does not take it is gone. It tells of the end, for which nobody waits long: but
        // to hang up at once could keep it from reading this.
        let _ = (&self.stream).write_all(b"CANCEL self\r\n");
        if let Ok(stream) = self.stream.try_clone() {
            std::thread::spawn(move || {
                std::thread::sleep(PATIENCE);
                let _ = stream.shutdown(Shutdown::Both);
            });
        }
    }
}

/// Starts it, as its own library does; it goes on by itself, for all programs.
fn start(socket: &Path) -> Result<(), SpeechError> {
    let program = program().ok_or(SpeechError::NoVoice)?;
    let started = Command::new(program)
        .args(["--spawn", "--communication-method", "unix_socket", "--socket-path"])
        .arg(socket)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if started.success() { Ok(()) } else { Err(SpeechError::NoVoice) }
}

/// The next message: lines of one number, of which the last has a space behind it.
fn next(told: &mut impl BufRead) -> Result<Told, Error> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        std::io::Read::take(&mut *told, LONGEST).read_line(&mut line)?;
        if !line.ends_with('\n') {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end();
        let code = line.get(..3).and_then(|code| code.parse().ok());
        let (Some(code), Some(text)) = (code, line.get(4..)) else {
            return Err(Error::new(ErrorKind::InvalidData, "not SSIP"));
        };
        lines.push(text.to_owned());
        if line.as_bytes().get(3) == Some(&b' ') {
            return Ok((code, lines));
        }
    }
}

/// Its answer without its words, in which a text could stand.
fn refused(code: u16) -> Error {
    Error::other(format!("SSIP {code}"))
}

/// Percent of the usual rate as it has them: from −100 to 100.
fn rate_of(percent: u16) -> i32 {
    let percent = i32::from(percent);
    if percent < 100 { (percent - 100) * 2 } else { (percent - 100) / 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_apart() {
        let mut told = "249-a\tb\r\n249 OK\r\n701-5\r\n701-9\r\n701 BEGIN\r\n".as_bytes();
        assert_eq!(next(&mut told).unwrap(), (249, vec!["a\tb".to_owned(), "OK".to_owned()]));
        assert_eq!(next(&mut told).unwrap().0, 701);
        assert_eq!(next(&mut told).unwrap_err().kind(), ErrorKind::UnexpectedEof);
        assert!(next(&mut "what?\r\n".as_bytes()).is_err());
        assert!(next(&mut "2é\r\n".as_bytes()).is_err());
    }

    #[test]
    fn a_rate_is_within_what_it_has() {
        assert_eq!([50, 75, 100, 200, 300].map(rate_of), [-100, -50, 0, 50, 100]);
    }
}
