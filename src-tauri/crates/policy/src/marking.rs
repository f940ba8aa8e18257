//! The classification that windows, exports and prints are marked with.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The longest text of a marking, in characters: it stands on one line.
const MOST: usize = 80;

/// The markings of an organisation, from the lowest to the highest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Written", into = "Written")]
#[schemars(with = "Written")]
pub struct Marking {
    levels: Vec<Level>,
    default: usize,
}

/// One marking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// What names it; never shown.
    pub id: String,
    /// What is shown, such as `DIFFUSION RESTREINTE`: one line.
    pub text: String,
    /// Its colour, as `#rrggbb`. The text upon it is black or white, whichever is read better.
    pub colour: Colour,
}

/// A colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Colour {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Marking {
    /// All of them, from the lowest to the highest.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// What everything is marked with at least.
    pub fn lowest(&self) -> Option<&Level> {
        self.levels.get(self.default)
    }

    /// Those that a conversation can be marked with: none below the default.
    pub fn choices(&self) -> &[Level] {
        self.levels.get(self.default..).unwrap_or_default()
    }

    /// The marking of a conversation that bears `chosen`: never below the default, and the highest
    /// where the policy does not know what was chosen, since it may have been any.
    pub fn of(&self, chosen: Option<&str>) -> Option<&Level> {
        let choices = self.choices();
        match chosen {
            None => choices.first(),
            Some(id) => match self.levels.iter().position(|level| level.id == id) {
                Some(place) => self.levels.get(place.max(self.default)),
                None => choices.last(),
            },
        }
    }

    /// The highest marking of several conversations, by what each bears.
    pub fn highest<'a>(&self, chosen: impl IntoIterator<Item = Option<&'a str>>) -> Option<&Level> {
        let place = |level: &&Level| self.levels.iter().position(|other| other == *level);
        chosen.into_iter().filter_map(|chosen| self.of(chosen)).max_by_key(place).or(self.lowest())
    }
}

impl Colour {
    /// Black or white, whichever is read better upon this colour: the contrast is at least 4.58
    /// to 1, and so above the 4.5 that WCAG 2.2 asks for.
    pub fn ink(self) -> Self {
        let [black, white] = [0, 255].map(|level| Self { red: level, green: level, blue: level });
        if self.contrast(black) >= self.contrast(white) { black } else { white }
    }

    /// The contrast ratio with another colour (WCAG 2.2, “contrast ratio”).
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// WCAG 2.2, “relative luminance”.
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }
}

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("“{text}” is no colour of the form #rrggbb");
        let digits = text.strip_prefix('#').filter(|digits| {
            digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        let number = u32::from_str_radix(digits.ok_or_else(wrong)?, 16).map_err(|_| wrong())?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self { red, green, blue })
    }
}

impl From<Colour> for String {
    fn from(Colour { red, green, blue }: Colour) -> Self {
        format!("#{red:02x}{green:02x}{blue:02x}")
    }
}

impl JsonSchema for Colour {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Colour".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^#[0-9a-fA-F]{6}$" })
    }
}

/// The markings of an organisation.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Marking")]
struct Written {
    /// The `id` of the marking that everything bears at least. Left out, it is the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    /// The markings, from the lowest to the highest.
    levels: Vec<Level>,
}

impl TryFrom<Written> for Marking {
    type Error = String;

    fn try_from(Written { default, levels }: Written) -> Result<Self, String> {
        let mut known = BTreeSet::new();
        for Level { id, text, .. } in &levels {
            if !known.insert(id) {
                return Err(format!("two markings have the id “{id}”"));
            }
            if text.trim().is_empty()
                || text.chars().count() > MOST
                || text.chars().any(char::is_control)
            {
                return Err(format!(
                    "the text of the marking “{id}” must be one line of at most {MOST} characters"
                ));
            }
        }
        let place = match &default {
            Some(id) => levels.iter().position(|level| level.id == *id),
            None => (!levels.is_empty()).then_some(0),
        };
        match place {
            Some(default) => Ok(Self { levels, default }),
            None => Err(default.map_or_else(
                || "there must be one marking at least".to_owned(),
                |id| format!("there is no marking “{id}” to be the default"),
            )),
        }
    }
}

impl From<Marking> for Written {
    fn from(Marking { levels, default }: Marking) -> Self {
        Self { default: levels.get(default).map(|level| level.id.clone()), levels }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, Policy};

    const THREE: &str = r##"
[marking]
default = "restricted"
levels = [
  { id = "open", text = "NON PROTÉGÉ", colour = "#007a33" },
  { id = "restricted", text = "DIFFUSION RESTREINTE", colour = "#0033a0" },
  { id = "secret", text = "SECRET", colour = "#c8102e" },
]
"##;

    fn marking(text: &str) -> Result<Marking, String> {
        let policy = Policy::parse("p", text, Format::Toml).map_err(|error| error.to_string())?;
        Ok(policy.marking.unwrap())
    }

    #[test]
    fn nothing_is_marked_below_the_default_and_what_is_unknown_is_marked_highest() {
        let marking = marking(THREE).unwrap();
        let of = |chosen| marking.of(chosen).unwrap().id.as_str();
        assert_eq!(of(None), "restricted");
        assert_eq!(of(Some("open")), "restricted");
        assert_eq!(of(Some("secret")), "secret");
        assert_eq!(of(Some("of another policy")), "secret");
        assert_eq!(marking.choices().len(), 2);
        let highest = |chosen: &[Option<&str>]| marking.highest(chosen.iter().copied()).cloned();
        assert_eq!(highest(&[None, Some("secret"), None]).unwrap().id, "secret");
        assert_eq!(highest(&[]).unwrap().id, "restricted");
    }

    #[test]
    fn a_marking_is_read_upon_every_colour() {
        for red in (0..=255).step_by(15) {
            for green in (0..=255).step_by(15) {
                for blue in (0..=255).step_by(15) {
                    let colour = Colour { red, green, blue };
                    assert!(colour.contrast(colour.ink()) >= 4.5, "{colour:?}");
                }
            }
        }
        let [black, white] =
            ["#000000", "#ffffff"].map(|text| Colour::try_from(text.to_owned()).unwrap());
        assert!((black.contrast(white) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn what_cannot_be_is_told() {
        for (before, after, told) in [
            ("\"secret\", text", "\"open\", text", "two markings"),
            ("\"SECRET\"", "\"\"", "one line"),
            ("\"SECRET\"", "\"A\\nB\"", "one line"),
            ("default = \"restricted\"", "default = \"x\"", "no marking “x”"),
            ("#c8102e", "red", "no colour"),
            ("#c8102e", "#c8102é", "no colour"),
        ] {
            let error = marking(&THREE.replacen(before, after, 1)).unwrap_err();
            assert!(error.contains(told) && error.contains("line "), "{error}");
        }
        assert!(marking("[marking]\nlevels = []").unwrap_err().contains("one marking at least"));
        let written = serde_json::to_string(&marking(THREE).unwrap()).unwrap();
        assert_eq!(serde_json::from_str::<Marking>(&written).unwrap(), marking(THREE).unwrap());
    }
}
