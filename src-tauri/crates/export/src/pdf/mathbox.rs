//! Boxes that formulas are put together from.

use super::line::Mark;

/// A part of a formula. Its base line is at 0, and marks above it have a negative y.
#[derive(Debug, Clone, Default)]
pub struct MathBox {
    /// Its width.
    pub width: f32,
    /// How far it reaches above the base line.
    pub ascent: f32,
    /// How far it reaches below it.
    pub descent: f32,
    /// What is drawn.
    pub marks: Vec<Mark>,
}

impl MathBox {
    /// Empty space.
    pub fn space(width: f32) -> Self {
        Self { width, ..Self::default() }
    }

    /// Puts another box on this one, moved by this much.
    pub fn put(&mut self, other: Self, x: f32, y: f32) {
        self.width = self.width.max(x + other.width);
        self.ascent = self.ascent.max(other.ascent - y);
        self.descent = self.descent.max(other.descent + y);
        self.marks.extend(other.marks.into_iter().map(|mark| mark.moved(x, y)));
    }

    /// Puts another box behind this one.
    pub fn append(&mut self, other: Self) {
        let x = self.width;
        self.put(other, x, 0.0);
        self.width = self.width.max(x);
    }

    /// Its height.
    pub fn height(&self) -> f32 {
        self.ascent + self.descent
    }
}
