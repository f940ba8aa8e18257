//! PPTX: PresentationML (ECMA-376 part 1, section 19), one page a slide, with its speaker notes.
//!
//! Whether text has the colour of what is behind it is not told: that comes of the slide, its
//! layout, its master and their theme.

use crate::parts::Parts;
use crate::writer::{Style, Writer};
use crate::xml::{Element, Event, Xml};
use crate::{Document, Kind, Page, ReadError};

/// Reads the presentation whose main part has this name.
///
/// # Errors
/// [`ReadError::Damaged`] and [`ReadError::TooLarge`].
pub fn read(parts: &mut Parts<'_>, main: &str) -> Result<Document, ReadError> {
    let relations = parts.relations(main)?;
    let text = parts.needed(main)?;
    let mut xml = Xml::new(&text);
    let (mut slides, mut size) = (Vec::new(), None);
    while let Some(event) = xml.next()? {
        let Event::Open(element) = event else { continue };
        match element.name() {
            "sldId" => {
                let id = element.attribute("r:id").unwrap_or_default();
                slides.extend(relations.get(&id).map(|relation| relation.target.clone()));
            }
            "sldSz" => size = pair(&element, "cx", "cy"),
            _ => {}
        }
    }
    let pages = slides.iter().map(|slide| page(parts, slide, size));
    Ok(Document { kind: Kind::Slide, pages: pages.collect::<Result<_, _>>()?, notes: Vec::new() })
}

fn page(parts: &mut Parts<'_>, slide: &str, size: Option<(i64, i64)>) -> Result<Page, ReadError> {
    let relations = parts.relations(slide)?;
    let text = parts.needed(slide)?;
    let mut reader = Reader { size, ..Reader::default() };
    reader.shapes(&mut Xml::new(&text))?;
    // What SmartArt says is in a part of its own.
    for id in std::mem::take(&mut reader.diagrams) {
        let Some(relation) = relations.get(&id) else { continue };
        if let Some(text) = parts.text(&relation.target)? {
            reader.shape = Shape::default();
            reader.shapes(&mut Xml::new(&text))?;
        }
    }
    let notes = relations.values().find(|relation| relation.kind == "notesSlide");
    if let Some(text) = notes.map(|notes| parts.text(&notes.target)).transpose()?.flatten() {
        let mut notes = Reader { only: Some("body"), ..Reader::default() };
        notes.writer = std::mem::take(&mut reader.writer);
        notes.title = Some("Notes:");
        notes.shapes(&mut Xml::new(&text))?;
        reader.writer = notes.writer;
    }
    Ok(reader.writer.finish(None))
}

#[derive(Debug, Default)]
struct Reader {
    writer: Writer,
    /// The size of the slide.
    size: Option<(i64, i64)>,
    /// Whether the whole slide is hidden.
    hidden: bool,
    /// How many groups are around; what is in one has coordinates of its own.
    groups: usize,
    shape: Shape,
    paragraph: Paragraph,
    diagrams: Vec<String>,
    /// The only kind of placeholder that is read.
    only: Option<&'static str>,
    /// What stands before the first text.
    title: Option<&'static str>,
}

#[derive(Debug, Default)]
struct Shape {
    placeholder: Option<String>,
    hidden: bool,
    outside: bool,
    offset: Option<(i64, i64)>,
}

#[derive(Debug, Default)]
struct Paragraph {
    level: usize,
    /// Whether it has a bullet or a number, where it says so itself.
    listed: Option<bool>,
}

impl Reader {
    fn shapes(&mut self, xml: &mut Xml<'_>) -> Result<(), ReadError> {
        while let Some(event) = xml.next()? {
            match event {
                Event::Open(element) => self.open(&element, xml)?,
                Event::Close(name) => self.close(&name),
                Event::Text(_) => {}
            }
        }
        Ok(())
    }

    fn open(&mut self, element: &Element<'_>, xml: &mut Xml<'_>) -> Result<(), ReadError> {
        match element.name() {
            "Fallback" => xml.skip()?,
            "sld" => self.hidden = element.attribute("show").is_some_and(|show| is_off(&show)),
            "grpSp" => self.groups += 1,
            "sp" | "graphicFrame" | "pic" | "cxnSp" => self.shape = Shape::default(),
            "cNvPr" => {
                self.shape.hidden = element.attribute("hidden").is_some_and(|is| !is_off(&is));
            }
            "ph" => {
                self.shape.placeholder =
                    Some(element.attribute("type").unwrap_or_else(|| "body".into()));
            }
            "off" => self.shape.offset = pair(element, "x", "y"),
            "ext" if self.groups == 0 => self.place(element),
            "relIds" => self.diagrams.extend(element.attribute("r:dm")),
            "p" => self.paragraph = Paragraph::default(),
            "pPr" => {
                let level = element.attribute("lvl").and_then(|level| level.parse().ok());
                self.paragraph.level = level.unwrap_or(0);
            }
            "buNone" => self.paragraph.listed = Some(false),
            "buChar" | "buAutoNum" => self.paragraph.listed = Some(true),
            "t" => {
                let text = xml.text()?;
                self.text(&text);
            }
            "br" => self.text("\n"),
            "tbl" => self.writer.open_table(),
            "tr" => self.writer.open_row(),
            // Of a cell that spans others, those are there too, and are empty.
            "tc" => self.writer.open_cell(),
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str) {
        match name {
            "grpSp" => self.groups = self.groups.saturating_sub(1),
            "p" => {
                let style = self.style();
                self.writer.end(style);
            }
            "tc" => self.writer.close_cell(1),
            "tbl" => self.writer.close_table(false),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let placeholder = self.shape.placeholder.as_deref();
        // The number, the date and the foot of every slide say nothing of this one.
        if matches!(placeholder, Some("sldNum" | "dt" | "ftr" | "hdr" | "sldImg"))
            || (self.only.is_some() && placeholder != self.only)
        {
            return;
        }
        if !text.trim().is_empty()
            && let Some(title) = self.title.take()
        {
            self.writer.text(title, false);
            self.writer.end(Style::Paragraph);
        }
        self.writer.text(text, self.hidden || self.shape.hidden || self.shape.outside);
    }

    fn style(&self) -> Style {
        match self.shape.placeholder.as_deref() {
            Some("title" | "ctrTitle") => Style::Heading(1),
            _ if self.only.is_some() => Style::Paragraph,
            placeholder => {
                let listed = matches!(placeholder, Some("body" | "obj"));
                if self.paragraph.listed.unwrap_or(listed) {
                    Style::Item(self.paragraph.level, None)
                } else {
                    Style::Paragraph
                }
            }
        }
    }

    /// Whether the shape is beside the slide, where nobody sees it.
    fn place(&mut self, extent: &Element<'_>) {
        let (Some((x, y)), Some((width, height)), Some((slide_width, slide_height))) =
            (self.shape.offset, pair(extent, "cx", "cy"), self.size)
        else {
            return;
        };
        self.shape.outside = x >= slide_width
            || y >= slide_height
            || x.saturating_add(width) <= 0
            || y.saturating_add(height) <= 0;
    }
}

fn is_off(value: &str) -> bool {
    matches!(value, "0" | "false")
}

fn pair(element: &Element<'_>, first: &str, second: &str) -> Option<(i64, i64)> {
    Some((element.attribute(first)?.parse().ok()?, element.attribute(second)?.parse().ok()?))
}
