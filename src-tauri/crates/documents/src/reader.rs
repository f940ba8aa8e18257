//! Files are read in a process of its own, which is ended when it takes too long or too much.
//!
//! The process gets what it needs on its standard input, and gives what it read on its standard
//! output. Before it takes in the first byte it gives up what it can: on Linux all memory and time
//! beyond its limits, and every system call but those that compute and answer (`confine`): it can
//! open no file and no connection, and start no program. On macOS and Windows a process of its own
//! with a limit of time is all that is done: a file that breaks its reader breaks nothing else, but
//! memory is not limited.

mod child;
mod confine;
mod protocol;

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

pub use self::child::serve;
use self::protocol::{Answer, Task};
use crate::extract::Extract;
use crate::ocr::Recogniser;
use crate::{Document, Note, ReadError, Reading, extract};

/// The argument with which a program of Bureau becomes the process that reads.
pub const READER_ARGUMENT: &str = "--read-apart";

/// How often it is looked whether a reader is done, or no longer wanted.
const PAUSE: Duration = Duration::from_millis(10);

/// How much a reader may answer, and how much it may complain.
const ANSWER: u64 = 512 << 20;
const COMPLAINT: u64 = 4 << 10;

/// How wide a page is drawn to be recognised, in pixels: an A4 page at about 300 to an inch.
const WIDTH: u32 = 2_480;

/// What reading one file may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of memory, beyond those of the program itself.
    pub memory: u64,
    /// Seconds, for reading the file, and again for each page that is drawn.
    pub seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 1 << 30, seconds: 60 }
    }
}

/// Reads files, each in a process of its own.
#[derive(Debug, Clone)]
pub struct Reader {
    program: PathBuf,
    limits: Limits,
}

impl Reader {
    /// Starts this program, which has to call [`serve`] when its first argument is
    /// [`READER_ARGUMENT`], before it does anything else.
    pub fn new(program: PathBuf, limits: Limits) -> Self {
        Self { program, limits }
    }

    /// Reads a file, and recognises the text of its pictures where a program for that is installed.
    /// It blocks. `cancelled` is asked many times a second; once it says yes, everything is ended.
    ///
    /// # Errors
    /// [`ReadError`]; [`ReadError::Cancelled`] after `cancelled` said yes.
    pub fn read(
        &self,
        reading: &Reading<'_>,
        cancelled: &dyn Fn() -> bool,
    ) -> Result<Document, ReadError> {
        if reading.data.is_empty() {
            return Err(ReadError::Empty);
        }
        let answer = self.ask(reading, Task::Read, cancelled)?;
        let extract = answer.into_extract()?;
        if extract.pictured.is_empty() {
            return Ok(extract.document);
        }
        match Recogniser::find() {
            Some(recogniser) => self.recognise(reading, extract, &recogniser, cancelled),
            None => Ok(extract.without_pictures()),
        }
    }

