//! The audit log from the terminal: shown, verified and taken out.

use std::fs;
use std::process::Command;

use whole_program::{Endpoint, Output, Profile};

/// Runs the terminal program under a policy that asks for a log.
fn run(profile: &Profile, endpoint: &str, arguments: &[&str]) -> Output {
    let policy = profile.root().join("policy.toml");
    fs::write(&policy, "version = 3\n[audit]\n").unwrap();
    let mut command: Command = profile.bureau(arguments);
    command
        .env("BUREAU_POLICY_FILE", policy)
        .env("BUREAU_ENDPOINT", endpoint)
        .env("BUREAU_MODEL", "scripted");
    let output = command.output().unwrap();
    Output {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code(),
    }
}

#[test]
fn the_log_is_shown_verified_and_taken_out() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Bien reçu.");
    let run = |arguments: &[&str]| run(&profile, endpoint.address(), arguments);
    run(&["ask", "Quetsche"]).ok();

    let shown = run(&["audit", "show"]).ok().stdout;
    assert!(shown.contains("message.send begun  model=scripted"), "{shown}");
    assert!(shown.contains("history.create done"), "{shown}");
    assert!(!shown.contains("Quetsche") && !shown.contains("Bien"), "{shown}");
    let records = run(&["audit", "show", "--json", "--last", "1000"]).ok().json();
    assert_eq!(
        (&records[0]["sequence"], &records[0]["action"]),
        (&1.into(), &"audit.begin".into())
    );
    assert_eq!(records[1]["policy"], 3);

    let verified = run(&["audit", "verify"]).ok().stdout;
    assert!(verified.starts_with("All is well"), "{verified}");
    let key = run(&["audit", "key"]).ok();
    let pem = profile.root().join("key.pem");
    fs::write(&pem, &key.stdout).unwrap();
    let pem = pem.to_str().unwrap();

    // Elsewhere, without the history; standard tools agree.
    let folder = profile.data().join("audit");
    let elsewhere = Profile::new();
    let at = folder.to_str().unwrap();
    elsewhere.run(&["audit", "verify", at, "--key", pem]).ok();
    let record = format!("1:{}", records[0]["hash"].as_str().unwrap());
    elsewhere.run(&["audit", "verify", at, "--key", pem, "--record", &record]).ok();
    let other = format!("1:{}", "0".repeat(64));
    let missed =
        elsewhere.run(&["audit", "verify", at, "--key", pem, "--record", &other, "--json"]);
    assert_eq!(missed.code, Some(1));
    assert_eq!(missed.json()[0]["problems"][0]["sequence"], 1);
    let first = fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path());
    let first = first.filter(|path| path.extension().is_some_and(|e| e == "jsonl")).min().unwrap();
    standard_tools_agree(&first, pem);

    let table = profile.root().join("table.csv");
    run(&["audit", "export", table.to_str().unwrap(), "--format", "csv"]).ok();
    let table = fs::read_to_string(table).unwrap();
    assert!(table.starts_with("sequence,time,host,account,"), "{table}");
    assert!(table.contains(",message.send,begun,"), "{table}");
    let lines = profile.root().join("lines.jsonl");
    run(&["audit", "export", lines.to_str().unwrap()]).ok();
    assert!(fs::read_to_string(lines).unwrap().contains("\"audit.export\""));

    // One letter of one record.
    let text = fs::read_to_string(&first).unwrap();
    fs::write(&first, text.replacen("history.create", "history.unlock", 1)).unwrap();
    let found = elsewhere.run(&["audit", "verify", at, "--key", pem]);
    assert_eq!(found.code, Some(1));
    assert!(found.stdout.contains("it was changed after it was written"), "{}", found.stdout);
}

/// As docs/audit.md has it.
fn standard_tools_agree(file: &std::path::Path, pem: &str) {
    let script = r#"
        set -eu
        cd "$(mktemp -d)"
        while read -r line; do
            hash=$(printf %s "$line" | sed 's/,"hash":"[0-9a-f]*"}$/}/' | sha256sum | cut -c1-64)
            case "$line" in *"\"hash\":\"$hash\"}") ;; *) echo "another hash: $line"; exit 1;; esac
            case "$line" in *'"audit.checkpoint"'*)
                printf %s "$line" | sed 's/,"signature":.*$/}/' > signed
                printf %s "$line" | sed 's/.*"signature":"\([^"]*\)".*/\1/' | base64 -d > signature
                openssl pkeyutl -verify -pubin -inkey "$2" -rawin -in signed -sigfile signature
                checked=yes;;
            esac
        done < "$1"
        test "$checked" = yes
    "#;
    let output = Command::new("sh").args(["-c", script, "sh"]).arg(file).arg(pem).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}
