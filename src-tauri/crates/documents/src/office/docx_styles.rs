//! What the styles of a DOCX say of its paragraphs (ECMA-376 part 1, section 17.7).

use std::collections::HashMap;

use crate::ReadError;
use crate::xml::{Event, Xml};

/// What matters of a style.
#[derive(Debug, Clone, Default)]
pub struct Style {
    /// The level of the headings that it makes, from 1.
    pub heading: Option<usize>,
    /// Whether its text is hidden.
    pub vanish: Option<bool>,
    /// Whether it paints what is behind its text.
    pub shaded: bool,
    /// The list that its paragraphs are of.
    pub list: Option<String>,
    /// Their level in it.
    pub level: Option<usize>,
    based_on: Option<String>,
}

/// The styles of a document, by id.
#[derive(Debug, Default)]
pub struct Styles {
    styles: HashMap<String, Style>,
}

/// How many styles one may be based on, one on another.
const CHAIN: usize = 20;

impl Styles {
    /// As the part `styles.xml` says.
    ///
    /// # Errors
    /// [`ReadError::Damaged`] where it is no XML.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        let mut styles = Self::default();
        let mut xml = Xml::new(text);
        let mut open: Option<(String, Style)> = None;
        while let Some(event) = xml.next()? {
            match event {
                Event::Open(element) if element.name() == "style" => {
                    let id = element.attribute("styleId").unwrap_or_default();
                    open = Some((id, Style::default()));
                }
                Event::Open(element) => {
                    let Some((_, style)) = open.as_mut() else { continue };
                    let value = || element.attribute("val");
                    match element.name() {
                        "name" => {
                            style.heading =
                                style.heading.or(value().and_then(|name| level_of(&name)));
                        }
                        "basedOn" => style.based_on = value(),
                        "outlineLvl" => {
                            let level = value().and_then(|level| level.parse::<usize>().ok());
                            style.heading =
                                style.heading.or(level.filter(|l| *l < 9).map(|l| l + 1));
                        }
                        "vanish" => style.vanish = Some(element.is_on()),
                        "shd" => style.shaded |= is_shading(element.attribute("fill")),
                        "numId" => style.list = value(),
                        "ilvl" => style.level = value().and_then(|level| level.parse().ok()),
                        _ => {}
                    }
                }
                Event::Close(name) if name == "style" => {
                    if let Some((id, style)) = open.take() {
                        styles.styles.insert(id, style);
                    }
                }
                Event::Close(_) | Event::Text(_) => {}
            }
        }
        Ok(styles)
    }

    /// A style, with what it takes from those that it is based on.
    pub fn get(&self, id: &str) -> Style {
        let mut whole = Style::default();
        let mut next = Some(id);
        for _ in 0..CHAIN {
            let Some(style) = next.and_then(|id| self.styles.get(id)) else { break };
            whole.heading = whole.heading.or(style.heading);
            whole.vanish = whole.vanish.or(style.vanish);
            whole.shaded |= style.shaded;
            whole.list = whole.list.or_else(|| style.list.clone());
            whole.level = whole.level.or(style.level);
            next = style.based_on.as_deref();
        }
        whole
    }
}

/// Whether a fill paints something other than white.
pub fn is_shading(fill: Option<String>) -> bool {
    fill.is_some_and(|fill| {
        !fill.eq_ignore_ascii_case("auto") && !fill.eq_ignore_ascii_case("ffffff")
    })
}

/// Word stores the English name of its own styles in every language.
fn level_of(name: &str) -> Option<usize> {
    let name = name.to_lowercase();
    if name == "title" {
        return Some(1);
    }
    let level = name.strip_prefix("heading ")?.parse().ok()?;
    (1..=9).contains(&level).then_some(level)
}
