//! `bureau models`: what can be asked.

use assistant::Assistant;
use conversation::Failure;

use crate::exit::Exit;
use crate::output;

pub async fn run(assistant: &Assistant, json: bool) -> Result<Exit, Failure> {
    if assistant.config().endpoint.is_some() && assistant.config().api_key.is_none() {
        // The key may lie in the history; without a way to open it the endpoint is asked anyway.
        let _ = assistant.open_existing();
    }
    for model in assistant.models().await? {
        if json {
            output::write_json(&model)?;
        } else {
            let note = if model.built_in { "  (built in)" } else { "" };
            output::write(&format!("{}{note}\n", output::printable_line(&model.id)))?;
        }
    }
    Ok(Exit::Done)
}
