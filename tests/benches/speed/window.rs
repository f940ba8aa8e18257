//! The real window beside an empty one of Tauri: how soon it can be typed in, what it takes when
//! idle, and how busy its page is while an answer arrives fast.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use whole_program::process::{age, family, started_by, used_by_main_thread};
use whole_program::{Endpoint, Profile, Reply, Window, program, stream_of};

use crate::answer::answer;
use crate::table::Row;

const RUNS: usize = 5;
const GOAL_START: f64 = 1.5;
const GOAL_MEMORY_MB: f64 = 80.0;
const GOAL_BUSY: f64 = 0.30;
/// How much busier the page may be over the last third of an answer than over the first.
const GOAL_GROWTH: f64 = 1.15;
const BYTES: usize = 200_000;
/// 2,000 tokens of four bytes a second, sent as a server does that batches what it has.
const TOKEN: usize = 4;
const TOKENS_A_BATCH: usize = 20;
const BATCH: Duration = Duration::from_millis(10);

/// Measures on a profile with a large history.
pub fn measure(profile: &Profile) -> Vec<Row> {
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let mut rows = runtime.block_on(starting(profile));
    rows.extend(runtime.block_on(answering()));
    rows
}

async fn starting(profile: &Profile) -> Vec<Row> {
    let (mut ready, mut empty) = (Vec::new(), Vec::new());
    let (mut idle, mut idle_empty) = (Vec::new(), Vec::new());
    // One after the other each time: what else the machine does meanwhile, both feel.
    for _ in 0..RUNS {
        // The passphrase comes from a file, and the key is derived from it: that is measured, too.
        let window = Window::start(Window::driver(profile), &program("bureau-desktop"), &[]).await;
        ready.push(begun_to(&window, "performance.getEntriesByName('ready')[0]?.startTime").await);
        idle.push(memory(&window).await);
        window.close().await;
        let window = Window::start(Window::driver(profile), &empty_window(), &[]).await;
        empty.push(begun_to(&window, "performance.now()").await);
        idle_empty.push(memory(&window).await);
        window.close().await;
    }
    let [ready, empty] = [ready, empty].map(|mut times| {
        times.sort();
        times[RUNS / 2].as_secs_f64()
    });
    let [idle, idle_empty] = [idle, idle_empty].map(|mut sizes: Vec<f64>| {
        sizes.sort_by(f64::total_cmp);
        sizes[RUNS / 2]
    });
    let more = idle - idle_empty;
    vec![
        Row {
            what: format!(
                "window ready to type, 1,000,000 messages: {:.0} ms beside {:.0} ms of an empty one",
                ready * 1000.0,
                empty * 1000.0
            ),
            measured: format!("{:.2} ×", ready / empty),
            goal: "≤ 1.5 ×".into(),
            met: ready / empty <= GOAL_START,
        },
        Row {
            what: format!("all processes, idle (PSS): {idle:.0} MB beside {idle_empty:.0} MB"),
            measured: format!("{more:.0} MB more"),
            goal: "≤ 80 MB more".into(),
            met: more <= GOAL_MEMORY_MB,
        },
    ]
}

