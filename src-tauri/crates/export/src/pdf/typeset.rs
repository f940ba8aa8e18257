//! Text as lines of a given width.

use std::rc::Rc;

use parley::layout::{Alignment, AlignmentOptions, GlyphRun, PositionedLayoutItem};
use parley::style::{
    FontFamily, FontFamilyName, FontStyle, FontWeight, LineHeight, OverflowWrap, StyleProperty,
    VerticalAlign,
};
use parley::{FontContext, InlineBox, InlineBoxKind, Layout, LayoutContext};

use super::clusters::Clusters;
use super::fonts::{self, Loaded};
use super::line::{Colour, Glyphs, Line, Mark, Part};
use super::math;
use super::mathbox::MathBox;
use crate::document::{Align, Inline, Script, Span, Style};

const LINK: Colour = [0x17, 0x50, 0x9e];
const SHADE: Colour = [0xef, 0xec, 0xe5];
const MARKER: Colour = [0xff, 0xec, 0x99];
/// The size of code in text, and of what is raised or lowered.
const CODE_SIZE: f32 = 0.87;
const SCRIPT_SIZE: f32 = 0.7;
/// A longer text is set in pieces, each as if it were a paragraph: an unbroken line of it would
/// take hundreds of times its bytes.
const LONGEST: usize = 32 * 1024;

/// How a text looks where it does not say otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// The size of its font.
    pub size: f32,
    /// The distance of its lines, in its size.
    pub leading: f32,
    /// Its colour.
    pub colour: Colour,
    /// Whether it is heavy.
    pub bold: bool,
    /// Whether it is slanted.
    pub italic: bool,
    /// Its fonts.
    pub fonts: &'static [FontFamilyName<'static>],
}

/// How a run is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Ink {
    colour: Colour,
    ground: Option<Colour>,
    /// The place of its address among those of the text, from 1; 0 if it leads nowhere.
    link: usize,
}

/// A piece of text with the colour of code.
pub struct Coloured {
    /// The text.
    pub text: String,
    /// Its colour.
    pub colour: Colour,
}

/// Sets text.
pub struct Typesetter {
    fonts: FontContext,
    layouts: LayoutContext<Ink>,
    loaded: Loaded,
}

/// A text as it is gathered for `parley`.
#[derive(Default)]
struct Source {
    text: String,
    styles: Vec<(std::ops::Range<usize>, StyleProperty<'static, Ink>)>,
    boxes: Vec<(usize, MathBox, String)>,
    links: Vec<Rc<str>>,
}

impl Typesetter {
    /// A typesetter with every font there is.
    pub fn new() -> Self {
        Self { fonts: fonts::context(), layouts: LayoutContext::new(), loaded: Loaded::default() }
    }

    /// The lines of a text.
    pub fn lines(
        &mut self,
        text: &[Inline],
        look: &Look,
        width: f32,
        align: Option<Align>,
    ) -> Vec<Line> {
        let mut lines = Vec::new();
        for piece in pieces(text) {
            let source = self.source(&piece, look);
            lines.extend(self.set(source, look, width, align));
        }
        lines
    }

    /// The lines of a line of code.
    pub fn code(&mut self, spans: &[Coloured], look: &Look, width: f32) -> Vec<Line> {
        let mut source = Source::default();
        for span in spans {
            let start = source.text.len();
            source.text.push_str(&span.text);
            let ink = Ink { colour: span.colour, ..Ink::default() };
            source.styles.push((start..source.text.len(), StyleProperty::Brush(ink)));
        }
        self.set(source, look, width, Some(Align::Left))
    }

    /// The width of a text's longest word, and of the whole on one line.
    pub fn widths(&mut self, text: &[Inline], look: &Look) -> (f32, f32) {
        let source = self.source(text, look);
        let widths = self.layout(&source, look).calculate_content_widths();
        (widths.min, widths.max)
    }

    /// A word as a part of a formula, with its base line at 0.
    pub fn word(&mut self, text: &str, look: &Look) -> MathBox {
        let source = Source { text: text.to_owned(), ..Source::default() };
        let mut layout = self.layout(&source, look);
        layout.break_all_lines(None);
        let text: Rc<str> = source.text.into();
        let mut word = MathBox::default();
        for line in layout.lines() {
            let baseline = line.metrics().baseline;
            word.width = word.width.max(line.metrics().advance);
            let mut clusters = Clusters::default();
            for item in line.items() {
                if let PositionedLayoutItem::GlyphRun(run) = item
                    && let Some(glyphs) = self.glyphs(&run, &text, &mut clusters)
                {
                    let metrics = run.run().font_metrics();
                    word.ascent = word.ascent.max(metrics.ascent);
                    word.descent = word.descent.max(metrics.descent);
                    word.marks.push(Mark::Glyphs(glyphs).moved(0.0, -baseline));
                }
            }
        }
        word
    }

