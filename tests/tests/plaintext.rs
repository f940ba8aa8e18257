//! Nothing of a conversation is ever on disk in clear: words that occur nowhere else go through
//! every path, then every byte of every file the programs could have written is searched.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use whole_program::{Endpoint, PASSPHRASE, Profile, stream_of};

const QUESTION: &str = "xylophonequestion";
const ANSWER: &str = "marimbaanswer";
const TITLE: &str = "vibraphonetitle";
const ATTACHMENT: &str = "glockenspielfile";
const INSTRUCTION: &str = "celestainstruction";
const CUT_OFF: &str = "balafoncutoff";
const KEY: &str = "sk-carillonsecretkey";

#[test]
fn no_word_of_a_conversation_is_on_disk() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying(ANSWER);
    let file = profile.root().join("home/attached.txt");
    std::fs::write(&file, ATTACHMENT).unwrap();
    let run = |arguments: &[&str]| {
        let output = profile
            .bureau(arguments)
            .env("BUREAU_ENDPOINT", endpoint.address())
            .env("BUREAU_MODEL", "m")
            .env("BUREAU_API_KEY", KEY)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let question = format!("{QUESTION} {}", "lorem ipsum ".repeat(2000));
    run(&["ask", "--system", INSTRUCTION, "--attach", file.to_str().unwrap(), &question]);
    let listed = run(&["history", "list"]);
    let id = listed.split_whitespace().next().unwrap();
    run(&["history", "rename", id, TITLE]);
    run(&["ask", "--conversation", id, QUESTION]);
    assert!(run(&["history", "search", ANSWER]).contains(TITLE));
    run(&["history", "verify"]);
    kill_in_mid_answer(&profile);
    std::fs::remove_file(&file).unwrap();

    let mut searched = 0;
    search(profile.root(), &profile.passphrase_file(), &mut searched);
    assert!(searched > 40_000, "only {searched} bytes were there to be searched");
}

#[test]
fn the_search_finds_what_is_in_clear() {
    let profile = Profile::new();
    std::fs::write(profile.data().join("leak"), format!("…{ANSWER}…")).unwrap();
    let result = std::panic::catch_unwind(|| search(profile.root(), Path::new(""), &mut 0));
    assert!(result.is_err());
}

/// Kills the program while an answer streams, after it has been written to the history.
fn kill_in_mid_answer(profile: &Profile) {
    let endpoint = Endpoint::start(|_| {
        let pieces = std::iter::repeat_n("balafoncutoff ", 400);
        stream_of(pieces, Duration::from_millis(20))
    });
    let mut child = profile
        .bureau(&["ask", "x"])
        .env("BUREAU_ENDPOINT", endpoint.address())
        .env("BUREAU_MODEL", "m")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut some = vec![0; CUT_OFF.len() * 100];
    child.stdout.as_mut().unwrap().read_exact(&mut some).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
}

fn search(folder: &Path, except: &Path, searched: &mut usize) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            search(&path, except, searched);
        } else if path != except && path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            *searched += bytes.len();
            for word in [QUESTION, ANSWER, TITLE, ATTACHMENT, INSTRUCTION, CUT_OFF, KEY, PASSPHRASE]
            {
                let utf16: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
                for pattern in [word.as_bytes(), &utf16] {
                    let found = bytes.windows(pattern.len()).any(|w| w == pattern);
                    assert!(!found, "“{word}” is in clear in {}", path.display());
                }
            }
        }
    }
}