    /// Draws a page (the first is 0) as a PNG, no wider than `width` pixels. It blocks.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn draw_page(
        &self,
        reading: &Reading<'_>,
        page: usize,
        width: u32,
        cancelled: &dyn Fn() -> bool,
    ) -> Result<Vec<u8>, ReadError> {
        self.ask(reading, Task::Draw { page, width }, cancelled)?.into_picture()
    }

    /// Puts into pages what their pictures say.
    fn recognise(
        &self,
        reading: &Reading<'_>,
        extract: Extract,
        recogniser: &Recogniser,
        cancelled: &dyn Fn() -> bool,
    ) -> Result<Document, ReadError> {
        let Extract { mut document, pictured } = extract;
        let (mut read, mut failed) = (Vec::new(), Vec::new());
        for place in pictured {
            let text = self
                .draw_page(reading, place, WIDTH, cancelled)
                .and_then(|png| recogniser.recognise(&png, cancelled));
            match (text, document.pages.get_mut(place)) {
                (Ok(text), Some(page)) => {
                    if !page.text.is_empty() && !text.is_empty() {
                        page.text.push_str("\n\n");
                    }
                    page.text.push_str(&text);
                    read.push(place);
                }
                (Err(ReadError::Cancelled), _) => return Err(ReadError::Cancelled),
                // A page that cannot be recognised is told, and the others are read.
                _ => failed.push(place),
            }
        }
        if !read.is_empty() {
            document.notes.push(Note::Recognised { pages: extract::page_numbers(&read) });
        }
        if !failed.is_empty() {
            document.notes.push(Note::NotRecognised { pages: extract::page_numbers(&failed) });
        }
        Ok(document)
    }

    fn ask(
        &self,
        reading: &Reading<'_>,
        task: Task,
        cancelled: &dyn Fn() -> bool,
    ) -> Result<Answer, ReadError> {
        let request = protocol::request(task, reading);
        let mut command = Command::new(&self.program);
        command.arg(READER_ARGUMENT);
        command.args([self.limits.memory.to_string(), self.limits.seconds.to_string()]);
        command.env_clear();
        // Windows finds its own libraries by this.
        if let Some(root) = std::env::var_os("SystemRoot") {
            command.env("SystemRoot", root);
        }
        let limit = Duration::from_secs(self.limits.seconds);
        let ended = run(command, &[&request, reading.data], limit, cancelled)?;
        match protocol::answer(&ended.output) {
            Some(answer) if ended.status.success() => Ok(answer),
            _ => Err(self.why(&ended)),
        }
    }

    /// Why a reader ended without an answer.
    fn why(&self, ended: &Ended) -> ReadError {
        let complaint = String::from_utf8_lossy(&ended.complaint);
        let no_memory = ended.status.code() == Some(child::NO_MEMORY);
        if no_memory || complaint.contains("memory allocation of") {
            let most = self.limits.memory >> 20;
            return ReadError::TooLarge(format!("reading it takes more than {most} MiB of memory"));
        }
        if complaint.contains("overflowed its stack") {
            return ReadError::Crashed("it is nested too deeply".into());
        }
        if child::is_out_of_time(ended.status) {
            return ReadError::TooSlow(self.limits.seconds);
        }
        let place = complaint.lines().find_map(|line| line.strip_prefix(child::DEFECT));
        ReadError::Crashed(place.map_or_else(|| ended.status.to_string(), str::to_owned))
    }
}

/// How a program ended, and what it wrote until then.
pub struct Ended {
    /// Its status.
    pub status: ExitStatus,
    /// What it wrote to its standard output.
    pub output: Vec<u8>,
    /// What it wrote to its standard error.
    pub complaint: Vec<u8>,
}

/// Runs a program, which gets `input`, for no longer than this.
///
/// # Errors
/// [`ReadError::NoReader`], [`ReadError::TooSlow`] and [`ReadError::Cancelled`]; in each case the
/// program has ended.
pub fn run(
    mut command: Command,
    input: &[&[u8]],
    limit: Duration,
    cancelled: &dyn Fn() -> bool,
) -> Result<Ended, ReadError> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let no_reader = |error: std::io::Error| ReadError::NoReader(error.to_string());
    let mut running = Running(command.spawn().map_err(no_reader)?);
    let child = &mut running.0;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let begun = Instant::now();
    std::thread::scope(|scope| {
        // One that ends before it has read everything says why by how it ends.
        scope.spawn(move || {
            let Some(mut stdin) = stdin else { return };
            let _ = input.iter().try_for_each(|part| stdin.write_all(part));
        });
        let output = scope.spawn(move || collect(stdout, ANSWER));
        let complaint = scope.spawn(move || collect(stderr, COMPLAINT));
        let status = loop {
            if cancelled() {
                running.end();
                break Err(ReadError::Cancelled);
            }
            if begun.elapsed() >= limit {
                running.end();
                break Err(ReadError::TooSlow(limit.as_secs()));
            }
            match running.0.try_wait() {
                // What it wrote may be more than the pipe holds.
                Ok(Some(status)) => break Ok(status),
                Ok(None) => std::thread::sleep(PAUSE),
                Err(error) => break Err(no_reader(error)),
            }
        };
        let output = output.join().unwrap_or_default();
        let complaint = complaint.join().unwrap_or_default();
        Ok(Ended { status: status?, output, complaint })
    })
}

/// Reads as much, and takes the rest away unread.
fn collect(from: Option<impl Read>, most: u64) -> Vec<u8> {
    let mut content = Vec::new();
    if let Some(mut from) = from {
        let _ = from.by_ref().take(most).read_to_end(&mut content);
        let _ = std::io::copy(&mut from, &mut std::io::sink());
    }
    content
}

/// A program that is ended when it is no longer needed.
struct Running(Child);

impl Running {
    fn end(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}
