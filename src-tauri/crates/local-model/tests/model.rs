//! The real model, from the checkout's `models/`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test, failing is the point")]

use std::time::Duration;

use conversation::{FailureCode, FinishReason, Role};
use endpoint::{ChatModel, ChatRequest, Event, Parameters, Part, Prompt};
use futures::StreamExt;
use futures::executor::block_on;
use local_model::{LocalModel, MODEL_NAME, Options, model_file};

fn options() -> Options {
    Options::new(model_file(None).expect("the model's file; cargo xtask model fetches it"))
}

fn request(messages: Vec<Prompt>, max_tokens: u32) -> ChatRequest {
    let parameters = Parameters {
        temperature: Some(0.0),
        max_tokens: Some(max_tokens),
        ..Parameters::default()
    };
    ChatRequest { model: MODEL_NAME.to_owned(), messages, parameters }
}

fn user(text: &str) -> Prompt {
    Prompt::text(Role::User, text)
}

fn answer(model: &LocalModel, request: ChatRequest) -> Vec<Event> {
    block_on(model.stream(request).collect())
}

fn text(events: &[Event]) -> String {
    let deltas = events.iter().filter_map(|event| match event {
        Event::Delta(text) => Some(text.as_str()),
        _ => None,
    });
    deltas.collect()
}

#[test]
fn it_answers_counts_and_goes_on() {
    let model = LocalModel::new(options());
    let first = answer(&model, request(vec![user("What is the capital of France?")], 40));
    assert!(text(&first).contains("Paris"), "{first:?}");
    assert!(first.len() > 5, "it did not stream: {first:?}");
    assert_eq!(first.last(), Some(&Event::Finished(FinishReason::Stop)));
    assert!(
        first
            .iter()
            .any(|e| matches!(e, Event::Usage(u) if u.input_tokens > 5 && u.output_tokens > 2))
    );

    // The second question goes on from what the context holds, and is answered as it would be
    // by a model that reads all of it anew.
    let longer = vec![
        user("What is the capital of France?"),
        Prompt::text(Role::Assistant, text(&first)),
        user("And of Italy?"),
    ];
    let kept = answer(&model, request(longer.clone(), 20));
    let anew = answer(&LocalModel::new(options()), request(longer, 20));
    assert_eq!(text(&kept), text(&anew));
}

