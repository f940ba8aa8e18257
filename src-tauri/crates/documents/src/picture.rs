//! Pictures, decoded here so that no other program meets a file that came from outside.

use std::io::Cursor;

use image::codecs::png::PngEncoder;
use image::{DynamicImage, GrayImage, ImageDecoder, ImageReader, Limits, Luma};

use crate::extract::Extract;
use crate::{Document, Kind, Page, ReadError};

/// The most pixels in a line or a column.
const SIDE: u32 = 30_000;

/// The most memory that decoding one may take, in bytes.
const MEMORY: u64 = 512 << 20;

/// How many pages a picture may have.
const PAGES: usize = 500;

/// A picture's pages, whose text is to be recognised.
pub fn read(data: &[u8]) -> Extract {
    let count = directories(data).len().max(1);
    let pages = vec![Page::default(); count];
    let document = Document { kind: Kind::Page, pages, notes: Vec::new() };
    Extract { document, pictured: (0..count).collect() }
}

/// A page as a PNG in grey on white, no wider than `width` pixels.
///
/// # Errors
/// [`ReadError::Damaged`] where it is broken, [`ReadError::TooLarge`].
pub fn draw(data: &[u8], page: usize, width: u32) -> Result<Vec<u8>, ReadError> {
    let damaged = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => {
            ReadError::TooLarge("the picture has too many pixels".into())
        }
        error => ReadError::Damaged(format!("the picture cannot be decoded ({error})")),
    };
    let mut data = data.to_vec();
    if let Some(directory) = directories(&data).get(page)
        && let Some(first) = data.get_mut(4..8)
    {
        // Decoders read the first page, so the file is told to begin with the one that is wanted.
        first.copy_from_slice(directory);
    }
    let reader = ImageReader::new(Cursor::new(data)).with_guessed_format();
    let mut reader = reader.map_err(|error| damaged(error.into()))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE);
    limits.max_image_height = Some(SIDE);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let turned = decoder.orientation().map_err(damaged)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    image.apply_orientation(turned);
    if image.width() > width {
        image = image.thumbnail(width, u32::MAX);
    }
    let mut png = Vec::new();
    on_white(image).write_with_encoder(PngEncoder::new(&mut png)).map_err(damaged)?;
    Ok(png)
}

/// In grey, and white where it was transparent.
fn on_white(image: DynamicImage) -> GrayImage {
    if !image.color().has_alpha() {
        return image.into_luma8();
    }
    let image = image.into_luma_alpha8();
    GrayImage::from_fn(image.width(), image.height(), |x, y| {
        let [grey, alpha] = image.get_pixel(x, y).0.map(u32::from);
        let mixed = (grey * alpha + 255 * (255 - alpha)) / 255;
        Luma([u8::try_from(mixed).unwrap_or(255)])
    })
}

/// Where the pages of a TIFF begin, as its own bytes (TIFF 6.0, section 2). Other pictures have one
/// page, and of a TIFF that is damaged those that can be found.
fn directories(data: &[u8]) -> Vec<[u8; 4]> {
    let little = match data.get(..4) {
        Some(b"II*\0") => true,
        Some(b"MM\0*") => false,
        _ => return Vec::new(),
    };
    let four = |at: usize| data.get(at..at.checked_add(4)?)?.try_into().ok();
    let number = |bytes: [u8; 4]| match little {
        true => u32::from_le_bytes(bytes) as usize,
        false => u32::from_be_bytes(bytes) as usize,
    };
    let mut found: Vec<[u8; 4]> = Vec::new();
    let mut next: Option<[u8; 4]> = four(4);
    while let Some(bytes) = next.filter(|bytes| number(*bytes) > 0 && !found.contains(bytes)) {
        let at = number(bytes);
        let Some([first, second]) = data.get(at..at.saturating_add(2)) else { break };
        let count = match little {
            true => u16::from_le_bytes([*first, *second]),
            false => u16::from_be_bytes([*first, *second]),
        };
        found.push(bytes);
        if found.len() == PAGES {
            break;
        }
        next = four(at + 2 + usize::from(count) * 12);
    }
    found
}
