//! The blocks of the document, one below the other.

use std::num::NonZeroU16;

use conversation::{Marking, Timestamp};
use krilla::image::Image;
use krilla::tagging::{ListNumbering, Tag};

use super::fonts;
use super::line::{Colour, Line, Mark, Part};
use super::math;
use super::paper::{HEIGHT, LEFT, Label, Panel, Paper, WIDTH};
use super::table;
use super::typeset::{Coloured, Look};
use crate::ExportError;
use crate::document::{Block, CodeSpan, Formula, Inline, Item, List, is_right_to_left};
use crate::picture::{Kind, Picture};

const INK: Colour = [0x1d, 0x1b, 0x18];
const QUIET: Colour = [0x66, 0x61, 0x5a];
const ACCENT: Colour = [0x17, 0x50, 0x9e];
const HAIR: Colour = [0xd8, 0xd3, 0xca];
const GROUND: Colour = [0xf5, 0xf3, 0xee];

/// Text.
pub const BODY: Look =
    Look { size: 10.0, leading: 1.5, colour: INK, bold: false, italic: false, fonts: fonts::TEXT };
/// What is said beside it.
pub const NOTE: Look = Look { size: 8.5, leading: 1.4, colour: QUIET, ..BODY };
const TITLE: Look = Look { size: 21.0, leading: 1.2, bold: true, ..BODY };
const SPEAKER: Look = Look { size: 11.0, leading: 1.4, colour: ACCENT, bold: true, ..BODY };
const CODE: Look = Look { size: 8.5, leading: 1.45, fonts: fonts::CODE, ..BODY };
/// The sizes of headings, the highest first.
const HEADINGS: [f32; 6] = [15.0, 13.0, 11.5, 10.5, 10.0, 10.0];
/// The space between blocks, and within a list.
const GAP: f32 = 7.5;
const TIGHT: f32 = 3.0;
/// How far lists and quotations are set in.
const STEP: f32 = 18.0;
/// Text is not made narrower than this.
const NARROWEST: f32 = 120.0;
const TAB: usize = 4;
/// Longer lines of code are set in pieces.
const LONGEST_CODE: usize = 4096;
/// The size of a pixel, at 96 an inch.
const PIXEL: f32 = 0.75;

/// The document as it is written.
pub struct Flow {
    /// What it is written on.
    pub paper: Paper,
    /// Where lines begin, and how long they are.
    pub x: f32,
    /// The width of lines.
    pub width: f32,
    /// How text looks here.
    pub look: Look,
    /// How many lists this one is in.
    depth: usize,
}

impl Flow {
    /// An empty document, each page of which bears the marking.
    pub fn new(marking: Option<&Marking>) -> Self {
        Self { paper: Paper::new(marking), x: LEFT, width: WIDTH, look: BODY, depth: 0 }
    }

    /// Writes the title and what stands below it.
    pub fn title(&mut self, title: &str, note: &str) {
        self.paper.bookmark(title);
        self.paper.tags.open(Tag::Hn(NonZeroU16::MIN, None));
        self.text(&plain(title), &TITLE);
        self.paper.tags.close();
        self.paper.gap(4.0);
        self.note(note);
        self.paper.gap(14.0);
    }

    /// Writes who speaks, and what is said about that.
    pub fn speaker(&mut self, name: &str, note: &str) {
        self.paper.gap(18.0);
        self.paper.ensure(90.0);
        let y = self.paper.y();
        self.paper.ornament(Mark::Box([LEFT, y, WIDTH, 0.6], HAIR));
        self.paper.go_to(y + 9.0);
        self.paper.bookmark(name);
        self.heading(2, &plain(name), &SPEAKER);
        self.note(note);
        self.paper.gap(GAP);
    }

    /// Writes a note.
    pub fn note(&mut self, text: &str) {
        self.paragraph(&plain(text), &NOTE);
        self.paper.gap(TIGHT);
    }

