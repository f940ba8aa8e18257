//! Formulas, set by the rules that TeX has for them, simplified.

use super::line::{Colour, Mark};
use super::mathbox::MathBox;
use super::stretchy;
use super::typeset::{Look, Typesetter};
use crate::document::Math;

/// The size of scripts, and the smallest one.
const SCRIPT: f32 = 0.72;
const SMALLEST: f32 = 5.0;
/// Where fractions and brackets have their middle above the base line, in em.
const AXIS: f32 = 0.27;
/// What is larger where a formula stands alone, with its limits under and over it.
const LARGE: [&str; 14] = ["∑", "∏", "∐", "⋃", "⋂", "⋁", "⋀", "⨁", "⨂", "∫", "∬", "∭", "∮", "⨆"];
/// Operators with space on both sides.
const SPACED: &str = "=≠<>≤≥≪≫≈≡≅∼≃∝→←↔⇒⇐⇔↦∈∉∋⊂⊃⊆⊇∣∥⊢⊨:≔+−±∓×·÷∪∩∧∨∖⊕⊗∘∗⋅";

/// Whether nothing can stand between it and what follows: an operator there is a sign.
fn is_open(before: &Math) -> bool {
    matches!(before, Math::Operator(name) if !matches!(name.as_str(), ")" | "]" | "}" | "|" | "!"))
}

/// How a formula is set.
#[derive(Clone, Copy)]
struct Set {
    look: Look,
    /// Whether it stands alone.
    display: bool,
}

/// A formula as it stands in a text of this look, or alone.
pub fn set(typesetter: &mut Typesetter, math: &Math, look: &Look, display: bool) -> MathBox {
    let look = Look { bold: false, italic: false, leading: 1.2, ..*look };
    // A line around it needs less height than its fonts ask for.
    let mut set = Set { look, display }.math(typesetter, math);
    set.ascent = set.ascent.max(look.size * 0.8);
    set.descent = set.descent.max(look.size * 0.25);
    set
}

impl Set {
    fn size(&self) -> f32 {
        self.look.size
    }

    fn colour(&self) -> Colour {
        self.look.colour
    }

    fn scaled(self, scale: f32) -> Self {
        let size = (self.look.size * scale).max(SMALLEST.min(self.look.size));
        Self { look: Look { size, ..self.look }, display: false }
    }

    fn math(self, typesetter: &mut Typesetter, math: &Math) -> MathBox {
        match math {
            Math::Row(parts) => self.row(typesetter, parts),
            Math::Identifier(name) => {
                let single = name.chars().count() == 1 && name.chars().all(char::is_alphabetic);
                self.word(typesetter, name, single)
            }
            Math::Text(text) => self.word(typesetter, text, false),
            Math::Operator(name) if self.display && LARGE.contains(&name.as_str()) => {
                self.large(typesetter, name)
            }
            Math::Operator(name) => self.word(typesetter, name, false),
            Math::Space(width) => MathBox::space(width * self.size()),
            Math::Fraction { over, under, line } => self.fraction(typesetter, over, under, *line),
            Math::Root { of, degree } => {
                let of = self.math(typesetter, of);
                let root = stretchy::root(of, self.size(), self.colour());
                let Some(degree) = degree else { return root };
                let degree = self.scaled(0.6).math(typesetter, degree);
                let mut set = MathBox::default();
                let (x, y) = ((degree.width - self.size() * 0.3).max(0.0), root.ascent * 0.45);
                set.put(degree, 0.0, -y);
                set.put(root, x, 0.0);
                set
            }
            Math::Scripts { base, sub, sup } => {
                let base_box = self.math(typesetter, base);
                self.scripts(typesetter, base_box, sub.as_deref(), sup.as_deref())
            }
            Math::Limits { base, under, over } => {
                self.limits(typesetter, base, under.as_deref(), over.as_deref())
            }
            Math::Fenced { open, close, inner } => {
                let inner = self.math(typesetter, inner);
                let mut set = self.bracket(typesetter, open, &inner);
                let close = self.bracket(typesetter, close, &inner);
                set.append(inner);
                set.append(close);
                set
            }
            Math::Table { rows, left } => self.table(typesetter, rows, *left),
        }
    }