    fn source(&mut self, text: &[Inline], look: &Look) -> Source {
        let mut source = Source::default();
        for inline in text {
            match inline {
                Inline::Text(span) => source.push(span, look),
                Inline::Break => source.text.push('\n'),
                Inline::Formula(formula) => {
                    let formula_box = math::set(self, &formula.content, look, false);
                    source.boxes.push((source.text.len(), formula_box, formula.text()));
                }
            }
        }
        source
    }

    fn layout(&mut self, source: &Source, look: &Look) -> Layout<Ink> {
        let mut builder = self.layouts.ranged_builder(&mut self.fonts, &source.text, 1.0, false);
        let ink = Ink { colour: look.colour, ..Ink::default() };
        builder.push_default(StyleProperty::Brush(ink));
        builder.push_default(StyleProperty::FontFamily(FontFamily::List(look.fonts.into())));
        builder.push_default(StyleProperty::FontSize(look.size));
        builder.push_default(StyleProperty::FontWeight(weight(look.bold)));
        builder.push_default(StyleProperty::FontStyle(slant(look.italic)));
        builder.push_default(StyleProperty::LineHeight(LineHeight::Absolute(
            look.size * look.leading,
        )));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::BreakWord));
        for (range, style) in &source.styles {
            builder.push(style.clone(), range.clone());
        }
        for (place, (index, formula, _)) in source.boxes.iter().enumerate() {
            builder.push_inline_box(InlineBox {
                id: place as u64,
                kind: InlineBoxKind::InFlow,
                index: *index,
                width: formula.width,
                height: formula.ascent + formula.descent,
                baseline: Some(formula.ascent),
                vertical_align: VerticalAlign::BASELINE,
            });
        }
        builder.build(&source.text)
    }

    fn set(&mut self, source: Source, look: &Look, width: f32, align: Option<Align>) -> Vec<Line> {
        let mut layout = self.layout(&source, look);
        layout.break_all_lines(Some(width));
        let alignment = match align {
            None => Alignment::Start,
            Some(Align::Left) => Alignment::Left,
            Some(Align::Center) => Alignment::Center,
            Some(Align::Right) => Alignment::Right,
        };
        layout.align(alignment, AlignmentOptions::default());
        let text: Rc<str> = source.text.as_str().into();
        layout.lines().map(|line| self.line(&line, &source, &text)).collect()
    }

    fn line(
        &mut self,
        line: &parley::layout::Line<'_, Ink>,
        source: &Source,
        text: &Rc<str>,
    ) -> Line {
        let metrics = line.metrics();
        let top = metrics.block_min_coord;
        let mut set = Line { height: metrics.block_max_coord - top, parts: Vec::new() };
        let mut clusters = Clusters::default();
        for item in line.items() {
            match item {
                PositionedLayoutItem::GlyphRun(run) => {
                    let ink = run.style().brush;
                    let link = ink.link.checked_sub(1).and_then(|place| source.links.get(place));
                    let extent = (run.offset(), run.offset() + run.advance());
                    let part = set.part(link, extent);
                    part.marks.extend(ground(&run, top));
                    let glyphs = self.glyphs(&run, text, &mut clusters);
                    part.marks.extend(glyphs.map(|g| Mark::Glyphs(g).moved(0.0, -top)));
                    part.marks.extend(decorations(&run, top));
                }
                PositionedLayoutItem::InlineBox(placed) => {
                    let formula =
                        usize::try_from(placed.id).ok().and_then(|id| source.boxes.get(id));
                    let Some((_, formula, alt)) = formula else { continue };
                    let (x, y) = (placed.x, placed.y - top + formula.ascent);
                    let marks = formula.marks.iter().map(|mark| mark.clone().moved(x, y));
                    set.parts.push(Part {
                        link: None,
                        formula: Some(alt.clone()),
                        extent: (x, x + formula.width),
                        marks: marks.collect(),
                    });
                }
            }
        }
        set
    }

    fn glyphs(
        &mut self,
        run: &GlyphRun<'_, Ink>,
        text: &Rc<str>,
        clusters: &mut Clusters,
    ) -> Option<Glyphs> {
        let glyphs = clusters.of(run);
        let font = self.loaded.get(run.run().font(), &run.run().synthesis())?;
        Some(Glyphs {
            at: (run.offset(), run.baseline()),
            font,
            size: run.run().font_size(),
            glyphs,
            text: text.clone(),
            colour: run.style().brush.colour,
        })
    }
}

