//! `bureau ask`: one question, one answer on standard output.

use std::io::{IsTerminal, Read};
use std::path::Path;
use std::sync::Arc;

use assistant::{
    AnswerUpdate, Assistant, AttachedFile, BUILT_IN_MODEL, Question, SummaryProgress, Updates,
};
use conversation::{
    ConversationId, Failure, FailureCode, FinishReason, Message, MessageId, MessageState,
    passages_as_labels,
};
use serde::Serialize;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::args::Ask;
use crate::exit::Exit;
use crate::interrupt::Interrupts;
use crate::{check, output, unlock};

/// A line of `--json`.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    Delta { text: &'a str },
    Reasoning { text: &'a str },
    Dropped { messages: usize },
    Progress(&'a SummaryProgress),
    Usage { input_tokens: u32, output_tokens: u32 },
    Finished { reason: FinishReason, conversation: ConversationId, message: MessageId },
    Failed { code: FailureCode, message: &'a str, retry_after: Option<u32> },
}

pub async fn run(assistant: &Arc<Assistant>, ask: Ask) -> Result<Exit, Failure> {
    let outcome = run_inner(assistant, &ask).await;
    match outcome {
        // A reader of JSON finds the failure on the stream that it reads.
        Err(failure) if ask.json => {
            output::write_json(&failed(&failure))?;
            Err(failure)
        }
        outcome => outcome,
    }
}

async fn run_inner(assistant: &Arc<Assistant>, ask: &Ask) -> Result<Exit, Failure> {
    let text = prompt(&ask.prompt)?;
    let attach = |file: &std::path::PathBuf| attached(assistant, file);
    let files = ask.attach.iter().map(attach).collect::<Result<Vec<_>, _>>()?;
    unlock::open_or_temporary(assistant, ask.temporary, ask.conversation)?;
    let question = Question {
        conversation: ask.conversation,
        text,
        model: ask.model.clone(),
        system: ask.system.clone(),
        files,
        temporary: false,
        folder: None,
        summary: None,
        given: Vec::new(),
        confirmed: ask.confirm,
    };
    answered(assistant, question, ask.json).await
}

/// A file to send along; a folder as the text of its files, how much that is being told first.
fn attached(assistant: &Assistant, file: &Path) -> Result<AttachedFile, Failure> {
    if !file.is_dir() {
        return assistant.attach_file(file, None);
    }
    let folder = assistant.read_folder(file)?;
    let left_out = match folder.left_out {
        0 => String::new(),
        count => format!(", {count} left out (too large, no text, or not to be sent)"),
    };
    eprintln!(
        "bureau: {}: {} files, about {} tokens{left_out}",
        output::printable_line(&folder.name),
        folder.files.len(),
        folder.tokens
    );
    AttachedFile::new(&format!("{}.txt", folder.name), folder.text.into_bytes())
}

/// Asks, and writes the answer as it arrives.
pub async fn answered(
    assistant: &Arc<Assistant>,
    question: Question,
    json: bool,
) -> Result<Exit, Failure> {
    let mut interrupts = Interrupts::listen()?;
    let preview = question.clone();
    let updates = tokio::select! {
        updates = sent(assistant, question, &preview) => updates?,
        // Nothing is stored or sent yet: the models are still being asked for.
        () = interrupts.next() => return Ok(Exit::Interrupted),
    };
    let answer = show(assistant, updates, &mut interrupts, json).await?;
    Ok(exit_of(&answer, json))
}

/// Sends a question; on standard error, what of it is replaced, asked about or stopped.
async fn sent(
    assistant: &Arc<Assistant>,
    question: Question,
    preview: &Question,
) -> Result<Updates, Failure> {
    if assistant.looks_at_what_is_sent() {
        let outgoing = assistant.preview(preview).await?;
        check::tell(&outgoing.found);
    }
    assistant.send(question).await
}

/// How the program ends after this answer; what cut it short is told on standard error.
fn exit_of(answer: &Message, json: bool) -> Exit {
    if !json && let Some(reason) = cut_short(answer) {
        eprintln!("bureau: {reason}");
    }
    match (&answer.failure, answer.state, answer.finish) {
        (Some(failure), _, _) => Exit::of(failure.code),
        (None, MessageState::Stopped, _) => Exit::Interrupted,
        (None, _, Some(FinishReason::ContentFilter)) => Exit::of(FailureCode::ContentFilter),
        _ => Exit::Done,
    }
}

/// Why an answer is not whole, if something other than the person ended it.
pub fn cut_short(answer: &Message) -> Option<String> {
    if let Some(failure) = &answer.failure {
        return Some(failure.to_string());
    }
    let reason = match answer.finish? {
        FinishReason::Length => "the answer reached its greatest length and ends early",
        FinishReason::ContentFilter => "the endpoint's content filter ended the answer",
        FinishReason::Stop | FinishReason::Cancelled | FinishReason::Other => return None,
    };
    Some(reason.to_owned())
}

/// Writes an answer as it arrives. Ctrl-C stops it; what has arrived is kept.
pub async fn show(
    assistant: &Arc<Assistant>,
    mut updates: UnboundedReceiver<AnswerUpdate>,
    interrupts: &mut Interrupts,
    json: bool,
) -> Result<Message, Failure> {
    let terminal = std::io::stdout().is_terminal();
    let mut conversation = None;
    let mut stopped = false;
    let mut last = '\n';
    loop {
        let update = tokio::select! {
            update = updates.recv() => update,
            () = interrupts.next() => {
                stopped = true;
                conversation.map(|id| assistant.stop(id));
                continue;
            }
        };
        let written = match update {
            Some(AnswerUpdate::Started { conversation: started, answer, .. }) => {
                conversation = Some(started.id);
                if stopped {
                    assistant.stop(started.id);
                }
                if !json && std::io::stderr().is_terminal() {
                    announce(&answer);
                }
                Ok(())
            }
            Some(AnswerUpdate::Delta(text)) => {
                last = text.chars().last().unwrap_or(last);
                // Links to passages come whole, and lead nowhere in a terminal.
                match (json, terminal) {
                    (true, _) => output::write_json(&Line::Delta { text: &text }),
                    (false, true) => output::write(&output::printable(&passages_as_labels(&text))),
                    (false, false) => output::write(&passages_as_labels(&text)),
                }
            }
            Some(AnswerUpdate::Reasoning(text)) if json => {
                output::write_json(&Line::Reasoning { text: &text })
            }
            Some(AnswerUpdate::Reasoning(_)) => Ok(()),
            Some(AnswerUpdate::Dropped(messages)) if json => {
                output::write_json(&Line::Dropped { messages })
            }
            Some(AnswerUpdate::Dropped(messages)) => {
                eprintln!(
                    "bureau: the {messages} oldest messages did not fit the model's context and were left out"
                );
                Ok(())
            }
            Some(AnswerUpdate::Progress(progress)) if json => {
                output::write_json(&Line::Progress(&progress))
            }
            Some(AnswerUpdate::Progress(progress)) => {
                if std::io::stderr().is_terminal() && last == '\n' {
                    tell(&progress);
                }
                Ok(())
            }
            Some(AnswerUpdate::Ended { answer, .. }) => {
                if json {
                    end_json(&answer)?;
                } else if last != '\n' {
                    output::write("\n")?;
                }
                return Ok(*answer);
            }
            None => return Err(Failure::new(FailureCode::Internal, "the answer was broken off")),
        };
        if let Err(failure) = written {
            // Nobody reads any more: stop asking, and keep what has arrived.
            conversation.map(|id| assistant.stop(id));
            while updates.recv().await.is_some() {}
            return Err(failure);
        }
    }
}

/// How far a summary has come, in a line that the next one replaces.
fn tell(progress: &SummaryProgress) {
    let SummaryProgress { done, total, pages_done, pages, seconds_left, tokens } = progress;
    let left = seconds_left.map(|left| format!(", about {left} s left")).unwrap_or_default();
    let end = if done + 1 >= *total { "\n" } else { "" };
    eprint!(
        "\r\x1b[K{done} of {total} requests, {pages_done} of {pages} pages, {tokens} tokens{left}{end}"
    );
}

fn end_json(answer: &Message) -> Result<(), Failure> {
    if let Some(usage) = answer.usage {
        let (input_tokens, output_tokens) = (usage.input_tokens, usage.output_tokens);
        output::write_json(&Line::Usage { input_tokens, output_tokens })?;
    }
    match &answer.failure {
        Some(failure) => output::write_json(&failed(failure)),
        None => output::write_json(&Line::Finished {
            reason: answer.finish.unwrap_or(FinishReason::Other),
            conversation: answer.conversation,
            message: answer.id,
        }),
    }
}

fn failed(failure: &Failure) -> Line<'_> {
    Line::Failed { code: failure.code, message: &failure.message, retry_after: failure.retry_after }
}

fn announce(answer: &Message) {
    match answer.model.as_deref() {
        Some(BUILT_IN_MODEL) => eprintln!(
            "{BUILT_IN_MODEL}, built in: quick and private, often wrong on facts; good for trying Bureau\n"
        ),
        Some(model) => eprintln!("{}\n", output::printable_line(model)),
        None => {}
    }
}

/// The question's parts joined by blank lines, `-` standing for standard input; standard input
/// alone where there is no part.
fn prompt(parts: &[String]) -> Result<String, Failure> {
    if parts.is_empty() && std::io::stdin().is_terminal() {
        let message = "what is the question? Give it as an argument, or `-` for standard input";
        return Err(Failure::new(FailureCode::Invalid, message));
    }
    let standard_input = ["-".to_owned()];
    let parts = if parts.is_empty() { &standard_input[..] } else { parts };
    let mut texts = Vec::new();
    for part in parts {
        if part == "-" {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(|error| {
                Failure::new(
                    FailureCode::Invalid,
                    format!("standard input cannot be read: {error}"),
                )
            })?;
            texts.push(text);
        } else {
            texts.push(part.clone());
        }
    }
    Ok(texts.join("\n\n"))
}
