//! What style sheets hide: by `style` of an element, or by a rule of the page's own.
//!
//! Rules for narrow screens, print and the like (within `@`) are not looked at, and neither is
//! which of two rules is the stronger.

use std::collections::HashMap;

use ego_tree::NodeId;
use scraper::node::Element;
use scraper::{Html, Selector};

/// How many rules that hide something are looked at.
const RULES: usize = 200;

/// How an element looks, as far as it matters.
#[derive(Debug, Clone, Copy, Default)]
pub struct Looks {
    /// Nothing of it is seen.
    pub hidden: bool,
    /// Whether its text is white, where it says so.
    pub white: Option<bool>,
    /// It paints what is behind its text.
    pub painted: bool,
}

/// How the elements look that rules of the page match.
#[derive(Debug)]
pub struct Hiding {
    matched: HashMap<NodeId, Looks>,
}

impl Hiding {
    /// By the style sheets of this page.
    pub fn new(html: &Html) -> Self {
        let mut matched: HashMap<_, Looks> = HashMap::new();
        let Ok(styles) = Selector::parse("style") else { return Self { matched } };
        let sheets = html.select(&styles).map(|sheet| sheet.text().collect::<String>());
        let rules =
            sheets.flat_map(|sheet| rules(&sheet)).filter_map(|(selector, declarations)| {
                let looks = looks(&declarations);
                let matters = looks.hidden || looks.white.is_some() || looks.painted;
                Some((Selector::parse(&selector).ok().filter(|_| matters)?, looks))
            });
        for (selector, looks) in rules.take(RULES) {
            for element in html.select(&selector) {
                matched.entry(element.id()).or_default().add(looks);
            }
        }
        Self { matched }
    }

    /// How this element looks by itself.
    pub fn of(&self, id: NodeId, element: &Element) -> Looks {
        let mut whole = self.matched.get(&id).copied().unwrap_or_default();
        if let Some(style) = element.attr("style") {
            whole.add(looks(style));
        }
        whole.painted |= element.attr("bgcolor").and_then(is_white) == Some(false)
            || element.attr("background").is_some();
        if element.name() == "font" {
            whole.white = element.attr("color").and_then(is_white).or(whole.white);
        }
        whole.hidden |= element.attr("hidden").is_some();
        whole
    }
}

impl Looks {
    fn add(&mut self, other: Self) {
        self.hidden |= other.hidden;
        self.white = other.white.or(self.white);
        self.painted |= other.painted;
    }
}

/// The rules of a style sheet: selectors, and what is declared for them.
fn rules(sheet: &str) -> Vec<(String, String)> {
    let mut plain = String::with_capacity(sheet.len());
    let mut rest = sheet;
    while let Some((before, comment)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    let (mut rules, mut selector, mut body, mut depth) =
        (Vec::new(), String::new(), String::new(), 0_usize);
    for character in plain.chars() {
        match character {
            '{' => depth += 1,
            '}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    let (selector, body) =
                        (std::mem::take(&mut selector), std::mem::take(&mut body));
                    if !selector.trim_start().starts_with('@') {
                        rules.push((selector.replace("<!--", "").replace("-->", ""), body));
                    }
                }
            }
            ';' if depth == 0 => selector.clear(),
            _ if depth == 0 => selector.push(character),
            _ => body.push(character),
        }
    }
    rules
}

fn looks(declarations: &str) -> Looks {
    let mut looks = Looks::default();
    for declaration in declarations.split(';') {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let value = value.to_lowercase().replace("!important", "");
        let value = value.trim();
        match name.trim().to_lowercase().as_str() {
            "display" => looks.hidden |= value == "none",
            "visibility" => looks.hidden |= matches!(value, "hidden" | "collapse"),
            "opacity" => looks.hidden |= value.parse().is_ok_and(|opacity: f32| opacity < 0.05),
            "mso-hide" => looks.hidden |= value == "all",
            "font-size" => looks.hidden |= length(value).is_some_and(|size| size <= 2.0),
            "text-indent" | "left" | "top" | "margin-left" | "margin-top" => {
                looks.hidden |= length(value).is_some_and(|length| length <= -900.0);
            }
            "color" => looks.white = is_white(value).or(looks.white),
            "background-color" | "background" | "background-image" => {
                looks.painted |= is_white(value) == Some(false);
            }
            _ => {}
        }
    }
    looks
}

/// A length in pixels or points.
fn length(value: &str) -> Option<f32> {
    let number = value.strip_suffix("px").or_else(|| value.strip_suffix("pt"));
    let number: f32 = number.unwrap_or(value).trim().parse().ok()?;
    Some(number)
}

/// Whether a colour is white, where it is one at all.
fn is_white(value: &str) -> Option<bool> {
    let value = value.trim().to_lowercase().replace(' ', "");
    match value.as_str() {
        "" | "inherit" | "transparent" | "none" | "initial" | "unset" | "currentcolor" => None,
        "white" | "#fff" | "#ffffff" | "rgb(255,255,255)" | "rgba(255,255,255,1)" => Some(true),
        _ => Some(false),
    }
}
