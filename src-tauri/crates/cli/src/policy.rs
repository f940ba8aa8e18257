//! `bureau policy`: what the organisation decides, and whether a policy's file is one.

use std::path::Path;

use ::policy::Policy;
use assistant::{AppliedRule, Assistant, Organisation, Rule};
use conversation::Failure;
use serde_json::json;

use crate::args::PolicyCommand;
use crate::exit::Exit;
use crate::output;

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

/// Says what the organisation decides; it ends as a failure where a newer policy was refused.
fn show(assistant: &Assistant, json: bool) -> Result<Exit, Failure> {
    let organisation = assistant.organisation();
    let problem = organisation.as_ref().and_then(|organisation| organisation.problem.clone());
    match organisation {
        organisation if json => output::write_json(&organisation)?,
        None => output::write("There is no policy; nothing is forbidden.\n")?,
        Some(organisation) => output::write(&in_words(&organisation))?,
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

fn in_words(organisation: &Organisation) -> String {
    let Organisation { name, reason, version, rules, settings, .. } = organisation;
    let name = output::printable_line(name.as_deref().unwrap_or("The organisation"));
    let mut text = format!("{name}, policy version {version}\n");
    if let Some(reason) = reason {
        text.push_str(&format!("{}\n", output::printable_line(reason)));
    }
    for AppliedRule { rule, values, reason: own } in rules {
        let values = output::printable_line(&values.join(", "));
        text.push_str(&format!("- {}\n", sentence(*rule, &values)));
        if let Some(own) = own.as_ref().filter(|own| Some(*own) != reason.as_ref()) {
            text.push_str(&format!("  {}\n", output::printable_line(own)));
        }
    }
    if !settings.is_empty() {
        text.push_str(&format!("- These settings are fixed: {}\n", settings.join(", ")));
    }
    text
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
    }
}
