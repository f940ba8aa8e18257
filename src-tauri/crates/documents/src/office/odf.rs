//! ODT and ODP: text documents and presentations of OpenDocument (ODF 1.3 part 3).

use super::odf_styles::Styles;
use crate::line::Line;
use crate::parts::{Parts, join};
use crate::writer::{Style, Writer};
use crate::xml::{Element, Event, Xml};
use crate::{Document, Kind, ReadError};

/// How many spaces one element may stand for.
const SPACES: usize = 100;

/// Reads a text document or a presentation.
///
/// # Errors
/// [`ReadError::Damaged`] and [`ReadError::TooLarge`].
pub fn read(parts: &mut Parts<'_>) -> Result<Document, ReadError> {
    let content = parts.needed("content.xml")?;
    let mut styles = Styles::default();
    if let Some(text) = parts.text("styles.xml")? {
        styles.add(&text)?;
    }
    styles.add(&content)?;
    let mut reader = Reader { styles, ..Reader::default() };
    let mut xml = Xml::new(&content);
    while let Some(event) = xml.next()? {
        match event {
            Event::Open(element) => reader.open(&element, &mut xml, parts)?,
            Event::Close(name) => reader.close(&name),
            Event::Text(text) => reader.text(&text),
        }
    }
    let kind = if reader.slides { Kind::Slide } else { Kind::Text };
    if !reader.slides {
        reader.end_page(None);
    }
    Ok(Document { kind, pages: reader.pages, notes: Vec::new() })
}

#[derive(Debug, Default)]
struct Reader {
    styles: Styles,
    writer: Writer,
    pages: Vec<crate::Page>,
    /// Whether it is a presentation.
    slides: bool,
    page_name: Option<String>,
    /// What is around the text.
    around: Vec<Around>,
    /// The lists around, and how far each was counted.
    lists: Vec<List>,
    /// What each list style was counted to at its end, for one that goes on.
    ended: u32,
    /// Whether the next paragraph is the first of its item.
    item: Option<Item>,
    heading: Option<usize>,
    /// The paragraphs around a note or a text box.
    aside: Vec<(Line, Option<usize>, Option<Item>, usize)>,
    /// How many paragraphs are around: text outside of them is only the layout of the XML.
    paragraphs: usize,
    notes: u32,
    notes_shown: bool,
    span: usize,
}

/// An element that says something about the text in it.
#[derive(Debug)]
struct Around {
    name: String,
    hidden: bool,
    white: Option<bool>,
    painted: bool,
    title: bool,
}

#[derive(Debug)]
struct List {
    style: String,
    count: u32,
}

#[derive(Debug, Clone, Copy)]
struct Item {
    /// How many lists it is in.
    depth: usize,
    /// The number that it says it has.
    start: Option<u32>,
}

impl Reader {
    fn open(
        &mut self,
        element: &Element<'_>,
        xml: &mut Xml<'_>,
        parts: &mut Parts<'_>,
    ) -> Result<(), ReadError> {
        match element.name() {
            // What was deleted; forms, scripts and pictures; what is said about pictures; the
            // reading of a character.
            "tracked-changes" | "forms" | "scripts" | "image" | "desc" | "ruby-text" | "styles"
            | "automatic-styles" | "master-styles" | "font-face-decls" | "event-listeners"
            | "sequence-decls" | "variable-decls" | "user-field-decls" => return xml.skip(),
            // What a drawing is called; a title in the text is a field of the same name.
            "title" if self.paragraphs == 0 => return xml.skip(),
            "object" => {
                let name = join("", &element.attribute("href").unwrap_or_default());
                let object = parts.text(&format!("{name}/content.xml"))?;
                if let Some(formula) = object.map(|text| formula(&text)).transpose()?.flatten() {
                    self.writer.text(&formula, self.is_hidden());
                }
                return xml.skip();
            }
            "s" => {
                let count = element.attribute("c").and_then(|count| count.parse().ok());
                let spaces = " ".repeat(count.unwrap_or(1).min(SPACES));
                self.writer.text(&spaces, self.is_hidden());
            }
            "tab" => self.writer.text("\t", false),
            "line-break" => self.writer.text("\n", false),
            "p" | "h" => self.open_paragraph(element),
            "note" | "annotation" => self.open_note(),
            "note-citation" => return xml.skip(),
            "text-box" => self.set_aside(),
            "page" => {
                self.slides = true;
                self.notes_shown = false;
                self.page_name = None;
            }
            "notes" if self.slides => {
                self.writer.end(Style::Paragraph);
            }
            "list" => {
                let style = element.attribute("text:style-name");
                let outer = self.lists.last().map(|list| list.style.clone());
                let goes_on = element.attribute("continue-numbering").as_deref() == Some("true");
                let count = if goes_on { self.ended } else { 0 };
                let style = style.or(outer).unwrap_or_default();
                self.lists.push(List { style, count });
            }
            "list-item" => self.open_item(element),
            "list-header" => self.item = None,
            "table" => self.writer.open_table(),
            "table-row" => self.writer.open_row(),
            "table-cell" | "covered-table-cell" => {
                self.writer.open_cell();
                let repeated = element.attribute("number-columns-repeated");
                self.span = repeated.and_then(|count| count.parse().ok()).unwrap_or(1);
            }
            _ => {}
        }
        self.surround(element);
        Ok(())
    }

