//! `bureau history export` and `import`.

use std::io::{IsTerminal, Write, stderr, stdout};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use assistant::{Assistant, BUILT_IN_MODEL, ImportProgress, ImportReport};
use conversation::{ConversationId, Failure, FailureCode};
use export::{Format, Words};
use history::View;

use crate::args::ExportFormat;
use crate::exit::Exit;
use crate::interrupt::Interrupts;
use crate::output;

/// Between two lines of progress.
const PAUSE: Duration = Duration::from_millis(200);

pub fn export(
    assistant: &Assistant,
    ids: &[ConversationId],
    format: ExportFormat,
    file: Option<&Path>,
) -> Result<Exit, Failure> {
    let format = match format {
        ExportFormat::Markdown => Format::Markdown,
        ExportFormat::Html => Format::Html,
        ExportFormat::Json => Format::Json,
        ExportFormat::Pdf => Format::Pdf,
        ExportFormat::Docx => Format::Docx,
    };
    let words = Words::english(BUILT_IN_MODEL);
    match (file, ids) {
        (Some(file), []) => assistant.export_list(&View::All, format, &words, file)?,
        (Some(file), ids) => assistant.export(ids, format, &words, file)?,
        (None, &[id]) => assistant.write(id, format, &words, &mut stdout().lock())?,
        (None, _) => {
            let message = "several conversations are written into a file; name it with --output";
            return Err(Failure::new(FailureCode::Invalid, message));
        }
    }
    Ok(Exit::Done)
}

pub fn import(assistant: &Assistant, file: &Path, json: bool) -> Result<Exit, Failure> {
    let interrupted = Interrupts::listen()?.flag();
    let mut told = Instant::now();
    let report = assistant.import(file, |now| {
        if told.elapsed() > PAUSE && stderr().is_terminal() {
            show(now);
            told = Instant::now();
        }
        if interrupted.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    })?;
    if stderr().is_terminal() {
        eprint!("\r\u{1b}[K");
    }
    if json {
        output::write_json(&report)?;
    } else {
        tell(&report)?;
    }
    Ok(match (report.failure, report.stopped) {
        (Some(failure), _) => return Err(failure),
        (None, true) => Exit::Interrupted,
        (None, false) => Exit::Done,
    })
}

fn show(now: ImportProgress) {
    let percent = now.read.saturating_mul(100) / now.of.max(1);
    eprint!(
        "\r\u{1b}[K{percent} %  {} new, {} known, {} refused",
        now.added, now.known, now.refused
    );
    let _ = stderr().flush();
}

fn tell(report: &ImportReport) -> Result<(), Failure> {
    for refused in &report.refused {
        let title = output::printable_line(&refused.title);
        output::write(&format!("not imported: {title}: {}\n", refused.reason))?;
    }
    for incomplete in &report.left_out {
        let title = output::printable_line(&incomplete.title);
        let left_out: Vec<_> = incomplete
            .left_out
            .iter()
            .map(|left_out| format!("{} ({})", left_out.what, left_out.count))
            .collect();
        let left_out = output::printable_line(&left_out.join(", "));
        output::write(&format!("{}  {title}: without {left_out}\n", incomplete.conversation))?;
    }
    let (added, known, refused) = (report.added, report.known, report.refused.len());
    output::write(&format!("{added} imported, {known} here already, {refused} not imported\n"))?;
    if report.stopped {
        eprintln!("Stopped. Import it again to bring in the rest.");
    }
    Ok(())
}
