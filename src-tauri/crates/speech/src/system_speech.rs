//! Windows' System.Speech, whose voices are those of the machine, through one PowerShell for a whole
//! reading: it takes a second to start. It reads a language and a text from each line of its
//! standard input, and answers each with a line once it was said.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::{SpeechError, Voice};

/// What it does. No double quotes: Windows' programs cut their arguments at them.
const SCRIPT: &str = "
$ErrorActionPreference = 'Stop'
Add-Type -AssemblyName System.Speech
$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer
$voice.Rate = RATE
$usual = $voice.Voice.Name
$lines = New-Object IO.StreamReader ([Console]::OpenStandardInput()), ([Text.Encoding]::UTF8)
while ($null -ne ($line = $lines.ReadLine())) {
  $language, $text = $line -split [char]9, 2
  $name = $usual
  foreach ($one in $voice.GetInstalledVoices()) {
    if ($one.Enabled -and $one.VoiceInfo.Culture.TwoLetterISOLanguageName -eq $language) { $name = $one.VoiceInfo.Name; break }
  }
  if ($voice.Voice.Name -ne $name) { $voice.SelectVoice($name) }
  $voice.Speak($text)
  [Console]::Out.WriteLine('said')
}
";

pub(crate) struct SystemSpeech {
    child: Mutex<Child>,
    pipes: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
}

impl SystemSpeech {
    pub(crate) fn start(program: &Path, rate: u16) -> Result<Self, SpeechError> {
        let script = SCRIPT.replace("RATE", &rate_of(rate).to_string());
        let mut command = Command::new(program);
        command.args(["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", &script]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        #[cfg(windows)]
        {
            /// `CREATE_NO_WINDOW`: no console flashes up.
            const NO_WINDOW: u32 = 0x0800_0000;
            std::os::windows::process::CommandExt::creation_flags(&mut command, NO_WINDOW);
        }
        let mut child = command.spawn()?;
        let (Some(text), Some(said)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::Error::from(ErrorKind::BrokenPipe).into());
        };
        let pipes = Mutex::new((text, BufReader::new(said)));
        Ok(Self { child: Mutex::new(child), pipes })
    }
}

impl Voice for SystemSpeech {
    fn say(&self, line: &str, language: Option<&str>) -> Result<(), SpeechError> {
        let mut pipes = self.pipes.lock().unwrap_or_else(PoisonError::into_inner);
        let (text, said) = &mut *pipes;
        text.write_all(format!("{}\t{line}\n", language.unwrap_or_default()).as_bytes())?;
        text.flush()?;
        match said.read_line(&mut String::new())? {
            0 => Err(std::io::Error::from(ErrorKind::UnexpectedEof).into()),
            _ => Ok(()),
        }
    }

    fn stop(&self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        // One that has ended already needs no end.
        let _ = child.kill();
    }
}

impl Drop for SystemSpeech {
    fn drop(&mut self) {
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Percent of the usual rate as it has them: from −10, a third of it, to 10, three times as fast.
fn rate_of(percent: u16) -> i32 {
    #[allow(clippy::cast_possible_truncation, reason = "a hundredth to three times give −10 to 10")]
    let steps = (10.0 * (f64::from(percent) / 100.0).log(3.0)).round() as i32;
    steps.clamp(-10, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_within_what_it_has() {
        assert_eq!([50, 100, 200, 300].map(rate_of), [-6, 0, 6, 10]);
        assert!(!SCRIPT.contains('"') && SCRIPT.matches("RATE").count() == 1);
    }
}
