//! The terminal program, as a person or a script uses it.

mod audit;
mod backup;
mod check;
mod desk;
mod documents;
mod organise;
mod policy;
mod sync;
mod transfer;
mod translations;
mod writing;

use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use whole_program::{Endpoint, Profile, Reply, interrupt, stream_of, workspace};

#[test]
fn the_built_in_model_answers_without_account_or_network() {
    let profile = Profile::new();
    let output = profile.run(&["ask", "--json", "Why is the sky blue?"]).ok();
    let events = output.json();
    let text: String = events.iter().filter_map(|e| e["text"].as_str()).collect();
    assert!(text.split_whitespace().count() > 5, "{text}");
    let last = events.last().unwrap();
    assert_eq!(last["type"], "finished");
    let id = last["conversation"].as_str().unwrap();
    let messages = profile.run(&["history", "show", id, "--json"]).ok().json();
    assert_eq!(messages[1]["text"], text);
    assert_eq!(messages[1]["model"], "SmolLM2-135M-Instruct");
}

#[test]
fn another_model_on_this_machine_goes_by_its_own_name() {
    let profile = Profile::new();
    let [named, configured] = ["named.gguf", "configured.gguf"].map(|f| profile.root().join(f));
    let ours = workspace().join("models/SmolLM2-135M-Instruct.Q4_1.gguf");
    std::os::unix::fs::symlink(ours, &named).unwrap();
    profile.configure(&format!("[local_model]\nfile = \"{}\"\n", configured.display()));
    assert_eq!(profile.run(&["models"]).ok().stdout, "configured\n");

    // The environment wins over the file.
    let run = |arguments: &[&str]| {
        let output = profile.bureau(arguments).env("BUREAU_LOCAL_MODEL", &named).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(run(&["models"]), "named\n");
    let events = run(&["ask", "--json", "Say hello."]);
    let last: Value = serde_json::from_str(events.lines().last().unwrap()).unwrap();
    let conversation = last["conversation"].as_str().unwrap();
    let messages = profile.run(&["history", "show", conversation, "--json"]).ok().json();
    assert_eq!(messages[1]["model"], "named");
}

#[test]
fn an_answer_streams_and_is_kept() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Bonjour à tous, voici l’été.");
    let output = profile.run_with(endpoint.address(), &["ask", "Dis bonjour"]).ok();
    assert_eq!(output.stdout, "Bonjour à tous, voici l’été.\n");

    let listed = profile.run(&["history", "list", "--json"]).ok().json();
    assert_eq!(listed[0]["title"], "Dis bonjour");
    let id = listed[0]["conversation"].as_str().unwrap();
    let messages = profile.run(&["history", "show", id, "--json"]).ok().json();
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[1]["parent"], messages[0]["id"]);
    assert_eq!(messages[1]["state"], "complete");
    assert_eq!(messages[1]["usage"]["output_tokens"], 5);

    let found = profile.run(&["history", "search", "ete", "--json"]).ok().json();
    assert_eq!(found[0]["conversation"], id);
    assert_eq!(profile.run(&["history", "search", "absent", "--json"]).ok().json().len(), 0);
    let best = profile.run(&["history", "search", "ete from:assistant", "--order", "best"]).ok();
    assert!(best.stdout.contains("été"), "{}", best.stdout);
    let misspelt = profile.run(&["history", "search", "bonjuor"]).ok();
    assert_eq!(misspelt.stdout, "");
    assert!(misspelt.stderr.ends_with("Did you mean: bonjour\n"), "{}", misspelt.stderr);
    profile.run(&["history", "verify"]).ok();
}

