//! The blocks of the document.

use std::collections::HashMap;

use super::list::Lists;
use super::{math, plain, run, table};
use crate::document::{Block, CodeSpan, Formula, Inline, Item, List, is_right_to_left};
use crate::picture::Picture;
use crate::xml::Xml;

/// Twentieths of a point by which a list or a quotation is set in.
pub const STEP: usize = 400;
/// Steps beyond which nothing is set in further.
const MOST_STEPS: usize = 12;
/// English Metric Units: a pixel at 96 a inch, and the width and height of what a page can hold.
const PIXEL: u64 = 9525;
const WIDEST: u64 = 5_760_000;
const HIGHEST: u64 = 8_200_000;

/// The document's body as it grows, and what it refers to outside of it.
#[derive(Debug, Default)]
pub struct Body<'a> {
    /// What was written and not yet taken.
    pub xml: Xml,
    /// The addresses of links, each with its number.
    pub links: HashMap<String, usize>,
    /// The pictures, in the order of their numbers.
    pub pictures: Vec<Picture<'a>>,
    /// The lists that have numbers.
    pub lists: Lists,
}

/// Where a paragraph stands.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place {
    /// Its style; the usual one if there is none.
    pub style: Option<&'static str>,
    /// How far it is set in, in steps.
    pub steps: usize,
    /// Whether it is quoted.
    pub quoted: bool,
    /// The mark before it.
    pub mark: Mark,
}

/// What stands before a paragraph.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    #[default]
    None,
    /// The mark of a list's next item: the list's number and its level.
    Item(usize, usize),
    /// A box, which may be ticked.
    Box(bool),
}

impl Place {
    /// A paragraph of this style at the margin.
    pub fn styled(style: &'static str) -> Self {
        Self { style: Some(style), ..Self::default() }
    }

    /// How far it is set in, in twentieths of a point.
    pub fn indent(self) -> usize {
        self.steps.min(MOST_STEPS) * STEP
    }
}

impl Body<'_> {
    /// What was written since the last time.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.xml.text)
    }

    /// Writes blocks. The mark of the place is the first one's.
    pub fn blocks(&mut self, blocks: &[Block], place: Place) {
        let mut place = place;
        for block in blocks {
            self.block(block, place);
            place.mark = Mark::None;
        }
    }

    fn block(&mut self, block: &Block, place: Place) {
        const HEADINGS: [&str; 5] = ["Heading2", "Heading3", "Heading4", "Heading5", "Heading6"];
        // Only text can stand behind a mark.
        if place.mark != Mark::None && !matches!(block, Block::Paragraph(_) | Block::Heading(..)) {
            self.paragraph(place, &[]);
        }
        match block {
            Block::Heading(level, text) => {
                let style = HEADINGS[usize::from(*level).clamp(1, 5) - 1];
                self.paragraph(Place { style: Some(style), ..place }, text);
            }
            Block::Paragraph(text) => self.paragraph(place, text),
            Block::Formula(formula) => self.formula(place, formula),
            Block::Code(lines) => self.code(place, lines),
            Block::Quote(blocks) => {
                let steps = place.steps + 1;
                self.blocks(blocks, Place { steps, quoted: true, mark: Mark::None, ..place });
            }
            Block::List(list) => self.list(list, place),
            Block::Table(content) => table::push(self, content, place),
            Block::Rule => self.paragraph(Place::styled("Rule"), &[]),
            Block::Footnote(blocks) => self.blocks(blocks, Place { style: Some("Note"), ..place }),
        }
    }

    fn list(&mut self, list: &List, place: Place) {
        let level = place.steps.min(8);
        let number = self.lists.begin(list.start, level);
        for Item { done, blocks } in &list.items {
            let mark = done.map_or(Mark::Item(number, level), Mark::Box);
            let place = Place { steps: place.steps + 1, mark, ..place };
            if blocks.is_empty() {
                self.paragraph(place, &[]);
            }
            self.blocks(blocks, place);
        }
    }

    /// Writes names, each behind a bullet.
    pub fn bullets(&mut self, names: &[&str]) {
        let item = |name: &&str| Item { done: None, blocks: vec![Block::Paragraph(plain(name))] };
        let list = List { start: None, items: names.iter().map(item).collect() };
        self.list(&list, Place::default());
    }

    /// Writes a paragraph.
    pub fn paragraph(&mut self, place: Place, text: &[Inline]) {
        let right_to_left = is_right_to_left(text);
        let links = &mut self.links;
        self.xml.element("w:p", &[], |xml| {
            push_properties(xml, place, right_to_left);
            if let Mark::Box(done) = place.mark {
                let mark = if done { "☒" } else { "☐" };
                xml.element("w:r", &[], |xml| {
                    xml.element("w:t", &[], |xml| xml.push(mark));
                    xml.empty("w:tab", &[]);
                });
            }
            run::push(xml, links, text, right_to_left);
        });
    }

    /// Writes a little space: blocks of one kind that follow each other would be one.
    pub fn gap(&mut self) {
        self.paragraph(Place::styled("Gap"), &[]);
    }

    fn formula(&mut self, place: Place, formula: &Formula) {
        let place = Place { mark: Mark::None, ..place };
        self.xml.element("w:p", &[], |xml| {
            push_properties(xml, place, false);
            xml.element("m:oMathPara", &[], |xml| math::push(xml, formula));
        });
    }

    /// Each line is a paragraph: those of one style are set as one.
    fn code(&mut self, place: Place, lines: &[Vec<CodeSpan>]) {
        let place = Place { style: Some("Code"), mark: Mark::None, ..place };
        for line in lines {
            self.xml.element("w:p", &[], |xml| {
                push_properties(xml, place, false);
                line.iter().for_each(|span| run::push_code(xml, span));
            });
        }
        self.gap();
    }
}

