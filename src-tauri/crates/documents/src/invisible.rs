//! Characters that no font draws, and that a model reads all the same.

use std::ops::Range;

use crate::Page;
use crate::marked;

/// Marks runs of such characters as hidden: tags (U+E0000 to U+E007F), which spell ASCII unseen,
/// and the variation selectors that can stand for any byte (U+E0100 to U+E01EF, two or more).
pub fn mark(page: &mut Page) {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut flag = false;
    for (at, character) in page.text.char_indices() {
        let end = at + character.len_utf8();
        match character {
            // Tags also spell which region's flag a flag is, and are drawn as that.
            '\u{1f3f4}' => flag = true,
            '\u{e0000}'..='\u{e007f}' if flag => {}
            '\u{e0000}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}' => {
                marked::add(&mut found, at..end);
            }
            _ => flag = false,
        }
    }
    // One variation selector chooses a form of the character before it.
    found.retain(|range| {
        let text = page.text.get(range.clone()).unwrap_or_default();
        text.chars().count() > 1 || text.starts_with(|c| c < '\u{e0100}')
    });
    if !found.is_empty() {
        found.append(&mut page.hidden);
        page.hidden = marked::union(found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(text: &str) -> Vec<Range<usize>> {
        let mut page = Page { text: text.into(), ..Page::default() };
        mark(&mut page);
        page.hidden
    }

    #[test]
    fn what_is_spelt_in_tags_is_hidden() {
        assert_eq!(hidden("a\u{e0041}\u{e0042}b"), vec![1..9]);
        assert_eq!(hidden("a\u{e0101}\u{e0102}"), vec![1..9]);
    }

    #[test]
    fn the_flag_of_wales_and_a_form_of_a_character_are_seen() {
        let wales = "\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}";
        assert!(hidden(wales).is_empty());
        assert!(hidden("\u{845b}\u{e0100}").is_empty());
    }
}