/// From the start of the program to a time of its page, in milliseconds since that began.
async fn begun_to(window: &Window, time: &str) -> Duration {
    let script =
        format!("const t = {time}; return t === undefined ? null : [t, performance.now()]");
    loop {
        let told = window.client.execute(&script, vec![]).await.expect("a page");
        let age = age(window.process());
        if let [Some(then), Some(now)] = [told[0].as_f64(), told[1].as_f64()] {
            return age - Duration::from_secs_f64((now - then) / 1000.0);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// What all processes of a window share out of the machine's memory once it rests, in MB.
async fn memory(window: &Window) -> f64 {
    tokio::time::sleep(Duration::from_secs(3)).await;
    let share = |(process, _): &(u32, String)| {
        let path = format!("/proc/{process}/smaps_rollup");
        let told = std::fs::read_to_string(path).expect("root, since the program hides its memory");
        let pss = told.lines().find_map(|line| line.strip_prefix("Pss:"));
        pss.and_then(|p| p.trim().trim_end_matches(" kB").parse::<f64>().ok()).expect("a number")
    };
    family(window.process()).iter().map(share).sum::<f64>() / 1024.0
}

async fn answering() -> Vec<Row> {
    let text = answer(BYTES);
    let endpoint = Endpoint::start(move |_| fast(&text));
    let profile = Profile::new();
    let window = Window::open(&profile, Some(&endpoint)).await;
    window.choose_a_passphrase().await;
    window.find("[data-testid=composer]").await;
    window.client.execute(COUNT, vec![]).await.expect("a page");
    let page = started_by(window.process(), "WebKitWebProces");
    window.ask("long").await;
    window.find("[data-state=streaming]").await;
    let begun = std::time::Instant::now();
    let mut samples = vec![(begun.elapsed(), used_by_main_thread(page))];
    let ended = json!(
        "return document.querySelector('[data-role=assistant][data-state=complete]') !== null"
    );
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        samples.push((begun.elapsed(), used_by_main_thread(page)));
        let ended = window.client.execute(ended.as_str().expect("a script"), vec![]).await;
        if ended.expect("a page") == json!(true) {
            break;
        }
    }
    let counts = window.client.execute("return window.counts", vec![]).await.expect("counts");
    let most = counts["most"].as_u64().expect("a count");
    window.close().await;

    let busy = |from: usize, to: usize| {
        let (begun, before) = samples[from];
        let (ended, after) = samples[to];
        (after - before).as_secs_f64() / (ended - begun).as_secs_f64()
    };
    let last = samples.len() - 1;
    let growth = busy(last * 2 / 3, last) / busy(0, last / 3);
    vec![
        Row {
            what: "the real window, 2,000 tokens/s: its page's main thread is busy".into(),
            measured: format!("{:.0} %", busy(0, last) * 100.0),
            goal: "< 30 %".into(),
            met: busy(0, last) < GOAL_BUSY,
        },
        Row {
            what: "… and over the last third of 200 kB beside the first".into(),
            measured: format!("{growth:.2} ×"),
            goal: "≤ 1.15 ×".into(),
            met: growth <= GOAL_GROWTH,
        },
        Row {
            what: "… and changes its blocks in a frame, at most".into(),
            measured: format!("{most} ×"),
            goal: "1 ×".into(),
            met: most == 1,
        },
    ]
}

/// Counts how often what the answer says is changed between two frames. The button that draws a
/// table comes by itself, in the same frame as the table's end.
const COUNT: &str = "
    window.counts = { now: 0, most: 0 }
    const says = ({ target }) =>
        target.closest?.('[data-testid=blocks]') && !target.closest('[data-chrome]')
    new MutationObserver((records) => {
        if (!records.some(says)) return
        counts.now += 1
        counts.most = Math.max(counts.most, counts.now)
    }).observe(document.body, { subtree: true, childList: true })
    const frame = () => {
        counts.now = 0
        requestAnimationFrame(frame)
    }
    frame()";

fn fast(text: &str) -> Vec<Reply> {
    let characters: Vec<char> = text.chars().collect();
    let tokens: Vec<String> = characters.chunks(TOKEN).map(|c| c.iter().collect()).collect();
    let mut replies = stream_of([], Duration::ZERO);
    let end = replies.split_off(1);
    for batch in tokens.chunks(TOKENS_A_BATCH) {
        replies.push(Reply::Pause(BATCH));
        let events = batch.iter().flat_map(|token| match whole_program::chunk(token) {
            Reply::Bytes(bytes) => bytes,
            _ => Vec::new(),
        });
        replies.push(Reply::Bytes(events.collect()));
    }
    replies.extend(end);
    replies
}

fn empty_window() -> PathBuf {
    let bureau = program("bureau-desktop");
    bureau.with_file_name("examples").join("empty-window")
}