    /// Writes names, each behind a bullet.
    pub fn bullets(&mut self, names: &[&str]) {
        let item = |name: &&str| Item { done: None, blocks: vec![Block::Paragraph(plain(name))] };
        self.list(&List { start: None, items: names.iter().map(item).collect() });
    }

    /// Writes blocks.
    pub fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
            self.paper.gap(if self.depth > 0 { TIGHT } else { GAP });
        }
    }

    /// The file.
    pub fn end(
        self,
        title: &str,
        created: Timestamp,
        language: &str,
    ) -> Result<Vec<u8>, ExportError> {
        self.paper.end(title, created, language)
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(level, text) => {
                let size = HEADINGS[usize::from(*level).clamp(1, HEADINGS.len()) - 1];
                let look = Look { size, leading: 1.3, bold: true, ..self.look };
                self.paper.gap(size);
                self.heading(u16::from(*level) + 2, text, &look);
            }
            Block::Paragraph(text) => {
                let look = self.look;
                self.paragraph(text, &look);
            }
            Block::Formula(formula) => self.formula(formula),
            Block::Code(lines) => self.code(lines),
            Block::Quote(blocks) => self.quote(blocks),
            Block::List(list) => self.list(list),
            Block::Table(content) => table::push(self, content),
            Block::Rule => {
                self.paper.gap(GAP * 2.0);
                self.paper.ensure(GAP * 2.0);
                let (x, y) = (self.x + self.width / 2.0 - 40.0, self.paper.y());
                self.paper.ornament(Mark::Box([x, y, 80.0, 0.7], HAIR));
                self.paper.go_to(y + 0.7);
                self.paper.gap(GAP * 2.0);
            }
            Block::Footnote(blocks) => {
                let look = std::mem::replace(&mut self.look, NOTE);
                self.paper.tags.open(Tag::Note);
                self.blocks(blocks);
                self.paper.tags.close();
                self.look = look;
            }
        }
    }

    fn heading(&mut self, level: u16, text: &[Inline], look: &Look) {
        let lines = self.paper.typesetter.lines(text, look, self.width, None);
        // Never alone at the end of a page.
        let height: f32 = lines.iter().map(|line| line.height).sum();
        self.paper.ensure(height.min(HEIGHT / 2.0) + 40.0);
        self.paper.tags.open(Tag::Hn(NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN), None));
        self.paper.place(&lines, self.x);
        self.paper.tags.close();
        self.paper.gap(TIGHT);
    }

    /// Writes a paragraph.
    pub fn paragraph(&mut self, text: &[Inline], look: &Look) {
        self.paper.tags.open(Tag::P);
        self.text(text, look);
        self.paper.tags.close();
    }

    fn text(&mut self, text: &[Inline], look: &Look) {
        let lines = self.paper.typesetter.lines(text, look, self.width, None);
        self.paper.place(&lines, self.x);
    }

    fn formula(&mut self, formula: &Formula) {
        let mut look = self.look;
        let mut set = math::set(&mut self.paper.typesetter, &formula.content, &look, true);
        if set.width > self.width {
            look.size *= (self.width / set.width).max(0.4);
            set = math::set(&mut self.paper.typesetter, &formula.content, &look, true);
        }
        let (x, pad) = (((self.width - set.width) / 2.0).max(0.0), 3.0);
        let baseline = set.ascent + pad;
        let part = Part {
            formula: Some(formula.text()),
            extent: (x, x + set.width),
            marks: set.marks.iter().map(|mark| mark.clone().moved(x, baseline)).collect(),
            link: None,
        };
        let line = Line { height: set.height() + pad * 2.0, parts: vec![part] };
        self.paper.place(&[line], self.x);
    }

    fn code(&mut self, lines: &[Vec<CodeSpan>]) {
        const PAD: f32 = 7.0;
        let panel = Panel { x: self.x, width: self.width, colour: GROUND };
        self.paper.ensure(PAD * 2.0 + CODE.size * CODE.leading * 2.0);
        self.paper.open_panel(panel);
        self.paper.go_to(self.paper.y() + PAD);
        self.paper.tags.open(Tag::Code);
        for line in lines {
            for piece in coloured(line) {
                let set = self.paper.typesetter.code(&piece, &CODE, self.width - PAD * 2.0);
                for line in &set {
                    self.paper.ensure(line.height);
                    self.paper.place(std::slice::from_ref(line), self.x + PAD);
                }
            }
        }
        self.paper.tags.close();
        self.paper.go_to(self.paper.y() + PAD);
        self.paper.close_panel();
    }

    fn quote(&mut self, blocks: &[Block]) {
        let look = Look { colour: [0x57, 0x52, 0x4b], ..self.look };
        let look = std::mem::replace(&mut self.look, look);
        self.paper.ensure(self.look.size * self.look.leading * 2.0);
        self.paper.open_panel(Panel { x: self.x, width: 2.0, colour: HAIR });
        self.paper.tags.open(Tag::BlockQuote);
        self.within(STEP * 0.75, 0.0, |flow| flow.blocks(blocks));
        self.paper.tags.close();
        self.paper.close_panel();
        self.look = look;
    }

    fn list(&mut self, list: &List) {
        let numbering =
            if list.start.is_some() { ListNumbering::Decimal } else { ListNumbering::Disc };
        self.paper.tags.open(Tag::L(numbering));
        let last = u64::from(list.start.unwrap_or(0)) + list.items.len() as u64;
        let digits = list.start.map_or(0, |_| last.to_string().len());
        let step = STEP.max(digits as f32 * self.look.size * 0.58 + 9.0);
        for (place, item) in list.items.iter().enumerate() {
            let number = list.start.map(|start| u64::from(start) + place as u64);
            self.item(item, number, step);
            self.paper.gap(TIGHT);
        }
        self.paper.tags.close();
    }

    fn item(&mut self, item: &Item, number: Option<u64>, step: f32) {
        let first = item.blocks.first();
        let mirrored = matches!(first, Some(Block::Paragraph(text)) if is_right_to_left(text));
        let mut line = self.mark(item.done, number);
        let width = line.parts.first().map_or(0.0, |part| part.extent.1);
        let x = if mirrored { self.x + self.width - width } else { self.x };
        line.height = 0.0;
        self.paper.tags.open(Tag::LI);
        self.paper.label(Label { line, x });
        self.paper.tags.open(Tag::LBody);
        self.depth += 1;
        let (left, right) = if mirrored { (0.0, step) } else { (step, 0.0) };
        self.within(left, right, |flow| {
            if item.blocks.is_empty() {
                let height = flow.look.size * flow.look.leading;
                flow.paper.place(&[Line { height, parts: Vec::new() }], flow.x);
            }
            flow.blocks(&item.blocks);
        });
        self.depth -= 1;
        self.paper.tags.close();
        self.paper.tags.close();
    }

    /// The mark of an item.
    fn mark(&mut self, done: Option<bool>, number: Option<u64>) -> Line {
        let look = self.look;
        if let Some(done) = done {
            let (size, y) = (look.size * 0.8, look.size * 0.45);
            let mut marks = Vec::new();
            let corners = [(0.4, y), (size, y), (size, y + size), (0.4, y + size), (0.4, y)];
            marks.push(Mark::lines(&corners, 0.8, look.colour));
            if done {
                let tick = [(size * 0.22, y + size * 0.5), (size * 0.45, y + size * 0.75)];
                let tick = [tick[0], tick[1], (size * 0.85, y + size * 0.22)];
                marks.push(Mark::lines(&tick, 1.2, look.colour));
            }
            let part = Part { extent: (0.0, size), marks, ..Part::default() };
            return Line { height: 0.0, parts: vec![part] };
        }
        let text = match number {
            Some(number) => format!("{number}."),
            None => ["•", "–", "◦"][self.depth % 3].to_owned(),
        };
        let mut lines = self.paper.typesetter.lines(&plain(&text), &look, WIDTH, None);
        if lines.is_empty() { Line::default() } else { lines.swap_remove(0) }
    }

    /// Writes what is set in on both sides, as far as that leaves room for text.
    fn within(&mut self, left: f32, right: f32, write: impl FnOnce(&mut Self)) {
        let (x, width) = (self.x, self.width);
        if width - left - right >= NARROWEST {
            self.x += left;
            self.width -= left + right;
        }
        write(self);
        (self.x, self.width) = (x, width);
    }

    /// Writes a picture and its name, unless it is broken; says whether it was written.
    pub fn picture(&mut self, picture: &Picture<'_>) -> bool {
        let data = || picture.data.to_vec().into();
        let image = match picture.kind {
            Kind::Png => Image::from_png(data(), true),
            Kind::Jpeg => Image::from_jpeg(data(), true),
            Kind::Gif => Image::from_gif(data(), true),
            Kind::WebP => Image::from_webp(data(), true),
        };
        let Some(image) = image.ok().filter(is_whole) else { return false };
        let (width, height) = (picture.size.0 as f32 * PIXEL, picture.size.1 as f32 * PIXEL);
        let scale = (self.width / width).min(HEIGHT * 0.6 / height).min(1.0);
        let (width, height) = (width * scale, height * scale);
        let marks = vec![Mark::Picture(image, [0.0, 0.0, width, height])];
        let part = Part { extent: (0.0, width), marks, ..Part::default() };
        self.paper.gap(GAP);
        self.paper.tags.open(Tag::Figure(Some(picture.name.to_owned())));
        self.paper.ensure(height + 20.0);
        self.paper.place(&[Line { height, parts: vec![part] }], self.x);
        self.paper.tags.close();
        self.paper.gap(TIGHT);
        self.note(picture.name);
        true
    }
}

