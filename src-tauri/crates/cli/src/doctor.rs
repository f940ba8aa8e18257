//! `bureau doctor`: what is configured and reachable, what is wrong, and how to mend it.

use std::sync::Arc;

use ::vault::Vault;
use assistant::{
    Access, Assistant, Config, EndpointReport, EndpointView, Folders, KeyChange, Organisation,
};
use conversation::Failure;

use crate::exit::Exit;
use crate::output;

pub async fn run() -> Result<Exit, Failure> {
    let mut report = Report { failed: false };
    let folders = Folders::from_environment()?;
    report.fine("configuration", &folders.config_file().display().to_string())?;
    let config = match Config::load(&folders.config_file()) {
        Ok(config) => config,
        Err(error) => {
            report.wrong("configuration", &error.to_string())?;
            return Ok(Exit::Failed);
        }
    };
    let assistant = match Assistant::new(folders, config).under_the_policy_of_this_machine() {
        Ok(assistant) => Arc::new(assistant),
        Err(failure) => {
            report.wrong("policy", &failure.message)?;
            return Ok(Exit::Failed);
        }
    };
    organisation(&assistant, &mut report)?;
    history(&assistant, &mut report)?;
    built_in_model(&assistant, &mut report)?;
    endpoints(&assistant, &mut report).await?;
    Ok(if report.failed { Exit::Failed } else { Exit::Done })
}

fn organisation(assistant: &Assistant, report: &mut Report) -> Result<(), Failure> {
    match assistant.organisation() {
        None => report.fine("policy", "none; nothing is forbidden"),
        Some(Organisation { problem: Some(problem), .. }) => report.wrong("policy", &problem),
        Some(Organisation { name, version, .. }) => {
            let name = output::printable_line(name.as_deref().unwrap_or("the organisation"));
            report.fine("policy", &format!("{name}, version {version}; see `bureau policy show`"))
        }
    }
}

fn history(assistant: &Assistant, report: &mut Report) -> Result<(), Failure> {
    let keychain =
        if Vault::keychain_available() { "available" } else { "none; a passphrase is asked for" };
    report.fine("keychain", keychain)?;
    report.fine("history", &assistant.disk_folders().history_file().display().to_string())?;
    match assistant.access() {
        Ok(Access::New) => report.fine("history", "not made yet; the first conversation makes it"),
        Ok(_) => match assistant.open_existing() {
            Ok(true) => report.fine("history", "opens without asking"),
            Ok(false) => report.fine("history", "locked; its passphrase is asked for"),
            Err(failure) => report.wrong("history", &failure.message),
        },
        Err(failure) => report.wrong("history", &failure.message),
    }
}

fn built_in_model(assistant: &Assistant, report: &mut Report) -> Result<(), Failure> {
    match assistant.local_model_file() {
        Some(file) => report.fine("built-in model", &file.display().to_string()),
        None => report.wrong(
            "built-in model",
            "its file is missing; set BUREAU_LOCAL_MODEL to a GGUF file, or in a checkout run `cargo xtask model`",
        ),
    }
}

async fn endpoints(assistant: &Assistant, report: &mut Report) -> Result<(), Failure> {
    let endpoints = assistant.endpoints()?;
    if endpoints.is_empty() {
        return report
            .fine("endpoint", "none configured; the built-in model answers (set BUREAU_ENDPOINT)");
    }
    for EndpointView { draft, .. } in endpoints {
        let what = format!("endpoint {}", output::printable_line(&draft.name));
        if let Some(endpoint) = assistant.config().endpoints.get(&draft.name) {
            report.fine(&what, &endpoint.shown_address())?;
        }
        match assistant.test_endpoint(Some(&draft.name), &draft, &KeyChange::Keep).await {
            Ok(EndpointReport { models, .. }) => {
                let names: Vec<_> =
                    models.iter().map(|m| output::printable_line(&m.name)).collect();
                report.fine(&what, &format!("answers; models: {}", names.join(", ")))?;
            }
            Err(failure) => report.wrong(&what, &failure.message)?,
        }
    }
    Ok(())
}

struct Report {
    failed: bool,
}

impl Report {
    fn fine(&self, what: &str, text: &str) -> Result<(), Failure> {
        output::write(&format!("ok     {what}: {text}\n"))
    }

    fn wrong(&mut self, what: &str, text: &str) -> Result<(), Failure> {
        self.failed = true;
        output::write(&format!("wrong  {what}: {text}\n"))
    }
}
