//! `bureau extract`: the text of a document, page by page.

use assistant::{Assistant, Document, Kind, Note};
use conversation::Failure;
use serde::Serialize;

use crate::args::Extract;
use crate::exit::Exit;
use crate::{output, unlock};

/// A line of `--json`.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line<'a> {
    /// A page; the first is 1. `hidden` are bytes of its text that a reader does not see.
    Page {
        page: usize,
        name: Option<&'a str>,
        text: &'a str,
        hidden: Vec<(usize, usize)>,
    },
    Document {
        kind: Kind,
        pages: usize,
        notes: &'a [Note],
    },
}

pub fn run(assistant: &Assistant, extract: &Extract) -> Result<Exit, Failure> {
    let password = unlock::document_password(extract.password_file.as_deref())?;
    let document = assistant.extract(&extract.file, password.as_deref())?;
    if extract.json {
        return write_json(&document);
    }
    for note in &document.notes {
        eprintln!("bureau: {}", told(note));
    }
    if document.pages.iter().any(|page| !page.hidden.is_empty()) {
        eprintln!(
            "bureau: some of this text is hidden from who looks at the file; --json says which"
        );
    }
    for (place, page) in document.pages.iter().enumerate() {
        // As other programs do that read documents: a form feed between two pages.
        output::write(if place == 0 { "" } else { "\u{c}" })?;
        output::write(&output::printable(&page.text))?;
        output::write("\n")?;
    }
    Ok(Exit::Done)
}

fn write_json(document: &Document) -> Result<Exit, Failure> {
    for (place, page) in document.pages.iter().enumerate() {
        output::write_json(&Line::Page {
            page: place + 1,
            name: page.name.as_deref(),
            text: &page.text,
            hidden: page.hidden.iter().map(|range| (range.start, range.end)).collect(),
        })?;
    }
    let (kind, pages) = (document.kind, document.pages.len());
    output::write_json(&Line::Document { kind, pages, notes: &document.notes })?;
    Ok(Exit::Done)
}

/// How a file was read, in words.
pub fn told(note: &Note) -> String {
    let list = |pages: &[u32]| pages.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    match note {
        Note::NotRecognised { pages } => format!(
            "these pages are pictures, whose text needs the program tesseract: {}",
            list(pages)
        ),
        Note::Recognised { pages } => {
            format!("the text of these pages was recognised in pictures: {}", list(pages))
        }
        Note::CutShort { read } => format!("the file is too long; {read} pages or rows were read"),
        Note::LeftOut { what } => format!("this was left out: {}", output::printable_line(what)),
    }
}
