//! How a text differs from its rewriting, word by word, and a file from its new version, line by
//! line: so that each change can be accepted or rejected by itself.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use similar::{ChangeTag, DiffOp, TextDiff};

/// Texts with little in common take the square of their length to be told apart: what is not found
/// in this time counts as changed.
const PATIENCE: Duration = Duration::from_secs(1);

/// A piece of a text beside what stands in its place in the rewriting: the same where nothing has
/// changed, empty where something was put in or left out.
///
/// All pieces' `before` one after the other are the text; all `after` are the rewriting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Piece {
    /// What the text says.
    pub before: String,
    /// What the rewriting says.
    pub after: String,
}

impl Piece {
    /// Whether the rewriting says something else.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.before != self.after
    }
}

/// Words of a text that differ from those of its rewriting.
#[must_use]
pub fn revise(before: &str, after: &str) -> Vec<Piece> {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_unicode_words(before, after);
    let mut pieces: Vec<Piece> = Vec::new();
    for change in diff.iter_all_changes() {
        let text = change.value();
        let kept = change.tag() == ChangeTag::Equal;
        match pieces.last_mut() {
            Some(last) if last.is_change() != kept => match change.tag() {
                ChangeTag::Equal => {
                    last.before.push_str(text);
                    last.after.push_str(text);
                }
                ChangeTag::Delete => last.before.push_str(text),
                ChangeTag::Insert => last.after.push_str(text),
            },
            _ => {
                let or_none = |shown: bool| if shown { text.to_owned() } else { String::new() };
                pieces.push(Piece {
                    before: or_none(change.tag() != ChangeTag::Insert),
                    after: or_none(change.tag() != ChangeTag::Delete),
                });
            }
        }
    }
    joined(pieces).into_iter().flat_map(word_by_word).collect()
}

/// A change of as many words as it has afterwards, each much as it was, is one for each of them: whoever
/// takes one spelling need not take its neighbour's.
fn word_by_word(piece: Piece) -> Vec<Piece> {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let (before, after) = (words(&piece.before), words(&piece.after));
    let alike = |(before, after): (&String, &String)| {
        before != after && TextDiff::from_chars(before, after).ratio() >= 0.5
    };
    if before.len() < 2 || before.len() != after.len() || !before.iter().zip(&after).all(alike) {
        return vec![piece];
    }
    let gap = Piece { before: " ".to_owned(), after: " ".to_owned() };
    let changes = before.into_iter().zip(after).map(|(before, after)| Piece { before, after });
    let apart = changes.flat_map(|change| [gap.clone(), change]);
    apart.skip(1).collect()
}

/// Joins changes with nothing but a space between them: a phrase that was put otherwise is one
/// change, not one for each of its words.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let gap = matches!(&all[..], [.., change, gap]
            if piece.is_change() && change.is_change() && !gap.is_change()
                && gap.before.chars().all(|c| c.is_whitespace() && c != '\n'));
        if gap && let (Some(gap), Some(change)) = (all.pop(), all.last_mut()) {
            change.before.extend([gap.before, piece.before]);
            change.after.extend([gap.after, piece.after]);
            continue;
        }
        match all.last_mut() {
            // What was joined may lie beside another change.
            Some(last) if last.is_change() && piece.is_change() => {
                last.before.push_str(&piece.before);
                last.after.push_str(&piece.after);
            }
            _ => all.push(piece),
        }
    }
    all
}

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum LineChange {
    /// Nothing.
    Same,
    /// It is taken away.
    Removed,
    /// It is new.
    Added,
}

/// A line of a difference between two versions of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct DiffLine {
    /// What became of it.
    pub change: LineChange,
    /// Its number in the version before, from 1; none for a new line.
    pub before: Option<u32>,
    /// Its number in the version after, from 1; none for a line that is taken away.
    pub after: Option<u32>,
    /// Its text, without its end.
    pub text: String,
}

/// Lines around a change that are shown with it.
const CONTEXT: usize = 3;

/// The places where two versions of a file differ, each with the lines around it.
#[must_use]
pub fn line_changes(before: &str, after: &str) -> Vec<Vec<DiffLine>> {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(before, after);
    let place = |group: &[DiffOp]| {
        let changes = group.iter().flat_map(|op| diff.iter_changes(op));
        changes.map(|change| line(&change)).collect::<Vec<_>>()
    };
    diff.grouped_ops(CONTEXT).iter().map(|group| place(group)).collect()
}

fn line(change: &similar::Change<&str>) -> DiffLine {
    let number = |index: Option<usize>| index.and_then(|at| u32::try_from(at + 1).ok());
    DiffLine {
        change: match change.tag() {
            ChangeTag::Equal => LineChange::Same,
            ChangeTag::Delete => LineChange::Removed,
            ChangeTag::Insert => LineChange::Added,
        },
        before: number(change.old_index()),
        after: number(change.new_index()),
        text: change.value().trim_end_matches(['\n', '\r']).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn changes(before: &str, after: &str) -> Vec<(String, String)> {
        let pieces = revise(before, after).into_iter().filter(Piece::is_change);
        pieces.map(|piece| (piece.before, piece.after)).collect()
    }

    #[test]
    fn words_are_changed_one_by_one_and_phrases_as_one() {
        let is = |before: &str, after: &str| (before.to_owned(), after.to_owned());
        assert_eq!(
            changes("Il on mangé la pome.", "Ils ont mangé la pomme."),
            [is("Il", "Ils"), is("on", "ont"), is("pome", "pomme")]
        );
        assert_eq!(
            changes("He put it off.", "He delayed the meeting."),
            [is("put it off", "delayed the meeting")]
        );
        assert_eq!(changes("a b c", "a b c"), []);
        assert_eq!(changes("", "new"), [is("", "new")]);
        assert_eq!(changes("One.\nTwo.", "Un.\nDeux.").len(), 2);
    }

    #[test]
    fn lines_are_told_with_their_numbers_and_surroundings() {
        let before: String = (1..=20).map(|n| format!("{n}\n")).collect();
        let after = before.replace("10\n", "ten\nand more\n");
        let places = line_changes(&before, &after);
        assert_eq!(places.len(), 1);
        let shown: Vec<_> =
            places[0].iter().map(|line| (line.before, line.after, line.text.as_str())).collect();
        assert_eq!(shown[0], (Some(7), Some(7), "7"));
        assert_eq!(
            shown[3..6],
            [(Some(10), None, "10"), (None, Some(10), "ten"), (None, Some(11), "and more")]
        );
        assert_eq!(shown.last(), Some(&(Some(13), Some(14), "13")));
    }

    #[test]
    fn long_texts_with_nothing_in_common_are_told_apart_in_time() {
        let lines = |word: &str| (0..200_000).map(|n| format!("{word}{n}\n")).collect::<String>();
        let begun = std::time::Instant::now();
        let places = line_changes(&lines("a"), &lines("b"));
        assert_eq!(places.iter().flatten().count(), 400_000);
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    }

    proptest! {
        #[test]
        fn nothing_is_lost_whatever_is_accepted(
            before in "[a-cé \n.,]{0,60}", after in "[a-cé \n.,]{0,60}"
        ) {
            let pieces = revise(&before, &after);
            let all = |of: fn(&Piece) -> &str| pieces.iter().map(of).collect::<String>();
            prop_assert_eq!(all(|piece| &piece.before), before);
            prop_assert_eq!(all(|piece| &piece.after), after);
            prop_assert!(pieces.windows(2).all(|pair| !(pair[0].is_change() && pair[1].is_change())));
        }
    }
}
