//! Nothing of a conversation is ever on disk in clear: words that occur nowhere else go through
//! every path, then every byte of every file the programs could have written is searched.

use std::io::Read;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use assistant::{Assistant, Config, Folders};
use secrecy::SecretString;
use serde_json::json;
use whole_program::{Endpoint, PASSPHRASE, Profile, Reply, search_for, stream_of};

const QUESTION: &str = "xylophonequestion";
const ANSWER: &str = "marimbaanswer";
const TITLE: &str = "vibraphonetitle";
const ATTACHMENT: &str = "glockenspielfile";
const INSTRUCTION: &str = "celestainstruction";
const CUT_OFF: &str = "balafoncutoff";
const THOUGHT: &str = "ocarinathought";
const REFUSAL: &str = "theremincomplaint";
const KEY: &str = "sk-carillonsecretkey";
const KEPT_KEY: &str = "sk-hurdygurdykeptkey";
const WORDS: &[&str] = &[
    QUESTION,
    ANSWER,
    TITLE,
    ATTACHMENT,
    INSTRUCTION,
    CUT_OFF,
    THOUGHT,
    REFUSAL,
    KEY,
    KEPT_KEY,
    PASSPHRASE,
];

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
    fail_after_a_thought(&profile);
    kill_in_mid_answer(&profile);
    keep_a_key(&profile);
    std::fs::remove_file(&file).unwrap();

    let searched = search_for(WORDS, profile.root(), &profile.passphrase_file());
    assert!(searched > 40_000, "only {searched} bytes were there to be searched");
}

#[test]
fn the_search_finds_what_is_in_clear() {
    let profile = Profile::new();
    std::fs::write(profile.data().join("leak"), format!("…{ANSWER}…")).unwrap();
    let result = std::panic::catch_unwind(|| search_for(WORDS, profile.root(), Path::new("")));
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

/// An answer that fails with words of the endpoint's own, after it has thought aloud.
fn fail_after_a_thought(profile: &Profile) {
    let endpoint = Endpoint::start(|_| {
        let mut replies = stream_of([], Duration::ZERO);
        replies.truncate(1);
        let thought = json!({"choices": [{"delta": {"reasoning_content": THOUGHT}}]});
        let error = json!({"error": {"message": REFUSAL}});
        replies.push(Reply::Bytes(format!("data: {thought}\n\ndata: {error}\n\n").into()));
        replies
    });
    let output = profile.run_with(endpoint.address(), &["ask", "--json", "x"]);
    assert_eq!(output.code, Some(3), "{output:?}");
    assert!(output.stdout.contains(THOUGHT) && output.stdout.contains(REFUSAL), "{output:?}");
}

/// Keeps the endpoint's key in the history's settings.
fn keep_a_key(profile: &Profile) {
    let folders = Folders { config: profile.root().join("config"), data: profile.data() };
    let assistant = Assistant::new(folders, Config::default());
    assistant.unlock(&SecretString::from(PASSPHRASE)).unwrap();
    assistant.set_api_key(Some(KEPT_KEY)).unwrap();
}
