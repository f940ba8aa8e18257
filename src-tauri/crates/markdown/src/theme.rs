//! The colours of code: a few classes that every grammar's scopes are mapped to, and a light and
//! a dark colour for each.

use std::fmt::Write;
use std::sync::LazyLock;

use syntect::parsing::Scope;

/// The class, its colour on a light and on a dark background, and the scopes it stands for. Of
/// the scopes that contain one another, the first listed counts.
#[rustfmt::skip]
const CLASSES: &[(&str, &str, &str, &[&str])] = &[
    ("hl-comment", "#57606a", "#9aa4af", &["comment", "punctuation.definition.comment"]),
    ("hl-string", "#0a5a2b", "#9ecf8d", &["string", "punctuation.definition.string", "constant.character", "markup.raw"]),
    ("hl-number", "#8a3800", "#f0a868", &["constant.numeric", "constant.language", "constant.other", "support.constant"]),
    ("hl-keyword", "#a0111f", "#ff8f88", &["keyword.control", "keyword.other", "keyword.declaration", "keyword", "storage.modifier", "storage.type", "variable.language"]),
    ("hl-type", "#6b3fa0", "#cfaefc", &["entity.name.type", "entity.name.class", "entity.name.struct", "entity.name.enum", "entity.name.trait", "entity.name.impl", "entity.name.namespace", "entity.other.inherited-class", "support.type", "support.class"]),
    ("hl-function", "#0b4fa8", "#86bdff", &["entity.name.function", "support.function", "variable.function", "entity.name.macro", "support.macro"]),
    ("hl-tag", "#0f5b66", "#7fd4df", &["entity.name.tag", "entity.name.section", "markup.heading"]),
    ("hl-attribute", "#79430a", "#e3c07a", &["entity.other.attribute-name", "variable.parameter", "meta.annotation", "variable.annotation", "support.type.property-name"]),
    ("hl-inserted", "#0a5a2b", "#9ecf8d", &["markup.inserted"]),
    ("hl-deleted", "#a0111f", "#ff8f88", &["markup.deleted"]),
    ("hl-invalid", "#a0111f", "#ff8f88", &["invalid"]),
];
/// Text and background of code without a class.
const PLAIN: [(&str, &str); 2] = [("#1f2328", "#f6f8fa"), ("#e6edf3", "#161b22")];

static RULES: LazyLock<Vec<(Scope, &str)>> = LazyLock::new(|| {
    let scopes = CLASSES.iter().flat_map(|(class, .., scopes)| scopes.iter().map(|s| (*s, *class)));
    scopes.filter_map(|(scope, class)| Scope::new(scope).ok().map(|scope| (scope, class))).collect()
});

/// The class of a scope; `None` if it shows no colour of its own.
pub fn class_of(scope: Scope) -> Option<&'static str> {
    RULES.iter().find(|(prefix, _)| prefix.is_prefix_of(scope)).map(|(_, class)| *class)
}

/// The colour on a light background of a class of highlighted code, as `#rrggbb`, for what is not
/// shown by a style sheet; `None` if it is none of the classes that code is given.
#[must_use]
pub fn light_colour(class: &str) -> Option<&'static str> {
    CLASSES.iter().find(|(known, ..)| *known == class).map(|(_, light, ..)| *light)
}

/// The style sheet of highlighted code: a light theme, and a dark one for those who prefer it.
/// Every colour has a contrast of at least 4.5 with the background that it sets.
pub fn theme_css() -> String {
    let light = theme(PLAIN[0], |(_, light, _, _)| light);
    let dark = theme(PLAIN[1], |(_, _, dark, _)| dark);
    format!("{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n")
}

type Class = (&'static str, &'static str, &'static str, &'static [&'static str]);

fn theme((text, background): (&str, &str), colour: impl Fn(&Class) -> &'static str) -> String {
    let mut css = format!("pre.code {{ color: {text}; background-color: {background}; }}\n");
    for class in CLASSES {
        // Writing to a string cannot fail.
        let _ = writeln!(css, "pre.code .{} {{ color: {}; }}", class.0, colour(class));
    }
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_colour_can_be_read() {
        for (class, light, dark, _) in CLASSES {
            assert!(
                contrast(light, PLAIN[0].1) >= 4.5 && contrast(dark, PLAIN[1].1) >= 4.5,
                "{class}"
            );
        }
        for (text, background) in PLAIN {
            assert!(contrast(text, background) >= 7.0);
        }
    }

    #[test]
    fn every_rule_is_a_scope_and_in_the_style_sheet() {
        for (class, _, _, scopes) in CLASSES {
            assert_eq!(theme_css().matches(&format!(".{class} ")).count(), 2);
            assert!(
                theme_css()
                    .contains(&format!(".{class} {{ color: {}", light_colour(class).unwrap()))
            );
            for scope in *scopes {
                assert!(class_of(Scope::new(scope).unwrap()).is_some(), "{scope}");
            }
        }
    }
}
