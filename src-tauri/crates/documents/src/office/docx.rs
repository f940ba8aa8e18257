//! DOCX: WordprocessingML (ECMA-376 part 1, section 17).
//!
//! Read are the document's text with what was inserted and not what was deleted, text boxes,
//! footnotes, endnotes and comments. Headers and footers repeat on each page, and are left out.

use std::collections::HashMap;

use super::docx_styles::{Style, Styles, is_shading};
use super::equation::Equation;
use super::numbering::{Label, Numbering};
use crate::line::Line;
use crate::parts::Parts;
use crate::writer::{self, Writer};
use crate::xml::{Element, Event, Xml};
use crate::{Document, Kind, Note, ReadError};

/// Text of this size (in half points) or less is not seen.
const TINY: u32 = 4;

/// Reads the document whose main part has this name.
///
/// # Errors
/// [`ReadError::Damaged`] and [`ReadError::TooLarge`].
pub fn read(parts: &mut Parts<'_>, main: &str) -> Result<Document, ReadError> {
    let relations = parts.relations(main)?;
    let mut of_kind = |kind: &str| {
        let target = relations.values().find(|relation| relation.kind == kind);
        target.map_or(Ok(None), |relation| parts.text(&relation.target))
    };
    let styles = of_kind("styles")?.map(|text| Styles::read(&text)).transpose()?;
    let numbering = of_kind("numbering")?.map(|text| Numbering::read(&text)).transpose()?;
    let notes = [
        ("footnote", "", of_kind("footnotes")?),
        ("endnote", "e", of_kind("endnotes")?),
        ("comment", "c", of_kind("comments")?),
    ];
    let mut reader = Reader {
        styles: styles.unwrap_or_default(),
        numbering: numbering.unwrap_or_default(),
        ..Reader::default()
    };
    reader.story(&mut Xml::new(&parts.needed(main)?), None)?;
    let mut names = std::mem::take(&mut reader.marks);
    for (element, prefix, text) in notes {
        let Some(text) = text else { continue };
        let written = reader.notes(element, prefix, &text)?;
        for name in names.extract_if(.., |name| written.contains_key(name)) {
            if let Some(line) = written.get(&name) {
                reader.writer.footnote(&name, line.clone());
            }
        }
    }
    let left_out = relations.values().filter(|relation| relation.kind == "aFChunk");
    let left_out = left_out.map(|part| Note::LeftOut { what: part.target.clone() }).collect();
    Ok(Document { kind: Kind::Text, pages: vec![reader.writer.finish(None)], notes: left_out })
}

/// Where the reader is in the text.
#[derive(Debug, Default)]
struct Reader {
    styles: Styles,
    numbering: Numbering,
    writer: Writer,
    paragraph: Paragraph,
    run: Run,
    properties: Of,
    /// The paragraphs around a text box.
    around: Vec<(Paragraph, Run, Line)>,
    /// Which of the tables around are painted, and which of their cells.
    tables: Vec<Table>,
    /// Whether the page itself is painted.
    painted: bool,
    /// The names of the notes that were referred to, in order.
    marks: Vec<String>,
}

#[derive(Debug, Default)]
struct Paragraph {
    style: Style,
    heading: Option<usize>,
    list: Option<String>,
    level: Option<usize>,
    shaded: bool,
}

/// What the properties that are read are of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Of {
    #[default]
    Run,
    /// A paragraph, or the mark at its end.
    Paragraph,
    Cell,
}

#[derive(Debug, Default)]
struct Run {
    vanish: Option<bool>,
    style: Style,
    white: bool,
    shaded: bool,
    tiny: bool,
}

#[derive(Debug, Default)]
struct Table {
    painted: bool,
    cell_painted: bool,
    span: usize,
}

impl Reader {
    /// Reads until the element named `until` ends, or to the end.
    fn story(&mut self, xml: &mut Xml<'_>, until: Option<&str>) -> Result<(), ReadError> {
        while let Some(event) = xml.next()? {
            match event {
                Event::Open(element) => self.open(&element, xml)?,
                Event::Close(name) if Some(name.as_str()) == until => return Ok(()),
                Event::Close(name) => self.close(&name),
                // Only what stands in an element of text is text, and that is read where it opens.
                Event::Text(_) => {}
            }
        }
        Ok(())
    }

