//! Glyphs and pictures out of a page: the device that a page is drawn on to be read.

use hayro::hayro_interpret::font::{Glyph as Shape, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro::hayro_interpret::hayro_syntax::object::{Dict, String as PdfString};
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask,
};
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape as _, Vec2};

use super::glyph::{Glyph, Marks, Sight, Turn};
use super::unicode::Fonts;

/// No page that a person reads holds more glyphs; what comes after is not read.
const MOST_GLYPHS: usize = 400_000;
/// How many painted areas are remembered. A page with more is a drawing.
const MOST_AREAS: usize = 2_000;
/// A font smaller than this many points is not seen.
const TINY: f64 = 0.8;
/// How far a letter of a column reaches above its baseline, in thousandths of its size.
const ABOVE: f64 = 880.0;

/// Takes the glyphs of a page in the order in which they are painted.
pub(super) struct Reader<'f, 'p> {
    marks: Marks,
    fonts: &'f mut Fonts<'p>,
    /// Opaque areas, with how many glyphs had been painted before them.
    areas: Vec<(Rect, Rgb, usize)>,
    /// Glyphs that are not painted but may be seen on a picture.
    unpainted: Vec<usize>,
    /// The colour of every glyph.
    colours: Vec<Option<Rgb>>,
    clips: Vec<Rect>,
    opacities: Vec<f32>,
    /// For every marked content that is open: what is read in place of its glyphs, and the number
    /// of glyphs before it.
    replaced: Vec<Option<(String, usize)>>,
}

/// A colour, each of red, green and blue from 0 to 1.
type Rgb = [f32; 3];

impl<'f, 'p> Reader<'f, 'p> {
    /// A reader of a page of this size.
    pub fn new(width: f64, height: f64, fonts: &'f mut Fonts<'p>) -> Self {
        let marks = Marks { width, height, ..Marks::default() };
        let (areas, unpainted, colours) = (Vec::new(), Vec::new(), Vec::new());
        let (clips, opacities, replaced) = (Vec::new(), Vec::new(), Vec::new());
        Self { marks, fonts, areas, unpainted, colours, clips, opacities, replaced }
    }

    /// What was found.
    pub fn into_marks(mut self) -> Marks {
        while !self.replaced.is_empty() {
            self.end_marked_content();
        }
        for (index, glyph) in self.marks.glyphs.iter_mut().enumerate() {
            let middle = middle(glyph);
            let unpainted = self.unpainted.binary_search(&index).is_ok();
            if unpainted {
                // Recognised text under or over the picture that it was recognised in.
                if !self.marks.pictures.iter().any(|picture| picture.contains(middle)) {
                    glyph.sight = glyph.sight.and(Sight::Hidden);
                }
                continue;
            }
            let top = self.areas.iter().rev().find(|(area, ..)| area.contains(middle));
            let own = self.colours.get(index).copied().flatten();
            if top.is_some_and(|(_, colour, before)| {
                *before > index || own.is_some_and(|own| close(own, *colour))
            }) {
                glyph.sight = glyph.sight.and(Sight::Hidden);
            }
        }
        self.marks
    }

    fn opaque(&self) -> bool {
        self.opacities.iter().all(|opacity| *opacity > 0.95)
    }

    fn clipped(&self, area: Rect) -> Rect {
        self.clips.last().map_or(area, |clip| clip.intersect(area))
    }

    fn area(&mut self, area: Rect, props: &DrawProps<'_>, mode: &DrawMode) {
        if !matches!(mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..)) {
            return;
        }
        let plain = props.blend_mode == BlendMode::Normal && props.soft_mask.is_none();
        if !plain || !self.opaque() || self.areas.len() >= MOST_AREAS {
            return;
        }
        let Some((colour, alpha)) = colour(&props.paint) else { return };
        let area = self.clipped(props.transform.transform_rect_bbox(area));
        // Lines are no ground for letters.
        if alpha > 0.95 && area.width() > 2.0 && area.height() > 2.0 {
            self.areas.push((area, colour, self.marks.glyphs.len()));
        }
    }

    fn push(&mut self, glyph: Glyph, colour: Option<Rgb>, unpainted: bool) {
        if unpainted {
            self.unpainted.push(self.marks.glyphs.len());
        }
        self.marks.glyphs.push(glyph);
        self.colours.push(colour);
    }
}

