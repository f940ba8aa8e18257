//! `bureau check`: what must not leave, found in a text or a document.

use std::io::Read;
use std::path::Path;

use assistant::{Assistant, Found, FoundIn};
use conversation::{Failure, FailureCode};
use serde::Serialize;

use crate::args::Check;
use crate::exit::Exit;
use crate::{output, unlock};

/// A line of `--json`. Places are UTF-16 code units of the text.
#[derive(Serialize)]
struct Line<'a> {
    kind: &'a str,
    rule: Option<&'a str>,
    action: assistant::PreventionAction,
    start: u32,
    end: u32,
    text: &'a str,
}

pub fn run(assistant: &Assistant, check: &Check) -> Result<Exit, Failure> {
    unlock::know_the_person(assistant)?;
    let found = match check.file.as_deref() {
        None => assistant.check_any(&standard_input()?)?,
        Some(file) if file == Path::new("-") => assistant.check_any(&standard_input()?)?,
        Some(file) => {
            let password = unlock::document_password(check.password_file.as_deref())?;
            assistant.check_file(&assistant.attach_file(file, password.as_deref())?)?
        }
    };
    for found in &found {
        let Found { kind, rule, action, start, end, words, .. } = found;
        if check.json {
            output::write_json(&Line {
                kind: kind.as_str(),
                rule: rule.as_deref(),
                action: *action,
                start: *start,
                end: *end,
                text: words,
            })?;
        } else {
            output::write(&format!("{}\n", told(found)))?;
        }
    }
    let stops = found.iter().any(|found| found.action == assistant::PreventionAction::Block);
    Ok(if stops { Exit::Forbidden } else { Exit::Done })
}

/// Tells on standard error what is found in what is to be sent, but for what simply goes.
pub fn tell(found: &[Found]) {
    for found in found {
        let place = match &found.place {
            FoundIn::Question => String::new(),
            FoundIn::File { name } => format!("{}: ", output::printable_line(name)),
            FoundIn::Context => "in what goes beside it: ".to_owned(),
        };
        eprintln!("bureau: {place}{}", told(found));
    }
}

fn told(found: &Found) -> String {
    use assistant::PreventionAction as A;
    let done = match found.action {
        A::Off | A::Note => "noted",
        A::Ask => "asked about",
        A::Replace => "replaced",
        A::Block => "not sent",
    };
    let rule = found.rule.as_deref().map(|rule| format!(" (“{}”)", output::printable_line(rule)));
    let words = output::printable_line(&found.words);
    format!("{done}: {}{}: {words}", found.kind, rule.unwrap_or_default())
}

pub fn standard_input() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| {
        Failure::new(FailureCode::Invalid, format!("standard input cannot be read: {error}"))
    })?;
    Ok(text)
}
