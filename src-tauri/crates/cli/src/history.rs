//! `bureau history`: the kept conversations.

use assistant::{Access, Assistant};
use conversation::{ConversationId, Failure, FailureCode, Role, thread};
use history::{MATCH_END, MATCH_START, Order};

use crate::args::{FolderCommand, HistoryCommand, SearchOrder};
use crate::exit::Exit;
use crate::{organise, output, transfer, unlock};

pub fn run(assistant: &Assistant, command: HistoryCommand) -> Result<Exit, Failure> {
    let makes = matches!(
        command,
        HistoryCommand::Import { .. }
            | HistoryCommand::Folder(FolderCommand::Create { .. })
            | HistoryCommand::Retention { .. }
    );
    if assistant.access()? == Access::New && !makes {
        return empty(command);
    }
    unlock::open(assistant)?;
    match act(assistant, &command) {
        // Damage shows when it is met. What can be read around it is worth another look.
        Err(failure)
            if failure.code == FailureCode::Damaged && assistant.access()? == Access::Open =>
        {
            assistant.read_damaged()?;
            unlock::tell_of_damage(assistant)?;
            act(assistant, &command)
        }
        done => done,
    }
}

fn act(assistant: &Assistant, command: &HistoryCommand) -> Result<Exit, Failure> {
    match command {
        HistoryCommand::List(list) => organise::list(assistant, list),
        HistoryCommand::Show { id, json } => show(assistant, *id, *json),
        HistoryCommand::Search { query, order, limit, json } => {
            search(assistant, query, *order, *limit, *json)
        }
        HistoryCommand::Rename { id, title } => assistant.rename(*id, title).map(|_| Exit::Done),
        HistoryCommand::Delete { ids } => assistant.erase(ids).map(|()| Exit::Done),
        HistoryCommand::Trash { empty: true, .. } => assistant.empty_trash().map(|()| Exit::Done),
        HistoryCommand::Trash { ids, .. } => assistant.delete(ids).map(|()| Exit::Done),
        HistoryCommand::Restore { ids } => assistant.restore(ids).map(|_| Exit::Done),
        HistoryCommand::Archive { ids, undo } => {
            assistant.set_archived(ids, !undo).map(|_| Exit::Done)
        }
        HistoryCommand::Move { ids, folder, .. } => {
            organise::move_to(assistant, ids, folder.as_deref())
        }
        HistoryCommand::Tag { ids, add, remove } => organise::tag(assistant, ids, add, remove),
        HistoryCommand::Hold { ids, undo } => assistant.set_held(ids, !undo).map(|_| Exit::Done),
        HistoryCommand::Duplicate { id, title } => {
            organise::duplicate(assistant, *id, title.as_deref())
        }
        HistoryCommand::Merge { ids, title } => organise::merge(assistant, ids, title),
        HistoryCommand::Folder(command) => organise::folder(assistant, command),
        HistoryCommand::Export { ids, format, output } => {
            transfer::export(assistant, ids, *format, output.as_deref())
        }
        HistoryCommand::Import { file, json } => transfer::import(assistant, file, *json),
        HistoryCommand::Retention { days, forever, hold } => {
            organise::retention(assistant, *days, *forever, *hold)
        }
        HistoryCommand::Stats { json } => organise::stats(assistant, *json),
        HistoryCommand::Verify => verify(assistant),
    }
}

/// Where nothing was ever kept, there is nothing to unlock and nothing to find.
fn empty(command: HistoryCommand) -> Result<Exit, Failure> {
    match command {
        HistoryCommand::Show { id, .. }
        | HistoryCommand::Rename { id, .. }
        | HistoryCommand::Duplicate { id, .. } => Err(missing(id)),
        HistoryCommand::Delete { ids }
        | HistoryCommand::Trash { ids, .. }
        | HistoryCommand::Restore { ids }
        | HistoryCommand::Archive { ids, .. }
        | HistoryCommand::Move { ids, .. }
        | HistoryCommand::Tag { ids, .. }
        | HistoryCommand::Hold { ids, .. }
        | HistoryCommand::Export { ids, .. }
        | HistoryCommand::Merge { ids, .. } => {
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
    Failure::new(FailureCode::NotFound, message)
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
