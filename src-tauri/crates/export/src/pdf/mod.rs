//! The shown branch as pages: tagged PDF 1.7 (ISO 32000-1) with its fonts in it.
//!
//! `parley` shapes the text and breaks it into lines, `krilla` writes the file. In between stand a
//! sheet that is filled from top to bottom (`paper`) and what is put on it: lines (`line`, set by
//! `typeset`), formulas (`math`), tables (`table`), and the blocks that these make up (`flow`).

mod clusters;
mod flow;
mod fonts;
mod line;
mod math;
mod mathbox;
mod paper;
mod stretchy;
mod table;
mod tags;
mod typeset;

use std::io::Write;

use conversation::PortableConversation;

use crate::branch::{shown, title};
use crate::document::blocks;
use crate::picture;
use crate::{ExportError, Words, time};
use flow::Flow;

/// Writes the document.
pub fn write(
    conversation: &PortableConversation,
    words: &Words,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let title = title(conversation, words);
    let mut flow = Flow::new(conversation.marking.as_ref());
    flow.title(title, &time::shown(conversation.created));
    for turn in shown(conversation) {
        let mut note = time::shown(turn.message.created);
        if let Some(versions) = turn.other_versions(words) {
            note = format!("{note} · {versions}");
        }
        flow.speaker(turn.speaker(words), &note);
        flow.blocks(&blocks(&turn.message.text));
        if let Some(ending) = turn.ending(words) {
            flow.note(ending);
        }
        let mut others = Vec::new();
        for file in &turn.message.files {
            if !picture::of(file).is_some_and(|picture| flow.picture(&picture)) {
                others.push(file.name.as_str());
            }
        }
        if !others.is_empty() {
            flow.note(&words.files);
            flow.bullets(&others);
        }
    }
    let pdf = flow.end(title, conversation.created, &words.language)?;
    out.write_all(&pdf)?;
    out.flush()?;
    Ok(())
}
