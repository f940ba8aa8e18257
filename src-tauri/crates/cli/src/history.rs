//! `bureau history`: the kept conversations.

use assistant::{Access, Assistant};
use conversation::{Conversation, ConversationId, Failure, Role, Timestamp, thread};
use history::{MATCH_END, MATCH_START, Order};
use serde::Serialize;

use crate::args::{HistoryCommand, SearchOrder};
use crate::exit::Exit;
use crate::{output, unlock};

/// A line of `history list --json`.
#[derive(Serialize)]
struct ListLine<'a> {
    conversation: ConversationId,
    title: &'a str,
    updated: Timestamp,
}

pub fn run(assistant: &Assistant, command: HistoryCommand) -> Result<Exit, Failure> {
    if assistant.access()? == Access::New {
        return empty(command);
    }
    unlock::open(assistant)?;
    match command {
        HistoryCommand::List { json } => list(&assistant.conversations()?, json),
        HistoryCommand::Show { id, json } => show(assistant, id, json),
        HistoryCommand::Search { query, order, limit, json } => {
            search(assistant, &query, order, limit, json)
        }
        HistoryCommand::Rename { id, title } => assistant.rename(id, &title).map(|_| Exit::Done),
        HistoryCommand::Delete { ids } => {
            ids.into_iter().try_for_each(|id| assistant.erase(id)).map(|()| Exit::Done)
        }
        HistoryCommand::Stats { json } => stats(assistant, json),
        HistoryCommand::Verify => verify(assistant),
    }
}

/// Where nothing was ever kept, there is nothing to unlock and nothing to find.
fn empty(command: HistoryCommand) -> Result<Exit, Failure> {
    match command {
        HistoryCommand::Show { id, .. } | HistoryCommand::Rename { id, .. } => Err(missing(id)),
        HistoryCommand::Delete { ids } => {
            ids.first().map_or(Ok(Exit::Done), |&id| Err(missing(id)))
        }
        _ => {
            eprintln!("There is no history yet.");
            Ok(Exit::Done)
        }
    }
}

fn missing(id: ConversationId) -> Failure {
    let message = format!("there is no conversation {id}: nothing was kept yet");
    Failure::new(conversation::FailureCode::NotFound, message)
}

fn list(conversations: &[Conversation], json: bool) -> Result<Exit, Failure> {
    for Conversation { id, title, updated, .. } in conversations {
        if json {
            output::write_json(&ListLine { conversation: *id, title, updated: *updated })?;
        } else {
            let when = output::local_time(*updated);
            output::write(&format!("{id}  {when}  {}\n", output::printable(title)))?;
        }
    }
    Ok(Exit::Done)
}

fn show(assistant: &Assistant, id: ConversationId, json: bool) -> Result<Exit, Failure> {
    let (conversation, messages) = assistant.messages(id)?;
    if json {
        messages.iter().try_for_each(output::write_json)?;
        return Ok(Exit::Done);
    }
    output::write(&format!("# {}\n", output::printable(&conversation.title)))?;
    for message in thread(&messages, conversation.leaf).messages {
        let who = match message.role {
            Role::System => "Instructions",
            Role::User => "You",
            Role::Assistant => message.model.as_deref().unwrap_or("Answer"),
        };
        let when = output::local_time(message.created);
        let text = output::printable(message.text.trim_end());
        output::write(&format!("\n## {} · {when}\n\n{text}\n", output::printable(who)))?;
        if let Some(failure) = &message.failure {
            output::write(&format!("\n[failed: {failure}]\n"))?;
        }
    }
    Ok(Exit::Done)
}

fn search(
    assistant: &Assistant,
    query: &str,
    order: SearchOrder,
    limit: usize,
    json: bool,
) -> Result<Exit, Failure> {
    let order = match order {
        SearchOrder::Newest => Order::Newest,
        SearchOrder::Best => Order::Best,
    };
    let matches = assistant.search(query, order, limit)?;
    if matches.is_empty()
        && let Some(suggestion) = assistant.suggest(query)?
    {
        eprintln!("Did you mean: {}", output::printable_line(&suggestion));
    }
    for found in matches {
        if json {
            output::write_json(&found)?;
        } else {
            let snippet = found.snippet.replace([MATCH_START, MATCH_END], "");
            let title = output::printable_line(&found.title);
            let snippet = output::printable_line(&snippet);
            let file = found.attachment.map(|name| output::printable_line(&name) + ": ");
            let file = file.unwrap_or_default();
            output::write(&format!("{}  {title}\n    {file}{snippet}\n", found.conversation))?;
        }
    }
    Ok(Exit::Done)
}

fn stats(assistant: &Assistant, json: bool) -> Result<Exit, Failure> {
    let statistics = assistant.history()?.statistics()?;
    if json {
        output::write_json(&statistics)?;
    } else {
        output::write(&format!(
            "{} conversations\n{} messages\n{} bytes on disk\n",
            statistics.conversations, statistics.messages, statistics.bytes
        ))?;
    }
    Ok(Exit::Done)
}

fn verify(assistant: &Assistant) -> Result<Exit, Failure> {
    let verification = assistant.history()?.verify()?;
    for problem in &verification.problems {
        output::write(&format!("{problem}\n"))?;
    }
    if verification.problems.is_empty() {
        eprintln!("The history is whole.");
        return Ok(Exit::Done);
    }
    Ok(Exit::Failed)
}