/// Whether a picture can be unpacked, which is otherwise tried when all is written and nothing can
/// be done without it.
fn is_whole(image: &Image) -> bool {
    let mut document = krilla::Document::new();
    let mut page = document.start_page();
    let mut surface = page.surface();
    Mark::Picture(image.clone(), [0.0, 0.0, 10.0, 10.0]).draw(&mut surface);
    surface.finish();
    page.finish();
    document.finish().is_ok()
}

/// Text without any style, and without what no document can hold.
fn plain(text: &str) -> Vec<Inline> {
    vec![Inline::plain(crate::document::fit(text))]
}

/// A line of code in its colours, with its tabs as spaces, in pieces that are not too long.
fn coloured(line: &[CodeSpan]) -> Vec<Vec<Coloured>> {
    let mut pieces = Vec::new();
    let mut piece = Vec::new();
    let (mut column, mut length) = (0, 0);
    for span in line {
        let colour = span.class.as_deref().and_then(markdown::light_colour).and_then(colour);
        let colour = colour.unwrap_or(INK);
        let mut text = String::new();
        for character in span.text.chars() {
            let spaces = TAB - column % TAB;
            let (character, count) = if character == '\t' { (' ', spaces) } else { (character, 1) };
            text.extend(std::iter::repeat_n(character, count));
            column += count;
            length += 1;
            if length >= LONGEST_CODE {
                piece.push(Coloured { text: std::mem::take(&mut text), colour });
                pieces.push(std::mem::take(&mut piece));
                length = 0;
            }
        }
        if !text.is_empty() {
            piece.push(Coloured { text, colour });
        }
    }
    if !piece.is_empty() || pieces.is_empty() {
        pieces.push(piece);
    }
    pieces
}

/// A colour that is written as `#rrggbb`.
fn colour(text: &str) -> Option<Colour> {
    let value = u32::from_str_radix(text.strip_prefix('#')?, 16).ok()?;
    let [_, red, green, blue] = value.to_be_bytes();
    Some([red, green, blue])
}