    /// A word, as high as its letters are and not as its font allows for.
    fn word(self, typesetter: &mut Typesetter, text: &str, italic: bool) -> MathBox {
        let mut word = typesetter.word(text, &Look { italic, ..self.look });
        word.ascent = word.ascent.min(self.size() * 0.78);
        word.descent = word.descent.min(self.size() * 0.24);
        word
    }

    fn row(self, typesetter: &mut Typesetter, parts: &[Math]) -> MathBox {
        let mut row = MathBox::default();
        for (place, part) in parts.iter().enumerate() {
            let set = self.math(typesetter, part);
            let binary = place > 0 && !is_open(&parts[place - 1]);
            let spaced = match part {
                Math::Operator(name) | Math::Identifier(name) => SPACED.contains(name.as_str()),
                _ => false,
            };
            let space = if spaced && binary { self.size() * 0.22 } else { 0.0 };
            row.append(MathBox::space(space));
            row.append(set);
            let comma = matches!(part, Math::Operator(name) if name == "," || name == ";");
            row.append(MathBox::space(if comma { self.size() * 0.17 } else { space }));
        }
        row
    }

    fn large(self, typesetter: &mut Typesetter, name: &str) -> MathBox {
        let scale = 1.55;
        let large = Self { look: Look { size: self.size() * scale, ..self.look }, ..self };
        let mut word = large.word(typesetter, name, false);
        let (ascent, descent) = (word.ascent * 0.95, word.descent);
        word.ascent = ascent;
        word.descent = descent;
        // Its middle comes to the axis.
        let shift = f32::midpoint(ascent, -descent) - self.size() * AXIS;
        let mut set = MathBox::default();
        set.put(word, 0.0, shift);
        set
    }

    fn fraction(
        self,
        typesetter: &mut Typesetter,
        over: &Math,
        under: &Math,
        line: bool,
    ) -> MathBox {
        let part = if self.display { Self { display: false, ..self } } else { self.scaled(0.78) };
        let over = part.math(typesetter, over);
        let under = part.math(typesetter, under);
        let (axis, gap) = (self.size() * AXIS, self.size() * 0.16);
        let pad = self.size() * 0.1;
        let width = over.width.max(under.width) + pad * 2.0;
        let mut set = MathBox::space(width + pad * 2.0);
        let (over_x, under_x) = ((width - over.width) / 2.0, (width - under.width) / 2.0);
        let (up, down) = (axis + gap + over.descent, under.ascent + gap - axis);
        set.put(over, pad + over_x, -up);
        set.put(under, pad + under_x, down);
        if line {
            let pen = self.size() * 0.055;
            set.marks.push(Mark::lines(&[(pad, -axis), (pad + width, -axis)], pen, self.colour()));
        }
        set
    }

    fn scripts(
        self,
        typesetter: &mut Typesetter,
        base: MathBox,
        sub: Option<&Math>,
        sup: Option<&Math>,
    ) -> MathBox {
        let small = self.scaled(SCRIPT);
        let (ascent, descent) = (base.ascent, base.descent);
        let x = base.width + self.size() * 0.04;
        let mut set = base;
        if let Some(sup) = sup {
            let sup = small.math(typesetter, sup);
            let up = (ascent - self.size() * 0.38).max(self.size() * 0.36) + sup.descent * 0.3;
            set.put(sup, x, -up);
        }
        if let Some(sub) = sub {
            let sub = small.math(typesetter, sub);
            let down = (descent - self.size() * 0.1).max(self.size() * 0.17);
            set.put(sub, x, down);
        }
        set.width += self.size() * 0.05;
        set
    }