impl<'a> Device<'a> for Reader<'_, '_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        // Of curves and slanted lines no more is known than the rectangle around them.
        if path.elements().len() <= 6 && path.area().abs() > 0.9 * path.bounding_box().area() {
            self.area(path.bounding_box(), &props, mode);
        }
    }

    fn draw_rect(&mut self, rect: &Rect, props: DrawProps<'a>, mode: &DrawMode) {
        self.area(rect.abs(), &props, mode);
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        let clip = self.clipped(clip.path.bounding_box());
        self.clips.push(clip);
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        let clip = self.clipped(rect.abs());
        self.clips.push(clip);
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(&mut self, opacity: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.opacities.push(opacity);
    }

    fn pop_transparency_group(&mut self) {
        self.opacities.pop();
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let Some(first) = run.glyphs().first() else { return };
        if self.marks.glyphs.len() + run.glyphs().len() > MOST_GLYPHS {
            return;
        }
        let font = self.fonts.of(first);
        let (colour, alpha) = match colour(&props.paint) {
            Some((colour, alpha)) => (Some(colour), alpha),
            None => (None, 1.0),
        };
        let unpainted = matches!(mode, DrawMode::Invisible);
        let transparent = alpha < 0.02 || self.opacities.iter().any(|opacity| *opacity < 0.02);
        let vertical = run.writing_mode() == WritingMode::Vertical;
        let width = width_scale(run, &props.transform);
        let drawn_size = drawn_size(run, width);
        let mut slanted = Slanted::default();
        for glyph in run.glyphs() {
            let placed = props.transform * glyph.transform();
            let [a, b, c, d, x, y] = placed.as_coeffs();
            if ![a, b, c, d, x, y].iter().all(|number| number.is_finite()) {
                continue;
            }
            let Some(text) = self.fonts.text(font, glyph) else { continue };
            let size = drawn_size.unwrap_or(c.hypot(d) * 1000.0);
            let along = Vec2::new(a, b);
            let length = along.hypot();
            let along = if length > 0.0 { along / length } else { Vec2::new(1.0, 0.0) };
            let advance = match &**glyph {
                Shape::Outline(glyph) => glyph.advance_width(),
                Shape::Type3(glyph) => glyph.advance_width(),
            };
            let mut advance = f64::from(advance.unwrap_or(500.0)) * width;
            let mut origin = Point::new(x, y);
            let mut turn = Turn::of(along.x, along.y);
            if vertical {
                // A column from top to bottom, with the next one left of it, is a line that is
                // turned down, on the left edge of its upright letters.
                origin += Vec2::new(c, d) * ABOVE;
                advance = size;
                turn = turn.down();
            }
            let inside = Rect::new(-1.0, -1.0, self.marks.width + 1.0, self.marks.height + 1.0);
            let mut glyph =
                Glyph { text, origin, advance, turn, size, bold: font.bold(), sight: Sight::Seen };
            let middle = middle(&glyph);
            let cut = self.clips.last().is_some_and(|clip| {
                let (reach, size) = (advance.abs().max(size), size);
                !clip.inflate(reach, size).contains(middle)
            });
            let white = colour.is_some_and(|own| close(own, [1.0; 3]));
            if !inside.contains(middle) {
                glyph.sight = Sight::Outside;
            } else {
                let blank = white && !unpainted && !self.grounded(middle);
                if transparent || cut || size < TINY || blank {
                    glyph.sight = Sight::Hidden;
                }
            }
            if vertical || !is_slanted(along) {
                self.push(glyph, colour, unpainted);
            } else {
                slanted.join(glyph, along);
            }
        }
        if let Some(glyph) = slanted.whole {
            self.push(glyph, colour, unpainted);
        }
    }

    fn draw_image(&mut self, _: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let square = Rect::new(0.0, 0.0, 1.0, 1.0);
        let place = self.clipped(props.transform.transform_rect_bbox(square));
        if place.is_finite() && place.area() > 0.0 && self.marks.pictures.len() < MOST_AREAS {
            self.marks.pictures.push(place);
        }
    }

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        let text = properties.and_then(|dict| dict.get::<PdfString<'_>>(b"ActualText"));
        let text = text.map(|text| super::unicode::text_string(text.as_bytes()));
        self.replaced.push(text.map(|text| (text, self.marks.glyphs.len())));
    }

    fn end_marked_content(&mut self) {
        let Some(Some((text, start))) = self.replaced.pop() else { return };
        // Within another replaced text, that one counts.
        if self.replaced.iter().any(Option::is_some) || start >= self.marks.glyphs.len() {
            return;
        }
        let replaced = self.marks.glyphs.get(start..).unwrap_or_default();
        let (Some(first), Some(last)) = (replaced.first(), replaced.last()) else { return };
        // One that goes over several lines stands where it is drawn.
        let (from, to) = (first.turn.upright(first.origin), first.turn.upright(last.origin));
        if (from.y - to.y).abs() > first.size * 0.5 || to.x < from.x {
            return;
        }
        let mut glyph = first.clone();
        glyph.advance = to.x + last.advance - from.x;
        glyph.text = BfString::String(text);
        self.marks.glyphs.truncate(start);
        let colour = self.colours.get(start).copied().flatten();
        self.colours.truncate(start);
        let unpainted = self.unpainted.last().is_some_and(|last| *last >= start);
        while self.unpainted.last().is_some_and(|last| *last >= start) {
            self.unpainted.pop();
        }
        self.push(glyph, colour, unpainted);
    }
}

