//! A conversation in the terminal program, and what ends an answer there.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::json;
use whole_program::{Endpoint, Output, Profile, Reply, chunk, interrupt, stream_of};

/// An endpoint whose answers are numbered, the first one being cut off.
fn numbered() -> Endpoint {
    let count = std::sync::atomic::AtomicUsize::new(1);
    Endpoint::start(move |_| {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let text = format!("answer {number}");
        let mut replies = stream_of([text.as_str()], Duration::ZERO);
        if number == 1 {
            replies.pop();
        }
        replies
    })
}

/// An endpoint whose answer ends for this reason.
fn ending(reason: &'static str) -> Endpoint {
    Endpoint::start(move |_| {
        let mut replies = stream_of([], Duration::ZERO);
        replies.pop();
        let end = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]});
        replies.push(chunk("half an ans"));
        replies.push(Reply::Bytes(format!("data: {end}\n\ndata: [DONE]\n\n").into_bytes()));
        replies
    })
}

fn chat(profile: &Profile, endpoint: &Endpoint, lines: &str) -> Output {
    profile.configure_endpoint(endpoint, "m");
    profile.run_with_input(&["chat"], lines).ok()
}

#[test]
fn retry_answers_again_and_continue_goes_on() {
    let profile = Profile::new();
    let endpoint = numbered();
    let output = chat(&profile, &endpoint, "Question\n/continue\n/retry\n/new\nOther\n/quit\n");
    let answers: Vec<_> = output.stdout.split_whitespace().filter(|w| *w != "answer").collect();
    assert_eq!(answers, ["1", "2", "3", "4"], "{output:?}");
    assert!(output.stderr.contains("(/continue goes on)"), "{output:?}");

    let sent = |n: usize| {
        let messages = endpoint.requests()[n]["messages"].as_array().unwrap().clone();
        messages.iter().map(|m| m["content"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(sent(0), ["Question"]);
    assert_eq!(sent(1)[..2], ["Question", "answer 1"]);
    assert_eq!(sent(2), ["Question"]);
    assert_eq!(sent(3), ["Other"]);

    let listed = profile.run(&["history", "list", "--json"]).ok().json();
    assert_eq!(listed.len(), 2);
    let first = listed.iter().find(|c| c["title"] == "Question").unwrap();
    let id = first["conversation"].as_str().unwrap();
    let messages = profile.run(&["history", "show", id, "--json"]).ok().json();
    let texts: Vec<_> = messages.iter().map(|m| m["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["Question", "answer 1answer 2", "answer 3"]);
    assert_eq!(messages[1]["parent"], messages[2]["parent"], "the second is a branch beside it");
}

#[test]
fn what_ends_an_answer_early_is_told() {
    for (reason, code, words) in
        [("length", 0, "greatest length"), ("content_filter", 3, "content filter")]
    {
        let profile = Profile::new();
        let endpoint = ending(reason);
        let output = profile.run_with(endpoint.address(), &["ask", "x"]);
        assert_eq!(output.code, Some(code), "{output:?}");
        assert_eq!(output.stdout, "half an ans\n");
        assert!(output.stderr.contains(words), "{output:?}");
        let output = profile.run_with(endpoint.address(), &["ask", "--json", "x"]);
        assert_eq!((output.code, output.stderr.as_str()), (Some(code), ""), "{output:?}");
        assert_eq!(output.json().last().unwrap()["reason"], reason);
        assert!(chat(&profile, &endpoint, "x\n").stderr.contains(words));
    }
}

/// An endpoint that takes a question and says nothing; tells when it has one.
fn silent() -> (String, mpsc::Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/v1", listener.local_addr().unwrap());
    let (asked, asking) = mpsc::channel();
    std::thread::spawn(move || {
        for mut connection in listener.incoming().flatten() {
            let asked = asked.clone();
            std::thread::spawn(move || {
                let mut byte = [0];
                while connection.read(&mut byte).is_ok_and(|n| n > 0) {
                    // Whoever has heard of the first byte need not hear of the others.
                    let _ = asked.send(());
                }
            });
        }
    });
    (address, asking)
}

fn start(profile: &Profile, arguments: &[&str], endpoint: &str) -> Child {
    let mut command = profile.bureau(arguments);
    command.env("BUREAU_ENDPOINT", endpoint).stdin(Stdio::piped()).stdout(Stdio::null());
    command.spawn().unwrap()
}

#[test]
fn control_c_ends_the_question_for_the_models() {
    let profile = Profile::new();
    let (address, asking) = silent();
    let mut child = start(&profile, &["ask", "x"], &address);
    asking.recv().unwrap();
    interrupt(child.id());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(profile.run(&["history", "list", "--json"]).ok().json().len(), 0);

    let (address, asking) = silent();
    let mut child = start(&profile, &["chat"], &address);
    child.stdin.as_mut().unwrap().write_all(b"x\n").unwrap();
    asking.recv().unwrap();
    interrupt(child.id());
    // The prompt is there again, and the end of the input leaves it.
    drop(child.stdin.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(profile.run(&["history", "list", "--json"]).ok().json().len(), 0);
}
