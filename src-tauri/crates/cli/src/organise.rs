//! `bureau history` where it keeps order: lists, folders, tags, the archive, the trash.

use assistant::{Assistant, FolderChange, Retention, read_attachment};
use conversation::{Conversation, ConversationId, Failure, FailureCode, Folder, Timestamp};
use history::{Place, View};
use serde::Serialize;

use crate::args::{FolderCommand, List};
use crate::exit::Exit;
use crate::{output, translate};

/// A line of `history list --json`.
#[derive(Serialize)]
struct ListLine<'a> {
    conversation: ConversationId,
    title: &'a str,
    updated: Timestamp,
    folder: Option<&'a str>,
    tags: &'a [String],
    pinned: bool,
    archived: bool,
    held: bool,
}

pub fn list(assistant: &Assistant, list: &List) -> Result<Exit, Failure> {
    let folders = assistant.folders()?;
    let view = match list {
        List { folder: Some(name), .. } => View::Folder { folder: named(&folders, name)?.id },
        List { tag: Some(tag), .. } => View::Tag { tag: tag.clone() },
        List { archived: true, .. } => View::Archived,
        List { deleted: true, .. } => View::Deleted,
        _ => View::All,
    };
    let mut after = None;
    loop {
        let page = assistant.list(&view, after.as_ref())?;
        let Some(last) = page.last() else { return Ok(Exit::Done) };
        after = Some(Place::from(last));
        page.iter().try_for_each(|conversation| line(conversation, &folders, list.json))?;
    }
}

fn line(conversation: &Conversation, folders: &[Folder], json: bool) -> Result<(), Failure> {
    let Conversation { id, title, updated, tags, pinned, archived, held, .. } = conversation;
    if json {
        let folder = folders.iter().find(|folder| Some(folder.id) == conversation.folder);
        return output::write_json(&ListLine {
            conversation: *id,
            title,
            updated: *updated,
            folder: folder.map(|folder| folder.name.as_str()),
            tags,
            pinned: *pinned,
            archived: *archived,
            held: *held,
        });
    }
    let when = output::local_time(*updated);
    output::write(&format!("{id}  {when}  {}\n", output::printable_line(title)))
}

pub fn folder(assistant: &Assistant, command: &FolderCommand) -> Result<Exit, Failure> {
    let folders = assistant.folders()?;
    match command {
        FolderCommand::List { json: true } => folders.iter().try_for_each(output::write_json)?,
        FolderCommand::List { json: false } => {
            for folder in &folders {
                let held = if folder.held { "  (held)" } else { "" };
                output::write(&format!("{}{held}\n", output::printable_line(&folder.name)))?;
            }
        }
        FolderCommand::Create { name } => drop(assistant.create_folder(name)?),
        FolderCommand::Change { name, rename, instructions, glossary, attach, days, as_all } => {
            let folder = named(&folders, name)?;
            let files: Vec<_> =
                attach.iter().map(|path| read_attachment(path)).collect::<Result<_, _>>()?;
            let retention = if *as_all { None } else { days.or(folder.retention) };
            let change = FolderChange {
                name: rename.as_ref().unwrap_or(&folder.name).clone(),
                instructions: instructions.as_ref().unwrap_or(&folder.instructions).clone(),
                glossary: match glossary {
                    Some(file) => translate::glossary_text(file)?,
                    None => folder.glossary.clone(),
                },
                retention,
            };
            assistant.change_folder(folder.id, &change)?;
            if !files.is_empty() {
                assistant.add_folder_files(folder.id, &files)?;
            }
        }
        FolderCommand::Hold { name, undo } => {
            drop(assistant.hold_folder(named(&folders, name)?.id, !undo)?);
        }
        FolderCommand::Delete { name } => assistant.delete_folder(named(&folders, name)?.id)?,
    }
    Ok(Exit::Done)
}

