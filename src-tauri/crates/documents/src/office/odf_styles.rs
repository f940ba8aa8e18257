//! What the styles of an OpenDocument file say (ODF 1.3 part 3, sections 16 and 20).

use std::collections::{HashMap, HashSet};

use crate::ReadError;
use crate::xml::{Event, Xml};

/// The styles that matter, by name.
#[derive(Debug, Default)]
pub struct Styles {
    hidden: HashMap<String, bool>,
    white: HashMap<String, bool>,
    painted: HashMap<String, bool>,
    parents: HashMap<String, String>,
    numbered: HashSet<(String, usize)>,
}

/// How many styles one may be based on, one on another.
const CHAIN: usize = 20;

impl Styles {
    /// Adds the styles that a part holds.
    ///
    /// # Errors
    /// [`ReadError::Damaged`] where it is no XML.
    pub fn add(&mut self, text: &str) -> Result<(), ReadError> {
        let mut xml = Xml::new(text);
        let (mut style, mut list) = (String::new(), String::new());
        while let Some(event) = xml.next()? {
            let Event::Open(element) = event else { continue };
            let value = |name: &str| element.attribute(name);
            match element.name() {
                "body" => xml.skip()?,
                "style" => {
                    style = value("style:name").unwrap_or_default();
                    if let Some(parent) = value("parent-style-name") {
                        self.parents.insert(style.clone(), parent);
                    }
                }
                "text-properties" => {
                    if let Some(display) = value("display") {
                        self.hidden.insert(style.clone(), display == "none");
                    }
                    if let Some(color) = value("fo:color") {
                        self.white.insert(style.clone(), color.eq_ignore_ascii_case("#ffffff"));
                    }
                    self.paint(&style, value("background-color"));
                }
                "drawing-page-properties" => {
                    if let Some(visibility) = value("visibility") {
                        self.hidden.insert(style.clone(), visibility == "hidden");
                    }
                }
                "section-properties" => {
                    if let Some(display) = value("display") {
                        self.hidden.insert(style.clone(), display == "none");
                    }
                }
                "graphic-properties" if value("fill").is_some_and(|fill| fill != "none") => {
                    self.painted.insert(style.clone(), true);
                }
                "paragraph-properties" | "table-cell-properties" | "table-properties"
                | "table-row-properties" => self.paint(&style, value("background-color")),
                "list-style" => list = value("style:name").unwrap_or_default(),
                "list-level-style-number"
                    // One without a format has no number.
                    if value("num-format").is_some_and(|format| !format.is_empty()) =>
                {
                    let level = value("text:level").and_then(|level| level.parse().ok());
                    self.numbered.insert((list.clone(), level.unwrap_or(1)));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether what has this style is hidden.
    pub fn is_hidden(&self, style: &str) -> bool {
        self.find(&self.hidden, style).unwrap_or(false)
    }

    /// Whether text of this style is white, where it says so.
    pub fn is_white(&self, style: &str) -> Option<bool> {
        self.find(&self.white, style)
    }

    /// Whether this style paints what is behind the text.
    pub fn is_painted(&self, style: &str) -> bool {
        self.find(&self.painted, style).unwrap_or(false)
    }

    /// Whether this level (the first is 1) of lists of this style has numbers.
    pub fn is_numbered(&self, list: &str, level: usize) -> bool {
        self.numbered.contains(&(list.to_owned(), level))
    }

    fn paint(&mut self, style: &str, color: Option<String>) {
        let painted = color
            .is_some_and(|color| color != "transparent" && !color.eq_ignore_ascii_case("#ffffff"));
        if painted {
            self.painted.insert(style.to_owned(), true);
        }
    }

    fn find(&self, values: &HashMap<String, bool>, style: &str) -> Option<bool> {
        let mut next = Some(style);
        for _ in 0..CHAIN {
            let style = next?;
            if let Some(value) = values.get(style) {
                return Some(*value);
            }
            next = self.parents.get(style).map(String::as_str);
        }
        None
    }
}
