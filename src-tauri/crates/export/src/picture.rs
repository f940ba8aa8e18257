//! Which of a message's files a document can show as pictures.

use conversation::PortableFile;

/// A picture that claims to have more would not fit into memory once it is unpacked.
const MOST_PIXELS: u64 = 100_000_000;

/// A picture that every reader of the formats can show.
#[derive(Debug, Clone, Copy)]
pub struct Picture<'a> {
    /// Its file's name.
    pub name: &'a str,
    /// What its bytes are, whatever its file says.
    pub kind: Kind,
    /// Its bytes.
    pub data: &'a [u8],
    /// Its size in pixels.
    pub size: (u32, u32),
}

/// A kind of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// Graphics Interchange Format.
    Gif,
    /// WebP.
    WebP,
}

impl Kind {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
        }
    }
}

/// The picture in a file; `None` if it holds none, or a broken one.
pub fn of(file: &PortableFile) -> Option<Picture<'_>> {
    use imagesize::ImageType;
    let kind = match imagesize::image_type(&file.data).ok()? {
        ImageType::Png => Kind::Png,
        ImageType::Jpeg => Kind::Jpeg,
        ImageType::Gif => Kind::Gif,
        ImageType::Webp => Kind::WebP,
        _ => return None,
    };
    let size = imagesize::blob_size(&file.data).ok()?;
    let size = (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
    let pixels = u64::from(size.0) * u64::from(size.1);
    (1..=MOST_PIXELS).contains(&pixels).then_some(Picture {
        name: &file.name,
        kind,
        data: &file.data,
        size,
    })
}
