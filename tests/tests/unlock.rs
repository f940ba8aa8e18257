//! How the terminal program comes by the history's key, and what it does without one.
#![cfg(target_os = "linux")]

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use whole_program::{Endpoint, Profile, program};

#[test]
fn a_conversation_of_a_locked_history_is_not_asked_about_elsewhere() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("ok");
    let events = profile.run_with(endpoint.address(), &["ask", "--json", "x"]).ok().json();
    let id = events.last().unwrap()["conversation"].as_str().unwrap().to_owned();
    for command in ["ask", "chat"] {
        let mut command = profile.bureau(&[command, "--conversation", &id]);
        command.env("BUREAU_ENDPOINT", endpoint.address()).env("BUREAU_MODEL", "m");
        let output = command.env_remove("BUREAU_PASSPHRASE_FILE").output().unwrap();
        assert_eq!(output.status.code(), Some(5), "{output:?}");
    }
    assert_eq!(endpoint.requests().len(), 1);
}

#[test]
fn whoever_gives_no_passphrase_sends_nothing() {
    let profile = Profile::new();
    let (endpoint, other) = (Endpoint::saying("ok"), Endpoint::saying("ok"));
    let bureau = program("bureau");
    // First there is no history and a passphrase is to be chosen, then there is a locked one.
    for _ in 0..2 {
        let mut script = profile.command("script");
        script.args(["-qec", &format!("{} ask x", bureau.display()), "/dev/null"]);
        script.env("BUREAU_ENDPOINT", endpoint.address()).env("BUREAU_MODEL", "m");
        script.env_remove("BUREAU_PASSPHRASE_FILE");
        let mut terminal = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut shown = Vec::new();
        while !shown.ends_with(b"assphrase: ") {
            let mut byte = [0];
            terminal.stdout.as_mut().unwrap().read_exact(&mut byte).unwrap();
            shown.push(byte[0]);
        }
        terminal.stdin.as_mut().unwrap().write_all(b"\x04").unwrap();
        assert_eq!(terminal.wait().unwrap().code(), Some(5));
        assert!(endpoint.requests().is_empty());
        profile.run_with(other.address(), &["ask", "x"]).ok();
    }
}

#[test]
fn a_keychain_that_keeps_nothing_is_as_good_as_none() {
    let profile = Profile::new();
    // Never set up, it answers and has no place to keep a secret in.
    let script =
        "gnome-keyring-daemon --start --components=secrets >&2; exec \"$0\" vault add-keychain";
    let mut session: Command = profile.command("dbus-run-session");
    session.args(["--", "sh", "-c", script]).arg(program("bureau"));
    session.env("XDG_DATA_HOME", profile.root().join("home"));
    let output =
        session.env_remove("BUREAU_PASSPHRASE_FILE").stdin(Stdio::null()).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(5), "{stderr}");
    assert!(stderr.contains("no keychain keeps a key here"), "{stderr}");
}
