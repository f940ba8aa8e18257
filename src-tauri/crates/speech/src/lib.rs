//! A sentence in, and one of the operating system's own voices says it: Speech Dispatcher under Linux,
//! `say` under macOS, System.Speech under Windows. All of them speak on this machine.
//!
//! A text goes through a socket or a pipe, never as an argument, which everybody on the machine can
//! read, and never into a file. All voices are compiled wherever they can be, so that none of them
//! is code that only one platform reads.

mod clean;
#[cfg(unix)]
mod dispatcher;
mod say;
mod system_speech;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

pub use clean::MAX_SENTENCE;

/// How fast a voice may speak, in percent of its usual rate.
pub const RATES: std::ops::RangeInclusive<u16> = 50..=300;

/// Why a sentence could not be said.
#[derive(Debug, thiserror::Error)]
pub enum SpeechError {
    /// The system has no voice.
    #[error("the system has no voice; under Linux, install speech-dispatcher and a voice for it")]
    NoVoice,
    /// The system's program could not be started, refused, or ended.
    #[error("the system's voice does not answer ({0})")]
    Failed(#[from] std::io::Error),
}

/// Whose voices are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Voices {
    /// Nobody's.
    None,
    /// Those of the Speech Dispatcher that listens at this socket.
    #[cfg(unix)]
    Dispatcher(PathBuf),
    /// Those of this program, which is macOS' `say`.
    Say(PathBuf),
    /// Those of System.Speech, reached by this program, which is Windows' PowerShell.
    SystemSpeech(PathBuf),
}

/// One way to speak.
trait Voice: Send + Sync {
    /// Says this, a single line, and comes back when it was said or stopped.
    fn say(&self, line: &str, language: Option<&str>) -> Result<(), SpeechError>;
    /// Falls silent, and stays so.
    fn stop(&self);
}

impl Voices {
    /// Those of the operating system.
    pub fn of_system() -> Self {
        if cfg!(target_os = "macos") {
            return Self::Say(PathBuf::from("/usr/bin/say"));
        }
        if cfg!(windows) {
            // By its whole path: a program of that name elsewhere is not the system's.
            let windows = std::env::var_os("SystemRoot").unwrap_or_else(|| "C:\\Windows".into());
            let shell = "System32\\WindowsPowerShell\\v1.0\\powershell.exe";
            return Self::SystemSpeech(Path::new(&windows).join(shell));
        }
        #[cfg(unix)]
        if let Some(socket) = dispatcher::socket() {
            return Self::Dispatcher(socket);
        }
        Self::None
    }

    /// Whether there are any, as far as can be seen without starting what gives them.
    pub fn are_there(&self) -> bool {
        match self {
            Self::None => false,
            #[cfg(unix)]
            Self::Dispatcher(socket) => socket.exists() || dispatcher::program().is_some(),
            Self::Say(program) | Self::SystemSpeech(program) => program.is_file(),
        }
    }

    /// Someone to speak, at this rate in percent of a voice's usual one. Nothing is started yet.
    pub fn speaker(&self, rate: u16) -> Speaker {
        let rate = rate.clamp(*RATES.start(), *RATES.end());
        let (stopped, voice) = (AtomicBool::new(false), OnceLock::new());
        Speaker { voices: self.clone(), rate, stopped, voice }
    }

    fn start(&self, rate: u16) -> Result<Box<dyn Voice>, SpeechError> {
        Ok(match self {
            Self::None => return Err(SpeechError::NoVoice),
            #[cfg(unix)]
            Self::Dispatcher(socket) => Box::new(dispatcher::Dispatcher::open(socket, rate)?),
            Self::Say(program) => Box::new(say::Say::new(program, rate)?),
            Self::SystemSpeech(program) => {
                Box::new(system_speech::SystemSpeech::start(program, rate)?)
            }
        })
    }
}

/// Someone who says one sentence after another, until stopped from any thread.
pub struct Speaker {
    voices: Voices,
    rate: u16,
    stopped: AtomicBool,
    /// Started with the first sentence.
    voice: OnceLock<Box<dyn Voice>>,
}

impl Speaker {
    /// Says a sentence in this language (its two or three letters, ISO 639), or in whichever the
    /// voice has, and comes back when it was said. What has nothing to say in it is passed over.
    /// Returns whether the speaker was not stopped.
    ///
    /// # Errors
    /// [`SpeechError`] where there is no voice, or it does not answer.
    pub fn say(&self, sentence: &str, language: Option<&str>) -> Result<bool, SpeechError> {
        let line = clean::line_of(sentence);
        if line.is_empty() || self.is_stopped() {
            return Ok(!self.is_stopped());
        }
        let voice = match self.voice.get() {
            Some(voice) => voice,
            None => {
                let voice = self.voices.start(self.rate)?;
                self.voice.get_or_init(|| voice)
            }
        };
        // It may have been stopped before there was anything to stop.
        if self.is_stopped() {
            return Ok(false);
        }
        let said = voice.say(&line, language.filter(|language| clean::is_language(language)));
        // Whatever a voice answers that was cut off, is no failure.
        if self.is_stopped() { Ok(false) } else { said.map(|()| true) }
    }

    /// Falls silent in the middle of a word, and stays so. It does not wait for whoever is in
    /// [`say`](Self::say), who comes back by it.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        if let Some(voice) = self.voice.get() {
            voice.stop();
        }
    }

    /// Whether it was stopped.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }
}
