//! A page as a picture.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

use crate::ReadError;

/// No picture is larger than this many pixels.
const MOST_PIXELS: f32 = 40_000_000.0;
/// Nor is one longer than this many on any side.
const LONGEST: f32 = 16_000.0;

/// Draws a page (the first is 0) as PNG on white, `width` pixels wide or less.
///
/// # Errors
/// As [`read`](super::read), and [`ReadError::Damaged`] where there is no such page.
pub fn draw(
    data: &[u8],
    password: Option<&str>,
    page: usize,
    width: u32,
) -> Result<Vec<u8>, ReadError> {
    let pdf = super::open(data, password)?;
    let missing = || ReadError::Damaged(format!("it has no page {}", page + 1));
    let page = pdf.pages().get(page).ok_or_else(missing)?;
    let (wide, high) = page.render_dimensions();
    #[expect(clippy::cast_precision_loss, reason = "pixels")]
    let scale = (width.max(1) as f32 / wide)
        .min(LONGEST / wide)
        .min(LONGEST / high)
        .min((MOST_PIXELS / (wide * high)).sqrt());
    // At least a pixel each way.
    let (x_scale, y_scale) = (scale.max(1.0 / wide), scale.max(1.0 / high));
    let pixels = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings { x_scale, y_scale, bg_color: WHITE },
    );
    pixels.into_png().map_err(|error| ReadError::Damaged(error.to_string()))
}
