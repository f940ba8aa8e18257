//! Brackets, braces and roots, as large as what they belong to.

use super::line::{Colour, Mark, Outline};
use super::mathbox::MathBox;

/// A bracket of this height around the axis; `None` for one that is not drawn but set.
pub fn bracket(
    bracket: &str,
    ascent: f32,
    descent: f32,
    size: f32,
    colour: Colour,
) -> Option<MathBox> {
    let (top, bottom) = (-ascent, descent);
    let width = match bracket {
        "(" | ")" => size * 0.34,
        "{" | "}" => size * 0.46,
        "|" | "∣" => size * 0.2,
        "‖" | "∥" => size * 0.36,
        _ => size * 0.32,
    };
    let pen = size * 0.055;
    let (left, right) = (pen * 1.5, width - pen * 1.5);
    let middle = f32::midpoint(top, bottom);
    let mut path = Outline::default();
    match bracket {
        "(" => curve(&mut path, right, left, top, bottom),
        ")" => curve(&mut path, left, right, top, bottom),
        "[" => corners(&mut path, [(right, top), (left, top), (left, bottom), (right, bottom)]),
        "]" => corners(&mut path, [(left, top), (right, top), (right, bottom), (left, bottom)]),
        "⌊" => corners(&mut path, [(left, top), (left, middle), (left, bottom), (right, bottom)]),
        "⌋" => {
            corners(&mut path, [(right, top), (right, middle), (right, bottom), (left, bottom)])
        }
        "⌈" => corners(&mut path, [(right, top), (left, top), (left, middle), (left, bottom)]),
        "⌉" => corners(&mut path, [(left, top), (right, top), (right, middle), (right, bottom)]),
        "⟨" | "〈" => {
            corners(&mut path, [(right, top), (left, middle), (left, middle), (right, bottom)])
        }
        "⟩" | "〉" => {
            corners(&mut path, [(left, top), (right, middle), (right, middle), (left, bottom)])
        }
        "{" => brace(&mut path, right, left, top, bottom),
        "}" => brace(&mut path, left, right, top, bottom),
        "|" | "∣" => corners(
            &mut path,
            [
                (width / 2.0, top),
                (width / 2.0, middle),
                (width / 2.0, middle),
                (width / 2.0, bottom),
            ],
        ),
        "‖" | "∥" => {
            for x in [left, right] {
                path.move_to((x, top));
                path.line_to((x, bottom));
            }
        }
        _ => return None,
    }
    let mark = Mark::Stroke(path, pen, colour);
    Some(MathBox { width, ascent, descent, marks: vec![mark] })
}

fn corners(path: &mut Outline, points: [(f32, f32); 4]) {
    for (place, point) in points.into_iter().enumerate() {
        if place == 0 { path.move_to(point) } else { path.line_to(point) }
    }
}

fn curve(path: &mut Outline, ends: f32, belly: f32, top: f32, bottom: f32) {
    let middle = f32::midpoint(top, bottom);
    let quarter = (bottom - top) / 4.0;
    path.move_to((ends, top));
    path.curve_to((belly, middle - quarter), (belly, middle));
    path.curve_to((belly, middle + quarter), (ends, bottom));
}

/// An upright brace whose point is at `point`.
fn brace(path: &mut Outline, ends: f32, point: f32, top: f32, bottom: f32) {
    let middle = f32::midpoint(top, bottom);
    let stem = f32::midpoint(ends, point);
    let bend = ((bottom - top) / 4.0).min((ends - point).abs() * 1.6);
    path.move_to((ends, top));
    path.curve_to((stem, top), (stem, top + bend));
    path.line_to((stem, middle - bend));
    path.curve_to((stem, middle), (point, middle));
    path.curve_to((stem, middle), (stem, middle + bend));
    path.line_to((stem, bottom - bend));
    path.curve_to((stem, bottom), (ends, bottom));
}

/// A line, an arrow or a brace of this width that lies over or under something; `None` for a mark
/// that does not grow. It stands on the base line.
pub fn lying(mark: &str, width: f32, size: f32, colour: Colour) -> Option<MathBox> {
    let pen = size * 0.055;
    let height = size * 0.22;
    let mut path = Outline::default();
    let mut braced = |tip: f32, ends: f32| {
        let stem = f32::midpoint(tip, ends);
        let (middle, bend) = (width / 2.0, (width / 4.0).min(height));
        path.move_to((0.0, ends));
        path.curve_to((0.0, stem), (bend, stem));
        path.line_to((middle - bend, stem));
        path.curve_to((middle, stem), (middle, tip));
        path.curve_to((middle, stem), (middle + bend, stem));
        path.line_to((width - bend, stem));
        path.curve_to((width, stem), (width, ends));
    };
    let height = match mark {
        "⏟" => {
            braced(0.0, -height);
            height
        }
        "⏞" => {
            braced(-height, 0.0);
            height
        }
        "‾" | "¯" | "_" | "―" => {
            path.move_to((0.0, -pen));
            path.line_to((width, -pen));
            pen * 2.0
        }
        "→" => {
            let (y, head) = (-height * 0.4, height * 0.4);
            path.move_to((0.0, y));
            path.line_to((width, y));
            path.move_to((width - head, y - head));
            path.line_to((width, y));
            path.line_to((width - head, y + head));
            height * 0.8
        }
        _ => return None,
    };
    let mark = Mark::Stroke(path, pen, colour);
    Some(MathBox { width, ascent: height, descent: 0.0, marks: vec![mark] })
}

/// A root over something, with space for what it is the root of.
pub fn root(of: MathBox, size: f32, colour: Colour) -> MathBox {
    let pen = size * 0.055;
    let hook = size * 0.55;
    let (top, bottom) = (-(of.ascent + size * 0.12), of.descent);
    let points = [
        (0.0, bottom - (bottom - top) * 0.42),
        (hook * 0.25, bottom - (bottom - top) * 0.48),
        (hook * 0.6, bottom),
        (hook, top),
        (hook + of.width + pen, top),
    ];
    let mut root = MathBox::default();
    root.put(of, hook + pen, 0.0);
    root.marks.push(Mark::lines(&points, pen, colour));
    root.width += pen * 2.0;
    root.ascent = root.ascent.max(-top + pen);
    root
}
