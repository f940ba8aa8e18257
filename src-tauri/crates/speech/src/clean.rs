//! What of a sentence goes to a voice: one line, with nothing in it that its program could take for
//! something else than text.

/// The most characters of one sentence.
pub const MAX_SENTENCE: usize = 10_000;

/// The sentence as one line; empty where there is nothing in it to be said.
pub(crate) fn line_of(sentence: &str) -> String {
    let visible = |word: &str| word.chars().filter(|c| !c.is_control()).collect::<String>();
    let words: Vec<_> = sentence.split_whitespace().map(visible).collect();
    // Twice, they would be a command to macOS' `say`; nobody hears them.
    let words = words.join(" ").replace(['[', ']'], " ");
    let line: String = words.chars().take(MAX_SENTENCE).collect();
    if line.chars().any(char::is_alphanumeric) { line } else { String::new() }
}

/// Whether this is a language as ISO 639 writes it, and nothing that a program would do.
pub(crate) fn is_language(language: &str) -> bool {
    (2..=3).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_one_line_without_what_only_machines_read() {
        assert_eq!(line_of(" One\r\n.\r\nQUIT\t\u{7}two\u{0}. "), "One . QUIT two.");
        assert_eq!(line_of("a[[slnc 9]]b [1]"), "a  slnc 9  b  1 ");
        assert_eq!(line_of("Zwölf\u{2028}Prozent"), "Zwölf Prozent");
        assert_eq!(line_of(" … — ***\n"), "", "nothing of it is said");
        assert_eq!(line_of(&"a ".repeat(MAX_SENTENCE)).chars().count(), MAX_SENTENCE);
    }

    #[test]
    fn a_language_is_its_letters() {
        assert!(is_language("fr") && is_language("gsw"));
        for other in ["", "f", "FR", "fr-FR", "fr\r\nQUIT", "'; x", "français"] {
            assert!(!is_language(other), "{other}");
        }
    }
}
