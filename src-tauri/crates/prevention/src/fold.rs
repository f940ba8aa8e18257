//! Text without case, accents and what stands between words, and the way back to its bytes.

use std::ops::Range;

/// A text folded, with the place in the text of each of its bytes.
pub(crate) struct Folded {
    pub text: String,
    /// For each byte of the folded text where its character lies in the text; one more for the end.
    places: Vec<u32>,
    end: usize,
}

impl Folded {
    /// Folds a text. Beyond 4 GiB, which no text has, places are those of the end.
    pub fn new(text: &str) -> Self {
        let mut folded = String::with_capacity(text.len());
        let mut places = Vec::with_capacity(text.len() + 1);
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        for (at, c) in text.char_indices() {
            let before = folded.len();
            if is_between(c) {
                if !folded.ends_with(' ') {
                    folded.push(' ');
                }
            } else if c.is_ascii() {
                folded.push(c.to_ascii_lowercase());
            } else if !matches!(c, '\u{300}'..='\u{36f}') {
                let mut buffer = [0; 4];
                folded.push_str(&words::folded(c.encode_utf8(&mut buffer)));
            }
            places.extend(std::iter::repeat_n(place(at), folded.len() - before));
        }
        Self { text: folded, places, end: text.len() }
    }

    /// The bytes of the text that a range of the folded one stands for, if words end on both its
    /// sides.
    pub fn whole_words(&self, text: &str, range: Range<usize>) -> Option<Range<usize>> {
        let bounded = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        let (before, rest) = (self.text.get(..range.start)?, self.text.get(range.end..)?);
        let found = bounded(before.chars().next_back()) && bounded(rest.chars().next());
        found.then(|| {
            let start = self.places.get(range.start).map_or(self.end, |at| *at as usize);
            let last =
                self.places.get(range.end.saturating_sub(1)).map_or(self.end, |at| *at as usize);
            let mut end =
                last + text.get(last..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8);
            // Accents that are written as characters of their own belong to what they stand on.
            while let Some(c @ '\u{300}'..='\u{36f}') =
                text.get(end..).and_then(|t| t.chars().next())
            {
                end += c.len_utf8();
            }
            start..end
        })
    }
}

/// The folded form of an entry of a list.
pub(crate) fn folded(text: &str) -> String {
    Folded::new(text).text.trim().to_owned()
}

/// What words are set apart by, however many of it there are.
fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\'' | '’' | '\u{2010}' | '\u{2011}' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lead_back_to_the_text() {
        let text = "Mme  ÉLÉONORE\u{a0}d’Août-Bé !";
        let folded = Folded::new(text);
        assert_eq!(folded.text, "mme eleonore d aout be !");
        let at = folded.text.find("eleonore d aout be").unwrap();
        let range = folded.whole_words(text, at..at + "eleonore d aout be".len()).unwrap();
        assert_eq!(&text[range], "ÉLÉONORE\u{a0}d’Août-Bé");
        assert!(folded.whole_words(text, at..at + 3).is_none(), "not a whole word");
        let parts = "re\u{301}sume\u{301}.";
        let folded = Folded::new(parts);
        assert_eq!(folded.text, "resume.");
        assert_eq!(&parts[folded.whole_words(parts, 0..6).unwrap()], "re\u{301}sume\u{301}");
    }
}