#[test]
fn a_conversation_goes_on_with_what_was_said() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Oui.");
    let first =
        profile.run_with(endpoint.address(), &["ask", "--json", "--system", "Sois bref.", "Un"]);
    let id = first.ok().json().last().unwrap()["conversation"].as_str().unwrap().to_owned();
    profile.run_with(endpoint.address(), &["ask", "--conversation", &id, "Deux"]).ok();
    let sent = &endpoint.requests()[1]["messages"];
    let roles: Vec<_> =
        sent.as_array().unwrap().iter().map(|m| m["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["system", "user", "assistant", "user"]);
}

#[test]
fn events_are_json_a_line() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Un deux trois");
    let events = profile.run_with(endpoint.address(), &["ask", "--json", "x"]).ok().json();
    let types: Vec<_> = events.iter().map(|e| e["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["delta", "delta", "delta", "usage", "finished"]);
    assert_eq!(events[3]["input_tokens"], 7);
    assert_eq!(events[4]["reason"], "stop");
}

#[test]
fn standard_input_joins_the_question() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("ok");
    profile.configure_endpoint(&endpoint, "m");
    let output = profile.run_with_input(&["ask", "--temporary", "Review", "-"], "diff --git");
    assert_eq!(output.ok().stdout, "ok\n");
    assert_eq!(endpoint.requests()[0]["messages"][0]["content"], "Review\n\ndiff --git");
    assert_eq!(endpoint.requests()[0]["model"], "m");
}

#[test]
fn files_travel_with_the_question() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("vu");
    let file = profile.root().join("note.md");
    std::fs::write(&file, "le contenu").unwrap();
    let arguments = ["ask", "Lis", "--attach", file.to_str().unwrap()];
    profile.run_with(endpoint.address(), &arguments).ok();
    assert!(endpoint.requests()[0].to_string().contains("le contenu"));

    let sent = endpoint.requests().len();
    std::fs::write(&file, b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0").unwrap();
    let refused = profile.run_with(endpoint.address(), &arguments);
    assert_eq!(refused.code, Some(1));
    assert!(refused.stderr.contains("a kind that cannot be read"), "{}", refused.stderr);
    assert_eq!(endpoint.requests().len(), sent);
}

#[test]
fn a_temporary_question_writes_nothing() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("rien");
    profile.run_with(endpoint.address(), &["ask", "--temporary", "x"]).ok();
    assert_eq!(std::fs::read_dir(profile.data()).unwrap().count(), 0);
}

#[test]
fn without_any_key_the_conversation_is_temporary_and_says_so() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("voilà");
    let output = profile
        .bureau(&["ask", "x"])
        .env("BUREAU_ENDPOINT", endpoint.address())
        .env("BUREAU_MODEL", "m")
        .env_remove("BUREAU_PASSPHRASE_FILE")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    assert_eq!(output.stdout, "voilà\n".as_bytes());
    assert!(stderr.contains("temporary") && stderr.contains("BUREAU_PASSPHRASE_FILE"), "{stderr}");
    assert_eq!(std::fs::read_dir(profile.data()).unwrap().count(), 0);
}

#[test]
fn a_wrong_passphrase_changes_nothing() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("ok");
    profile.run_with(endpoint.address(), &["ask", "x"]).ok();
    let own = |profile: &Profile| {
        let mut files = snapshot(profile);
        // The wrong ones are counted.
        files.retain(|(file, _)| !file.ends_with("vault-tries.json"));
        files
    };
    let before = own(&profile);
    for wrong in ["wrong", "", "\n"] {
        std::fs::write(profile.passphrase_file(), wrong).unwrap();
        for arguments in [&["ask", "x"][..], &["history", "list"], &["vault", "add-keychain"]] {
            let output = profile.run_with(endpoint.address(), arguments);
            assert_eq!(output.code, Some(5), "{wrong:?}: {output:?}");
        }
    }
    assert_eq!(own(&profile), before);
}

#[test]
fn the_passphrase_can_be_changed() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("ok");
    profile.run_with(endpoint.address(), &["ask", "x"]).ok();
    let new = profile.root().join("new");
    // One line end is the file's; the other one belongs to the passphrase.
    std::fs::write(&new, "another one\n\n").unwrap();
    profile
        .run(&["vault", "change-passphrase", "--new-passphrase-file", new.to_str().unwrap()])
        .ok();
    assert_eq!(profile.run(&["history", "list"]).code, Some(5));
    std::fs::copy(&new, profile.passphrase_file()).unwrap();
    assert_eq!(profile.run(&["history", "list", "--json"]).ok().json().len(), 1);
    assert_eq!(
        profile.run(&["vault", "remove", "passphrase"]).code,
        Some(1),
        "the last slot stays"
    );
}

#[test]
fn failures_have_their_exit_codes_and_words() {
    let profile = Profile::new();
    let refused = Endpoint::start(|_| Reply::json(401, &json!({"error": {"message": "no"}})));
    let cases: [(&str, &[&str], i32); 5] = [
        ("http://127.0.0.1:9/v1", &["ask", "x"], 3),
        (refused.address(), &["ask", "x"], 3),
        ("http://models.example/v1", &["ask", "x"], 1),
        (refused.address(), &["ask", ""], 2),
        (refused.address(), &["history", "show", "0000000000001"], 1),
    ];
    for (endpoint, arguments, code) in cases {
        let output = profile.run_with(endpoint, arguments);
        assert_eq!(output.code, Some(code), "{arguments:?}: {output:?}");
        assert!(output.stderr.starts_with("bureau: "), "{output:?}");
    }
    let failed = profile.run_with(refused.address(), &["ask", "--json", "x"]).json();
    assert_eq!(failed.last().unwrap()["code"], "wrong_key");
}

