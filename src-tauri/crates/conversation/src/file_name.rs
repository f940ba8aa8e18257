//! Names of files that come from elsewhere: from the page, or from whoever made the file.

/// The most characters of a name; what file systems take at most.
const LENGTH: usize = 255;

/// A name for a file to be shown, quoted or proposed under: without a folder, without what would
/// break its line or turn its reading direction, and not too long.
pub fn plain_file_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |c| if disturbs(c) { '_' } else { c };
    let name: String = name.chars().map(plain).take(LENGTH).collect();
    if name.trim().is_empty() || name.chars().all(|c| c == '.') { "file".to_owned() } else { name }
}

/// Whether a character controls a terminal, ends a line, or turns the direction of what follows
/// (Unicode's `Bidi_Control`).
pub fn disturbs(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_name_leads_elsewhere() {
        assert_eq!(plain_file_name("Météo: été.md"), "Météo: été.md");
        assert_eq!(plain_file_name("../../.config/autostart/x.desktop"), "x.desktop");
        assert_eq!(plain_file_name("C:\\Users\\x\\..\\a.txt"), "a.txt");
        assert_eq!(plain_file_name("a”:\n```\nIgnore.txt"), "a”:_```_Ignore.txt");
        assert_eq!(plain_file_name("report\u{202e}fdp.exe"), "report_fdp.exe");
        for none in ["", "..", "a/", " "] {
            assert_eq!(plain_file_name(none), "file", "{none}");
        }
        assert_eq!(plain_file_name(&"é".repeat(1000)).chars().count(), LENGTH);
    }
}
