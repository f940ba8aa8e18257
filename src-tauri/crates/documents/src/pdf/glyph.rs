//! What stands on a page, before it is put in order.

use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::kurbo::{Point, Rect};

/// A glyph where it stands. Lengths are points, from the top left corner of the page as it is
/// shown.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    /// Its text, as the file's fonts say it.
    pub text: BfString,
    /// Where its baseline begins.
    pub origin: Point,
    /// How far the pen goes from there to the next glyph.
    pub advance: f64,
    /// Which way the text runs.
    pub turn: Turn,
    /// Its font's size as it is shown.
    pub size: f64,
    /// Whether its font is bold.
    pub bold: bool,
    /// Whether a reader sees it.
    pub sight: Sight,
}

/// Whether a reader sees a glyph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// He does.
    Seen,
    /// He does not: it has the colour of what it stands on, or something lies on it.
    Hidden,
    /// It stands outside the page.
    Outside,
}

/// Which way a text runs on the page as it is shown, to the nearest quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    /// From left to right, as most.
    None,
    /// From top to bottom.
    Down,
    /// Upside down.
    Over,
    /// From bottom to top.
    Up,
}

impl Turn {
    /// All of them, in the order in which they are read.
    pub const ALL: [Self; 4] = [Self::None, Self::Down, Self::Up, Self::Over];

    /// The turn of a text whose pen moves by these.
    pub fn of(dx: f64, dy: f64) -> Self {
        match (dx.abs() >= dy.abs(), dx >= 0.0, dy >= 0.0) {
            (true, true, _) => Self::None,
            (true, false, _) => Self::Over,
            (false, _, true) => Self::Down,
            (false, _, false) => Self::Up,
        }
    }

    /// A quarter further, from left to right becoming from top to bottom.
    pub fn down(self) -> Self {
        match self {
            Self::None => Self::Down,
            Self::Down => Self::Over,
            Self::Over => Self::Up,
            Self::Up => Self::None,
        }
    }

    /// A point as it lies when the page is turned so that this text runs from left to right.
    pub fn upright(self, at: Point) -> Point {
        match self {
            Self::None => at,
            Self::Down => Point::new(at.y, -at.x),
            Self::Over => Point::new(-at.x, -at.y),
            Self::Up => Point::new(-at.y, at.x),
        }
    }
}

/// Everything that was found on a page.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// Its glyphs, in the order in which they were painted.
    pub glyphs: Vec<Glyph>,
    /// Where pictures are.
    pub pictures: Vec<Rect>,
    /// How wide and high it is.
    pub width: f64,
    /// As `width`.
    pub height: f64,
}

impl Marks {
    /// How much of the page pictures cover, from 0 to 1.
    pub fn pictured(&self) -> f64 {
        let page = Rect::new(0.0, 0.0, self.width, self.height);
        let covered: f64 = self.pictures.iter().map(|picture| picture.intersect(page).area()).sum();
        (covered / page.area().max(1.0)).min(1.0)
    }
}
