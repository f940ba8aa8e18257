//! The voices of macOS and Windows, with a program in the place of the system's that keeps what it is
//! given: the text on its standard input, and never among its arguments.
#![allow(clippy::unwrap_used, reason = "in a test, failing is the point")]
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use speech::{Speaker, SpeechError, Voices};
use tempfile::TempDir;

/// A program that does this, and writes into the files `arguments` and `input` beside itself.
fn program(folder: &TempDir, script: &str) -> PathBuf {
    let program = folder.path().join("program");
    let start = format!("#!/bin/sh\ncd '{}'\n", folder.path().display());
    std::fs::write(&program, start + script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    program
}

fn written(folder: &TempDir, name: &str) -> String {
    std::fs::read_to_string(folder.path().join(name)).unwrap_or_default()
}

/// Stops the speaker once the program has this text, and waits until what was said has ended.
fn stopped_in(folder: &TempDir, speaker: Speaker, text: &'static str) {
    let speaker = Arc::new(speaker);
    let saying = speaker.clone();
    let said = std::thread::spawn(move || saying.say(text, Some("fr")).unwrap());
    while !written(folder, "input").contains(text) {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let process = written(folder, "process");
    speaker.stop();
    assert!(!said.join().unwrap(), "it was stopped");
    assert!(!speaker.say("Nothing more.", None).unwrap());
    drop(speaker);
    assert!(!Path::new("/proc/self").exists() || !Path::new("/proc").join(process.trim()).exists());
    assert!(!written(folder, "input").contains("Nothing more"));
}

const SAY: &str = r#"
if [ "$2" = '?' ]; then
  echo 'Samantha            en_US    # Hello!'
  echo 'Thomas              fr_FR    # Bonjour !'
  exit
fi
echo "$*" >> arguments
echo $$ > process
while IFS= read -r line || [ -n "$line" ]; do echo "$line" >> input; last=$line; done
case $last in *slowly*) exec sleep 600 ;; esac
"#;

#[test]
fn say_gets_its_text_on_standard_input_and_ends_when_it_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let voices = Voices::Say(program(&folder, SAY));
    assert!(voices.are_there());
    let speaker = voices.speaker(150);
    assert!(speaker.say("Bonjour\ntout le monde.", Some("fr")).unwrap());
    assert!(speaker.say("-v is no option here.", Some("ja")).unwrap());
    assert_eq!(written(&folder, "arguments"), "-v Thomas -r 270 -f -\n-r 270 -f -\n");
    assert_eq!(written(&folder, "input"), "Bonjour tout le monde.\n-v is no option here.\n");
    stopped_in(&folder, voices.speaker(100), "Parle slowly.");
}

const POWERSHELL: &str = r#"
echo "$*" >> arguments
echo $$ > process
while IFS= read -r line; do
  echo "$line" >> input
  case $line in *slowly*) exec sleep 600 ;; esac
  echo said
done
"#;

#[test]
fn system_speech_gets_a_language_and_a_text_by_line_from_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let voices = Voices::SystemSpeech(program(&folder, POWERSHELL));
    let speaker = voices.speaker(300);
    assert!(speaker.say("Bonjour\t$(calc)\ntout le monde.", Some("fr")).unwrap());
    assert!(speaker.say("In no language that is one.", Some("'; calc; '")).unwrap());
    assert_eq!(
        written(&folder, "input"),
        "fr\tBonjour $(calc) tout le monde.\n\tIn no language that is one.\n"
    );
    let arguments = written(&folder, "arguments");
    assert!(arguments.contains("$voice.Rate = 10"));
    assert!(!arguments.contains("Bonjour") && !arguments.contains("calc"), "{arguments}");
    assert_eq!(arguments.matches("Add-Type").count(), 1);
    drop(speaker);
    stopped_in(&folder, voices.speaker(100), "Parle slowly.");
}

#[test]
fn a_program_that_is_not_there_or_ends_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("none");
    assert!(!Voices::Say(nowhere.clone()).are_there() && !Voices::None.are_there());
    let failed = |voices: Voices| voices.speaker(100).say("Hello.", None).unwrap_err();
    assert!(matches!(failed(Voices::None), SpeechError::NoVoice));
    assert!(matches!(failed(Voices::Say(nowhere.clone())), SpeechError::Failed(_)));
    assert!(matches!(failed(Voices::SystemSpeech(nowhere)), SpeechError::Failed(_)));
    let mute = program(&folder, "exit 1\n");
    assert!(matches!(failed(Voices::Say(mute.clone())), SpeechError::NoVoice));
    assert!(matches!(failed(Voices::SystemSpeech(mute)), SpeechError::Failed(_)));
}
