//! Names with a `*` in them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A name in which `*` stands for any characters, none included. Letters are compared without case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Pattern(pub String);

impl Pattern {
    /// Whether this name is one of those.
    pub fn matches(&self, name: &str) -> bool {
        let (pattern, name) = (self.0.to_lowercase(), name.to_lowercase());
        let mut parts = pattern.split('*');
        let Some(mut rest) = name.strip_prefix(parts.next().unwrap_or_default()) else {
            return false;
        };
        let mut parts: Vec<_> = parts.collect();
        let Some(last) = parts.pop() else { return rest.is_empty() };
        for part in parts {
            let Some(at) = rest.find(part) else { return false };
            rest = &rest[at + part.len()..];
        }
        rest.ends_with(last)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(pattern: &str, name: &str) -> bool {
        Pattern(pattern.to_owned()).matches(name)
    }

    #[test]
    fn a_star_stands_for_any_characters() {
        for (pattern, name) in [
            ("m", "m"),
            ("*", ""),
            ("*", "x"),
            ("mistral-*", "mistral-"),
            ("mistral-*", "Mistral-Small"),
            ("*/m", "work/m"),
            ("a*b*c", "abc"),
            ("a*b*c", "axbxbxc"),
            ("*é*", "Été"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("m", "mm"),
            ("", "m"),
            ("mistral-*", "mistral"),
            ("a*a", "a"),
            ("a*b*c", "acb"),
            ("*b", "ba"),
        ] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    proptest! {
        #[test]
        fn a_name_matches_itself_with_any_of_its_parts_left_out(
            before in "[a-zé/.-]{0,5}", middle in "\\PC{0,5}", after in "[a-zé/.-]{0,5}",
        ) {
            let name = format!("{before}{middle}{after}");
            let pattern = format!("{before}*{after}");
            prop_assert!(matches(&pattern, &name));
        }
    }
}
