//! What was filled into a form's fields, where the file leaves it to its reader to draw it: such a
//! field has a value and no appearance (ISO 32000-2, 12.7.4.3).

use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_syntax::object::dict::keys::{ANNOTS, AP, F, FF, FT, PARENT, RECT, SUBTYPE, V};
use hayro::hayro_syntax::object::{
    Array, Dict, Name, Object, Rect as PdfRect, String as PdfString,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Point, Rect};

use super::glyph::{Glyph, Sight, Turn};
use super::unicode::text_string;

/// A field whose flags have one of these is not seen: hidden, or not shown on a screen.
const UNSEEN: u32 = 1 << 1 | 1 << 5;
/// A field that holds a password.
const PASSWORD: u32 = 1 << 13;
/// Fields are no further below their parents than this in a file that was not made to do harm.
const DEEPEST: usize = 16;
/// The size of type in a field that has room for more.
const SIZE: f64 = 12.0;
/// How wide a letter is, of its size.
const WIDE: f64 = 0.5;

/// The values of the fields of a page that have no appearance, each as a glyph for every line,
/// `place` being how the page is put on what is read.
pub(super) fn values(page: &Page<'_>, place: Affine) -> Vec<Glyph> {
    let fields = page.raw().get::<Array<'_>>(ANNOTS);
    let fields = fields.iter().flat_map(|array| array.iter::<Dict<'_>>());
    fields.filter_map(|field| value(&field, place)).flatten().collect()
}

fn value(field: &Dict<'_>, place: Affine) -> Option<Vec<Glyph>> {
    let widget = field.get::<Name<'_>>(SUBTYPE).is_some_and(|name| &*name == b"Widget");
    let seen = field.get::<u32>(F).unwrap_or(0) & UNSEEN == 0;
    if !widget || !seen || field.get::<Dict<'_>>(AP).is_some() {
        return None;
    }
    let kind = inherited(field, |of| of.get::<Name<'_>>(FT))?;
    let secret = inherited(field, |of| of.get::<u32>(FF)).unwrap_or(0) & PASSWORD != 0;
    if !matches!(&*kind, b"Tx" | b"Ch") || (secret && &*kind == b"Tx") {
        return None;
    }
    let text = match inherited(field, |of| of.get::<Object<'_>>(V))? {
        Object::String(text) => text_string(text.as_bytes()),
        Object::Array(texts) => {
            let texts = texts.iter::<PdfString<'_>>();
            texts.map(|text| text_string(text.as_bytes())).collect::<Vec<_>>().join("\n")
        }
        _ => return None,
    };
    let rect = field.get::<PdfRect>(RECT)?;
    let area = place.transform_rect_bbox(Rect::new(rect.x0, rect.y0, rect.x1, rect.y1));
    Some(lines(&text, area))
}

/// What a field says, or else those that it is of.
fn inherited<'a, T>(field: &Dict<'a>, get: impl Fn(&Dict<'a>) -> Option<T>) -> Option<T> {
    let mut field = field.clone();
    for _ in 0..DEEPEST {
        if let Some(found) = get(&field) {
            return Some(found);
        }
        field = field.get::<Dict<'a>>(PARENT)?;
    }
    None
}

/// The lines of a text, one below the other from the top of its field; one alone in its middle.
fn lines(text: &str, area: Rect) -> Vec<Glyph> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    #[expect(clippy::cast_precision_loss, reason = "a count of lines")]
    let height = area.height() / lines.len().max(1) as f64;
    let size = (height * 0.7).clamp(1.0, SIZE);
    let first = if lines.len() > 1 { area.y0 + size } else { area.center().y + 0.35 * size };
    let step = height.min(1.2 * size);
    let mut y = first - step;
    let glyph = |line: &str| {
        y += step;
        #[expect(clippy::cast_precision_loss, reason = "a count of letters")]
        let advance = line.chars().count() as f64 * size * WIDE;
        (!line.is_empty()).then(|| Glyph {
            text: BfString::String(line.to_owned()),
            origin: Point::new(area.x0, y),
            advance: advance.min(area.width()),
            turn: Turn::None,
            size,
            bold: false,
            sight: Sight::Seen,
        })
    };
    lines.into_iter().filter_map(glyph).collect()
}
