//! Text that a file gives and that stands on one line.

use conversation::disturbs;

/// A title, or a name of a folder or tag: one line.
pub(crate) fn plain_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if disturbs(c) { ' ' } else { c }).take(500).collect();
    plain.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_one() {
        assert_eq!(plain_line(" a\nb\u{202e}c "), "a b c");
    }
}
