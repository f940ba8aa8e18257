use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use documents::{Limits, Note, ReadError, Reader, Reading};

use crate::files::{docx, read};

/// The program that only reads (`examples/reader.rs`), which is built beside the tests.
fn program() -> PathBuf {
    let mut program = std::env::current_exe().unwrap();
    program.pop();
    program.pop();
    program.join("examples").join(format!("reader{}", std::env::consts::EXE_SUFFIX))
}

fn reader(limits: Limits) -> Reader {
    Reader::new(program(), limits)
}

fn reading<'a>(name: &'a str, data: &'a [u8]) -> Reading<'a> {
    Reading { name, data, password: None }
}

fn never() -> bool {
    false
}

#[test]
fn what_is_read_apart_is_what_is_read_here() {
    let file = docx(
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:t>seen</w:t></w:r></w:p>",
        &[],
    );
    let apart = reader(Limits::default()).read(&reading("a.docx", &file), &never);
    assert_eq!(apart, Ok(read("a.docx", &file)));
}

#[test]
fn an_error_apart_is_the_error_here() {
    let apart = reader(Limits::default()).read(&reading("a.docx", b"PK\x03\x04 broken"), &never);
    assert!(matches!(apart, Err(ReadError::Damaged(_))), "{apart:?}");
    assert_eq!(reader(Limits::default()).read(&reading("a", b""), &never), Err(ReadError::Empty));
}

#[test]
fn a_program_that_is_not_there_is_told() {
    let reader = Reader::new(PathBuf::from("not-there"), Limits::default());
    let apart = reader.read(&reading("a.txt", b"a"), &never);
    assert!(matches!(apart, Err(ReadError::NoReader(_))), "{apart:?}");
}

#[test]
fn a_program_that_reads_no_files_is_told() {
    let reader = Reader::new(std::env::current_exe().unwrap(), Limits::default());
    let apart = reader.read(&reading("a.txt", b"a"), &never);
    assert!(matches!(apart, Err(ReadError::Crashed(_))), "{apart:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_takes_too_much_memory_is_too_large() {
    let limits = Limits { memory: 64 << 20, ..Limits::default() };
    let text = "a lot of text ".repeat(6 << 20);
    let apart = reader(limits).read(&reading("a.txt", text.as_bytes()), &never);
    assert!(matches!(apart, Err(ReadError::TooLarge(_))), "{apart:?}");
}

/// A page whose elements each make the parser look through all that are open.
fn slow() -> String {
    "<!DOCTYPE html>".to_owned() + &"<div>".repeat(1 << 20)
}

#[test]
fn a_file_that_takes_too_long_is_given_up() {
    let limits = Limits { seconds: 1, ..Limits::default() };
    let begun = Instant::now();
    let apart = reader(limits).read(&reading("a.html", slow().as_bytes()), &never);
    assert_eq!(apart, Err(ReadError::TooSlow(1)));
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn reading_stops_when_it_is_no_longer_wanted() {
    let asked = AtomicBool::new(false);
    let cancelled = || asked.swap(true, Ordering::Relaxed);
    let begun = Instant::now();
    let apart = reader(Limits::default()).read(&reading("a.html", slow().as_bytes()), &cancelled);
    assert_eq!(apart, Err(ReadError::Cancelled));
    assert!(begun.elapsed() < Duration::from_secs(20));
}

/// A white picture of a black square, as a bitmap.
fn bitmap(side: u32) -> Vec<u8> {
    let pixels = side * side * 4;
    let mut file = b"BM".to_vec();
    for number in [54 + pixels, 0, 54, 40, side, side] {
        file.extend_from_slice(&number.to_le_bytes());
    }
    file.extend_from_slice(&[1, 0, 32, 0]);
    file.extend_from_slice(&[0; 24]);
    file.extend(std::iter::repeat_n(255, pixels as usize));
    file
}

#[test]
fn a_picture_is_drawn_apart_no_wider_than_asked() {
    let file = bitmap(300);
    let drawn =
        reader(Limits::default()).draw_page(&reading("a.bmp", &file), 0, 100, &never).unwrap();
    assert!(drawn.starts_with(b"\x89PNG"));
    assert_eq!(drawn[16..24], [0, 0, 0, 100, 0, 0, 0, 100]);
}

#[test]
fn a_picture_is_recognised_or_told() {
    let document = reader(Limits::default()).read(&reading("a.bmp", &bitmap(300)), &never).unwrap();
    let told = matches!(document.notes[..], [Note::Recognised { .. } | Note::NotRecognised { .. }]);
    assert!(told, "{:?}", document.notes);
    assert_eq!(document.pages.len(), 1);
}

/// What the system says of a process, once it waits for its request.
#[cfg(target_os = "linux")]
#[test]
fn a_reader_has_given_up_what_it_can_before_it_reads() {
    use std::process::{Command, Stdio};

    let mut command = Command::new(program());
    command.args([documents::READER_ARGUMENT, "67108864", "7"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    let of_process = |id: &str, name: &str| {
        std::fs::read_to_string(format!("/proc/{id}/{name}")).unwrap_or_default()
    };
    let id = child.id().to_string();
    // How many filters of system calls a process has (`proc_pid_status(5)`); the one that runs the
    // tests may have some, which are handed down.
    let filters = |id: &str| {
        let status = of_process(id, "status");
        let line = status.lines().find_map(|line| line.strip_prefix("Seccomp_filters:"));
        line.and_then(|count| count.trim().parse::<u32>().ok()).unwrap_or(0)
    };
    let begun = Instant::now();
    let filtered = || filters(&id) == filters("self") + 1;
    while !filtered() && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(10));
    }
    let (is_filtered, limits) = (filtered(), of_process(&id, "limits"));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(is_filtered);
    let limit = |name: &str| {
        let line = limits.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().next().unwrap().parse::<u64>().unwrap()
    };
    assert_eq!(limit("Max cpu time"), 7);
    for none in ["Max file size", "Max core file size", "Max processes"] {
        assert_eq!(limit(none), 0, "{none}");
    }
    assert_eq!(limit("Max open files"), 3);
    assert!(limit("Max address space") < 1 << 30);
}
