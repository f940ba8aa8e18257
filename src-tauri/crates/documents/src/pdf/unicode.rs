//! What a glyph says: its font's own words for it, and what can be found out where it has none.

use std::collections::HashMap;
use std::sync::OnceLock;

use hayro::hayro_interpret::font::Glyph;
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_syntax::Pdf;
use skrifa::{FontRef, MetadataProvider};
use unicode_normalization::UnicodeNormalization;

use super::collections::Collections;
use super::symbols;

/// What is known of the fonts of a file.
pub(super) struct Fonts<'a> {
    file: &'a File<'a>,
    /// The characters of a font's glyphs, of the fonts that were asked for them.
    characters: HashMap<u128, HashMap<u32, char>>,
    /// Which of them are bold.
    bold: HashMap<u128, bool>,
    /// Their names.
    names: HashMap<u128, String>,
}

/// A file whose fonts are asked for.
pub(super) struct File<'a> {
    pdf: &'a Pdf,
    /// Looked for when a glyph needs them, since few files have such fonts.
    collections: OnceLock<Collections>,
}

impl<'a> File<'a> {
    /// This one.
    pub fn new(pdf: &'a Pdf) -> Self {
        Self { pdf, collections: OnceLock::new() }
    }

    /// The fonts of it that are of a collection of characters.
    fn collections(&self) -> &Collections {
        self.collections.get_or_init(|| Collections::of(self.pdf))
    }
}

/// One of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Font {
    key: Option<u128>,
    bold: bool,
}

impl Font {
    /// Whether it is bold.
    pub fn bold(self) -> bool {
        self.bold
    }
}

impl<'a> Fonts<'a> {
    /// Nothing yet is known of those of this file.
    pub fn new(file: &'a File<'a>) -> Self {
        Self { file, characters: HashMap::new(), bold: HashMap::new(), names: HashMap::new() }
    }

    /// The font of a glyph.
    pub fn of(&mut self, glyph: &Glyph<'_>) -> Font {
        let Glyph::Outline(outline) = glyph else { return Font { key: None, bold: false } };
        let Some(data) = outline.font_data() else { return Font { key: None, bold: false } };
        let names = &mut self.names;
        let bold = *self.bold.entry(data.cache_key).or_insert_with(|| {
            let name = data.postscript_name.unwrap_or_default();
            let lower = name.to_ascii_lowercase();
            names.insert(data.cache_key, name);
            let named = ["bold", "black", "heavy", "semibd", "demi"];
            named.iter().any(|word| lower.contains(word)) || data.weight.is_some_and(|w| w >= 600)
        });
        Font { key: Some(data.cache_key), bold }
    }

    /// The text of a glyph of a font, if it has any.
    pub fn text(&mut self, font: Font, glyph: &Glyph<'_>) -> Option<BfString> {
        let code = glyph.char_code();
        let said = glyph.as_unicode();
        let mut private = None;
        match &said {
            Some(BfString::Char(c)) if says_something(*c) => return said,
            Some(BfString::Char(c)) if is_private(*c) => private = Some(u32::from(*c)),
            Some(BfString::String(text)) => {
                let text: String = text.chars().filter(|c| says_something(*c)).collect();
                if !text.is_empty() {
                    return Some(BfString::String(text));
                }
            }
            _ => {}
        }
        let name = font.key.and_then(|key| self.names.get(&key)).map_or("", String::as_str);
        if let Some(symbol) = private.and_then(|c| symbols::said(name, c)) {
            return symbol.map(BfString::Char);
        }
        if let Some(text) = self.file.collections().text(name, code) {
            return Some(text);
        }
        if let Some(c) = self.character(font, glyph) {
            return Some(BfString::Char(c));
        }
        // Its font says that it is none that others know, and has not kept the place of one.
        if private.is_some_and(|c| c & 0xff != code) {
            return None;
        }
        // Most fonts that say nothing kept the places of Unicode, or at least of ASCII.
        char::from_u32(code).filter(|c| says_something(*c)).map(BfString::Char)
    }

    /// The character of which the font itself says that this is its glyph.
    fn character(&mut self, font: Font, glyph: &Glyph<'_>) -> Option<char> {
        let (Some(key), Glyph::Outline(outline)) = (font.key, glyph) else { return None };
        let characters = self.characters.entry(key).or_insert_with(|| {
            let Some(data) = outline.font_data() else { return HashMap::new() };
            let Ok(font) = FontRef::new((*data.data).as_ref()) else { return HashMap::new() };
            let mut characters = HashMap::new();
            for (code, glyph) in font.charmap().mappings() {
                // Fonts of symbols keep ASCII from U+F000 on.
                let code = if (0xf020..0xf07f).contains(&code) { code - 0xf000 } else { code };
                if let Some(c) = char::from_u32(code).filter(|c| says_something(*c)) {
                    characters.entry(glyph.to_u32()).or_insert(c);
                }
            }
            characters
        });
        characters.get(&outline.glyph_id().to_u32()).copied()
    }
}

fn is_private(c: char) -> bool {
    ('\u{e000}'..='\u{f8ff}').contains(&c)
}

/// Whether a character is one that a person could have meant.
fn says_something(c: char) -> bool {
    !c.is_control() && !is_private(c) && c != '\u{fffd}' && c != '\u{feff}' && c != '\u{ffff}'
}

/// A text as it is written: ligatures and the joined forms of Arabic as the letters that they are
/// of, accents one with their letter, and neither soft hyphens nor marks that nobody sees.
pub(super) fn written(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    if text.is_ascii() {
        out.push_str(text);
        return out;
    }
    for c in text.chars() {
        match c {
            '\u{ad}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => {}
            '\u{fb00}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' => out.extend(c.nfkd()),
            '\u{a0}' | '\u{2000}'..='\u{200a}' => out.push(' '),
            _ => out.push(c),
        }
    }
    out.nfc().collect()
}

/// An accent that stands for itself, as the one that goes onto the letter before it.
pub(super) fn combining(c: char) -> Option<char> {
    Some(match c {
        '`' => '\u{300}',
        '\u{b4}' | '\u{2ca}' => '\u{301}',
        '^' | '\u{2c6}' => '\u{302}',
        '~' | '\u{2dc}' => '\u{303}',
        '\u{af}' | '\u{2c9}' => '\u{304}',
        '\u{2d8}' => '\u{306}',
        '\u{2d9}' => '\u{307}',
        '\u{a8}' => '\u{308}',
        '\u{2da}' => '\u{30a}',
        '\u{2dd}' => '\u{30b}',
        '\u{2c7}' => '\u{30c}',
        '\u{b8}' => '\u{327}',
        '\u{2db}' => '\u{328}',
        _ => return None,
    })
}

/// A text string of a file (ISO 32000-2, 7.9.2.2): UTF-16 or UTF-8 where it says so, else Latin.
pub(super) fn text_string(bytes: &[u8]) -> String {
    if let Some(utf16) = bytes.strip_prefix(b"\xfe\xff") {
        let (pairs, _) = utf16.as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
        return String::from_utf16_lossy(&units);
    }
    if let Some(utf8) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return String::from_utf8_lossy(utf8).into_owned();
    }
    bytes.iter().map(|byte| char::from(*byte)).collect()
}
