//! What a display shows, as far as it tells a page from an empty window.

use std::collections::HashSet;
use std::path::Path;

/// How many colours are to be seen in a picture as `xwd` writes it; nothing if it is none.
///
/// An empty window has a handful; text, whose edges are smooth, has dozens.
pub fn colours(file: &Path) -> usize {
    std::fs::read(file).ok().and_then(|picture| count(&picture)).unwrap_or(0)
}

/// XWDFile.h: numbers of four bytes, the greater ones first; the length of the head is the first,
/// that of the table of colours, of twelve bytes each, the twentieth.
fn count(picture: &[u8]) -> Option<usize> {
    let number = |place: usize| {
        let bytes = picture.get(place * 4..place * 4 + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?) as usize)
    };
    let begin = number(0)? + number(19)? * 12;
    let pixels = picture.get(begin..)?.as_chunks::<4>().0;
    Some(pixels.iter().collect::<HashSet<_>>().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_counted() {
        let mut picture = vec![0; 100];
        picture[3] = 100;
        picture[79] = 2;
        picture.extend([9; 24]);
        picture.extend([1, 2, 3, 0, 1, 2, 3, 0, 4, 5, 6, 0]);
        assert_eq!(count(&picture), Some(2));
        assert_eq!(count(&picture[..50]), None);
    }
}
