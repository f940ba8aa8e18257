//! EPUB, one page a chapter, in the order of the book's spine (EPUB 3.3, section 5).

use std::collections::HashMap;

use crate::parts::{Parts, join};
use crate::xml::{Event, Xml};
use crate::{Document, Kind, Note, ReadError, html};

/// Reads a book.
///
/// # Errors
/// [`ReadError::Damaged`] and [`ReadError::TooLarge`]; [`ReadError::Unsupported`] where its chapters
/// are encrypted.
pub fn read(parts: &mut Parts<'_>) -> Result<Document, ReadError> {
    let package = package(parts)?;
    let folder = package.rsplit_once('/').map_or("", |(folder, _)| folder);
    let text = parts.needed(&package)?;
    let (mut files, mut spine) = (HashMap::new(), Vec::new());
    let mut xml = Xml::new(&text);
    while let Some(event) = xml.next()? {
        let Event::Open(element) = event else { continue };
        match element.name() {
            "item" => {
                if let (Some(id), Some(href)) = (element.attribute("id"), element.attribute("href"))
                {
                    files.insert(id, join(folder, &unescape(&href)));
                }
            }
            "itemref" => spine.extend(element.attribute("idref")),
            _ => {}
        }
    }
    let encrypted = encrypted(parts)?;
    let (mut pages, mut notes) = (Vec::new(), Vec::new());
    for id in &spine {
        let Some(file) = files.get(id) else { continue };
        if encrypted.contains(file) {
            return Err(ReadError::Unsupported("a book that its seller encrypted".into()));
        }
        match parts.text(file)? {
            Some(text) => {
                let mut page = html::page(&text);
                page.name = heading(&page.text).or(page.name);
                pages.push(page);
            }
            None => notes.push(Note::LeftOut { what: file.clone() }),
        }
    }
    if pages.is_empty() {
        return Err(ReadError::Damaged("the book has no chapters".into()));
    }
    Ok(Document { kind: Kind::Section, pages, notes })
}

/// The name of the part that lists all others.
fn package(parts: &mut Parts<'_>) -> Result<String, ReadError> {
    let text = parts.needed("META-INF/container.xml")?;
    let mut xml = Xml::new(&text);
    while let Some(event) = xml.next()? {
        if let Event::Open(element) = event
            && element.name() == "rootfile"
            && let Some(path) = element.attribute("full-path")
        {
            return Ok(join("", &path));
        }
    }
    Err(ReadError::Damaged("the book does not say where its chapters are listed".into()))
}

/// The names of the parts that are encrypted; of most books these are fonts.
fn encrypted(parts: &mut Parts<'_>) -> Result<Vec<String>, ReadError> {
    let mut names = Vec::new();
    let Some(text) = parts.text("META-INF/encryption.xml")? else { return Ok(names) };
    let mut xml = Xml::new(&text);
    while let Some(event) = xml.next()? {
        if let Event::Open(element) = event
            && element.name() == "CipherReference"
        {
            names.extend(element.attribute("URI").map(|name| join("", &unescape(&name))));
        }
    }
    Ok(names)
}

/// The first heading of a chapter.
fn heading(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with('#'))?;
    let title = line.trim_start_matches('#').trim().replace('\\', "");
    (!title.is_empty()).then_some(title)
}

/// A reference without its percent signs and its fragment.
fn unescape(reference: &str) -> String {
    let path = reference.split('#').next().unwrap_or_default();
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [byte, after @ ..] = rest {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let value = hex.filter(|_| *byte == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(value.unwrap_or(*byte));
        rest = if value.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