    /// Keeps what an element says about the text in it.
    fn surround(&mut self, element: &Element<'_>) {
        let styles = [
            "text:style-name",
            "table:style-name",
            "draw:style-name",
            "draw:text-style-name",
            "presentation:style-name",
        ];
        let styles: Vec<_> = styles.iter().filter_map(|name| element.attribute(name)).collect();
        let hidden_here = element.attribute("is-hidden").as_deref() == Some("true")
            || element.attribute("text:display").as_deref() == Some("none");
        self.around.push(Around {
            name: element.name().to_owned(),
            hidden: hidden_here || styles.iter().any(|style| self.styles.is_hidden(style)),
            white: styles.iter().find_map(|style| self.styles.is_white(style)),
            painted: styles.iter().any(|style| self.styles.is_painted(style)),
            title: element.attribute("presentation:class").as_deref() == Some("title"),
        });
    }

    fn open_paragraph(&mut self, element: &Element<'_>) {
        self.paragraphs += 1;
        self.heading = (element.name() == "h").then(|| {
            let level = element.attribute("outline-level").and_then(|level| level.parse().ok());
            level.unwrap_or(1)
        });
        if self.around.iter().any(|around| around.title) {
            self.heading = Some(1);
        }
        let in_notes = self.around.iter().any(|around| around.name == "notes");
        if self.slides && in_notes && !self.notes_shown {
            self.notes_shown = true;
            self.writer.text("Notes:", false);
            self.writer.end(Style::Paragraph);
        }
    }

    fn open_item(&mut self, element: &Element<'_>) {
        let start = element.attribute("start-value").and_then(|start| start.parse().ok());
        self.item = Some(Item { depth: self.lists.len(), start });
    }

    /// Counts an item. One in which only further lists are is none.
    fn number(&mut self, item: Item) -> Option<u32> {
        let list = self.lists.last_mut()?;
        list.count = item.start.unwrap_or_else(|| list.count.saturating_add(1));
        self.styles.is_numbered(&list.style, item.depth).then_some(list.count)
    }

    fn open_note(&mut self) {
        self.notes += 1;
        self.writer.markup(&format!("[^{}]", self.notes));
        self.set_aside();
        self.writer.begin_note();
    }

    fn set_aside(&mut self) {
        let paragraphs = std::mem::take(&mut self.paragraphs);
        let line = self.writer.set_aside();
        self.aside.push((line, self.heading.take(), self.item.take(), paragraphs));
    }

    fn resume(&mut self) {
        if let Some((line, heading, item, paragraphs)) = self.aside.pop() {
            self.writer.resume(line);
            (self.heading, self.item, self.paragraphs) = (heading, item, paragraphs);
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" | "h" => {
                self.paragraphs = self.paragraphs.saturating_sub(1);
                let style = match (self.heading.take(), self.item) {
                    (Some(level), _) => Style::Heading(level),
                    (None, Some(item)) if !self.writer.line().is_blank() => {
                        Style::Item(item.depth.saturating_sub(1), self.number(item))
                    }
                    (None, _) => Style::Paragraph,
                };
                if self.writer.end(style) {
                    self.item = None;
                }
            }
            "note" | "annotation" => {
                let note = self.writer.take_note();
                self.writer.footnote(&self.notes.to_string(), note);
                self.resume();
            }
            "text-box" => {
                self.writer.end(Style::Paragraph);
                self.resume();
            }
            "list" => {
                self.ended = self.lists.pop().map_or(0, |list| list.count);
                self.item = None;
            }
            "list-item" => self.item = None,
            "table-cell" | "covered-table-cell" => self.writer.close_cell(self.span),
            "table" => self.writer.close_table(false),
            "page" => self.end_page(None),
            _ => {}
        }
        if self.around.last().is_some_and(|around| around.name == name) {
            self.around.pop();
        }
    }

    fn end_page(&mut self, name: Option<String>) {
        self.pages.push(std::mem::take(&mut self.writer).finish(name));
    }

    fn text(&mut self, text: &str) {
        let dated = self.around.last().is_some_and(|around| around.name == "date");
        let named = self.around.last().is_some_and(|around| around.name == "creator");
        if self.paragraphs == 0 || dated {
            // Whose comment it is.
            if named && !text.trim().is_empty() {
                self.writer.text(&format!("{}: ", text.trim()), false);
            }
            return;
        }
        // White space collapses across elements (section 6.1.2).
        let hidden = self.is_hidden();
        for piece in text.split_inclusive([' ', '\n', '\t', '\r']) {
            let word = piece.trim_end_matches([' ', '\n', '\t', '\r']);
            self.writer.text(word, hidden);
            let ended = self.writer.line().last().is_none_or(char::is_whitespace);
            if word.len() < piece.len() && !ended {
                self.writer.text(" ", hidden);
            }
        }
    }

    fn is_hidden(&self) -> bool {
        let white = self.around.iter().rev().find_map(|around| around.white).unwrap_or(false);
        // A presentation's background is told by its master pages, which are not read.
        let painted = self.slides || self.around.iter().any(|around| around.painted);
        self.around.iter().any(|around| around.hidden) || (white && !painted)
    }
}

/// The formula of an embedded object, as it was typed, else what its MathML shows.
fn formula(text: &str) -> Result<Option<String>, ReadError> {
    let mut xml = Xml::new(text);
    let (mut is_math, mut shown) = (false, String::new());
    while let Some(event) = xml.next()? {
        match event {
            Event::Open(element) if element.name() == "math" => is_math = true,
            Event::Open(element) if element.name() == "annotation" => {
                return Ok(Some(xml.text()?.trim().to_owned()));
            }
            Event::Text(text) => shown.push_str(text.trim()),
            Event::Open(_) | Event::Close(_) => {}
        }
    }
    Ok(is_math.then_some(shown))
}
