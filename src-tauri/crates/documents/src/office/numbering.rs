//! The numbers and bullets before paragraphs of DOCX (ECMA-376 part 1, section 17.9).

use std::collections::HashMap;

use crate::ReadError;
use crate::xml::{Event, Xml};

/// How deep lists lie in each other.
const LEVELS: usize = 9;

/// What stands before a paragraph of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {
    /// A bullet.
    Bullet,
    /// A number that Markdown can write.
    Number(u32),
    /// Any other: `1.2`, `(a)`.
    Other(String),
}

#[derive(Debug, Clone, Default)]
struct Level {
    format: String,
    text: String,
    start: u32,
}

/// The lists of a document, and how far each was counted.
#[derive(Debug, Default)]
pub struct Numbering {
    kinds: HashMap<String, Vec<Level>>,
    lists: HashMap<String, String>,
    counts: HashMap<String, [u32; LEVELS]>,
}

impl Numbering {
    /// As the part `numbering.xml` says.
    ///
    /// # Errors
    /// [`ReadError::Damaged`] where it is no XML.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        let mut numbering = Self::default();
        let mut xml = Xml::new(text);
        let (mut kind, mut list, mut level) = (String::new(), String::new(), 0);
        while let Some(event) = xml.next()? {
            let Event::Open(element) = event else { continue };
            let value = || element.attribute("val").unwrap_or_default();
            match element.name() {
                "abstractNum" => kind = element.attribute("abstractNumId").unwrap_or_default(),
                "num" => list = element.attribute("numId").unwrap_or_default(),
                "abstractNumId" => {
                    numbering.lists.insert(list.clone(), value());
                }
                "lvl" => {
                    let number = element.attribute("ilvl").and_then(|level| level.parse().ok());
                    level = number.unwrap_or(0).min(LEVELS - 1);
                }
                name @ ("numFmt" | "lvlText" | "start") => {
                    let levels = numbering.kinds.entry(kind.clone()).or_default();
                    if levels.len() <= level {
                        levels.resize(level + 1, Level::default());
                    }
                    let Some(level) = levels.get_mut(level) else { continue };
                    match name {
                        "numFmt" => level.format = value(),
                        "lvlText" => level.text = value(),
                        _ => level.start = value().parse().unwrap_or(1),
                    }
                }
                _ => {}
            }
        }
        Ok(numbering)
    }

    /// What stands before the next paragraph of this list and level, or nothing.
    pub fn next(&mut self, list: &str, level: usize) -> Option<Label> {
        let kind = self.lists.get(list)?;
        let levels = self.kinds.get(kind)?;
        let level = level.min(LEVELS - 1);
        let this = levels.get(level)?;
        let counts = self.counts.entry(kind.clone()).or_insert([u32::MAX; LEVELS]);
        let start = |at: usize| levels.get(at).map_or(1, |level| level.start);
        for (at, count) in counts.iter_mut().enumerate() {
            *count = match *count {
                u32::MAX if at <= level => start(at),
                count if at == level => count.saturating_add(1),
                count if at < level => count,
                _ => u32::MAX,
            };
        }
        match this.format.as_str() {
            "bullet" => return Some(Label::Bullet),
            "none" => return None,
            _ => {}
        }
        let number = counts.get(level).copied().unwrap_or(1);
        let simple = format!("%{}", level + 1);
        if this.format == "decimal" && this.text.trim_end_matches(['.', ')']) == simple {
            return Some(Label::Number(number));
        }
        let mut label = this.text.clone();
        for (at, count) in counts.iter().enumerate().take(level + 1) {
            let format = levels.get(at).map_or("decimal", |level| level.format.as_str());
            label = label.replace(&format!("%{}", at + 1), &numeral(*count, format));
        }
        (!label.trim().is_empty()).then_some(Label::Other(label))
    }
}

/// A number as this format writes it.
fn numeral(number: u32, format: &str) -> String {
    match format {
        "lowerLetter" => letters(number).to_lowercase(),
        "upperLetter" => letters(number),
        "lowerRoman" => roman(number).to_lowercase(),
        "upperRoman" => roman(number),
        "decimalZero" => format!("{number:02}"),
        _ => number.to_string(),
    }
}

/// A, B, …, Z, AA, BB, …, as Word counts.
fn letters(number: u32) -> String {
    let Some(index) = number.checked_sub(1) else { return "0".into() };
    let letter = char::from_u32(u32::from(b'A') + index % 26).unwrap_or('A');
    std::iter::repeat_n(letter, (index / 26 + 1).min(8) as usize).collect()
}

fn roman(number: u32) -> String {
    const NUMERALS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number >= 4_000 {
        return number.to_string();
    }
    let (mut left, mut text) = (number, String::new());
    for (value, numeral) in NUMERALS {
        while left >= value {
            text.push_str(numeral);
            left -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_format_says() {
        assert_eq!(numeral(1994, "upperRoman"), "MCMXCIV");
        assert_eq!(numeral(28, "lowerLetter"), "bb");
        assert_eq!(numeral(0, "upperLetter"), "0");
        assert_eq!(numeral(7, "decimalZero"), "07");
    }
}
