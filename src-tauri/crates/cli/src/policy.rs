//! `bureau policy`: what the organisation decides, and whether a policy's file is one.

use std::path::Path;

use ::audit::{Delivery, DestinationKind};
use ::policy::Policy;
use assistant::{
    AppliedFinding, AppliedRule, Assistant, AuditState, Organisation, PreventionAction, Rule,
};
use conversation::Failure;
use serde::Serialize;
use serde_json::json;

use crate::args::PolicyCommand;
use crate::exit::Exit;
use crate::{output, unlock};

pub async fn run(assistant: &Assistant, command: PolicyCommand) -> Result<Exit, Failure> {
    match command {
        PolicyCommand::Show { json } => show(assistant, json),
        PolicyCommand::Refresh { json } => {
            assistant.refresh_policy().await;
            show(assistant, json)
        }
        PolicyCommand::Check { file, json } => check(&file, json),
    }
}

/// Says whether a file is a policy, and where it is not.
pub fn check(file: &Path, json: bool) -> Result<Exit, Failure> {
    match Policy::read(file) {
        Ok(policy) if json => {
            output::write_json(&json!({"valid": true, "version": policy.version}))?;
        }
        Ok(policy) => {
            let file = output::printable_line(&file.display().to_string());
            output::write(&format!("{file} is a policy, version {}\n", policy.version))?;
        }
        Err(error) if json => {
            output::write_json(&json!({"valid": false, "problem": error.to_string()}))?;
            return Ok(Exit::Failed);
        }
        Err(error) => return Err(error.into()),
    }
    Ok(Exit::Done)
}

/// What the organisation decides, and how what it has recorded stands.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    organisation: Organisation,
    audit: Option<AuditState>,
}

/// Says what the organisation decides; it ends as a failure where a newer policy was refused.
fn show(assistant: &Assistant, json: bool) -> Result<Exit, Failure> {
    unlock::know_the_person(assistant)?;
    let organisation = assistant.organisation();
    let problem = organisation.as_ref().and_then(|organisation| organisation.problem.clone());
    let shown =
        organisation.map(|organisation| Shown { organisation, audit: assistant.audit_state() });
    match shown {
        shown if json => output::write_json(&shown)?,
        None => output::write("There is no policy; nothing is forbidden.\n")?,
        Some(shown) => output::write(&in_words(&shown))?,
    }
    match problem {
        Some(problem) if !json => {
            eprintln!("bureau: {problem}");
            Ok(Exit::Failed)
        }
        Some(_) => Ok(Exit::Failed),
        None => Ok(Exit::Done),
    }
}

fn in_words(Shown { organisation, audit }: &Shown) -> String {
    let Organisation { name, reason, version, rules, settings, .. } = organisation;
    let name = output::printable_line(name.as_deref().unwrap_or("The organisation"));
    let mut text = format!("{name}, policy version {version}\n");
    if let Some(reason) = reason {
        text.push_str(&format!("{}\n", output::printable_line(reason)));
    }
    let mut add = |sentence: &str, own: &Option<String>| {
        text.push_str(&format!("- {sentence}\n"));
        if let Some(own) = own.as_ref().filter(|own| Some(*own) != reason.as_ref()) {
            text.push_str(&format!("  {}\n", output::printable_line(own)));
        }
    };
    for AppliedRule { rule, values, reason } in rules {
        let values = output::printable_line(&values.join(", "));
        add(&sentence(*rule, &values), reason);
    }
    for findings in organisation.prevention.chunk_by(|one, next| one.action == next.action) {
        add(&prevented(findings), &organisation.prevention_reason);
    }
    if let Some(audit) = audit {
        add(&recorded(audit), &audit.reason);
        for delivery in &audit.deliveries {
            add(&delivered(delivery), &None);
        }
    }
    if !settings.is_empty() {
        let sentence = format!("These settings are fixed: {}", settings.join(", "));
        add(&sentence, &organisation.settings_reason);
    }
    text
}

/// What is done about these, which all fare alike.
fn prevented(findings: &[AppliedFinding]) -> String {
    let all = findings.iter().map(|AppliedFinding { kind, rule, .. }| match rule {
        Some(rule) => format!("{kind} (“{}”)", output::printable_line(rule)),
        None => kind.to_string(),
    });
    let done = match findings.first().map_or(PreventionAction::Off, |finding| finding.action) {
        PreventionAction::Off => "Not looked for in what is sent to an endpoint",
        PreventionAction::Note => "Told before it is sent to an endpoint",
        PreventionAction::Ask => "Sent to an endpoint only once you have said so",
        PreventionAction::Replace => "Replaced in what is sent to an endpoint",
        PreventionAction::Block => "Never sent to an endpoint",
    };
    format!("{done}: {}", all.collect::<Vec<_>>().join(", "))
}