#[test]
fn a_configuration_that_does_not_parse_is_told_and_kept() {
    let profile = Profile::new();
    profile.configure("modle = 1\n");
    let output = profile.run(&["ask", "x"]);
    assert_eq!(output.code, Some(1));
    assert!(output.stderr.contains("config.toml") && output.stderr.contains("modle"), "{output:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_crash_leaves_no_memory_on_the_disk() {
    let profile = Profile::new();
    // The question waits on standard input, so the program has begun and not yet ended.
    let mut child = profile.bureau(&["render", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    let file = |name: &str| format!("/proc/{}/{name}", child.id());
    let limit = || {
        let limits = std::fs::read_to_string(file("limits")).unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        core.split_whitespace().skip(4).take(2).collect::<Vec<_>>().join(" ")
    };
    let started = std::time::Instant::now();
    while limit() != "0 0" && started.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(limit(), "0 0");
    // The kernel gives the files of a process that may not be dumped to root.
    let owner = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(file("limits")).unwrap());
    assert_eq!(owner, 0);
    drop(child.stdin.take());
    child.wait().unwrap();
}

#[test]
fn control_c_stops_the_answer_and_keeps_it() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|_| {
        let pieces = std::iter::once("premier ").chain(std::iter::repeat_n("encore ", 600));
        stream_of(pieces, Duration::from_millis(50))
    });
    let mut child = profile
        .bureau(&["ask", "x"])
        .env("BUREAU_ENDPOINT", endpoint.address())
        .env("BUREAU_MODEL", "m")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = vec![0; "premier ".len()];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut first).unwrap();
    interrupt(child.id());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let id = profile.run(&["history", "list", "--json"]).ok().json()[0]["conversation"].clone();
    let messages = profile.run(&["history", "show", id.as_str().unwrap(), "--json"]).ok().json();
    assert_eq!(messages[1]["state"], "stopped");
    assert!(messages[1]["text"].as_str().unwrap().starts_with("premier "));
}

#[test]
fn a_reader_that_goes_away_ends_the_program() {
    let profile = Profile::new();
    let endpoint =
        Endpoint::start(|_| stream_of(std::iter::repeat_n("mot ", 600), Duration::from_millis(20)));
    let mut child = profile
        .bureau(&["ask", "x"])
        .env("BUREAU_ENDPOINT", endpoint.address())
        .env("BUREAU_MODEL", "m")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = [0; 4];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut line).unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(1));
}

#[test]
fn two_programs_share_the_history() {
    let profile = Profile::new();
    let endpoint = Endpoint::start(|_| stream_of(["a ", "b "], Duration::from_millis(100)));
    profile.run_with(endpoint.address(), &["ask", "first"]).ok();
    let children: Vec<_> = (0..3)
        .map(|_| {
            profile
                .bureau(&["ask", "x"])
                .env("BUREAU_ENDPOINT", endpoint.address())
                .env("BUREAU_MODEL", "m")
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(profile.run(&["history", "list", "--json"]).ok().json().len(), 4);
}

#[test]
fn markdown_renders_to_safe_html() {
    let profile = Profile::new();
    let html = profile
        .run_with_input(
            &["render", "-"],
            "# Été\n\n<script>x()</script>\n\n![a](https://e.example/p.png)",
        )
        .ok()
        .stdout;
    assert!(
        html.contains("<h1>Été</h1>") && !html.contains("<script") && !html.contains("<img"),
        "{html}"
    );
}

#[test]
fn the_chat_keeps_a_conversation() {
    let profile = Profile::new();
    let endpoint = Endpoint::saying("Bien sûr.");
    profile.configure_endpoint(&endpoint, "m");
    let output = profile.run_with_input(&["chat"], "Bonjour\nEncore\n/quit\n").ok();
    assert_eq!(output.stdout.matches("Bien sûr.").count(), 2, "{output:?}");
    assert_eq!(profile.run(&["history", "list", "--json"]).ok().json().len(), 1);
}

#[test]
fn doctor_says_what_is_wrong() {
    let profile = Profile::new();
    let output = profile.run_with("http://127.0.0.1:9/v1", &["doctor"]);
    assert_eq!(output.code, Some(1));
    let wrong: Vec<_> = output.stdout.lines().filter(|l| l.starts_with("wrong")).collect();
    assert_eq!(wrong.len(), 1, "{output:?}");
    assert!(wrong[0].contains("endpoint"), "{output:?}");
    let output = profile.run_with("http://someone:hunter2@127.0.0.1:9/v1", &["doctor"]);
    assert!(output.stdout.contains("***@127.0.0.1:9") && !output.stdout.contains("hunter2"));
}

fn snapshot(profile: &Profile) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(profile.data())
        .unwrap()
        .flatten()
        .filter(|entry| entry.path().is_file())
        .map(|entry| (entry.path(), std::fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}
