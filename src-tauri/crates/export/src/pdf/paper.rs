//! Sheets that are filled from top to bottom, one after the other.

use std::rc::Rc;

use conversation::{Marking, Timestamp};
use krilla::Document;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::destination::XyzDestination;
use krilla::geom::{Point, Rect, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag, Tag};

use super::line::{Colour, Line, Mark};
use super::tags::{Leaf, Tags};
use super::typeset::{Look, Typesetter};
use crate::ExportError;

/// A4, and what is free around the text.
const PAGE: (f32, f32) = (595.28, 841.89);
const TOP: f32 = 64.0;
const BOTTOM: f32 = PAGE.1 - 72.0;
/// Where the text begins, and how wide it is.
pub const LEFT: f32 = 72.0;
pub const WIDTH: f32 = PAGE.0 - 2.0 * LEFT;
/// How much fits on a page.
pub const HEIGHT: f32 = BOTTOM - TOP;
/// The height of the classification at the head and the foot.
const BAND: f32 = 20.0;
/// Where the number of the page stands.
const FOOT: f32 = PAGE.1 - 48.0;

/// The document as it is filled.
pub struct Paper {
    /// Sets its text.
    pub typesetter: Typesetter,
    /// Its structure.
    pub tags: Tags,
    /// The classification, at the head and the foot of each page.
    marking: Option<Marking>,
    document: Document,
    outline: Outline,
    number: usize,
    /// How far the page is filled.
    y: f32,
    /// Space that is left before the next line, unless a page begins with it.
    gap: f32,
    /// Marks of a list that stand before the next line.
    labels: Vec<(Label, Leaf)>,
    panels: Vec<(Panel, f32)>,
    page: Sheet,
}

/// The mark of a list's item.
pub struct Label {
    /// The mark.
    pub line: Line,
    /// Where it begins.
    pub x: f32,
}

/// A coloured ground of several lines, or a bar beside them.
#[derive(Debug, Clone, Copy)]
pub struct Panel {
    /// Where it begins.
    pub x: f32,
    /// Its width.
    pub width: f32,
    /// Its colour.
    pub colour: Colour,
}

/// What is drawn on one page.
#[derive(Default)]
struct Sheet {
    grounds: Vec<Mark>,
    placed: Vec<Placed>,
    links: Vec<(Rect, Rc<str>, Leaf)>,
}

struct Placed {
    at: (f32, f32),
    leaf: Leaf,
    marks: Vec<Mark>,
}

impl Paper {
    /// Empty paper.
    pub fn new(marking: Option<&Marking>) -> Self {
        Self {
            marking: marking.cloned(),
            typesetter: Typesetter::new(),
            tags: Tags::default(),
            document: Document::new(),
            outline: Outline::new(),
            number: 0,
            y: TOP,
            gap: 0.0,
            labels: Vec::new(),
            panels: Vec::new(),
            page: Sheet::default(),
        }
    }

    /// Leaves at least this much space before the next line.
    pub fn gap(&mut self, height: f32) {
        self.gap = self.gap.max(height);
    }

    /// Begins a new page if there is no such height left on this one.
    pub fn ensure(&mut self, height: f32) {
        if self.y + self.gap + height > BOTTOM && self.y > TOP {
            self.turn();
        } else if self.y > TOP {
            self.y += self.gap;
        }
        self.gap = 0.0;
    }

    /// What is left of the page.
    pub fn left(&self) -> f32 {
        BOTTOM - self.y
    }

    /// Puts lines below each other, without leaving one alone at the end or beginning of a page.
    pub fn place(&mut self, lines: &[Line], x: f32) {
        for (place, line) in lines.iter().enumerate() {
            let pair = place == 0 || place + 2 == lines.len();
            let next = lines.get(place + 1).filter(|_| pair).map_or(0.0, |next| next.height);
            self.ensure(line.height + next);
            self.put(line, x, self.y);
            self.y += line.height;
        }
    }

    /// Puts a line at this height, where a page that was made sure of has room for it.
    pub fn put(&mut self, line: &Line, x: f32, y: f32) {
        for (label, leaf) in std::mem::take(&mut self.labels) {
            let marks = label.line.parts.into_iter().flat_map(|part| part.marks).collect();
            let at = (label.x, y);
            self.page.placed.push(Placed { at, leaf, marks });
        }
        for part in &line.parts {
            let address = part.link.as_deref().and_then(address);
            match (&part.formula, &address) {
                (Some(formula), _) => self.tags.open(Tag::Formula(Some(formula.clone()))),
                (None, Some(_)) => self.tags.open(Tag::Link),
                (None, None) => self.tags.open(Tag::Span),
            }
            let leaf = self.tags.leaf();
            self.page.placed.push(Placed { at: (x, y), leaf, marks: part.marks.clone() });
            let (from, to) = part.extent;
            let area = Rect::from_ltrb(x + from, y, x + to, y + line.height);
            if let (Some(address), Some(area)) = (address, area) {
                let leaf = self.tags.leaf();
                self.page.links.push((area, address, leaf));
            }
            self.tags.close();
        }
    }

    /// Puts the mark of an item before the line that is put next.
    pub fn label(&mut self, label: Label) {
        self.tags.open(Tag::Lbl);
        let leaf = self.tags.leaf();
        self.tags.close();
        self.labels.push((label, leaf));
    }

    /// Where the next line stands.
    pub fn y(&self) -> f32 {
        self.y
    }

    /// Goes on below this height.
    pub fn go_to(&mut self, y: f32) {
        self.y = y;
    }

    /// Puts an ornament.
    pub fn ornament(&mut self, mark: Mark) {
        self.page.grounds.push(mark);
    }