/// What is recorded.
fn recorded(audit: &AuditState) -> String {
    let content = if audit.content { "with" } else { "without" };
    let mut sentence = format!("What is done is recorded, {content} questions and answers");
    if audit.required {
        sentence.push_str("; what cannot be recorded is not done");
    }
    match audit.keep_days {
        Some(days) => sentence.push_str(&format!("; records are kept here for {days} days")),
        None => sentence.push_str("; records are kept here for good"),
    }
    sentence
}

/// How a destination stands.
fn delivered(delivery: &Delivery) -> String {
    let Delivery { name, kind, address, behind, problem } = delivery;
    let kind = match kind {
        DestinationKind::Syslog => "syslog",
        DestinationKind::Otlp => "OTLP",
    };
    let mut sentence = format!("Records go to {name} ({kind}, {address}): ");
    match behind {
        0 => sentence.push_str("everything was delivered"),
        behind => sentence.push_str(&format!("{behind} are not delivered yet")),
    }
    if let Some(problem) = problem {
        sentence.push_str(&format!(" ({problem})"));
    }
    output::printable_line(&sentence)
}

fn sentence(rule: Rule, values: &str) -> String {
    match rule {
        Rule::NoOwnEndpoints => "Endpoints of your own are not used".to_owned(),
        Rule::Servers => format!("Endpoints of your own are at these servers alone: {values}"),
        Rule::ProvidedEndpoints => format!("These endpoints are provided: {values}"),
        Rule::Models => format!("These models alone are asked: {values}"),
        Rule::Parameters => format!("This goes with every request: {values}"),
        Rule::Proxy => format!("Endpoints are reached through the proxy {values}"),
        Rule::CaCertificates => format!("These certificate authorities are trusted: {values}"),
        Rule::NoBuiltInModel => "The model on this machine is not used".to_owned(),
        Rule::NoExport => "Nothing is exported".to_owned(),
        Rule::ExportFormats => format!("Conversations are exported as {values} alone"),
        Rule::NoCopy => "Nothing is copied out of the window".to_owned(),
        Rule::NoClipboard => "Nothing is copied out, and no file is pasted".to_owned(),
        Rule::NoDragOut => "Nothing is dragged out of the window".to_owned(),
        Rule::NoSync => "The history is not shared with other machines".to_owned(),
        Rule::NoTemporary => "Every conversation is kept; none is temporary".to_owned(),
        Rule::NoImport => "No conversations are brought in".to_owned(),
        Rule::NoLinks => "Links of answers are not opened".to_owned(),
        Rule::NoBackup => "No backups are made".to_owned(),
        Rule::NoFileChanges => "What an answer proposes is not written into files".to_owned(),
        Rule::NoReadingAloud => "Nothing is read aloud".to_owned(),
        Rule::NoAttachments => "No files are sent".to_owned(),
        Rule::AttachmentKinds => format!("Files of these kinds alone are sent: {values}"),
        Rule::AttachmentSize => format!("A file has {values} bytes at most"),
        Rule::Retention => {
            format!("Conversations are erased {values} days after they last changed")
        }
        Rule::Hold => "Nothing can be deleted (legal hold)".to_owned(),
        Rule::UpdateChannel => format!("Updates come from the channel {values}"),
        Rule::NoUpdates => "Bureau is updated by the organisation alone".to_owned(),
        Rule::LockIdle => format!("The history is locked after {values} minutes at the latest"),
        Rule::LockWithSystem => "The history is locked with the system's session".to_owned(),
        Rule::Passphrase => "The history has a passphrase".to_owned(),
        Rule::Tries => format!("After {values} wrong passphrases the next one has to wait"),
        Rule::Notice => "A notice is accepted first".to_owned(),
        Rule::Marking => format!("Windows, exports and prints are marked {values}, or higher"),
        Rule::Recovery => {
            "The organisation's recovery key opens the history and its backups".to_owned()
        }
        Rule::ProvidedPrompts => format!("Prompts are provided: {values}"),
    }
}
