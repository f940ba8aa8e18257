//! A Speech Dispatcher without a voice: it answers as the real one does (0.11), and keeps what it was
//! told, for machines that have no sound.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::Profile;

/// It listens as long as the test runs.
pub struct Dispatcher {
    socket: PathBuf,
    told: Arc<(Mutex<Vec<String>>, Condvar)>,
}

impl Dispatcher {
    /// One that listens where programs on this profile look for it.
    pub fn of(profile: &Profile) -> Self {
        Self::with_modules(profile, &["espeak-ng"])
    }

    /// The same with these output modules.
    pub fn with_modules(profile: &Profile, modules: &'static [&'static str]) -> Self {
        let socket = profile.root().join("runtime/speech-dispatcher/speechd.sock");
        std::fs::create_dir_all(socket.parent().unwrap()).unwrap();
        let listener = UnixListener::bind(&socket).unwrap();
        let told = Arc::<(Mutex<Vec<String>>, Condvar)>::default();
        let keeps = told.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let keeps = keeps.clone();
                std::thread::spawn(move || {
                    // A program that is killed ends it anyhow.
                    let _ = serve(stream.unwrap(), modules, |line| {
                        keeps.0.lock().unwrap().push(line);
                        keeps.1.notify_all();
                    });
                });
            }
        });
        Self { socket, told }
    }

    /// Where it listens.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Every line that it was told, texts with `> ` before them.
    pub fn told(&self) -> Vec<String> {
        self.told.0.lock().unwrap().clone()
    }

    /// The texts that it was to say.
    pub fn said(&self) -> Vec<String> {
        self.told().iter().filter_map(|line| line.strip_prefix("> ")).map(str::to_owned).collect()
    }

    /// Waits until it was told this so many times.
    pub fn wait_for(&self, line: &str, times: usize) {
        let count = |told: &Vec<String>| told.iter().filter(|told| *told == line).count();
        let told = self.told.0.lock().unwrap();
        let long = Duration::from_secs(30);
        let (told, waited) =
            self.told.1.wait_timeout_while(told, long, |told| count(told) < times).unwrap();
        assert!(!waited.timed_out(), "no {line} ({times}) in {told:#?}");
    }
}

/// A text with `slowly` is said until it is cancelled; every other one is at once.
fn serve(
    mut stream: UnixStream,
    modules: &[&str],
    keep: impl Fn(String),
) -> Result<(), std::io::Error> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let (mut number, mut saying) = (0, false);
    while let Some(line) = lines.next().transpose()? {
        keep(line.clone());
        match &*line {
            "SPEAK" => {
                stream.write_all(b"230 OK RECEIVING DATA\r\n")?;
                let mut text = Vec::new();
                while let Some(line) = lines.next().transpose()?.filter(|line| line != ".") {
                    text.push(line.strip_prefix('.').unwrap_or(&line).to_owned());
                }
                let text = text.join("\n");
                number += 1;
                saying = text.contains("slowly");
                keep(format!("> {text}"));
                write!(stream, "225-{number}\r\n225 OK MESSAGE QUEUED\r\n")?;
                if !saying {
                    write!(stream, "702-{number}\r\n702-1\r\n702 END\r\n")?;
                }
            }
            "CANCEL self" => {
                stream.write_all(b"213 OK CANCELED\r\n")?;
                if std::mem::take(&mut saying) {
                    write!(stream, "703-{number}\r\n703-1\r\n703 CANCELED\r\n")?;
                }
            }
            "LIST OUTPUT_MODULES" => {
                let listed: String = modules.iter().map(|one| format!("250-{one}\r\n")).collect();
                write!(stream, "{listed}250 OK MODULE LIST SENT\r\n")?;
            }
            set if set.starts_with("SET self ") => stream.write_all(b"201 OK SET\r\n")?,
            _ => stream.write_all(b"500 ERR INVALID COMMAND\r\n")?,
        }
    }
    keep("gone".to_owned());
    Ok(())
}
