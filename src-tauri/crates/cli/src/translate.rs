//! `bureau translate`: a text or a document in another language.

use std::io::{IsTerminal, Read, Write, stderr, stdin, stdout};
use std::path::Path;
use std::sync::Arc;

use ::policy::Action;
use assistant::{
    Assistant, Glossary, TranslatedText, Translating, Translation, TranslationChoices,
    TranslationDocument, TranslationProblem, TranslationProgress, TranslationReport,
};
use conversation::{Failure, FailureCode};
use serde::Serialize;

use crate::args::Translate;
use crate::exit::Exit;
use crate::interrupt::Interrupts;
use crate::{check, organise, output, unlock};

/// A line of `--json`.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Progress(TranslationProgress),
    Text(&'a TranslatedText),
    Finished(&'a TranslationReport),
    Failed { code: FailureCode, message: &'a str, retry_after: Option<u32> },
}

pub async fn run(assistant: &Arc<Assistant>, translate: Translate) -> Result<Exit, Failure> {
    let outcome = run_inner(assistant, &translate).await;
    if let (Err(failure), true) = (&outcome, translate.json) {
        // A reader of JSON finds the failure on the stream that it reads.
        let Failure { code, message, retry_after } = failure;
        output::write_json(&Line::Failed { code: *code, message, retry_after: *retry_after })?;
    }
    outcome
}

async fn run_inner(assistant: &Arc<Assistant>, translate: &Translate) -> Result<Exit, Failure> {
    let document = document(assistant, translate.file.as_deref())?;
    let mut glossary = glossary(translate)?;
    match &translate.output {
        // Told before anything is asked, and not after an hour.
        Some(file) if file.exists() && !translate.overwrite => {
            let message = format!("{} is there already; --overwrite replaces it", file.display());
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        None if !document.is_text() && !translate.json && stdout().is_terminal() => {
            let message = "a document is written into a file; name it with --output";
            return Err(Failure::new(FailureCode::Invalid, message));
        }
        _ => {}
    }
    if translate.output.is_some() || !document.is_text() {
        assistant.permit(Action::SaveTranslation)?;
    }
    unlock::open_or_temporary(assistant, translate.temporary, None)?;
    if let Some(name) = &translate.folder {
        glossary = folder_glossary(assistant, name)?;
    }
    let choices = TranslationChoices {
        to: translate.to.clone(),
        from: translate.from.clone(),
        model: translate.model.clone(),
        conversation: None,
        folder: None,
        confirmed: translate.confirm,
    };
    let translation = translated(assistant, document, &choices, glossary, translate.json).await?;
    written(assistant, &translation, translate)?;
    let report = translation.report();
    if !translate.json {
        tell(report);
    }
    Ok(match &report.failure {
        Some(failure) => Exit::of(failure.code),
        None if report.stopped => Exit::Interrupted,
        None => Exit::Done,
    })
}

/// Translates; Ctrl-C stops it, and keeps what is done.
async fn translated(
    assistant: &Arc<Assistant>,
    document: Arc<TranslationDocument>,
    choices: &TranslationChoices,
    glossary: Glossary,
    json: bool,
) -> Result<Translation, Failure> {
    let mut interrupts = Interrupts::listen()?;
    let under_way = Translating::default();
    let mut progress = under_way.progress.subscribe();
    let mut translation =
        std::pin::pin!(assistant.translate(document, choices, glossary, &under_way));
    let terminal = stderr().is_terminal() && !json;
    let result = loop {
        tokio::select! {
            result = &mut translation => break result,
            () = interrupts.next() => under_way.stop.cancel(),
            Ok(()) = progress.changed() => {
                let now = *progress.borrow_and_update();
                if json {
                    output::write_json(&Line::Progress(now))?;
                } else if terminal {
                    eprint!("\r\u{1b}[K{} of {} texts translated", now.done, now.total);
                    let _ = stderr().flush();
                }
            }
        }
    };
    if terminal {
        eprint!("\r\u{1b}[K");
    }
    result
}

/// Writes the file, and with `--json` what became of each text.
fn written(
    assistant: &Assistant,
    translation: &Translation,
    translate: &Translate,
) -> Result<(), Failure> {
    if let Some(file) = &translate.output {
        assistant.save_translation(translation, file, translate.overwrite)?;
    }
    if translate.json {
        for text in translation.texts() {
            output::write_json(&Line::Text(&text))?;
        }
        return output::write_json(&Line::Finished(translation.report()));
    }
    if translate.output.is_none() {
        let content = translation.file()?;
        match String::from_utf8(content) {
            Ok(text) if stdout().is_terminal() => output::write(&output::printable(&text))?,
            Ok(text) => output::write(&text)?,
            Err(bytes) => output::write_bytes(bytes.as_bytes())?,
        }
    }
    Ok(())
}

/// Says on standard error what is to be looked at.
fn tell(report: &TranslationReport) {
    check::tell(&report.found);
    for issue in &report.issues {
        let text = output::printable_line(&shortened(&issue.source));
        let mut wrong: Vec<String> = Vec::new();
        wrong.extend(issue.problems.iter().map(|problem| {
            match problem {
                TranslationProblem::Missing => "not translated",
                TranslationProblem::Marks => {
                    "its formats, links or placeholders may stand in another place"
                }
                TranslationProblem::Numbers => "its numbers differ",
            }
            .to_owned()
        }));
        wrong.extend(
            issue
                .missed
                .iter()
                .map(|term| format!("“{}” is not translated as “{}”", term.source, term.target)),
        );
        eprintln!(
            "bureau: text {} ({text}): {}",
            issue.number,
            output::printable_line(&wrong.join("; "))
        );
    }
    if report.translated < report.texts {
        eprintln!("bureau: {} of {} texts are translated", report.translated, report.texts);
    }
    if let Some(failure) = &report.failure {
        eprintln!("bureau: {failure}");
    }
}

fn shortened(text: &str) -> String {
    const LENGTH: usize = 40;
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

fn document(
    assistant: &Assistant,
    file: Option<&Path>,
) -> Result<Arc<TranslationDocument>, Failure> {
    match file.filter(|file| *file != Path::new("-")) {
        Some(file) => assistant.translatable_file(file),
        None => {
            let mut data = Vec::new();
            stdin().lock().read_to_end(&mut data).map_err(|error| {
                let message = format!("standard input cannot be read: {error}");
                Failure::new(FailureCode::NotFound, message)
            })?;
            assistant.translatable("", data)
        }
    }
}

/// The text of a table of terms.
pub fn glossary_text(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| {
        let message = format!("{} cannot be read: {error}", file.display());
        Failure::new(FailureCode::NotFound, message)
    })
}

fn glossary(translate: &Translate) -> Result<Glossary, Failure> {
    let text = translate.glossary.as_deref().map(glossary_text).transpose()?;
    Ok(Glossary::from_csv(&text.unwrap_or_default())?)
}

/// The glossary of a folder of conversations.
fn folder_glossary(assistant: &Assistant, name: &str) -> Result<Glossary, Failure> {
    let folders = assistant.folders()?;
    Ok(Glossary::from_csv(&organise::named(&folders, name)?.glossary)?)
}