pub fn move_to(
    assistant: &Assistant,
    ids: &[ConversationId],
    folder: Option<&str>,
) -> Result<Exit, Failure> {
    let folders = assistant.folders()?;
    let folder = folder.map(|name| named(&folders, name)).transpose()?.map(|folder| folder.id);
    assistant.move_to_folder(ids, folder)?;
    Ok(Exit::Done)
}

pub fn tag(
    assistant: &Assistant,
    ids: &[ConversationId],
    add: &[String],
    remove: &[String],
) -> Result<Exit, Failure> {
    add.iter().try_for_each(|tag| assistant.set_tag(ids, tag, true).map(drop))?;
    remove.iter().try_for_each(|tag| assistant.set_tag(ids, tag, false).map(drop))?;
    Ok(Exit::Done)
}

pub fn duplicate(
    assistant: &Assistant,
    id: ConversationId,
    title: Option<&str>,
) -> Result<Exit, Failure> {
    let title = match title {
        Some(title) => title.to_owned(),
        None => assistant.conversation(id)?.title,
    };
    let copy = assistant.duplicate(id, &title)?;
    output::write(&format!("{}\n", copy.id))?;
    Ok(Exit::Done)
}

pub fn merge(assistant: &Assistant, ids: &[ConversationId], title: &str) -> Result<Exit, Failure> {
    let whole = assistant.merge(ids, title)?;
    output::write(&format!("{}\n", whole.id))?;
    Ok(Exit::Done)
}

pub fn retention(
    assistant: &Assistant,
    days: Option<u32>,
    forever: bool,
    hold: Option<bool>,
) -> Result<Exit, Failure> {
    let before = assistant.retention()?;
    let wanted = Retention {
        days: if forever { None } else { days.or(before.days) },
        hold: hold.unwrap_or(before.hold),
    };
    let now = if wanted == before { before } else { assistant.set_retention(wanted)? };
    match now.days {
        Some(days) => output::write(&format!("deleted after {days} days without a change\n"))?,
        None => output::write("kept until they are deleted\n")?,
    }
    if now.hold {
        output::write("held: nothing can be deleted\n")?;
    }
    Ok(Exit::Done)
}

pub fn stats(assistant: &Assistant, json: bool) -> Result<Exit, Failure> {
    /// What is written, whether of a month, of a model or of all.
    #[derive(Serialize)]
    struct Stats {
        #[serde(flatten)]
        activity: history::Activity,
        /// Of the database's pages, whether used or free.
        bytes: u64,
    }
    let bytes = assistant.history()?.statistics()?.bytes;
    let stats = Stats { activity: assistant.activity()?, bytes };
    if json {
        output::write_json(&stats)?;
        return Ok(Exit::Done);
    }
    let history::Activity { conversations, total, models, months } = stats.activity;
    output::write(&format!("{conversations} conversations\n{bytes} bytes on disk\n\n"))?;
    let row = |what: &str, counts: &history::Counts| {
        output::write(&format!(
            "{:>10} {:>12} {:>14} {:>14}  {}\n",
            counts.messages,
            counts.words,
            counts.input_tokens,
            counts.output_tokens,
            output::printable_line(what)
        ))
    };
    output::write(&format!(
        "{:>10} {:>12} {:>14} {:>14}\n",
        "messages", "words", "tokens read", "tokens written"
    ))?;
    row("all", &total)?;
    for month in &months {
        row(&month.month, &month.counts)?;
    }
    for model in &models {
        row(model.model.as_deref().unwrap_or("you"), &model.counts)?;
    }
    Ok(Exit::Done)
}

/// The folder of this name, the first where several have it.
pub fn named<'a>(folders: &'a [Folder], name: &str) -> Result<&'a Folder, Failure> {
    folders.iter().find(|folder| folder.name == name).ok_or_else(|| {
        let message = format!("there is no folder “{name}”; bureau history folder list");
        Failure::new(FailureCode::NotFound, message)
    })
}