    /// Begins a panel behind the lines that follow, on every page that they reach.
    pub fn open_panel(&mut self, panel: Panel) {
        self.panels.push((panel, self.y));
    }

    /// Ends the panel that was begun last.
    pub fn close_panel(&mut self) {
        if let Some((panel, top)) = self.panels.pop() {
            self.page.grounds.extend(ground(panel, top, self.y));
        }
    }

    /// Lists the place of the next line among the document's headings.
    pub fn bookmark(&mut self, text: &str) {
        let target = XyzDestination::new(self.number, Point::from_xy(LEFT, self.y));
        self.outline.push_child(OutlineNode::new(text.to_owned(), target));
    }

    /// Begins a new page.
    pub fn turn(&mut self) {
        let grounds = self.panels.iter().filter_map(|(panel, top)| ground(*panel, *top, self.y));
        // Grounds that lie on others come later.
        let mut grounds: Vec<_> = grounds.collect();
        grounds.append(&mut self.page.grounds);
        self.page.grounds = grounds;
        self.draw();
        self.y = TOP;
        self.panels.iter_mut().for_each(|(_, top)| *top = TOP);
    }

    fn draw(&mut self) {
        let sheet = std::mem::take(&mut self.page);
        self.number += 1;
        let foot = self.foot();
        let [over, under] = [0.0, PAGE.1 - BAND].map(|y| self.band(y));
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).unwrap_or_default();
        let mut page = self.document.start_page_with(settings);
        let mut surface = page.surface();
        ornaments(&mut surface, &sheet.grounds, ArtifactType::Layout);
        for placed in &sheet.placed {
            let identifier = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
            surface.push_transform(&Transform::from_translate(placed.at.0, placed.at.1));
            placed.marks.iter().for_each(|mark| mark.draw(&mut surface));
            surface.pop();
            surface.end_tagged();
            self.tags.drawn(placed.leaf, identifier);
        }
        ornaments(&mut surface, &foot, ArtifactType::PageNumber);
        ornaments(&mut surface, &over, ArtifactType::Header);
        ornaments(&mut surface, &under, ArtifactType::Footer);
        surface.finish();
        for (rect, address, leaf) in sheet.links {
            let action = Action::Link(LinkAction::new(address.to_string()));
            let link = LinkAnnotation::new(rect, Target::Action(action));
            let annotation = Annotation::new_link(link, Some(address.to_string()));
            self.tags.drawn(leaf, page.add_tagged_annotation(annotation));
        }
        page.finish();
    }

    /// The classification, from this height on.
    fn band(&mut self, y: f32) -> Vec<Mark> {
        let Some(Marking { text, colour, ink, .. }) = self.marking.clone() else {
            return Vec::new();
        };
        let look = Look { size: 9.0, bold: true, colour: rgb(&ink), ..super::flow::BODY };
        let text = self.typesetter.word(&text, &look);
        let x = (PAGE.0 - text.width) / 2.0;
        let base = y + (BAND + text.ascent - text.descent) / 2.0;
        let mut marks = vec![Mark::Box([0.0, y, PAGE.0, BAND], rgb(&colour))];
        marks.extend(text.marks.into_iter().map(|mark| mark.moved(x, base)));
        marks
    }

    /// The number of the page.
    fn foot(&mut self) -> Vec<Mark> {
        let look = Look { size: 8.5, ..super::flow::NOTE };
        let number = self.typesetter.word(&self.number.to_string(), &look);
        let x = (PAGE.0 - number.width) / 2.0;
        number.marks.into_iter().map(|mark| mark.moved(x, FOOT)).collect()
    }

    /// The file.
    pub fn end(
        mut self,
        title: &str,
        created: Timestamp,
        language: &str,
    ) -> Result<Vec<u8>, ExportError> {
        self.draw();
        let mut metadata = Metadata::new()
            .title(title.to_owned())
            .language(language.to_owned())
            .creator("Bureau".to_owned());
        if let Some(date) = date(created) {
            metadata = metadata.creation_date(date);
        }
        self.document.set_metadata(metadata);
        self.document.set_outline(self.outline);
        self.document.set_tag_tree(self.tags.end(language));
        self.document.finish().map_err(|_| ExportError::Pdf)
    }
}

fn ornaments(surface: &mut Surface<'_>, marks: &[Mark], kind: ArtifactType) {
    if !marks.is_empty() {
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
        marks.iter().for_each(|mark| mark.draw(surface));
        surface.end_tagged();
    }
}

fn ground(panel: Panel, top: f32, bottom: f32) -> Option<Mark> {
    let Panel { x, width, colour } = panel;
    (bottom > top).then_some(Mark::Box([x, top, width, bottom - top], colour))
}

/// The address as every program reads it; `None` if it is none.
fn address(link: &str) -> Option<Rc<str>> {
    url::Url::parse(link).ok().map(|url| Rc::from(url.as_str()))
}

/// A colour as `#rrggbb`; black if it is none.
fn rgb(colour: &str) -> Colour {
    let number = u32::from_str_radix(colour.trim_start_matches('#'), 16).unwrap_or_default();
    let [_, red, green, blue] = number.to_be_bytes();
    [red, green, blue]
}

fn date(moment: Timestamp) -> Option<DateTime> {
    let moment = jiff::Timestamp::from_millisecond(moment.as_millis()).ok()?;
    let moment = moment.to_zoned(jiff::tz::TimeZone::UTC);
    let part = |value: i8| u8::try_from(value).ok();
    let date = DateTime::new(u16::try_from(moment.year()).ok()?)
        .month(part(moment.month())?)
        .day(part(moment.day())?)
        .hour(part(moment.hour())?)
        .minute(part(moment.minute())?)
        .second(part(moment.second())?);
    Some(date.utc_offset_hour(0).utc_offset_minute(0))
}