impl Source {
    fn push(&mut self, span: &Span, look: &Look) {
        let start = self.text.len();
        self.text.push_str(&span.text);
        let range = start..self.text.len();
        let Style { bold, italic, code, struck, underlined, marked, script } = span.style;
        let mut push = |style| self.styles.push((range.clone(), style));
        let mut size = look.size;
        if code {
            size *= CODE_SIZE;
            push(StyleProperty::FontFamily(FontFamily::List(fonts::CODE.into())));
        }
        if let Some(script) = script {
            size *= SCRIPT_SIZE;
            let raised = if script == Script::Super { 0.36 } else { -0.16 };
            push(StyleProperty::VerticalAlign(VerticalAlign::length(look.size * raised)));
        }
        push(StyleProperty::FontSize(size));
        push(StyleProperty::FontWeight(weight(bold || look.bold)));
        push(StyleProperty::FontStyle(slant(italic || look.italic)));
        push(StyleProperty::Strikethrough(struck));
        push(StyleProperty::Underline(underlined || span.link.is_some()));
        if let Some(link) = &span.link {
            self.links.push(link.clone());
        }
        let linked = span.link.is_some();
        let ink = Ink {
            colour: if linked { LINK } else { look.colour },
            ground: if marked { Some(MARKER) } else { code.then_some(SHADE) },
            link: if linked { self.links.len() } else { 0 },
        };
        self.styles.push((range, StyleProperty::Brush(ink)));
    }
}

impl Line {
    /// The part that leads there, if it is the last one; else a new one.
    fn part(&mut self, link: Option<&Rc<str>>, extent: (f32, f32)) -> &mut Part {
        let goes_on = |part: &Part| part.formula.is_none() && part.link.as_ref() == link;
        let place = match self.parts.last() {
            Some(last) if goes_on(last) => self.parts.len() - 1,
            _ => {
                self.parts.push(Part { link: link.cloned(), extent, ..Part::default() });
                self.parts.len() - 1
            }
        };
        let part = &mut self.parts[place];
        part.extent = (part.extent.0.min(extent.0), part.extent.1.max(extent.1));
        part
    }
}

/// What is drawn behind a run.
fn ground(run: &GlyphRun<'_, Ink>, top: f32) -> Option<Mark> {
    let colour = run.style().brush.ground?;
    let metrics = run.run().font_metrics();
    let y = run.baseline() - top - metrics.ascent * 0.95;
    let height = metrics.ascent * 0.95 + metrics.descent;
    Some(Mark::Box([run.offset() - 1.5, y, run.advance() + 3.0, height], colour))
}

/// The lines under and through a run.
fn decorations(run: &GlyphRun<'_, Ink>, top: f32) -> Vec<Mark> {
    let metrics = run.run().font_metrics();
    let style = run.style();
    let under =
        style.underline.as_ref().map(|_| (metrics.underline_offset, metrics.underline_size));
    let through = style
        .strikethrough
        .as_ref()
        .map(|_| (metrics.strikethrough_offset, metrics.strikethrough_size));
    let lines = [under, through].into_iter().flatten().map(|(offset, size)| {
        let y = run.baseline() - top - offset;
        Mark::Box([run.offset(), y, run.advance(), size.clamp(0.3, 1.2)], style.brush.colour)
    });
    lines.collect()
}

fn weight(bold: bool) -> FontWeight {
    if bold { FontWeight::BOLD } else { FontWeight::NORMAL }
}

fn slant(italic: bool) -> FontStyle {
    if italic { FontStyle::Italic } else { FontStyle::Normal }
}

/// The text in pieces that are not too long to be set at once.
fn pieces(text: &[Inline]) -> Vec<Vec<Inline>> {
    let mut pieces = vec![Vec::new()];
    let mut length = 0;
    let mut push = |inline: Inline, bytes: usize| {
        if length > 0 && length + bytes > LONGEST {
            pieces.push(Vec::new());
            length = 0;
        }
        length += bytes;
        if let Some(piece) = pieces.last_mut() {
            piece.push(inline);
        }
    };
    for inline in text {
        match inline {
            Inline::Text(span) => {
                let mut rest = span.text.as_str();
                while !rest.is_empty() {
                    let (part, after) = rest.split_at(rest.floor_char_boundary(LONGEST));
                    push(Inline::Text(Span { text: part.into(), ..span.clone() }), part.len());
                    rest = after;
                }
            }
            inline => push(inline.clone(), 1),
        }
    }
    pieces
}
