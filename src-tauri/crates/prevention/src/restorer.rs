//! The way back: real words in the place of placeholders, in a text that comes in pieces.

use std::sync::Arc;

use crate::{Kind, Replacements};

/// The most bytes that a placeholder has, however it is escaped and spaced.
const LONGEST: usize = 48;

/// Puts real words back in the place of placeholders. What comes out, put together, is the same
/// however what goes in is cut; no more is kept back than may be a placeholder's beginning.
///
/// Models change case, escape what Markdown would take for its own, or put a space for the
/// underscore: `[person_1]`, `\[PERSON\_1\]` and `[Person 1]` are restored too. A placeholder that
/// was never made stays as it is.
pub struct Restorer {
    replacements: Arc<Replacements>,
    waiting: String,
}

/// What begins at a place of a text.
enum Placeholder {
    /// None.
    None,
    /// Perhaps one, whose end has not come.
    Begun,
    /// One of so many bytes.
    Whole(usize, Kind, u32),
}

impl Restorer {
    /// For one text.
    pub fn new(replacements: Arc<Replacements>) -> Self {
        Self { replacements, waiting: String::new() }
    }

    /// Takes more of the text, and gives what of it is certain.
    pub fn push(&mut self, more: &str) -> String {
        if self.replacements.entries().is_empty() {
            return more.to_owned();
        }
        self.waiting.push_str(more);
        self.take(false)
    }

    /// Gives what was kept back: the text has ended.
    pub fn finish(&mut self) -> String {
        self.take(true)
    }

    fn take(&mut self, ended: bool) -> String {
        let mut restored = String::with_capacity(self.waiting.len());
        let mut from = 0;
        let text = self.waiting.as_str();
        while let Some(offset) = text[from..].find(['[', '\\']) {
            let at = from + offset;
            restored.push_str(&text[from..at]);
            match placeholder(&text[at..]) {
                Placeholder::Begun if !ended => {
                    let rest = text[at..].to_owned();
                    self.waiting = rest;
                    return restored;
                }
                Placeholder::Whole(length, kind, number) => {
                    let whole = &text[at..at + length];
                    restored.push_str(self.replacements.words(kind, number).unwrap_or(whole));
                    from = at + length;
                }
                Placeholder::Begun | Placeholder::None => {
                    restored.push_str(&text[at..=at]);
                    from = at + 1;
                }
            }
        }
        restored.push_str(&text[from..]);
        self.waiting.clear();
        restored
    }
}

/// Reads the beginning of a text as a placeholder.
fn placeholder(text: &str) -> Placeholder {
    let bytes = text.as_bytes();
    let mut at = 0;
    // What may stand at a place, and where it ends; nothing where the text ends first.
    let escaped = |at: usize, signs: &[u8]| -> Option<Option<usize>> {
        let at = at + usize::from(bytes.get(at) == Some(&b'\\'));
        let byte = bytes.get(at)?;
        Some(signs.contains(byte).then_some(at + 1))
    };
    macro_rules! step {
        ($step:expr) => {
            match $step {
                None if bytes.len() < LONGEST => return Placeholder::Begun,
                None | Some(None) => return Placeholder::None,
                Some(Some(next)) => at = next,
            }
        };
    }
    step!(escaped(at, b"["));
    let start = at;
    let name = bytes[at..]
        .iter()
        .take_while(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'\\' | b' ' | b'-'))
        .count();
    let label = &text[start..start + name];
    let label: String = label
        .chars()
        .filter(|c| *c != '\\')
        .map(|c| if c.is_ascii_alphabetic() { c.to_ascii_uppercase() } else { '_' })
        .collect();
    let known = |label: &str| Kind::of_label(label);
    if start + name == bytes.len() {
        let begun = Kind::all().any(|kind| {
            let whole = format!("{}_", kind.label());
            whole.starts_with(&label)
        });
        return if begun && bytes.len() < LONGEST { Placeholder::Begun } else { Placeholder::None };
    }
    let Some(kind) = label.strip_suffix('_').and_then(known) else { return Placeholder::None };
    at = start + name;
    let digits = bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    let Some(number) = Some(&text[at..at + digits]).filter(|d| (1..=9).contains(&d.len())) else {
        return Placeholder::None;
    };
    at += digits;
    step!(escaped(at, b"]"));
    number.parse().map_or(Placeholder::None, |number| Placeholder::Whole(at, kind, number))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn replacements() -> Arc<Replacements> {
        let mut replacements = Replacements::default();
        for name in ["Jeanne Moreau", "Élie [Roux]"] {
            replacements.placeholder(Kind::Name, name, |_| false);
        }
        replacements.placeholder(Kind::DrivingLicence, "13AA00002", |_| false);
        replacements.placeholder(Kind::PrivateKey, "-----BEGIN", |_| false);
        Arc::new(replacements)
    }

    fn restored<'a>(pieces: impl IntoIterator<Item = &'a str>) -> String {
        let mut restorer = Restorer::new(replacements());
        let mut text: String = pieces.into_iter().map(|piece| restorer.push(piece)).collect();
        text.push_str(&restorer.finish());
        text
    }

    #[test]
    fn placeholders_are_restored_as_models_write_them() {
        for (written, real) in [
            ("Dear [PERSON_1],", "Dear Jeanne Moreau,"),
            ("[person_1]/[Person_2]", "Jeanne Moreau/Élie [Roux]"),
            (r"\[PERSON\_1\] and \[PERSON_1]", "Jeanne Moreau and Jeanne Moreau"),
            ("[PERSON 1] [PERSON-1]", "Jeanne Moreau Jeanne Moreau"),
            ("[[PERSON_1]]", "[Jeanne Moreau]"),
            (
                "**[LICENCE_1]** [PRIVATE_KEY_1] [PRIVATE KEY 1]",
                "**13AA00002** -----BEGIN -----BEGIN",
            ),
            (
                "[PERSON_9] [PERSON_] [NOBODY_1] [PERSON_1",
                "[PERSON_9] [PERSON_] [NOBODY_1] [PERSON_1",
            ),
            (r"\frac{1}{2} \[x\] C:\[P", r"\frac{1}{2} \[x\] C:\[P"),
        ] {
            assert_eq!(restored([written]), real);
        }
    }

    #[test]
    fn nothing_is_kept_back_that_cannot_be_a_placeholder() {
        let mut restorer = Restorer::new(replacements());
        assert_eq!(restorer.push("a [link"), "a [link");
        assert_eq!(restorer.push(" [pers"), " ");
        assert_eq!(restorer.push("uade"), "[persuade");
    }

    proptest! {
        #[test]
        fn how_a_text_is_cut_changes_nothing(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    "[PERSON_1]", r"\[PERSON\_2\]", "[person_", "1]", "[", "\\", "]", "é", "[LICENCE_1]",
                    "[PRIVATE_", "KEY_1]", " [PER", "SON 1]", "_", "12", "text", "[PERSON_1",
                ]),
                0..24,
            ),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..24),
        ) {
            let text = parts.concat();
            let mut places: Vec<_> = cuts
                .iter()
                .map(|cut| text.floor_char_boundary(cut.index(text.len() + 1)))
                .chain([0, text.len()])
                .collect();
            places.sort_unstable();
            let pieces = places.windows(2).map(|pair| &text[pair[0]..pair[1]]);
            prop_assert_eq!(restored(pieces), restored([text.as_str()]));
        }
    }
}