impl Reader<'_, '_> {
    /// Whether something that is not white has been painted here.
    fn grounded(&self, at: Point) -> bool {
        let area = self.areas.iter().rev().find(|(area, ..)| area.contains(at));
        let coloured = area.is_some_and(|(_, colour, _)| !close(*colour, [1.0; 3]));
        let full = self.areas.len() >= MOST_AREAS;
        coloured || full || self.marks.pictures.iter().any(|picture| picture.contains(at))
    }
}

impl Sight {
    fn and(self, other: Self) -> Self {
        if self == Self::Seen { other } else { self }
    }
}

/// The middle of a glyph, about.
fn middle(glyph: &Glyph) -> Point {
    let (along, up) = match glyph.turn {
        Turn::None => (Vec2::new(1.0, 0.0), Vec2::new(0.0, -1.0)),
        Turn::Down => (Vec2::new(0.0, 1.0), Vec2::new(1.0, 0.0)),
        Turn::Over => (Vec2::new(-1.0, 0.0), Vec2::new(0.0, 1.0)),
        Turn::Up => (Vec2::new(0.0, -1.0), Vec2::new(-1.0, 0.0)),
    };
    glyph.origin + along * (glyph.advance / 2.0) + up * (glyph.size * 0.3)
}

/// How many points a thousandth of the font's width is.
///
/// A glyph of a font that is not in the file is stretched to the width that the file gives, which
/// is not to be counted twice; text that is set narrow has all its glyphs narrow by as much.
fn width_scale(run: &GlyphRun<'_, '_>, transform: &Affine) -> f64 {
    let scales = run.glyphs().iter().map(|glyph| {
        let [a, b, c, d, ..] = (*transform * glyph.transform()).as_coeffs();
        (a * a + b * b, c * c + d * d)
    });
    let (mut least, mut most, mut high) = (f64::MAX, 0.0_f64, 0.0_f64);
    for (wide, tall) in scales {
        (least, most, high) = (least.min(wide), most.max(wide), tall);
    }
    let (least, most, high) = (least.sqrt(), most.sqrt(), high.sqrt());
    if most - least <= most * 0.005 { most } else { high }
}

/// What is painted at once along a line that is neither level nor upright, such as a stamp across a
/// page: as one glyph, since no line of the page takes its letters together.
#[derive(Default)]
struct Slanted {
    whole: Option<Glyph>,
    /// Where it ends.
    end: Point,
}

impl Slanted {
    fn join(&mut self, glyph: Glyph, along: Vec2) {
        let end = glyph.origin + along * glyph.advance;
        let shown = glyph.turn.upright(end).x - glyph.turn.upright(glyph.origin).x;
        match &mut self.whole {
            None => self.whole = Some(Glyph { advance: shown, ..glyph }),
            Some(whole) => {
                let mut text = super::word::text(&whole.text);
                if glyph.origin.distance(self.end) > 0.15 * glyph.size {
                    text.push(' ');
                }
                text.push_str(&super::word::text(&glyph.text));
                whole.text = BfString::String(text);
                whole.sight = whole.sight.and(glyph.sight);
                whole.advance = whole.turn.upright(end).x - whole.turn.upright(whole.origin).x;
            }
        }
        self.end = end;
    }
}

/// Whether a line that runs so is further than 10 degrees from level and from upright.
fn is_slanted(along: Vec2) -> bool {
    along.x.abs().min(along.y.abs()) > 0.17
}

/// The size of type that is drawn by the file itself, whose font need not tell it: a letter is
/// about half as wide as high.
fn drawn_size(run: &GlyphRun<'_, '_>, width: f64) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0.0);
    for glyph in run.glyphs() {
        let Shape::Type3(glyph) = &**glyph else { return None };
        let advance = f64::from(glyph.advance_width().unwrap_or(0.0));
        if advance > 0.0 {
            (sum, count) = (sum + advance, count + 1.0);
        }
    }
    let advance = if count > 0.0 { sum / count } else { return None };
    (!(200.0..1200.0).contains(&advance)).then_some(advance * width * 2.0)
}

fn colour(paint: &Paint<'_>) -> Option<(Rgb, f32)> {
    match paint {
        Paint::Color(colour) => {
            let [r, g, b, a] = colour.to_rgba().components();
            Some(([r, g, b], a))
        }
        Paint::Pattern(_) => None,
    }
}

/// Whether two colours look the same.
fn close(one: Rgb, other: Rgb) -> bool {
    one.iter().zip(other).all(|(a, b)| (a - b).abs() < 0.04)
}