    fn limits(
        self,
        typesetter: &mut Typesetter,
        base: &Math,
        under: Option<&Math>,
        over: Option<&Math>,
    ) -> MathBox {
        let base_box = self.math(typesetter, base);
        let operator = matches!(base, Math::Operator(name) if LARGE.contains(&name.as_str()));
        if operator && !self.display {
            return self.scripts(typesetter, base_box, under, over);
        }
        let gap = self.size() * 0.1;
        let (ascent, descent) = (base_box.ascent, base_box.descent);
        let under = under.map(|math| self.limit(typesetter, math, base_box.width));
        let over = over.map(|math| self.limit(typesetter, math, base_box.width));
        let widths = [&under, &over].into_iter().flatten().map(|limit| limit.width);
        let width = widths.fold(base_box.width, f32::max);
        let mut set = MathBox::space(width);
        let x = (width - base_box.width) / 2.0;
        set.put(base_box, x, 0.0);
        if let Some(over) = over {
            let (x, up) = ((width - over.width) / 2.0, ascent + gap + over.descent);
            set.put(over, x, -up);
        }
        if let Some(under) = under {
            let (x, down) = ((width - under.width) / 2.0, descent + gap + under.ascent);
            set.put(under, x, down);
        }
        set
    }

    /// What stands under or over a base of this width.
    fn limit(self, typesetter: &mut Typesetter, math: &Math, width: f32) -> MathBox {
        let mark = match math {
            Math::Operator(mark) | Math::Identifier(mark) => mark.as_str(),
            _ => return self.scaled(SCRIPT).math(typesetter, math),
        };
        if let Some(lying) = stretchy::lying(mark, width, self.size(), self.colour()) {
            return lying;
        }
        match mark {
            // Accents stand high in their own line: that height is not added to the base's.
            "^" | "~" | "˙" | "¨" | "´" | "`" | "ˇ" | "˘" | "." => {
                let mut accent = self.word(typesetter, mark, false);
                let lowered = self.size() * 0.5;
                let marks = accent.marks.drain(..).map(|mark| mark.moved(0.0, lowered));
                let marks = marks.collect();
                MathBox { marks, ascent: self.size() * 0.25, descent: 0.0, ..accent }
            }
            _ => self.scaled(SCRIPT).math(typesetter, math),
        }
    }

    fn bracket(self, typesetter: &mut Typesetter, bracket: &str, inner: &MathBox) -> MathBox {
        if bracket.is_empty() || bracket == "." {
            return MathBox::default();
        }
        let axis = self.size() * AXIS;
        let half = (inner.ascent - axis).max(inner.descent + axis);
        if half < self.size() * 0.62 {
            return self.word(typesetter, bracket, false);
        }
        let half = half + self.size() * 0.06;
        stretchy::bracket(bracket, half + axis, half - axis, self.size(), self.colour())
            .unwrap_or_else(|| self.word(typesetter, bracket, false))
    }

    fn table(self, typesetter: &mut Typesetter, rows: &[Vec<Math>], left: bool) -> MathBox {
        let inner = Self { display: false, ..self };
        let rows: Vec<Vec<_>> = rows
            .iter()
            .map(|row| row.iter().map(|cell| inner.math(typesetter, cell)).collect())
            .collect();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row: &Vec<MathBox>| row.get(column));
            cells.map(|cell| cell.width).fold(0.0, f32::max)
        };
        let widths: Vec<f32> = (0..columns).map(width).collect();
        let (gap, leading) = (self.size() * 0.8, self.size() * 0.35);
        let mut set = MathBox::default();
        let mut y = 0.0;
        for row in rows {
            let ascent = row.iter().map(|cell| cell.ascent).fold(self.size() * 0.7, f32::max);
            let descent = row.iter().map(|cell| cell.descent).fold(self.size() * 0.2, f32::max);
            y += ascent;
            let mut x = self.size() * 0.1;
            for (cell, width) in row.into_iter().zip(&widths) {
                let indent = if left { 0.0 } else { (width - cell.width) / 2.0 };
                set.put(cell, x + indent, y);
                x += width + gap;
            }
            set.descent = set.descent.max(y + descent);
            y += descent + leading;
        }
        set.width = widths.iter().sum::<f32>()
            + gap * widths.len().saturating_sub(1) as f32
            + self.size() * 0.2;
        // Its middle comes to the axis.
        let height = set.height();
        let up = height / 2.0 + self.size() * AXIS - set.ascent;
        let mut centred = MathBox::default();
        centred.put(set, 0.0, -up);
        centred.ascent = height / 2.0 + self.size() * AXIS;
        centred.descent = (height / 2.0 - self.size() * AXIS).max(0.0);
        centred
    }
}