    fn open(&mut self, element: &Element<'_>, xml: &mut Xml<'_>) -> Result<(), ReadError> {
        match element.name() {
            "del" | "moveFrom" | "Fallback" | "pPrChange" | "rPrChange" | "sectPr"
            | "instrText" | "delText" | "tblPrChange" | "tcPrChange" | "trPrChange" => {
                xml.skip()?
            }
            "p" => self.paragraph = Paragraph::default(),
            "r" => self.run = Run::default(),
            "t" => {
                let text = xml.text()?;
                let hidden = self.is_hidden();
                self.writer.text(&text, hidden);
            }
            "tab" if self.properties == Of::Run => self.writer.text("\t", false),
            "br" | "cr" => self.writer.text("\n", false),
            "noBreakHyphen" => self.writer.text("\u{2011}", false),
            "oMath" => self.equation(xml)?,
            "footnoteReference" => self.refer("", element),
            "endnoteReference" => self.refer("e", element),
            "commentReference" => self.refer("c", element),
            "txbxContent" => {
                let around = (
                    std::mem::take(&mut self.paragraph),
                    std::mem::take(&mut self.run),
                    self.writer.set_aside(),
                );
                self.around.push(around);
            }
            "background" => self.painted |= is_shading(element.attribute("color")),
            "tbl" | "tr" | "tc" | "tblStyle" | "gridSpan" => self.table(element),
            _ => self.property(element),
        }
        Ok(())
    }

    fn table(&mut self, element: &Element<'_>) {
        match element.name() {
            "tbl" => {
                self.writer.open_table();
                self.tables.push(Table::default());
            }
            "tr" => self.writer.open_row(),
            "tc" => {
                self.writer.open_cell();
                if let Some(table) = self.tables.last_mut() {
                    (table.span, table.cell_painted) = (1, false);
                }
            }
            name => {
                let Some(table) = self.tables.last_mut() else { return };
                let value = element.attribute("val").unwrap_or_default();
                match name {
                    "tblStyle" => table.painted |= self.styles.get(&value).shaded,
                    _ => table.span = value.parse().unwrap_or(1),
                }
            }
        }
    }

