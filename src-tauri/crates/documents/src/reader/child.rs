//! What the process that reads does.

use std::io::{ErrorKind, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{ExitCode, ExitStatus};

use super::confine;
use super::protocol::{self, Task};
use crate::Reading;
use crate::read::{draw, extract};

/// What stands before the place of a defect that ended the process. What the defect says is left
/// out, for it may be of the file.
pub const DEFECT: &str = "a defect at ";

/// The status after a defect.
const AFTER_DEFECT: i32 = 70;

/// The status after there was no memory for the file itself.
pub const NO_MEMORY: i32 = 71;

/// What the process that reads does: gives up what it does not need, takes a request from its
/// standard input, and writes the answer to its standard output. The program calls this when its
/// first argument is [`READER_ARGUMENT`](super::READER_ARGUMENT), before anything else.
pub fn serve() -> ExitCode {
    std::panic::set_hook(Box::new(|defect| {
        if let Some(place) = defect.location() {
            let file = place.file().rsplit(['/', '\\']).next().unwrap_or_default();
            let _ = writeln!(std::io::stderr(), "{DEFECT}{file}:{}", place.line());
        }
    }));
    let mut limits = std::env::args().skip(2).map(|limit| limit.parse().ok());
    let (Some(Some(memory)), Some(Some(seconds))) = (limits.next(), limits.next()) else {
        return ExitCode::FAILURE;
    };
    if let Err(error) = confine::confine(memory, seconds) {
        let _ = writeln!(std::io::stderr(), "it cannot be confined: {error}");
        return ExitCode::FAILURE;
    }
    let mut request = Vec::new();
    match std::io::stdin().read_to_end(&mut request) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::OutOfMemory => std::process::exit(NO_MEMORY),
        Err(_) => return ExitCode::FAILURE,
    }
    let Some((task, reading, name, password)) = protocol::requested(&request) else {
        return ExitCode::FAILURE;
    };
    let reading = Reading { name: &name, password: password.as_deref(), ..reading };
    // A reader may catch a defect itself, such as one of a single page; one that it does not ends it.
    let answer = catch_unwind(AssertUnwindSafe(|| match task {
        Task::Read => protocol::read(extract(&reading)),
        Task::Draw { page, width } => protocol::drawn(draw(&reading, page, width)),
    }));
    let Ok(answer) = answer else { std::process::exit(AFTER_DEFECT) };
    let mut out = std::io::stdout();
    match out.write_all(&answer).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Whether the process ended because it had used up its time.
pub fn is_out_of_time(status: ExitStatus) -> bool {
    confine::signal(status) == Some(confine::OUT_OF_TIME)
}