impl<'a> Body<'a> {
    /// Writes a picture, as large as it is or as the page allows, and its name below it.
    pub fn picture(&mut self, picture: Picture<'a>) {
        self.pictures.push(picture);
        let number = self.pictures.len();
        let (width, height) = extent(picture.size);
        self.xml.element("w:p", &[], |xml| {
            push_properties(xml, Place::styled("Picture"), false);
            xml.element("w:r", &[], |xml| push_drawing(xml, number, picture.name, width, height));
        });
        self.paragraph(Place::styled("Note"), &plain(picture.name));
    }
}

/// The size of a picture on the page.
fn extent((width, height): (u32, u32)) -> (u64, u64) {
    let (mut width, mut height) = (u64::from(width) * PIXEL, u64::from(height) * PIXEL);
    if width > WIDEST {
        (width, height) = (WIDEST, (height * WIDEST / width).max(1));
    }
    if height > HIGHEST {
        (width, height) = ((width * HIGHEST / height).max(1), HIGHEST);
    }
    (width, height)
}

fn push_drawing(xml: &mut Xml, number: usize, name: &str, width: u64, height: u64) {
    let (number, width, height) = (number.to_string(), width.to_string(), height.to_string());
    let size = [("cx", width.as_str()), ("cy", height.as_str())];
    let named = [("id", number.as_str()), ("name", name), ("descr", name)];
    let picture = "http://schemas.openxmlformats.org/drawingml/2006/picture";
    xml.element("w:drawing", &[], |xml| {
        xml.element("wp:inline", &[], |xml| {
            xml.empty("wp:extent", &size);
            xml.empty("wp:docPr", &named);
            xml.element("a:graphic", &[], |xml| {
                xml.element("a:graphicData", &[("uri", picture)], |xml| {
                    xml.element("pic:pic", &[], |xml| {
                        xml.element("pic:nvPicPr", &[], |xml| {
                            xml.empty("pic:cNvPr", &named);
                            xml.empty("pic:cNvPicPr", &[]);
                        });
                        xml.element("pic:blipFill", &[], |xml| {
                            xml.empty("a:blip", &[("r:embed", &format!("picture{number}"))]);
                            xml.element("a:stretch", &[], |xml| xml.empty("a:fillRect", &[]));
                        });
                        xml.element("pic:spPr", &[], |xml| {
                            xml.element("a:xfrm", &[], |xml| {
                                xml.empty("a:off", &[("x", "0"), ("y", "0")]);
                                xml.empty("a:ext", &size);
                            });
                            xml.element("a:prstGeom", &[("prst", "rect")], |xml| {
                                xml.empty("a:avLst", &[]);
                            });
                        });
                    });
                });
            });
        });
    });
}

/// Writes the properties of a paragraph, in the order that the schema wants.
pub fn push_properties(xml: &mut Xml, place: Place, right_to_left: bool) {
    xml.element("w:pPr", &[], |xml| {
        let usual = if place.quoted { Some("Quote") } else { (place.steps > 0).then_some("Item") };
        let style = place.style.or(usual);
        if let Some(style) = style {
            xml.empty("w:pStyle", &[("w:val", style)]);
        }
        if let Mark::Item(number, level) = place.mark {
            xml.element("w:numPr", &[], |xml| {
                xml.empty("w:ilvl", &[("w:val", &level.to_string())]);
                xml.empty("w:numId", &[("w:val", &number.to_string())]);
            });
        }
        if right_to_left {
            xml.empty("w:bidi", &[]);
        }
        if place.steps > 0 {
            let left = place.indent().to_string();
            let mut indent = vec![("w:left", left.as_str())];
            let hanging = STEP.to_string();
            if place.mark != Mark::None {
                indent.push(("w:hanging", hanging.as_str()));
            }
            xml.empty("w:ind", &indent);
        }
    });
}
