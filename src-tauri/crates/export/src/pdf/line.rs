//! Lines, ready to be put on a page. All measures are points (1/72 inch); y grows downwards.

use std::rc::Rc;

use krilla::geom::{Path, PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, KrillaGlyph};

/// A colour: red, green and blue.
pub type Colour = [u8; 3];

/// A line of text, a formula that stands alone, or anything else that no page may cut.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Its height, with the space around it.
    pub height: f32,
    /// What stands on it, from left to right.
    pub parts: Vec<Part>,
}

/// What on a line leads to one place, or is read as one thing.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// Where it leads.
    pub link: Option<Rc<str>>,
    /// What it says, if it is a formula.
    pub formula: Option<String>,
    /// Where it begins and ends.
    pub extent: (f32, f32),
    /// What is drawn, from the line's upper left corner.
    pub marks: Vec<Mark>,
}

/// Something drawn.
#[derive(Debug, Clone)]
pub enum Mark {
    /// Glyphs of one font.
    Glyphs(Glyphs),
    /// A filled rectangle: x, y, width, height.
    Box([f32; 4], Colour),
    /// A line of this width.
    Stroke(Outline, f32, Colour),
    /// A picture: x, y, width, height.
    Picture(Image, [f32; 4]),
}

/// Glyphs of one font, one after the other.
#[derive(Debug, Clone)]
pub struct Glyphs {
    /// Where the first one stands, on the base line.
    pub at: (f32, f32),
    /// The font.
    pub font: Font,
    /// Its size.
    pub size: f32,
    /// The glyphs, with their measures in em.
    pub glyphs: Vec<KrillaGlyph>,
    /// The text that they show parts of.
    pub text: Rc<str>,
    /// Their colour.
    pub colour: Colour,
}

impl Mark {
    /// A straight line, or a bent one, through these points.
    pub fn lines(points: &[(f32, f32)], width: f32, colour: Colour) -> Self {
        let mut outline = Outline::default();
        for (place, point) in points.iter().enumerate() {
            if place == 0 { outline.move_to(*point) } else { outline.line_to(*point) }
        }
        Self::Stroke(outline, width, colour)
    }

    /// The same mark further to the right and down.
    #[must_use]
    pub fn moved(self, x: f32, y: f32) -> Self {
        match self {
            Self::Glyphs(glyphs) => {
                Self::Glyphs(Glyphs { at: (glyphs.at.0 + x, glyphs.at.1 + y), ..glyphs })
            }
            Self::Box([left, top, width, height], colour) => {
                Self::Box([left + x, top + y, width, height], colour)
            }
            Self::Picture(image, [left, top, width, height]) => {
                Self::Picture(image, [left + x, top + y, width, height])
            }
            Self::Stroke(outline, width, colour) => {
                Self::Stroke(outline.moved(x, y), width, colour)
            }
        }
    }

    /// Draws it.
    pub fn draw(&self, surface: &mut Surface<'_>) {
        match self {
            Self::Glyphs(glyphs) => {
                surface.set_stroke(None);
                surface.set_fill(Some(fill(glyphs.colour)));
                let at = Point::from_xy(glyphs.at.0, glyphs.at.1);
                let font = glyphs.font.clone();
                surface.draw_glyphs(at, &glyphs.glyphs, font, &glyphs.text, glyphs.size, false);
            }
            Self::Box([x, y, width, height], colour) => {
                let mut path = PathBuilder::new();
                Rect::from_xywh(*x, *y, *width, *height)
                    .into_iter()
                    .for_each(|r| path.push_rect(r));
                surface.set_stroke(None);
                surface.set_fill(Some(fill(*colour)));
                path.finish().iter().for_each(|path| surface.draw_path(path));
            }
            Self::Picture(image, [x, y, width, height]) => {
                let Some(size) = Size::from_wh(*width, *height) else { return };
                surface.push_transform(&Transform::from_translate(*x, *y));
                surface.draw_image(image.clone(), size);
                surface.pop();
            }
            Self::Stroke(outline, width, colour) => {
                surface.set_fill(None);
                let paint = paint(*colour);
                surface.set_stroke(Some(Stroke { paint, width: *width, ..Stroke::default() }));
                outline.path().iter().for_each(|path| surface.draw_path(path));
            }
        }
    }
}

/// A line that is drawn, bent or not.
#[derive(Debug, Clone, Default)]
pub struct Outline {
    steps: Vec<Step>,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Move((f32, f32)),
    Line((f32, f32)),
    Curve((f32, f32), (f32, f32)),
}

impl Outline {
    /// Goes on at this point, without a line to it.
    pub fn move_to(&mut self, to: (f32, f32)) {
        self.steps.push(Step::Move(to));
    }

    /// Draws a straight line to this point.
    pub fn line_to(&mut self, to: (f32, f32)) {
        self.steps.push(Step::Line(to));
    }

    /// Draws a line to this point that is bent towards another.
    pub fn curve_to(&mut self, towards: (f32, f32), to: (f32, f32)) {
        self.steps.push(Step::Curve(towards, to));
    }

    fn moved(mut self, x: f32, y: f32) -> Self {
        let shift = |point: &mut (f32, f32)| *point = (point.0 + x, point.1 + y);
        for step in &mut self.steps {
            match step {
                Step::Move(to) | Step::Line(to) => shift(to),
                Step::Curve(towards, to) => {
                    shift(towards);
                    shift(to);
                }
            }
        }
        self
    }

    /// `None` for a line without length.
    fn path(&self) -> Option<Path> {
        let mut path = PathBuilder::new();
        for step in &self.steps {
            match *step {
                Step::Move((x, y)) => path.move_to(x, y),
                Step::Line((x, y)) => path.line_to(x, y),
                Step::Curve(towards, to) => path.quad_to(towards.0, towards.1, to.0, to.1),
            }
        }
        path.finish()
    }
}

fn paint([red, green, blue]: Colour) -> krilla::paint::Paint {
    krilla::color::rgb::Color::new(red, green, blue).into()
}

fn fill(colour: Colour) -> Fill {
    Fill { paint: paint(colour), opacity: NormalizedF32::ONE, ..Fill::default() }
}