    /// A property of a paragraph or a run.
    fn property(&mut self, element: &Element<'_>) {
        let value = || element.attribute("val").unwrap_or_default();
        match element.name() {
            "pPr" => self.properties = Of::Paragraph,
            "tcPr" => self.properties = Of::Cell,
            "pStyle" => self.paragraph.style = self.styles.get(&value()),
            "outlineLvl" => {
                let level = value().parse::<usize>().ok().filter(|level| *level < 9);
                self.paragraph.heading = level.map(|level| level + 1);
            }
            "numId" => self.paragraph.list = Some(value()),
            "ilvl" => self.paragraph.level = value().parse().ok(),
            "shd" | "highlight" => {
                let painted = match element.attribute("val") {
                    Some(color) if element.name() == "highlight" => {
                        color != "white" && color != "none"
                    }
                    _ => is_shading(element.attribute("fill")),
                };
                match (self.properties, self.tables.last_mut()) {
                    (Of::Paragraph, _) => self.paragraph.shaded |= painted,
                    (Of::Cell, Some(table)) => table.cell_painted |= painted,
                    _ => self.run.shaded |= painted,
                }
            }
            _ if self.properties != Of::Run => {}
            "vanish" | "webHidden" => self.run.vanish = Some(element.is_on()),
            "rStyle" => self.run.style = self.styles.get(&value()),
            "color" => self.run.white = value().eq_ignore_ascii_case("ffffff"),
            "sz" => self.run.tiny = value().parse::<u32>().is_ok_and(|size| size <= TINY),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" => self.end_paragraph(),
            "pPr" | "tcPr" => self.properties = Of::Run,
            "r" => self.run = Run::default(),
            "txbxContent" => {
                if let Some((paragraph, run, line)) = self.around.pop() {
                    self.writer.end(writer::Style::Paragraph);
                    (self.paragraph, self.run) = (paragraph, run);
                    self.writer.resume(line);
                }
            }
            "tc" => {
                let span = self.tables.last().map_or(1, |table| table.span);
                self.writer.close_cell(span);
            }
            "tbl" => {
                self.tables.pop();
                self.writer.close_table(false);
            }
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        let heading = paragraph.heading.or(paragraph.style.heading);
        let list = paragraph.list.or(paragraph.style.list).filter(|list| list != "0");
        let level = paragraph.level.or(paragraph.style.level).unwrap_or(0);
        let label = match list {
            Some(list) if !self.writer.line().is_blank() => self.numbering.next(&list, level),
            _ => None,
        };
        let text = self.writer.set_aside();
        let (style, prefix) = match (heading, label) {
            (Some(level), Some(Label::Number(number))) => {
                (writer::Style::Heading(level), format!("{number}. "))
            }
            (Some(level), Some(Label::Other(label))) => {
                (writer::Style::Heading(level), format!("{label} "))
            }
            (Some(level), _) => (writer::Style::Heading(level), String::new()),
            (None, Some(Label::Number(number))) => {
                (writer::Style::Item(level, Some(number)), String::new())
            }
            (None, Some(Label::Other(label))) => {
                (writer::Style::Item(level, None), format!("{label} "))
            }
            (None, Some(Label::Bullet)) => (writer::Style::Item(level, None), String::new()),
            (None, None) => (writer::Style::Paragraph, String::new()),
        };
        if !text.is_blank() {
            self.writer.text(&prefix, false);
        }
        let mut line = self.writer.set_aside();
        line.append(&text);
        self.writer.resume(line);
        self.writer.end(style);
    }

    fn is_hidden(&self) -> bool {
        let run = &self.run;
        let paragraph = &self.paragraph;
        let vanish = run.vanish.or(run.style.vanish).or(paragraph.style.vanish);
        // A text box has a colour of its own behind it.
        let painted = run.shaded
            || run.style.shaded
            || paragraph.shaded
            || paragraph.style.shaded
            || self.painted
            || !self.around.is_empty()
            || self.tables.iter().any(|table| table.painted || table.cell_painted);
        vanish == Some(true) || run.tiny || (run.white && !painted)
    }

    fn refer(&mut self, prefix: &str, element: &Element<'_>) {
        let Some(id) = element.attribute("id") else { return };
        let id: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
        let name = format!("{prefix}{id}");
        self.writer.markup(&format!("[^{name}]"));
        self.marks.push(name);
    }

    fn equation(&mut self, xml: &mut Xml<'_>) -> Result<(), ReadError> {
        let mut equation = Equation::default();
        equation.open("oMath");
        while let Some(event) = xml.next()? {
            match event {
                Event::Open(element) => {
                    let name = element.name();
                    equation.open(name);
                    if let ("chr" | "begChr" | "endChr", Some(value)) =
                        (name, element.attribute("val"))
                    {
                        equation.sign(name, value);
                    }
                }
                Event::Text(text) => equation.text(text.trim_matches(['\n', '\r'])),
                Event::Close(_) => {
                    if let Some(text) = equation.close() {
                        self.writer.text(&text, self.run.vanish == Some(true));
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    /// The notes of a part, by name.
    fn notes(
        &mut self,
        kind: &str,
        prefix: &str,
        text: &str,
    ) -> Result<HashMap<String, Line>, ReadError> {
        let mut notes = HashMap::new();
        let mut xml = Xml::new(text);
        while let Some(event) = xml.next()? {
            let Event::Open(element) = event else { continue };
            if element.name() != kind {
                continue;
            }
            let id = element.attribute("id").unwrap_or_default();
            let author = element.attribute("author").filter(|author| !author.is_empty());
            self.writer.begin_note();
            self.story(&mut xml, Some(kind))?;
            let note = self.writer.take_note();
            let mut line = Line::default();
            if let Some(author) = author {
                line.push(&format!("{author}: "), false);
            }
            line.append(&note);
            if !note.is_blank() {
                notes.insert(format!("{prefix}{id}"), line);
            }
        }
        Ok(notes)
    }
}
