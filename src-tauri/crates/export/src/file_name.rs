//! What a conversation's file is called.

use std::collections::HashSet;

use conversation::PortableConversation;

use crate::branch::title;
use crate::{Format, Words};

/// Characters and bytes of a name before its extension, at most. Systems allow 255 bytes.
const LONGEST: usize = 80;
const MOST_BYTES: usize = 200;
/// Names that Windows keeps for devices, whatever their extension and case.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// Gives the names of the files of one folder or archive, no two of which are alike.
#[derive(Debug, Default)]
pub struct FileNames {
    /// In lower case, since most systems do not tell case apart.
    given: HashSet<String>,
}

impl FileNames {
    /// A name for the file of this conversation, after its title, that Windows, macOS and Linux
    /// allow and that was not given yet.
    pub fn next(
        &mut self,
        conversation: &PortableConversation,
        format: Format,
        words: &Words,
    ) -> String {
        let stem = stem(title(conversation, words));
        let extension = format.extension();
        let mut name = format!("{stem}.{extension}");
        let mut count = 1_u32;
        while !self.given.insert(name.to_lowercase()) {
            count += 1;
            name = format!("{stem} ({count}).{extension}");
        }
        name
    }
}

fn stem(title: &str) -> String {
    let plain: String = title.chars().map(|c| if is_forbidden(c) { ' ' } else { c }).collect();
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut stem: String = words.chars().take(LONGEST).collect();
    stem.truncate(stem.floor_char_boundary(MOST_BYTES));
    // No system likes a name that begins or ends with a dot.
    let stem = stem.trim_matches([' ', '.']);
    if stem.is_empty() {
        return "Bureau".into();
    }
    if is_device(stem) { format!("{stem} _") } else { stem.to_owned() }
}

/// What some system does not allow in a file's name, or what is not seen in it and could make an
/// extension look like another.
fn is_forbidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*')
        || matches!(character, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(character, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{ffff}')
}

fn is_device(stem: &str) -> bool {
    let name = stem.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let numbered = |port| {
        let number = name.strip_prefix(port);
        number
            .is_some_and(|n| matches!(n, "¹" | "²" | "³") || matches!(n.as_bytes(), [b'0'..=b'9']))
    };
    DEVICES.contains(&name.as_str()) || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_one_that_every_system_allows() {
        assert_eq!(stem("Offers: 2024/25 <final>?"), "Offers 2024 25 final");
        assert_eq!(stem(".."), "Bureau");
        assert_eq!(stem("aux.txt"), "aux.txt _");
        assert_eq!(stem("Com3"), "Com3 _");
        assert_eq!(stem("Constance"), "Constance");
        assert_eq!(stem("invoice\u{202e}fdp.exe"), "invoice fdp.exe");
        assert_eq!(stem(&"é".repeat(200)), "é".repeat(80));
    }

    proptest! {
        #[test]
        fn no_title_makes_a_forbidden_name(title in "\\PC{0,120}|[\\x00-\\x7f.<>:\"/|?* \u{202e}]{0,20}|(con|nul|lpt1)[. ]?") {
            let stem = stem(&title);
            prop_assert!(!stem.is_empty() && stem.len() <= MOST_BYTES + 2);
            prop_assert!(!stem.contains(is_forbidden) && !is_device(&stem));
            prop_assert!(!stem.starts_with(['.', ' ']) && !stem.ends_with(['.', ' ']));
        }
    }
}
