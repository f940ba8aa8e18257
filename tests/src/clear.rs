//! Whether anything lies on the disk in clear.

use std::path::Path;

/// Searches every byte of every file of the folder for these words, in UTF-8 and in UTF-16, and
/// gives the number of bytes. The file `except` may hold them.
///
/// # Panics
/// If a word is there.
pub fn search_for(words: &[&str], folder: &Path, except: &Path) -> usize {
    let mut searched = 0;
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            searched += search_for(words, &path, except);
        } else if path != except && path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            searched += bytes.len();
            for word in words {
                let utf16: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
                for pattern in [word.as_bytes(), &utf16] {
                    let found = bytes.windows(pattern.len()).any(|w| w == pattern);
                    assert!(!found, "“{word}” is in clear in {}", path.display());
                }
            }
        }
    }
    searched
}
