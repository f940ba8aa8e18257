//! `bureau models`: what can be asked.

use assistant::{Assistant, Models};
use conversation::Failure;

use crate::exit::Exit;
use crate::output;

pub async fn run(assistant: &Assistant, json: bool) -> Result<Exit, Failure> {
    if !assistant.config().endpoints.is_empty() && assistant.config().api_key.is_none() {
        // A key may lie in the history; without a way to open it the endpoint is asked anyway.
        let _ = assistant.open_existing();
    }
    let Models { models, failures, .. } = assistant.models().await;
    for model in models {
        if json {
            output::write_json(&model)?;
        } else {
            let note = if model.built_in { "  (built in)" } else { "" };
            output::write(&format!("{}{note}\n", output::printable_line(&model.id)))?;
        }
    }
    for failure in &failures {
        eprintln!("bureau: {failure}");
    }
    Ok(failures.first().map_or(Exit::Done, |failure| Exit::of(failure.code)))
}