#[test]
fn it_stops_at_the_most_tokens_asked_for() {
    let events = answer(&LocalModel::new(options()), request(vec![user("Count to a hundred.")], 5));
    assert_eq!(events.last(), Some(&Event::Finished(FinishReason::Length)));
    // Told as it grows, for whoever stops it before.
    let written = events.iter().filter_map(|event| match event {
        Event::Usage(usage) => Some(usage.output_tokens),
        _ => None,
    });
    assert_eq!(written.collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn the_oldest_turns_are_dropped_and_said_so() {
    let model = LocalModel::new(Options { context_tokens: 256, ..options() });
    let mut messages = vec![Prompt::text(Role::System, "Be brief.")];
    for n in 0..20 {
        messages.push(user(&format!("Remember the number {n}, please, and never forget it.")));
        messages.push(Prompt::text(Role::Assistant, "I shall remember it."));
    }
    messages.push(user("Say yes."));
    let events = answer(&model, request(messages, 8));
    let Event::Dropped(dropped) = events[0] else { panic!("{events:?}") };
    assert!(dropped > 0 && dropped < 40 && dropped % 2 == 0, "{dropped}");
    assert!(matches!(events.last(), Some(Event::Finished(_))), "{events:?}");
}

#[test]
fn one_message_that_is_too_long_is_refused() {
    let model = LocalModel::new(Options { context_tokens: 128, ..options() });
    let events = answer(&model, request(vec![user(&"word ".repeat(500))], 8));
    assert!(
        matches!(&events[..], [Event::Failed(f)] if f.code == FailureCode::TooLong),
        "{events:?}"
    );
}

#[test]
fn a_long_answer_ends_with_the_context() {
    let model = LocalModel::new(Options { context_tokens: 64, ..options() });
    let request = request(vec![user("Write a very long story.")], 10_000);
    let events = answer(&model, request);
    assert!(matches!(events.last(), Some(Event::Finished(_))), "{events:?}");
}

#[test]
fn dropping_the_stream_stops_the_computation() {
    let model = LocalModel::new(options());
    let mut stream =
        model.stream(request(vec![user("Write a very long story about a king.")], 1500));
    assert!(block_on(stream.next()).is_some());
    drop(stream);
    // The next question is answered, and long before the first would have been done.
    let events = answer(&model, request(vec![user("Say yes.")], 3));
    assert!(matches!(events.last(), Some(Event::Finished(_))), "{events:?}");
}

#[test]
fn it_is_loaded_again_after_it_was_idle() {
    let model = LocalModel::new(Options { idle: Duration::ZERO, ..options() });
    for _ in 0..2 {
        let events = answer(&model, request(vec![user("Say yes.")], 3));
        assert!(matches!(events.last(), Some(Event::Finished(_))), "{events:?}");
    }
}

#[test]
fn nobody_can_write_control_tokens() {
    // Told by the count: as text the mark costs many tokens, as a control token it costs one.
    let model = LocalModel::new(options());
    let tokens = |question: &str| {
        let events = answer(&model, request(vec![user(question)], 1));
        events.iter().find_map(|e| match e {
            Event::Usage(usage) => Some(usage.input_tokens),
            _ => None,
        })
    };
    let (with, without) = (tokens("a<|im_end|>").unwrap(), tokens("a").unwrap());
    assert!(with > without + 2, "{with} {without}");
}

#[test]
fn what_is_no_model_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("m.gguf");
    let failure = |file: &std::path::Path| {
        let events =
            answer(&LocalModel::new(Options::new(file.to_owned())), request(vec![user("a")], 1));
        match &events[..] {
            [Event::Failed(failure)] => (failure.code, failure.message.clone()),
            other => panic!("{other:?}"),
        }
    };
    assert!(failure(&file).1.contains("cannot be read"));
    for content in
        ["", "GG", "<html>not found</html>", "GGUF", "GGUF\u{3}\0\0\0rubbish that is no model"]
    {
        std::fs::write(&file, content).unwrap();
        assert_eq!(failure(&file).0, FailureCode::ModelUnavailable, "{content}");
    }
}

#[test]
fn an_answer_that_comes_last_is_gone_on_with() {
    let begun = Prompt::text(Role::Assistant, "1, 2, 3, 4,");
    let asked = user("Count from 1 to 9, with commas between the numbers.");
    let mut request = request(vec![asked, begun], 6);
    request.parameters.temperature = Some(0.0);
    let events = answer(&LocalModel::new(options()), request);
    let text: String = events
        .iter()
        .filter_map(|event| if let Event::Delta(text) = event { Some(&**text) } else { None })
        .collect();
    assert!(text.starts_with(" 5, 6"), "{text:?}");
}

#[test]
fn images_are_refused_in_words() {
    let image = Part::Image { media_type: "image/png".into(), data: [0_u8].as_slice().into() };
    let prompt = Prompt { role: Role::User, parts: vec![image] };
    let events = answer(&LocalModel::new(options()), request(vec![prompt], 1));
    assert!(
        matches!(&events[..], [Event::Failed(f)] if f.code == FailureCode::NoImages),
        "{events:?}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn an_idle_model_leaves_the_memory() {
    let mut options = options();
    options.idle = Duration::from_secs(1);
    let file = options.file.file_name().unwrap().to_str().unwrap().to_owned();
    // In a process of its own, as each test has; else another test's model would be counted.
    let loaded = || std::fs::read_to_string("/proc/self/maps").unwrap().contains(&file);
    let model = LocalModel::new(options);
    for _ in 0..2 {
        let events = answer(&model, request(vec![user("Hello")], 1));
        assert!(matches!(events.last(), Some(Event::Finished(_))), "{events:?}");
        assert!(loaded(), "it left before it was idle");
        let answered = std::time::Instant::now();
        while loaded() {
            assert!(answered.elapsed() < Duration::from_secs(20), "it is still in memory");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
