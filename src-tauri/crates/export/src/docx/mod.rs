//! The shown branch as a document for a word processor: WordprocessingML in an Open Packaging
//! Conventions container (ECMA-376, transitional).

mod body;
mod list;
mod math;
mod package;
mod run;
mod table;

use std::io::Write;

use conversation::PortableConversation;

use crate::branch::{Turn, shown, title};
use crate::document::{Inline, blocks};
use crate::{ExportError, Words, picture, time};
use body::{Body, Place};
use package::Package;

/// Writes the document.
pub fn write(
    conversation: &PortableConversation,
    words: &Words,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let title = title(conversation, words);
    let mut package = Package::begin(out)?;
    let mut body = Body::default();
    body.paragraph(Place::styled("Title"), &plain(title));
    body.paragraph(Place::styled("Subtitle"), &plain(&time::shown(conversation.created)));
    for turn in shown(conversation) {
        push_turn(&mut body, &turn, words);
        package.push(&body.take())?;
    }
    let marking = conversation.marking.as_ref();
    package.end(&body, title, conversation.created, &words.language, marking)
}

fn push_turn<'a>(body: &mut Body<'a>, turn: &Turn<'a>, words: &'a Words) {
    body.paragraph(Place::styled("Heading1"), &plain(turn.speaker(words)));
    let mut note = time::shown(turn.message.created);
    if let Some(versions) = turn.other_versions(words) {
        note = format!("{note} · {versions}");
    }
    body.paragraph(Place::styled("Note"), &plain(&note));
    body.blocks(&blocks(&turn.message.text), Place::default());
    if let Some(ending) = turn.ending(words) {
        body.paragraph(Place::styled("Ending"), &plain(ending));
    }
    let mut others = Vec::new();
    for file in &turn.message.files {
        match picture::of(file).filter(|picture| picture.kind != picture::Kind::WebP) {
            Some(picture) => body.picture(picture),
            None => others.push(file.name.as_str()),
        }
    }
    if !others.is_empty() {
        body.paragraph(Place::styled("Note"), &plain(&words.files));
        body.bullets(&others);
    }
}

/// Text without any style.
fn plain(text: &str) -> Vec<Inline> {
    vec![Inline::plain(text)]
}
