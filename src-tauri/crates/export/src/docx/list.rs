//! The numbering of lists: each numbered list counts by itself.

use crate::xml::Xml;

/// Levels that a list's definition has.
const LEVELS: usize = 9;
/// The definitions of lists with bullets and of those with numbers.
const BULLETS: &str = "0";
const NUMBERS: &str = "1";

/// The lists of a document.
#[derive(Debug, Default)]
pub struct Lists {
    /// The level and first number of each list with numbers.
    numbered: Vec<(usize, u32)>,
}

impl Lists {
    /// The number of a list that begins at this level.
    pub fn begin(&mut self, start: Option<u32>, level: usize) -> usize {
        let Some(start) = start else { return 1 };
        // Programs count no further than this.
        self.numbered.push((level, start.min(i32::MAX as u32)));
        self.numbered.len() + 1
    }

    /// The part of the package that defines them.
    pub fn part(&self) -> String {
        let mut xml = Xml::default();
        let space = [("xmlns:w", super::package::WORDS)];
        xml.element("w:numbering", &space, |xml| {
            push_definition(xml, BULLETS);
            push_definition(xml, NUMBERS);
            push_list(xml, 1, BULLETS, None);
            for (place, list) in self.numbered.iter().enumerate() {
                push_list(xml, place + 2, NUMBERS, Some(*list));
            }
        });
        xml.text
    }
}

fn push_list(xml: &mut Xml, number: usize, definition: &str, start: Option<(usize, u32)>) {
    xml.element("w:num", &[("w:numId", &number.to_string())], |xml| {
        xml.empty("w:abstractNumId", &[("w:val", definition)]);
        if let Some((level, start)) = start {
            xml.element("w:lvlOverride", &[("w:ilvl", &level.to_string())], |xml| {
                xml.empty("w:startOverride", &[("w:val", &start.to_string())]);
            });
        }
    });
}

fn push_definition(xml: &mut Xml, definition: &str) {
    xml.element("w:abstractNum", &[("w:abstractNumId", definition)], |xml| {
        xml.empty("w:multiLevelType", &[("w:val", "hybridMultilevel")]);
        for level in 0..LEVELS {
            let step = super::body::STEP;
            let (format, text) = if definition == BULLETS {
                ("bullet", ["•", "–", "◦"][level % 3].to_owned())
            } else {
                ("decimal", format!("%{}.", level + 1))
            };
            xml.element("w:lvl", &[("w:ilvl", &level.to_string())], |xml| {
                xml.empty("w:start", &[("w:val", "1")]);
                xml.empty("w:numFmt", &[("w:val", format)]);
                xml.empty("w:lvlText", &[("w:val", &text)]);
                xml.empty("w:lvlJc", &[("w:val", "left")]);
                xml.element("w:pPr", &[], |xml| {
                    let left = ((level + 1) * step).to_string();
                    xml.empty("w:ind", &[("w:left", &left), ("w:hanging", &step.to_string())]);
                });
            });
        }
    });
}
